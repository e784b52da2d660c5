/// Collects the units of a network in any order of stages, and sorts them into stages at the end.
///
/// Until then, a value has a provisional number: the inputs first, then the units in the order in which they were made.
struct UnitBuilder {
  enum Style {
    /// A unit stands as early as what it reads allows; one that is already there, or cannot bend, is not made again.
    case shared
    /// The same, and where double precision would round a coefficient of a form, what the form is made of stands as units
    /// that never bend.
    case exact
    /// Each layer that is begun makes a stage of its own, and every one of its units is kept.
    case layered
  }

  let style: Style
  private let inputCount: Int
  private var units: [UnitNetwork.Unit] = []
  /// For each value, its stage; 0 for the inputs.
  private var stages: [Int]
  /// For each value, whether its unit makes it so; false for the inputs.
  private var isNonNegative: [Bool]
  /// For each unit, the index of the layer that made it.
  private var layers: [Int] = []
  private var layerNames: [String] = []
  /// For each hash of a unit, the last unit that has it, and for each unit, the one before it with the same hash: a
  /// dictionary keyed by the units themselves would hash all their terms again whenever it grows.
  private var lastOfHash: [Int: Int] = [:]
  private var sameHash: [Int?] = []
  /// The number of terms of all units.
  private(set) var termCount = 0

  init(inputCount: Int, style: Style) {
    self.inputCount = inputCount
    self.style = style
    stages = Array(repeating: 0, count: inputCount)
    isNonNegative = Array(repeating: false, count: inputCount)
  }

  var valueCount: Int { stages.count }

  mutating func beginLayer(_ name: String) { layerNames.append(name) }

  /// Whether the form is one unit that is never negative, and nothing else.
  func isRectified(_ form: AffineForm) -> Bool { form.plainValue.map { isNonNegative[$0] } ?? false }

  /// `above · z` for z > 0, `below · z` otherwise.
  mutating func hinge(_ form: AffineForm, below: Double, above: Double) throws -> AffineForm {
    if style != .layered {
      var isExact = true
      if form.isConstant {
        let value = form.scaled(by: form.constant > 0 ? above : below, isExact: &isExact)
        if isExact || style == .shared { return value }
      } else if below == above || isRectified(form) {
        let scaled = form.scaled(by: above, isExact: &isExact)
        if isExact || style == .shared { return scaled }
      }
    }
    return try add(UnitNetwork.Unit(kind: .hinge(below: below, above: above), forms: [form]))
  }

  /// The largest of forms, at least one. Equal ones count once, and of the constants the largest.
  mutating func maximum(_ forms: some Sequence<AffineForm>) throws -> AffineForm {
    var seen: Set<AffineForm> = []
    var distinct: [AffineForm] = []
    var floor = -Double.infinity
    for form in forms {
      if form.isConstant {
        floor = max(floor, form.constant)
      } else if seen.insert(form).inserted {
        distinct.append(form)
      }
    }
    if distinct.count == 1, floor == 0 { return try hinge(distinct[0], below: 0, above: 1) }
    if floor > -.infinity { distinct.append(AffineForm(constant: floor)) }
    return distinct.count == 1 ? distinct[0] : try add(UnitNetwork.Unit(kind: .maximum, forms: distinct))
  }

  /// A form as one value that is not among those taken, and now is: itself, or a unit that never bends.
  mutating func value(of form: AffineForm, taken: inout Set<Int>) throws -> AffineForm {
    if let value = form.plainValue, taken.insert(value).inserted { return form }
    let shared = try add(.linear(form))
    if let value = shared.plainValue, taken.insert(value).inserted { return shared }
    let own = try add(.linear(form), isShared: false)
    if let value = own.plainValue { taken.insert(value) }
    return own
  }

  private mutating func add(_ unit: UnitNetwork.Unit, isShared: Bool = true) throws -> AffineForm {
    let hash = style != .layered ? unit.hashValue : 0
    if style != .layered, isShared {
      var candidate = lastOfHash[hash]
      while let index = candidate {
        if units[index] == unit { return AffineForm(value: inputCount + index) }
        candidate = sameHash[index]
      }
    }
    guard units.count < ONNXReader.largestWidth else {
      throw ONNXFault("the network has too many units; accepted are up to \(ONNXReader.largestWidth)")
    }
    let value = stages.count
    switch style {
    case .shared, .exact:
      sameHash.append(lastOfHash.updateValue(units.count, forKey: hash))
      stages.append(1 + unit.forms.reduce(0) { $1.terms.reduce($0) { max($0, stages[$1.value]) } })
    case .layered: stages.append(layerNames.count)
    }
    switch unit.kind {
    case .hinge(let below, let above): isNonNegative.append(below <= 0 && above >= 0)
    case .maximum:
      isNonNegative.append(unit.forms.contains { $0.isConstant ? $0.constant >= 0 : isRectified($0) })
    }
    units.append(unit)
    layers.append(layerNames.count - 1)
    termCount += unit.forms.reduce(0) { $0 + $1.terms.count }
    return AffineForm(value: value)
  }

  /// The network of the units and of outputs over their provisional numbers. O(terms log terms).
  func network(outputs: [AffineForm]) throws -> UnitNetwork {
    var members: [Int: [Int]] = [:]
    for index in units.indices { members[stages[inputCount + index], default: []].append(index) }
    let ordered = members.sorted { $0.key < $1.key }.map(\.value)
    var numbers = Array(0..<valueCount)
    for (position, index) in ordered.joined().enumerated() { numbers[inputCount + index] = inputCount + position }
    let moves = numbers.enumerated().contains { $0 != $1 }
    func placed(_ form: AffineForm) -> AffineForm { moves ? form.renumbered(numbers) : form }
    return try UnitNetwork(
      inputCount: inputCount,
      stages: ordered.map { indices in
        UnitNetwork.Stage(
          name: name(of: indices),
          units: indices.map { UnitNetwork.Unit(kind: units[$0].kind, forms: units[$0].forms.map(placed)) })
      },
      outputs: outputs.map(placed))
  }

  private func name(of units: [Int]) -> String {
    let names = Set(units.map { layers[$0] }).sorted().map { layerNames[$0] }
    return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }
}
