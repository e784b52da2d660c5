import Foundation
import Probability

/// Projected gradient ascent from a batch of points: steps by sign in half of the lanes, in proportion to the
/// derivatives in the others, each with momentum and shrinking lengths.
struct Ascent {
  /// The first steps of the lanes, as shares of the box: the longest take a point to the corner that the signs say, the
  /// shortest stay near it, where a narrow slit would be left at once otherwise.
  private static let lengths = [1, 0x1p-2, 0x1p-4, 0x1p-6]

  private let box: SearchBox
  private let pass: BatchPass
  private let steps: Int
  private var done = 0
  /// [input × lane] of the free inputs.
  private var momentum: [Double]
  /// Of each lane: the best least slack so far and where it was.
  private var records: [(least: Double, point: [Double])]

  init(box: SearchBox, pass: BatchPass, steps: Int) {
    self.box = box
    self.pass = pass
    self.steps = steps
    momentum = Array(repeating: 0, count: box.free.count * pass.lanes)
    records = Array(repeating: (-.infinity, []), count: pass.lanes)
  }

  /// Places the points: those given, the others random, every fourth a corner.
  ///
  /// - Parameter calibrates: whether the slacks' units are taken from these points.
  mutating func begin(
    _ starts: [[Double]], _ slacks: inout SlackBatch, calibrates: Bool, _ source: inout RandomSource
  ) {
    for lane in 0..<pass.lanes {
      pass.setInputs(
        lane < starts.count ? box.clamped(starts[lane]) : box.random(corner: lane % 4 == 3, &source), lane: lane)
    }
    pass.forward()
    if calibrates { slacks.calibrate(pass) } else { slacks.measure(pass) }
    record(slacks)
  }

  /// Whether a point satisfies all requirements, by the doubles.
  var hasFound: Bool { records.contains { $0.least > 0 } }

  /// The best points so far, one of each lane, at most `count`.
  func best(_ count: Int) -> [[Double]] {
    records.filter { !$0.point.isEmpty }.sorted { $0.least > $1.least }.prefix(count).map(\.point)
  }

  /// One step; false when all were done.
  mutating func step(_ slacks: inout SlackBatch) -> Bool {
    guard done < steps, !box.free.isEmpty else { return false }
    let lanes = pass.lanes
    slacks.seedGradients(pass)
    pass.backward()
    let decay = pow(0.01, Double(done) / Double(max(steps - 1, 1)))
    var largest = Array(repeating: 1e-300, count: lanes)
    for input in box.free {
      let width = box.width(input)
      for lane in 0..<lanes { largest[lane] = max(largest[lane], abs(pass.gradients[input * lanes + lane]) * width) }
    }
    for (position, input) in box.free.enumerated() {
      let width = box.width(input)
      for lane in 0..<lanes {
        let slope = pass.gradients[input * lanes + lane] * width / largest[lane]
        let direction = lane % 2 == 0 ? (slope > 0 ? 1.0 : slope < 0 ? -1 : 0) : slope
        let index = position * lanes + lane
        momentum[index] = 0.5 * momentum[index] + direction
        let length = decay * width * Self.lengths[lane / 2 % Self.lengths.count] / (done == 0 ? 1 : 2)
        let value = pass.values[input * lanes + lane] + length * momentum[index]
        pass.values[input * lanes + lane] = box.clamped(value, input: input)
      }
    }
    done += 1
    pass.forward()
    slacks.measure(pass)
    record(slacks)
    return true
  }

  private mutating func record(_ slacks: SlackBatch) {
    for lane in 0..<pass.lanes where slacks.least[lane] > records[lane].least {
      records[lane] = (slacks.least[lane], pass.inputs(lane: lane))
    }
  }
}
