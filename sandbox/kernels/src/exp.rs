//! e^x of arrays, with the bits of musl's `exp`.
//!
//! Theory of operation. musl (Arm's optimized routines) writes x = k·ln 2/128 + r with
//! |r| ≤ ln 2/256, takes 2^(k/128) from a table with a correction, and a polynomial of
//! the fifth degree for e^r: below 0.52 units in the last place. Here the same steps are
//! made for some values at once, in the same order and without fused operations. Where a
//! value is beyond ±512 or no number, all of them go the long way of `scalar`, which has
//! musl's rules for results that are subnormal, infinite or 0.
//!
//! float32 is computed in float64 and rounded once.

use crate::memory::{Number, OutOfBounds, Row};
use crate::powers::POWERS;

/// Values at once: two vectors of the largest size that is used.
const LANES: usize = 8;

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

/// What is read and written, as float64.
pub(crate) trait Wide: Number {
    fn widen(self) -> f64;
    fn narrow(wide: f64) -> Self;
}

impl Wide for f64 {
    #[inline(always)]
    fn widen(self) -> f64 {
        self
    }
    #[inline(always)]
    fn narrow(wide: f64) -> f64 {
        wide
    }
}

impl Wide for f32 {
    #[inline(always)]
    fn widen(self) -> f64 {
        self.into()
    }
    #[inline(always)]
    fn narrow(wide: f64) -> f32 {
        wide as f32
    }
}

/// The checks are made before; no view is outside of the memory.
#[inline(always)]
pub(crate) fn every<T: Wide>(memory: &mut [u8], from: Row, to: Row, count: u32) {
    let side_by_side = T::SIZE as i32;
    let together = (from.step, to.step) == (side_by_side, side_by_side);
    let (mut read, mut write) = (from.start as usize, to.start as usize);
    let mut left = count as usize;
    while left > 0 {
        let now = left.min(LANES);
        let mut values = [0.0; LANES];
        if together && now == LANES {
            let bytes = &memory[read..read + LANES * T::SIZE];
            for (value, bytes) in values.iter_mut().zip(bytes.chunks_exact(T::SIZE)) {
                *value = T::read(bytes).widen();
            }
        } else {
            for (n, value) in values[..now].iter_mut().enumerate() {
                let at = read.wrapping_add_signed(n as isize * from.step as isize);
                *value = T::read(&memory[at..at + T::SIZE]).widen();
            }
        }
        let values = lanes(values).map(|value| T::narrow(value).canonical());
        if together && now == LANES {
            let bytes = &mut memory[write..write + LANES * T::SIZE];
            for (value, bytes) in values.iter().zip(bytes.chunks_exact_mut(T::SIZE)) {
                value.write(bytes);
            }
        } else {
            for (n, value) in values[..now].iter().enumerate() {
                let at = write.wrapping_add_signed(n as isize * to.step as isize);
                value.write(&mut memory[at..at + T::SIZE]);
            }
        }
        read = read.wrapping_add_signed(now as isize * from.step as isize);
        write = write.wrapping_add_signed(now as isize * to.step as isize);
        left -= now;
    }
}

macro_rules! exp {
    ($name:ident, $wide:ident, $real:ty, $kind:literal) => {
        #[doc = concat!("e^x of `count` values of ", $kind, ", read in groups of 8 before the same 8 are written.")]
        pub fn $name(memory: &mut [u8], from: Row, to: Row, count: u32) -> Result<(), OutOfBounds> {
            from.check(count, <$real>::SIZE, memory.len())?;
            to.check(count, <$real>::SIZE, memory.len())?;
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has what the function needs.
                unsafe { $wide(memory, from, to, count) };
                return Ok(());
            }
            every::<$real>(memory, from, to, count);
            Ok(())
        }

        /// The same for a processor with wider vectors.
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        fn $wide(memory: &mut [u8], from: Row, to: Row, count: u32) {
            every::<$real>(memory, from, to, count);
        }
    };
}

exp!(exp_f64, wide_f64, f64, "float64");
exp!(exp_f32, wide_f32, f32, "float32");
