#include "training.h"
#include "dispatch.h"

#include <math.h>
#include <string.h>

#define REAL float
#define BITS int32_t
#define NAME(name) pleat_##name##_f
#define LOG2E 0x1.715476p+0f
#define LN2_HIGH 0x1.62e4p-1f
#define LN2_LOW 0x1.7f7d1cp-20f
#define ROUND 0x1.8p23f
#define MANTISSA 23
#define ONE_BITS 0x3f800000
#define SMALLEST_EXPONENT -87.0f
#define SQRT __builtin_elementwise_sqrt
#define EXPONENTIAL_TAIL(r) \
  ((r) * (r) * (0.5f + (r) * (1 / 6.0f + (r) * (1 / 24.0f + (r) * (1 / 120.0f + (r) * (1 / 720.0f + (r) / 5040.0f))))))
#include "training_template.h"
#include "unitary_template.h"
#undef REAL
#undef BITS
#undef NAME
#undef LOG2E
#undef LN2_HIGH
#undef LN2_LOW
#undef ROUND
#undef MANTISSA
#undef ONE_BITS
#undef SMALLEST_EXPONENT
#undef SQRT
#undef EXPONENTIAL_TAIL

#define REAL double
#define BITS int64_t
#define NAME(name) pleat_##name##_d
#define LOG2E 0x1.71547652b82fep+0
#define LN2_HIGH 0x1.62e42fefa0000p-1
#define LN2_LOW 0x1.cf79abc9e3b3ap-40
#define ROUND 0x1.8p52
#define MANTISSA 52
#define ONE_BITS 0x3ff0000000000000
#define SMALLEST_EXPONENT -708.0
#define SQRT __builtin_elementwise_sqrt
#define EXPONENTIAL_TAIL(r) \
  ((r) * (r) * (1 / 2.0 + (r) * (1 / 6.0 + (r) * (1 / 24.0 + (r) * (1 / 120.0 + (r) * (1 / 720.0 + (r) * (1 / 5040.0 \
    + (r) * (1 / 40320.0 + (r) * (1 / 362880.0 + (r) * (1 / 3628800.0 + (r) * (1 / 39916800.0 \
    + (r) * (1 / 479001600.0 + (r) * (1 / 6227020800.0)))))))))))))
#include "training_template.h"
#include "unitary_template.h"
