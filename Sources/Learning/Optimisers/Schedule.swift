import Foundation

/// The learning rate at each step, as a multiple of the one that was asked for.
public enum Schedule: Sendable, Hashable {
  case constant
  /// Times `factor` after every `period` steps.
  case steps(period: Int, factor: Double)
  /// Half a cosine from 1 to 0 over so many steps.
  case cosine(length: Int)
  /// 1 / (1 + step / period).
  case inverse(period: Double)

  /// The multiple at a step, counted from 0, after `warmup` steps of linear growth.
  public func factor(at step: Int, warmup: Int = 0) -> Double {
    let rise = warmup > 0 ? min(1, Double(step + 1) / Double(warmup)) : 1
    switch self {
    case .constant: return rise
    case .steps(let period, let factor): return rise * pow(factor, Double(step / max(1, period)))
    case .cosine(let length):
      return rise * 0.5 * (1 + cos(.pi * min(1, Double(step) / Double(max(1, length)))))
    case .inverse(let period): return rise / (1 + Double(step) / period)
    }
  }
}
