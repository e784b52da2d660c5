#include "substitution.h"
#include "dispatch.h"

#include <math.h>

enum { lanes = 8, block_length = 64 };

PLEAT_VECTORISED
void pleat_take_lines(const double *coefficients, size_t count, const double *lines, size_t stride, double *factors,
                      double *sums) {
  double added[block_length], sizes[block_length], sum[lanes] = {0}, size[lanes] = {0};
  for (size_t start = 0; start < count; start += block_length) {
    const size_t length = count - start < block_length ? count - start : block_length;
    const double *restrict a = coefficients + start;
    const double *restrict slopes_above = lines + start, *restrict offsets_above = slopes_above + stride;
    const double *restrict slopes_below = offsets_above + stride, *restrict offsets_below = slopes_below + stride;
    const double *restrict constants = offsets_below + stride, *restrict form_sizes = constants + stride;
    double *restrict out = factors + start;
    for (size_t k = 0; k < length; k++) {
      const double slope = a[k] > 0 ? slopes_above[k] : slopes_below[k];
      const double offset = a[k] > 0 ? offsets_above[k] : offsets_below[k];
      const double factor = a[k] * slope, product = a[k] * offset, reach = fabs(factor) * form_sizes[k];
      /* Nothing times an infinite offset or size is nothing; what merely underflowed to 0 is not. */
      const double shift = a[k] == 0 ? 0 : product;
      out[k] = factor;
      added[k] = shift + factor * constants[k];
      sizes[k] = fabs(shift) + (((a[k] == 0) | (slope == 0)) ? 0 : reach);
    }
    for (size_t k = length; k % lanes != 0; k++) added[k] = sizes[k] = 0;
    for (size_t k = 0; k < length; k += lanes)
      for (size_t i = 0; i < lanes; i++) {
        sum[i] += added[k + i];
        size[i] += sizes[k + i];
      }
  }
  for (size_t i = 0; i < lanes; i++) {
    sums[0] += sum[i];
    sums[1] += size[i];
  }
}

/* Eight numbers anywhere in an array of doubles. */
typedef double eight __attribute__((vector_size(lanes * sizeof(double)), aligned(sizeof(double)), may_alias));

PLEAT_VECTORISED
void pleat_add_dense_rows(double *row, const double *block, size_t width, const double *factors, size_t count) {
  const double *rows[block_length];
  double kept[block_length];
  for (size_t start = 0; start < count; start += block_length) {
    const size_t end = count - start < block_length ? count : start + block_length;
    size_t found = 0;
    for (size_t k = start; k < end; k++) {
      rows[found] = block + k * width;
      kept[found] = factors[k];
      found += factors[k] != 0;
    }
    size_t j = 0;
    for (; j + 4 * lanes <= width; j += 4 * lanes) {
      eight *out = (eight *)(row + j);
      eight a = out[0], b = out[1], c = out[2], d = out[3];
      for (size_t k = 0; k < found; k++) {
        const eight *in = (const eight *)(rows[k] + j);
        a += kept[k] * in[0];
        b += kept[k] * in[1];
        c += kept[k] * in[2];
        d += kept[k] * in[3];
      }
      out[0] = a;
      out[1] = b;
      out[2] = c;
      out[3] = d;
    }
    for (; j < width; j += lanes) {
      eight *out = (eight *)(row + j);
      eight a = *out;
      for (size_t k = 0; k < found; k++) a += kept[k] * *(const eight *)(rows[k] + j);
      *out = a;
    }
  }
}

void pleat_add_sparse_rows(double *row, const ptrdiff_t *starts, const ptrdiff_t *columns, const double *weights,
                           const double *factors, size_t count) {
  for (size_t k = 0; k < count; k++) {
    const double factor = factors[k];
    if (factor == 0) continue;
    for (ptrdiff_t i = starts[k]; i < starts[k + 1]; i++) row[columns[i]] += factor * weights[i];
  }
}
