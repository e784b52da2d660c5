#ifndef PLEAT_ANGULAR_H
#define PLEAT_ANGULAR_H

#include <stddef.h>

/* Functions of angles in [0, π]. */

/* angles[i] = arccos(cosines[i]), within 4e-16 (1 + |dθ/dρ|); cosines a little beyond ±1 count as ±1. The two arrays may be the
   same. */
void pleat_angles(const double *cosines, ptrdiff_t count, double *angles);

/* sums[i] = Σ_k coefficients[k] T_k(2 angles[i]/π - 1), over `terms` Chebyshev polynomials; terms >= 1. The two arrays may be
   the same. */
void pleat_chebyshev_sum(
    const double *angles, ptrdiff_t count, const double *coefficients, ptrdiff_t terms, double *sums);

/* values[i] = start - angles[i]^power Σ_k coefficients[k] T_k(2 angles[i]/π - 1), power 1 or 2. */
void pleat_chebyshev_drop(
    const double *angles, ptrdiff_t count, const double *coefficients, ptrdiff_t terms, int power, double start,
    double *values);

#endif
