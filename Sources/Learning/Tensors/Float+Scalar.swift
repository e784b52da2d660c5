import CKernels
import COpenBLAS

extension Float: Scalar {
  public static var precision: Precision { .float32 }

  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Self, a: UnsafePointer<Self>, lda: Int,
    b: UnsafePointer<Self>, ldb: Int, beta: Self, c: UnsafeMutablePointer<Self>, ldc: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, Int32(m), Int32(n),
      Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  public static func axpy(_ count: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>) {
    cblas_saxpy(Int32(count), alpha, x, 1, y, 1)
  }

  public static func scale(_ count: Int, _ alpha: Self, _ y: UnsafeMutablePointer<Self>) {
    cblas_sscal(Int32(count), alpha, y, 1)
  }

  public static func transpose(
    _ matrix: UnsafePointer<Self>, _ rows: Int, _ columns: Int, _ result: UnsafeMutablePointer<Self>
  ) {
    cblas_somatcopy(
      CblasRowMajor, CblasTrans, Int32(rows), Int32(columns), 1, matrix, Int32(columns), result, Int32(rows))
  }

  public static func relu(_ y: UnsafeMutablePointer<Self>, _ count: Int) {
    pleat_relu_f(y, count)
  }

  public static func reluAdjoint(_ y: UnsafePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int) {
    pleat_relu_adjoint_f(y, g, count)
  }

  public static func tanh(_ y: UnsafeMutablePointer<Self>, _ count: Int) {
    pleat_tanh_f(y, count)
  }

  public static func tanhAdjoint(_ y: UnsafePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int) {
    pleat_tanh_adjoint_f(y, g, count)
  }

  public static func fillRows(
    _ row: UnsafePointer<Self>, _ matrix: UnsafeMutablePointer<Self>, _ rows: Int, _ columns: Int
  ) {
    pleat_fill_rows_f(row, matrix, rows, columns)
  }

  public static func addColumnSums(
    _ matrix: UnsafePointer<Self>, _ rows: Int, _ columns: Int, _ sums: UnsafeMutablePointer<Self>
  ) {
    pleat_add_column_sums_f(matrix, rows, columns, sums)
  }

  public static func gatherRows(
    _ table: UnsafePointer<Self>, _ symbols: UnsafePointer<Int32>, _ rows: Int, _ columns: Int,
    _ matrix: UnsafeMutablePointer<Self>
  ) {
    pleat_gather_rows_f(table, symbols, rows, columns, matrix)
  }

  public static func scatterRows(
    _ matrix: UnsafePointer<Self>, _ symbols: UnsafePointer<Int32>, _ rows: Int, _ columns: Int,
    _ table: UnsafeMutablePointer<Self>
  ) {
    pleat_scatter_rows_f(matrix, symbols, rows, columns, table)
  }

  public static func lstm(
    _ gates: UnsafeMutablePointer<Self>, _ c0: UnsafePointer<Self>, _ c: UnsafeMutablePointer<Self>,
    _ squashed: UnsafeMutablePointer<Self>, _ h: UnsafeMutablePointer<Self>, _ batch: Int, _ width: Int
  ) {
    pleat_lstm_f(gates, c0, c, squashed, h, batch, width)
  }

  public static func lstmAdjoint(
    _ gates: UnsafeMutablePointer<Self>, _ c0: UnsafePointer<Self>, _ squashed: UnsafePointer<Self>,
    _ dh: UnsafePointer<Self>, _ dc: UnsafeMutablePointer<Self>, _ batch: Int, _ width: Int
  ) {
    pleat_lstm_adjoint_f(gates, c0, squashed, dh, dc, batch, width)
  }

  public static func gru(
    _ sums: UnsafeMutablePointer<Self>, _ recurrent: UnsafePointer<Self>, _ h0: UnsafePointer<Self>,
    _ h: UnsafeMutablePointer<Self>, _ batch: Int, _ width: Int
  ) {
    pleat_gru_f(sums, recurrent, h0, h, batch, width)
  }

  public static func gruAdjoint(
    _ gates: UnsafeMutablePointer<Self>, _ recurrent: UnsafeMutablePointer<Self>, _ h0: UnsafePointer<Self>,
    _ dh: UnsafePointer<Self>, _ dh0: UnsafeMutablePointer<Self>, _ batch: Int, _ width: Int
  ) {
    pleat_gru_adjoint_f(gates, recurrent, h0, dh, dh0, batch, width)
  }

  public static func crossEntropy(
    _ logits: UnsafeMutablePointer<Self>, _ labels: UnsafePointer<Int32>, _ rows: Int, _ classes: Int, _ weight: Double,
    _ loss: UnsafeMutablePointer<Double>
  ) -> Int {
    pleat_cross_entropy_f(logits, labels, rows, classes, weight, loss)
  }

