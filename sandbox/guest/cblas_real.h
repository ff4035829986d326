/* One precision of cblas.c: REAL, LANES of it in a vector, P the prefix of names. */
#define NAME(name) JOIN(P, name)
#define CBLAS(name) JOIN(JOIN(cblas_, P), name)
#define VECTOR NAME(_vector)
#define COLUMNS (2 * LANES)
#define ROWS 4
/* With fewer rows of A, packing a panel of B costs more than it gives. */
#define FEW_ROWS 8

typedef REAL VECTOR __attribute__((vector_size(16)));

INLINE VECTOR
NAME(_load)(const REAL *from)
{
    VECTOR value;
    memcpy(&value, from, sizeof value);
    return value;
}

/* `rows` rows by COLUMNS of A·B, into `tile`. B's panel has rows of COLUMNS values,
 * `b_step` apart. */
INLINE void
NAME(_tile)(int rows, int depth, const REAL *a, long a_row, long a_column,
            const REAL *b, long b_step, REAL *tile)
{
    VECTOR left[ROWS], right[ROWS];
    for (int i = 0; i < rows; i++) {
        left[i] = right[i] = (VECTOR){0};
    }
    for (int k = 0; k < depth; k++) {
        VECTOR b_left = NAME(_load)(b), b_right = NAME(_load)(b + LANES);
        for (int i = 0; i < rows; i++) {
            VECTOR factor = a[i * a_row] - (VECTOR){0};
            left[i] += factor * b_left;
            right[i] += factor * b_right;
        }
        a += a_column;
        b += b_step;
    }
    for (int i = 0; i < rows; i++) {
        memcpy(tile + i * COLUMNS, &left[i], sizeof left[i]);
        memcpy(tile + i * COLUMNS + LANES, &right[i], sizeof right[i]);
    }
}

INLINE void
NAME(_store)(const REAL *tile, int rows, int columns, REAL alpha, REAL beta,
             REAL *c, long c_row, long c_column)
{
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            REAL *to = c + i * c_row + j * c_column;
            REAL sum = alpha == 1 ? tile[i * COLUMNS + j] : alpha * tile[i * COLUMNS + j];
            /* What stands in C is not read where beta is 0: it may be NaN. */
            *to = beta == 0 ? sum : sum + beta * *to;
        }
    }
}

/* Columns of C that share a panel of B, all rows. */
static void
NAME(_panel)(int m, int columns, int depth, REAL alpha, const REAL *a, long a_row,
             long a_column, const REAL *b, long b_step, REAL beta, REAL *c,
             long c_row, long c_column)
{
    REAL tile[ROWS * COLUMNS];
    int i = 0;
    for (; i + ROWS <= m; i += ROWS) {
        NAME(_tile)(ROWS, depth, a + i * a_row, a_row, a_column, b, b_step, tile);
        NAME(_store)(tile, ROWS, columns, alpha, beta, c + i * c_row, c_row, c_column);
    }
    for (; i < m; i++) {
        NAME(_tile)(1, depth, a + i * a_row, a_row, a_column, b, b_step, tile);
        NAME(_store)(tile, 1, columns, alpha, beta, c + i * c_row, c_row, c_column);
    }
}

/* Of the host, which has wider vectors and counts no turns: sandbox/src/engine/kernels.rs.
 * C becomes A·B, summed as here. */
__attribute__((import_module("gradien_kernels"), import_name(HOST_PRODUCT))) extern void
NAME(_host_product)(int rows, int columns, int depth, const REAL *a, long a_row,
                    long a_column, const REAL *b, long b_row, long b_column, REAL *c,
                    long c_row, long c_column);

static void
NAME(_multiply)(int m, int n, int depth, REAL alpha, const REAL *a, long a_row,
                long a_column, const REAL *b, long b_row, long b_column, REAL beta,
                REAL *c, long c_row, long c_column)
{
    /* NumPy asks for nothing else than A·B. */
    if (alpha == 1 && beta == 0 && (double)m * n * depth >= HOST_FROM) {
        NAME(_host_product)(m, n, depth, a, a_row, a_column, b, b_row, b_column, c, c_row,
                            c_column);
        return;
    }
    REAL *packed = malloc(((size_t)depth * COLUMNS + 1) * sizeof(REAL));
    if (packed == NULL) {
        abort();
    }
    for (int j = 0; j < n; j += COLUMNS) {
        int columns = n - j < COLUMNS ? n - j : COLUMNS;
        const REAL *from = b + j * b_column;
        long step = b_row;
        if (columns < COLUMNS || b_column != 1 || m > FEW_ROWS) {
            for (int k = 0; k < depth; k++) {
                REAL *row = packed + (size_t)k * COLUMNS;
                for (int l = 0; l < COLUMNS; l++) {
                    row[l] = l < columns ? from[k * b_row + l * b_column] : 0;
                }
            }
            from = packed;
            step = COLUMNS;
        }
        NAME(_panel)(m, columns, depth, alpha, a, a_row, a_column, from, step, beta,
                     c + j * c_column, c_row, c_column);
    }
    free(packed);
}

