/* The part of CBLAS that NumPy calls, in portable vectors of 128 bits.
 *
 * Theory of operation. NumPy without a BLAS multiplies matrices with a loop that
 * keeps each sum in memory. Here a tile of the result is kept in registers: 4 rows
 * by two vectors, while one pass over the summed index adds to it. The columns of B
 * that belong to the tile are packed side by side first, unless B's rows lie so
 * already and are used for few rows of A only.
 *
 * Every element of a product is summed in the order of the summed index, one product
 * after the other, without fused operations, whatever tile it falls into: so a row of
 * a batch gets the same bits as the same row alone, and every machine the same bits.
 * Dot products (and the rows of a matrix times a vector) are summed in 4 vectors that
 * are added up at the end, also in one fixed order.
 *
 * From some size on, products are the host's work, in the same order and with the same
 * bits, but that its NaNs are all of one form.
 *
 * Matrices are given as pointer, stride of rows, stride of columns, so that the cases
 * of order and transposition fall together.
 */
#include <stdlib.h>
#include <string.h>

enum { ROW_MAJOR = 101, NO_TRANS = 111, CONJ_TRANS = 113 };

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define INLINE static inline __attribute__((always_inline))

/* Products of two numbers from which on the way to the host is worth it. */
#define HOST_FROM 2048

#define REAL double
#define LANES 2
#define P d
#define HOST_PRODUCT "product_f64"
#include "cblas_real.h"
#undef REAL
#undef LANES
#undef P

#define REAL float
#define LANES 4
#define P s
#define HOST_PRODUCT "product_f32"
#include "cblas_real.h"
#undef REAL
#undef LANES
#undef P

#define REAL double
#define P z
#include "cblas_complex.h"
#undef REAL
#undef P

#define REAL float
#define P c
#include "cblas_complex.h"
