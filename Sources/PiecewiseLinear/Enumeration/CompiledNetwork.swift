import Networks

/// A `UnitNetwork` laid out for enumeration: dense columns, scaled inputs, and what rounding can do at most.
///
/// On a cell on which all earlier units are decided, every form is one affine function of the inputs, written as `d`
/// coefficients: first the constant, then the kept inputs. Coefficient j of form r of a stage stands at `j · forms + r`.
///
/// The last stage is made of the outputs; it never splits a cell.
final class CompiledNetwork: @unchecked Sendable {
  // Immutable once made: the pointers are written in `init` only.

  struct Unit {
    /// The unit's first form in its stage, and how many it has.
    var form: Int
    var formCount: Int
    var isMaximum: Bool
    /// Slopes of a hinge; (1, 1) for a maximum.
    var below: Double
    var above: Double
    /// Whether the unit can divide a cell.
    var bends: Bool
    /// For each stage that reads the unit, the dense column of its weights.
    var targets: [(stage: Int, column: UnsafeMutablePointer<Double>)]
  }

  final class Stage {
    let units: [Unit]
    let forms: Int
    /// For each form, its unit.
    let unitOfForm: [Int]
    /// The forms' coefficients from inputs and constants alone, `d × forms`, and one row more: a bound on the error of each
    /// form's coefficients, summed over them.
    let base: UnsafeMutablePointer<Double>
    /// A bound on the relative error of a sum of as many terms as a form of this stage has.
    let sumError: Double
    /// For each form, the exact sparse reading of earlier units: (stage, unit, weight).
    let reads: [[(stage: Int, unit: Int, weight: Double)]]
    /// A bound on |computed − true| value of each form at a point of max-norm at most 1, its coordinates being exact, whatever
    /// the cell. The search keeps closer bounds for the cell that it is on.
    let valueError: UnsafeMutablePointer<Double>
    /// Stages that read this one.
    let targets: [Int]
    let maxima: [Int]

    init(
      units: [Unit], unitOfForm: [Int], base: UnsafeMutablePointer<Double>, sumError: Double,
      reads: [[(stage: Int, unit: Int, weight: Double)]], valueError: UnsafeMutablePointer<Double>
    ) {
      self.units = units
      self.forms = unitOfForm.count
      self.unitOfForm = unitOfForm
      self.base = base
      self.sumError = sumError
      self.reads = reads
      self.valueError = valueError
      targets = Set(units.flatMap { $0.targets.map(\.stage) }).sorted()
      maxima = units.indices.filter { units[$0].isMaximum && units[$0].bends }
    }

    deinit {
      base.deallocate()
      valueError.deallocate()
      for unit in units { for target in unit.targets { target.column.deallocate() } }
    }
  }

  let network: UnitNetwork
  /// The inputs that the cells live in, and for each the power of two by which its coordinate is divided.
  let inputs: [Int]
  let scales: [Double]
  /// The number of homogeneous coordinates, kept inputs + 1.
  let dimension: Int
  /// The hidden stages, and the outputs as the last one.
  let stages: [Stage]
  let hiddenStages: Int

  /// - Parameters:
  ///   - inputs: the inputs kept; the others are held at 0.
  ///   - scales: a power of two for each kept input.
  init(_ network: UnitNetwork, inputs: [Int], scales: [Double]) throws {
    self.network = network
    self.inputs = inputs
    self.scales = scales
    dimension = inputs.count + 1
    hiddenStages = network.stages.count
    let layout = Layout(network, inputs: inputs, scales: scales)
    stages = try layout.stages()
  }
}

extension CompiledNetwork {
  /// Builds the stages.
  private struct Layout {
    let network: UnitNetwork
    let scales: [Double]
    let dimension: Int
    /// For each input, its coefficient's place; nil where the input is held at 0.
    let place: [Int?]
    /// For each unit's value number, its stage and its index there.
    let home: [(stage: Int, unit: Int)]

    init(_ network: UnitNetwork, inputs: [Int], scales: [Double]) {
      self.network = network
      self.scales = scales
      dimension = inputs.count + 1
      var place: [Int?] = Array(repeating: nil, count: network.inputCount)
      for (position, input) in inputs.enumerated() { place[input] = position + 1 }
      self.place = place
      home = network.stages.enumerated().flatMap { stage, content in content.units.indices.map { (stage, $0) } }
    }

    /// Sizes of what a value can be at a point of max-norm 1: of the true coefficients' sum of magnitudes, over all
    /// patterns, and of the error of the computed ones.
    struct Magnitude {
      var size = 0.0
      var error = 0.0
    }

