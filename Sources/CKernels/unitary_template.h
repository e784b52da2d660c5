/* Included once for each precision by training.c: the factors of a unitary recurrence. Numbers are complex, their parts
   in two planes of `n` rows of `batch` numbers. */

/* Stockham's order, one pass for each prime factor; the sum over the factor's roots is taken literally. */
PLEAT_VECTORISED void NAME(fourier)(
    REAL *re, REAL *im, REAL *work_re, REAL *work_im, ptrdiff_t n, ptrdiff_t batch, const REAL *cosines,
    const REAL *sines, int inverse) {
  REAL *from_re = re, *from_im = im, *to_re = work_re, *to_im = work_im;
  REAL sign = inverse ? 1 : -1;
  ptrdiff_t length = n, stride = 1;
  while (length > 1) {
    ptrdiff_t p = 2;
    while (length % p != 0) p = p * p > length ? length : p + 1;
    ptrdiff_t part = length / p, block = stride * batch;
    for (ptrdiff_t q = 0; q < part; q++)
      for (ptrdiff_t k = 0; k < p; k++) {
        REAL *restrict out_re = to_re + block * (p * q + k), *restrict out_im = to_im + block * (p * q + k);
        memset(out_re, 0, (size_t)block * sizeof(REAL));
        memset(out_im, 0, (size_t)block * sizeof(REAL));
        for (ptrdiff_t r = 0; r < p; r++) {
          const REAL *restrict in_re = from_re + block * (q + part * r);
          const REAL *restrict in_im = from_im + block * (q + part * r);
          ptrdiff_t angle = (r * k % p * (n / p) + q * k * stride) % n;
          REAL c = cosines[angle], s = sign * sines[angle];
          for (ptrdiff_t j = 0; j < block; j++) {
            out_re[j] += c * in_re[j] - s * in_im[j];
            out_im[j] += c * in_im[j] + s * in_re[j];
          }
        }
      }
    REAL *spare = from_re;
    from_re = to_re;
    to_re = spare;
    spare = from_im;
    from_im = to_im;
    to_im = spare;
    stride *= p;
    length = part;
  }
  REAL scale = 1 / SQRT((REAL)n);
  for (ptrdiff_t j = 0; j < n * batch; j++) {
    re[j] = from_re[j] * scale;
    im[j] = from_im[j] * scale;
  }
}

PLEAT_VECTORISED void NAME(rotate)(
    REAL *re, REAL *im, const REAL *cosines, const REAL *sines, ptrdiff_t n, ptrdiff_t batch, double sign) {
  for (ptrdiff_t i = 0; i < n; i++) {
    REAL c = cosines[i], s = (REAL)sign * sines[i];
    REAL *restrict x = re + i * batch, *restrict y = im + i * batch;
    for (ptrdiff_t b = 0; b < batch; b++) {
      REAL turned = c * x[b] - s * y[b];
      y[b] = c * y[b] + s * x[b];
      x[b] = turned;
    }
  }
}

PLEAT_VECTORISED void NAME(rotate_adjoint)(
    const REAL *re, const REAL *im, const REAL *gre, const REAL *gim, ptrdiff_t n, ptrdiff_t batch, REAL *angles) {
#pragma clang fp reassociate(on)
  for (ptrdiff_t i = 0; i < n; i++) {
    REAL sum = 0;
    for (ptrdiff_t k = i * batch; k < (i + 1) * batch; k++) sum += gim[k] * re[k] - gre[k] * im[k];
    angles[i] += sum;
  }
}

PLEAT_VECTORISED void NAME(project)(
    const REAL *re, const REAL *im, const REAL *vre, const REAL *vim, ptrdiff_t n, ptrdiff_t batch, REAL *products) {
  REAL *restrict x = products, *restrict y = products + batch;
  memset(products, 0, 2 * (size_t)batch * sizeof(REAL));
  for (ptrdiff_t i = 0; i < n; i++) {
    REAL a = vre[i], c = vim[i];
    const REAL *restrict zx = re + i * batch, *restrict zy = im + i * batch;
    for (ptrdiff_t b = 0; b < batch; b++) {
      x[b] += a * zx[b] + c * zy[b];
      y[b] += a * zy[b] - c * zx[b];
    }
  }
}

