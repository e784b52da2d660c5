/// What the command line said wrong.
struct UsageError: Error {
  let message: String
}

/// What is run, as the command line says it.
struct Options {
  var count = 1_000_000
  var seed: UInt64 = 1
  var seedFolder: String?
  var limit = 30
  var folder = "build/fuzz-readers"
  var readers = Reader.allCases

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      func value() throws -> String {
        guard let value = rest.popFirst() else { throw UsageError(message: "\(name) takes a value") }
        return value
      }
      func number(_ range: ClosedRange<Int>) throws -> Int {
        let text = try value()
        guard let number = Int(text), range.contains(number) else {
          throw UsageError(message: "\(name) takes \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return number
      }
      switch name {
      case "--count": count = try number(1...1_000_000_000_000)
      case "--seed": seed = UInt64(try number(0...Int.max))
      case "--seeds": seedFolder = try value()
      case "--limit": limit = try number(1...3600)
      case "--keep": folder = try value()
      case "--only":
        let text = try value()
        guard let reader = Reader(rawValue: text) else {
          throw UsageError(message: "--only takes onnx or vnnlib, not '\(text)'")
        }
        readers = [reader]
      default: throw UsageError(message: "there is no option \(name)")
      }
    }
  }
}
