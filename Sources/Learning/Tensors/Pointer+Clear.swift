extension UnsafeMutablePointer where Pointee: Scalar {
  /// Sets `count` numbers to zero; a loop over elements of a generic type would be slow.
  func clear(_ count: Int) {
    UnsafeMutableRawPointer(self)
      .initializeMemory(as: UInt8.self, repeating: 0, count: count * MemoryLayout<Pointee>.stride)
  }
}
