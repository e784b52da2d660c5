import Activations
import Execution
import Foundation
import KernelSpectra
import LinearAlgebra
import Probability

/// Everything that was computed.
struct SpectrumStudy {
  /// One activation at one depth on one set.
  struct Result {
    let setting: KernelSetting
    let variance: Double
    let entryError: Double
    let spectrum: GramSpectrum
    let bounds: EigenvalueBounds
    let decay: DecayFit?
    let prediction: RatePrediction
    let verdict: TrainingVerdict
    let sufficientWidth: Double?
    var widths: [WidthSample] = []
    var training: TrainingRun?
    var regression: KernelRegression?
    var predictions: [Double] = []
    /// Kept only to be written.
    var matrix: Matrix?
  }

  /// The ends of a spectrum without a matrix.
  struct Ends {
    let setting: KernelSetting
    let lanczos: LanczosSpectrum
  }

  struct SetStudy {
    let source: SpectrumRequest.Source
    let diagnosis: DataDiagnosis
    let warnings: [String]
    var results: [Result] = []
    var ends: [Ends] = []
  }

  let request: SpectrumRequest
  private(set) var sets: [SetStudy] = []
  private(set) var isComplete = true

  /// What is complete when somebody interrupts is kept.
  init(_ request: SpectrumRequest, cancellation: Cancellation, interrupt: Interrupt) throws {
    self.request = request
    let progress = SpectrumProgress(
      total: request.sources.count * request.activations.count * request.depths.count)
    for source in request.sources {
      if request.lanczos == nil { try Failure.asUsage { try MemoryLimit.check(count: source.rows.count, matrices: 2) } }
      let diagnosis = DataDiagnosis(source.rows)
      var study = SetStudy(
        source: source, diagnosis: diagnosis, warnings: Self.warnings(source, diagnosis, request))
      for activation in request.activations {
        for depth in request.depths where !cancellation.shouldStop {
          progress.show("\(activation.name) on \(source.name)")
          let setting = request.setting(activation, depth: depth)
          do {
            if let steps = request.lanczos {
              let lanczos = try LanczosSpectrum(
                setting, rows: source.rows, steps: steps, threads: request.threads, seed: request.seed,
                cancellation: cancellation)
              study.ends.append(Ends(setting: setting, lanczos: lanczos))
            } else {
              study.results.append(
                try Self.result(setting, source, diagnosis, request, cancellation: cancellation))
            }
            interrupt.keep()
          } catch {
            // Of an interrupted study what is complete is reported; what was under way is dropped.
            if cancellation.shouldStop { break }
            throw Failure.usage("\(activation.name) on \(source.name): \(error)")
          }
        }
      }
      sets.append(study)
    }
    progress.clear()
    if cancellation.shouldStop { isComplete = false }
  }

  private static func result(
    _ setting: KernelSetting, _ source: SpectrumRequest.Source, _ diagnosis: DataDiagnosis, _ request: SpectrumRequest,
    cancellation: Cancellation
  ) throws -> Result {
    var computation = GramComputation(setting)
    computation.threads = request.threads
    var gram = try computation.run(on: source.rows, cancellation: cancellation)
    let bounds = try EigenvalueBounds(setting, rows: source.rows, gram: gram, diagnosis: diagnosis)
    var spectrum = try GramSpectrum(&gram)
      .refined(setting, rows: source.rows, largestCount: request.precise, cancellation: cancellation)
    spectrum = spectrum.bounded(smallestAtMost: bounds.upper)
    let prediction = RatePrediction(
      spectrum, residual: source.labels.map { $0.map { -$0 } }, stepSize: request.stepSize)
    var result = Result(
      setting: setting, variance: setting.weightVariance * source.rows.squaredLengths[0] + request.biasVariance,
      entryError: gram.entryError, spectrum: spectrum, bounds: bounds,
      decay: DecayFit(
        descending: spectrum.eigenvalues.reversed().filter(\.isResolved).map(\.value), floor: 0),
      prediction: prediction,
      verdict: TrainingVerdict(
        setting, spectrum: spectrum, prediction: prediction, diagnosis: diagnosis, bounds: bounds,
        fraction: request.goal,
        budget: request.budget),
      sufficientWidth: WidthBound.sufficientWidth(setting, spectrum: spectrum, diagnosis: diagnosis))
    if let width = request.width, setting.depth == 1 {
      result.widths = try WidthSample.samples(
        setting, rows: source.rows, limit: gram, width: width,
        seeds: (0..<request.seeds).map { request.seed &+ UInt64($0) })
      if request.simulates { result.training = try train(setting, source, request, width, cancellation: cancellation) }
    }
    if let ridge = request.ridge, let labels = source.labels {
      let regression = try KernelRegression(
        setting, rows: source.rows, spectrum: spectrum, labels: labels, ridge: ridge)
      result.regression = regression
      if let others = request.prediction { result.predictions = try regression.predict(others) }
    }
    if request.out != nil { result.matrix = gram.matrix }
    return result
  }

