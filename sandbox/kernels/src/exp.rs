//! e^x of arrays, with the bits of musl's `exp`.
//!
//! Theory of operation. musl (Arm's optimized routines) writes x = k·ln 2/128 + r with
//! |r| ≤ ln 2/256, takes 2^(k/128) from a table with a correction, and a polynomial of
//! the fifth degree for e^r: below 0.52 units in the last place. Here the same steps are
//! made for some values at once, in the same order and without fused operations. Where a
//! value is beyond ±512 or no number, all of them go the long way of `scalar`, which has
//! musl's rules for results that are subnormal, infinite or 0.

use crate::elementary::{Elementary, LANES};
use crate::powers::POWERS;

/// 128/ln 2.
const PARTS: f64 = f64::from_bits(0x4067_1547_652b_82fe);
/// Adding it rounds to a whole number, which then stands in the lowest bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// -ln 2/128 in two pieces.
const LN2_HIGH: f64 = f64::from_bits(0xbf76_2e42_fefa_0000);
const LN2_LOW: f64 = f64::from_bits(0xbd0c_f79a_bc9e_3b3a);
const POLYNOMIAL: [f64; 4] = [
    f64::from_bits(0x3fdf_ffff_ffff_fdbd),
    f64::from_bits(0x3fc5_5555_5555_543c),
    f64::from_bits(0x3fa5_5555_cf17_2b91),
    f64::from_bits(0x3f81_1111_67a4_d017),
];

/// e^x = scale·(1 + rest), where `scale` is what `scale_bits` say unless |x| is large.
#[inline(always)]
fn split(x: f64) -> (u64, u64, f64) {
    let shifted = PARTS * x + SHIFT;
    let k = shifted.to_bits();
    let whole = shifted - SHIFT;
    let r = x + whole * LN2_HIGH + whole * LN2_LOW;
    let (tail, power) = POWERS[(k % 128) as usize];
    let scale_bits = power.wrapping_add(k << 45);
    let r2 = r * r;
    let [c2, c3, c4, c5] = POLYNOMIAL;
    let rest = f64::from_bits(tail) + r + r2 * (c2 + r * c3) + r2 * r2 * (c4 + r * c5);
    (k, scale_bits, rest)
}

/// One value, whatever it is.
fn scalar(x: f64) -> f64 {
    const TWO_1009: f64 = f64::from_bits((1023 + 1009) << 52);
    const TWO_MINUS_1022: f64 = f64::from_bits(1 << 52);
    if x.is_nan() {
        return f64::NAN;
    }
    if x >= 1024.0 {
        return f64::INFINITY;
    }
    if x <= -1024.0 {
        return 0.0;
    }
    let (k, bits, rest) = split(x);
    if x.abs() < 512.0 {
        let scale = f64::from_bits(bits);
        return scale + scale * rest;
    }
    if k & 0x8000_0000 == 0 {
        // The exponent may have gone beyond the largest.
        let scale = f64::from_bits(bits.wrapping_sub(1009 << 52));
        return TWO_1009 * (scale + scale * rest);
    }
    let scale = f64::from_bits(bits.wrapping_add(1022 << 52));
    let mut y = scale + scale * rest;
    if y < 1.0 {
        // Rounded to what the subnormal result can hold, so that it is rounded once.
        let low = scale - y + scale * rest;
        let high = 1.0 + y;
        let low = 1.0 - high + y + low;
        y = (high + low) - 1.0;
    }
    TWO_MINUS_1022 * y
}

pub(crate) struct Exp;

impl Elementary for Exp {
    #[inline(always)]
    fn lanes(x: [f64; LANES]) -> [f64; LANES] {
        let mut plain = true;
        for value in x {
            plain &= value.abs() < 512.0;
        }
        if !plain {
            return x.map(scalar);
        }
        let mut out = [0.0; LANES];
        for (out, x) in out.iter_mut().zip(x) {
            let (_, bits, rest) = split(x);
            let scale = f64::from_bits(bits);
            *out = scale + scale * rest;
        }
        out
    }
}
