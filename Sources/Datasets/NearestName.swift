/// The candidate that a misspelt name most probably stands for, or nil when none is close.
///
/// Closeness is the number of letters to insert, delete, replace or swap with a neighbour (optimal string alignment),
/// ignoring case; up to a third of the name's letters, at least one, may be wrong. Of equally near candidates the first
/// wins. For a name of `m` letters each candidate costs O(m²), whatever its own length.
public func nearestName(to name: String, among candidates: [String]) -> String? {
  let target = Array(name.lowercased())
  var best: (name: String, distance: Int)?
  var allowed = max(1, target.count / 3)
  for candidate in candidates {
    // A candidate longer than this is too far, however it goes on: a very long name need not be read to its end.
    let letters = Array(candidate.prefix(target.count + allowed + 1).lowercased())
    guard abs(letters.count - target.count) <= allowed else { continue }
    let distance = editDistance(target, letters)
    guard distance <= allowed, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
    allowed = distance
  }
  return best?.name
}

private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var beforeLast = [Int](repeating: 0, count: second.count + 1)
  var last = Array(0...second.count)
  for i in first.indices {
    var row = [Int](repeating: i + 1, count: second.count + 1)
    for j in second.indices {
      let replaced = last[j] + (first[i] == second[j] ? 0 : 1)
      row[j + 1] = min(replaced, last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
        row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
      }
    }
    (beforeLast, last) = (last, row)
  }
  return last[second.count]
}
