import ArgumentParser

/// The command-line tool.
@main
struct Pleat: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pleat",
    abstract: "Exact answers about ReLU networks, and training with guarantees.",
    discussion: """
      EXIT CODES
        0    done
        1    the answer is "no" (an invalid certificate, networks that differ, a property
             that is violated)
        2    bad usage or bad input
        3    a limit was reached with no answer
        130  interrupted (what was found so far is still printed and written)
      """,
    version: "0.1.0",
    subcommands: [
      DescribeCommand.self, RegionsCommand.self, EquivalentCommand.self, FitCommand.self, CheckCommand.self,
      SynthesizeCommand.self, DecomposeCommand.self, FamilyCommand.self, BoundsCommand.self, VerifyCommand.self,
      ReachCommand.self, SupportsCommand.self, SpectrumCommand.self, CapacityCommand.self, EntropyCommand.self,
      LandscapeCommand.self, StorageCommand.self, RobustnessCommand.self, TrainCommand.self, SampleCommand.self,
      ExportCommand.self, KappaCommand.self, RescaleCommand.self, BalanceCommand.self, CompareCommand.self,
    ])

  @Flag(help: "Print the program's name.")
  var name = false

  func run() throws {
    guard name else { throw CleanExit.helpRequest(self) }
    print("Pleat")
  }

  /// Parses and runs; every error leaves through one door, with the documented exit codes.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      Terminal.error("pleat: \(failure.message)")
      Terminal.exit(failure.status)
    } catch let code as ExitCode {
      Terminal.exit(code.rawValue)
    } catch {
      // The parser's own messages: help and version are no errors.
      let status = exitCode(for: error)
      let message = fullMessage(for: error)
      if status == .success { print(message) } else { Terminal.error(message) }
      Terminal.exit(status == .success ? 0 : 2)
    }
  }
}
