#include "lines.h"
#include "dispatch.h"
#include "lanes.h"

#include <math.h>

#define ABS(value) ((Lanes)((Mask)(value) & INT64_MAX))

PLEAT_VECTORISED void pleat_lines_substitute(
    const double *coefficients, const double *lines, ptrdiff_t count, double *products, double *constant, double *size) {
  const double *upper = lines;
  const double *lower = lines + count;
  const double *upperShift = lines + 2 * count;
  const double *lowerShift = lines + 3 * count;
  const double *constants = lines + 4 * count;
  const double *magnitudes = lines + 5 * count;
  Lanes sum = {};
  Lanes sizes = {};
  ptrdiff_t k = 0;
  for (; k + WIDTH <= count; k += WIDTH) {
    Lanes c = LOAD(coefficients + k);
    Mask isPositive = c > 0;
    Lanes product = c * SELECT(isPositive, LOAD(upper + k), LOAD(lower + k));
    Lanes shift = c * SELECT(isPositive, LOAD(upperShift + k), LOAD(lowerShift + k));
    sum += shift + product * LOAD(constants + k);
    sizes += ABS(product) * LOAD(magnitudes + k) + ABS(shift);
    STORE(products + k, product);
  }
  double total = 0;
  double totalSize = 0;
  for (int lane = 0; lane < WIDTH; lane++) {
    total += sum[lane];
    totalSize += sizes[lane];
  }
  for (; k < count; k++) {
    double c = coefficients[k];
    double product = c * (c > 0 ? upper[k] : lower[k]);
    double shift = c * (c > 0 ? upperShift[k] : lowerShift[k]);
    total += shift + product * constants[k];
    totalSize += fabs(product) * magnitudes[k] + fabs(shift);
    products[k] = product;
  }
  *constant += total;
  *size += totalSize;
}

PLEAT_VECTORISED void pleat_lines_add_dense(
    const double *factors, const int *rows, ptrdiff_t count, const double *entries, ptrdiff_t width, double *target) {
  for (ptrdiff_t k = 0; k < count; k++) {
    double factor = factors[k];
    if (factor == 0) continue;
    const double *row = entries + rows[k] * width;
    for (ptrdiff_t j = 0; j < width; j++) target[j] += factor * row[j];
  }
}

void pleat_lines_add_sparse(
    const double *factors, const int *rows, ptrdiff_t count, const int *starts, const int *columns,
    const double *entries, double *target) {
  for (ptrdiff_t k = 0; k < count; k++) {
    double factor = factors[k];
    if (factor == 0) continue;
    int end = starts[rows[k] + 1];
    for (int i = starts[rows[k]]; i < end; i++) target[columns[i]] += factor * entries[i];
  }
}
