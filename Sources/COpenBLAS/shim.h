#include <cblas.h>

/// LAPACK's own (Fortran, column-major) entry point: Debian ships the C wrapper in a further package.
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb,
             double *s, const double *rcond, int *rank, double *work, const int *lwork, int *iwork, int *info);
