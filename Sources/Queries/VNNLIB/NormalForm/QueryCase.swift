import Exact

/// A conjunction of constraints: a box for the inputs and ranges of polynomials.
public struct QueryCase: Sendable, Hashable {
  /// An element of an input and the range of its values.
  public struct ElementRange: Sendable, Hashable {
    public var element: Int
    public var range: ValueRange
  }

  /// A polynomial and the range of its values.
  public struct Constraint: Sendable, Hashable {
    /// Without a constant term, its leading coefficient 1; linear unless ``Polynomial/products`` says otherwise. Never
    /// a single element of an input.
    public var polynomial: Polynomial
    public var range: ValueRange
  }

  /// By ascending element, each once; elements that are not bounded by themselves are missing.
  public internal(set) var box: [ElementRange]
  /// In the order of their polynomials, each once.
  public internal(set) var constraints: [Constraint]

  /// No constraint at all.
  static let everything = QueryCase(box: [], constraints: [])

  var isEverything: Bool { box.isEmpty && constraints.isEmpty }

  /// The range of an element of an input; nil when it is not bounded by itself. O(log n).
  public func range(of element: Int) -> ValueRange? {
    let position = box.partitioningIndex { $0.element >= element }
    return position < box.count && box[position].element == element ? box[position].range : nil
  }

  /// Whether all constraints hold when the elements have the given values, decided exactly.
  public func contains(_ element: (Int) -> Rational) -> Bool {
    box.allSatisfy { $0.range.contains(element($0.element)) }
      && constraints.allSatisfy { $0.range.contains($0.polynomial.value(at: element)) }
  }
}

extension Array {
  /// The first position from which on the condition holds, for an array where it holds for no element before one for
  /// which it holds; the count if there is none.
  func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
