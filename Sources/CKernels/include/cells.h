#ifndef PLEAT_CELLS_H
#define PLEAT_CELLS_H

#include <stddef.h>

/* Loops over the affine forms of a layer on one cell of an arrangement. Matrices of forms are stored coordinate by
   coordinate: coefficient j of form r is at j * forms + r. */

/* out = in + Σ_k columns[k] ⊗ coefficients[k]: adds `count` columns (of `forms` numbers each), each times a vector of
   `dimension` coefficients. One row more, at `dimension`, holds bounds on the coefficients' errors: to it are added the
   columns' magnitudes times errors[k]. */
void pleat_accumulate(double *out, const double *in, size_t forms, size_t dimension, const double *const *columns,
                      const double *coefficients, const double *errors, size_t count);

/* Values of all forms at all points: the least and the largest over the points, and the length of the
   coefficients' vector. */
void pleat_form_ranges(const double *matrix, size_t forms, size_t dimension, const double *points, size_t count,
                       double *least, double *largest, double *norm);

/* The least and the largest of each column over `count` rows. */
void pleat_column_ranges(const double *const *rows, size_t count, size_t columns, double *least, double *largest);

/* out = u + t (v - u). A result is 0 only where both ends are. */
void pleat_interpolate(double *out, const double *u, const double *v, double t, size_t count);

#endif
