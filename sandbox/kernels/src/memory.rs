//! Where views lie in a memory, and reading and writing there.

use std::ops::{Add, Mul};

/// A view does not lie in the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfBounds;

/// Values one after the other: where the first one is, and how far it is from each to the
/// next, both in bytes. A step may be 0 or lead backwards.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub start: u32,
    pub step: i32,
}

impl Row {
    /// Whether `count` values of `size` bytes each lie in a memory of `length` bytes.
    pub(crate) fn check(&self, count: u32, size: usize, length: usize) -> Result<(), OutOfBounds> {
        if count == 0 {
            return Ok(());
        }
        // 2^32 steps of 2^31 bytes are far below 2^127.
        let first = i128::from(self.start);
        let last = first + i128::from(count - 1) * i128::from(self.step);
        let end = first.max(last) + size as i128;
        if first.min(last) < 0 || end > length as i128 {
            return Err(OutOfBounds);
        }
        Ok(())
    }
}

/// A number as it lies in a memory of little-endian bytes.
pub(crate) trait Number:
    Copy + Default + PartialEq + Add<Output = Self> + Mul<Output = Self>
{
    const SIZE: usize;
    const NAN: Self;
    /// From exactly [`Self::SIZE`] bytes.
    fn read(bytes: &[u8]) -> Self;
    fn write(self, to: &mut [u8]);
    /// The number, or the canonical NaN for every NaN.
    #[inline(always)]
    fn canonical(self) -> Self {
        #[expect(clippy::eq_op, reason = "only a NaN is not itself")]
        if self == self { self } else { Self::NAN }
    }
}

macro_rules! number {
    ($real:ty, $size:literal, $nan:literal) => {
        impl Number for $real {
            const SIZE: usize = $size;
            const NAN: $real = <$real>::from_bits($nan);

            #[inline(always)]
            fn read(bytes: &[u8]) -> $real {
                let mut own = [0; $size];
                own.copy_from_slice(bytes);
                <$real>::from_le_bytes(own)
            }

            #[inline(always)]
            fn write(self, to: &mut [u8]) {
                to.copy_from_slice(&self.to_le_bytes());
            }
        }
    };
}

number!(f64, 8, 0x7ff8_0000_0000_0000);
number!(f32, 4, 0x7fc0_0000);
