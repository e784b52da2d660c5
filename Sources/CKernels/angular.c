#include "angular.h"
#include "dispatch.h"
#include "lanes.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

// arcsin(y)/y in powers of y², minimax on y² <= 1/4 with error 4.5e-21.
static const double ARCSINE[] = {
    1.0,
    0.16666666666666667379,
    0.074999999999997585138,
    0.044642857143180352799,
    0.030381944421776259308,
    0.022372160049880759208,
    0.017352737871508771582,
    0.013965349878854741808,
    0.011544945401300810621,
    0.0098287942255464760856,
    0.0079106877860827673949,
    0.0097961306411502882395,
    -0.0027111455904911127436,
    0.028856087526518863669,
    -0.031642327605780318397,
    0.034859601241951655333,
};

enum { ARCSINE_TERMS = sizeof ARCSINE / sizeof ARCSINE[0], GROUP = 2 };

#define ABSOLUTE(value) ((Lanes)((Mask)(value) & INT64_MAX))

PLEAT_VECTORISED void pleat_angles(const double *cosines, ptrdiff_t count, double *angles) {
  for (ptrdiff_t i = 0; i < count; i += WIDTH) {
    double room[WIDTH] = {0};
    ptrdiff_t left = count - i < WIDTH ? count - i : WIDTH;
    const double *source = cosines + i;
    if (left < WIDTH) {
      memcpy(room, source, (size_t)left * sizeof(double));
      source = room;
    }
    Lanes rho = LOAD(source);
    Lanes size = ABSOLUTE(rho);
    size = SELECT(size > 1, ALL(1), size);
    // Small |ρ|: π/2 - arcsin ρ. Large |ρ|: 2 arcsin √((1 - |ρ|)/2), turned round for negative ρ.
    Mask isLarge = size > 0.5;
    Lanes rest = 0.5 * (1 - size);
    Lanes square = SELECT(isLarge, rest, size * size);
    Lanes root = SELECT(isLarge, __builtin_elementwise_sqrt(rest), size);
    Lanes sum = ALL(ARCSINE[ARCSINE_TERMS - 1]);
    for (int k = ARCSINE_TERMS - 2; k >= 0; k--) sum = sum * square + ARCSINE[k];
    Lanes arcsine = root * sum;
    Mask isNegative = rho < 0;
    Lanes small = PI / 2 - SELECT(isNegative, -arcsine, arcsine);
    Lanes large = SELECT(isNegative, PI - 2 * arcsine, 2 * arcsine);
    Lanes result = SELECT(isLarge, large, small);
    if (left < WIDTH) {
      STORE(room, result);
      memcpy(angles + i, room, (size_t)left * sizeof(double));
    } else {
      STORE(angles + i, result);
    }
  }
}

// Clenshaw's recurrence for two groups of lanes at a time, so that one is computed while the other's products are on the way.
#define CLENSHAW(x, coefficients, terms, sum)                                                       \
  Lanes sum[GROUP];                                                                                 \
  {                                                                                                 \
    Lanes one[GROUP] = {}, two[GROUP] = {}, twice[GROUP];                                           \
    for (int g = 0; g < GROUP; g++) twice[g] = x[g] + x[g];                                         \
    for (ptrdiff_t k = terms - 1; k >= 1; k--) {                                                    \
      Lanes c = ALL(coefficients[k]);                                                               \
      for (int g = 0; g < GROUP; g++) {                                                             \
        Lanes next = twice[g] * one[g] + (c - two[g]);                                              \
        two[g] = one[g];                                                                            \
        one[g] = next;                                                                              \
      }                                                                                             \
    }                                                                                               \
    for (int g = 0; g < GROUP; g++) sum[g] = x[g] * one[g] + (coefficients[0] - two[g]);            \
  }

PLEAT_VECTORISED void pleat_chebyshev_sum(
    const double *angles, ptrdiff_t count, const double *coefficients, ptrdiff_t terms, double *sums) {
  for (ptrdiff_t i = 0; i < count; i += GROUP * WIDTH) {
    double room[GROUP * WIDTH] = {0};
    ptrdiff_t left = count - i < GROUP * WIDTH ? count - i : GROUP * WIDTH;
    memcpy(room, angles + i, (size_t)left * sizeof(double));
    Lanes x[GROUP];
    for (int g = 0; g < GROUP; g++) x[g] = LOAD(room + g * WIDTH) * (2 / PI) - 1;
    CLENSHAW(x, coefficients, terms, sum)
    for (int g = 0; g < GROUP; g++) STORE(room + g * WIDTH, sum[g]);
    memcpy(sums + i, room, (size_t)left * sizeof(double));
  }
}

PLEAT_VECTORISED void pleat_chebyshev_drop(
    const double *angles, ptrdiff_t count, const double *coefficients, ptrdiff_t terms, int power, double start,
    double *values) {
  for (ptrdiff_t i = 0; i < count; i += GROUP * WIDTH) {
    double room[GROUP * WIDTH] = {0};
    ptrdiff_t left = count - i < GROUP * WIDTH ? count - i : GROUP * WIDTH;
    memcpy(room, angles + i, (size_t)left * sizeof(double));
    Lanes x[GROUP];
    for (int g = 0; g < GROUP; g++) x[g] = LOAD(room + g * WIDTH) * (2 / PI) - 1;
    CLENSHAW(x, coefficients, terms, sum)
    for (int g = 0; g < GROUP; g++) {
      Lanes angle = LOAD(room + g * WIDTH);
      Lanes factor = power == 2 ? angle * angle : angle;
      STORE(room + g * WIDTH, start - factor * sum[g]);
    }
    memcpy(values + i, room, (size_t)left * sizeof(double));
  }
}
