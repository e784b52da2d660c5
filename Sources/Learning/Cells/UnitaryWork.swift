import Foundation

/// One product with the unitary matrix, and its adjoint, on states `[2 n × batch]`: the real parts, then the imaginary ones.
struct UnitaryWork<S: Scalar> {
  /// How many arrays of the size of a state there are below.
  static var stateCount: Int { 7 }

  let layer: UnitaryRecurrent
  let places: UnitaryPlaces
  let parameters: UnsafePointer<S>
  let batch: Int
  /// The inputs' part of the sums, and later the derivatives by it, for all steps.
  let projected: UnsafeMutablePointer<S>
  /// The state that is turned.
  let now: UnsafeMutablePointer<S>
  let delta: UnsafeMutablePointer<S>
  let spare: UnsafeMutablePointer<S>
  private let fourierWork: UnsafeMutablePointer<S>
  private let firstTurned: UnsafeMutablePointer<S>
  private let reflected: UnsafeMutablePointer<S>
  private let secondTurned: UnsafeMutablePointer<S>
  private let products: UnsafeMutablePointer<S>
  /// Cosines and sines of the three diagonals, then of the roots of unity.
  private let cosines: UnsafeMutablePointer<S>
  private let sines: UnsafeMutablePointer<S>

  private var n: Int { layer.units }
  private var half: Int { n * batch }

  init(_ layer: UnitaryRecurrent, _ frame: Frame<S>, _ places: UnitaryPlaces) {
    self.layer = layer
    self.places = places
    parameters = frame.parameters
    batch = frame.batch
    let state = 2 * layer.units * frame.batch
    projected = frame.scratch + places.projection.scratchCount
    now = projected + frame.steps * state
    delta = now + state
    spare = delta + state
    fourierWork = spare + state
    firstTurned = fourierWork + state
    reflected = firstTurned + state
    secondTurned = reflected + state
    products = secondTurned + state
    cosines = products + 4 * frame.batch
    sines = cosines + 4 * layer.units
    for index in 0..<3 * n {
      let angle = Double(parameters[index])
      cosines[index] = S(cos(angle))
      sines[index] = S(sin(angle))
    }
    for index in 0..<n {
      let angle = 2 * Double.pi * Double(index) / Double(n)
      cosines[3 * n + index] = S(cos(angle))
      sines[3 * n + index] = S(sin(angle))
    }
  }

  /// now = W now.
  func turn() {
    rotate(now, 0)
    fourier(now)
    reflect(now, 0)
    permute(now, spare)
    now.update(from: spare, count: 2 * half)
    rotate(now, 1)
    fourier(now, inverse: true)
    reflect(now, 1)
    rotate(now, 2)
  }

  /// delta = Wᴴ delta, and the derivatives by the parameters of W, at the state `now`, which is turned again for that.
  func turnAdjoint(gradient: UnsafeMutablePointer<S>) {
    rotate(now, 0)
    firstTurned.update(from: now, count: 2 * half)
    fourier(now)
    reflected.update(from: now, count: 2 * half)
    reflect(now, 0)
    permute(now, spare)
    now.update(from: spare, count: 2 * half)
    rotate(now, 1)
    secondTurned.update(from: now, count: 2 * half)
    fourier(now, inverse: true)
    spare.update(from: now, count: 2 * half)
    reflect(now, 1)
    rotate(now, 2)

    rotateAdjoint(now, 2, gradient)
    reflectAdjoint(spare, 1, gradient)
    fourier(delta)
    rotateAdjoint(secondTurned, 1, gradient)
    unpermute(delta, spare)
    delta.update(from: spare, count: 2 * half)
    reflectAdjoint(reflected, 0, gradient)
    fourier(delta, inverse: true)
    rotateAdjoint(firstTurned, 0, gradient)
  }

  private func rotate(_ z: UnsafeMutablePointer<S>, _ index: Int, sign: Double = 1) {
    S.rotate(z, z + half, cosines + index * n, sines + index * n, n, batch, sign)
  }

  private func fourier(_ z: UnsafeMutablePointer<S>, inverse: Bool = false) {
    S.fourier(
      z, z + half, fourierWork, fourierWork + half, n, batch, cosines + 3 * n, sines + 3 * n, inverse)
  }

  private func axis(_ index: Int) -> (UnsafePointer<S>, UnsafePointer<S>, square: Double) {
    let real = parameters + places.reflectReal + index * n
    let imaginary = parameters + places.reflectImaginary + index * n
    return (real, imaginary, S.sumOfSquares(real, n) + S.sumOfSquares(imaginary, n))
  }

  private func reflect(_ z: UnsafeMutablePointer<S>, _ index: Int) {
    let (real, imaginary, square) = axis(index)
    S.project(z, z + half, real, imaginary, n, batch, products)
    S.reflect(z, z + half, real, imaginary, n, batch, products, 2 / square)
  }

  private func permute(_ z: UnsafeMutablePointer<S>, _ result: UnsafeMutablePointer<S>) {
    for (row, source) in layer.permutation.enumerated() {
      (result + row * batch).update(from: z + source * batch, count: batch)
      (result + half + row * batch).update(from: z + half + source * batch, count: batch)
    }
  }

  private func unpermute(_ z: UnsafeMutablePointer<S>, _ result: UnsafeMutablePointer<S>) {
    for (row, source) in layer.permutation.enumerated() {
      (result + source * batch).update(from: z + row * batch, count: batch)
      (result + half + source * batch).update(from: z + half + row * batch, count: batch)
    }
  }

  /// `z` are the rotated numbers.
  private func rotateAdjoint(_ z: UnsafePointer<S>, _ index: Int, _ gradient: UnsafeMutablePointer<S>) {
    S.rotateAdjoint(z, z + half, delta, delta + half, n, batch, gradient + index * n)
    rotate(delta, index, sign: -1)
  }

  /// `z` are the numbers before the reflection, which is its own adjoint.
  private func reflectAdjoint(_ z: UnsafePointer<S>, _ index: Int, _ gradient: UnsafeMutablePointer<S>) {
    let (real, imaginary, square) = axis(index)
    let own = products
    let theirs = products + 2 * batch
    S.project(z, z + half, real, imaginary, n, batch, own)
    S.project(delta, delta + half, real, imaginary, n, batch, theirs)
    S.reflectAdjoint(
      z, z + half, delta, delta + half, real, imaginary, n, batch, own, theirs, square,
      gradient + places.reflectReal + index * n, gradient + places.reflectImaginary + index * n)
    S.reflect(delta, delta + half, real, imaginary, n, batch, theirs, 2 / square)
  }
}
