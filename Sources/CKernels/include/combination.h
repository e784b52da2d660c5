#ifndef PLEAT_COMBINATION_H
#define PLEAT_COMBINATION_H

#include <stddef.h>

/* Whether target = Σ y_i row_i holds with all y_i > 0, for the true rows and target, of which the given ones are off by at
   most `errors[i]` and `target_error` in the sum of the magnitudes of their coefficients. The rows are `dimension` many, of
   `dimension` coefficients; dimension <= 16. Returns 1 when that is proved, 0 when it is not. */
int pleat_is_positive_combination(const double *const *rows, const double *errors, size_t dimension,
                                  const double *target, double target_error);

#endif
