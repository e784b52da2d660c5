import Exact

/// A form that a later layer needs, without its constant.
struct CarryDemand {
  let form: LinearForm
  /// form = factor · primitive
  let primitive: LinearForm
  let factor: Rational
  /// Whether all that the form is for is an output, at once or carried further.
  let isForOutput: Bool
  let isAffine: Bool

  init(_ form: LinearForm, isForOutput: Bool, in graph: HingeGraph) {
    self.form = form
    (primitive, factor) = form.primitive
    self.isForOutput = isForOutput
    isAffine = form.terms.last.map { !graph.isHinge($0.column) } ?? true
  }
}

/// The hinges of the layer through which demands are carried.
struct CarryLayer {
  let arguments: [LinearForm]
  /// Those whose arguments are affine forms of the inputs.
  let affine: [(unit: Int, form: LinearForm)]
  /// The numbers of the hinges by the primitive linear parts of their arguments, where weights stay in the domain.
  let byDirection: [LinearForm: Int]

  init(_ arguments: [LinearForm], in graph: HingeGraph, domain: WeightDomain) {
    self.arguments = arguments
    affine = arguments.enumerated().filter { graph.level(of: $1) == 0 }.map { (unit: $0.offset, form: $0.element) }
    var numbers: [LinearForm: Int] = [:]
    for (number, argument) in arguments.enumerated() {
      let (direction, factor) = argument.linearPart.primitive
      if domain == .rational || factor.isPowerOfTwo { numbers[direction] = number }
    }
    byDirection = numbers
  }
}
