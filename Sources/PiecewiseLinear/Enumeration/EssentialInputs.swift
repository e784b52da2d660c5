import Exact
import Networks
import Polyhedra

/// Inputs such that the network and the domain are constant along a complement of their span: cells are the same with all
/// other inputs held at 0, and no line lies in all of them.
struct EssentialInputs {
  let inputs: [Int]
  let dropped: [Int]
  /// For each dropped input the direction of constancy that has a 1 there and a 0 at the other dropped ones.
  let lines: [[Double]]

  static func all(_ count: Int) -> EssentialInputs { EssentialInputs(inputs: Array(0..<count), dropped: [], lines: []) }

  private init(inputs: [Int], dropped: [Int], lines: [[Double]]) {
    self.inputs = inputs
    self.dropped = dropped
    self.lines = lines
  }

  /// By exact elimination of the gradients that read the inputs. O(forms · inputs²) integer products.
  init(_ network: UnitNetwork, _ halfSpaces: [HalfSpace]) {
    let count = network.inputCount
    let elimination = IntegerKernel(dimension: count)
    let forms = network.stages.flatMap { $0.units.flatMap(\.forms) } + network.outputs
    for halfSpace in halfSpaces where elimination.rank < count { elimination.insert(halfSpace.normal) }
    for form in forms where elimination.rank < count {
      var row = Array(repeating: 0.0, count: count)
      for term in form.terms where term.value < count { row[term.value] = term.weight }
      elimination.insert(row)
    }
    let kept = elimination.rank == 0 ? [0] : elimination.pivots.sorted()
    let rest = (0..<count).filter { !kept.contains($0) }
    let vector = IntegerVector(count: count)
    lines = rest.map { free in
      elimination.write(free: free, to: vector)
      return (0..<count).map { vector.quotient($0, vector, free) }
    }
    inputs = kept
    dropped = rest
  }
}

extension IntegerKernel {
  fileprivate func insert(_ row: [Double]) {
    insert(PreparedDomain.integers([row]).0[0])
  }
}
