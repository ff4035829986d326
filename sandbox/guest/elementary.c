/* exp, log and tanh of arrays for NumPy, two values at a time; of many by the host.
 *
 * Theory of operation. WASI's libc (musl) computes exp by a table of 128 entries and a
 * short polynomial (Arm's optimized routines), one value per call. Here the same steps
 * are made for the two lanes of a vector, with the same table and in the same order, so
 * that every result has the bits of `math.exp`: errors below 0.52 units in the last
 * place. What that function treats apart (huge, infinite, NaN) goes to it, so there is
 * one set of rules.
 *
 * log and tanh have no tables, since gathering two entries takes longer than the terms
 * that they save. What is computed, and why it is exact enough (log below 0.85 units in
 * the last place, tanh below 1.8), stands in sandbox/kernels/src/log.rs and tanh.rs: the
 * steps here are the same, in the same order and with the same numbers, so that a value
 * has the same bits in a short array and in a long one. There are no branches.
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

/* musl's table: src/math/exp_data.h. */
extern const struct {
    double invln2N, shift, negln2hiN, negln2loN, poly[4], exp2_shift, exp2_poly[5];
    uint64_t tab[2 * SIZE];
} __exp_data;

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

/* Where `which` says so a, else b. */
INLINE pair
choose(mask which, pair a, pair b)
{
    return (pair)(((bits)a & (bits)which) | ((bits)b & ~(bits)which));
}

static const double LOG_POLYNOMIAL[] = {
    0x1.5555555555558p-1, 0x1.99999999952d7p-2, 0x1.2492492df281ap-2,
    0x1.c71c62e3f11e6p-3, 0x1.7462b51cb66b1p-3, 0x1.39fe51a7c18f9p-3,
    0x1.2b5900de53b32p-3};

INLINE pair
log_pair(pair x)
{
    const double *c = LOG_POLYNOMIAL;
    mask is_small = x < both(0x1p-1022);
    pair scaled = choose(is_small, x * both(0x1p52), x);
    /* What exponents count from: 2^52, into whose lowest bits they are put, and the bias. */
    pair zero = choose(is_small, both(0x1p52 + 1023 + 52), both(0x1p52 + 1023));
    bits above = (bits)scaled - 0x3fe6a09e00000000;
    bits exponent = (above + (1023ull << 52)) >> 52;
    pair k = (pair)(exponent | (bits)both(0x1p52)) - zero;
    pair f = (pair)((bits)scaled - (above & (0xfffull << 52))) - both(1);
    pair s = f / (both(2) + f);
    pair z = s * s, w = z * z;
    pair odd = z * (both(c[0]) + w * (both(c[2]) + w * (both(c[4]) + w * both(c[6]))));
    pair even = w * (both(c[1]) + w * (both(c[3]) + w * both(c[5])));
    pair half = both(0.5) * f * f;
    pair rest = s * (half + (even + odd)) + k * both(0x1.a39ef35793c76p-33);
    pair y = k * both(0x1.62e42feep-1) - ((half - rest) - f);
    y = choose(x < both(INFINITY), y, x);
    y = choose(x > both(0), y, both(NAN));
    return choose(x == both(0), both(-INFINITY), y);
}

static const double TANH_POLYNOMIAL[] = {
    0x1.5555555555555p-2, -0x1.6c16c16c15a1ap-6, 0x1.1566abba799c6p-9,
    -0x1.bbd764d63bcadp-13, 0x1.66982c8d58605p-16, -0x1.1c1e1b5c262e4p-19};

INLINE pair
tanh_pair(pair x)
{
    const double *p = TANH_POLYNOMIAL;
    pair size = size_of(x);
    size = choose(size > both(20), both(20), size);
    pair shifted = (size * both(0x1.71547652b82fep+1) - both(0.28125)) + both(0x1.8p52);
    pair k = shifted - both(0x1.8p52);
    pair r = (size - k * both(0x1.62e42feep-2)) - k * both(0x1.a39ef35793c76p-34);
    pair u = (pair)((1023ull << 52) - ((bits)shifted << 52));
    pair z = r * r, w = z * z;
    pair q = z * ((both(p[0]) + z * both(p[1]))
                  + w * ((both(p[2]) + z * both(p[3])) + w * (both(p[4]) + z * both(p[5]))));
    pair c = both(1) - u, more = both(1) + u;
    pair above = ((both(3) - u) * r - c) - c * q;
    pair below = more + (c * r + more * q);
    pair y = c + u * (above / below);
    return (pair)((bits)y | ((bits)x & 0x8000000000000000));
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
HOST(log, double, f64)
HOST(log, float, f32)
HOST(tanh, double, f64)
HOST(tanh, float, f32)
