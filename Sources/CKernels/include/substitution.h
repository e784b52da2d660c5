#ifndef PLEAT_SUBSTITUTION_H
#define PLEAT_SUBSTITUTION_H

#include <stddef.h>

/* Loops of substitution: the units of one stage leave an affine form, each replaced by a line over its own form. */

/* For an upper bound of Σ coefficients[k] unit_k. Unit k lies between two lines over its form z_k, slope * z +
   offset; slopes are finite, an offset may be infinite. `lines` has six planes, `stride` apart: the slopes above, the
   offsets above, the slopes below, the offsets below, the constants of the z_k, and bounds on the sums of the
   magnitudes of their terms.

   Positive coefficients take the line above, negative ones the line below. factors[k] receives what z_k is multiplied
   by. sums[0] grows by the offsets' and the forms' constants, sums[1] by the magnitudes of all that is added there
   and of all terms of factors[k] z_k; that becomes infinite or NaN when a line is missing or a number overflows. */
void pleat_take_lines(const double *coefficients, size_t count, const double *lines, size_t stride, double *factors,
                      double *sums);

/* row += Σ_k factors[k] * row k of a dense block of `width` columns, a multiple of eight. */
void pleat_add_dense_rows(double *row, const double *block, size_t width, const double *factors, size_t count);

/* The same for sparse rows: those of row k are the entries starts[k] ..< starts[k + 1]. */
void pleat_add_sparse_rows(double *row, const ptrdiff_t *starts, const ptrdiff_t *columns, const double *weights,
                           const double *factors, size_t count);

#endif
