import Testing

@testable import Queries

@Suite struct VNNLIBTheoriesTests {
  private func theories(_ networks: String, _ assertions: String = "") throws -> VNNLIBTheories {
    try VNNLIBQuery("(vnnlib-version <2.0>)\(networks)\(assertions)", file: "f").theories
  }

  private static let f = "(declare-network f (declare-input X float32 [2]) (declare-output Y float32 [2]))"

  private func arithmetic(_ formula: String) throws -> VNNLIBTheories.Arithmetic {
    let hidden =
      "(declare-network f (declare-input X real [2]) (declare-hidden H real [] \"h\") (declare-output Y real [2]))"
    return try theories(hidden, "(assert \(formula))").arithmetic
  }

  @Test func theArithmeticOfComparisons() throws {
    for formula in ["(<= X[0] 1.0)", "(>= 0.5 Y[0])", "(== H (+ 1.0 2.0))", "(and (<= X[0] 1.0) (or (!= Y[1] 1.0)))"] {
      #expect(try arithmetic(formula) == .bounds, "\(formula)")
    }
    for formula in ["(>= Y[0] Y[1])", "(< H Y[1])", "(and (<= X[0] 1.0) (or (!= Y[1] Y[1])))"] {
      #expect(try arithmetic(formula) == .outputComparisons, "\(formula)")
    }
    for formula in [
      "(>= X[0] X[1])", "(< X[0] Y[1])", "(<= (- Y[0]) 1.0)", "(<= (* 0.5 Y[0] 2.0) 1.0)", "(<= Y[0] (- Y[1] 1.0))",
    ] {
      #expect(try arithmetic(formula) == .linear, "\(formula)")
    }
    for formula in ["(>= (* X[0] X[1]) 1.0)", "(< Y[0] (- (* H 2.0 H)))", "(or (<= X[0] 1.0) (<= (* 0.0 H H) 1.0))"] {
      #expect(try arithmetic(formula) == .polynomial, "\(formula)")
    }
  }

  @Test func nodesThatAreCompared() throws {
    let g =
      "(declare-network g (declare-input A float32 [2]) (declare-hidden H float32 [] \"h\") "
      + "(declare-output B float32 [2]))"
    for formula in ["(<= (+ X[0] X[1]) 0.1)", "(<= H 0.5)", "(== Y[0] A[0])", "(and (<= X[0] 0.1) (<= Y[0] 0.1))"] {
      #expect(try theories(Self.f + g, "(assert \(formula))").nodeComparisons == .single, "\(formula)")
    }
    for formula in ["(<= (+ X[0] Y[0]) 0.1)", "(<= H A[1])", "(== B[0] H)", "(<= (+ X[0] A[0] X[1] B[0]) 0.1)"] {
      #expect(try theories(Self.f + g, "(assert \(formula))").nodeComparisons == .multiple, "\(formula)")
    }
  }

  @Test func theNumberOfNetworks() throws {
    func more(_ relation: String, _ index: Int) -> String {
      "(declare-network g\(index) \(relation) (declare-input A\(index) float32 [2]) "
        + "(declare-output B\(index) float32 [2]))"
    }
    #expect(try theories(Self.f).networks == .single)
    #expect(try theories(Self.f + more("(equal-to f)", 1) + more("(equal-to f)", 2)).networks == .equal)
    #expect(try theories(Self.f + more("(equal-to f)", 1) + more("(isomorphic-to f)", 2)).networks == .isomorphic)
    #expect(try theories(Self.f + more("(equal-to f)", 1) + more("", 2)).networks == .multiple)
  }

  @Test func logics() throws {
    #expect(try theories(Self.f).logic == "NH-SNET-SIO-SNC-BND-FLOAT32")
    let all =
      "(declare-network f (declare-input X int8 [2]) (declare-input Z float16 []) (declare-hidden H float16 [] \"h\") "
      + "(declare-output Y int8 [2]))"
    #expect(try theories(all, "(assert (<= (* X[0] Y[1]) 1))").logic == "H-SNET-MIO-MNC-POLY-FLOAT16-INT8")
  }

  @Test func theoriesAreOrderedByInclusion() {
    #expect(VNNLIBTheories.Arithmetic.allCases.sorted() == [.bounds, .outputComparisons, .linear, .polynomial])
    #expect(VNNLIBTheories.Networks.single < .multiple && !(VNNLIBTheories.Networks.equal < .equal))
    #expect(VNNLIBTheories.HiddenNodes.hidden > .none)
  }
}