PLEAT_VECTORISED void NAME(reflect)(
    REAL *re, REAL *im, const REAL *vre, const REAL *vim, ptrdiff_t n, ptrdiff_t batch, const REAL *products,
    double factor) {
  const REAL *restrict x = products, *restrict y = products + batch;
  for (ptrdiff_t i = 0; i < n; i++) {
    REAL a = (REAL)factor * vre[i], c = (REAL)factor * vim[i];
    REAL *restrict zx = re + i * batch, *restrict zy = im + i * batch;
    for (ptrdiff_t b = 0; b < batch; b++) {
      zx[b] -= a * x[b] - c * y[b];
      zy[b] -= a * y[b] + c * x[b];
    }
  }
}

PLEAT_VECTORISED void NAME(reflect_adjoint)(
    const REAL *re, const REAL *im, const REAL *gre, const REAL *gim, const REAL *vre, const REAL *vim, ptrdiff_t n,
    ptrdiff_t batch, const REAL *zproducts, const REAL *gproducts, double square, REAL *dvre, REAL *dvim) {
#pragma clang fp reassociate(on)
  const REAL *sx = zproducts, *sy = zproducts + batch, *qx = gproducts, *qy = gproducts + batch;
  REAL common = 0;
  for (ptrdiff_t b = 0; b < batch; b++) common += qx[b] * sx[b] + qy[b] * sy[b];
  REAL factor = (REAL)(2 / square), radial = (REAL)(4 / (square * square)) * common;
  for (ptrdiff_t i = 0; i < n; i++) {
    const REAL *zx = re + i * batch, *zy = im + i * batch, *gx = gre + i * batch, *gy = gim + i * batch;
    REAL x = 0, y = 0;
    for (ptrdiff_t b = 0; b < batch; b++) {
      x += gx[b] * sx[b] + gy[b] * sy[b] + zx[b] * qx[b] + zy[b] * qy[b];
      y += gy[b] * sx[b] - gx[b] * sy[b] + zy[b] * qx[b] - zx[b] * qy[b];
    }
    dvre[i] += radial * vre[i] - factor * x;
    dvim[i] += radial * vim[i] - factor * y;
  }
}

PLEAT_VECTORISED void NAME(modrelu)(
    const REAL *re, const REAL *im, const REAL *bias, ptrdiff_t n, ptrdiff_t batch, double epsilon, REAL *hre,
    REAL *him) {
  REAL e = (REAL)epsilon;
  for (ptrdiff_t i = 0; i < n; i++)
    for (ptrdiff_t k = i * batch; k < (i + 1) * batch; k++) {
      REAL size = SQRT(re[k] * re[k] + im[k] * im[k]);
      REAL left = size + bias[i];
      REAL factor = left > 0 && size > 0 ? left / (size + e) : 0;
      hre[k] = factor * re[k];
      him[k] = factor * im[k];
    }
}

PLEAT_VECTORISED void NAME(modrelu_adjoint)(
    const REAL *re, const REAL *im, const REAL *bias, ptrdiff_t n, ptrdiff_t batch, double epsilon, REAL *gre, REAL *gim,
    REAL *dbias) {
#pragma clang fp reassociate(on)
  REAL e = (REAL)epsilon;
  for (ptrdiff_t i = 0; i < n; i++) {
    REAL sum = 0, b = bias[i];
    for (ptrdiff_t k = i * batch; k < (i + 1) * batch; k++) {
      REAL size = SQRT(re[k] * re[k] + im[k] * im[k]);
      int lives = size + b > 0 && size > 0;
      REAL inverse = lives ? 1 / (size + e) : 0;
      REAL along = gre[k] * re[k] + gim[k] * im[k];
      REAL radial = lives ? (e - b) * inverse * inverse / size * along : 0;
      REAL factor = (size + b) * inverse;
      gre[k] = factor * gre[k] + radial * re[k];
      gim[k] = factor * gim[k] + radial * im[k];
      sum += along * inverse;
    }
    dbias[i] += sum;
  }
}
