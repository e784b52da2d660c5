#ifndef PLEAT_TRAINING_H
#define PLEAT_TRAINING_H

#include <stddef.h>
#include <stdint.h>

/* Loops of training, in single (_f) and double (_d) precision. Matrices are stored by rows. */

/* y = max(y, 0). */
void pleat_relu_f(float *y, ptrdiff_t count);
void pleat_relu_d(double *y, ptrdiff_t count);

/* g = 0 where y <= 0, y the outputs of the positive part. */
void pleat_relu_adjoint_f(const float *y, float *g, ptrdiff_t count);
void pleat_relu_adjoint_d(const double *y, double *g, ptrdiff_t count);

/* y = tanh y. */
void pleat_tanh_f(float *y, ptrdiff_t count);
void pleat_tanh_d(double *y, ptrdiff_t count);

/* g *= 1 - y², y the outputs of tanh. */
void pleat_tanh_adjoint_f(const float *y, float *g, ptrdiff_t count);
void pleat_tanh_adjoint_d(const double *y, double *g, ptrdiff_t count);

/* Each of `rows` rows of `columns` numbers becomes `row`. */
void pleat_fill_rows_f(const float *row, float *matrix, ptrdiff_t rows, ptrdiff_t columns);
void pleat_fill_rows_d(const double *row, double *matrix, ptrdiff_t rows, ptrdiff_t columns);

/* sums += the sums of the columns. */
void pleat_add_column_sums_f(const float *matrix, ptrdiff_t rows, ptrdiff_t columns, float *sums);
void pleat_add_column_sums_d(const double *matrix, ptrdiff_t rows, ptrdiff_t columns, double *sums);

/* Row r becomes row symbols[r] of `table`. */
void pleat_gather_rows_f(const float *table, const int32_t *symbols, ptrdiff_t rows, ptrdiff_t columns, float *matrix);
void pleat_gather_rows_d(const double *table, const int32_t *symbols, ptrdiff_t rows, ptrdiff_t columns, double
    *matrix);

/* Row symbols[r] of `table` grows by row r. */
void pleat_scatter_rows_f(const float *matrix, const int32_t *symbols, ptrdiff_t rows, ptrdiff_t columns, float *table);
void pleat_scatter_rows_d(const double *matrix, const int32_t *symbols, ptrdiff_t rows, ptrdiff_t columns, double
    *table);

/* One step of an LSTM for `batch` rows. `gates` holds the sums of the gates i, f, g, o, each `width` wide, and
   receives their values; c = f c0 + i g, h = o tanh c; `squashed` receives tanh c. */
void pleat_lstm_f(float *gates, const float *c0, float *c, float *squashed, float *h, ptrdiff_t batch, ptrdiff_t width);
void pleat_lstm_d(double *gates, const double *c0, double *c, double *squashed, double *h, ptrdiff_t batch, ptrdiff_t
    width);

/* The adjoint of a step: `gates` holds the values of the gates and receives the derivatives by their sums; `dc` holds
   the derivative by c and receives the one by c0. */
void pleat_lstm_adjoint_f(float *gates, const float *c0, const float *squashed, const float *dh, float *dc, ptrdiff_t
    batch, ptrdiff_t width);
void pleat_lstm_adjoint_d(double *gates, const double *c0, const double *squashed, const double *dh, double *dc,
    ptrdiff_t batch, ptrdiff_t width);

/* One step of a GRU: gates r, z, n; `sums` holds what the input gives to them and receives their values, `recurrent`
   what the state gives (its part of n is multiplied by r). h = (1 - z) n + z h0. */
void pleat_gru_f(float *sums, const float *recurrent, const float *h0, float *h, ptrdiff_t batch, ptrdiff_t width);
void pleat_gru_d(double *sums, const double *recurrent, const double *h0, double *h, ptrdiff_t batch, ptrdiff_t width);

/* Its adjoint: `gates` receives the derivatives by the inputs' sums, `recurrent` those by the state's sums; dh0 is
   what reaches the former state past the gates. */
void pleat_gru_adjoint_f(float *gates, float *recurrent, const float *h0, const float *dh, float *dh0, ptrdiff_t batch,
    ptrdiff_t width);
void pleat_gru_adjoint_d(double *gates, double *recurrent, const double *h0, const double *dh, double *dh0, ptrdiff_t
    batch, ptrdiff_t width);

/* The softmax cross-entropy of `rows` rows of `classes` logits, each times `weight`, is added to `loss`; the rows
   receive their derivatives. A negative class asks nothing of its row. Returns how many rows are asked and have their
   largest logit elsewhere. */
ptrdiff_t pleat_cross_entropy_f(float *logits, const int32_t *labels, ptrdiff_t rows, ptrdiff_t classes, double weight,
    double *loss);
ptrdiff_t pleat_cross_entropy_d(double *logits, const int32_t *labels, ptrdiff_t rows, ptrdiff_t classes, double weight,
    double *loss);

/* weight (y - target)² summed is added to `loss`; y becomes the derivative. */
void pleat_squared_error_f(float *y, const float *targets, ptrdiff_t count, double weight, double *loss);
void pleat_squared_error_d(double *y, const double *targets, ptrdiff_t count, double weight, double *loss);

