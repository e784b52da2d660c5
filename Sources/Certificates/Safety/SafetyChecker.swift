import Queries

/// Decides whether a certificate proves its verdict on a query.
///
/// ```swift
/// let certificate = try SafetyCertificate(json: data)
/// let report = try SafetyChecker().check(certificate, problem: problem)  // throws CertificateError: place, reason
/// ```
public struct SafetyChecker: Sendable {
  public init() {}

  /// Checks a point exactly, or a proof for each case of the query. That the files are those that the certificate names
  /// is for the caller to see to.
  ///
  /// A `ranges` step costs O(parameters) and for each unit that stays open two substitutions, a claim one. Memory is
  /// proportional to the network times the depth of the tree, which is limited.
  ///
  /// - Parameter problem: the query with its networks, brought together as when the certificate was made.
  /// - Throws: ``CertificateError`` with the case and the step, when the verdict is not proved.
  public func check(_ certificate: SafetyCertificate, problem: QueryProblem) throws -> SafetyReport {
    switch certificate.verdict {
    case .satisfiable(let point):
      guard point.count == problem.network.inputCount else {
        throw CertificateError(
          at: "point", "has \(point.count) coordinates for the \(problem.network.inputCount) inputs of the problem")
      }
      guard problem.holds(at: point) else { throw CertificateError(at: "point", "does not satisfy the query") }
      return SafetyReport()
    case .unsatisfiable(let proofs):
      return try check(proofs, problem)
    }
  }

  private func check(_ proofs: [SafetyProof], _ problem: QueryProblem) throws -> SafetyReport {
    var walk = ProofWalk(try FlatNetwork(problem.network))
    var count = 0
    let isComplete = try problem.tree?.forEachCase(limit: .max) { item in
      guard count < proofs.count else {
        throw CertificateError(at: "case \(count)", "has no proof; the certificate ends before it")
      }
      if let relaxed = problem.relaxed(item) {
        try walk.run(proofs[count], of: relaxed, place: "case \(count)")
      } else if !proofs[count].steps.isEmpty {
        throw CertificateError(at: "case \(count)", "has an empty box, and needs no steps")
      } else {
        walk.skip()
      }
      count += 1
    }
    guard isComplete ?? true else { throw CertificateError(at: "query", "has more cases than can be counted") }
    guard count == proofs.count else {
      throw CertificateError(at: "proofs", "there are \(proofs.count) for the \(count) cases of the query")
    }
    return walk.report
  }
}

/// What a check saw.
public struct SafetyReport: Sendable, Hashable {
  /// Cases of the query, those with an empty box included.
  public var cases = 0
  public var splits = 0
  /// Steps that computed the ranges of all units.
  public var ranges = 0
  public var claims = 0
  /// Claims that closed a node.
  public var leaves = 0
  /// Claims that doubles did not decide.
  public var exactClaims = 0
}
