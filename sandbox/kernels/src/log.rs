//! ln x of arrays, below 0.85 units in the last place.
//!
//! Theory of operation. x = 2^k·(1 + f) with 1 + f from √½ to √2, and, as in fdlibm,
//!
//! ```text
//! s = f/(2 + f),    ln(1 + f) = ln((1 + s)/(1 - s)) = f - (f²/2 - s·(f²/2 + R(s²)))
//! ```
//!
//! with R(z) = (2·artanh s - 2s)/s, here a polynomial through its values at seven
//! Chebyshev nodes. f is exact and the largest term that is rounded is added last. There
//! is no table: its entries would have to be gathered, which takes longer.
//!
//! Where a value is no normal positive number, its group goes the way of `any`, which
//! chooses between results without branches. The guest makes the steps of `any` for
//! every value, with the same results (`sandbox/guest/elementary.c`).

use crate::elementary::{Elementary, LANES};

/// ln 2 in two pieces; the first one times a whole number below 2^11 is exact.
const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
/// R(z)/z.
const POLYNOMIAL: [f64; 7] = [
    f64::from_bits(0x3fe5_5555_5555_5558),
    f64::from_bits(0x3fd9_9999_9999_52d7),
    f64::from_bits(0x3fd2_4924_92df_281a),
    f64::from_bits(0x3fcc_71c6_2e3f_11e6),
    f64::from_bits(0x3fc7_462b_51cb_66b1),
    f64::from_bits(0x3fc3_9fe5_1a7c_18f9),
    f64::from_bits(0x3fc2_b590_0de5_3b32),
];
/// The bits of a number just below √½.
const HALF_ROOT: u64 = 0x3fe6_a09e_0000_0000;
/// Sign and exponent of a number.
const EXPONENT: u64 = 0xfff << 52;
/// 2^52: a whole number below it, put into its lowest bits, is added to it.
const WHOLE: f64 = 4_503_599_627_370_496.0;
/// What is added to an exponent so that none is below 0.
const BIAS: u64 = 1023;

/// Of a normal positive number, whose exponent counts from `zero` on.
#[inline(always)]
fn normal(x: f64, zero: f64) -> f64 {
    let bits = x.to_bits();
    let above = bits.wrapping_sub(HALF_ROOT);
    let exponent = above.wrapping_add(BIAS << 52) >> 52;
    let k = f64::from_bits(exponent | WHOLE.to_bits()) - zero;
    let f = f64::from_bits(bits.wrapping_sub(above & EXPONENT)) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let [c1, c2, c3, c4, c5, c6, c7] = POLYNOMIAL;
    let odd = z * (c1 + w * (c3 + w * (c5 + w * c7)));
    let even = w * (c2 + w * (c4 + w * c6));
    let half = 0.5 * f * f;
    let rest = s * (half + (even + odd)) + k * LN2_LOW;
    k * LN2_HIGH - ((half - rest) - f)
}

const ZERO: f64 = WHOLE + BIAS as f64;

/// Of any number.
#[inline(always)]
fn any(x: f64) -> f64 {
    let is_small = x < f64::MIN_POSITIVE;
    let scaled = if is_small { x * WHOLE } else { x };
    let zero = if is_small { ZERO + 52.0 } else { ZERO };
    let y = normal(scaled, zero);
    let y = if x < f64::INFINITY { y } else { x };
    let y = if x > 0.0 { y } else { f64::NAN };
    if x == 0.0 { f64::NEG_INFINITY } else { y }
}

/// Apart from the rest, or the compiler makes one way of both, as long as the longer one.
#[cold]
#[inline(never)]
fn lanes_any(x: [f64; LANES]) -> [f64; LANES] {
    let mut out = [0.0; LANES];
    for (out, x) in out.iter_mut().zip(x) {
        *out = any(x);
    }
    out
}

pub(crate) struct Log;

impl Elementary for Log {
    #[inline(always)]
    fn lanes(x: [f64; LANES]) -> [f64; LANES] {
        // The sign of a sum says whether it is beyond the normal numbers or below them:
        // in whole numbers, or the compiler asks one value after the other.
        let mut strange = 0;
        for value in x {
            let above = value.to_bits().wrapping_sub(f64::MIN_POSITIVE.to_bits());
            let beyond = above.wrapping_add(2 * f64::MIN_POSITIVE.to_bits());
            strange |= above | beyond;
        }
        if strange >> 63 != 0 {
            return lanes_any(x);
        }
        let mut out = [0.0; LANES];
        for (out, x) in out.iter_mut().zip(x) {
            *out = normal(x, ZERO);
        }
        out
    }
}
