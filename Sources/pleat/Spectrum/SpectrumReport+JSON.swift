import Activations
import Foundation
import KernelSpectra

extension SpectrumReport {
  var json: JSONText {
    .object([("complete", .bool(study.isComplete)), ("sets", .array(study.sets.map { Self.json($0) }))])
  }

  private static func json(_ set: SpectrumStudy.SetStudy) -> JSONText {
    let diagnosis = set.diagnosis
    func rows(_ pair: DataDiagnosis.Pair) -> JSONText {
      .array([.integer(pair.first + 1), .integer(pair.second + 1)])
    }
    return .object([
      ("name", .string(set.source.name)), ("rows", .integer(set.source.rows.count)),
      ("dimension", .integer(set.source.rows.dimension)), ("rank", .integer(diagnosis.rank)),
      ("separation", .number(diagnosis.separation)), ("closest_rows", diagnosis.closestPair.map(rows) ?? .null),
      ("duplicates", .integer(diagnosis.duplicateCount)), ("antipodes", .integer(diagnosis.antipodeCount)),
      ("shortest", .number(diagnosis.shortest)), ("longest", .number(diagnosis.longest)),
      ("warnings", .array(set.warnings.map { .string($0) })),
      ("results", .array(set.results.map { json($0) } + set.ends.map { json($0) })),
    ])
  }

  private static func json(_ end: SpectrumStudy.Ends) -> JSONText {
    .object([
      ("activation", .string(end.setting.activation.name)), ("depth", .integer(end.setting.depth)),
      ("trained", .string(end.setting.trained.rawValue)), ("trace", .number(end.lanczos.trace)),
      ("products", .integer(end.lanczos.steps)),
      (
        "ritz_values",
        .array(
          end.lanczos.values.map { .object([("value", .number($0.value)), ("residual", .number($0.residual))]) })
      ),
    ])
  }

  private static func json(_ result: SpectrumStudy.Result) -> JSONText {
    let (setting, spectrum, prediction, verdict) = (result.setting, result.spectrum, result.prediction, result.verdict)
    let momentum = prediction.bestMomentum
    var members: [(String, JSONText)] = [
      ("activation", .string(setting.activation.name)), ("depth", .integer(setting.depth)),
      ("trained", .string(setting.trained.rawValue)), ("variance", .number(result.variance)),
      ("smoothness", smoothnessJSON(setting.activation.smoothness)), ("entry_error", .number(result.entryError)),
      ("noise", .number(spectrum.noise)), ("proved", .bool(spectrum.isProved)),
      ("precise_eigenvalues", .integer(spectrum.preciseCount)),
      (
        "eigenvalues",
        .array(
          spectrum.eigenvalues.map {
            .object([("value", .number($0.value)), ("lower", .number($0.lower)), ("upper", .number($0.upper))])
          })
      ),
      (
        "bounds",
        .array(
          result.bounds.bounds.map {
            .object([
              ("kind", .string($0.kind.rawValue)), ("side", .string($0.isLower ? "lower" : "upper")),
              ("value", .number($0.value)), ("degree", .optional($0.degree)), ("dimension", .optional($0.dimension)),
            ])
          })
      ), ("decay", decayJSON(result.decay)),
      (
        "prediction",
        .object([
          ("step_size", .number(prediction.stepSize)), ("best_step", .number(prediction.bestStep)),
          ("largest_stable_step", .number(prediction.largestStableStep)),
          (
            "momentum",
            .object([("beta", .number(momentum.momentum)), ("step_size", .number(momentum.stepSize))])
          ), ("steps", .number(verdict.steps < 1e60 ? verdict.steps : .infinity)),
          ("stuck_share", .number(verdict.stuckShare)), ("stuck_modes", .integer(verdict.stuckModes)),
          ("effective_dimension", .number(prediction.effectiveDimension)),
          (
            "loss_after",
            .array(
              [0.0, 10, 100, 1000, 10_000, 100_000].map {
                .object([("steps", .number($0)), ("loss", .number(prediction.loss(after: $0)))])
              })
          ), ("energies", .numbers(prediction.energies)),
        ])
      ), ("sufficient_width", result.sufficientWidth.map { .number($0) } ?? .null),
      (
        "verdict",
        .object([
          ("outcome", .string(verdict.outcome.rawValue)), ("cause", .string(verdict.cause.rawValue)),
          ("sentence", .string(verdict.sentence)),
        ])
      ),
    ]
    if !result.widths.isEmpty {
      members.append(
        (
          "widths",
          .array(
            result.widths.map {
              .object([
                ("width", .integer($0.width)), ("seed", .integer(Int(clamping: $0.seed))),
                ("distance", .number($0.distance)),
                ("smallest", .number($0.smallest)),
              ])
            })
        ))
    }
    if let run = result.training { members.append(("training", trainingJSON(run))) }
    if let regression = result.regression {
      members.append(
        (
          "regression",
          .object([
            ("ridge", .number(regression.ridge)), ("leave_one_out", .number(regression.leaveOneOutError)),
            ("predictions", .numbers(result.predictions)),
          ])
        ))
    }
    return .object(members)
  }

  private static func trainingJSON(_ run: TrainingRun) -> JSONText {
    .object([
      ("width", .integer(run.network.width)), ("step_size", .number(run.stepSize)), ("drift", .number(run.drift)),
      ("prediction_binding", .bool(run.isPredictionBinding)), ("movement", .number(run.movement)),
      (
        "moments",
        .array(
          run.moments.map {
            .object([
              ("step", .integer($0.step)), ("loss", .number($0.loss)), ("predicted", .number($0.predicted)),
            ])
          })
      ),
      (
        "modes",
        .array(
          zip(run.start.values, run.measuredRates).map { value, rate in
            .object([
              ("eigenvalue", .number(value)), ("rate", rate.map { .number($0) } ?? .null),
              ("predicted_rate", .number(log(abs(1 - run.stepSize * value)))),
            ])
          })
      ),
    ])
  }

  private static func smoothnessJSON(_ smoothness: Smoothness) -> JSONText {
    var strip: JSONText = .null
    let kind: String
    switch smoothness.analyticity {
    case .entire: kind = "entire"
    case .strip(let distance):
      kind = "strip"
      strip = .number(distance)
    case .piecewise: kind = "piecewise"
    case .unknown: kind = "unknown"
    }
    return .object([
      ("jump_order", .optional(smoothness.jumpOrder)), ("analyticity", .string(kind)), ("strip", strip),
      (
        "jumps",
        .array(
          smoothness.jumps.map {
            .object([("place", .number($0.place)), ("order", .integer($0.order)), ("size", .number($0.size))])
          })
      ),
    ])
  }

  private static func decayJSON(_ fit: DecayFit?) -> JSONText {
    guard let fit else { return .null }
    switch fit.law {
    case .power(let exponent):
      return .object([
        ("law", .string("power")), ("exponent", .number(exponent)), ("deviation", .number(fit.deviation)),
      ])
    case .stretchedExponential(let rate, let exponent):
      return .object([
        ("law", .string("stretched_exponential")), ("rate", .number(rate)), ("exponent", .number(exponent)),
        ("deviation", .number(fit.deviation)),
      ])
    }
  }
}
