#include "cells.h"
#include "dispatch.h"

#include <math.h>
#include <string.h>

PLEAT_VECTORISED
void pleat_accumulate(double *out, const double *in, size_t forms, size_t dimension, const double *const *columns,
                      const double *coefficients, const double *errors, size_t count) {
  for (size_t j = 0; j < dimension; j++) {
    double *restrict o = out + j * forms;
    const double *i = in + j * forms;
    size_t k = 0;
    memcpy(o, i, forms * sizeof(double));
    for (; k + 4 <= count; k += 4) {
      const double a = coefficients[k * dimension + j], b = coefficients[(k + 1) * dimension + j];
      const double c = coefficients[(k + 2) * dimension + j], d = coefficients[(k + 3) * dimension + j];
      const double *restrict p = columns[k], *restrict q = columns[k + 1];
      const double *restrict s = columns[k + 2], *restrict t = columns[k + 3];
      for (size_t r = 0; r < forms; r++) o[r] += (a * p[r] + b * q[r]) + (c * s[r] + d * t[r]);
    }
    for (; k < count; k++) {
      const double a = coefficients[k * dimension + j];
      const double *restrict p = columns[k];
      for (size_t r = 0; r < forms; r++) o[r] += a * p[r];
    }
  }
  double *restrict o = out + dimension * forms;
  memcpy(o, in + dimension * forms, forms * sizeof(double));
  for (size_t k = 0; k < count; k++) {
    const double error = errors[k];
    const double *restrict p = columns[k];
    for (size_t r = 0; r < forms; r++) o[r] += error * fabs(p[r]);
  }
}

PLEAT_VECTORISED
void pleat_form_ranges(const double *matrix, size_t forms, size_t dimension, const double *points, size_t count,
                       double *restrict least, double *restrict largest, double *restrict norm) {
  enum { block = 64 };
  double value[block];
  for (size_t start = 0; start < forms; start += block) {
    const size_t length = forms - start < block ? forms - start : block;
    for (size_t r = 0; r < length; r++) {
      least[start + r] = INFINITY;
      largest[start + r] = -INFINITY;
      norm[start + r] = 0;
    }
    for (size_t j = 0; j < dimension; j++) {
      const double *restrict column = matrix + j * forms + start;
      for (size_t r = 0; r < length; r++) norm[start + r] += column[r] * column[r];
    }
    for (size_t r = 0; r < length; r++) norm[start + r] = sqrt(norm[start + r]) + 1e-150; /* where squares underflow */
    for (size_t v = 0; v < count; v++) {
      const double *point = points + v * dimension;
      const double *restrict first = matrix + start;
      for (size_t r = 0; r < length; r++) value[r] = point[0] * first[r];
      for (size_t j = 1; j < dimension; j++) {
        const double *restrict column = matrix + j * forms + start;
        const double x = point[j];
        for (size_t r = 0; r < length; r++) value[r] += x * column[r];
      }
      for (size_t r = 0; r < length; r++) {
        least[start + r] = value[r] < least[start + r] ? value[r] : least[start + r];
        largest[start + r] = value[r] > largest[start + r] ? value[r] : largest[start + r];
      }
    }
  }
}

PLEAT_VECTORISED
void pleat_column_ranges(const double *const *rows, size_t count, size_t columns, double *restrict least,
                         double *restrict largest) {
  for (size_t i = 0; i < columns; i++) least[i] = largest[i] = rows[0][i];
  for (size_t v = 1; v < count; v++) {
    const double *restrict row = rows[v];
    for (size_t i = 0; i < columns; i++) {
      least[i] = row[i] < least[i] ? row[i] : least[i];
      largest[i] = row[i] > largest[i] ? row[i] : largest[i];
    }
  }
}

PLEAT_VECTORISED
void pleat_interpolate(double *restrict out, const double *restrict u, const double *restrict v, double t,
                       size_t count) {
  for (size_t i = 0; i < count; i++) {
    const double w = u[i] + t * (v[i] - u[i]);
    out[i] = w == 0 && (u[i] != 0 || v[i] != 0) ? 5e-324 : w;
  }
}