  public static func squaredError(
    _ y: UnsafeMutablePointer<Self>, _ targets: UnsafePointer<Self>, _ count: Int, _ weight: Double,
    _ loss: UnsafeMutablePointer<Double>
  ) {
    pleat_squared_error_f(y, targets, count, weight, loss)
  }

  public static func clip(_ y: UnsafeMutablePointer<Self>, _ count: Int, _ limit: Double) {
    pleat_clip_f(y, count, limit)
  }

  public static func sumOfSquares(_ y: UnsafePointer<Self>, _ count: Int) -> Double {
    pleat_sum_of_squares_f(y, count)
  }

  public static func weightedSquares(
    _ y: UnsafePointer<Self>, _ factors: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    pleat_weighted_squares_f(y, factors, count)
  }

  public static func allFinite(_ y: UnsafePointer<Self>, _ count: Int) -> Bool {
    pleat_all_finite_f(y, count) != 0
  }

  public static func momentum(
    _ v: UnsafeMutablePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int, _ mu: Double, _ nesterov: Bool
  ) {
    pleat_momentum_f(v, g, count, mu, nesterov ? 1 : 0)
  }

  public static func adagrad(
    _ a: UnsafeMutablePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int, _ epsilon: Double
  ) {
    pleat_adagrad_f(a, g, count, epsilon)
  }

  public static func rmsprop(
    _ a: UnsafeMutablePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int, _ decay: Double, _ epsilon: Double
  ) {
    pleat_rmsprop_f(a, g, count, decay, epsilon)
  }

  public static func adam(
    _ m: UnsafeMutablePointer<Self>, _ v: UnsafeMutablePointer<Self>, _ g: UnsafeMutablePointer<Self>, _ count: Int,
    _ b1: Double, _ b2: Double, _ c1: Double, _ c2: Double, _ epsilon: Double
  ) {
    pleat_adam_f(m, v, g, count, b1, b2, c1, c2, epsilon)
  }

  public static func patches(
    _ image: UnsafePointer<Self>, _ channels: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ padding: Int, _ columns: UnsafeMutablePointer<Self>
  ) {
    pleat_patches_f(image, channels, height, width, kernel, stride, padding, columns)
  }

  public static func patchesAdjoint(
    _ columns: UnsafePointer<Self>, _ channels: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ padding: Int, _ image: UnsafeMutablePointer<Self>
  ) {
    pleat_patches_adjoint_f(columns, channels, height, width, kernel, stride, padding, image)
  }

  public static func maxPool(
    _ image: UnsafePointer<Self>, _ planes: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ out: UnsafeMutablePointer<Self>
  ) {
    pleat_max_pool_f(image, planes, height, width, kernel, stride, out)
  }

  public static func maxPoolAdjoint(
    _ image: UnsafePointer<Self>, _ out: UnsafePointer<Self>, _ g: UnsafePointer<Self>, _ planes: Int, _ height: Int,
    _ width: Int, _ kernel: Int, _ stride: Int, _ dimage: UnsafeMutablePointer<Self>
  ) {
    pleat_max_pool_adjoint_f(image, out, g, planes, height, width, kernel, stride, dimage)
  }

  public static func sumPool(
    _ image: UnsafePointer<Self>, _ planes: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ factor: Double, _ out: UnsafeMutablePointer<Self>
  ) {
    pleat_sum_pool_f(image, planes, height, width, kernel, stride, factor, out)
  }

  public static func sumPoolAdjoint(
    _ g: UnsafePointer<Self>, _ planes: Int, _ height: Int, _ width: Int, _ kernel: Int, _ stride: Int,
    _ factor: Double, _ dimage: UnsafeMutablePointer<Self>
  ) {
    pleat_sum_pool_adjoint_f(g, planes, height, width, kernel, stride, factor, dimage)
  }

  public static func fourier(
    _ re: UnsafeMutablePointer<Self>, _ im: UnsafeMutablePointer<Self>, _ workRe: UnsafeMutablePointer<Self>,
    _ workIm: UnsafeMutablePointer<Self>, _ n: Int, _ batch: Int, _ cosines: UnsafePointer<Self>,
    _ sines: UnsafePointer<Self>, _ inverse: Bool
  ) {
    pleat_fourier_f(re, im, workRe, workIm, n, batch, cosines, sines, inverse ? 1 : 0)
  }

  public static func rotate(
    _ re: UnsafeMutablePointer<Self>, _ im: UnsafeMutablePointer<Self>, _ cosines: UnsafePointer<Self>,
    _ sines: UnsafePointer<Self>, _ n: Int, _ batch: Int, _ sign: Double
  ) {
    pleat_rotate_f(re, im, cosines, sines, n, batch, sign)
  }

