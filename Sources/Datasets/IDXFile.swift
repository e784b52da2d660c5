import Foundation

/// An array of bytes in the IDX format of the MNIST files.
public struct IDXArray: Sendable, Hashable {
  /// Extents, the last running fastest: `[images, rows, columns]`, or `[labels]`.
  public let shape: [Int]
  public let bytes: [UInt8]

  /// Reads a file, compressed by gzip or not; where there is none of that name, one with `.gz` after it. O(bytes).
  ///
  /// - Parameter dimensions: how many the array must have: 1 for labels, 3 for images.
  /// - Throws: `FileError` when the file cannot be read, `DatasetError` when it is no IDX file of unsigned bytes, has other
  ///   dimensions, or is longer or shorter than its header says.
  public static func read(path: String, dimensions: Int) throws -> IDXArray {
    try IDXArray(Array(CompressedFile.read(path)), dimensions: dimensions, source: path)
  }

  init(_ file: [UInt8], dimensions: Int, source: String) throws {
    func fault(_ reason: String) -> DatasetError { DatasetError(source: source, reason) }
    guard file.count >= 4 else {
      throw fault("is \(file.count) bytes long, too short for an IDX file")
    }
    guard file[0] == 0, file[1] == 0 else {
      throw fault(
        "is no IDX file: it begins with the bytes \(file[0]) and \(file[1]), not with 0 and 0")
    }
    guard file[2] == 8 else {
      throw fault("holds elements of the IDX type \(file[2]); accepted is 8, unsigned bytes")
    }
    guard Int(file[3]) == dimensions else {
      throw fault(
        "has \(file[3]) dimensions where \(dimensions) are wanted: images have 3, labels 1; are the files swapped?"
      )
    }
    let header = 4 + 4 * dimensions
    guard file.count >= header else { throw fault("is cut off within its header") }
    var count = 1
    var shape: [Int] = []
    for dimension in 0..<dimensions {
      let extent = file[4 + 4 * dimension..<8 + 4 * dimension].reduce(0) { $0 << 8 | Int($1) }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, extent > 0 else { throw fault("has an extent of \(extent) in its header") }
      count = product
      shape.append(extent)
    }
    let held = file.count - header
    guard held >= count else {
      let text = shape.map(String.init).joined(separator: " × ")
      throw fault("is truncated: its header promises \(text) = \(count) bytes, it holds \(held)")
    }
    guard held == count else {
      throw fault("holds \(held - count) bytes more than its header says")
    }
    self.shape = shape
    bytes = Array(file[header...])
  }
}

/// Images and their labels.
public struct LabelledImages: Sendable, Hashable {
  public let height: Int
  public let width: Int
  /// `[images × height × width]`, 0 … 255.
  public let pixels: [UInt8]
  public let labels: [UInt8]

  /// Images from memory: `pixels` has height · width bytes for each label.
  public init(height: Int, width: Int, pixels: [UInt8], labels: [UInt8]) {
    precondition(pixels.count == labels.count * height * width, "one image for each label")
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
  }

  public var count: Int { labels.count }
  /// The largest label and one.
  public var classes: Int { Int(labels.max() ?? 0) + 1 }

  /// Reads the two files of a set, `train` or `t10k`, in a folder with the names of MNIST: `train-images-idx3-ubyte`,
  /// `train-labels-idx1-ubyte`, `.gz` after them or not.
  ///
  /// - Throws: `FileError`, and `DatasetError` when a file is damaged or there are more images than labels, or fewer.
  public static func read(folder: String, set: String) throws -> LabelledImages {
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    let images = try IDXArray.read(path: "\(base)\(set)-images-idx3-ubyte", dimensions: 3)
    let labels = try IDXArray.read(path: "\(base)\(set)-labels-idx1-ubyte", dimensions: 1)
    guard images.shape[0] == labels.shape[0] else {
      throw DatasetError(
        source: "\(base)\(set)-labels-idx1-ubyte",
        "has \(labels.shape[0]) labels for \(images.shape[0]) images; the two files do not belong together"
      )
    }
    return LabelledImages(
      height: images.shape[1], width: images.shape[2], pixels: images.bytes, labels: labels.bytes)
  }
}
