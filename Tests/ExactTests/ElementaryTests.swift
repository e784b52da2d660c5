import Exact
import Probability
import Testing

@Suite struct ElementaryTests {
  /// Whether an enclosure contains a number that is known to its last digit.
  private static func contains(_ bounds: (lower: Rational, upper: Rational), _ digits: String) throws -> Bool {
    let value = try #require(Rational(digits))
    let exponent = digits.firstIndex(of: "E").map { Int(digits[digits.index(after: $0)...]) ?? 0 } ?? 0
    let decimals = digits.prefix { $0 != "E" }.reversed().firstIndex(of: ".").map { $0 } ?? 0
    let unit = try #require(Rational("1e\(exponent - decimals)"))
    return bounds.lower <= value + unit && value - unit <= bounds.upper
  }

  @Test(arguments: [
    ("2", "0.693147180559945309417232121458176568075500134360255254120680009493393621969694715605863327"),
    ("10", "2.30258509299404568401799145468436420760110148862877297603332790096757260967735248023599721"),
    ("3/7", "-0.847297860387203613710107506520654024989594171759111736724695816300085569533460300914042745"),
    ("1e300", "690.775527898213705205397436405309262280330446588631892809998370290271782903205744070799162"),
  ])
  func logarithms(_ x: String, _ expected: String) throws {
    let x = try #require(Rational(x))
    for bits in [1, 20, 53, 200, 280] {
      let bounds = try Elementary.log(x, bits: bits)
      #expect(try Self.contains(bounds, expected), "\(bits) bits")
      #expect(bounds.upper - bounds.lower <= Rational(powerOfTwo: -bits), "\(bits) bits")
    }
  }

  @Test(arguments: [
    ("1", "2.71828182845904523536028747135266249775724709369995957496696762772407663035354759457138218"),
    ("1/2", "1.64872127070012814684865078781416357165377610071014801157507931164066102119421560863277652"),
    ("-7.25", "0.000710174388842549063584600370577544408676302387361895885564452288746470449481193453667796724"),
    ("10000", "8.80681822566292158726149600764456100352000408559150893642457076276223289527619868552473539E4342"),
  ])
  func exponentials(_ x: String, _ expected: String) throws {
    let x = try #require(Rational(x))
    for bits in [1, 20, 53, 200, 280] {
      let bounds = try Elementary.exp(x, bits: bits)
      #expect(try Self.contains(bounds, expected), "\(bits) bits")
      #expect(bounds.upper <= bounds.lower * (1 + Rational(powerOfTwo: -bits)), "\(bits) bits")
    }
  }

  @Test(arguments: [
    ("0", "0.693147180559945309417232121458176568075500134360255254120680009493393621969694715605863327"),
    ("1", "1.31326168751822283404899549496785564191528008567034837471906351483719490150918722093620041"),
    ("-3.5", "0.0297504182726205651948111740817498288153911728415224602005825234418630655636646659867734111"),
    ("25", "25.0000000000138879438648675831022644607359232498286982512744396117207071385395032577434211"),
  ])
  func softplus(_ x: String, _ expected: String) throws {
    let x = try #require(Rational(x))
    for bits in [1, 20, 53, 200, 270] {
      let bounds = Elementary.log1pExp(x, bits: bits)
      #expect(try Self.contains(bounds, expected), "\(bits) bits")
      #expect(bounds.upper - bounds.lower <= Rational(powerOfTwo: -bits), "\(bits) bits")
    }
  }

  @Test func softplusOfHugeNumbersIsCheap() {
    for exponent in [4, 9, 300] {
      let z = Rational(exponent == 300 ? "1e300" : "1e\(exponent)")!
      let right = Elementary.log1pExp(z, bits: 200)
      let left = Elementary.log1pExp(-z, bits: 200)
      #expect(right.lower >= z && right.upper <= z + Rational(powerOfTwo: -200))
      #expect(left.lower.signum >= 0 && left.upper <= Rational(powerOfTwo: -200))
    }
  }

  @Test func functionsIncreaseAndInvertEachOther() throws {
    let seed: UInt64 = 5
    var source = RandomSource(seed: seed)
    let bits = 80
    for round in 0..<200 {
      let context: Comment = "seed \(seed), round \(round)"
      let x = Rational(source.index(below: 40_001) - 20_000, 1 + source.index(below: 700))
      let y = x + Rational(1, 1 + source.index(below: 1_000_000))
      let expX = try Elementary.exp(x, bits: bits)
      let expY = try Elementary.exp(y, bits: bits)
      #expect(expX.lower <= expX.upper && expX.upper < expY.lower, context)
      // log is increasing: the logarithms of the ends of an enclosure of e^x enclose x.
      let low = try Elementary.log(expX.lower, bits: bits)
      let high = try Elementary.log(expX.upper, bits: bits)
      #expect(low.lower <= x && x <= high.upper, context)
      #expect(high.upper - low.lower <= Rational(powerOfTwo: 3 - bits), context)
      let softX = Elementary.log1pExp(x, bits: bits)
      let softY = Elementary.log1pExp(y, bits: bits)
      #expect(softX.lower <= softY.upper, context)
      // log(1 + e^x) − log(1 + e^{−x}) = x
      let mirrored = Elementary.log1pExp(-x, bits: bits)
      #expect(softX.lower - mirrored.upper <= x && x <= softX.upper - mirrored.lower, context)
    }
  }

  @Test func refusesWhatHasNoAnswer() throws {
    #expect(throws: ElementaryError.self) { try Elementary.log(0, bits: 50) }
    #expect(throws: ElementaryError.self) { try Elementary.log(-1, bits: 50) }
    #expect(throws: ElementaryError.self) { try Elementary.exp(Rational("1e9")!, bits: 50) }
    let tiny = try Elementary.exp(Rational("-1e9")!, bits: 50)
    #expect(tiny.lower == .zero && tiny.upper > .zero && tiny.upper < Rational(powerOfTwo: -1_000_000))
    let message = String(describing: #expect(throws: ElementaryError.self) { try Elementary.log(-1, bits: 50) } as Any)
    #expect(message.contains("positive"))
  }
}
