/// A depth-first search through the cells of a network, one task at a time.
protocol CellSearch: AnyObject {
  /// Visits the leaves of a task until it is done, `quota` leaves are reached, or the search is told to stop.
  ///
  /// - Returns: what is left of the task, in at most `parts` tasks, in order; nil when this search cannot do it.
  func run(_ task: DecisionPath.Task, quota: Int, parts: Int) -> [DecisionPath.Task]?

  /// The leaves of the last task.
  var leaves: Int { get }
  /// Signs decided in integers, so far.
  var exactSigns: Int { get }
}

/// Something that can be written out as a region.
protocol RegionSource {
  func region(_ layout: PatternLayout, _ detail: RegionDetail) -> LinearRegion
}
