import Exact
import Polyhedra

/// Splits a domain into the cells on which maxima and minima of affine functions are affine.
struct LinearitySplitter {
  /// A cell on the way, with the functions of the outputs done so far.
  struct Part {
    var cone: CellCone
    var map: [AffineFunction]
  }

  /// More cells are an error.
  let limit: Int

  /// Splits parts by one of their functions' extremum; each piece comes with the function that is the largest (smallest).
  private func split(_ cone: CellCone, _ functions: [AffineFunction], isMaximum: Bool) -> [(CellCone, AffineFunction)] {
    var distinct: [AffineFunction] = []
    for function in functions where !distinct.contains(function) { distinct.append(function) }
    return distinct.compactMap { winner in
      var piece = cone
      for rival in distinct where rival != winner {
        let lead = isMaximum ? winner - rival : rival - winner
        let form = CellCone.form(lead)
        // A function equal to the winner on a set with interior is the winner.
        switch piece.side(of: form) {
        case .inside: continue
        case .outside, .touching: return nil
        case .both: piece = piece.cut(ExactHalfSpace(notNegative: lead), form)
        }
      }
      return (piece, winner)
    }
  }

  /// Appends the pieces on which each part's sum grows by a multiple of an extremum's winner.
  private func refine(
    _ parts: [(CellCone, AffineFunction)], by functions: [AffineFunction], times coefficient: Rational
  ) throws(RepresentationError) -> [(CellCone, AffineFunction)] {
    var result: [(CellCone, AffineFunction)] = []
    for (cone, sum) in parts {
      for (piece, winner) in split(cone, functions, isMaximum: true) {
        result.append((piece, sum + coefficient * winner))
      }
      try check(result.count)
    }
    return result
  }

  private func check(_ count: Int) throws(RepresentationError) {
    guard count <= limit else {
      throw RepresentationError("the function has more than \(limit) cells of linearity; the limit is \(limit)")
    }
  }

  /// The cells of a sum of maxima.
  func cells(_ sum: SignedMaximumSum, in cone: CellCone) throws(RepresentationError) -> [(CellCone, AffineFunction)] {
    var parts = [(cone, AffineFunction(constant: .zero, inputs: cone.inputs))]
    for term in sum.terms {
      parts = try refine(parts, by: term.arguments.map { sum.functions[$0] }, times: Rational(term.coefficient))
    }
    return parts
  }

  /// The cells of a max–min form: first those of the clauses with one function, then clause after clause what rises above
  /// the maximum so far.
  func cells(_ lattice: LatticeForm, in cone: CellCone) throws(RepresentationError) -> [(CellCone, AffineFunction)] {
    let clauses = lattice.clauses.map { clause in clause.map { lattice.functions[$0] } }
    let single = clauses.filter { $0.count == 1 }.map { $0[0] }
    var rest = clauses.filter { $0.count > 1 }
    var parts: [(CellCone, AffineFunction)]
    if single.isEmpty {
      parts = split(cone, rest.removeFirst(), isMaximum: false)
    } else {
      parts = split(cone, single, isMaximum: true)
    }
    for clause in rest {
      try check(parts.count)
      var next: [(CellCone, AffineFunction)] = []
      for (piece, maximum) in parts {
        next += raise(piece, maximum, by: clause)
        try check(next.count)
      }
      parts = next
    }
    try check(parts.count)
    return parts
  }

  /// The cells of max(maximum, min of the clause) on a piece.
  private func raise(_ piece: CellCone, _ maximum: AffineFunction, by clause: [AffineFunction])
    -> [(CellCone, AffineFunction)]
  {
    let leads = clause.map { $0 - maximum }
    let forms = leads.map { CellCone.form($0) }
    let sides = forms.map { piece.side(of: $0) }
    let stays = zip(leads, sides).contains { $0.isZero || $1 == .outside || $1 == .touching }
    if stays { return [(piece, maximum)] }
    var result: [(CellCone, AffineFunction)] = []
    var above = piece
    for (index, side) in sides.enumerated() where side == .both {
      switch above.side(of: forms[index]) {
      case .inside: continue
      case .outside, .touching: return result + [(above, maximum)]
      case .both:
        result.append((above.cut(ExactHalfSpace(notNegative: -leads[index]), CellCone.form(-leads[index])), maximum))
        above = above.cut(ExactHalfSpace(notNegative: leads[index]), forms[index])
      }
    }
    return result + split(above, clause, isMaximum: false)
  }
}