  public static func rotateAdjoint(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ gre: UnsafePointer<Self>, _ gim: UnsafePointer<Self>,
    _ n: Int, _ batch: Int, _ angles: UnsafeMutablePointer<Self>
  ) {
    pleat_rotate_adjoint_f(re, im, gre, gim, n, batch, angles)
  }

  public static func project(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ vre: UnsafePointer<Self>, _ vim: UnsafePointer<Self>,
    _ n: Int, _ batch: Int, _ products: UnsafeMutablePointer<Self>
  ) {
    pleat_project_f(re, im, vre, vim, n, batch, products)
  }

  public static func reflect(
    _ re: UnsafeMutablePointer<Self>, _ im: UnsafeMutablePointer<Self>, _ vre: UnsafePointer<Self>,
    _ vim: UnsafePointer<Self>, _ n: Int, _ batch: Int, _ products: UnsafePointer<Self>, _ factor: Double
  ) {
    pleat_reflect_f(re, im, vre, vim, n, batch, products, factor)
  }

  public static func reflectAdjoint(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ gre: UnsafePointer<Self>, _ gim: UnsafePointer<Self>,
    _ vre: UnsafePointer<Self>, _ vim: UnsafePointer<Self>, _ n: Int, _ batch: Int, _ zproducts: UnsafePointer<Self>,
    _ gproducts: UnsafePointer<Self>, _ square: Double, _ dvre: UnsafeMutablePointer<Self>,
    _ dvim: UnsafeMutablePointer<Self>
  ) {
    pleat_reflect_adjoint_f(re, im, gre, gim, vre, vim, n, batch, zproducts, gproducts, square, dvre, dvim)
  }

  public static func modrelu(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ bias: UnsafePointer<Self>, _ n: Int, _ batch: Int,
    _ epsilon: Double, _ hre: UnsafeMutablePointer<Self>, _ him: UnsafeMutablePointer<Self>
  ) {
    pleat_modrelu_f(re, im, bias, n, batch, epsilon, hre, him)
  }

  public static func modreluAdjoint(
    _ re: UnsafePointer<Self>, _ im: UnsafePointer<Self>, _ bias: UnsafePointer<Self>, _ n: Int, _ batch: Int,
    _ epsilon: Double, _ gre: UnsafeMutablePointer<Self>, _ gim: UnsafeMutablePointer<Self>,
    _ dbias: UnsafeMutablePointer<Self>
  ) {
    pleat_modrelu_adjoint_f(re, im, bias, n, batch, epsilon, gre, gim, dbias)
  }

  public static func scaleRankOne(
    _ g: UnsafeMutablePointer<Self>, _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ rows: Int,
    _ columns: Int
  ) {
    pleat_scale_rank_one_f(g, left, right, rows, columns)
  }

  public static func rankOneSquares(
    _ g: UnsafePointer<Self>, _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ rows: Int, _ columns: Int
  ) -> Double {
    pleat_rank_one_squares_f(g, left, right, rows, columns)
  }

  public static func scaleEach(_ g: UnsafeMutablePointer<Self>, _ factors: UnsafePointer<Double>, _ count: Int) {
    pleat_scale_each_f(g, factors, count)
  }

  public static func power(
    _ w: UnsafePointer<Self>, _ count: Int, _ exponent: Int32, _ out: UnsafeMutablePointer<Double>
  ) {
    pleat_power_f(w, count, exponent, out)
  }

  public static func powerProduct(
    _ w: UnsafePointer<Self>, _ rows: Int, _ columns: Int, _ exponent: Int32, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  ) {
    pleat_power_product_f(w, rows, columns, exponent, x, y)
  }

  public static func powerProductTransposed(
    _ w: UnsafePointer<Self>, _ rows: Int, _ columns: Int, _ exponent: Int32, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  ) {
    pleat_power_product_transposed_f(w, rows, columns, exponent, x, y)
  }

  public static func dropout(
    _ x: UnsafePointer<Self>, _ mask: UnsafeMutablePointer<Self>, _ y: UnsafeMutablePointer<Self>, _ count: Int,
    _ key: UInt64, _ keep: Double
  ) {
    pleat_dropout_f(x, mask, y, count, key, keep)
  }

  public static func dropoutAdjoint(
    _ mask: UnsafePointer<Self>, _ g: UnsafePointer<Self>, _ dx: UnsafeMutablePointer<Self>, _ count: Int
  ) {
    pleat_dropout_adjoint_f(mask, g, dx, count)
  }
}
