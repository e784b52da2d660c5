#ifndef PLEAT_REFINE_H
#define PLEAT_REFINE_H

#include <stddef.h>

/* Moves a point onto the hyperplanes it is known to lie on, and bounds how far the true point is.

   rows: `count` rows of `dimension` homogeneous coefficients; errors[i] bounds |row_i(x) - true row_i(x)| for every
   point of max-norm at most 1, rounding included. fixed: the coordinate that stays as it is. point is overwritten.
   Returns a bound on the max-norm distance of the true point with the same fixed coordinate; infinity when the
   hyperplanes are too near to parallel to tell. dimension <= 16. */
double pleat_refine(const double *const *rows, const double *errors, size_t count, size_t dimension, size_t fixed,
                    double *point);

#endif
