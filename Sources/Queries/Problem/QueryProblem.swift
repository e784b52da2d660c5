import Exact
import Networks

/// A query together with the networks that it speaks of, as one question about one network.
///
/// The networks of the query stand side by side as one `UnitNetwork` of hinges over all inputs; inputs that the query says are
/// equal are one input. Every element of a variable is an input or an affine form over the network's values.
///
/// Invariant: there is a place for each element, and it exists in the network; the network has no maxima.
public struct QueryProblem: Sendable {
  /// What an element of the query's variables is in the network.
  public enum Place: Sendable, Hashable {
    /// The input of this number.
    case input(Int)
    /// The output of this number: an element of an output or of a hidden node.
    case output(Int)
  }

  public let query: VNNLIBQuery
  /// The assertions; nil when they contradict each other whatever the networks are.
  public let tree: QueryTree?
  /// All networks; hinges only, no maxima.
  public let network: UnitNetwork
  /// For each flat element of the query, in order.
  public let places: [Place]

  /// An element as a form over the values of the network.
  public func form(of element: Int) -> AffineForm {
    switch places[element] {
    case .input(let input): AffineForm(value: input)
    case .output(let output): network.outputs[output]
    }
  }

  /// How the query writes an input of the network: as the first of the elements that are this input.
  public func name(ofInput input: Int) -> String {
    places.firstIndex(of: .input(input)).map { query.name(of: $0) } ?? "input \(input)"
  }

  /// The values of all elements at a point, exactly. O(parameters) rational products.
  ///
  /// - Parameter point: one rational for each input of ``network``.
  public func elements(at point: [Rational]) -> [Rational] {
    let outputs = network.exactOutputs(at: point)
    return places.map { place in
      switch place {
      case .input(let input): point[input]
      case .output(let output): outputs[output]
      }
    }
  }

  /// Whether the query's assertions hold at a point, decided exactly; `point` as in ``elements(at:)``.
  public func holds(at point: [Rational]) -> Bool {
    let values = elements(at: point)
    return query.holds { values[$0] }
  }
}
