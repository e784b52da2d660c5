#include "dual.h"
#include "dispatch.h"
#include "lanes.h"

#include <math.h>

#define AT(pointer, index) (((FloatLanes *)(pointer))[index])
#define CONST_AT(pointer, index) (((const FloatLanes *)(pointer))[index])

// Which nodes bound the unit by its chord: a convex hinge from above, a concave one from below.
#define USES_CHORD(unit, coefficient) ((unit)->above > (unit)->below ? (coefficient) > 0 : (coefficient) < 0)

PLEAT_VECTORISED void pleat_dual_replace(
    const struct pleat_dual_stage *stage, const struct pleat_dual_nodes *nodes, const float *coefficients, float *products,
    float *sums) {
  const FloatLanes zero = {};
  FloatLanes sum = AT(sums, 0);
  for (ptrdiff_t k = 0; k < stage->count; k++) {
    FloatLanes c = CONST_AT(coefficients, k);
    const int32_t number = stage->numbers[k];
    FloatLanes product;
    if (number < 0) {
      product = c * stage->slopes[k];
    } else {
      const struct pleat_dual_unit *unit = nodes->units + number;
      FloatMask isChord = USES_CHORD(unit, c);
      FloatLanes parameter = AT(nodes->parameters, number);
      FloatLanes slope =
          FLOAT_SELECT(isChord, CONST_AT(nodes->chords, number), unit->below + (unit->above - unit->below) * parameter);
      FloatLanes shift = FLOAT_SELECT(isChord, c * CONST_AT(nodes->shifts, number), zero);
      product = c * slope;
      if (nodes->is_split[number]) {
        FloatLanes phase = CONST_AT(nodes->phases, number);
        FloatMask isSplit = phase != 0;
        FloatLanes side = c * FLOAT_SELECT(phase < 0, FLOAT_ALL(unit->below), FLOAT_ALL(unit->above));
        product = FLOAT_SELECT(isSplit, side + phase * parameter * CONST_AT(nodes->scales, number), product);
        shift = FLOAT_SELECT(isSplit, zero, shift);
      }
      sum += shift;
    }
    AT(products, k) = product;
    sum += product * stage->constants[k];
  }
  AT(sums, 0) = sum;
}

PLEAT_VECTORISED void pleat_dual_apply(
    const struct pleat_dual_stage *stage, const struct pleat_dual_nodes *nodes, const float *coefficients,
    const float *forms, float *values) {
  for (ptrdiff_t k = 0; k < stage->count; k++) {
    FloatLanes z = CONST_AT(forms, k);
    const int32_t number = stage->numbers[k];
    if (number < 0) {
      AT(values, k) = z * stage->slopes[k];
      continue;
    }
    const struct pleat_dual_unit *unit = nodes->units + number;
    FloatLanes c = CONST_AT(coefficients, k);
    FloatMask isChord = USES_CHORD(unit, c);
    FloatLanes free = z * (unit->below + (unit->above - unit->below) * AT(nodes->parameters, number));
    FloatLanes value =
        FLOAT_SELECT(isChord, z * CONST_AT(nodes->chords, number) + CONST_AT(nodes->shifts, number), free);
    if (nodes->is_split[number]) {
      FloatLanes phase = CONST_AT(nodes->phases, number);
      value = FLOAT_SELECT(phase < 0, z * unit->below, value);
      value = FLOAT_SELECT(phase > 0, z * unit->above, value);
    }
    AT(values, k) = value;
  }
}

PLEAT_VECTORISED void pleat_dual_keep(
    const float *parameters, ptrdiff_t count, const float *bounds, const float *best_bounds, float *best) {
  FloatMask isBetter = CONST_AT(bounds, 0) < CONST_AT(best_bounds, 0);
  for (ptrdiff_t k = 0; k < count; k++) AT(best, k) = FLOAT_SELECT(isBetter, CONST_AT(parameters, k), AT(best, k));
}

PLEAT_VECTORISED void pleat_dual_step(
    const struct pleat_dual_nodes *nodes, ptrdiff_t count, const float *coefficients, const float *forms, float *means,
    float *squares, float length, float correction) {
  const FloatLanes zero = {};
  const FloatLanes one = zero + 1;
  for (ptrdiff_t number = 0; number < count; number++) {
    const struct pleat_dual_unit *unit = nodes->units + number;
    FloatLanes c = CONST_AT(coefficients, unit->slot);
    FloatLanes z = CONST_AT(forms, unit->slot);
    FloatMask isFree = unit->above > unit->below ? c < 0 : c > 0;
    FloatLanes slope = FLOAT_SELECT(isFree, c * z * (unit->above - unit->below), zero);
    FloatMask isLimited = ~(FloatMask){};
    if (nodes->is_split[number]) {
      FloatLanes phase = CONST_AT(nodes->phases, number);
      isLimited = phase == 0;
      slope = FLOAT_SELECT(isLimited, slope, phase * z * CONST_AT(nodes->scales, number));
    }
    FloatLanes mean = 0.9f * AT(means, number) + 0.1f * slope;
    FloatLanes square = 0.999f * AT(squares, number) + 0.001f * slope * slope;
    AT(means, number) = mean;
    AT(squares, number) = square;
    FloatLanes root;
    for (int lane = 0; lane < FLOAT_WIDTH; lane++) root[lane] = sqrtf(square[lane] * correction);
    FloatLanes parameter = AT(nodes->parameters, number) - length * mean / (root + 1e-12f);
    parameter = FLOAT_SELECT(parameter < 0, zero, parameter);
    AT(nodes->parameters, number) = FLOAT_SELECT((parameter > 1) & isLimited, one, parameter);
  }
}

PLEAT_VECTORISED void pleat_dual_multiply(
    const int32_t *starts, const int32_t *columns, const float *entries, ptrdiff_t rows, const float *source,
    float *target) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    FloatLanes sum = AT(target, r);
    for (int32_t i = starts[r]; i < starts[r + 1]; i++) sum += entries[i] * CONST_AT(source, columns[i]);
    AT(target, r) = sum;
  }
}

PLEAT_VECTORISED void pleat_dual_multiply_transposed(
    const int32_t *starts, const int32_t *columns, const float *entries, ptrdiff_t rows, const float *source,
    float *target) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    FloatLanes x = CONST_AT(source, r);
    for (int32_t i = starts[r]; i < starts[r + 1]; i++) AT(target, columns[i]) += entries[i] * x;
  }
}
