import ArgumentParser
import Datasets
import Execution
import Foundation
import Verification

struct ReachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reach",
    abstract: "The exact set of outputs of a ReLU network, and whether it meets an unsafe set.",
    discussion: """
      The set of outputs over a box (inputs may be held: lo = hi) or a bounded polytope is
      a union of polytopes: each the image of a polytope of inputs, on which no unit
      changes its side, under an affine map. All of them are found, with every doubtful
      sign decided in exact arithmetic. With a property (VNN-LIB) the boxes are its own,
      and every piece is compared with its unsafe sets exactly: the answer is "safe",
      or the pieces that meet them, each with an input that proves it.

      METHODS
        exact         the union of polytopes
        intervals     an enclosing box, by interval arithmetic
        zonotope      an enclosing zonotope: shared noise symbols (DeepZ)
        relaxations   an enclosing polytope: lines above and below units (DeepPoly)
      Several may be named: --method exact,zonotope. Enclosures hold for real arithmetic
      on the weights, roundings accounted for; with a property they prove it or cannot tell.

      EXAMPLES
        pleat reach model.onnx --box=-1,1 --plot set.svg
        pleat reach model.onnx --box '-1,1;0,5;2,2' --out set.npz --outputs 0,2
        pleat reach model.onnx property.vnnlib --method exact,zonotope --plot set.png
        pleat reach model.onnx property.vnnlib --method relaxations --json

      ARRAYS of --out (.npz; P pieces, n inputs, m outputs, B boxes: 1 without a property)
        A, b, row_offset         half-spaces A x <= b; piece p has the rows row_offset[p]
                                 to row_offset[p+1]
        W, w                     P × m × n and P × m: y = W[p] x + w[p] on piece p
        vertices, images, vertex_offset
                                 corners of the pieces and their outputs, the rows of piece
                                 p as above (up to 6 inputs that vary)
        pattern, point, box      P × bending units: 0 or 1, or the winner of a maximum;
                                 an interior point; which of the boxes
        unsafe                   P: 1 where a piece meets an unsafe set (with a property)
        lower, upper             B × n: the boxes
        METHOD_ranges            B × m × 2, for each enclosure
        zonotope_centre, zonotope_radius, zonotope_generators, zonotope_offset
                                 y = centre + generators' ε ± radius, |ε| <= 1; generators
                                 are rows, those of box k from zonotope_offset[k]

      --json prints one document: model, property, pieces, complete, answer (safe, unsafe or
      unknown; null without a property), unsafe_pieces and violations (pattern, case, point in
      doubles, exact point), outputs (name, minimum, maximum, exact), enclosures (method,
      ranges, answer), files, remarks, seconds. When not complete, what is told is that of
      the pieces seen.

      EXIT CODES
        0  done; with a property: proved safe
        1  the property is violated
        3  with a property: cannot tell
      """)

  @Argument(help: "The network: .onnx, .npz with W0, b0, W1, b1 …, or .json.")
  var model: String

  @Argument(help: "What is unsafe, and for which inputs: .vnnlib, version 1.0 or 2.0, of one network.")
  var property: String?

  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(
    help: ArgumentHelp("exact, intervals, zonotope, relaxations, or some of them (default: exact).", valueName: "list"))
  var method: String?

  @Option(
    help: ArgumentHelp(
      "The two outputs that are drawn, or one (default: those that the property compares, else 0,1).",
      valueName: "i,j"))
  var outputs: String?

  @Option(help: ArgumentHelp("Write what was found: .npz.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Draw the outputs: .svg or .png.", valueName: "file"))
  var plot: String?

  @Option(help: ArgumentHelp("Stop after so many seconds.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Do not report progress.")
  var quiet = false

  func run() throws {
    try Failure.checkLimits(threads: threads, timeLimit: timeLimit)
    try Failure.check(out, named: "--out", endsIn: ["npz"])
    try Failure.check(plot, named: "--plot", endsIn: ["svg", "png"])
    let subject = try ReachSubject(self)
    let request = try ReachRequest(self, subject)
    let cancellation = Cancellation(timeLimit: timeLimit)
    let interrupt = Interrupt(cancellation, keeping: "what was found so far")
    defer { withExtendedLifetime(interrupt) {} }
    let result = try ReachRunner(request: request, subject: subject, cancellation: cancellation).run()
    let report = ReachReport(request: request, subject: subject, result: result)
    print(json ? report.json.text : report.text)
    if cancellation.isRequested { throw ExitCode(130) }
    switch result.answer {
    case .unsafe: throw ExitCode(1)
    case .unknown: throw ExitCode(3)
    case .safe, nil: if cancellation.shouldStop, result.pieces == 0 { throw ExitCode(3) }
    }
  }
}
