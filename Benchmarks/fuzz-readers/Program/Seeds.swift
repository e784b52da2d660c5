import Foundation
import LinearAlgebra
import Networks
import Probability

/// Sound files, to be damaged.
enum Seeds {
  private static let largestFile = 32 << 10

  /// For each reader the files made here, then those with its extension below a folder, in the order of their paths;
  /// never empty.
  static func files(for reader: Reader, folder: String?) throws -> [[UInt8]] {
    var files =
      switch reader {
      case .onnx: try models()
      case .vnnlib: queries.map { Array($0.utf8) }
      }
    guard let folder else { return files }
    guard let paths = FileManager.default.subpaths(atPath: folder) else {
      throw UsageError(message: "--seeds: cannot list the folder '\(folder)'")
    }
    for path in paths.sorted() where path.hasSuffix(".\(reader.rawValue)") {
      let whole = "\(folder)/\(path)"
      let size = try FileManager.default.attributesOfItem(atPath: whole)[.size] as? Int
      guard let size, (1...largestFile).contains(size) else { continue }
      files.append(Array(try Data(contentsOf: URL(fileURLWithPath: whole))))
    }
    return files
  }

  /// Chains of layers as the project writes them.
  private static func models() throws -> [[UInt8]] {
    try (0..<16).map { index in
      var random = RandomSource(seed: 0, index: index)
      let widths = (0...1 + index % 4).map { _ in 1 + random.index(below: 6) }
      var layers: [Layer] = []
      for (inputs, outputs) in zip(widths, widths.dropFirst()) {
        if !layers.isEmpty { layers.append(.relu) }
        let elements = (0..<inputs * outputs).map { _ in random.normal() }
        let bias = (0..<outputs).map { _ in random.normal() }
        layers.append(.affine(weights: Matrix(rows: outputs, columns: inputs, elements: elements), bias: bias))
      }
      return Array(try Network(layers).onnx(elementType: index % 2 == 0 ? .float32 : .float64))
    }
  }

  private static let queries = [
    """
    ; two inputs, one output
    (declare-const X_0 Real)
    (declare-fun X_1 () Real)
    (declare-const Y_0 Real)
    (assert (or (and (<= X_0 1e-05) (>= Y_0 (* 2.5 X_1))) (= X_1 (- X_0 1)) (distinct (+ X_0 X_1) .5)))
    (assert (<= -1 X_0))
    """,
    """
    (vnnlib-version <2.0>)
    (declare-network N (declare-input X real [2,2]) (declare-output Y real [3]))
    (assert (and (<= X[0,0] 1.0) (>= X[0,0] -1.0) (== X[1,1] 0.5)))
    (assert (or (< Y[0] Y[1]) (>= (* X[0,1] Y[2] Y[2]) (- 0.25 X[1,0])) (!= (+ Y[0] Y[1] -2.0) Y[2])))
    """,
    """
    (vnnlib-version <2.0>)
    (declare-network f
      (declare-input A float32 []) (declare-input B float32 [2])
      (declare-hidden H float32 [1,3] "Relu_1") (declare-output C float32 [1]))
    (declare-network g (equal-to f) (declare-input A2 float32 []) (declare-input B2 float32 [2])
      (declare-output C2 float32 [1]))
    (declare-network h (isomorphic-to f) (declare-input A3 float32 []) (declare-input B3 float32 [2])
      (declare-output C3 float32 [1]))
    (assert (== A A2))
    (assert (and (<= B[0] 1) (>= B[0] 0.0) (or (<= B[1] B2[1]) (> (- B[1]) (* 3.0 H[0,2])))))
    (assert (> (- C[0] C2[0]) (* 0.5 C3[0])))
    """,
  ]
}
