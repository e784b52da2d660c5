/// One layer of a model.
public enum Layer: Sendable, Hashable {
  case dense(Dense)
  case embedding(Embedding)
  case convolution(Convolution)
  case pooling(Pooling)
  case dropout(Dropout)
  case recurrent(Recurrent)
  case unitary(UnitaryRecurrent)
  case lastStep

  /// What its tensors are named after.
  var name: String {
    switch self {
    case .dense: "dense"
    case .embedding: "embedding"
    case .convolution: "convolution"
    case .pooling: "pooling"
    case .dropout: "dropout"
    case .recurrent(let layer):
      switch layer.cell {
      case .simple: "recurrent"
      case .lstm: "lstm"
      case .gru: "gru"
      }
    case .unitary: "unitary"
    case .lastStep: "last"
    }
  }

  var kernel: any LayerKernel {
    switch self {
    case .dense(let layer): layer
    case .embedding(let layer): layer
    case .convolution(let layer): layer
    case .pooling(let layer): layer
    case .dropout(let layer): layer
    case .recurrent(let layer): layer
    case .unitary(let layer): layer
    case .lastStep: LastStep()
    }
  }

  var isRecurrent: Bool {
    switch self {
    case .recurrent, .unitary: true
    default: false
    }
  }
}
