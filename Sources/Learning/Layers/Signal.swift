/// What passes between two layers at one time step of one sample.
public enum Signal: Sendable, Hashable {
  case vector(Int)
  /// Planes one after the other, each row by row.
  case image(channels: Int, height: Int, width: Int)
  /// One of so many symbols, by its index.
  case symbols(Int)

  /// How many numbers that is; a symbol is none.
  public var width: Int {
    switch self {
    case .vector(let width): width
    case .image(let channels, let height, let width): channels * height * width
    case .symbols: 0
    }
  }

  /// How many inputs a layer of weights has for it; a symbol stands for a unit vector.
  public var inputs: Int {
    if case .symbols(let count) = self { return count }
    return width
  }
}

extension Signal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .vector(let width): "\(width) numbers"
    case .image(let channels, let height, let width): "\(channels) planes of \(height) × \(width)"
    case .symbols(let count): "one of \(count) symbols"
    }
  }
}
