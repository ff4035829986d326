//! tanh x of arrays, below 1.8 units in the last place.
//!
//! Theory of operation. |x| = k·(ln 2)/2 + r, with u = 2^-k and C = r·coth r, of which a
//! polynomial in r² gives q = C - 1:
//!
//! ```text
//! e^2r = (C + r)/(C - r)
//!
//! tanh|x| = (e^2r - u)/(e^2r + u) = ((1 - u)·C + (1 + u)·r)/((1 + u)·C + (1 - u)·r)
//! ```
//!
//! That quotient's numerator would lose bits where k is 1 and r below 0, and its rounding
//! would count in full. So c = 1 - u, which is exact and near to the result, is taken out:
//!
//! ```text
//! tanh|x| = c + u·((3 - u)·r - c·C)/((1 + u)·C + c·r)
//! ```
//!
//! and k is chosen so that r goes from -0.076 to 0.271: where k is 0, that is the whole
//! of |x|, and the result r/C, also for the smallest numbers. |x| above 20 counts as 20,
//! where the result is 1. There are no branches and no table. The guest makes the same
//! steps (`sandbox/guest/elementary.c`).

use crate::elementary::{Elementary, LANES};

/// 2/ln 2.
const PARTS: f64 = f64::from_bits(0x4007_1547_652b_82fe);
/// How far the middle of r's range lies above 0, in parts of (ln 2)/2.
const OFFSET: f64 = 0.28125;
/// Adding it rounds to a whole number, which then stands in the lowest bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// (ln 2)/2 in two pieces; the first one times k is exact.
const HALF_LN2_HIGH: f64 = f64::from_bits(0x3fd6_2e42_fee0_0000);
const HALF_LN2_LOW: f64 = f64::from_bits(0x3dda_39ef_3579_3c76);
/// (r·coth r - 1)/r², through its values at six Chebyshev nodes.
const POLYNOMIAL: [f64; 6] = [
    f64::from_bits(0x3fd5_5555_5555_5555),
    f64::from_bits(0xbf96_c16c_16c1_5a1a),
    f64::from_bits(0x3f61_566a_bba7_99c6),
    f64::from_bits(0xbf2b_bd76_4d63_bcad),
    f64::from_bits(0x3ef6_6982_c8d5_8605),
    f64::from_bits(0xbec1_c1e1_b5c2_62e4),
];
const SIGN: u64 = 1 << 63;

#[inline(always)]
fn one(x: f64) -> f64 {
    let size = x.abs();
    let size = if size > 20.0 { 20.0 } else { size };
    let shifted = (size * PARTS - OFFSET) + SHIFT;
    let k = shifted - SHIFT;
    let r = (size - k * HALF_LN2_HIGH) - k * HALF_LN2_LOW;
    let u = f64::from_bits((1023_u64 << 52).wrapping_sub(shifted.to_bits() << 52));
    let z = r * r;
    let w = z * z;
    let [c1, c2, c3, c4, c5, c6] = POLYNOMIAL;
    let q = z * ((c1 + z * c2) + w * ((c3 + z * c4) + w * (c5 + z * c6)));
    let c = 1.0 - u;
    let more = 1.0 + u;
    let above = ((3.0 - u) * r - c) - c * q;
    let below = more + (c * r + more * q);
    let y = c + u * (above / below);
    f64::from_bits(y.to_bits() | (x.to_bits() & SIGN))
}

pub(crate) struct Tanh;

impl Elementary for Tanh {
    #[inline(always)]
    fn lanes(x: [f64; LANES]) -> [f64; LANES] {
        let mut out = [0.0; LANES];
        for (out, x) in out.iter_mut().zip(x) {
            *out = one(x);
        }
        out
    }
}
