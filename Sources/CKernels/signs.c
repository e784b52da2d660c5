#include "signs.h"
#include "dispatch.h"

enum { WIDTH = 16 };

typedef float Lanes __attribute__((vector_size(64), aligned(4)));
typedef int8_t Signs __attribute__((vector_size(16), aligned(1)));

/* Macros, as a function may not pass wide vectors by value where its callers are compiled for several processors. */
#define WIDENED(signs) __builtin_convertvector(*(const Signs *)(signs), Lanes)
#define VECTOR(numbers) (*(const Lanes *)(numbers))

static inline float total(const float *lanes) {
  float sum = 0;
  for (int lane = 0; lane < WIDTH / 4; lane++) {
    sum += (lanes[lane] + lanes[lane + 4]) + (lanes[lane + 8] + lanes[lane + 12]);
  }
  return sum;
}

PLEAT_VECTORISED void pleat_sign_combination(const int8_t *signs, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t count,
                                             const float *factors, float *sums) {
  for (ptrdiff_t k = 0; k < count; k += 4 * WIDTH) {
    Lanes a = {}, b = {}, c = {}, d = {};
    const int8_t *column = signs + k;
    for (ptrdiff_t i = 0; i < rows; i++, column += stride) {
      float factor = factors[i];
      a += WIDENED(column) * factor;
      b += WIDENED(column + WIDTH) * factor;
      c += WIDENED(column + 2 * WIDTH) * factor;
      d += WIDENED(column + 3 * WIDTH) * factor;
    }
    *(Lanes *)(sums + k) = a;
    *(Lanes *)(sums + k + WIDTH) = b;
    *(Lanes *)(sums + k + 2 * WIDTH) = c;
    *(Lanes *)(sums + k + 3 * WIDTH) = d;
  }
}

PLEAT_VECTORISED void pleat_sign_products(const int8_t *signs, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t count,
                                          const float *vector, float *products) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    const int8_t *row = signs + i * stride;
    Lanes a = {}, b = {}, c = {}, d = {};
    for (ptrdiff_t k = 0; k < count; k += 4 * WIDTH) {
      a += WIDENED(row + k) * VECTOR(vector + k);
      b += WIDENED(row + k + WIDTH) * VECTOR(vector + k + WIDTH);
      c += WIDENED(row + k + 2 * WIDTH) * VECTOR(vector + k + 2 * WIDTH);
      d += WIDENED(row + k + 3 * WIDTH) * VECTOR(vector + k + 3 * WIDTH);
    }
    Lanes sum = (a + b) + (c + d);
    products[i] = total((const float *)&sum);
  }
}

PLEAT_VECTORISED void pleat_pattern_fields(const int8_t *signs, const float *weights, ptrdiff_t units, ptrdiff_t n,
                                           float scale, float *fields) {
  for (ptrdiff_t l = 0; l < units; l++) {
    const int8_t *x = signs + l * n;
    const float *w = weights + l * n;
    Lanes sum = {};
    ptrdiff_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH) sum += WIDENED(x + i) * VECTOR(w + i);
    float rest = 0;
    for (; i < n; i++) rest += (float)x[i] * w[i];
    fields[l] = scale * (total((const float *)&sum) + rest);
  }
}

PLEAT_VECTORISED void pleat_pattern_step(const int8_t *signs, const float *steps, ptrdiff_t units, ptrdiff_t n,
                                         float *weights) {
  for (ptrdiff_t l = 0; l < units; l++) {
    float step = steps[l];
    if (step == 0) continue;
    const int8_t *x = signs + l * n;
    float *w = weights + l * n;
    for (ptrdiff_t i = 0; i < n; i++) w[i] += step * (float)x[i];
  }
}