void
CBLAS(gemm)(int order, int a_trans, int b_trans, int m, int n, int depth, REAL alpha,
            const REAL *a, int lda, const REAL *b, int ldb, REAL beta, REAL *c, int ldc)
{
    int a_plain = (order == ROW_MAJOR) == (a_trans == NO_TRANS);
    int b_plain = (order == ROW_MAJOR) == (b_trans == NO_TRANS);
    int c_plain = order == ROW_MAJOR;
    NAME(_multiply)(m, n, depth, alpha, a, a_plain ? lda : 1, a_plain ? 1 : lda, b,
                    b_plain ? ldb : 1, b_plain ? 1 : ldb, beta, c, c_plain ? ldc : 1,
                    c_plain ? 1 : ldc);
}

/* A·Aᵀ or Aᵀ·A. Written in bands of rows from the diagonal on (upper) or up to it
 * (lower); within a band's square on the diagonal both triangles are written, since
 * the matrix is symmetric and NumPy copies one triangle over the other. */
void
CBLAS(syrk)(int order, int upper_or_lower, int trans, int n, int depth, REAL alpha,
            const REAL *a, int lda, REAL beta, REAL *c, int ldc)
{
    const int band = 32;
    int plain = (order == ROW_MAJOR) == (trans == NO_TRANS);
    int upper = (order == ROW_MAJOR) == (upper_or_lower == 121);
    long row = plain ? lda : 1, column = plain ? 1 : lda;
    for (int i = 0; i < n; i += band) {
        int rows = n - i < band ? n - i : band;
        int from = upper ? i : 0, until = upper ? n : i + rows;
        NAME(_multiply)(rows, until - from, depth, alpha, a + i * row, row, column,
                        a + from * row, column, row, beta, c + (long)i * ldc + from, ldc, 1);
    }
}

REAL
CBLAS(dot)(int n, const REAL *x, int x_step, const REAL *y, int y_step)
{
    REAL sum = 0;
    int i = 0;
    if (x_step == 1 && y_step == 1) {
        VECTOR sums[4] = {{0}};
        for (; i + 4 * LANES <= n; i += 4 * LANES) {
            for (int l = 0; l < 4; l++) {
                sums[l] += NAME(_load)(x + i + l * LANES) * NAME(_load)(y + i + l * LANES);
            }
        }
        VECTOR all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        for (int l = 0; l < LANES; l++) {
            sum += all[l];
        }
    }
    for (; i < n; i++) {
        sum += x[(long)i * x_step] * y[(long)i * y_step];
    }
    return sum;
}

void
CBLAS(gemv)(int order, int trans, int m, int n, REAL alpha, const REAL *a, int lda,
            const REAL *x, int x_step, REAL beta, REAL *y, int y_step)
{
    int transposed = trans != NO_TRANS;
    int outputs = transposed ? n : m, depth = transposed ? m : n;
    if ((order == ROW_MAJOR) == transposed) {
        /* Results lie side by side in A's rows: as x, one row, times A. */
        NAME(_multiply)(1, outputs, depth, alpha, x, 0, x_step, a, lda, 1, beta, y, 0, y_step);
        return;
    }
    for (int i = 0; i < outputs; i++) {
        REAL sum = alpha * CBLAS(dot)(depth, a + (long)i * lda, 1, x, x_step);
        REAL *to = y + (long)i * y_step;
        *to = beta == 0 ? sum : sum + beta * *to;
    }
}

void
CBLAS(axpy)(int n, REAL alpha, const REAL *x, int x_step, REAL *y, int y_step)
{
    for (int i = 0; i < n; i++) {
        y[(long)i * y_step] += alpha * x[(long)i * x_step];
    }
}

#undef NAME
#undef CBLAS
#undef VECTOR
#undef COLUMNS
#undef ROWS
#undef FEW_ROWS
#undef HOST_PRODUCT
