import Exact
import Networks
import Polyhedra

extension PolyhedralFunction {
  /// Whether an output is a network with one hidden layer and output bias on the function's domain D, and with how few
  /// units.
  ///
  /// It is one exactly when every hyperplane on which the function bends bends it by one and the same jump all across the
  /// interior of D. Then one unit for each of these m hyperplanes leaves an affine rest, which depends on the sides that the
  /// units face, and the smallest number of units is
  ///
  /// - m if they can be turned so that the rest is constant;
  /// - m + 1 if they can be turned so that one unit makes up for the rest: a second one on the hyperplane of another, which
  ///   gives any multiple of its normal; or one that is active on all of D, which gives any affine function that is bounded
  ///   below or above on D, so that a bounded domain never needs more;
  /// - m + 2 otherwise: σ(g) − σ(−g) = g.
  ///
  /// The turning is a subset-sum question in ℚⁿ, decided for up to 40 hyperplanes (20 for the second way on an unbounded
  /// domain), and for any number when the jumps are small multiples of a common unit. Beyond, `leastUnits` is a bound only.
  ///
  /// ```swift
  /// // max(x, y) on ℝ² bends on the line x = y alone: σ(x − y) + y, and y takes two units more.
  /// // max(0, x, y) bends on half-lines: it is no such network.
  /// ```
  ///
  /// - Parameter output: the output's index.
  /// - Complexity: that of the facets, O(cells · half-spaces · generators); of the pairs of facets on one hyperplane; and
  ///   of the turning, O(2^(m / 2)).
  /// - Throws: ``RepresentationError`` when there is no such output, a cell is empty or flat, the function is not
  ///   continuous, or the cells' interiors overlap with different maps or do not hang together through facets.
  ///
  /// Source: the test is folklore; that max(0, x, y) fails is A. Mukherjee, A. Basu, *Lower bounds over Boolean inputs for
  /// deep neural networks with ReLU gates* (2017).
  public func oneHiddenLayer(output: Int = 0) throws -> OneHiddenLayerAnswer {
    guard output >= 0, output < outputs else {
      throw RepresentationError("there is no output \(output): the function has the outputs 0 to \(outputs - 1)")
    }
    for (index, cell) in cells.enumerated() where !cell.polyhedron.isFullDimensional {
      throw RepresentationError("cell \(index) is empty or flat: every cell needs interior points")
    }
    let creases = try Creases(polyhedra: cells.map(\.polyhedron), maps: cells.map { $0.map[output] })
    if let offence = creases.offence { return .notRepresentable(offence) }
    return .representable(try network(creases))
  }

  private func network(_ creases: Creases) throws -> OneHiddenLayerNetwork {
    let remainder = try remainder(creases)
    let orientation = HingeOrientation(
      bends: creases.bends, remainder: remainder,
      rays: Array(Set(creases.spans.flatMap(\.rays))).sorted { $0.lexicographicallyPrecedes($1) },
      lines: Array(Set(creases.spans.flatMap(\.lines))).sorted { $0.lexicographicallyPrecedes($1) })
    let choice = orientation.choose()
    let turned = Set(choice.turned)
    var rest = choice.turned.reduce(remainder) { $0 + creases.bends[$1].jump * creases.bends[$1].hyperplane }
    var hinges = HingeSum(constant: .zero)
    for (index, bend) in creases.bends.enumerated() {
      let isTurned = turned.contains(index)
      var jump = bend.jump
      if index == choice.double, let lead = bend.hyperplane.gradient.firstIndex(where: { $0.signum != 0 }) {
        // c h = c σ(h) − c σ(−h) takes the rest's gradient; the part on the hinge's own side joins it.
        let share = rest.gradient[lead]
        let own = isTurned ? -share : share
        hinges.add(-own, isTurned ? bend.hyperplane : -bend.hyperplane)
        jump += own
        rest = rest - share * bend.hyperplane
      }
      hinges.add(jump, isTurned ? -bend.hyperplane : bend.hyperplane)
    }
    add(rest, to: &hinges, creases)
    return OneHiddenLayerNetwork(
      network: try hinges.network(inputs: inputs, outputBias: true), leastUnits: choice.leastUnits)
  }

  /// What the function is besides its hinges, all positive on the positive sides: one affine function for all cells.
  private func remainder(_ creases: Creases) throws -> AffineFunction {
    let rests = creases.spans.indices.map { cell in
      creases.bends.reduce(creases.maps[cell]) { rest, bend in
        creases.spans[cell].sides(of: bend.hyperplane).positive ? rest - bend.jump * bend.hyperplane : rest
      }
    }
    for (cell, rest) in rests.enumerated() where rest != rests[0] {
      throw RepresentationError(
        "the cells 0 and \(cell) do not hang together: either no chain of cells that meet in facets joins them, or cells "
          + "overlap with different maps")
    }
    return rests[0]
  }

  /// Adds an affine function: its constant to the output's, its linear part by one unit where that is bounded on a side.
  private func add(_ rest: AffineFunction, to hinges: inout HingeSum, _ creases: Creases) {
    hinges.constant = rest.constant
    guard !rest.isConstant else { return }
    let linear = AffineFunction(gradient: rest.gradient, constant: .zero)
    for (sign, function) in [(Rational.one, linear), (-1, -linear)] {
      let minima = cells.compactMap { $0.polyhedron.minimum(of: function) }
      guard minima.count == cells.count, let least = minima.min() else { continue }
      hinges.add(sign, AffineFunction(gradient: function.gradient, constant: -least))
      hinges.constant += sign * least
      return
    }
    hinges.add(.one, linear)
    hinges.add(-1, -linear)
  }
}
