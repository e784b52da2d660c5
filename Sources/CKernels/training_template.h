/* Included once for each precision by training.c. */

/* e^x - 1 for x in [SMALLEST_EXPONENT, 0], without a branch: x = k ln 2 + r, |r| <= ln 2 / 2. */
static inline REAL NAME(exponential_minus_one)(REAL x) {
  x = x < SMALLEST_EXPONENT ? SMALLEST_EXPONENT : x;
  REAL shifted = x * LOG2E + ROUND;
  REAL k = shifted - ROUND;
  REAL r = x - k * LN2_HIGH - k * LN2_LOW;
  BITS bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (BITS)((uint64_t)bits << MANTISSA) + ONE_BITS;
  REAL power;
  memcpy(&power, &bits, sizeof power);
  return (r + EXPONENTIAL_TAIL(r)) * power + (power - 1);
}

static inline REAL NAME(magnitude)(REAL x) { return x < 0 ? -x : x; }

static inline REAL NAME(hyperbolic_tangent)(REAL x) {
  REAL e = NAME(exponential_minus_one)(-2 * NAME(magnitude)(x));
  REAL y = -e / (2 + e);
  return x < 0 ? -y : y;
}

static inline REAL NAME(logistic)(REAL x) {
  REAL e = 1 + NAME(exponential_minus_one)(-NAME(magnitude)(x));
  return (x < 0 ? e : 1) / (1 + e);
}

PLEAT_VECTORISED void NAME(relu)(REAL *y, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = y[i] > 0 ? y[i] : 0;
}

PLEAT_VECTORISED void NAME(relu_adjoint)(const REAL *y, REAL *g, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) g[i] = y[i] > 0 ? g[i] : 0;
}

PLEAT_VECTORISED void NAME(tanh)(REAL *y, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = NAME(hyperbolic_tangent)(y[i]);
}

PLEAT_VECTORISED void NAME(tanh_adjoint)(const REAL *y, REAL *g, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) g[i] *= 1 - y[i] * y[i];
}

void NAME(fill_rows)(const REAL *row, REAL *matrix, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++) memcpy(matrix + r * columns, row, (size_t)columns * sizeof(REAL));
}

/* Sums of 32 rows first: single precision loses less that way. */
PLEAT_VECTORISED void NAME(add_column_sums)(const REAL *matrix, ptrdiff_t rows, ptrdiff_t columns, REAL *sums) {
  enum { BLOCK = 64, ROWS = 32 };
  for (ptrdiff_t first = 0; first < columns; first += BLOCK) {
    ptrdiff_t width = columns - first < BLOCK ? columns - first : BLOCK;
    double totals[BLOCK] = {0};
    for (ptrdiff_t top = 0; top < rows; top += ROWS) {
      ptrdiff_t bottom = top + ROWS < rows ? top + ROWS : rows;
      REAL part[BLOCK] = {0};
      for (ptrdiff_t r = top; r < bottom; r++) {
        const REAL *row = matrix + r * columns + first;
        for (ptrdiff_t j = 0; j < width; j++) part[j] += row[j];
      }
      for (ptrdiff_t j = 0; j < width; j++) totals[j] += part[j];
    }
    for (ptrdiff_t j = 0; j < width; j++) sums[first + j] += (REAL)totals[j];
  }
}

void NAME(gather_rows)(const REAL *table, const int32_t *symbols, ptrdiff_t rows, ptrdiff_t columns, REAL *matrix) {
  for (ptrdiff_t r = 0; r < rows; r++)
    memcpy(matrix + r * columns, table + symbols[r] * columns, (size_t)columns * sizeof(REAL));
}

PLEAT_VECTORISED void NAME(scatter_rows)(
    const REAL *matrix, const int32_t *symbols, ptrdiff_t rows, ptrdiff_t columns, REAL *table) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const REAL *row = matrix + r * columns;
    REAL *target = table + symbols[r] * columns;
    for (ptrdiff_t j = 0; j < columns; j++) target[j] += row[j];
  }
}

