extension LinearProgram {
  /// How a solve ended.
  public enum Status: Sendable, Equatable {
    /// `x` is optimal to the solver's tolerances (1e-9 on feasibility, primal and dual).
    case optimal
    /// No `x` meets all bounds.
    case infeasible
    /// The objective goes to −∞ over the feasible `x`.
    case unbounded
    /// The solver stopped without an answer; the text is its reason.
    case undecided(String)
  }

  /// What a solve found. The arrays are empty unless the status is `optimal`.
  public struct Solution: Sendable, Equatable {
    public var status: Status
    /// The objective at `x`, its constant term included; +∞ when infeasible, −∞ when unbounded, NaN when undecided.
    public var objective: Double
    /// The variables, one per column.
    public var x: [Double] = []
    /// `A x`, one per row.
    public var rowValues: [Double] = []
    /// `cost + Q x − Aᵀ rowDuals`, one per column: not below 0 at a lower bound, not above 0 at an upper one, 0 between.
    public var columnDuals: [Double] = []
    /// The rate at which the optimum grows with the bound that holds the row, one per row.
    public var rowDuals: [Double] = []
  }
}

/// Why a linear program could not be handed to the solver.
public struct LinearProgramError: Error, CustomStringConvertible, Sendable {
  public let description: String

  init(_ description: String) {
    self.description = "linear program: " + description
  }
}
