// swift-tools-version: 6.0
import PackageDescription

/// One target per room of the house; `Documentation/Architecture.md` draws the floors. A room imports only rooms below.
let package = Package(
  name: "pleat",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Fitting", targets: ["Fitting"]),
    .library(name: "PiecewiseLinear", targets: ["PiecewiseLinear"]),
    .library(name: "Representation", targets: ["Representation"]),
    .library(name: "Verification", targets: ["Verification"]),
    .library(name: "KernelSpectra", targets: ["KernelSpectra"]),
    .library(name: "SolutionSpace", targets: ["SolutionSpace"]),
    .library(name: "Learning", targets: ["Learning"]),
    .library(name: "Activations", targets: ["Activations"]),
    .library(name: "Queries", targets: ["Queries"]),
    .library(name: "Polyhedra", targets: ["Polyhedra"]),
    .library(name: "Networks", targets: ["Networks"]),
    .library(name: "Certificates", targets: ["Certificates"]),
    .executable(name: "pleat", targets: ["pleat"]),
    .executable(name: "pleat-check", targets: ["pleat-check"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // Floor 0: the system.
    .systemLibrary(name: "CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"]), .brew(["gmp"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CHiGHS", pkgConfig: "highs", providers: [.brew(["highs"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CKernels", exclude: ["README.md"]),
    .target(name: "Execution", exclude: ["README.md"]),

    // Floor 1: mathematics.
    .target(name: "Exact", dependencies: ["CGMP"], exclude: ["README.md"]),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"], exclude: ["README.md"]),
    .target(name: "Probability", exclude: ["README.md"]),

    // Floor 2: things.
    .target(
      name: "Polyhedra", dependencies: ["CHiGHS", "CKernels", "Exact"],
      exclude: ["README.md", "SmallSimplex/README.md"]),
    .target(
      name: "Networks",
      dependencies: ["Exact", "LinearAlgebra", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["README.md", "ONNX/onnx.proto"]),
    .target(name: "Queries", dependencies: ["Exact", "Datasets", "Networks"], exclude: ["README.md"]),
    .target(
      name: "Certificates", dependencies: ["CKernels", "Exact", "Networks", "Queries", "Datasets"],
      exclude: ["README.md"]),
    .target(name: "Datasets", dependencies: ["CZlib"], exclude: ["README.md"]),
    .target(name: "Figures", exclude: ["README.md"]),
    .target(
      name: "Activations", dependencies: ["CKernels", "Datasets", "Probability"], exclude: ["README.md"]),

    // Floor 3: answers.
    .target(
      name: "PiecewiseLinear",
      dependencies: [
        "CKernels", "Execution", "Exact", "LinearAlgebra", "Probability", "Polyhedra", "Networks",
      ],
      exclude: ["README.md"]),
    .target(
      name: "Representation",
      dependencies: ["Execution", "Exact", "Polyhedra", "Networks", "Datasets", "Probability", "PiecewiseLinear"],
      exclude: ["README.md"]),
    .target(
      name: "Fitting",
      dependencies: [
        "Execution", "Exact", "LinearAlgebra", "Probability", "Polyhedra", "Networks", "Certificates",
      ],
      exclude: ["README.md"]),

    .target(
      name: "Verification",
      dependencies: [
        "CKernels", "COpenBLAS", "Execution", "Exact", "LinearAlgebra", "Probability", "Polyhedra", "Networks",
        "Queries", "Certificates", "PiecewiseLinear",
      ],
      exclude: ["README.md"]),

    .target(
      name: "KernelSpectra",
      dependencies: [
        "CGMP", "CKernels", "COpenBLAS", "Execution", "LinearAlgebra", "Probability", "Datasets", "Networks",
        "Activations",
      ],
      exclude: ["README.md"]),
    .target(
      name: "SolutionSpace",
      dependencies: ["CKernels", "Execution", "Probability", "Datasets", "Activations"],
      exclude: ["README.md"]),
    .target(
      name: "Learning",
      dependencies: [
        "CKernels", "COpenBLAS", "Execution", "LinearAlgebra", "Probability", "Datasets", "Networks",
      ],
      exclude: ["README.md"]),

    // Floor 5: doors.
    .executableTarget(
      name: "pleat",
      dependencies: [
        "Fitting", "PiecewiseLinear", "Representation", "Verification", "KernelSpectra", "SolutionSpace", "Learning",
        "Queries", "Polyhedra", "Activations", "LinearAlgebra", "Figures", "Datasets", "Networks", "Certificates",
        "Execution", "Exact", "Probability",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "pleat-check", dependencies: ["Certificates"]),

    // Benchmarks.
    .executableTarget(
      name: "bench-linear-programs", dependencies: ["Polyhedra", "CHiGHS", "Probability"],
      path: "Benchmarks/linear-programs"),

    .executableTarget(
      name: "bench-spectrum",
      dependencies: ["Activations", "Datasets", "KernelSpectra", "LinearAlgebra", "Probability"],
      path: "Benchmarks/spectrum/Program"),

    .executableTarget(
      name: "bench-capacity", dependencies: ["Activations", "Execution", "SolutionSpace"],
      path: "Benchmarks/capacity/Program"),

    .target(name: "Mutation", dependencies: ["Probability"], path: "Benchmarks/fuzz-readers/Mutation"),
    .executableTarget(
      name: "fuzz-readers",
      dependencies: ["Mutation", "Networks", "Queries", "LinearAlgebra", "Probability", "Exact"],
      path: "Benchmarks/fuzz-readers/Program"),

    // Tests: one target per room, and one for the doors.
    .testTarget(name: "ExecutionTests", dependencies: ["Execution"]),
    .testTarget(name: "ExactTests", dependencies: ["Exact", "Probability"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "Probability"]),
    .testTarget(name: "ProbabilityTests", dependencies: ["Probability"]),
    .testTarget(name: "PolyhedraTests", dependencies: ["Polyhedra", "Exact", "Probability"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["Networks", "Exact", "LinearAlgebra", "Probability", "Mutation"]),
    .testTarget(
      name: "CertificatesTests",
      dependencies: ["Certificates", "Exact", "Fitting", "Networks", "Queries", "Probability"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets"]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures"]),
    .testTarget(
      name: "PiecewiseLinearTests",
      dependencies: [
        "PiecewiseLinear", "Networks", "Exact", "LinearAlgebra", "Polyhedra", "Probability", "Execution",
      ]),
    .testTarget(
      name: "RepresentationTests",
      dependencies: ["Representation", "PiecewiseLinear", "Networks", "Polyhedra", "Exact", "Probability", "Datasets"]),
    .testTarget(
      name: "FittingTests",
      dependencies: ["Fitting", "Certificates", "Exact", "Execution", "LinearAlgebra", "Networks", "Probability"]),
    .testTarget(
      name: "QueriesTests", dependencies: ["Queries", "Networks", "Exact", "Probability", "Mutation"]),
    .testTarget(
      name: "VerificationTests",
      dependencies: [
        "Verification", "Queries", "Certificates", "Networks", "PiecewiseLinear", "Polyhedra", "Exact", "Probability",
        "Execution",
      ]),
    .testTarget(name: "ActivationsTests", dependencies: ["Activations", "Probability"]),
    .testTarget(
      name: "KernelSpectraTests",
      dependencies: ["KernelSpectra", "Activations", "Execution", "LinearAlgebra", "Networks", "Probability"]),
    .testTarget(
      name: "SolutionSpaceTests",
      dependencies: ["SolutionSpace", "Activations", "Datasets", "Execution", "Probability"]),
    .testTarget(
      name: "LearningTests",
      dependencies: ["Learning", "Datasets", "Execution", "LinearAlgebra", "Networks", "Probability"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["Networks", "LinearAlgebra", "Certificates", "Exact", "pleat", "pleat-check"]),
  ]
)

// `make docs` alone needs the documentation plugin.
if Context.environment["PLEAT_DOCS"] != nil {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}
