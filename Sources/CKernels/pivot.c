#include "pivot.h"
#include "dispatch.h"
#include "lanes.h"

#include <math.h>

static const Mask positions = {0, 1, 2, 3, 4, 5, 6, 7};
static const Mask nowhere = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};

PLEAT_VECTORISED double pleat_pivot_slacks(
    const double *entries, const double *bounds, const double *point, ptrdiff_t n, ptrdiff_t rows,
    double *slacks, ptrdiff_t *row) {
  Lanes least = ALL(INFINITY);
  Mask where = positions;
  for (ptrdiff_t i = 0; i < rows; i += WIDTH) {
    Lanes slack = LOAD(bounds + i);
    const double *group = entries + i * n;
    for (ptrdiff_t j = 0; j < n; j++) slack -= LOAD(group + j * WIDTH) * point[j];
    STORE(slacks + i, slack);
    Mask less = slack < least;
    least = SELECT(less, slack, least);
    where = (less & (positions + i)) | (~less & where);
  }
  // The extreme value first, then its least position: no branch that depends on the data.
  double result = least[0];
  for (int k = 1; k < WIDTH; k++) result = least[k] < result ? least[k] : result;
  Mask held = least == ALL(result);
  where = (held & where) | (~held & nowhere);
  int64_t found = where[0];
  for (int k = 1; k < WIDTH; k++) found = where[k] < found ? where[k] : found;
  *row = (ptrdiff_t)found;
  return result;
}

PLEAT_VECTORISED double pleat_pivot_ratio(
    const double *entries, const double *direction, ptrdiff_t n, ptrdiff_t rows, double step,
    double smallest, double slip, double *slacks, double *rates) {
  Lanes least = ALL(INFINITY);
  for (ptrdiff_t i = 0; i < rows; i += WIDTH) {
    Lanes slack = LOAD(slacks + i) - step * LOAD(rates + i);
    Lanes rate = ALL(0.0);
    const double *group = entries + i * n;
    for (ptrdiff_t j = 0; j < n; j++) rate += LOAD(group + j * WIDTH) * direction[j];
    STORE(slacks + i, slack);
    STORE(rates + i, rate);
    Mask meets = rate > smallest;
    Lanes ratio = (slack + slip) / SELECT(meets, rate, ALL(1.0));
    Mask less = meets & (ratio < least);
    least = SELECT(less, ratio, least);
  }
  double result = least[0];
  for (int k = 1; k < WIDTH; k++) result = least[k] < result ? least[k] : result;
  return result;
}

PLEAT_VECTORISED ptrdiff_t pleat_pivot_choose(
    const double *slacks, const double *rates, ptrdiff_t rows, double limit, double smallest) {
  Lanes largest = ALL(smallest);
  Mask where = nowhere;
  for (ptrdiff_t i = 0; i < rows; i += WIDTH) {
    Lanes rate = LOAD(rates + i);
    Mask better = (rate > largest) & (LOAD(slacks + i) <= limit * rate);
    largest = SELECT(better, rate, largest);
    where = (better & (positions + i)) | (~better & where);
  }
  double result = largest[0];
  for (int k = 1; k < WIDTH; k++) result = largest[k] > result ? largest[k] : result;
  Mask held = largest == ALL(result);
  where = (held & where) | (~held & nowhere);
  int64_t found = where[0];
  for (int k = 1; k < WIDTH; k++) found = where[k] < found ? where[k] : found;
  return found == INT64_MAX ? -1 : (ptrdiff_t)found;
}

PLEAT_VECTORISED void pleat_pivot_products(
    const double *edges, ptrdiff_t n, ptrdiff_t width, const double *v, double *products) {
  for (ptrdiff_t k = 0; k < width; k += WIDTH) {
    Lanes sum = ALL(0.0);
    for (ptrdiff_t j = 0; j < n; j++) sum += LOAD(edges + j * width + k) * v[j];
    STORE(products + k, sum);
  }
}

PLEAT_VECTORISED void pleat_pivot_squares(const double *edges, ptrdiff_t n, ptrdiff_t width, double *squares) {
  for (ptrdiff_t k = 0; k < width; k += WIDTH) {
    Lanes sum = ALL(0.0);
    for (ptrdiff_t j = 0; j < n; j++) {
      Lanes entry = LOAD(edges + j * width + k);
      sum += entry * entry;
    }
    STORE(squares + k, sum);
  }
}

PLEAT_VECTORISED void pleat_pivot_exchange(
    double *edges, ptrdiff_t n, ptrdiff_t width, const double *products, ptrdiff_t slot, double *multipliers,
    double *squares) {
  // The slot's place is chosen within the vector: a scalar written into it would stall the next load of the vector.
  double inverse = 1.0 / products[slot];
  double multiplier = multipliers[slot] * inverse;
  for (ptrdiff_t k = 0; k < width; k += WIDTH) {
    Mask isSlot = positions + k == (Mask){} + slot;
    Lanes rest = LOAD(multipliers + k) - multiplier * LOAD(products + k);
    STORE(multipliers + k, SELECT(isSlot, ALL(multiplier), rest));
  }
  for (ptrdiff_t j = 0; j < n; j++) {
    double *row = edges + j * width;
    double leaving = row[slot] * inverse;
    for (ptrdiff_t k = 0; k < width; k += WIDTH) {
      Mask isSlot = positions + k == (Mask){} + slot;
      Lanes rest = LOAD(row + k) - leaving * LOAD(products + k);
      STORE(row + k, SELECT(isSlot, ALL(leaving), rest));
    }
  }
  for (ptrdiff_t k = 0; k < width; k += WIDTH) {
    Lanes sum = ALL(0.0);
    for (ptrdiff_t j = 0; j < n; j++) {
      Lanes entry = LOAD(edges + j * width + k);
      sum += entry * entry;
    }
    STORE(squares + k, sum);
  }
}