PLEAT_VECTORISED void NAME(lstm)(
    REAL *gates, const REAL *c0, REAL *c, REAL *squashed, REAL *h, ptrdiff_t batch, ptrdiff_t width) {
  for (ptrdiff_t b = 0; b < batch; b++) {
    REAL *restrict i = gates + b * 4 * width, *restrict f = i + width, *restrict g = f + width, *restrict o = g + width;
    const REAL *restrict before = c0 + b * width;
    REAL *restrict cell = c + b * width, *restrict t = squashed + b * width, *restrict out = h + b * width;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < width; j++) {
      REAL in = NAME(logistic)(i[j]), forget = NAME(logistic)(f[j]);
      REAL candidate = NAME(hyperbolic_tangent)(g[j]), pass = NAME(logistic)(o[j]);
      REAL value = forget * before[j] + in * candidate;
      REAL bounded = NAME(hyperbolic_tangent)(value);
      i[j] = in;
      f[j] = forget;
      g[j] = candidate;
      o[j] = pass;
      cell[j] = value;
      t[j] = bounded;
      out[j] = pass * bounded;
    }
  }
}

PLEAT_VECTORISED void NAME(lstm_adjoint)(
    REAL *gates, const REAL *c0, const REAL *squashed, const REAL *dh, REAL *dc, ptrdiff_t batch, ptrdiff_t width) {
  for (ptrdiff_t b = 0; b < batch; b++) {
    REAL *restrict i = gates + b * 4 * width, *restrict f = i + width, *restrict g = f + width, *restrict o = g + width;
    const REAL *restrict before = c0 + b * width, *restrict t = squashed + b * width, *restrict d = dh + b * width;
    REAL *restrict cell = dc + b * width;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < width; j++) {
      REAL dcell = cell[j] + d[j] * o[j] * (1 - t[j] * t[j]);
      REAL in = i[j], forget = f[j], candidate = g[j], pass = o[j];
      cell[j] = dcell * forget;
      i[j] = dcell * candidate * in * (1 - in);
      f[j] = dcell * before[j] * forget * (1 - forget);
      g[j] = dcell * in * (1 - candidate * candidate);
      o[j] = d[j] * t[j] * pass * (1 - pass);
    }
  }
}

PLEAT_VECTORISED void NAME(gru)(
    REAL *sums, const REAL *recurrent, const REAL *h0, REAL *h, ptrdiff_t batch, ptrdiff_t width) {
  for (ptrdiff_t b = 0; b < batch; b++) {
    REAL *restrict r = sums + b * 3 * width, *restrict z = r + width, *restrict n = z + width;
    const REAL *restrict s = recurrent + b * 3 * width, *restrict before = h0 + b * width;
    REAL *restrict out = h + b * width;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < width; j++) {
      REAL reset = NAME(logistic)(r[j] + s[j]), keep = NAME(logistic)(z[j] + s[width + j]);
      REAL candidate = NAME(hyperbolic_tangent)(n[j] + reset * s[2 * width + j]);
      r[j] = reset;
      z[j] = keep;
      n[j] = candidate;
      out[j] = (1 - keep) * candidate + keep * before[j];
    }
  }
}

PLEAT_VECTORISED void NAME(gru_adjoint)(
    REAL *gates, REAL *recurrent, const REAL *h0, const REAL *dh, REAL *dh0, ptrdiff_t batch, ptrdiff_t width) {
  for (ptrdiff_t b = 0; b < batch; b++) {
    REAL *restrict r = gates + b * 3 * width, *restrict z = r + width, *restrict n = z + width;
    REAL *restrict s = recurrent + b * 3 * width, *restrict past = dh0 + b * width;
    const REAL *restrict before = h0 + b * width, *restrict d = dh + b * width;
#pragma clang loop vectorize(assume_safety)
    for (ptrdiff_t j = 0; j < width; j++) {
      REAL reset = r[j], keep = z[j], candidate = n[j];
      REAL dn = d[j] * (1 - keep) * (1 - candidate * candidate);
      REAL dr = dn * s[2 * width + j] * reset * (1 - reset);
      REAL dz = d[j] * (before[j] - candidate) * keep * (1 - keep);
      past[j] = d[j] * keep;
      r[j] = dr;
      z[j] = dz;
      n[j] = dn;
      s[j] = dr;
      s[width + j] = dz;
      s[2 * width + j] = dn * reset;
    }
  }
}

