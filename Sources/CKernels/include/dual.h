#ifndef PLEAT_DUAL_H
#define PLEAT_DUAL_H

#include <stddef.h>
#include <stdint.h>

// Passes for sixteen points, or nodes, at a time: an array "of lanes" holds sixteen numbers for each of its elements, one of
// each node. Multiples of 64 bytes are best for them, of 16 they must be.

/// A hinge that the box leaves open: the slopes below 0 and above.
struct pleat_dual_unit {
  int32_t slot;
  float below;
  float above;
};

/// What the nodes know of the open units: of lanes but for `is_split`.
struct pleat_dual_nodes {
  const struct pleat_dual_unit *units;
  /// Whether some node has split the unit.
  const uint8_t *is_split;
  /// The line that joins the ends of the unit's graph over its range: slope, and value at 0.
  const float *chords;
  const float *shifts;
  /// Of a unit: the place of its free line between the slopes; of one that the node has split its multiplier, in `scales`.
  float *parameters;
  /// ±1 for the side that the node has split off, or 0.
  const float *phases;
  const float *scales;
};

/// The units of a stage, each with a slot of its own: `numbers` among the open ones or −1, and of the others the slope.
struct pleat_dual_stage {
  const int32_t *numbers;
  const float *slopes;
  const float *constants;
  ptrdiff_t count;
};

/// Replaces units by lines in affine forms of which upper bounds are wanted: `products` receives coefficient · slope, and the
/// multipliers of units that were split; what the lines and the forms' constants add goes to the sixteen `sums`.
void pleat_dual_replace(
    const struct pleat_dual_stage *stage, const struct pleat_dual_nodes *nodes, const float *coefficients, float *products,
    float *sums);

/// The values of a stage's units along the lines that the same coefficients choose.
void pleat_dual_apply(
    const struct pleat_dual_stage *stage, const struct pleat_dual_nodes *nodes, const float *coefficients,
    const float *forms, float *values);

/// Copies the parameters of `count` units to `best` in those nodes whose new bound is less than the best one.
void pleat_dual_keep(
    const float *parameters, ptrdiff_t count, const float *bounds, const float *best_bounds, float *best);

/// One step of Adam's rule for the parameters of the first `count` open units, by the derivatives of the bound.
/// `correction` is that of the squares.
void pleat_dual_step(
    const struct pleat_dual_nodes *nodes, ptrdiff_t count, const float *coefficients, const float *forms, float *means,
    float *squares, float length, float correction);

/// target_r += Σ_i entry_i · source at column_i, of lanes, for sparse rows: the entries of row r are entries[starts[r]] …
/// entries[starts[r + 1] − 1].
void pleat_dual_multiply(
    const int32_t *starts, const int32_t *columns, const float *entries, ptrdiff_t rows, const float *source,
    float *target);

/// The same by the transposed matrix.
void pleat_dual_multiply_transposed(
    const int32_t *starts, const int32_t *columns, const float *entries, ptrdiff_t rows, const float *source,
    float *target);

#endif
