/* One precision of cblas.c for complex numbers, as pairs of REAL: plain loops, since
 * courses on networks have no complex matrices worth more. */
#define NAME(name) JOIN(P, name)
#define CBLAS(name) JOIN(JOIN(cblas_, P), name)

typedef struct {
    REAL re, im;
} NAME(_complex);
#define COMPLEX NAME(_complex)

INLINE COMPLEX
NAME(_times)(COMPLEX a, COMPLEX b)
{
    return (COMPLEX){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

INLINE COMPLEX
NAME(_sum)(int n, const COMPLEX *x, long x_step, int conjugate_x, const COMPLEX *y,
           long y_step, int conjugate_y)
{
    COMPLEX sum = {0, 0};
    for (int i = 0; i < n; i++) {
        COMPLEX a = x[i * x_step], b = y[i * y_step];
        a.im = conjugate_x ? -a.im : a.im;
        b.im = conjugate_y ? -b.im : b.im;
        COMPLEX product = NAME(_times)(a, b);
        sum.re += product.re;
        sum.im += product.im;
    }
    return sum;
}

INLINE void
NAME(_put)(COMPLEX *to, COMPLEX alpha, COMPLEX sum, COMPLEX beta)
{
    COMPLEX value = NAME(_times)(alpha, sum);
    if (beta.re != 0 || beta.im != 0) {
        COMPLEX old = NAME(_times)(beta, *to);
        value.re += old.re;
        value.im += old.im;
    }
    *to = value;
}

void
CBLAS(gemm)(int order, int a_trans, int b_trans, int m, int n, int depth,
            const void *alpha, const void *a_start, int lda, const void *b_start, int ldb,
            const void *beta, void *c_start, int ldc)
{
    const COMPLEX *a = a_start, *b = b_start;
    COMPLEX *c = c_start;
    int a_plain = (order == ROW_MAJOR) == (a_trans == NO_TRANS);
    int b_plain = (order == ROW_MAJOR) == (b_trans == NO_TRANS);
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            COMPLEX sum = NAME(_sum)(depth, a + (a_plain ? (long)i * lda : i),
                                     a_plain ? 1 : lda, a_trans == CONJ_TRANS,
                                     b + (b_plain ? j : (long)j * ldb), b_plain ? ldb : 1,
                                     b_trans == CONJ_TRANS);
            long at = order == ROW_MAJOR ? (long)i * ldc + j : (long)j * ldc + i;
            NAME(_put)(c + at, *(const COMPLEX *)alpha, sum, *(const COMPLEX *)beta);
        }
    }
}

/* Both triangles are written, see the real one. */
void
CBLAS(syrk)(int order, int upper_or_lower, int trans, int n, int depth,
            const void *alpha, const void *a, int lda, const void *beta, void *c, int ldc)
{
    (void)upper_or_lower;
    int other = trans == NO_TRANS ? 112 : NO_TRANS;
    CBLAS(gemm)(order, trans, other, n, n, depth, alpha, a, lda, a, lda, beta, c, ldc);
}

void
CBLAS(gemv)(int order, int trans, int m, int n, const void *alpha, const void *a_start,
            int lda, const void *x, int x_step, const void *beta, void *y_start, int y_step)
{
    const COMPLEX *a = a_start;
    COMPLEX *y = y_start;
    int transposed = trans != NO_TRANS;
    int outputs = transposed ? n : m, depth = transposed ? m : n;
    int plain = (order == ROW_MAJOR) != transposed;
    for (int i = 0; i < outputs; i++) {
        COMPLEX sum = NAME(_sum)(depth, a + (plain ? (long)i * lda : i), plain ? 1 : lda,
                                 trans == CONJ_TRANS, x, x_step, 0);
        NAME(_put)(y + (long)i * y_step, *(const COMPLEX *)alpha, sum, *(const COMPLEX *)beta);
    }
}

void
CBLAS(dotu_sub)(int n, const void *x, int x_step, const void *y, int y_step, void *out)
{
    *(COMPLEX *)out = NAME(_sum)(n, x, x_step, 0, y, y_step, 0);
}

void
CBLAS(dotc_sub)(int n, const void *x, int x_step, const void *y, int y_step, void *out)
{
    *(COMPLEX *)out = NAME(_sum)(n, x, x_step, 1, y, y_step, 0);
}

void
CBLAS(axpy)(int n, const void *alpha, const void *x_start, int x_step, void *y_start,
            int y_step)
{
    const COMPLEX *x = x_start;
    COMPLEX *y = y_start;
    for (int i = 0; i < n; i++) {
        NAME(_put)(y + (long)i * y_step, *(const COMPLEX *)alpha, x[(long)i * x_step],
                   (COMPLEX){1, 0});
    }
}

#undef NAME
#undef CBLAS
#undef COMPLEX
