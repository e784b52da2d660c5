import ArgumentParser
import Execution
import KernelSpectra

struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Will gradient descent train this, and how fast? Kernel spectra of activations on data.",
    discussion: """
      For each activation: the kernel (Gram) matrix of an infinitely wide network on
      the rows of a table, its eigenvalues between proved ends, bounds on the
      smallest one, how many steps of gradient descent the loss ½ Σ (F − y)² needs,
      and what limits it. Kinks (ReLU, ELU) keep all eigenvalues large; smooth
      activations on data of few dimensions have eigenvalues far below what double
      precision resolves: those are computed in 384 bits (one hidden layer, up to
      --precise rows).

      Rows are divided by their lengths unless --keep-lengths. Without --target the
      label energy counts as spread evenly over the modes, as for random signs.

      ACTIVATIONS
        relu, leaky-relu:0.2, prelu, elu, selu, gelu, silu (swish), mish, softplus,
        sigmoid, tanh, erf, arctan, softsign, sin, cos, gaussian, rbf, exp, abs,
        step, sign, relu^2, square, cube, polynomial:1:1:0.5, hard-tanh, relu6, …
        all                  a dozen of them
        --expression TEXT    any formula of x, such as "x * sigmoid(1.7 * x)" or
                             "where(x < 0, expm1(x), x)"; kinks are found

      DATA
        a table (.csv, .npy, …), one sample in each row; or images
        (…idx3-ubyte[.gz], with --target …idx1-ubyte[.gz]); or --synthetic:
        circle:10,50         n points on the whole circle, for each n
        half-circle:50       on half of it, no two opposite
        arc                  24 fixed angles, the closest 0.002 apart
        arc:100              random angles in (0, π)
        sphere:100x50        100 random directions in 50 dimensions

      EXAMPLES
        pleat spectrum data.csv --activation relu,elu,tanh,swish --train input
        pleat spectrum --synthetic arc --activation all --plot spectrum.svg
        pleat spectrum --synthetic circle:10,50 --activation all --plot spectrum.svg
        pleat spectrum data.npy --depth 1..20 --activation tanh --kernel ntk
        pleat spectrum data.csv --activation relu --width 1024 --simulate
        pleat spectrum data.csv --target y --activation relu --ridge 0.001
        pleat spectrum data.csv --target y --network model.onnx
        pleat spectrum train-images-idx3-ubyte.gz --rows 1000 --activation relu,tanh

      --json prints one document: complete, sets: name, rows, dimension, rank,
      separation, closest_rows, duplicates, antipodes, shortest, longest, warnings,
      results: activation, depth, trained, variance, smoothness (jump_order,
      analyticity, strip, jumps), entry_error, noise, proved, precise_eigenvalues,
      eigenvalues (value, lower, upper; ascending), bounds (kind, side, value,
      degree, dimension), decay, prediction (step_size, best_step,
      largest_stable_step, momentum, steps, stuck_share, stuck_modes,
      effective_dimension, loss_after, energies), sufficient_width, verdict
      (outcome, cause, sentence).
        --width      adds widths (width, seed, distance, smallest)
        --simulate   adds training (width, step_size, drift, prediction_binding,
                     movement, moments: step, loss, predicted; modes: eigenvalue,
                     rate, predicted_rate)
        --ridge      adds regression (ridge, leave_one_out, predictions)
        --lanczos    gives ritz_values (value, residual), trace and products instead
        --network    gives network, output, rows, noise, eigenvalues, step_size,
                     best_step, steps, stuck_share, effective_dimension
      A number that is infinite is null.
      """)

  @Argument(help: "A table of samples: text, .npy or .npz.")
  var data: String?

  @Option(help: ArgumentHelp("Made data instead of a table; see DATA.", valueName: "set"))
  var synthetic: String?

  @Option(help: "The column of labels, the other numeric columns being inputs; or the file of labels.")
  var target: String?

  @Option(help: "Take this many rows, drawn at random.")
  var rows: Int?

  @Option(help: ArgumentHelp("Names, separated by commas, or 'all'.", valueName: "list"))
  var activation: String?

  @Option(help: ArgumentHelp("A formula of x; may be given several times.", valueName: "formula"))
  var expression: [String] = []

  @Option(help: "The weights that are trained: input (the G-matrix), output or both (default: input).")
  var train: String?

  @Option(help: "The same in other words: g, nngp or ntk.")
  var kernel: String?

  @Option(help: ArgumentHelp("Hidden layers: a number, or a range such as 1..20.", valueName: "layers"))
  var depth = "1"

  @Option(help: "The variance of weights, σ_w².")
  var weightVariance = 1.0

  @Option(help: "none, zero (trained from 0), random[:variance] or frozen[:variance].")
  var bias = "none"

  @Flag(help: "Multiply the outputs of each hidden layer by (E φ²)^(−1/2).")
  var rescale = false

  @Flag(help: "Keep the rows' lengths; else each row is divided by its own.")
  var keepLengths = false

  @Option(help: "The goal: this fraction of the starting loss.")
  var goal = 0.01

  @Option(help: "The number of steps somebody would wait.")
  var budget = 10_000.0

  @Option(help: "The step size (default: 1/λ_max).")
  var stepSize: Double?

  @Option(help: "Random networks of this many units, for the kernel of finite width.")
  var width: Int?

  @Option(help: "How many random networks.")
  var seeds = 3

  @Option(help: "The seed of all random numbers.")
  var seed: UInt64 = 1

  @Flag(help: "Train a network of --width units beside the prediction.")
  var simulate = false

  @Flag(help: "Start the trained network from output 0.")
  var zeroOutput = false

  @Option(help: "The steps of the simulation.")
  var steps = 1000

  @Option(help: "Up to this many rows, eigenvalues that doubles do not resolve are computed in 384 bits.")
  var precise = 160

  @Option(help: ArgumentHelp("The tangent kernel of this network (.onnx) at its own weights.", valueName: "model"))
  var network: String?

  @Option(help: "With --network, the output that is trained, from 0.")
  var output = 0

  @Option(help: "No matrix is kept: the ends of the spectrum from this many Lanczos steps.")
  var lanczos: Int?

  @Option(help: "Kernel ridge regression on --target with this ridge.")
  var ridge: Double?

  @Option(help: ArgumentHelp("Predict the rows of this table.", valueName: "table"))
  var predict: String?

  @Option(help: ArgumentHelp("Draw eigenvalues, loss curves (--simulate) or depth: .svg or .png.", valueName: "file"))
  var plot: String?

  @Option(help: ArgumentHelp("Write the eigenvalues as a table (.csv).", valueName: "file"))
  var csv: String?

  @Option(help: ArgumentHelp("Write kernels and spectra as arrays (.npy for one kernel, .npz).", valueName: "file"))
  var out: String?

  @Option(help: "How many threads to use (default: all processors).")
  var threads: Int?

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    if let network {
      let table = try SpectrumRequest.networkData(self)
      let spectrum = try NetworkSpectrum(
        network, output: output, inputs: table.inputs, labels: table.labels, goal: goal, budget: budget,
        stepSize: stepSize)
      print(json ? spectrum.json.text : spectrum.text)
      return
    }
    let request = try SpectrumRequest(self)
    let cancellation = Cancellation()
    let interrupt = Interrupt(cancellation, keeping: "what is complete", hasAnswer: false)
    let study = try SpectrumStudy(request, cancellation: cancellation, interrupt: interrupt)
    if let path = request.plot { try SpectrumFigure(study).write(to: path) }
    if let path = request.csv { try SpectrumExport.writeTable(study, to: path) }
    if let path = request.out { try SpectrumExport.writeArrays(study, to: path) }
    let report = SpectrumReport(study)
    print(json ? report.json.text : report.text)
    if cancellation.isRequested { throw ExitCode(130) }
  }
}
