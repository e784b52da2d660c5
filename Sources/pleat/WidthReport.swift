import Fitting
import Foundation

/// The table of a range of widths.
struct WidthReport {
  let comparison: WidthComparison

  var text: String {
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func number(_ value: Double?) -> String { value.map { String(format: "%.6g", $0) } ?? "-" }
    var lines = [
      pad("units", 6) + pad("loss", 16) + pad("gap", 10) + pad("AIC", 12) + pad("BIC", 12) + pad("CV error", 12)
        + "  status"
    ]
    for row in comparison.rows {
      let result = row.result
      let hidden = result.certificate.model.hidden
      let mark = hidden == comparison.best?.result.certificate.model.hidden ? "  <- least BIC" : ""
      lines.append(
        pad(String(hidden), 6) + pad(NumberFormat.full(result.loss), 16) + pad(String(format: "%.0e", result.gap), 10)
          + pad(number(row.aic), 12) + pad(number(row.bic), 12) + pad(number(row.crossValidation), 12) + "  "
          + FitReport.statusText(result) + mark)
    }
    lines.append("CV error: mean loss on samples left out, five folds. Loss: sum over the samples.")
    return lines.joined(separator: "\n")
  }
}
