#include "combination.h"
#include "dispatch.h"
#include "inverse.h"

#include <math.h>

/* Solves the transposed system A^T y = target with an approximate inverse B of A^T, and encloses the true solution:
   |y* - y| <= |B| (|residual| + row errors) / (1 - |I - B A^T| - |B| errors), norms being the largest row sums. */
PLEAT_VECTORISED
int pleat_is_positive_combination(const double *const *rows, const double *errors, size_t dimension,
                                  const double *target, double target_error) {
  enum { capacity = pleat_inverse_capacity };
  double work[capacity][capacity], inverse[capacity][capacity], y[capacity], residual[capacity];
  const size_t n = dimension;
  if (n > capacity) return 0;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) work[j][i] = rows[i][j];
  if (!pleat_invert(work, inverse, n)) return 0;
  for (size_t i = 0; i < n; i++) {
    y[i] = 0;
    for (size_t j = 0; j < n; j++) y[i] += inverse[i][j] * target[j];
  }
  double total = 0;
  for (size_t i = 0; i < n; i++) {
    if (!(y[i] > 0)) return 0;
    total += y[i] * errors[i];
  }
  for (size_t j = 0; j < n; j++) {
    double sum = -target[j], size = fabs(target[j]);
    for (size_t i = 0; i < n; i++) {
      sum += rows[i][j] * y[i];
      size += fabs(rows[i][j] * y[i]);
    }
    residual[j] = fabs(sum) + (double)(n + 2) * 2.3e-16 * size + total + target_error;
  }
  double defect = 0, reach = 0;
  for (size_t i = 0; i < n; i++) {
    double row = 0, spread = 0, size = 0;
    for (size_t k = 0; k < n; k++) {
      double entry = i == k;
      for (size_t j = 0; j < n; j++) {
        entry -= inverse[i][j] * rows[k][j];
        size += fabs(inverse[i][j] * rows[k][j]);
      }
      row += fabs(entry);
      for (size_t j = 0; j < n; j++) row += fabs(inverse[i][j]) * errors[k];
    }
    for (size_t j = 0; j < n; j++) spread += fabs(inverse[i][j]) * residual[j];
    defect = fmax(defect, row + (double)(n + 2) * 2.3e-16 * size);
    reach = fmax(reach, spread);
  }
  if (!(defect < 0.5)) return 0;
  const double error = reach / (1 - defect) * 1.0001;
  for (size_t i = 0; i < n; i++)
    if (!(y[i] > error)) return 0;
  return 1;
}
