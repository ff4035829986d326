/* exp, log and tanh of arrays for NumPy, two values at a time; exp of many by the host.
 *
 * Theory of operation. WASI's libc (musl) computes exp and log by a table of 128
 * entries and a short polynomial (Arm's optimized routines), one value per call. Here
 * the same steps are made for the two lanes of a vector, with the same tables and in
 * the same order, so that every result has the bits of `math.exp` and `math.log`:
 * errors below 0.52 units in the last place. What those functions treat apart (huge,
 * infinite, NaN; near 1 and subnormal for log) goes to them, so there is one set of rules.
 *
 * tanh has no such function in musl that would be worth its steps. With y = 2|x| and
 * the same table, 2^(k/128)·(1 + t) = e^y gives
 *
 *     e = e^y - 1 = (2^(k/128) - 1) + 2^(k/128)·t,    tanh|x| = e / (e + 2),
 *
 * without cancellation, since 2^(k/128) - 1 is 0 or above t, and without branches:
 * below 2.5 units in the last place (NumPy's own are below 4). |x| above 20 counts as 20,
 * where the quotient is 1.
 *
 * float32 is computed in float64 and rounded once.
 *
 * A value's result does not depend on its place in an array: a last single value is
 * computed in both lanes. Arrays come as address and stride in bytes, any stride; the
 * result may lie where the argument lies and otherwise does not overlap it.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define SIZE 128

typedef double pair __attribute__((vector_size(16)));
typedef uint64_t bits __attribute__((vector_size(16)));
typedef int64_t mask __attribute__((vector_size(16)));
typedef int32_t words __attribute__((vector_size(16)));

/* musl's tables: src/math/exp_data.h and log_data.h. */
extern const struct {
    double invln2N, shift, negln2hiN, negln2loN, poly[4], exp2_shift, exp2_poly[5];
    uint64_t tab[2 * SIZE];
} __exp_data;

extern const struct {
    double ln2hi, ln2lo, poly[5], poly1[11];
    struct {
        double invc, logc;
    } tab[SIZE];
    struct {
        double chi, clo;
    } tab2[SIZE];
} __log_data;

INLINE pair
both(double value)
{
    return (pair){value, value};
}

INLINE int
all(mask which)
{
    return __builtin_wasm_all_true_i64x2(which);
}

INLINE pair
size_of(pair x)
{
    return (pair)((bits)x & 0x7fffffffffffffff);
}

/* Two neighbours in a table. */
INLINE pair
entry(const void *from)
{
    pair value;
    memcpy(&value, from, sizeof value);
    return value;
}

/* e^x = scale·(1 + (((tail + r) + low) + high)). For |x| below 512, and without harm for
 * every other x. */
typedef struct {
    pair scale, tail, r, low, high;
} parts;

INLINE parts
split_exp(pair x)
{
    const double *c = __exp_data.poly;
    pair shifted = both(__exp_data.invln2N) * x + both(__exp_data.shift);
    bits k = (bits)shifted;
    pair whole = shifted - both(__exp_data.shift);
    pair r = x + whole * both(__exp_data.negln2hiN) + whole * both(__exp_data.negln2loN);
    pair left = entry(__exp_data.tab + 2 * (k[0] % SIZE));
    pair right = entry(__exp_data.tab + 2 * (k[1] % SIZE));
    pair r2 = r * r;
    return (parts){
        .scale = (pair)((bits)__builtin_shufflevector(left, right, 1, 3) + (k << 45)),
        .tail = __builtin_shufflevector(left, right, 0, 2),
        .r = r,
        .low = r2 * (both(c[0]) + r * both(c[1])),
        .high = r2 * r2 * (both(c[2]) + r * both(c[3])),
    };
}

INLINE pair
exp_pair(pair x)
{
    /* musl treats tiny x apart for the sake of flags only. */
    if (!all(size_of(x) < both(512))) {
        return (pair){exp(x[0]), exp(x[1])};
    }
    parts e = split_exp(x);
    return e.scale + e.scale * (e.tail + e.r + e.low + e.high);
}