/* y = the nearest number in [-limit, limit]. */
void pleat_clip_f(float *y, ptrdiff_t count, double limit);
void pleat_clip_d(double *y, ptrdiff_t count, double limit);

/* Σ y² in double precision. */
double pleat_sum_of_squares_f(const float *y, ptrdiff_t count);
double pleat_sum_of_squares_d(const double *y, ptrdiff_t count);

/* Σ factor y² in double precision. */
double pleat_weighted_squares_f(const float *y, const double *factors, ptrdiff_t count);
double pleat_weighted_squares_d(const double *y, const double *factors, ptrdiff_t count);

/* Whether all numbers are finite. */
int pleat_all_finite_f(const float *y, ptrdiff_t count);
int pleat_all_finite_d(const double *y, ptrdiff_t count);

/* v = mu v + g; g becomes v, or g + mu v with look-ahead. */
void pleat_momentum_f(float *v, float *g, ptrdiff_t count, double mu, int nesterov);
void pleat_momentum_d(double *v, double *g, ptrdiff_t count, double mu, int nesterov);

/* a += g²; g /= √a + epsilon. */
void pleat_adagrad_f(float *a, float *g, ptrdiff_t count, double epsilon);
void pleat_adagrad_d(double *a, double *g, ptrdiff_t count, double epsilon);

/* a = decay a + (1 - decay) g²; g /= √a + epsilon. */
void pleat_rmsprop_f(float *a, float *g, ptrdiff_t count, double decay, double epsilon);
void pleat_rmsprop_d(double *a, double *g, ptrdiff_t count, double decay, double epsilon);

/* m and v are the running means of g and g² with decays b1 and b2; g = m c1 / (√(v c2) + epsilon). */
void pleat_adam_f(float *m, float *v, float *g, ptrdiff_t count, double b1, double b2, double c1, double c2, double
    epsilon);
void pleat_adam_d(double *m, double *v, double *g, ptrdiff_t count, double b1, double b2, double c1, double c2, double
    epsilon);

/* Patches of an image of `channels` planes of height × width as columns [channels · kernel² × out height · out
   width]; beyond the edge there are zeros. */
void pleat_patches_f(const float *image, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel,
    ptrdiff_t stride, ptrdiff_t padding, float *columns);
void pleat_patches_d(const double *image, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel,
    ptrdiff_t stride, ptrdiff_t padding, double *columns);

/* The adjoint: every pixel grows by its places among the columns. */
void pleat_patches_adjoint_f(const float *columns, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width, ptrdiff_t
    kernel, ptrdiff_t stride, ptrdiff_t padding, float *image);
void pleat_patches_adjoint_d(const double *columns, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width, ptrdiff_t
    kernel, ptrdiff_t stride, ptrdiff_t padding, double *image);

/* The maxima of the windows of `planes` planes. */
void pleat_max_pool_f(const float *image, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel,
    ptrdiff_t stride, float *out);
void pleat_max_pool_d(const double *image, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel,
    ptrdiff_t stride, double *out);

/* Each window's first maximum grows by the derivative. */
void pleat_max_pool_adjoint_f(const float *image, const float *out, const float *g, ptrdiff_t planes, ptrdiff_t height,
    ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride, float *dimage);
void pleat_max_pool_adjoint_d(const double *image, const double *out, const double *g, ptrdiff_t planes, ptrdiff_t
    height, ptrdiff_t width, ptrdiff_t kernel, ptrdiff_t stride, double *dimage);

/* Sums of the windows times `factor`. */
void pleat_sum_pool_f(const float *image, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel,
    ptrdiff_t stride, double factor, float *out);
void pleat_sum_pool_d(const double *image, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel,
    ptrdiff_t stride, double factor, double *out);

/* Its adjoint. */
void pleat_sum_pool_adjoint_f(const float *g, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel,
    ptrdiff_t stride, double factor, float *dimage);
void pleat_sum_pool_adjoint_d(const double *g, ptrdiff_t planes, ptrdiff_t height, ptrdiff_t width, ptrdiff_t kernel,
    ptrdiff_t stride, double factor, double *dimage);

/* The discrete Fourier transform, over √n, of the columns of [n × batch] numbers, by the factors of n, with the n-th
   roots of unity given; conjugate roots undo it. The result is in re and im; the work arrays are as large. */
void pleat_fourier_f(float *re, float *im, float *work_re, float *work_im, ptrdiff_t n, ptrdiff_t batch, const float
    *cosines, const float *sines, int inverse);
void pleat_fourier_d(double *re, double *im, double *work_re, double *work_im, ptrdiff_t n, ptrdiff_t batch, const
    double *cosines, const double *sines, int inverse);

/* Row i is multiplied by cosines[i] + sign i sines[i]. */
void pleat_rotate_f(float *re, float *im, const float *cosines, const float *sines, ptrdiff_t n, ptrdiff_t batch, double
    sign);
void pleat_rotate_d(double *re, double *im, const double *cosines, const double *sines, ptrdiff_t n, ptrdiff_t batch,
    double sign);

