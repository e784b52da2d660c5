/// Memory that is taken and given back in the order of a depth-first search: no allocation in the inner loop.
final class Arena {
  struct Mark {
    fileprivate var block: Int
    fileprivate var offset: Int
  }

  private var blocks: [(base: UnsafeMutableRawPointer, size: Int)] = []
  private var block = 0
  private var offset = 0
  private static let alignment = 64

  init() { blocks.append(Self.makeBlock(1 << 18)) }

  deinit { for block in blocks { block.base.deallocate() } }

  private static func makeBlock(_ size: Int) -> (base: UnsafeMutableRawPointer, size: Int) {
    (.allocate(byteCount: size, alignment: alignment), size)
  }

  var mark: Mark { Mark(block: block, offset: offset) }

  /// Gives back everything taken since the mark.
  func release(to mark: Mark) {
    block = mark.block
    offset = mark.offset
  }

  /// Takes room for `count` trivial elements; their contents are undefined. O(1).
  @inline(__always)
  func take<Element: BitwiseCopyable>(_ type: Element.Type, _ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = (max(count, 1) * MemoryLayout<Element>.stride + Self.alignment - 1) & -Self.alignment
    if offset + bytes > blocks[block].size { nextBlock(atLeast: bytes) }
    let pointer = blocks[block].base + offset
    offset += bytes
    return pointer.assumingMemoryBound(to: type)
  }

  private func nextBlock(atLeast bytes: Int) {
    while block + 1 < blocks.count {
      block += 1
      offset = 0
      if bytes <= blocks[block].size { return }
    }
    blocks.append(Self.makeBlock(max(bytes, 2 * (blocks.last?.size ?? 0))))
    block = blocks.count - 1
    offset = 0
  }
}
