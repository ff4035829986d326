//! Functions of single numbers, over arrays.
//!
//! Theory of operation. What the functions have in common is here: values are taken in
//! groups, from wherever they lie, and a function makes a group of results of a group of
//! values by the same steps for each, which the compiler makes vectors of. What a group
//! has in it beside a value changes nothing in the value's result.
//!
//! float32 is computed in float64 and rounded once.

use crate::exp::Exp;
use crate::log::Log;
use crate::memory::{Number, OutOfBounds, Row};
use crate::tanh::Tanh;

/// Values at once: two vectors of the largest size that is used.
pub(crate) const LANES: usize = 8;

/// A function of one number.
pub(crate) trait Elementary {
    fn lanes(x: [f64; LANES]) -> [f64; LANES];
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
pub(crate) fn every<T: Wide, F: Elementary>(memory: &mut [u8], from: Row, to: Row, count: u32) {
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
        let values = F::lanes(values).map(|value| T::narrow(value).canonical());
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

macro_rules! elementary {
    ($name:ident, $wide:ident, $function:ty, $real:ty, $what:literal, $kind:literal) => {
        #[doc = concat!($what, " of `count` values of ", $kind, ", read in groups of 8 before the same 8 are written.")]
        pub fn $name(memory: &mut [u8], from: Row, to: Row, count: u32) -> Result<(), OutOfBounds> {
            from.check(count, <$real>::SIZE, memory.len())?;
            to.check(count, <$real>::SIZE, memory.len())?;
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has what the function needs.
                unsafe { $wide(memory, from, to, count) };
                return Ok(());
            }
            every::<$real, $function>(memory, from, to, count);
            Ok(())
        }

        /// The same for a processor with wider vectors.
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        fn $wide(memory: &mut [u8], from: Row, to: Row, count: u32) {
            every::<$real, $function>(memory, from, to, count);
        }
    };
}

elementary!(exp_f64, exp_wide_f64, Exp, f64, "e^x", "float64");
elementary!(exp_f32, exp_wide_f32, Exp, f32, "e^x", "float32");
elementary!(log_f64, log_wide_f64, Log, f64, "ln x", "float64");
elementary!(log_f32, log_wide_f32, Log, f32, "ln x", "float32");
elementary!(tanh_f64, tanh_wide_f64, Tanh, f64, "tanh x", "float64");
elementary!(tanh_f32, tanh_wide_f32, Tanh, f32, "tanh x", "float32");
