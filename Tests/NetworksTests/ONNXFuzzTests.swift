import Foundation
import Mutation
import Probability
import Testing

@testable import Networks

/// Damaged models are refused with the reader's error, or read as networks that compute.
@Suite struct ONNXFuzzTests {
  private static let seeds = (ONNXFixture.all + ONNXFixture.graphs).map { Array($0.data) }

  @Test(arguments: 0..<20) func damagedModels(seed: Int) throws {
    var accepted = 0
    for index in 0..<150 {
      var random = RandomSource(seed: UInt64(seed), index: index)
      let model = Self.seeds[random.index(below: Self.seeds.count)]
      let donor = Self.seeds[random.index(below: Self.seeds.count)]
      let data = Data(ModelMutation.mutated(model, donor: donor, using: &random))
      do {
        _ = try? ONNXSummary(onnx: data, source: "fuzz")
        let chain = try? Network(onnx: data, source: "fuzz")
        let units = try UnitNetwork(onnx: data, source: "fuzz")
        let outputs = units(Array(repeating: 0.5, count: units.inputCount))
        #expect(outputs.count == units.outputs.count, "seed \(seed), \(index)")
        if let chain {
          let width = chain(Array(repeating: 0.5, count: chain.inputs)).count
          #expect(width == outputs.count && chain.inputs == units.inputCount, "seed \(seed), \(index)")
        }
        accepted += 1
      } catch let error as ONNXError {
        #expect(error.description.hasPrefix("fuzz: "), "seed \(seed), \(index)")
      }
    }
    // Damage that every model is refused for at once would test nothing.
    #expect((5..<145).contains(accepted), "seed \(seed): \(accepted) of 150 are still models")
  }

  /// Nested messages end in an error, not on the stack.
  @Test(arguments: [50, 99, 101, 3000]) func nestedGraphs(depth: Int) {
    var content: [UInt8] = []
    for level in 0..<depth {
      let tag = [UInt8(1 << 3 | 2), UInt8(5 << 3 | 2), UInt8(6 << 3 | 2)][level % 3]
      var length: [UInt8] = []
      var count = content.count
      repeat {
        length.append(UInt8(count & 0x7F) | (count > 0x7F ? 0x80 : 0))
        count >>= 7
      } while count > 0
      content = [tag] + length + content
    }
    #expect(throws: ONNXError.self) { try UnitNetwork(onnx: Data([UInt8(7 << 3 | 2), 0] + content), source: "deep") }
  }
}
