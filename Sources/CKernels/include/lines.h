#ifndef PLEAT_LINES_H
#define PLEAT_LINES_H

#include <stddef.h>

/// Replaces units by lines in an affine form of which an upper bound is wanted: product_k = c_k · (c_k > 0 ? upper slope :
/// lower slope), over `count` units. Adds Σ c_k · (upper shift or lower shift) + Σ product_k · constant_k to `constant`, and
/// Σ |product_k| · magnitude_k + Σ |c_k · shift| to `size`, the measure of rounding errors.
///
/// `lines` holds six arrays of `count` numbers one after the other: upper slopes, lower slopes, upper shifts, lower shifts,
/// constants, magnitudes.
void pleat_lines_substitute(
    const double *coefficients, const double *lines, ptrdiff_t count, double *products, double *constant, double *size);

/// target_j += Σ_k factor_k · row_k,j for `width` columns: row k is row rows[k] of a dense matrix of that many columns.
void pleat_lines_add_dense(
    const double *factors, const int *rows, ptrdiff_t count, const double *entries, ptrdiff_t width, double *target);

/// target_j += Σ_k factor_k · row_k,j for sparse rows: the entries of row k are entries[starts[k]] … entries[starts[k + 1] - 1]
/// in the columns of the same positions. `rows[k]` is the number of the row of factor k.
void pleat_lines_add_sparse(
    const double *factors, const int *rows, ptrdiff_t count, const int *starts, const int *columns,
    const double *entries, double *target);

#endif
