import Exact

/// Whether one hidden layer can represent a function, in words.
public enum OneHiddenLayerVerdict: Sendable, Equatable, CustomStringConvertible {
  /// With so many units, and provably with none fewer than `least`.
  case possible(units: Int, least: Int)
  /// It bends along a hyperplane, and not everywhere alike.
  case impossible(OffendingCrease)
  /// Why it was not decided.
  case undecided(String)

  public var description: String {
    switch self {
    case .possible(let units, let least) where units == least:
      return "possible with \(Self.count(units)), and with none fewer"
    case .possible(let units, let least):
      return "possible with \(Self.count(units)); at least \(least) are needed"
    case .impossible(let crease):
      let names = ["point", "line", "plane"]
      let dimension = crease.hyperplane.inputs
      let name = dimension <= names.count ? names[dimension - 1] : "hyperplane"
      return "not possible: across the \(name) \(crease.hyperplane.formula()) = 0 the gradient jumps by "
        + "\(wording(crease.first.jump)) times the normal at \(wording(crease.first.point)), "
        + "by \(wording(crease.second.jump)) times at \(wording(crease.second.point))"
    case .undecided(let reason): return "not decided: \(reason)"
    }
  }

  private static func count(_ units: Int) -> String { "\(units) unit\(units == 1 ? "" : "s")" }
}

extension AffineFunction {
  /// The function as a formula in x0, x1, …, such as `2 x0 - 1/3 x1 + 1`.
  ///
  /// - Parameter isExact: whether fractions with many digits are written out; otherwise they are rounded to six digits.
  public func formula(isExact: Bool = false) -> String {
    func text(_ number: Rational) -> String { isExact ? number.description : wording(number) }
    var formula = ""
    func add(_ number: Rational, _ variable: String?) {
      guard number.signum != 0 else { return }
      let magnitude = number.magnitude
      let sign = number.signum < 0 ? "-" : formula.isEmpty ? "" : "+"
      formula += formula.isEmpty ? sign : " \(sign) "
      guard let variable else {
        formula += text(magnitude)
        return
      }
      formula += magnitude == .one ? variable : "\(text(magnitude)) \(variable)"
    }
    for (index, slope) in gradient.enumerated() { add(slope, "x\(index)") }
    add(constant, nil)
    return formula.isEmpty ? "0" : formula
  }
}
