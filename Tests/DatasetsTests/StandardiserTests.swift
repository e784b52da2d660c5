import Testing

@testable import Datasets

@Suite("Standardiser")
struct StandardiserTests {
  @Test("mean and population standard deviation")
  func moments() {
    let standardiser = Standardiser(columns: [[2, 4, 4, 4, 5, 5, 7, 9], [0, 1]])
    #expect(standardiser.means == [5, 0.5])
    #expect(standardiser.scales == [2, 0.5])
    #expect(standardiser.apply([[5, 9], [0]]) == [[0, 2], [-1]])
    #expect(standardiser.undo([[0, 2], [-1]]) == [[5, 9], [0]])
  }

  @Test("a constant or an empty column keeps its scale")
  func constant() {
    let standardiser = Standardiser(columns: [[0.1, 0.1, 0.1], [], [7]])
    #expect(standardiser.means == [0.1, 0, 7])
    #expect(standardiser.scales == [1, 1, 1])
    #expect(standardiser.apply([[0.1], [3], [8]]) == [[0], [3], [1]])
    #expect(Standardiser(columns: []).apply([]) == [])
  }

  @Test("neither huge nor tiny units lose the scale", arguments: [1e300, 1e-300, 1, 0x1p-1050])
  func units(unit: Double) {
    let standardiser = Standardiser(columns: [[-unit, unit, -unit, unit]])
    #expect(abs(standardiser.means[0]) <= 1e-15 * unit)
    #expect(abs(standardiser.scales[0] / unit - 1) < 1e-12)
    let extremes = Standardiser(columns: [
      [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude, .greatestFiniteMagnitude]
    ])
    #expect(extremes.means[0].isFinite && extremes.scales[0].isFinite && extremes.scales[0] > 0)
  }

  @Test("applied and undone, a column is itself")
  func inverse() {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let offset = Double.random(in: -1e6...1e6, using: &generator)
      let column = (0..<50).map { _ in offset + Double.random(in: -10...10, using: &generator) }
      let standardiser = Standardiser(columns: [column])
      let standard = standardiser.apply([column])
      let mean = standard[0].reduce(0, +) / 50
      let square = standard[0].reduce(0) { $0 + $1 * $1 } / 50
      #expect(abs(mean) < 1e-8 && abs(square - 1) < 1e-8, "seed \(seed)")
      for (back, value) in zip(standardiser.undo(standard)[0], column) {
        #expect(abs(back - value) <= 4 * value.ulp, "seed \(seed)")
      }
    }
  }
}
