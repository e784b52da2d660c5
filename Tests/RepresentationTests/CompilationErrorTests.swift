import Exact
import Testing

@testable import Representation

@Suite struct CompilationErrorTests {
  private let line = AffineFunction(gradient: [1], constant: 0)
  private let plane = AffineFunction(gradient: [1, 2], constant: 0)

  private func message(_ outputs: [SignedMaximumSum]) -> String? {
    do {
      _ = try Compiler().compile(outputs)
      return nil
    } catch { return "\(error)" }
  }

  @Test func sums() {
    #expect(message([]) == "there is no output; a network needs one")
    #expect(
      message([SignedMaximumSum(functions: [], terms: [])])
        == "output 0 has no affine function; at least one is needed")
    #expect(
      message([SignedMaximumSum(functions: [line], terms: [.init(coefficient: 1, arguments: [1])])])
        == "term 0 of output 0 names function 1; there are the functions 0 to 0")
    #expect(
      message([SignedMaximumSum(functions: [line], terms: [.init(coefficient: 1, arguments: [])])])
        == "term 0 of output 0 is empty; it needs at least one function")
    #expect(
      message([SignedMaximumSum(functions: [line], terms: []), SignedMaximumSum(functions: [plane], terms: [])])
        == "function 0 of output 1 has 2 inputs where 1 are expected; all functions of all outputs must have the same"
        + " inputs")
    #expect(
      message([SignedMaximumSum(functions: [AffineFunction(gradient: [], constant: 1)], terms: [])])
        == "function 0 of output 0 has no inputs; a network needs at least one")
  }

  @Test func lattices() {
    #expect(throws: RepresentationError("output 0 has no clause; at least one is needed")) {
      try Compiler().compile([LatticeForm(functions: [line], clauses: [])])
    }
    #expect(throws: RepresentationError("clause 1 of output 0 names function -1; there are the functions 0 to 0")) {
      try Compiler().compile([LatticeForm(functions: [line], clauses: [[0], [-1]])])
    }
    #expect(throws: RepresentationError("clause 0 of output 0 is empty; it needs at least one function")) {
      try Compiler().compile([LatticeForm(functions: [line], clauses: [[]])])
    }
  }
}
