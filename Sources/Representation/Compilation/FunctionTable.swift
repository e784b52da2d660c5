import Exact

/// The different affine functions of several outputs, numbered; the sets of numbers in which dominated ones are left out.
struct FunctionTable {
  let inputs: Int
  private(set) var functions: [AffineFunction] = []
  private var numbers: [AffineFunction: Int] = [:]
  /// For each function, the number of its gradient.
  private var gradients: [Int] = []
  private var gradientNumbers: [[Rational]: Int] = [:]

  init(inputs: Int) { self.inputs = inputs }

  var forms: [LinearForm] { functions.map(LinearForm.init) }

  /// The numbers of functions, equal ones having the same.
  ///
  /// - Throws: `RepresentationError` when a function has another number of inputs.
  mutating func insert(_ functions: [AffineFunction], output: Int) throws -> [Int] {
    try functions.enumerated().map { index, function in
      guard function.inputs == inputs else {
        throw RepresentationError(
          "function \(index) of output \(output) has \(function.inputs) inputs where \(inputs) are expected;"
            + " all functions of all outputs must have the same inputs")
      }
      if let known = numbers[function] { return known }
      let gradient = gradientNumbers[function.gradient] ?? gradientNumbers.count
      gradientNumbers[function.gradient] = gradient
      numbers[function] = self.functions.count
      gradients.append(gradient)
      self.functions.append(function)
      return self.functions.count - 1
    }
  }

  /// The set of numbers, sorted; of functions that differ by a constant, only the largest, or the smallest.
  func reduced(_ set: some Sequence<Int>, isMaximum: Bool) -> [Int] {
    var best: [Int: Int] = [:]
    for number in set {
      guard let rival = best[gradients[number]] else {
        best[gradients[number]] = number
        continue
      }
      let isLarger = functions[number].constant > functions[rival].constant
      if number != rival, isLarger == isMaximum { best[gradients[number]] = number }
    }
    return best.values.sorted()
  }

  /// Whether every coefficient is an integer over a power of two.
  var isDyadic: Bool {
    functions.allSatisfy { function in
      (function.gradient + [function.constant]).allSatisfy { Self.isPowerOfTwo($0.denominator) }
    }
  }

  private static func isPowerOfTwo(_ number: Rational) -> Bool { number == .one || number.isPowerOfTwo }
}
