/// How many bits the numbers of a training run have.
public enum Precision: String, Sendable, Hashable, CaseIterable {
  case float32 = "float"
  case float64 = "double"
}

/// The numbers that a network is trained in: `Float` and `Double` conform, nothing else does.
///
/// The requirements are the loops of training, each a call into BLAS or into a kernel in C, so that generic code costs
/// nothing where the time is spent. Matrices are stored by rows; lengths are not checked.
public protocol Scalar: BinaryFloatingPoint, Sendable {
  static var precision: Precision { get }

  /// The matrix product C = alpha op(A) op(B) + beta C, all by rows: op(A) is m × k, op(B) is k × n.
  static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Self, a: UnsafePointer<Self>, lda: Int,
    b: UnsafePointer<Self>, ldb: Int, beta: Self, c: UnsafeMutablePointer<Self>, ldc: Int)
  /// y += alpha x.
  static func axpy(_ count: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y *= alpha.
  static func scale(_ count: Int, _ alpha: Self, _ y: UnsafeMutablePointer<Self>)
  /// The transposed of a matrix of rows × columns.
  static func transpose(
    _ matrix: UnsafePointer<Self>, _ rows: Int, _ columns: Int, _ result: UnsafeMutablePointer<Self>)
  /// Loops of training, in single (_f) and double (_d) precision. Matrices are stored by rows. y = max(y, 0).
  static func relu(_ y: UnsafeMutablePointer<Self>, _ count: Int)
  /// g = 0 where y <= 0, y the outputs of the positive part.
  static func reluAdjoint(_ y: UnsafePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int)
  /// y = tanh y.
  static func tanh(_ y: UnsafeMutablePointer<Self>, _ count: Int)
  /// g *= 1 - y², y the outputs of tanh.
  static func tanhAdjoint(_ y: UnsafePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int)
  /// Each of `rows` rows of `columns` numbers becomes `row`.
  static func fillRows(_ row: UnsafePointer<Self>, _ matrix: UnsafeMutablePointer<Self>, _ rows: Int, _ columns: Int)
  /// sums += the sums of the columns.
  static func addColumnSums(
    _ matrix: UnsafePointer<Self>, _ rows: Int, _ columns: Int, _ sums: UnsafeMutablePointer<Self>
  )
  /// Row r becomes row symbols[r] of `table`.
  static func gatherRows(
    _ table: UnsafePointer<Self>, _ symbols: UnsafePointer<Int32>, _ rows: Int, _ columns: Int,
    _ matrix: UnsafeMutablePointer<Self>
  )
  /// Row symbols[r] of `table` grows by row r.
  static func scatterRows(
    _ matrix: UnsafePointer<Self>, _ symbols: UnsafePointer<Int32>, _ rows: Int, _ columns: Int,
    _ table: UnsafeMutablePointer<Self>
  )
  /// One step of an LSTM for `batch` rows. `gates` holds the sums of the gates i, f, g, o, each `width` wide, and
  /// receives their values; c = f c0 + i g, h = o tanh c; `squashed` receives tanh c.
  static func lstm(
    _ gates: UnsafeMutablePointer<Self>, _ c0: UnsafePointer<Self>, _ c: UnsafeMutablePointer<Self>,
    _ squashed: UnsafeMutablePointer<Self>, _ h: UnsafeMutablePointer<Self>, _ batch: Int, _ width: Int
  )
  /// The adjoint of a step: `gates` holds the values of the gates and receives the derivatives by their sums; `dc`
  /// holds the derivative by c and receives the one by c0.
  static func lstmAdjoint(
    _ gates: UnsafeMutablePointer<Self>, _ c0: UnsafePointer<Self>, _ squashed: UnsafePointer<Self>,
    _ dh: UnsafePointer<Self>, _ dc: UnsafeMutablePointer<Self>, _ batch: Int, _ width: Int
  )
  /// One step of a GRU: gates r, z, n; `sums` holds what the input gives to them and receives their values,
  /// `recurrent` what the state gives (its part of n is multiplied by r). h = (1 - z) n + z h0.
  static func gru(
    _ sums: UnsafeMutablePointer<Self>, _ recurrent: UnsafePointer<Self>, _ h0: UnsafePointer<Self>,
    _ h: UnsafeMutablePointer<Self>, _ batch: Int, _ width: Int
  )
  /// Its adjoint: `gates` receives the derivatives by the inputs' sums, `recurrent` those by the state's sums; dh0 is
  /// what reaches the former state past the gates.
  static func gruAdjoint(
    _ gates: UnsafeMutablePointer<Self>, _ recurrent: UnsafeMutablePointer<Self>, _ h0: UnsafePointer<Self>,
    _ dh: UnsafePointer<Self>, _ dh0: UnsafeMutablePointer<Self>, _ batch: Int, _ width: Int
  )
  /// The softmax cross-entropy of `rows` rows of `classes` logits, each times `weight`, is added to `loss`; the rows
  /// receive their derivatives. A negative class asks nothing of its row. Returns how many rows are asked and have
  /// their largest logit elsewhere.
  static func crossEntropy(
    _ logits: UnsafeMutablePointer<Self>, _ labels: UnsafePointer<Int32>, _ rows: Int, _ classes: Int, _ weight: Double,
    _ loss: UnsafeMutablePointer<Double>
  ) -> Int
  /// weight (y - target)² summed is added to `loss`; y becomes the derivative.
  static func squaredError(
    _ y: UnsafeMutablePointer<Self>, _ targets: UnsafePointer<Self>, _ count: Int, _ weight: Double,
    _ loss: UnsafeMutablePointer<Double>
  )
  /// y = the nearest number in [-limit, limit].
  static func clip(_ y: UnsafeMutablePointer<Self>, _ count: Int, _ limit: Double)
  /// Σ y² in double precision.
  static func sumOfSquares(_ y: UnsafePointer<Self>, _ count: Int) -> Double
  /// Σ factor y² in double precision.
  static func weightedSquares(_ y: UnsafePointer<Self>, _ factors: UnsafePointer<Double>, _ count: Int) -> Double
  /// Whether all numbers are finite.
  static func allFinite(_ y: UnsafePointer<Self>, _ count: Int) -> Bool
  /// v = mu v + g; g becomes v, or g + mu v with look-ahead.
  static func momentum(
    _ v: UnsafeMutablePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int, _ mu: Double, _ nesterov: Bool
  )
  /// a += g²; g /= √a + epsilon.
  static func adagrad(_ a: UnsafeMutablePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int, _ epsilon: Double)
  /// a = decay a + (1 - decay) g²; g /= √a + epsilon.
  static func rmsprop(
    _ a: UnsafeMutablePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int, _ decay: Double, _ epsilon: Double
  )
  /// m and v are the running means of g and g² with decays b1 and b2; g = m c1 / (√(v c2) + epsilon).
  static func adam(
    _ m: UnsafeMutablePointer<Self>, _ v: UnsafeMutablePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int,
    _ b1: Double, _ b2: Double, _ c1: Double, _ c2: Double, _ epsilon: Double
  )
  /// Patches of an image of `channels` planes of height × width as columns [channels · kernel² × out height · out
  /// width]; beyond the edge there are zeros.
  static func patches(
    _ image: UnsafePointer<Self>, _ channels: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ padding: Int, _ columns: UnsafeMutablePointer<Self>
  )
  /// The adjoint: every pixel grows by its places among the columns.
  static func patchesAdjoint(
    _ columns: UnsafePointer<Self>, _ channels: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ padding: Int, _ image: UnsafeMutablePointer<Self>
  )
  /// The maxima of the windows of `planes` planes.
  static func maxPool(
    _ image: UnsafePointer<Self>, _ planes: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ out: UnsafeMutablePointer<Self>
  )
  /// Each window's first maximum grows by the derivative.
  static func maxPoolAdjoint(
    _ image: UnsafePointer<Self>, _ out: UnsafePointer<Self>, _ g: UnsafePointer<Self>, _ planes: Int, _ height: Int,
    _ width: Int, _ kernel: Int, _ stride: Int, _ dimage: UnsafeMutablePointer<Self>
  )
  /// Sums of the windows times `factor`.
  static func sumPool(
    _ image: UnsafePointer<Self>, _ planes: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ factor: Double, _ out: UnsafeMutablePointer<Self>
  )
  /// Its adjoint.
  static func sumPoolAdjoint(
    _ g: UnsafePointer<Self>, _ planes: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ factor: Double, _ dimage: UnsafeMutablePointer<Self>
  )
  /// The discrete Fourier transform, over √n, of the columns of [n × batch] numbers, by the factors of n, with the
  /// n-th roots of unity given; conjugate roots undo it. The result is in re and im; the work arrays are as large.
  static func fourier(
    _ re: UnsafeMutablePointer<Self>, _ im: UnsafeMutablePointer<Self>, _ workRe: UnsafeMutablePointer<Self>,
    _ workIm: UnsafeMutablePointer<Self>, _ n: Int, _ batch: Int, _ cosines: UnsafePointer<Self>,
    _ sines: UnsafePointer<Self>, _ inverse: Bool
  )
  /// Row i is multiplied by cosines[i] + sign i sines[i].
  static func rotate(
    _ re: UnsafeMutablePointer<Self>, _ im: UnsafeMutablePointer<Self>, _ cosines: UnsafePointer<Self>,
    _ sines: UnsafePointer<Self>, _ n: Int, _ batch: Int, _ sign: Double
  )
  /// angles[i] += the derivative by the angle of row i, (re, im) being the rotated numbers.
  static func rotateAdjoint(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ gre: UnsafePointer<Self>, _ gim: UnsafePointer<Self>,
    _ n: Int, _ batch: Int, _ angles: UnsafeMutablePointer<Self>
  )
  /// products = vᴴ z for each column; 2 × batch numbers.
  static func project(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ vre: UnsafePointer<Self>, _ vim: UnsafePointer<Self>,
    _ n: Int, _ batch: Int, _ products: UnsafeMutablePointer<Self>
  )
  /// z -= factor v · products.
  static func reflect(
    _ re: UnsafeMutablePointer<Self>, _ im: UnsafeMutablePointer<Self>, _ vre: UnsafePointer<Self>,
    _ vim: UnsafePointer<Self>, _ n: Int, _ batch: Int, _ products: UnsafePointer<Self>, _ factor: Double
  )
  /// The derivative by v of z ↦ z - 2 v (vᴴ z) / |v|², given vᴴ z, vᴴ g and |v|².
  static func reflectAdjoint(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ gre: UnsafePointer<Self>, _ gim: UnsafePointer<Self>,
    _ vre: UnsafePointer<Self>, _ vim: UnsafePointer<Self>, _ n: Int, _ batch: Int, _ zproducts: UnsafePointer<Self>,
    _ gproducts: UnsafePointer<Self>, _ square: Double, _ dvre: UnsafeMutablePointer<Self>,
    _ dvim: UnsafeMutablePointer<Self>
  )
  /// h = z max(|z| + b, 0) / (|z| + epsilon).
  static func modrelu(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ bias: UnsafePointer<Self>, _ n: Int, _ batch: Int,
    _ epsilon: Double, _ hre: UnsafeMutablePointer<Self>, _ him: UnsafeMutablePointer<Self>
  )
  /// g becomes the derivative by z; dbias grows.
  static func modreluAdjoint(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ bias: UnsafePointer<Self>, _ n: Int, _ batch: Int,
    _ epsilon: Double, _ gre: UnsafeMutablePointer<Self>, _ gim: UnsafeMutablePointer<Self>,
    _ dbias: UnsafeMutablePointer<Self>
  )
  /// g_ij *= left_i right_j.
  static func scaleRankOne(
    _ g: UnsafeMutablePointer<Self>, _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ rows: Int,
    _ columns: Int
  )
  /// Σ left_i right_j g_ij².
  static func rankOneSquares(
    _ g: UnsafePointer<Self>, _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ rows: Int, _ columns: Int
  ) -> Double
  /// g *= factors.
  static func scaleEach(_ g: UnsafeMutablePointer<Self>, _ factors: UnsafePointer<Double>, _ count: Int)
  /// |w|^exponent, the exponent 1 or 2.
  static func power(_ w: UnsafePointer<Self>, _ count: Int, _ exponent: Int32, _ out: UnsafeMutablePointer<Double>)
  /// y_i += Σ_j |w_ij|^exponent x_j.
  static func powerProduct(
    _ w: UnsafePointer<Self>, _ rows: Int, _ columns: Int, _ exponent: Int32, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  )
  /// y_j += Σ_i |w_ij|^exponent x_i.
  static func powerProductTransposed(
    _ w: UnsafePointer<Self>, _ rows: Int, _ columns: Int, _ exponent: Int32, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  )
  /// y = x mask; an entry of the mask is 1 / keep with probability `keep`, else 0, by SplitMix64 from `key`.
  static func dropout(
    _ x: UnsafePointer<Self>, _ mask: UnsafeMutablePointer<Self>, _ y: UnsafeMutablePointer<Self>, _ count: Int,
    _ key: UInt64, _ keep: Double
  )
  /// dx = mask g.
  static func dropoutAdjoint(
    _ mask: UnsafePointer<Self>, _ g: UnsafePointer<Self>, _ dx: UnsafeMutablePointer<Self>, _ count: Int
  )
}