PLEAT_VECTORISED ptrdiff_t NAME(cross_entropy)(
    REAL *logits, const int32_t *labels, ptrdiff_t rows, ptrdiff_t classes, double weight, double *loss) {
#pragma clang fp reassociate(on)
  double total = 0;
  ptrdiff_t wrong = 0;
  for (ptrdiff_t r = 0; r < rows; r++) {
    REAL *row = logits + r * classes;
    int32_t label = labels[r];
    if (label < 0) {
      memset(row, 0, (size_t)classes * sizeof(REAL));
      continue;
    }
    REAL largest = row[0];
    ptrdiff_t best = 0;
    for (ptrdiff_t j = 1; j < classes; j++)
      if (row[j] > largest) largest = row[j], best = j;
    REAL asked = row[label] - largest;
    REAL sum = 0;
    for (ptrdiff_t j = 0; j < classes; j++) {
      REAL e = 1 + NAME(exponential_minus_one)(row[j] - largest);
      row[j] = e;
      sum += e;
    }
    total += log((double)sum) - asked;
    REAL factor = (REAL)weight / sum;
    for (ptrdiff_t j = 0; j < classes; j++) row[j] *= factor;
    row[label] -= (REAL)weight;
    wrong += best != label;
  }
  *loss += weight * total;
  return wrong;
}

void NAME(squared_error)(REAL *y, const REAL *targets, ptrdiff_t count, double weight, double *loss) {
  double total = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    double difference = (double)y[i] - (double)targets[i];
    total += difference * difference;
    y[i] = (REAL)(2 * weight * difference);
  }
  *loss += weight * total;
}

PLEAT_VECTORISED void NAME(clip)(REAL *y, ptrdiff_t count, double limit) {
  REAL most = (REAL)limit;
  for (ptrdiff_t i = 0; i < count; i++) {
    REAL below = y[i] > most ? most : y[i];
    y[i] = below < -most ? -most : below;
  }
}

PLEAT_VECTORISED double NAME(sum_of_squares)(const REAL *y, ptrdiff_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)y[i] * (double)y[i];
  return sum;
}

PLEAT_VECTORISED double NAME(weighted_squares)(const REAL *y, const double *factors, ptrdiff_t count) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += factors[i] * ((double)y[i] * (double)y[i]);
  return sum;
}

PLEAT_VECTORISED int NAME(all_finite)(const REAL *y, ptrdiff_t count) {
  int bad = 0;
  for (ptrdiff_t i = 0; i < count; i++) bad |= !(y[i] - y[i] == 0);
  return !bad;
}

PLEAT_VECTORISED void NAME(momentum)(REAL *v, REAL *g, ptrdiff_t count, double mu, int nesterov) {
  REAL m = (REAL)mu, ahead = nesterov ? (REAL)mu : 1, now = nesterov ? 1 : 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    REAL speed = m * v[i] + g[i];
    v[i] = speed;
    g[i] = now * g[i] + ahead * speed;
  }
}

PLEAT_VECTORISED void NAME(adagrad)(REAL *a, REAL *g, ptrdiff_t count, double epsilon) {
  REAL e = (REAL)epsilon;
  for (ptrdiff_t i = 0; i < count; i++) {
    REAL sum = a[i] + g[i] * g[i];
    a[i] = sum;
    REAL size = SQRT(sum) + e;
    g[i] = size > 0 ? g[i] / size : 0;
  }
}

PLEAT_VECTORISED void NAME(rmsprop)(REAL *a, REAL *g, ptrdiff_t count, double decay, double epsilon) {
  REAL d = (REAL)decay, rest = (REAL)(1 - decay), e = (REAL)epsilon;
  for (ptrdiff_t i = 0; i < count; i++) {
    REAL mean = d * a[i] + rest * (g[i] * g[i]);
    a[i] = mean;
    REAL size = SQRT(mean) + e;
    g[i] = size > 0 ? g[i] / size : 0;
  }
}

