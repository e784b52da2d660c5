import Exact

/// Maxima (or minima) of many subsets of some forms, by balanced trees that share what they can.
///
/// In each round the members of a set are paired, so that a set of k members is done after ⌈log₂ k⌉ rounds. Which are
/// paired is chosen greedily: first the sets of two, whose maxima are needed anyway, then the pair that occurs in the most
/// sets. A round costs about the sum of the squares of the sets' sizes, and O(size) for a set of more than
/// `largestCountedSet` members, of which only neighbours are counted.
struct SharedExtrema {
  static let largestCountedSet = 48
  static let neighbours = 8

  let isMaximum: Bool

  private struct Pair: Hashable {
    var first: Int
    var second: Int
  }

  /// The extremum of each set, as a form of the graph.
  ///
  /// - Parameters:
  ///   - sets: indices into `forms`, each set sorted, without repetition, not empty.
  func extrema(of sets: [[Int]], forms: [LinearForm], in graph: inout HingeGraph) -> [LinearForm] {
    var values = forms
    var sets = sets
    while sets.contains(where: { $0.count > 1 }) { sets = round(sets, &values, &graph) }
    return sets.map { values[$0[0]] }
  }

  private func round(_ sets: [[Int]], _ values: inout [LinearForm], _ graph: inout HingeGraph) -> [[Int]] {
    var unpaired = sets.map { $0.count > 1 ? Set($0) : [] }
    var results = sets.map { $0.count > 1 ? [] : $0 }
    var owners: [Int: [Int]] = [:]
    for (index, set) in sets.enumerated() where set.count > 1 {
      for member in set { owners[member, default: []].append(index) }
    }
    var counts = count(sets)
    var queue = Buckets(counts)
    let twos = sets.filter { $0.count == 2 }.map { Pair(first: $0[0], second: $0[1]) }
    for pair in twos.sorted(by: { (counts[$0] ?? 0, $1.first, $1.second) < (counts[$1] ?? 0, $0.first, $0.second) }) {
      queue.prefer(pair)
    }
    while let pair = queue.next(counts) {
      let (firsts, seconds) = (owners[pair.first, default: []], owners[pair.second, default: []])
      var block: Int?
      for index in firsts.count <= seconds.count ? firsts : seconds
      where unpaired[index].contains(pair.first) && unpaired[index].contains(pair.second) {
        let number = block ?? make(pair, &values, &graph)
        block = number
        unpaired[index].remove(pair.first)
        unpaired[index].remove(pair.second)
        results[index].append(number)
        counts[pair]? -= 1
        for other in unpaired[index] {
          counts[Self.pair(pair.first, other)]? -= 1
          counts[Self.pair(pair.second, other)]? -= 1
        }
      }
      counts[pair] = nil
    }
    for index in sets.indices {
      // Neighbours that were not counted, and the odd one out.
      var rest = sets[index].filter(unpaired[index].contains)[...]
      while rest.count > 1 {
        let pair = Pair(first: rest.removeFirst(), second: rest.removeFirst())
        results[index].append(make(pair, &values, &graph))
      }
      results[index] += rest
      results[index].sort()
    }
    return results
  }

  private func make(_ pair: Pair, _ values: inout [LinearForm], _ graph: inout HingeGraph) -> Int {
    values.append(graph.extremum(values[pair.first], values[pair.second], isMaximum: isMaximum))
    return values.count - 1
  }

  private static func pair(_ a: Int, _ b: Int) -> Pair { a < b ? Pair(first: a, second: b) : Pair(first: b, second: a) }

  /// In how many sets each pair occurs.
  private func count(_ sets: [[Int]]) -> [Pair: Int] {
    var counts: [Pair: Int] = [:]
    for set in sets where set.count > 1 {
      let reach = set.count > Self.largestCountedSet ? Self.neighbours : set.count
      for (position, first) in set.enumerated() {
        for second in set[(position + 1)...].prefix(reach) {
          counts[Pair(first: first, second: second), default: 0] += 1
        }
      }
    }
    return counts
  }

  /// The pairs by their counts, which only fall.
  private struct Buckets {
    private var preferred: [Pair] = []
    private var buckets: [[Pair]]

    init(_ counts: [Pair: Int]) {
      buckets = Array(repeating: [], count: (counts.values.max() ?? 0) + 1)
      for (pair, count) in counts { buckets[count].append(pair) }
      for index in buckets.indices { buckets[index].sort { ($0.first, $0.second) > ($1.first, $1.second) } }
    }

    /// Lets a pair come before all others that are not preferred yet; called with the last to come first.
    mutating func prefer(_ pair: Pair) { preferred.append(pair) }

    mutating func next(_ counts: [Pair: Int]) -> Pair? {
      while let pair = preferred.popLast() { if counts[pair, default: 0] > 0 { return pair } }
      while let last = buckets.indices.last {
        guard let pair = buckets[last].popLast() else {
          buckets.removeLast()
          continue
        }
        let count = counts[pair, default: 0]
        if count == last, count > 0 { return pair }
        if count > 0 { buckets[count].append(pair) }
      }
      return nil
    }
  }
}
