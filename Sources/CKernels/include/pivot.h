#ifndef PLEAT_PIVOT_H
#define PLEAT_PIVOT_H

#include <stddef.h>

// The loops of a small dense simplex method in which the point moves and the rows stay as they are.
//
// Rows a_i·x <= b_i are stored in groups of eight, entry by entry: a_ij is entries[(i / 8 * n + j) * 8 + i % 8]. The
// number of rows is a multiple of eight; the rows added for that are zero and have an infinite bound. The n edges of the
// vertex are the columns of a matrix stored by coordinates: entry j of edge k is edges[j * width + k], width a multiple of
// eight, the columns beyond n zero.

/// slacks = b - A x. Returns the least slack and its first row in `row`.
double pleat_pivot_slacks(
    const double *entries, const double *bounds, const double *point, ptrdiff_t n, ptrdiff_t rows,
    double *slacks, ptrdiff_t *row);

/// Takes the last step, slacks -= step * rates, then rates = A d. Returns the least (slack + slip) / rate over the rows
/// whose rate is above `smallest`, +infinity when there is none.
double pleat_pivot_ratio(
    const double *entries, const double *direction, ptrdiff_t n, ptrdiff_t rows, double step,
    double smallest, double slip, double *slacks, double *rates);

/// The row of largest rate above `smallest` among those with slack <= limit * rate; -1 when there is none.
ptrdiff_t pleat_pivot_choose(
    const double *slacks, const double *rates, ptrdiff_t rows, double limit, double smallest);

/// products[k] = v · edge k, for all k < width.
void pleat_pivot_products(const double *edges, ptrdiff_t n, ptrdiff_t width, const double *v, double *products);

/// squares[k] = |edge k|².
void pleat_pivot_squares(const double *edges, ptrdiff_t n, ptrdiff_t width, double *squares);

/// Exchanges the row of slot `slot` for one whose products with the edges are `products`; `multipliers` are those of an
/// objective, carried along. `squares` receives the new |edge|².
void pleat_pivot_exchange(
    double *edges, ptrdiff_t n, ptrdiff_t width, const double *products, ptrdiff_t slot, double *multipliers,
    double *squares);

#endif
