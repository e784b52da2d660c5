/// A depth-first search through the cells of a network, one task at a time.
///
/// An enumeration and not a protocol, so that the compiler makes a version of the vertex splitter for each kind of mask.
enum CellSearch {
  case narrow(VertexSplitter<UInt64>)
  case wide(VertexSplitter<UInt128>)
  case programs(ProgramSplitter)

  /// Visits the leaves of a task until it is done, `quota` leaves are reached, or the search is told to stop.
  ///
  /// - Returns: what is left of the task, in at most `parts` tasks, in order; nil when this search cannot do it.
  func run(_ task: DecisionPath.Task, quota: Int, parts: Int) -> [DecisionPath.Task]? {
    switch self {
    case .narrow(let search): search.run(task, quota: quota, parts: parts)
    case .wide(let search): search.run(task, quota: quota, parts: parts)
    case .programs(let search): search.run(task, quota: quota, parts: parts)
    }
  }

  /// The leaves of the last task.
  var leaves: Int {
    switch self {
    case .narrow(let search): search.leaves
    case .wide(let search): search.leaves
    case .programs(let search): search.leaves
    }
  }

  /// Signs decided in integers, so far.
  var exactSigns: Int {
    switch self {
    case .narrow(let search): search.exactSigns
    case .wide(let search): search.exactSigns
    case .programs(let search): search.exactSigns
    }
  }
}

/// Something that can be written out as a region.
protocol RegionSource {
  func region(_ layout: PatternLayout, _ detail: RegionDetail) -> LinearRegion
}
