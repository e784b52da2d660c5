import Exact
import Probability
import Testing

@Suite struct IntegerKernelTests {
  private func vector(_ values: [Int]) -> IntegerVector {
    let vector = IntegerVector(count: values.count)
    for (index, value) in values.enumerated() { vector.set(index, to: value) }
    return vector
  }

  private func values(_ vector: IntegerVector) -> [Rational] { (0..<vector.count).map { vector.rational($0) } }

  @Test func theKernelIsOrthogonalToEveryRow() {
    for seed in UInt64(0)..<500 {
      var source = RandomSource(seed: seed)
      let dimension = 1 + source.index(below: 6)
      let kernel = IntegerKernel(dimension: dimension)
      var rows: [IntegerVector] = []
      // Small numbers and repeated rows, so that many are dependent.
      for _ in 0..<3 * dimension where kernel.rank < dimension - 1 {
        let row = vector((0..<dimension).map { _ in source.index(below: 5) - 2 })
        kernel.insert(row)
        rows.append(row)
      }
      let result = IntegerVector(count: dimension)
      guard kernel.kernel(into: result) else {
        #expect(kernel.rank < dimension - 1, "seed \(seed)")
        continue
      }
      let sum = IntegerVector(count: 1)
      for row in rows {
        row.dot(result, into: sum)
        #expect(sum.signum(0) == 0, "seed \(seed)")
      }
      #expect(values(result).contains { $0.signum != 0 }, "seed \(seed)")
    }
  }

  @Test func dependentRowsAreSeen() {
    let kernel = IntegerKernel(dimension: 3)
    #expect(kernel.insert(vector([2, 4, 6])))
    #expect(!kernel.insert(vector([-1, -2, -3])))
    #expect(!kernel.insert(vector([0, 0, 0])))
    #expect(kernel.insert(vector([0, 1, 1])))
    let result = IntegerVector(count: 3)
    #expect(kernel.kernel(into: result))
    result.removeContent()
    #expect(Set([values(result), values(result).map { -$0 }]).contains([1, 1, -1]))
    kernel.reset()
    #expect(kernel.rank == 0 && !kernel.kernel(into: result))
  }

  @Test func directionsOfAllFreeColumns() {
    let kernel = IntegerKernel(dimension: 4)
    kernel.insert(vector([1, 2, 0, 3]))
    let result = IntegerVector(count: 4)
    for free in 0..<4 where !kernel.pivots.contains(free) {
      kernel.write(free: free, to: result)
      let sum = IntegerVector(count: 1)
      vector([1, 2, 0, 3]).dot(result, into: sum)
      #expect(sum.signum(0) == 0 && result.signum(free) != 0)
      for other in 0..<4 where other != free && !kernel.pivots.contains(other) { #expect(result.signum(other) == 0) }
    }
  }

  @Test func doublesAreDyadic() {
    var source = RandomSource(seed: 5)
    var samples = [0.0, -0.0, 1, -1, 0.1, 3e300]
    samples += [.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude]
    for _ in 0..<500 { samples.append(Double(bitPattern: source.next())) }
    for value in samples where value.isFinite {
      let dyadic = Dyadic(value)
      let back = Rational(dyadic.mantissa) * Rational(powerOfTwo: dyadic.exponent)
      #expect(back == Rational(exactly: value), "\(value)")
      #expect(dyadic.mantissa == 0 || dyadic.mantissa & 1 == 1, "\(value)")
      let integer = Rational(exactly: value) * Rational(powerOfTwo: dyadic.fractionBits)
      #expect(integer.denominator == .one, "\(value)")
    }
  }

  @Test func shiftsSumsAndContent() {
    let v = vector([6, -10, 4])
    v.set(2, to: 3, shiftedBy: 70)
    #expect(v.rational(2) == Rational(3) * Rational(powerOfTwo: 70))
    v.set(2, to: v, 0, times: -5, shiftedBy: 2)
    #expect(values(v) == [6, -10, -120])
    v.removeContent()
    #expect(values(v) == [3, -5, -60])
    v.add(0, v, 1)
    v.subtract(2, v, 1)
    #expect(values(v) == [-2, -5, -55])
    v.clear()
    v.removeContent()
    #expect(values(v) == [0, 0, 0])
  }
}
