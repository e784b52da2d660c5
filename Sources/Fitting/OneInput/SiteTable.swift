/// The merged data of a one-input fit in flat buffers: one site for each distinct abscissa, in increasing order.
///
/// A reference type because it owns its buffers; they are never written after `init`.
final class SiteTable {
  let count: Int
  let x: UnsafeMutablePointer<Double>
  let y: UnsafeMutablePointer<Double>
  let weight: UnsafeMutablePointer<Double>

  init(x: [Double], y: [Double], weights: [Double]) {
    count = x.count
    self.x = .allocate(capacity: max(count, 1))
    self.y = .allocate(capacity: max(count, 1))
    weight = .allocate(capacity: max(count, 1))
    for site in 0..<count {
      self.x[site] = x[site]
      self.y[site] = y[site]
      weight[site] = weights[site]
    }
  }

  deinit {
    x.deallocate()
    y.deallocate()
    weight.deallocate()
  }

  /// The same data read from right to left, with abscissae negated so that they increase.
  var mirrored: SiteTable {
    let order = (0..<count).reversed()
    return SiteTable(x: order.map { -x[$0] }, y: order.map { y[$0] }, weights: order.map { weight[$0] })
  }
}

/// A growable buffer of plain values, for the inner loops.
///
/// Its state lies behind a pointer because stored properties of a class are checked for exclusive access at run time,
/// which costs as much as the loops themselves.
final class Pool<Element: BitwiseCopyable> {
  private struct State {
    var base: UnsafeMutablePointer<Element>
    var count: Int
    var capacity: Int
  }

  private let state: UnsafeMutablePointer<State>

  init(capacity: Int = 64) {
    state = .allocate(capacity: 1)
    state.initialize(to: State(base: .allocate(capacity: capacity), count: 0, capacity: capacity))
  }

  deinit {
    state.pointee.base.deallocate()
    state.deallocate()
  }

  @inline(__always)
  var base: UnsafeMutablePointer<Element> { state.pointee.base }

  @inline(__always)
  var count: Int { state.pointee.count }

  @inline(__always)
  func append(_ element: Element) {
    if count == state.pointee.capacity { grow(to: 2 * count) }
    (base + count).initialize(to: element)
    state.pointee.count += 1
  }

  @inline(__always)
  func append(_ elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress else { return }
    let total = count + elements.count
    if total > state.pointee.capacity { grow(to: max(2 * count, total)) }
    (base + count).initialize(from: source, count: elements.count)
    state.pointee.count = total
  }

  @inline(__always)
  func removeAll() { state.pointee.count = 0 }

  /// Exchanges contents with another pool.
  @inline(__always)
  func swapContents(with other: Pool) { swap(&state.pointee, &other.state.pointee) }

  @inline(__always)
  var elements: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: base, count: count) }

  @inline(never)
  private func grow(to capacity: Int) {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.moveInitialize(from: base, count: count)
    base.deallocate()
    state.pointee.base = larger
    state.pointee.capacity = capacity
  }
}
