import Activations
import Execution
import Foundation
import LinearAlgebra
import Probability
import Testing

@testable import KernelSpectra

@Suite struct SpectrumTests {
  private static func spectrum(
    _ name: String, _ rows: SampleRows, _ part: KernelSetting.TrainedPart = .input, bias: KernelSetting.Bias = .none
  ) throws -> GramSpectrum {
    let setting = KernelSetting(activation: try Activation(named: name), trained: part, bias: bias)
    var gram = try GramComputation(setting).run(on: rows)
    return try GramSpectrum(&gram).refined(setting, rows: rows)
  }

  /// The smallest eigenvalues of the three kernels on the 24 angles, from computations with sixty digits.
  @Test(arguments: [
    ("relu", 0.00032972738569753958738, 2.7243687030193928958e-8, 0.00032976531376122233695),
    ("relu2", 1.1042751826382135505e-7, 5.0396214402971689264e-10, 1.1100276785948965039e-7),
    ("elu", 2.7450342775370104862e-8, 1.241218849511771144e-10, 2.7592072105749433452e-8),
    ("tanh", 7.2486288463096506364e-15, 1.3051164453262953032e-16, 7.3804842159058574739e-15),
    ("gelu", 2.5860971118981092764e-18, 9.4223621768411127132e-20, 2.6805350959102004804e-18),
    ("silu", 1.3637903686585145656e-19, 4.5394056379183200369e-21, 1.4093257612123526219e-19),
    ("softplus", 8.282929369049988401e-22, 2.8534843573465833421e-23, 8.5690904005546882461e-22),
    ("sin", 3.851868745657311768e-36, 1.6722220746623646824e-37, 4.0191127600017833681e-36),
  ])
  func tinyEigenvalues(_ name: String, _ input: Double, _ output: Double, _ both: Double) throws {
    let rows = try SampleRows(SyntheticSet.arc.matrix, normalised: true)
    for (part, expected) in [(KernelSetting.TrainedPart.input, input), (.output, output), (.both, both)] {
      let smallest = try Self.spectrum(name, rows, part).smallest
      #expect(smallest.lower <= expected * (1 + 1e-12) && expected * (1 - 1e-12) <= smallest.upper, "\(part)")
      #expect(smallest.upper - smallest.lower < 0.05 * expected, "\(part): \(smallest)")
    }
  }

  @Test func polynomialsHaveExactZeros() throws {
    let rows = try SampleRows(SyntheticSet.arc.matrix, normalised: true)
    for (name, rank) in [("square", 3), ("cube", 4)] {
      let spectrum = try Self.spectrum(name, rows)
      #expect(spectrum.eigenvalues.count { $0.upper < 1e-80 } == 24 - rank)
    }
    // x² on S⁴ has rank 15.
    let sphere = try SampleRows(SyntheticSet.sphere(count: 20, dimension: 5, seed: 3).matrix, normalised: true)
    #expect(try Self.spectrum("square", sphere).eigenvalues.count { $0.upper < 1e-80 } == 5)
  }

  @Test func oppositeRowsAreSingularWithoutABias() throws {
    let rows = try SampleRows(SyntheticSet.circle(count: 50).matrix, normalised: true)
    #expect(DataDiagnosis(rows).antipodeCount == 25)
    #expect(try Self.spectrum("relu", rows).smallest.upper < 1e-11)
    #expect(abs(try Self.spectrum("relu", rows, bias: .zero).smallest.value - 0.0200) < 5e-5)
    #expect(abs(try Self.spectrum("relu", rows, bias: .random(1)).smallest.value - 0.01417) < 5e-6)
  }

