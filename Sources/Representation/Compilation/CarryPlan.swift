import Exact

/// What a layer hands on beside its own hinges: for each form that a later layer needs, how to read it.
///
/// Every form is an affine form of the inputs plus a sum of hinges with positive coefficients minus another. Hinges are
/// never negative, so each of the two sums takes one unit, and one for all forms that share it; the affine forms together
/// take what `AffineCarry` says. A form can be carried whole instead, by σ(t) − σ(−t): two units, or one when its sign is
/// evident or t is the argument of one of the layer's hinges.
struct CarryPlan {
  enum Carry {
    /// A form that is never negative: one unit.
    case nonNegative(LinearForm)
    /// σ(t) and σ(−t): two units.
    case pair(LinearForm)
    /// σ(−t) beside the hinge σ(t) of the layer: one unit. The hinge's number in the layer, and t with its constant.
    case opposite(Int, LinearForm)
  }

  /// How forms with hinges are carried.
  private enum Style {
    case whole
    case parts
    /// What goes into an output whole, the rest in parts.
    case wholeForOutputs
  }

  private(set) var carries: [Carry] = []
  private let inputs: Int
  private var affine: AffineCarry
  /// The carry of each of the members of `affine`.
  private var affineCarries: [Int] = []
  /// The carry of a primitive form, and its sign there.
  private var places: [LinearForm: (carry: Int, factor: Rational)] = [:]
  private var wholes: Set<LinearForm> = []
  private var isByHinge = false

  /// The plan of the fewest units among the styles.
  static func cheapest(
    for demands: [CarryDemand], through layer: CarryLayer, in graph: HingeGraph, domain: WeightDomain
  ) -> CarryPlan {
    var best = CarryPlan(demands, layer, graph, .parts, domain)
    if demands.allSatisfy(\.isAffine) { return best }
    for style in [Style.wholeForOutputs, .whole] {
      let plan = CarryPlan(demands, layer, graph, style, domain)
      if plan.unitCount < best.unitCount { best = plan }
    }
    return best
  }

  private init(
    _ demands: [CarryDemand], _ layer: CarryLayer, _ graph: HingeGraph, _ style: Style, _ domain: WeightDomain
  ) {
    inputs = graph.inputs
    var parts: [LinearForm] = []
    var affineForms: [LinearForm] = []
    affine = AffineCarry(needed: [], arguments: [], domain: domain)
    for demand in demands where !demand.form.isConstant {
      if demand.isAffine {
        affineForms.append(demand.primitive)
      } else if wholes.contains(demand.primitive) {
        continue
      } else if let hinge = layer.byDirection[demand.primitive] {
        addOpposite(of: hinge, argument: layer.arguments[hinge], demand.primitive)
      } else if style == .whole || (style == .wholeForOutputs && demand.isForOutput) {
        addWhole(demand.primitive, sign: graph.evidentSign(of: demand.primitive))
      } else {
        parts.append(demand.form)
      }
    }
    addParts(parts, &affineForms)
    affine = AffineCarry(
      needed: Array(Set(affineForms)).sorted(by: Self.precedes), arguments: layer.affine, domain: domain)
    for member in affine.members {
      affineCarries.append(carries.count)
      carries.append(member.argument.map { .opposite($0, layer.arguments[$0]) } ?? .pair(member.form))
    }
  }

  var unitCount: Int {
    carries.reduce(0) { count, carry in
      if case .pair = carry { count + 2 } else { count + 1 }
    }
  }

  /// What is demanded as a form over the numbers of the carries.
  func reading(of demand: CarryDemand) -> LinearForm {
    if wholes.contains(demand.primitive) { return reading(ofPrimitive: demand.primitive, factor: demand.factor) }
    let (linear, positive, negative) = split(demand.form)
    let affinePart = affine.combination(of: linear).terms.reduce(LinearForm()) {
      $0.adding(LinearForm(column: affineCarries[$1.column]), times: $1.weight)
    }
    return affinePart + reading(ofPart: positive) - reading(ofPart: negative)
  }

  private func reading(ofPart part: LinearForm) -> LinearForm {
    if part.isConstant { return LinearForm() }
    if isByHinge {
      return part.terms.reduce(LinearForm()) { sum, term in
        sum + reading(ofPrimitive: LinearForm(column: term.column), factor: term.weight)
      }
    }
    let (primitive, factor) = part.primitive
    return reading(ofPrimitive: primitive, factor: factor)
  }

  private func reading(ofPrimitive primitive: LinearForm, factor: Rational) -> LinearForm {
    guard let place = places[primitive] else { return LinearForm() }
    return LinearForm(column: place.carry).scaled(by: factor * place.factor)
  }

  private func split(_ form: LinearForm) -> (affine: LinearForm, positive: LinearForm, negative: LinearForm) {
    (
      form.filter { $0.column < inputs },
      form.filter { $0.column >= inputs && $0.weight.signum > 0 },
      -form.filter { $0.column >= inputs && $0.weight.signum < 0 }
    )
  }

  private mutating func addOpposite(of hinge: Int, argument: LinearForm, _ primitive: LinearForm) {
    wholes.insert(primitive)
    places[primitive] = (carries.count, .one / argument.linearPart.primitive.factor)
    carries.append(.opposite(hinge, argument))
  }

  private mutating func addWhole(_ primitive: LinearForm, sign: Int) {
    wholes.insert(primitive)
    places[primitive] = (carries.count, sign < 0 ? -1 : 1)
    switch sign {
    case 0: carries.append(.pair(primitive))
    case 1: carries.append(.nonNegative(primitive))
    default: carries.append(.nonNegative(-primitive))
    }
  }

  private mutating func addParts(_ forms: [LinearForm], _ affineForms: inout [LinearForm]) {
    var distinct: [LinearForm] = []
    for form in forms {
      let (linear, positive, negative) = split(form)
      if !linear.isConstant { affineForms.append(linear.primitive.form) }
      for part in [positive, negative] where !part.isConstant { distinct.append(part.primitive.form) }
    }
    distinct = Array(Set(distinct)).sorted(by: Self.precedes)
    let columns = Set(distinct.flatMap { $0.terms.map(\.column) })
    isByHinge = columns.count < distinct.count
    if isByHinge { distinct = columns.sorted().map { LinearForm(column: $0) } }
    for part in distinct where places[part] == nil {
      places[part] = (carries.count, 1)
      carries.append(.nonNegative(part))
    }
  }

  /// A fixed order of different forms.
  private static func precedes(_ left: LinearForm, _ right: LinearForm) -> Bool {
    for (a, b) in zip(left.terms, right.terms) where a != b {
      return a.column != b.column ? a.column < b.column : a.weight < b.weight
    }
    return left.terms.count < right.terms.count
  }
}
