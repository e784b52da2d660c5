import Foundation
import Networks
import Queries

extension Assignment {
  /// The serialised format of the standard: for each variable, in the order of declaration, the name of its file and the
  /// bytes of an ONNX `TensorProto`. Elements of type `real`, which ONNX does not know, become `float64`.
  ///
  /// - Throws: `VNNLIBError` for an element type that has no numbers, or whose packing is not written.
  ///
  /// Source: VNN-LIB 2.0, section "Serialised assignment format".
  public func tensors() throws -> [(file: String, data: Data)] {
    try query.variables.map { variable in
      let type: TensorFile.ElementType? =
        variable.elementType == .real ? .float64 : TensorFile.ElementType(rawValue: variable.elementType.rawValue)
      guard let type else {
        throw VNNLIBError(
          file: query.file, place: variable.place,
          "\(variable.name) is of type \(variable.elementType.rawValue), which is not written as a tensor; leave the"
            + " serialised assignment away to have it as text")
      }
      let tensor = TensorFile(
        name: variable.name, shape: variable.shape, elementType: type, elements: variable.elements.map { values[$0] })
      return ("\(variable.name).pb", try tensor.data())
    }
  }
}
