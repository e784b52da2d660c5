import Datasets
import Foundation

/// Spectra as a table, kernels and spectra as arrays.
enum SpectrumExport {
  /// One line for each eigenvalue.
  static func writeTable(_ study: SpectrumStudy, to path: String) throws {
    var lines = ["set,activation,depth,trained,rank,eigenvalue,lower,upper,label_energy"]
    for set in study.sets {
      for result in set.results {
        let values = result.spectrum.eigenvalues
        for (rank, k) in values.indices.reversed().enumerated() {
          lines.append(
            [
              quoted(set.source.name), quoted(result.setting.activation.name), String(result.setting.depth),
              result.setting.trained.rawValue, String(rank + 1), "\(values[k].value)", "\(values[k].lower)",
              "\(values[k].upper)", "\(result.prediction.energies[k])",
            ].joined(separator: ","))
        }
      }
    }
    try AtomicFile.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: path)
  }

  private static func quoted(_ text: String) -> String {
    text.contains(where: { ",\"\n".contains($0) }) ? "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"" : text
  }

  /// A single kernel as `.npy`; else kernels, eigenvalues and eigenvectors by number as `.npz`.
  static func writeArrays(_ study: SpectrumStudy, to path: String) throws {
    let results = study.sets.flatMap(\.results)
    if path.lowercased().hasSuffix(".npy") {
      guard results.count == 1, let matrix = results[0].matrix else {
        throw Failure.usage(
          "--out \(path): there are \(results.count) kernels, and .npy holds one array; write .npz")
      }
      try AtomicFile.write(
        try NumpyFile.npy(matrix.elements, shape: [matrix.rows, matrix.columns]), to: path)
      return
    }
    var arrays: [(name: String, values: [Double], shape: [Int])] = []
    for (index, result) in results.enumerated() {
      guard let matrix = result.matrix else { continue }
      let n = matrix.rows
      arrays.append(("kernel_\(index)", matrix.elements, [n, n]))
      arrays.append(("eigenvalues_\(index)", result.spectrum.eigenvalues.map(\.value), [n]))
      arrays.append(("lower_\(index)", result.spectrum.eigenvalues.map(\.lower), [n]))
      arrays.append(("upper_\(index)", result.spectrum.eigenvalues.map(\.upper), [n]))
      arrays.append(("eigenvectors_\(index)", result.spectrum.eigenvectors.elements, [n, n]))
    }
    try AtomicFile.write(try NumpyFile.npz(arrays), to: path)
  }
}