  private static func train(
    _ setting: KernelSetting, _ source: SpectrumRequest.Source, _ request: SpectrumRequest, _ width: Int,
    cancellation: Cancellation
  ) throws -> TrainingRun {
    var random = RandomSource(seed: request.seed)
    let network = TwoLayerNetwork(
      setting, width: width, inputs: source.rows.dimension, startsAtZero: request.startsAtZero, source: &random)
    let labels = source.labels ?? (0..<source.rows.count).map { _ in random.next() & 1 == 0 ? 1 : -1 }
    return try TrainingRun(
      network, inputs: source.rows.isNormalised ? source.rows.directions : source.rows.original, labels: labels,
      trained: setting.trained, bias: setting.bias, stepSize: request.stepSize, recording: marks(request.steps),
      cancellation: cancellation)
  }

  /// 1, 2, 3, … and then about thirty in each power of ten.
  private static func marks(_ steps: Int) -> [Int] {
    var marks: Set<Int> = [0, steps]
    var x = 1.0
    while Int(x) < steps {
      marks.insert(Int(x))
      x = max(x + 1, x * 1.08)
    }
    return marks.sorted()
  }

  private static func warnings(
    _ source: SpectrumRequest.Source, _ diagnosis: DataDiagnosis, _ request: SpectrumRequest
  ) -> [String] {
    func list(_ pairs: [DataDiagnosis.Pair], _ count: Int) -> String {
      let shown = pairs.prefix(4).map { "\($0.first + 1) and \($0.second + 1)" }.joined(separator: ", ")
      return count > 4 ? "\(shown), and \(count - 4) more" : shown
    }
    var warnings: [String] = []
    if diagnosis.duplicateCount > 0 {
      var text = "rows of the same direction: \(list(diagnosis.duplicates, diagnosis.duplicateCount))"
      if let labels = source.labels, diagnosis.duplicates.contains(where: { labels[$0.first] != labels[$0.second] }) {
        text += "; some have different labels, which no function of the direction fits"
      }
      warnings.append(text)
    }
    if diagnosis.antipodeCount > 0 {
      warnings.append(
        "opposite rows: \(list(diagnosis.antipodes, diagnosis.antipodeCount)); without a bias many kernels are singular on "
          + "them (--bias zero)")
    }
    if diagnosis.duplicateCount + diagnosis.antipodeCount == 0, diagnosis.separation < 1e-3,
      let pair = diagnosis.closestPair
    {
      warnings.append(
        "rows \(pair.first + 1) and \(pair.second + 1) are nearly parallel, at distance "
          + NumberFormat.short(diagnosis.separation))
    }
    if !source.rows.isNormalised {
      let (least, most) = (source.rows.squaredLengths.min() ?? 1, source.rows.squaredLengths.max() ?? 1)
      if most > 100 * least {
        warnings.append(
          "the rows' lengths differ by a factor of \(NumberFormat.short((most / least).squareRoot())): long rows dominate the "
            + "kernel")
      }
      let q = request.weightVariance * least + request.biasVariance
      if q < 0.05 {
        warnings.append(
          "pre-activations have a variance of only \(NumberFormat.short(q)): smooth activations act linearly there; normalise "
            + "the rows or raise --weight-variance")
      }
      if request.weightVariance * most > 100 {
        warnings.append(
          "pre-activations have a variance of up to \(NumberFormat.short(request.weightVariance * most)): sigmoids saturate"
        )
      }
    }
    return warnings
  }
}

extension SpectrumRequest {
  var biasVariance: Double {
    switch bias {
    case .none, .zero: 0
    case .random(let variance), .frozen(let variance): variance
    }
  }
}

/// A line on a terminal that says what is being done.
private struct SpectrumProgress {
  let total: Int

  func show(_ text: String) { write("\r\u{1B}[K\(text) …") }

  func clear() { write("\r\u{1B}[K") }

  private func write(_ text: String) {
    guard total > 1, Terminal.errorIsTerminal else { return }
    FileHandle.standardError.write(Data(text.utf8))
  }
}