  @Test func endsHoldAgainstMoreDigits() throws {
    let seed: UInt64 = 9
    let rows = try SampleRows(SyntheticSet.sphere(count: 30, dimension: 4, seed: seed).matrix, normalised: true)
    for name in ["tanh", "gelu", "sigmoid"] {
      for part in KernelSetting.TrainedPart.allCases {
        let setting = KernelSetting(
          activation: try Activation(named: name), trained: part, weightVariance: 1.3, bias: .random(0.2),
          isRescaled: name == "gelu")
        var gram = try GramComputation(setting).run(on: rows)
        let plain = try GramSpectrum(&gram)
        let precise = try #require(PreciseSpectrum(setting, rows: rows, shouldStop: { false }))
        for (a, b) in zip(plain.eigenvalues, precise.eigenvalues) {
          #expect(a.lower <= b.upper && b.lower <= a.upper, "\(name) \(part), seed \(seed)")
          #expect(b.upper - b.lower <= 1e-12 * b.upper + 1e-40, "\(name) \(part)")
        }
      }
    }
  }

  @Test func threadsChangeNothing() throws {
    let rows = try SampleRows(SyntheticSet.sphere(count: 130, dimension: 7, seed: 2).matrix, normalised: true)
    let setting = KernelSetting(activation: try Activation(named: "silu"), trained: .both, depth: 3)
    var computation = GramComputation(setting)
    computation.threads = 1
    let one = try computation.run(on: rows).matrix
    computation.threads = 4
    #expect(try computation.run(on: rows).matrix == one)
    #expect(one == one.transposed)
  }

  @Test func certificateOfLAPACK() throws {
    var source = RandomSource(seed: 4)
    var matrix = Matrix(rows: 60, columns: 60)
    for i in 0..<60 {
      for j in 0...i {
        matrix[i, j] = source.normal()
        matrix[j, i] = matrix[i, j]
      }
    }
    let before = matrix
    let certified = try CertifiedEigen(&matrix)
    #expect(matrix == before)
    #expect(certified.error < 1e-10)
    // Diagonal matrices have known eigenvalues.
    var diagonal = Matrix(rows: 40, columns: 40)
    for i in 0..<40 { diagonal[i, i] = Double(i * i) }
    let known = try CertifiedEigen(&diagonal)
    for i in 0..<40 { #expect(abs(known.eigen.values[i] - Double(i * i)) <= known.error) }
  }

  @Test func unequalLengths() throws {
    // Rows of length 2 in the way for unequal ones agree with the table's.
    let base = SyntheticSet.sphere(count: 9, dimension: 3, seed: 5).matrix
    let scaled = Matrix(rows: 9, columns: 3, elements: base.elements.map { 2 * $0 })
    for name in ["relu", "tanh", "elu", "hard-tanh"] {
      for depth in [1, 2] {
        let setting = KernelSetting(
          activation: try Activation(named: name), trained: .both, depth: depth, weightVariance: 0.7, bias: .random(0.3)
        )
        let rows = try SampleRows(scaled, normalised: false)
        let direct = try UnequalGram(setting, rows: rows, threads: 2).run(cancellation: Cancellation())
        let layers = try KernelLayers(setting, squaredLength: 4)
        for i in 0..<9 {
          for j in 0..<i {
            #expect(abs(direct.matrix[i, j] - layers.value(angle: rows.angle(i, j))) < 1e-11, "\(name), \(depth)")
          }
        }
      }
    }
  }

  @Test func lanczosFindsTheEnds() throws {
    let rows = try SampleRows(SyntheticSet.sphere(count: 120, dimension: 8, seed: 6).matrix, normalised: true)
    let setting = KernelSetting(activation: try Activation(named: "relu"), trained: .both)
    var gram = try GramComputation(setting).run(on: rows)
    let spectrum = try GramSpectrum(&gram)
    let lanczos = try LanczosSpectrum(setting, rows: rows, steps: 50)
    let top = try #require(lanczos.values.last)
    #expect(abs(top.value - spectrum.largest.value) <= top.residual + 1e-10)
    #expect((lanczos.values.first?.value ?? 0) >= spectrum.smallest.lower)
    #expect(abs(lanczos.trace - spectrum.eigenvalues.reduce(0) { $0 + $1.value }) < 1e-9)
  }

  @Test func refusals() throws {
    func refused(_ rows: [[Double]]) -> String {
      do { _ = try SampleRows(Matrix(rows), normalised: true) } catch { return "\(error)" }
      return ""
    }
    #expect(refused([[1, 2], [0, 0]]).contains("row 2 is zero"))
    #expect(refused([[1, .nan]]).contains("row 1"))
    #expect(refused([[1, 2], [.infinity, 0]]).contains("row 2"))
    let rows = try SampleRows(Matrix([[1e300, 1e300], [1e-300, 2e-300]]), normalised: true)
    #expect(abs(rows.angle(0, 1) - (atan2(2, 1) - .pi / 4)) < 1e-15)
    #expect(throws: SpectrumError.self) {
      try GramComputation(KernelSetting(activation: Activation(named: "step"))).run(on: rows)
    }
    #expect(throws: SpectrumError.self) {
      try GramComputation(KernelSetting(activation: Activation(named: "relu"), depth: 0)).run(on: rows)
    }
    #expect(throws: SpectrumError.self) { try MemoryLimit.check(count: 10_000_000, matrices: 2) }
    // Duplicates are reported, and the kernel is singular.
    let twins = try SampleRows(Matrix([[1, 0], [0, 1], [2, 0]]), normalised: true)
    #expect(DataDiagnosis(twins).duplicates == [DataDiagnosis.Pair(first: 0, second: 2)])
  }
}

