#include <gmp.h>

/* GMP spells these as macros, which Swift cannot import. */
static inline int pleat_mpz_sgn(const __mpz_struct *z) { return mpz_sgn(z); }
static inline int pleat_mpq_sgn(const __mpq_struct *q) { return mpq_sgn(q); }
static inline __mpz_struct *pleat_mpq_numerator(__mpq_struct *q) { return mpq_numref(q); }
static inline __mpz_struct *pleat_mpq_denominator(__mpq_struct *q) { return mpq_denref(q); }
static inline int pleat_mpf_sgn(const __mpf_struct *x) { return mpf_sgn(x); }