    func stages() throws -> [Stage] {
      let outputs = network.outputs.map { UnitNetwork.Unit(kind: .hinge(below: 1, above: 1), forms: [$0]) }
      let all = network.stages.map(\.units) + [outputs]
      var magnitudes: [Magnitude] = []
      var drafts: [Draft] = []
      for units in all {
        var draft = Draft()
        for (index, unit) in units.enumerated() {
          var magnitude = Magnitude()
          for form in unit.forms {
            let own = try draft.append(form, unit: index, layout: self, magnitudes: magnitudes)
            magnitude.size = max(magnitude.size, own.size)
            magnitude.error = max(magnitude.error, own.error)
          }
          if case .hinge(let below, let above) = unit.kind {
            magnitude.size *= max(abs(below), abs(above))
            magnitude.error *= max(abs(below), abs(above))
          }
          draft.magnitudes.append(magnitude)
        }
        magnitudes += draft.magnitudes
        drafts.append(draft)
      }
      let columns = columns(of: drafts)
      return zip(all, drafts).enumerated().map { stage, pair in
        Stage(
          units: pair.0.enumerated().map { index, unit in
            makeUnit(unit, form: pair.1.firstForms[index], targets: columns[stage][index])
          },
          unitOfForm: pair.1.unitOfForm, base: pair.1.base(dimension: dimension),
          sumError: pair.1.sumError, reads: pair.1.reads,
          valueError: pair.1.valueErrorBuffer())
      }
    }

    private func makeUnit(
      _ unit: UnitNetwork.Unit, form: Int, targets: [(stage: Int, column: UnsafeMutablePointer<Double>)]
    ) -> Unit {
      var below = 1.0
      var above = 1.0
      if case .hinge(let low, let high) = unit.kind { (below, above) = (low, high) }
      return Unit(
        form: form, formCount: unit.forms.count, isMaximum: unit.kind == .maximum, below: below, above: above,
        bends: unit.bends, targets: targets)
    }

    private func columns(
      of drafts: [Draft]
    ) -> [[[(stage: Int, column: UnsafeMutablePointer<Double>)]]] {
      var columns = drafts.map { draft in
        Array(repeating: [(stage: Int, column: UnsafeMutablePointer<Double>)](), count: draft.magnitudes.count)
      }
      for (target, draft) in drafts.enumerated() {
        for (form, reads) in draft.reads.enumerated() {
          for read in reads {
            var known = columns[read.stage][read.unit]
            if known.last?.stage != target {
              let column = UnsafeMutablePointer<Double>.allocate(capacity: draft.unitOfForm.count)
              column.initialize(repeating: 0, count: draft.unitOfForm.count)
              known.append((target, column))
              columns[read.stage][read.unit] = known
            }
            known.last!.column[form] = read.weight
          }
        }
      }
      return columns
    }
  }

  /// The forms of a stage while they are collected.
  private struct Draft {
    var unitOfForm: [Int] = []
    /// For each unit, its first form.
    private(set) var firstForms: [Int] = []
    var rows: [[Double]] = []
    var reads: [[(stage: Int, unit: Int, weight: Double)]] = []
    var valueErrors: [Double] = []
    var magnitudes: [Layout.Magnitude] = []

    mutating func append(
      _ form: AffineForm, unit: Int, layout: Layout, magnitudes: [Layout.Magnitude]
    ) throws -> Layout.Magnitude {
      var row = Array(repeating: 0.0, count: layout.dimension)
      row[0] = form.constant
      var reads: [(stage: Int, unit: Int, weight: Double)] = []
      var own = Layout.Magnitude(size: abs(form.constant))
      for term in form.terms {
        if term.value < layout.network.inputCount {
          guard let place = layout.place[term.value] else { continue }
          row[place] = term.weight * layout.scales[place - 1]
          own.size += abs(row[place])
        } else {
          let index = term.value - layout.network.inputCount
          let home = layout.home[index]
          reads.append((home.stage, home.unit, term.weight))
          own.size += abs(term.weight) * magnitudes[index].size
          own.error += abs(term.weight) * magnitudes[index].error
        }
      }
      // A sum of t products in any order is off by at most γ(t + 1) Σ |products|; one more rounding for the slope and
      // some for this bound itself, whose terms are positive.
      let rounding = Double.ulpOfOne / 2
      if !reads.isEmpty { own.error += Double(form.terms.count + 6) * rounding * own.size }
      own.error *= 1 + 1e-9
      own.size *= 1 + 1e-9
      guard own.size < 1e150 else {
        throw RegionError("the weights are too large: on the domain, values may reach \(own.size)")
      }
      if unit == firstForms.count { firstForms.append(unitOfForm.count) }
      unitOfForm.append(unit)
      rows.append(row)
      self.reads.append(reads)
      valueErrors.append((own.error + Double(layout.dimension + 4) * rounding * own.size) * 1.001 + 1e-290)
      return own
    }

    var sumError: Double { Double((reads.map(\.count).max() ?? 0) + 8) * Double.ulpOfOne / 2 }

    func base(dimension: Int) -> UnsafeMutablePointer<Double> {
      let buffer = UnsafeMutablePointer<Double>.allocate(capacity: max(rows.count * (dimension + 1), 1))
      let sumError = sumError
      for (form, row) in rows.enumerated() {
        for j in row.indices { buffer[j * rows.count + form] = row[j] }
        // What is read from the inputs alone is exact.
        let size = row.reduce(0) { $0 + abs($1) }
        buffer[dimension * rows.count + form] = reads[form].isEmpty ? 0 : size * sumError
      }
      return buffer
    }

    func valueErrorBuffer() -> UnsafeMutablePointer<Double> {
      let buffer = UnsafeMutablePointer<Double>.allocate(capacity: max(valueErrors.count, 1))
      for (form, error) in valueErrors.enumerated() { buffer[form] = error }
      return buffer
    }
  }
}