@Suite struct DepthTests {
  @Test func mapsOfCosines() throws {
    let sine = try DepthMap(Activation(named: "sin"), centred: false).cosines(distance: 1e-3, layers: 25)
    for (layer, expected) in [0.9999993434824823, 0.9999941996422777, 0.9999487561269395, 0.9995474765770404]
      .enumerated()
    {
      #expect(abs(sine[8 * layer] - expected) < 1e-12)
    }
    let elu = try DepthMap(Activation(named: "elu"), centred: true)
    #expect(abs(elu.cosines(distance: 1e-2, layers: 9)[8] - 0.9999008761917287) < 1e-12)
    #expect(abs(elu.slopeAtOne - 1.0790134554797655) < 1e-12)
    #expect(abs(try DepthMap(Activation(named: "gelu"), centred: false).fixedPoint - 0.7604019) < 1e-6)
    // A few layers below ln(2/δ²)/ln χ + ln(2n)/ln(1/a₁²), which gives 69 and 97 for ten inputs.
    let tanh = try DepthMap(Activation(named: "tanh"), centred: false)
    let layers = [0.1, 0.01].compactMap { tanh.layersUntilDominant(distance: $0, count: 10) }
    #expect(layers.count == 2 && (63...69).contains(layers[0]) && (91...97).contains(layers[1]), "\(layers)")
    let relu = try DepthMap(Activation(named: "relu"), centred: false)
    #expect(relu.layersUntilDominant(distance: 0.1, count: 10, limit: 2000) == nil)
  }

  @Test func deepKernels() throws {
    // Four layers of ELU with σ_w² = 1.25, σ_b² = 0.05 on S⁰ = T⁰ of variance 1 and covariance ½.
    let setting = KernelSetting(
      activation: try Activation(named: "elu"), trained: .both, depth: 4, weightVariance: 1.25, bias: .random(0.05))
    let layers = try KernelLayers(setting, squaredLength: 0.95 / 1.25)
    let angle = acos(0.45 / 0.95)
    #expect(abs(layers.value(angle: angle) - 1.4486941987807071025) < 1e-12)
    #expect(abs(layers.value(angle: 0) - 2.8298250491945196175) < 1e-12)
    let rescaled = try KernelLayers(
      KernelSetting(activation: Activation(named: "tanh"), trained: .output, depth: 3, isRescaled: true))
    #expect(rescaled.variances == [1, 1, 1])
    #expect(abs(rescaled.value(angle: 0) - 1) < 1e-14)
    #expect(abs(layers.outputVariance - 0.61873242509290437734) < 1e-12)
  }
}
