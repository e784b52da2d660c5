import ArgumentParser
import Networks
import Queries

struct SupportsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supports",
    abstract: "What 'pleat verify' can do, as the VNN-LIB standard asks solvers.",
    discussion: """
      Prints the answer to one question, an entry on each line, as chapter 5 of the
      standard lays down.

      EXAMPLES
        pleat supports --onnx-operators
        pleat supports --multiple-network-theories
      """)

  enum Capability: String, EnumerableFlag {
    case onnxOpsetVersions = "onnx-opset-versions"
    case onnxElementTypes = "onnx-element-types"
    case onnxOperators = "onnx-operators"
    case vnnlibVersions = "vnnlib-versions"
    case hiddenNodeTheories = "hidden-node-theories"
    case multipleInputOutputTheories = "multiple-input-output-theories"
    case multipleNetworkTheories = "multiple-network-theories"
    case multipleNodeComparisonTheories = "multiple-node-comparison-theories"
    case arithmeticComplexityTheories = "arithmetic-complexity-theories"
    case optimisedDisjunctiveReasoning = "optimised-disjunctive-reasoning"
    case serialiseAssignments = "serialise-assignments"

    static func name(for value: Capability) -> NameSpecification {
      // The standard's own example has another spelling of this one.
      value == .multipleInputOutputTheories
        ? [.customLong(value.rawValue), .customLong("multiple-inputs-output-theories")] : .customLong(value.rawValue)
    }

    static func help(for value: Capability) -> ArgumentHelp? {
      switch value {
      case .onnxOpsetVersions: "The least and the largest version of the standard operator set."
      case .onnxElementTypes: "Element types that a query may declare."
      case .onnxOperators: "Operators that a model may have."
      case .vnnlibVersions: "The least and the largest version of the query language."
      case .hiddenNodeTheories: "Theories of hidden nodes."
      case .multipleInputOutputTheories: "Theories of several inputs and outputs."
      case .multipleNetworkTheories: "Theories of several networks."
      case .multipleNodeComparisonTheories: "Theories of comparisons between nodes."
      case .arithmeticComplexityTheories: "Theories of arithmetic."
      case .optimisedDisjunctiveReasoning: "Whether disjunctions are more than multiplied out."
      case .serialiseAssignments: "Whether assignments are written as ONNX tensors."
      }
    }

    var answer: [String] {
      func theories<Theory: VNNLIBTheorySet>(_: Theory.Type) -> [String] { Theory.allCases.map(\.rawValue) }
      switch self {
      case .onnxOpsetVersions:
        let versions = ONNXModel.supportedOperatorSets
        return [String(versions.lowerBound), String(versions.upperBound)]
      case .onnxElementTypes: return VerifyCommand.elementTypes.map(\.rawValue)
      case .onnxOperators: return ONNXModel.supportedOperators.filter { !SupportsCommand.partlySupported.contains($0) }
      case .vnnlibVersions: return ["1.0", "2.0"]
      case .hiddenNodeTheories: return theories(VNNLIBTheories.HiddenNodes.self)
      case .multipleInputOutputTheories: return theories(VNNLIBTheories.InputsAndOutputs.self)
      case .multipleNetworkTheories: return theories(VNNLIBTheories.Networks.self)
      case .multipleNodeComparisonTheories: return theories(VNNLIBTheories.NodeComparisons.self)
      case .arithmeticComplexityTheories: return theories(VNNLIBTheories.Arithmetic.self)
      // Cases that share a box share its bounds.
      case .optimisedDisjunctiveReasoning: return ["true"]
      case .serialiseAssignments: return ["true"]
      }
    }
  }

  /// Operators that are read with some arguments only: a cast of a variable to integers, a quotient or product of variables and
  /// a choice by a condition on a variable are no continuous piecewise-linear functions.
  private static let partlySupported: Set = ["Cast", "Div", "Mul", "Where"]

  @Flag(exclusivity: .exclusive) var capability: Capability

  func run() { print(capability.answer.joined(separator: "\n")) }
}

extension VerifyCommand {
  /// What the inputs and outputs of a query may be declared as.
  static let elementTypes: [VNNLIBElementType] = [.real, .float16, .float32, .float64]
}
