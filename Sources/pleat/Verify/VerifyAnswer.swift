import Certificates
import Exact
import Execution
import Foundation
import Queries
import Verification

/// The answer to one question, and what is printed and written of it.
struct VerifyAnswer {
  enum Word: String {
    case unsat
    case sat
    case unknown
    case timeout
  }

  let subject: VerifySubject
  let result: VerificationResult
  let seconds: Double
  let word: Word
  /// What a person should know beside the word.
  let notes: [String]
  let assignment: Assignment?

  init(_ subject: VerifySubject, _ result: VerificationResult, isInterrupted: Bool, seconds: Double) {
    self.subject = subject
    self.result = result
    self.seconds = seconds
    var notes: [String] = []
    var assignment: Assignment?
    switch result.verdict {
    case .unsatisfiable:
      word = .unsat
      if let reason = subject.emptyBox {
        notes.append(reason)
      } else if subject.problem.tree == nil {
        notes.append("the assertions contradict each other, whatever the networks are")
      }
    case .satisfiable(let witness):
      let written = Assignment(subject.problem, at: witness.point)
      if !written.isRepresentable {
        // Over numbers of a declared type a real point is no answer.
        word = .unknown
        notes.append(
          "satisfiable over the real numbers, but no point of the element types that the query declares was found; "
            + "declare all variables as real to ask about real numbers")
      } else {
        word = .sat
        assignment = written
        if !written.isSinglePrecision {
          notes.append(
            "the point is not one of single precision: rounded, it may leave the box or no longer violate the property")
        } else if witness.singlePrecision == .no {
          notes.append("the point holds exactly, but by less than single precision rounding may change")
        }
        if !written.holdsAsWritten {
          notes.append("the point has no short decimals: as written, rounded, it does not satisfy the query exactly")
        }
      }
    case .unknown(let reason):
      word = .unknown
      notes.append(reason)
    case .stopped:
      word = isInterrupted ? .unknown : .timeout
      if isInterrupted { notes.append("interrupted") }
    }
    self.notes = notes
    self.assignment = assignment
  }

  /// The word of the answer; the standard of VNN-LIB 2.0 has one of its own for the time limit.
  func word(inStandardForm: Bool) -> String { word == .timeout && inStandardForm ? "timed-out" : word.rawValue }

  var exitStatus: Int32 {
    switch word {
    case .unsat: 0
    case .sat: 1
    case .unknown, .timeout: 3
    }
  }

  /// What it took, in a line.
  var effortText: String {
    let effort = result.effort
    var parts = [
      "\(NumberFormat.seconds(seconds)) s", ModelFile.count(effort.cases, "case"),
      ModelFile.count(effort.nodes, "node"),
    ]
    if word == .unknown || word == .timeout {
      parts.append("\(NumberFormat.percent(effort.provedShare)) of the input volume proved")
    }
    return parts.joined(separator: ", ")
  }

  /// The certificate of the answer; nil where there is no answer, or its proof was not kept.
  func certificate(at path: String) -> SafetyCertificate? {
    let verdict: SafetyCertificate.Verdict
    switch result.verdict {
    case .satisfiable(let witness): verdict = .satisfiable(point: witness.point)
    case .unsatisfiable(let proofs?): verdict = .unsatisfiable(proofs: proofs)
    case .unsatisfiable(nil), .unknown, .stopped: return nil
    }
    func placed(_ file: SafetyCertificate.File) -> SafetyCertificate.File {
      .init(name: file.name, path: RelativePath.from(folderOf: path, to: file.path), digest: file.digest)
    }
    return SafetyCertificate(
      query: placed(subject.query), networks: subject.networks.map(placed), verdict: verdict)
  }
}

/// Paths as a file names its neighbours.
enum RelativePath {
  /// The path of a file as seen from the folder of another.
  static func from(folderOf base: String, to target: String) -> String {
    let from = URL(fileURLWithPath: base).standardizedFileURL.deletingLastPathComponent().pathComponents
    let to = URL(fileURLWithPath: target).standardizedFileURL.pathComponents
    let common = zip(from, to).prefix { $0 == $1 }.count
    // Files that share the root alone are likelier to be found by their whole path.
    if common <= 1 { return to.joined(separator: "/").replacingOccurrences(of: "//", with: "/") }
    return (Array(repeating: "..", count: from.count - common) + to[common...]).joined(separator: "/")
  }
}

extension NumberFormat {
  /// A share with one decimal place, rounded down: nothing is shown as wholly proved before it is.
  static func percent(_ share: Double) -> String {
    String(format: "%.1f %%", (1000 * min(max(share, 0), 1)).rounded(.down) / 10)
  }
}