/* angles[i] += the derivative by the angle of row i, (re, im) being the rotated numbers. */
void pleat_rotate_adjoint_f(const float *re, const float *im, const float *gre, const float *gim, ptrdiff_t n, ptrdiff_t
    batch, float *angles);
void pleat_rotate_adjoint_d(const double *re, const double *im, const double *gre, const double *gim, ptrdiff_t n,
    ptrdiff_t batch, double *angles);

/* products = vᴴ z for each column; 2 × batch numbers. */
void pleat_project_f(const float *re, const float *im, const float *vre, const float *vim, ptrdiff_t n, ptrdiff_t batch,
    float *products);
void pleat_project_d(const double *re, const double *im, const double *vre, const double *vim, ptrdiff_t n, ptrdiff_t
    batch, double *products);

/* z -= factor v · products. */
void pleat_reflect_f(float *re, float *im, const float *vre, const float *vim, ptrdiff_t n, ptrdiff_t batch, const float
    *products, double factor);
void pleat_reflect_d(double *re, double *im, const double *vre, const double *vim, ptrdiff_t n, ptrdiff_t batch, const
    double *products, double factor);

/* The derivative by v of z ↦ z - 2 v (vᴴ z) / |v|², given vᴴ z, vᴴ g and |v|². */
void pleat_reflect_adjoint_f(const float *re, const float *im, const float *gre, const float *gim, const float *vre,
    const float *vim, ptrdiff_t n, ptrdiff_t batch, const float *zproducts, const float *gproducts, double square, float
    *dvre, float *dvim);
void pleat_reflect_adjoint_d(const double *re, const double *im, const double *gre, const double *gim, const double
    *vre, const double *vim, ptrdiff_t n, ptrdiff_t batch, const double *zproducts, const double *gproducts, double
    square, double *dvre, double *dvim);

/* h = z max(|z| + b, 0) / (|z| + epsilon). */
void pleat_modrelu_f(const float *re, const float *im, const float *bias, ptrdiff_t n, ptrdiff_t batch, double epsilon,
    float *hre, float *him);
void pleat_modrelu_d(const double *re, const double *im, const double *bias, ptrdiff_t n, ptrdiff_t batch, double
    epsilon, double *hre, double *him);

/* g becomes the derivative by z; dbias grows. */
void pleat_modrelu_adjoint_f(const float *re, const float *im, const float *bias, ptrdiff_t n, ptrdiff_t batch, double
    epsilon, float *gre, float *gim, float *dbias);
void pleat_modrelu_adjoint_d(const double *re, const double *im, const double *bias, ptrdiff_t n, ptrdiff_t batch,
    double epsilon, double *gre, double *gim, double *dbias);

/* g_ij *= left_i right_j. */
void pleat_scale_rank_one_f(float *g, const double *left, const double *right, ptrdiff_t rows, ptrdiff_t columns);
void pleat_scale_rank_one_d(double *g, const double *left, const double *right, ptrdiff_t rows, ptrdiff_t columns);

/* Σ left_i right_j g_ij². */
double pleat_rank_one_squares_f(const float *g, const double *left, const double *right, ptrdiff_t rows, ptrdiff_t
    columns);
double pleat_rank_one_squares_d(const double *g, const double *left, const double *right, ptrdiff_t rows, ptrdiff_t
    columns);

/* g *= factors. */
void pleat_scale_each_f(float *g, const double *factors, ptrdiff_t count);
void pleat_scale_each_d(double *g, const double *factors, ptrdiff_t count);

/* |w|^exponent, the exponent 1 or 2. */
void pleat_power_f(const float *w, ptrdiff_t count, int exponent, double *out);
void pleat_power_d(const double *w, ptrdiff_t count, int exponent, double *out);

/* y_i += Σ_j |w_ij|^exponent x_j. */
void pleat_power_product_f(const float *w, ptrdiff_t rows, ptrdiff_t columns, int exponent, const double *x, double *y);
void pleat_power_product_d(const double *w, ptrdiff_t rows, ptrdiff_t columns, int exponent, const double *x, double
    *y);

/* y_j += Σ_i |w_ij|^exponent x_i. */
void pleat_power_product_transposed_f(const float *w, ptrdiff_t rows, ptrdiff_t columns, int exponent, const double *x,
    double *y);
void pleat_power_product_transposed_d(const double *w, ptrdiff_t rows, ptrdiff_t columns, int exponent, const double *x,
    double *y);

/* y = x mask; an entry of the mask is 1 / keep with probability `keep`, else 0, by SplitMix64 from `key`. */
void pleat_dropout_f(const float *x, float *mask, float *y, ptrdiff_t count, uint64_t key, double keep);
void pleat_dropout_d(const double *x, double *mask, double *y, ptrdiff_t count, uint64_t key, double keep);

/* dx = mask g. */
void pleat_dropout_adjoint_f(const float *mask, const float *g, float *dx, ptrdiff_t count);
void pleat_dropout_adjoint_d(const double *mask, const double *g, double *dx, ptrdiff_t count);

#endif