PLEAT_VECTORISED void NAME(adam)(
    REAL *m, REAL *v, REAL *g, ptrdiff_t count, double b1, double b2, double c1, double c2, double epsilon) {
  REAL p = (REAL)b1, q = (REAL)b2, p1 = (REAL)(1 - b1), q1 = (REAL)(1 - b2);
  REAL k1 = (REAL)c1, k2 = (REAL)c2, e = (REAL)epsilon;
  for (ptrdiff_t i = 0; i < count; i++) {
    REAL mean = p * m[i] + p1 * g[i];
    REAL square = q * v[i] + q1 * (g[i] * g[i]);
    m[i] = mean;
    v[i] = square;
    REAL size = SQRT(square * k2) + e;
    g[i] = size > 0 ? mean * k1 / size : 0;
  }
}

void NAME(patches)(
    const REAL *image, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride,
    ptrdiff_t padding, REAL *columns) {
  ptrdiff_t down = (height + 2 * padding - kernel) / stride + 1, across = (width + 2 * padding - kernel) / stride + 1;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t ky = 0; ky < kernel; ky++)
      for (ptrdiff_t kx = 0; kx < kernel; kx++)
        for (ptrdiff_t y = 0; y < down; y++) {
          ptrdiff_t row = y * stride + ky - padding;
          for (ptrdiff_t x = 0; x < across; x++) {
            ptrdiff_t column = x * stride + kx - padding;
            int inside = row >= 0 && row < height && column >= 0 && column < width;
            *columns++ = inside ? image[(c * height + row) * width + column] : 0;
          }
        }
}

void NAME(patches_adjoint)(
    const REAL *columns, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride,
    ptrdiff_t padding, REAL *image) {
  ptrdiff_t down = (height + 2 * padding - kernel) / stride + 1, across = (width + 2 * padding - kernel) / stride + 1;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t ky = 0; ky < kernel; ky++)
      for (ptrdiff_t kx = 0; kx < kernel; kx++)
        for (ptrdiff_t y = 0; y < down; y++) {
          ptrdiff_t row = y * stride + ky - padding;
          for (ptrdiff_t x = 0; x < across; x++, columns++) {
            ptrdiff_t column = x * stride + kx - padding;
            if (row >= 0 && row < height && column >= 0 && column < width)
              image[(c * height + row) * width + column] += *columns;
          }
        }
}

void NAME(max_pool)(
    const REAL *image, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride,
    REAL *out) {
  for (ptrdiff_t p = 0; p < planes; p++, image += height * width)
    for (ptrdiff_t y = 0; y + kernel <= height; y += stride)
      for (ptrdiff_t x = 0; x + kernel <= width; x += stride) {
        REAL largest = image[y * width + x];
        for (ptrdiff_t ky = 0; ky < kernel; ky++)
          for (ptrdiff_t kx = 0; kx < kernel; kx++) {
            REAL value = image[(y + ky) * width + x + kx];
            largest = value > largest ? value : largest;
          }
        *out++ = largest;
      }
}

void NAME(max_pool_adjoint)(
    const REAL *image, const REAL *out, const REAL *g, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width,
    ptrdiff_t kernel, ptrdiff_t stride, REAL *dimage) {
  for (ptrdiff_t p = 0; p < planes; p++, image += height * width, dimage += height * width)
    for (ptrdiff_t y = 0; y + kernel <= height; y += stride)
      for (ptrdiff_t x = 0; x + kernel <= width; x += stride, out++, g++) {
        int found = 0;
        for (ptrdiff_t ky = 0; ky < kernel && !found; ky++)
          for (ptrdiff_t kx = 0; kx < kernel && !found; kx++) {
            ptrdiff_t place = (y + ky) * width + x + kx;
            if (image[place] != *out) continue;
            dimage[place] += *g;
            found = 1;
          }
      }
}

void NAME(sum_pool)(
    const REAL *image, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride,
    double factor, REAL *out) {
  for (ptrdiff_t p = 0; p < planes; p++, image += height * width)
    for (ptrdiff_t y = 0; y + kernel <= height; y += stride)
      for (ptrdiff_t x = 0; x + kernel <= width; x += stride) {
        REAL sum = 0;
        for (ptrdiff_t ky = 0; ky < kernel; ky++)
          for (ptrdiff_t kx = 0; kx < kernel; kx++) sum += image[(y + ky) * width + x + kx];
        *out++ = sum * (REAL)factor;
      }
}

