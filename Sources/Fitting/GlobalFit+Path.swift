import Certificates
import Exact
import Execution

/// Fits of several widths.
extension GlobalFit {
  /// Fits every width of a range, in ascending order; `hidden` of the model is ignored.
  ///
  /// Knot problems take one run of the dynamic programme, and one of the checker's, for all widths. Otherwise each width
  /// is a search of its own. When the work is stopped, the widths begun so far are returned.
  ///
  /// - Throws: ``FitError`` when the samples cannot be fitted with this model and loss.
  public func runPath(
    _ widths: ClosedRange<Int>, on samples: ExactSamples, progress: any ProgressReporter = SilentProgress(),
    cancellation: Cancellation = Cancellation()
  ) throws -> [FitResult] {
    var widest = self
    widest.model.hidden = widths.upperBound
    if method == .automatic, widest.isKnotProblem, !widest.isTooLarge(samples) {
      try widest.validate(samples)
      return widest.concludeKnotPath(widths, samples, progress, cancellation)
    }
    var results: [FitResult] = []
    for width in widths where results.isEmpty || !cancellation.shouldStop {
      var fit = self
      fit.model.hidden = width
      results.append(try fit.run(on: samples, progress: progress, cancellation: cancellation))
    }
    return results
  }

  private func concludeKnotPath(
    _ widths: ClosedRange<Int>, _ samples: ExactSamples, _ progress: any ProgressReporter, _ cancellation: Cancellation
  ) -> [FitResult] {
    let start = Cancellation.now
    let searches = fitKnotPath(samples, widths, progress, cancellation)
    let seconds = Cancellation.now - start
    let fits = widths.map { width in
      var fit = self
      fit.model.hidden = width
      return fit
    }
    var certificates = zip(searches, fits).map { search, fit in
      var certificate = fit.claim(search, samples)
      let bound = fit.knotBounds(search).first ?? 0
      certificate.parts[0].lowerBound = Rational(exactly: bound)
      certificate.lowerBound = certificate.parts[0].lowerBound
      return certificate
    }
    let proved = CertificateChecker().provesKnotBounds(certificates)
    let checkSeconds = Cancellation.now - start - seconds
    return searches.indices.map { index in
      if !proved[index] { certificates[index].lowerBound = 0 }
      return fits[index].result(
        searches[index], certificates[index], isCertified: proved[index], seconds: seconds, checkSeconds: checkSeconds,
        cancellation)
    }
  }
}
