/// Generators, a point or a size that ``Zonotope`` does not accept.
public enum ZonotopeError: Error, Sendable, Equatable, CustomStringConvertible {
  case noDimension
  case wrongLength(what: String, length: Int, dimension: Int)
  case badSize(what: String, value: Int, accepted: String)
  case tooMany(what: String, limit: Int)

  public var description: String {
    switch self {
    case .noDimension:
      "a zonotope without generators needs a centre that says how many coordinates its space has, and spaces have at "
        + "least one"
    case .wrongLength(let what, let length, let dimension):
      "\(what) has \(length) \(length == 1 ? "entry" : "entries"); it must have \(dimension)"
    case .badSize(let what, let value, let accepted):
      "\(what) is \(value); it must be \(accepted)"
    case .tooMany(let what, let limit):
      "the zonotope has more than \(limit) \(what), the most that were to be listed; raise the limit, or take fewer "
        + "generators or dimensions"
    }
  }
}
