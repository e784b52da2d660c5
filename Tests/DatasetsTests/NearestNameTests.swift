import Testing

@testable import Datasets

@Suite("Nearest name")
struct NearestNameTests {
  @Test(
    "misspellings",
    arguments: [
      ("ozon", "Ozone"), ("OZONE", "Ozone"), ("Tmep", "Temp"), ("slar.R", "Solar.R"), ("x", "y"), ("Wnid", "Wind"),
    ])
  func misspelt(name: String, expected: String) {
    #expect(nearestName(to: name, among: ["Ozone", "Solar.R", "Wind", "Temp", "y"]) == expected)
  }

  @Test("nothing near, nothing suggested")
  func far() {
    #expect(nearestName(to: "pressure", among: ["Ozone", "Temp"]) == nil)
    #expect(nearestName(to: "x", among: []) == nil)
    #expect(nearestName(to: "", among: ["abc"]) == nil)
    #expect(nearestName(to: "Temp", among: [String(repeating: "Temp", count: 1_000_000)]) == nil)
  }

  @Test("the nearest wins, of equals the first")
  func ties() {
    #expect(nearestName(to: "alpha", among: ["alphas", "alpha", "alph"]) == "alpha")
    #expect(nearestName(to: "x3", among: ["x1", "x2"]) == "x1")
  }
}
