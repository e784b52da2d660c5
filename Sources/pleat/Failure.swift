import Certificates
import Datasets
import Fitting
import Foundation

/// An end that is not success: a sentence for the person at the keyboard, and the exit status.
struct Failure: Error {
  var message: String
  var status: Int32

  /// Bad usage or bad input.
  static func usage(_ message: String) -> Failure { Failure(message: message, status: 2) }

  /// Says before the work, not after it, that a file could not be written.
  static func checkFolder(of path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folder.isEmpty ? "." : folder, isDirectory: &isFolder)
    guard exists, isFolder.boolValue else { throw usage("cannot write \(path): there is no folder \(folder)") }
  }

  /// Refuses numbers that limit nothing.
  static func checkLimits(threads: Int?, timeLimit: Double?) throws {
    if let threads, threads < 1 { throw usage("--threads \(threads): at least 1 is needed") }
    if let timeLimit, !(timeLimit > 0) { throw usage("--time-limit \(timeLimit): a positive number is needed") }
  }

  /// Runs a step whose errors are the input's fault.
  static func asUsage<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let failure as Failure {
      throw failure
    } catch {
      throw usage("\(error)")
    }
  }
}

/// The two streams: results on standard output, everything else on standard error.
enum Terminal {
  static func error(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// Ends the program once everything is written.
  static func exit(_ status: Int32) -> Never {
    fflush(nil)
    Foundation.exit(status)
  }

  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
