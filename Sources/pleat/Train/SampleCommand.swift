import ArgumentParser
import Datasets
import Foundation
import Learning
import Probability

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Text from a network that was trained on text.",
    discussion: """
      EXAMPLES
        pleat sample runs/ptb --count 500 --temperature 0.8 --start "the_"

      --json prints one document: start, text, temperature, seed.
      """)

  @Argument(help: ArgumentHelp("The folder of a run of the task text.", valueName: "folder"))
  var folder: String

  @Option(help: "How many symbols.")
  var count = 400

  @Option(help: "Divides the logits; 0 takes the likeliest symbol.")
  var temperature = 1.0

  @Option(help: "What the text goes on from (default: a newline, or the first symbol).")
  var start: String?

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    guard (1...10_000_000).contains(count) else {
      throw Failure.usage("--count \(count): accepted are 1 to 10000000")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw Failure.usage("--temperature \(temperature): a number from 0 is needed")
    }
    let text = try Failure.asUsage {
      var configuration = TrainingConfiguration()
      try configuration.read(path: RunFolder(folder).configuration)
      guard configuration.task == "text" else {
        throw Failure.usage(
          "\(folder): its task is \(configuration.task); only text can be sampled")
      }
      let stored = try StoredModel.read(path: folder)
      let corpus = try TextCorpus.read(path: configuration.data)
      let beginning = start ?? (corpus.alphabet.contains("\n") ? "\n" : String(corpus.alphabet[0]))
      guard let symbols = corpus.encode(beginning), !symbols.isEmpty else {
        throw Failure.usage(
          "--start '\(beginning)': its symbols must be among the \(corpus.alphabet.count) of \(configuration.data)"
        )
      }
      let sampler = try TextSampler(
        model: stored.model, parameters: stored.parameters, alphabet: corpus.alphabet)
      var source = RandomSource(seed: seed)
      return sampler.sample(after: symbols, count: count, temperature: temperature, &source)
    }
    guard json else { return print((start ?? "") + text) }
    try JSONText.print([
      ("start", .string(start ?? "")), ("text", .string(text)),
      ("temperature", .number(temperature)),
      ("seed", .string(String(seed))),
    ])
  }
}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "A trained network as ONNX, safetensors or npz.",
    discussion: """
      The ending of --out says which. In ONNX, recurrent layers are the operators RNN,
      LSTM and GRU over sequences [T, N, inputs], symbols are one-hot vectors; a unitary
      cell has no operator there.

      EXAMPLES
        pleat export runs/mnist --out mnist.onnx
        pleat export runs/add400 --out add400.safetensors --precision float64
      """)

  @Argument(
    help: ArgumentHelp("A run's folder, a checkpoint, or an ONNX chain.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The file (.onnx, .safetensors, .npz).", valueName: "file"))
  var out: String

  @Option(help: "The numbers: float32 or float64; npz always has float64.")
  var precision = WeightPrecision.float32

  func run() throws {
    try TrainedOutput.check(out)
    let subject = try TrainedSubject(model, steps: nil)
    try TrainedOutput.write(subject, to: out, precision: precision)
    print(
      "\(out): \(subject.model.text), \(NumberFormat.grouped(subject.model.parameterCount)) parameters"
    )
  }
}
