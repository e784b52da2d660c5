import ArgumentParser
import Networks

/// The numbers in which a network's weights are written.
enum WeightPrecision: String, ExpressibleByArgument, CaseIterable {
  case float32
  case float64

  var type: ONNXFloatingPoint { self == .float32 ? .float32 : .float64 }

  /// The relative error of a rounded weight.
  var unit: Double { self == .float32 ? 0x1p-24 : 0x1p-53 }
}
