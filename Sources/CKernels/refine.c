#include "refine.h"
#include "dispatch.h"
#include "inverse.h"

#include <math.h>

/* With B an approximate inverse of the rows' matrix A (without the fixed column), r the residual and x* the true point:
   |x* - x| <= |B| (|r| + errors) / (1 - |I - B A| - |B| errors), norms being the largest row sums (Krawczyk). */
PLEAT_VECTORISED
double pleat_refine(const double *const *rows, const double *errors, size_t count, size_t dimension, size_t fixed,
                    double *point) {
  enum { capacity = pleat_inverse_capacity };
  double work[64][capacity], inverse[capacity][capacity], residual[capacity], matrix[capacity][capacity];
  size_t chosen[capacity], place[64];
  const size_t n = dimension - 1;
  if (count < n || count > 64 || dimension > capacity) return INFINITY;
  if (count == n) {
    for (size_t i = 0; i < n; i++) chosen[i] = i;
  } else {
    /* Choose n rows by elimination with the largest pivots, relative to the rows' own sizes. */
    for (size_t i = 0; i < count; i++) {
      place[i] = i;
      size_t column = 0;
      for (size_t j = 0; j < dimension; j++)
        if (j != fixed) work[i][column++] = rows[i][j];
    }
    for (size_t i = 0; i < count; i++) {
      double size = 0;
      for (size_t j = 0; j < n; j++) size = fmax(size, fabs(work[i][j]));
      if (size > 0)
        for (size_t j = 0; j < n; j++) work[i][j] /= size;
    }
    int used[capacity] = {0};
    for (size_t step = 0; step < n; step++) {
      size_t best = step, column = 0;
      double size = 0;
      for (size_t i = step; i < count; i++)
        for (size_t j = 0; j < n; j++)
          if (!used[j] && fabs(work[i][j]) > size) {
            size = fabs(work[i][j]);
            best = i;
            column = j;
          }
      if (!(size > 1e-13)) return INFINITY;
      for (size_t j = 0; j < n; j++) {
        const double swap = work[step][j];
        work[step][j] = work[best][j];
        work[best][j] = swap;
      }
      const size_t swap = place[step];
      place[step] = place[best];
      place[best] = swap;
      used[column] = 1;
      for (size_t i = step + 1; i < count; i++) {
        const double factor = work[i][column] / work[step][column];
        for (size_t j = 0; j < n; j++) work[i][j] -= factor * work[step][j];
      }
      chosen[step] = place[step];
    }
  }
  for (size_t i = 0; i < n; i++) {
    size_t column = 0;
    for (size_t j = 0; j < dimension; j++)
      if (j != fixed) matrix[i][column++] = rows[chosen[i]][j];
    for (size_t j = 0; j < n; j++) work[i][j] = matrix[i][j];
  }
  if (!pleat_invert(work, inverse, n)) return INFINITY;
  for (int round = 0; round < 2; round++) {
    for (size_t i = 0; i < n; i++) {
      residual[i] = 0;
      for (size_t j = 0; j < dimension; j++) residual[i] += rows[chosen[i]][j] * point[j];
    }
    if (round == 1) break;
    size_t column = 0;
    for (size_t j = 0; j < dimension; j++) {
      if (j == fixed) continue;
      double step = 0;
      for (size_t i = 0; i < n; i++) step += inverse[column][i] * residual[i];
      point[j] -= step;
      column++;
    }
  }
  double defect = 0, spread = 0;
  for (size_t i = 0; i < n; i++) {
    double sum = 0, reach = 0, size = 0;
    for (size_t j = 0; j < n; j++) {
      double entry = i == j;
      for (size_t k = 0; k < n; k++) {
        entry -= inverse[i][k] * matrix[k][j];
        size += fabs(inverse[i][k] * matrix[k][j]);
      }
      sum += fabs(entry);
    }
    for (size_t k = 0; k < n; k++) {
      reach += fabs(inverse[i][k]) * (fabs(residual[k]) + errors[chosen[k]]);
      sum += fabs(inverse[i][k]) * errors[chosen[k]];
    }
    sum += 1e-15 * (double)(n + 2) * size;
    defect = fmax(defect, sum);
    spread = fmax(spread, reach);
  }
  if (!(defect < 0.5)) return INFINITY;
  return spread / (1 - defect) * 1.0001 + 1e-300;
}
