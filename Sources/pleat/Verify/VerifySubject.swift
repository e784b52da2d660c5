import Certificates
import Datasets
import Exact
import Foundation
import Networks
import Queries

/// What `pleat verify` is asked about: the files of a query and of its networks, read and brought together.
struct VerifySubject {
  let problem: QueryProblem
  /// The query's file and those of the networks, with their bytes' digests.
  let query: SafetyCertificate.File
  let networks: [SafetyCertificate.File]

  /// - Parameters:
  ///   - files: chooses the file of each network once the query is read.
  ///   - digests: whether the files' digests are wanted, which costs a pass over them.
  init(query path: String, digests: Bool, files: (VNNLIBQuery) throws -> [NetworkOption]) throws {
    let bytes = try Failure.asUsage { try CompressedFile.read(path) }
    let query = try Failure.asUsage { try VNNLIBQuery(String(decoding: bytes, as: UTF8.self), file: path) }
    self.query = .init(name: "", path: path, digest: digests ? SafetyCertificate.digest(of: bytes) : "")
    var models: [String: ONNXModel] = [:]
    var networks: [SafetyCertificate.File] = []
    for option in try files(query) {
      let bytes = try Failure.asUsage { try CompressedFile.read(option.path) }
      models[option.name] = try Failure.asUsage { try ONNXModel(bytes, source: option.path) }
      let digest = digests ? SafetyCertificate.digest(of: bytes) : ""
      networks.append(.init(name: option.name, path: option.path, digest: digest))
    }
    self.networks = networks
    problem = try Failure.asUsage { try QueryProblem(query, models: models) }
  }

  /// Why no input at all satisfies the query, if its assertions alone say so: an input whose bounds leave no value.
  var emptyBox: String? {
    var ranges: [Int: ValueRange] = [:]
    func note(_ formula: VNNLIBFormula) {
      switch formula {
      case .and(let parts): parts.forEach(note)
      case .or: break
      case .comparison(let comparison):
        guard let (element, range) = comparison.bound else { return }
        guard problem.query.variable(of: element).role == .input else { return }
        ranges[element] = ranges[element]?.intersection(range) ?? range
      }
    }
    for assertion in problem.query.assertions { note(assertion.formula) }
    guard let (element, range) = ranges.filter(\.value.isEmpty).min(by: { $0.key < $1.key }),
      let lower = range.lower, let upper = range.upper
    else { return nil }
    let name = problem.query.name(of: element)
    return "the box is empty: \(name) would have to be \(lower.isStrict ? "more than" : "at least") "
      + "\(NumberFormat.full(lower.value.doubleValue)) and \(upper.isStrict ? "less than" : "at most") "
      + NumberFormat.full(upper.value.doubleValue)
  }
}

extension VNNLIBComparison {
  /// The element and the range of its values, where a single element is compared with a number.
  fileprivate var bound: (element: Int, range: ValueRange)? {
    switch (left, right) {
    case (.element(let element), .constant(let value)): relation.range(of: value).map { (element, $0) }
    case (.constant(let value), .element(let element)): relation.mirrored.range(of: value).map { (element, $0) }
    default: nil
    }
  }
}

extension VNNLIBComparison.Relation {
  /// The numbers that stand in this relation to a value; nil where they are no interval.
  fileprivate func range(of value: Rational) -> ValueRange? {
    switch self {
    case .less: ValueRange(upper: .init(value, isStrict: true))
    case .lessOrEqual: ValueRange(upper: .init(value))
    case .greater: ValueRange(lower: .init(value, isStrict: true))
    case .greaterOrEqual: ValueRange(lower: .init(value))
    case .equal: ValueRange(value)
    case .notEqual: nil
    }
  }

  /// The relation with its sides exchanged.
  fileprivate var mirrored: Self {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .equal, .notEqual: self
    }
  }
}
