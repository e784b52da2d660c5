import Exact
import Networks

extension HingeGraph {
  /// Where a hinge stands when several layers are possible.
  enum Placement: CaseIterable {
    case earliest
    case latest
  }

  /// The layered network with these outputs: as many hidden layers as the hinges that the outputs need have levels.
  ///
  /// Between a hinge's layer and the layers that read it, forms are carried as `CarryPlan` decides; of its styles the
  /// cheapest is taken layer by layer, from the outputs down.
  func network(outputs: [LinearForm], placement: Placement, domain: WeightDomain) throws -> RationalNetwork {
    var hinges = neededHinges(outputs)
    place(&hinges, outputs, placement)
    let depth = hinges.values.max() ?? 0
    var columns: [[Int]] = Array(repeating: [], count: depth + 1)
    for (hinge, layer) in hinges { columns[layer].append(inputs + hinge) }
    for layer in columns.indices { columns[layer].sort() }
    let turned = TurnedHinges(self, outputs: outputs, last: columns[depth].filter(isHinge))

    var layers: [[RationalNetwork.Row]] = []
    var consumers = turned.outputs.map { Consumer(form: $0, isNegated: false) }
    for layer in stride(from: depth, to: 0, by: -1) {
      let arguments = columns[layer].map { turned.argument(of: $0, in: self) }
      let result = rows(of: consumers, over: columns[layer], arguments: arguments, domain: domain)
      layers.append(result.rows)
      consumers = result.consumers
    }
    layers.append(consumers.map { ($0.isNegated ? -$0.form : $0.form).row })
    return try RationalNetwork(inputs: inputs, hidden: layers.dropFirst().reversed(), outputs: layers[0])
  }

  /// A unit of a layer above, or an output: its form, or the negative of it.
  private struct Consumer {
    var form: LinearForm
    var isNegated: Bool
    /// Whether the form only hands on what goes into an output.
    var servesOutput = true
  }

  /// The rows of the consumers over the units of one layer, and these units as the next consumers.
  private func rows(
    of consumers: [Consumer], over columns: [Int], arguments: [LinearForm], domain: WeightDomain
  ) -> (rows: [RationalNetwork.Row], consumers: [Consumer]) {
    let numbers = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    let rests = consumers.map { $0.form.filter { numbers[$0.column] == nil } }
    let demands = zip(rests, consumers).map { CarryDemand($0, isForOutput: $1.servesOutput, in: self) }
    let best = CarryPlan.cheapest(
      for: demands, through: CarryLayer(arguments, in: self, domain: domain), in: self, domain: domain)
    var units = arguments.map { Consumer(form: $0, isNegated: false, servesOutput: false) }
    let outputForms = Set(demands.lazy.filter(\.isForOutput).map(\.primitive))
    let carries = best.carries.map { carry -> LinearForm in
      let first = LinearForm(column: units.count)
      switch carry {
      case .nonNegative(let form):
        let serves = outputForms.contains(form.primitive.form)
        units.append(Consumer(form: form, isNegated: false, servesOutput: serves))
        return first
      case .pair(let form):
        let serves = outputForms.contains(form.primitive.form)
        units.append(Consumer(form: form, isNegated: false, servesOutput: serves))
        units.append(Consumer(form: form, isNegated: true, servesOutput: serves))
        return first - LinearForm(column: units.count - 1)
      case .opposite(let hinge, let argument):
        units.append(Consumer(form: argument, isNegated: true, servesOutput: false))
        let difference = LinearForm(column: hinge) - first
        return LinearForm(constant: -argument.constant, terms: difference.terms)
      }
    }
    let rows = zip(consumers, demands).map { consumer, demand in
      let own = consumer.form.terms.compactMap { term in
        numbers[term.column].map { LinearForm.Term(column: $0, weight: term.weight) }
      }
      var form = LinearForm(constant: consumer.form.constant, terms: own)
      for term in best.reading(of: demand).terms { form = form.adding(carries[term.column], times: term.weight) }
      return (consumer.isNegated ? -form : form).row
    }
    return (rows, units)
  }

  /// The hinges that the outputs read, by way of others too, with their levels.
  private func neededHinges(_ outputs: [LinearForm]) -> [Int: Int] {
    var needed: [Int: Int] = [:]
    var open = outputs
    while let form = open.popLast() {
      for term in form.terms where isHinge(term.column) {
        let hinge = term.column - inputs
        if needed.updateValue(levels[hinge], forKey: hinge) == nil { open.append(arguments[hinge]) }
      }
    }
    return needed
  }

  private func place(_ hinges: inout [Int: Int], _ outputs: [LinearForm], _ placement: Placement) {
    guard placement == .latest, let depth = hinges.values.max() else { return }
    for hinge in hinges.keys { hinges[hinge] = depth }
    // A hinge reads earlier ones only, so in decreasing order its own layer is settled when it is met.
    for hinge in hinges.keys.sorted(by: >) {
      guard let layer = hinges[hinge] else { continue }
      for term in arguments[hinge].terms where isHinge(term.column) {
        let read = term.column - inputs
        hinges[read] = min(hinges[read] ?? layer, layer - 1)
      }
    }
  }
}
