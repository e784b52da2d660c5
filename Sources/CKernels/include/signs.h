#ifndef PLEAT_SIGNS_H
#define PLEAT_SIGNS_H

#include <stddef.h>
#include <stdint.h>

/* Products of matrices of signs, one byte each, with vectors of floats. Every sum is taken in one fixed order. */

/* sums[k] = Σ_i factors[i] * signs[i * stride + k] for k < count: `rows` rows of `stride` bytes, count <= stride, both
   multiples of 64. */
void pleat_sign_combination(const int8_t *signs, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t count,
                            const float *factors, float *sums);

/* products[i] = Σ_k signs[i * stride + k] * vector[k] over k < count, a multiple of 64. */
void pleat_sign_products(const int8_t *signs, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t count, const float *vector,
                         float *products);

/* The fields of one pattern: fields[l] = scale * Σ_i signs[l * n + i] * weights[l * n + i] over i < n, for `units` units. */
void pleat_pattern_fields(const int8_t *signs, const float *weights, ptrdiff_t units, ptrdiff_t n, float scale,
                          float *fields);

/* weights[l * n + i] += steps[l] * signs[l * n + i], for the units whose step is not 0. */
void pleat_pattern_step(const int8_t *signs, const float *steps, ptrdiff_t units, ptrdiff_t n, float *weights);

#endif
