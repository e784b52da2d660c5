import Certificates
import Exact
import Execution
import Fitting
import Representation

/// The best approximation of samples in the l1 or l2 norm by a continuous function with few affine pieces: the global
/// optimum of the networks with one hinge for each breakpoint beside a free affine part, which are exactly these functions.
struct SampleFit {
  let table: SampleTable
  let loss: Loss
  let threads: Int
  let progress: any ProgressReporter
  let cancellation: Cancellation

  /// The best with at most so many pieces.
  func best(pieces: Int) throws -> Approximation {
    // Powers of two, so that squares of very large or small numbers stay in the range of doubles.
    let (width, height) = (Self.scale(table.samples.map(\.x)), Self.scale(table.samples.map(\.y)))
    let samples = ExactSamples(
      inputNames: [table.input], targetName: table.target, inputs: table.samples.map { [$0.x / width] },
      targets: table.samples.map { $0.y / height }, weights: Array(repeating: .one, count: table.samples.count))
    let model = HiddenLayerModel(inputs: 1, hidden: pieces - 1, outputBias: true, skip: true)
    let fit = GlobalFit(model: model, loss: loss, threads: threads)
    let result = try fit.run(on: samples, progress: progress, cancellation: cancellation)
    let isSquared = loss == .squared
    let unit = height.doubleValue
    return Approximation(
      function: try Self.line(result.network, width: width, height: height),
      error: unit * (isSquared ? result.loss.squareRoot() : result.loss),
      exact: result.exactLoss * (isSquared ? height * height : height),
      lowerBound: unit * (isSquared ? result.lowerBound.squareRoot() : result.lowerBound),
      isCertified: result.isCertified, isComplete: result.status == .optimal)
  }

  /// A power of two near the largest magnitude; 1 when there is none.
  private static func scale(_ values: [Rational]) -> Rational {
    let largest = values.map(\.magnitude).max() ?? .zero
    let double = largest.doubleValue
    return double.isNormal ? Rational(powerOfTwo: Int(double.exponent)) : .one
  }

  /// The one with the fewest pieces whose error is at most a number.
  ///
  /// Pieces are added one at a time; the bounds of the last failure prove that one less does not do.
  func fewest(error: Rational) throws -> Approximation {
    let most = loss == .squared ? error * error : error
    let sites = Set(table.samples.map(\.x)).count
    var areEnough = true
    for pieces in 1...max(sites, 1) {
      var found = try best(pieces: pieces)
      if found.exact <= most || pieces == sites || cancellation.shouldStop {
        found.hasFewestPieces = areEnough && found.exact <= most
        guard found.exact <= most || cancellation.shouldStop else {
          throw Failure.usage(
            "no continuous function comes within \(NumberFormat.full(error.doubleValue)) of the samples: with a breakpoint "
              + "at every input the error is \(NumberFormat.full(found.error))")
        }
        return found
      }
      if case .certificate = found.proof, found.lowerBound > error.roundedUp { continue }
      areEnough = false
    }
    return try best(pieces: 1)
  }

  /// The network's function, its inputs and outputs in units of `width` and `height`.
  private static func line(_ network: ExactNetwork, width: Rational, height: Rational) throws -> BrokenLine {
    let knots = network.breakpoints()
    let slope = height / width
    guard let first = knots.first, let last = knots.last else {
      let constant = network([.zero])
      return BrokenLine(slope: slope * (network([1]) - constant), constant: height * constant)
    }
    return try BrokenLine(
      points: knots.map { BrokenLine.Point(width * $0, height * network([$0])) },
      leftSlope: slope * (network([first]) - network([first - 1])),
      rightSlope: slope * (network([last + 1]) - network([last])))
  }
}