void NAME(sum_pool_adjoint)(
    const REAL *g, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride,
    double factor, REAL *dimage) {
  for (ptrdiff_t p = 0; p < planes; p++, dimage += height * width)
    for (ptrdiff_t y = 0; y + kernel <= height; y += stride)
      for (ptrdiff_t x = 0; x + kernel <= width; x += stride, g++)
        for (ptrdiff_t ky = 0; ky < kernel; ky++)
          for (ptrdiff_t kx = 0; kx < kernel; kx++) dimage[(y + ky) * width + x + kx] += *g * (REAL)factor;
}

PLEAT_VECTORISED void NAME(scale_rank_one)(
    REAL *g, const double *left, const double *right, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t i = 0; i < rows; i++)
    for (ptrdiff_t j = 0; j < columns; j++) g[i * columns + j] = (REAL)(g[i * columns + j] * (left[i] * right[j]));
}

PLEAT_VECTORISED double NAME(rank_one_squares)(
    const REAL *g, const double *left, const double *right, ptrdiff_t rows, ptrdiff_t columns) {
#pragma clang fp reassociate(on)
  double total = 0;
  for (ptrdiff_t i = 0; i < rows; i++) {
    double sum = 0;
    for (ptrdiff_t j = 0; j < columns; j++) {
      double value = g[i * columns + j];
      sum += right[j] * (value * value);
    }
    total += left[i] * sum;
  }
  return total;
}

PLEAT_VECTORISED void NAME(scale_each)(REAL *g, const double *factors, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) g[i] = (REAL)(g[i] * factors[i]);
}

PLEAT_VECTORISED void NAME(power)(const REAL *w, ptrdiff_t count, int exponent, double *out) {
  if (exponent == 1)
    for (ptrdiff_t i = 0; i < count; i++) out[i] = w[i] < 0 ? -(double)w[i] : (double)w[i];
  else
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (double)w[i] * (double)w[i];
}

PLEAT_VECTORISED void NAME(power_product)(
    const REAL *w, ptrdiff_t rows, ptrdiff_t columns, int exponent, const double *x, double *y) {
#pragma clang fp reassociate(on)
  for (ptrdiff_t i = 0; i < rows; i++) {
    const REAL *row = w + i * columns;
    double sum = 0;
    if (exponent == 1)
      for (ptrdiff_t j = 0; j < columns; j++) sum += (row[j] < 0 ? -(double)row[j] : (double)row[j]) * x[j];
    else
      for (ptrdiff_t j = 0; j < columns; j++) sum += (double)row[j] * (double)row[j] * x[j];
    y[i] += sum;
  }
}

PLEAT_VECTORISED void NAME(power_product_transposed)(
    const REAL *w, ptrdiff_t rows, ptrdiff_t columns, int exponent, const double *x, double *y) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    const REAL *row = w + i * columns;
    double factor = x[i];
    if (exponent == 1)
      for (ptrdiff_t j = 0; j < columns; j++) y[j] += (row[j] < 0 ? -(double)row[j] : (double)row[j]) * factor;
    else
      for (ptrdiff_t j = 0; j < columns; j++) y[j] += (double)row[j] * (double)row[j] * factor;
  }
}

PLEAT_VECTORISED void NAME(dropout)(
    const REAL *x, REAL *mask, REAL *y, ptrdiff_t count, uint64_t key, double keep) {
  uint64_t threshold = keep < 1 ? (uint64_t)(keep * 0x1p64) : UINT64_MAX;
  REAL scale = (REAL)(1 / keep);
  for (ptrdiff_t i = 0; i < count; i++) {
    uint64_t z = key + (uint64_t)(i + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    mask[i] = z < threshold ? scale : 0;
    y[i] = x[i] * mask[i];
  }
}

PLEAT_VECTORISED void NAME(dropout_adjoint)(const REAL *mask, const REAL *g, REAL *dx, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) dx[i] = mask[i] * g[i];
}
