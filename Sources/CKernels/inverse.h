#ifndef PLEAT_INVERSE_H
#define PLEAT_INVERSE_H

#include <math.h>
#include <stddef.h>

enum { pleat_inverse_capacity = 16 };

/* Gauss-Jordan elimination with row pivoting: writes an approximate inverse of the first n rows and columns of `work`, which
   is used up. Returns 0 when the matrix is singular in doubles. Inline, so that it is compiled for the processor that its
   caller is compiled for. */
static inline int pleat_invert(double (*work)[pleat_inverse_capacity], double (*inverse)[pleat_inverse_capacity],
                               size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) inverse[i][j] = i == j;
  for (size_t step = 0; step < n; step++) {
    size_t best = step;
    for (size_t i = step + 1; i < n; i++)
      if (fabs(work[i][step]) > fabs(work[best][step])) best = i;
    const double pivot = work[best][step];
    if (!(fabs(pivot) > 0)) return 0;
    for (size_t j = 0; j < n; j++) {
      double swap = work[best][j];
      work[best][j] = work[step][j];
      work[step][j] = swap / pivot;
      swap = inverse[best][j];
      inverse[best][j] = inverse[step][j];
      inverse[step][j] = swap / pivot;
    }
    for (size_t i = 0; i < n; i++) {
      if (i == step) continue;
      const double factor = work[i][step];
      for (size_t j = 0; j < n; j++) {
        work[i][j] -= factor * work[step][j];
        inverse[i][j] -= factor * inverse[step][j];
      }
    }
  }
  return 1;
}

#endif
