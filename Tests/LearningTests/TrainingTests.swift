import Datasets
import Execution
import Foundation
import Probability
import Synchronization
import Testing

@testable import Learning

@Suite struct TrainingTests {
  /// A folder of its own, removed at the end.
  final class Scratch {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("learning-\(UUID().uuidString)").path
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func run(_ name: String) -> RunFolder { RunFolder("\(path)/\(name)") }
  }

  /// Asks to stop when a step is reported.
  final class StopAt: TrainingObserver {
    let step: Int
    let cancellation: Cancellation
    let notes = Mutex<[String]>([])
    init(_ step: Int, _ cancellation: Cancellation) {
      self.step = step
      self.cancellation = cancellation
    }
    func report(_ progress: TrainingProgress) { if progress.step >= step { cancellation.cancel() } }
    func note(_ text: String) { notes.withLock { $0.append(text) } }
  }

  static func configuration(_ lines: String) throws -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    try configuration.read(
      """
      task: adding
      length: 12
      hidden: 8
      batch: 10
      steps: 60
      log-every: 7
      evaluate-every: 30
      checkpoint-every: 10
      \(lines)
      """, source: "test")
    return configuration
  }

  private static func tensors(_ folder: RunFolder, step: Int) throws -> [(String, Data)] {
    try Safetensors.read(path: folder.checkpoint(step: step)).tensors.map { ($0.name, $0.bytes) }
  }

  @Test(arguments: [
    "optimizer: adam\ncell: gru",
    "optimizer: path-momentum\nscale: first-step-ratio\nlearning-rate: 0.001\nkappa-every: 7",
    "optimizer: eq-adam\nprecision: double\ncell: relu-rnn", "optimizer: rmsprop\ncell: urnn",
    "optimizer: path-adam\ndropout: 0.3\ndepth: 2\nparts: 3",
  ])
  func aResumedRunIsTheUninterruptedOne(_ lines: String) throws {
    let scratch = Scratch()
    var configuration = try Self.configuration(lines + "\nthreads: 1")
    let whole = TrainingRun(configuration, folder: scratch.run("whole"))
    let outcome = try whole.start(observer: SilentTraining(), cancellation: Cancellation())
    #expect(outcome.ending == .finished)
    configuration.threads = 2
    let broken = TrainingRun(configuration, folder: scratch.run("broken"))
    for step in [21, 35] {
      let cancellation = Cancellation()
      let stop = StopAt(step, cancellation)
      #expect(try broken.start(resume: step > 21, observer: stop, cancellation: cancellation).ending == .interrupted)
    }
    let resumed = try broken.start(resume: true, observer: SilentTraining(), cancellation: Cancellation())
    #expect(resumed.best == outcome.best && resumed.testMetric == outcome.testMetric)
    let left = try Self.tensors(whole.folder, step: 60)
    let right = try Self.tensors(broken.folder, step: 60)
    #expect(left.map(\.0) == right.map(\.0))
    #expect(zip(left, right).allSatisfy { $0.1 == $1.1 })
    let logs = try [whole, broken].map { try TrainingLog.read(path: $0.folder.log).entries.map { ($0.step, $0.loss) } }
    #expect(logs[0].map(\.0) == logs[1].map(\.0) && logs[0].map(\.1) == logs[1].map(\.1))
  }

  @Test func textIsLearnedWithStatesCarried() throws {
    let scratch = Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: true)
    let file = "\(scratch.path)/text.txt"
    try String(repeating: "abcab dcbad ", count: 500).write(toFile: file, atomically: true, encoding: .utf8)
    let configuration = try Self.configuration(
      "learning-rate: 0.01\ncell: lstm\ninit: orthogonal\nclip-norm: 1"
    ).with {
      $0.task = "text"
      $0.data = file
      $0.steps = 150
    }
    let run = TrainingRun(configuration, folder: scratch.run("text"))
    let outcome = try run.start(observer: SilentTraining(), cancellation: Cancellation())
    let test = try #require(outcome.testMetric)
    #expect(outcome.metricName == "bpc" && test < 0.6)
    let stored = try StoredModel.read(path: run.folder.path)
    let corpus = try TextCorpus.read(path: file)
    let sampler = try TextSampler(model: stored.model, parameters: stored.parameters, alphabet: corpus.alphabet)
    var source = RandomSource(seed: 1)
    let text = sampler.sample(after: corpus.encode("abcab") ?? [], count: 8, temperature: 0, &source)
    #expect(text == " dcbad a")
  }

  @Test func theAddingProblemIsLearned() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration("cell: relu-rnn\nclip-norm: 1\nlearning-rate: 0.003").with {
      ($0.length, $0.hidden, $0.batch, $0.steps, $0.target) = (10, 20, 32, 3000, 0.02)
      $0.evaluateEvery = 250
    }
    let outcome = try TrainingRun(configuration, folder: scratch.run("adding"))
      .start(observer: SilentTraining(), cancellation: Cancellation())
    #expect(outcome.ending == .reachedTarget && outcome.best < 0.02)
  }

  @Test func divergenceIsCaughtAndReported() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration("optimizer: sgd\nlearning-rate: 1e12\ncell: relu-rnn")
    let observer = StopAt(.max, Cancellation())
    let outcome = try TrainingRun(configuration, folder: scratch.run("wild"))
      .start(observer: observer, cancellation: Cancellation())
    #expect(outcome.ending == .diverged)
    #expect(observer.notes.withLock { $0 }.contains { $0.contains("not finite") })
    // With retries the rate is halved from the last checkpoint on.
    let tamed = try Self.configuration("optimizer: sgd\nlearning-rate: 1e12\ncell: relu-rnn\nretries: 200").with {
      ($0.checkpointEvery, $0.steps) = (1, 5)
    }
    let second = try TrainingRun(tamed, folder: scratch.run("tamed"))
      .start(observer: SilentTraining(), cancellation: Cancellation())
    #expect(second.steps >= 1)
  }

  @Test func seedsAndRates() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration("").with { $0.steps = 30 }
    let study = TrainingStudy.seeds(configuration, count: 3, folder: scratch.run("seeds"))
    let outcomes = try study.start(observer: SilentTraining(), cancellation: Cancellation())
    #expect(outcomes.count == 3 && Set(outcomes.map(\.best)).count == 3)
    let summary = TrainingStudy.summary(outcomes) { $0.best }
    #expect(summary.count == 3 && summary.diverged == 0 && summary.deviation > 0)
    let rates = TrainingStudy.rates(
      try Self.configuration("optimizer: sgd").with { $0.steps = 30 }, [1e-4, 1e-2, 1e15], folder: scratch.run("rates"))
    let found = try rates.start(observer: SilentTraining(), cancellation: Cancellation())
    #expect(found[2].ending == .diverged)
    #expect(TrainingStudy.best(found) == 1)
  }

  @Test func aCheckpointOfAnotherModelIsRefused() throws {
    let scratch = Scratch()
    let folder = scratch.run("run")
    _ = try TrainingRun(try Self.configuration("").with { $0.steps = 10 }, folder: folder)
      .start(observer: SilentTraining(), cancellation: Cancellation())
    let other = TrainingRun(try Self.configuration("").with { ($0.hidden, $0.steps) = (9, 20) }, folder: folder)
    let error = #expect(throws: ModelError.self) {
      try other.start(resume: true, observer: SilentTraining(), cancellation: Cancellation())
    }
    #expect(error?.description.contains("another model") == true)
    let optimiser = TrainingRun(try Self.configuration("optimizer: sgd").with { $0.steps = 20 }, folder: folder)
    #expect(throws: ModelError.self) {
      try optimiser.start(resume: true, observer: SilentTraining(), cancellation: Cancellation())
    }
    #expect(throws: FileError.self) {
      try TrainingRun(try Self.configuration(""), folder: scratch.run("none"))
        .start(resume: true, observer: SilentTraining(), cancellation: Cancellation())
    }
  }

  @Test func aDamagedCheckpointIsSeen() throws {
    let scratch = Scratch()
    let folder = scratch.run("run")
    _ = try TrainingRun(try Self.configuration("").with { $0.steps = 10 }, folder: folder)
      .start(observer: SilentTraining(), cancellation: Cancellation())
    let path = try #require(folder.lastCheckpoint)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 5] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: DatasetError.self) { try StoredModel.read(path: path) }
    try bytes.prefix(bytes.count - 9).write(to: URL(fileURLWithPath: path))
    #expect(throws: DatasetError.self) { try StoredModel.read(path: path) }
  }

  @Test func configurationsSayWhatIsWrong() throws {
    func message(_ text: String) -> String {
      var configuration = TrainingConfiguration()
      do {
        try configuration.read(text, source: "run.yaml")
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("hiden: 3") == "run.yaml: line 1: there is no key 'hiden'; did you mean 'hidden'?")
    #expect(message("# c\n\nhidden: x").contains("line 3: hidden cannot be 'x'; accepted are whole numbers"))
    #expect(message("optimizer: path-sdg").contains("did you mean 'path-sgd'?"))
    #expect(message("hidden 3").contains("line 1"))
    #expect(message("hidden: 3\nhidden: 4").contains("line 2: 'hidden' was set on line 1 already"))
    #expect(message("learning-rate: -1").contains("accepted are numbers from"))
    #expect(message("layers: \"4000,4000\" # two\n--- \ndata: 'a b#c'\nbias: no") == "")
    var configuration = TrainingConfiguration()
    try configuration.read("task: text\ndata: 'a b#c'\nkappa: \"2\"\nlayers: conv:16x3,100", source: "test")
    #expect(configuration.data == "a b#c")
    var again = TrainingConfiguration()
    try again.read(configuration.text, source: "again")
    #expect(again == configuration)
  }

  @Test func modelsOfConfigurations() throws {
    let images = LabelledImages(height: 8, width: 8, pixels: Array(repeating: 1, count: 128), labels: [0, 1])
    let task = LearningTask.images(try ImageTask(training: images, testing: images, heldOut: 1, isImage: true))
    var configuration = TrainingConfiguration()
    configuration.task = "images"
    configuration.layers = "conv:4x3p1, maxpool:2, 10"
    let model = try configuration.makeModel(for: task)
    #expect(model.text.hasPrefix("image:1:8:8 convolution:relu:4:3:1:1:bias pooling:maximum:2:2 dense:relu:10:bias"))
    for layers in ["", "conv:3", "10,,10", "maxpool:99", "conv:0x3", "huge"] where layers != "" {
      configuration.layers = layers
      #expect(throws: (any Error).self, "\(layers)") { try configuration.makeModel(for: task) }
    }
  }

  @Test func checksumsOfEvents() {
    #expect(EventFile.checksum(Array("123456789".utf8)) == 0xe306_9283)
    #expect(EventFile.checksum([]) == 0)
  }
}

extension TrainingConfiguration {
  func with(_ change: (inout TrainingConfiguration) -> Void) -> TrainingConfiguration {
    var copy = self
    change(&copy)
    return copy
  }
}