INLINE pair
log_pair(pair x)
{
    const double *a = __log_data.poly;
    bits ix = (bits)x;
    mask normal = (x >= both(0x1p-1022)) & (x < both(INFINITY));
    mask near_one = (x >= both(1 - 0x1p-4)) & (x < both(1 + 0x1.09p-4));
    if (!all(normal & ~near_one)) {
        return (pair){log(x[0]), log(x[1])};
    }
    bits from = ix - 0x3fe6000000000000;
    pair z = (pair)(ix - (from & (0xfffull << 52)));
    unsigned i = from[0] >> 45 & (SIZE - 1), j = from[1] >> 45 & (SIZE - 1);
    pair left = entry(&__log_data.tab[i]), right = entry(&__log_data.tab[j]);
    pair invc = __builtin_shufflevector(left, right, 0, 2);
    pair logc = __builtin_shufflevector(left, right, 1, 3);
    left = entry(&__log_data.tab2[i]), right = entry(&__log_data.tab2[j]);
    pair chi = __builtin_shufflevector(left, right, 0, 2);
    pair clo = __builtin_shufflevector(left, right, 1, 3);
    pair r = (z - chi - clo) * invc;
    pair kd = __builtin_convertvector(
        __builtin_shufflevector((words)((mask)from >> 52), (words)from, 0, 2), pair);
    pair w = kd * both(__log_data.ln2hi) + logc;
    pair hi = w + r;
    pair lo = w - hi + r + kd * both(__log_data.ln2lo);
    pair r2 = r * r;
    return lo + r2 * both(a[0])
           + r * r2 * (both(a[1]) + r * both(a[2]) + r2 * (both(a[3]) + r * both(a[4]))) + hi;
}

INLINE pair
tanh_pair(pair x)
{
    bits sign = (bits)x & 0x8000000000000000;
    pair size = size_of(x);
    mask large = size > both(20);
    size = (pair)(((bits)both(20) & (bits)large) | ((bits)size & ~(bits)large));
    parts p = split_exp(size + size);
    /* The large term last: one rounding that counts. */
    pair rest = p.r + (p.tail + p.low + p.high);
    pair e = (p.scale - both(1)) + p.scale * rest;
    return (pair)((bits)(e / (e + both(2))) | sign);
}

#define LOOP(name, real, suffix)                                               \
    INLINE void name##_##suffix(const char *from, long from_step, char *to,    \
                                long to_step, long count)                      \
    {                                                                          \
        for (; count > 1; count -= 2) {                                        \
            pair x = {*(const real *)from, *(const real *)(from + from_step)}; \
            x = name##_pair(x);                                                \
            *(real *)to = (real)x[0];                                          \
            *(real *)(to + to_step) = (real)x[1];                              \
            from += 2 * from_step;                                             \
            to += 2 * to_step;                                                 \
        }                                                                      \
        if (count > 0) {                                                       \
            *(real *)to = (real)name##_pair(both(*(const real *)from))[0];     \
        }                                                                      \
    }                                                                          \
                                                                               \
    static void name##_any_##suffix(const char *from, long from_step,          \
                                    char *to, long to_step, long count)        \
    {                                                                          \
        /* Known steps become loads and stores of pairs. */                    \
        if (from_step == sizeof(real) && to_step == sizeof(real)) {            \
            name##_##suffix(from, sizeof(real), to, sizeof(real), count);      \
        } else {                                                               \
            name##_##suffix(from, from_step, to, to_step, count);              \
        }                                                                      \
    }

#define LOCAL(name, real, suffix)                                              \
    LOOP(name, real, suffix)                                                   \
    void gradien_##name##_##suffix(const char *from, long from_step, char *to, \
                                   long to_step, long count)                   \
    {                                                                          \
        name##_any_##suffix(from, from_step, to, to_step, count);              \
    }

/* From some number of values on, the host's work: sandbox/src/engine/kernels.rs. Its
 * results have the same bits, but that its NaNs are all of one form. */
#define HOST_FROM 64
#define HOST(name, real, suffix)                                               \
    LOOP(name, real, suffix)                                                   \
    __attribute__((import_module("gradien_kernels"),                           \
                   import_name(#name "_" #suffix))) extern void                \
    host_##name##_##suffix(const char *from, long from_step, char *to,         \
                           long to_step, long count);                          \
                                                                               \
    void gradien_##name##_##suffix(const char *from, long from_step, char *to, \
                                   long to_step, long count)                   \
    {                                                                          \
        if (count >= HOST_FROM) {                                              \
            host_##name##_##suffix(from, from_step, to, to_step, count);       \
        } else {                                                               \
            name##_any_##suffix(from, from_step, to, to_step, count);          \
        }                                                                      \
    }

HOST(exp, double, f64)
HOST(exp, float, f32)
LOCAL(log, double, f64)
LOCAL(log, float, f32)
LOCAL(tanh, double, f64)
LOCAL(tanh, float, f32)
