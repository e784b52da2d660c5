import Certificates
import Exact
import Fitting
import Testing

/// Ten small data sets whose optima are known as fractions: computed by exhaustive enumeration with exact rational
/// optimality conditions, and confirmed by mixed-integer programs.
enum KnownData: String, CaseIterable, Sendable {
  case n1D6, n1D7V, n1D8, n1D8Duplicates, n1D10, n2Xor4, n2D6, n2D7, n2D8, n2D8Grid

  var samples: ExactSamples {
    func line(_ x: [Int], _ y: [Int]) -> ExactSamples { ExactSamples(x.map { [$0] }, y) }
    switch self {
    case .n1D6: return line([-3, -2, 0, 1, 2, 4], [1, -2, 3, 0, 2, -1])
    case .n1D7V: return line([-3, -2, -1, 0, 1, 2, 3], [3, 2, 1, 0, 1, 2, 3])
    case .n1D8: return line([-4, -3, -1, 0, 1, 2, 4, 5], [2, 0, 1, -3, 2, 2, -1, 4])
    case .n1D8Duplicates: return line([-2, -2, -1, 0, 0, 1, 3, 3], [1, 3, 0, 2, -1, -2, 4, 2])
    case .n1D10: return line([-5, -4, -3, -1, 0, 1, 2, 3, 5, 6], [0, 2, 1, -2, -1, 3, 1, 0, -3, 2])
    case .n2Xor4: return ExactSamples([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    case .n2D6:
      return ExactSamples([[0, 0], [3, 1], [-1, 2], [2, -2], [-3, -1], [1, 4]], [1, -1, 2, 0, 3, -2])
    case .n2D7:
      return ExactSamples(
        [[0, 1], [2, 3], [-2, 1], [3, -1], [-1, -3], [1, -2], [-3, 4]], [2, -1, 0, 3, -2, 1, 1])
    case .n2D8:
      return ExactSamples(
        [[1, 0], [0, 2], [-2, -1], [3, 2], [2, -3], [-3, 1], [-1, 4], [4, -1]], [0, 1, 3, -2, 2, -1, 1, 2])
    case .n2D8Grid:
      return ExactSamples(
        [[0, 0], [1, 0], [2, 0], [0, 1], [2, 1], [0, 2], [1, 2], [2, 2]], [1, 0, 2, 0, 1, 3, 0, -1])
    }
  }
}

/// The optima of one data set and width: squared loss without and with output bias, absolute loss likewise.
struct KnownRow: Sendable, CustomTestStringConvertible {
  var data: KnownData
  var width: Int
  var optima: [String]
  var testDescription: String { "\(data) w = \(width)" }

  static let all: [KnownRow] = [
    row(.n1D6, 1, "35/2", "74/5", "8", "7"), row(.n1D6, 2, "47/5", "89/10", "6", "6"),
    row(.n1D6, 3, "5", "7/2", "3", "7/3"),
    row(.n1D7V, 1, "52/7", "26/5", "6", "4"), row(.n1D7V, 2, "0", "0", "0", "0"),
    row(.n1D7V, 3, "0", "0", "0", "0"),
    row(.n1D8, 1, "23", "152/7", "11", "10"), row(.n1D8, 2, "19", "373/20", "9", "8"),
    row(.n1D8, 3, "14", "59/10", "6", "7/2"),
    row(.n1D8Duplicates, 1, "21", "39/2", "11", "11"), row(.n1D8Duplicates, 2, "13", "43/4", "9", "7"),
    row(.n1D8Duplicates, 3, "9", "17/2", "7", "7"),
    row(.n1D10, 1, "29", "260/9", "13", "13"), row(.n1D10, 2, "20", "124/7", "10", "9"),
    row(.n1D10, 3, "61/6", "1079/210", "13/2", "25/6"),
    row(.n2Xor4, 1, "1", "2/3", "1", "1"), row(.n2Xor4, 2, "0", "0", "0", "0"),
    row(.n2D6, 1, "841/161", "165/92", "39/11", "69/29"), row(.n2D6, 2, "0", "0", "0", "0"),
    row(.n2D7, 1, "10", "4868/561", "6", "33/8"), row(.n2D7, 2, "117/115", "0", "11/9", "0"),
    row(.n2D8, 1, "273/25", "65/6", "7", "7"), row(.n2D8, 2, "113/17", "11359/3354", "4", "49/16"),
    row(.n2D8Grid, 1, "7", "40/7", "5", "5"), row(.n2D8Grid, 2, "5/3", "62/55", "2", "7/4"),
  ]

  private static func row(_ data: KnownData, _ width: Int, _ optima: String...) -> KnownRow {
    KnownRow(data: data, width: width, optima: optima)
  }
}

/// Hinge-loss optima: width 1 without and with output bias, then width 2.
struct KnownHinge: Sendable, CustomTestStringConvertible {
  var name: String
  var samples: ExactSamples
  var optima: [Int]
  var testDescription: String { name }

  static let all: [KnownHinge] = [
    .init(
      name: "alternating", samples: ExactSamples((0...6).map { [$0] }, [1, -1, 1, -1, 1, -1, 1]), optima: [6, 6, 5, 4]),
    .init(
      name: "pairs", samples: ExactSamples([-4, -3, -1, 0, 1, 2, 4, 5].map { [$0] }, [1, 1, -1, -1, 1, 1, -1, -1]),
      optima: [6, 4, 4, 4]),
    .init(
      name: "exclusive or", samples: ExactSamples([[0, 0], [0, 1], [1, 0], [1, 1]], [-1, 1, 1, -1]),
      optima: [3, 2, 1, 0]),
    .init(
      name: "n2D7",
      samples: ExactSamples(
        KnownData.n2D7.samples.inputs.map { $0.map { Int($0.doubleValue) } }, [1, -1, 1, 1, -1, -1, 1]),
      optima: [4, 2, 1, 0]),
  ]
}

/// Every known optimum is found, exactly, and certified.
@Suite struct ExactnessTests {
  private func expect(_ result: FitResult, _ optimum: Rational, _ name: String) throws {
    #expect(result.exactLoss == optimum, "\(name): \(result.summary), expected \(optimum)")
    #expect(agree(result.loss, optimum.doubleValue), "\(name)")
    #expect(result.status == .optimal && result.isCertified, "\(name): \(result.summary)")
    #expect(result.lowerBound <= optimum.doubleValue, "\(name): \(result.summary)")
    #expect(result.certificate.claimedLoss == result.exactLoss, "\(name)")
    // Once more from the file, as its reader would.
    let read = try FitCertificate(json: try result.certificate.json())
    #expect(throws: Never.self, "\(name)") { try CertificateChecker().check(read) }
  }

  @Test(arguments: KnownRow.all) func regression(_ row: KnownRow) throws {
    let samples = row.data.samples
    for (index, text) in row.optima.enumerated() {
      let loss: Loss = index < 2 ? .squared : .absolute
      let fit = GlobalFit(samples.inputNames.count, row.width, loss, outputBias: index % 2 == 1)
      try expect(fit.run(on: samples), try #require(Rational(text)), "\(row.testDescription), \(loss), column \(index)")
    }
  }

  @Test(arguments: KnownHinge.all) func classification(_ row: KnownHinge) throws {
    for (index, optimum) in row.optima.enumerated() {
      let fit = GlobalFit(row.samples.inputNames.count, 1 + index / 2, .hinge, outputBias: index % 2 == 1)
      try expect(fit.run(on: row.samples), Rational(optimum), "\(row.name), column \(index)")
    }
  }

  /// The appendix of the paper fits w pieces for one input; a network of w units may have w + 1 of them.
  @Test func widthTwoBeatsTwoPieces() throws {
    let result = try GlobalFit(1, 2, outputBias: false).run(on: KnownData.n1D6.samples)
    #expect(result.exactLoss == Rational(47, 5) && result.loss < 1055.0 / 86)
  }
}
