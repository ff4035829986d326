//! Typed arrays and JSON values: what goes into a program and what comes out.
//!
//! Bytes are little-endian and in C order. An [`Array`] that came through serde or
//! through a constructor has exactly `product(shape) * dtype.size_bytes()` bytes;
//! code that fills the public fields by hand calls [`Array::check`].

use serde::{Deserialize, Serialize};

/// More dimensions than this are refused. NumPy's own bound is 64; no task needs more.
pub const MAX_DIMENSIONS: usize = 32;
/// Longest dimension, in elements: what a 32-bit guest can address. It also keeps
/// zero-sized arrays from carrying absurd lengths in their other dimensions.
pub const MAX_LENGTH: usize = i32::MAX as usize;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ArrayError {
    #[error("array has {0} dimensions; at most {MAX_DIMENSIONS} are allowed")]
    TooManyDimensions(usize),
    #[error("shape {0:?} is too large")]
    TooLarge(Vec<usize>),
    #[error("shape {shape:?} of {dtype:?} needs {expected} bytes but there are {actual}")]
    WrongLength {
        shape: Vec<usize>,
        dtype: DType,
        expected: usize,
        actual: usize,
    },
    #[error("byte {value} at index {index} is not a boolean")]
    NotABoolean { index: usize, value: u8 },
}

/// Element type. Serialised as NumPy's type string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DType {
    #[serde(rename = "<f4")]
    F32,
    #[serde(rename = "<f8")]
    F64,
    #[serde(rename = "<i4")]
    I32,
    #[serde(rename = "<i8")]
    I64,
    #[serde(rename = "|u1")]
    U8,
    #[serde(rename = "|b1")]
    Bool,
}

impl DType {
    pub const ALL: [DType; 6] = [
        DType::F32,
        DType::F64,
        DType::I32,
        DType::I64,
        DType::U8,
        DType::Bool,
    ];

    pub fn size_bytes(self) -> usize {
        match self {
            DType::F64 | DType::I64 => 8,
            DType::F32 | DType::I32 => 4,
            DType::U8 | DType::Bool => 1,
        }
    }

    /// NumPy's type string, as in the guest's headers: `<f8`, `|b1`, …
    pub fn code(self) -> &'static str {
        match self {
            DType::F32 => "<f4",
            DType::F64 => "<f8",
            DType::I32 => "<i4",
            DType::I64 => "<i8",
            DType::U8 => "|u1",
            DType::Bool => "|b1",
        }
    }

    pub fn find_by_code(code: &str) -> Option<DType> {
        DType::ALL.into_iter().find(|dtype| dtype.code() == code)
    }

    /// The name students know: `float64`, `bool`, …
    pub fn name(self) -> &'static str {
        match self {
            DType::F32 => "float32",
            DType::F64 => "float64",
            DType::I32 => "int32",
            DType::I64 => "int64",
            DType::U8 => "uint8",
            DType::Bool => "bool",
        }
    }

    pub fn is_float(self) -> bool {
        matches!(self, DType::F32 | DType::F64)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawArray")]
pub struct Array {
    pub dtype: DType,
    pub shape: Vec<usize>,
    /// Little-endian, C order.
    #[serde(with = "serde_bytes")]
    pub data: Vec<u8>,
}

/// What stands on the wire before it is checked.
#[derive(Deserialize)]
struct RawArray {
    dtype: DType,
    shape: Vec<usize>,
    #[serde(with = "serde_bytes")]
    data: Vec<u8>,
}

impl TryFrom<RawArray> for Array {
    type Error = ArrayError;
    fn try_from(raw: RawArray) -> Result<Array, ArrayError> {
        Array::new(raw.dtype, raw.shape, raw.data)
    }
}

/// Number of elements of a shape, or an error where it overflows or exceeds the bounds.
pub fn count_elements(shape: &[usize]) -> Result<usize, ArrayError> {
    if shape.len() > MAX_DIMENSIONS {
        return Err(ArrayError::TooManyDimensions(shape.len()));
    }
    let too_large = || ArrayError::TooLarge(shape.to_vec());
    if shape.iter().any(|&length| length > MAX_LENGTH) {
        return Err(too_large());
    }
    if shape.contains(&0) {
        return Ok(0);
    }
    shape
        .iter()
        .try_fold(1usize, |product, &length| product.checked_mul(length))
        .ok_or_else(too_large)
}

macro_rules! typed {
    ($from:ident, $vec_of:ident, $type:ty, $dtype:expr) => {
        /// Panics when `values` does not fill `shape`: for values of our own making.
        pub fn $from(shape: &[usize], values: &[$type]) -> Array {
            let data = values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect();
            Array::new($dtype, shape.to_vec(), data).expect("values fill the shape")
        }

        /// The elements in C order, or `None` if the element type is another.
        pub fn $vec_of(&self) -> Option<Vec<$type>> {
            (self.dtype == $dtype).then(|| {
                self.data
                    .chunks_exact(size_of::<$type>())
                    .map(|bytes| <$type>::from_le_bytes(bytes.try_into().expect("exact chunk")))
                    .collect()
            })
        }
    };
}

impl Array {
    pub fn new(dtype: DType, shape: Vec<usize>, data: Vec<u8>) -> Result<Array, ArrayError> {
        let array = Array { dtype, shape, data };
        array.check()?;
        Ok(array)
    }

    /// Shape, length and (for booleans) the bytes agree with each other.
    pub fn check(&self) -> Result<(), ArrayError> {
        let expected = count_elements(&self.shape)?
            .checked_mul(self.dtype.size_bytes())
            .ok_or_else(|| ArrayError::TooLarge(self.shape.clone()))?;
        if expected != self.data.len() {
            return Err(ArrayError::WrongLength {
                shape: self.shape.clone(),
                dtype: self.dtype,
                expected,
                actual: self.data.len(),
            });
        }
        if self.dtype == DType::Bool
            && let Some(index) = self.data.iter().position(|&byte| byte > 1)
        {
            let value = self.data[index];
            return Err(ArrayError::NotABoolean { index, value });
        }
        Ok(())
    }

    typed!(from_f32, find_f32, f32, DType::F32);
    typed!(from_f64, find_f64, f64, DType::F64);
    typed!(from_i32, find_i32, i32, DType::I32);
    typed!(from_i64, find_i64, i64, DType::I64);

    /// Panics when `values` does not fill `shape`: for values of our own making.
    pub fn from_bool(shape: &[usize], values: &[bool]) -> Array {
        let data = values.iter().map(|&value| u8::from(value)).collect();
        Array::new(DType::Bool, shape.to_vec(), data).expect("values fill the shape")
    }

    /// Panics when `values` does not fill `shape`: for values of our own making.
    pub fn from_u8(shape: &[usize], values: &[u8]) -> Array {
        Array::new(DType::U8, shape.to_vec(), values.to_vec()).expect("values fill the shape")
    }

    pub fn scalar_f64(value: f64) -> Array {
        Array::from_f64(&[], &[value])
    }

    pub fn scalar_i64(value: i64) -> Array {
        Array::from_i64(&[], &[value])
    }

    pub fn count(&self) -> usize {
        self.data.len() / self.dtype.size_bytes()
    }

    /// The elements in C order, converted to float64. Exact for every type but
    /// `int64` beyond ±2^53.
    pub fn to_f64_vec(&self) -> Vec<f64> {
        fn read<const N: usize>(data: &[u8], convert: impl Fn([u8; N]) -> f64) -> Vec<f64> {
            data.chunks_exact(N)
                .map(|bytes| convert(bytes.try_into().expect("exact chunk")))
                .collect()
        }
        match self.dtype {
            DType::F64 => read(&self.data, f64::from_le_bytes),
            DType::F32 => read(&self.data, |bytes| f32::from_le_bytes(bytes).into()),
            DType::I64 => read(&self.data, |bytes| i64::from_le_bytes(bytes) as f64),
            DType::I32 => read(&self.data, |bytes| i32::from_le_bytes(bytes).into()),
            DType::U8 | DType::Bool => read(&self.data, |[byte]| byte.into()),
        }
    }
}

/// An argument or a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    Array(Array),
    Json(serde_json::Value),
}

impl From<Array> for Value {
    fn from(array: Array) -> Value {
        Value::Array(array)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    pub value: Value,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn elements_survive_each_type() {
        let floats = Array::from_f64(&[2, 2], &[1.0, -0.0, f64::INFINITY, f64::MIN]);
        assert_eq!(floats.find_f64().unwrap()[2], f64::INFINITY);
        assert_eq!(floats.find_f32(), None);
        assert_eq!(Array::from_f32(&[1], &[0.5]).to_f64_vec(), [0.5]);
        assert_eq!(Array::from_i32(&[1], &[-7]).to_f64_vec(), [-7.0]);
        assert_eq!(Array::from_i64(&[1], &[-7]).to_f64_vec(), [-7.0]);
        assert_eq!(
            Array::from_bool(&[2], &[true, false]).to_f64_vec(),
            [1.0, 0.0]
        );
        assert_eq!(Array::scalar_f64(3.0).count(), 1);
        assert_eq!(Array::from_f64(&[0, 3], &[]).count(), 0);
    }

    #[test]
    fn shapes_that_lie_are_refused() {
        let new = |shape: &[usize], bytes: usize| {
            Array::new(DType::F64, shape.to_vec(), vec![0; bytes]).map(|_| ())
        };
        assert!(matches!(
            new(&[2], 8),
            Err(ArrayError::WrongLength { expected: 16, .. })
        ));
        assert!(matches!(
            new(&[MAX_LENGTH, MAX_LENGTH, MAX_LENGTH], 8),
            Err(ArrayError::TooLarge(_))
        ));
        assert!(matches!(
            new(&[0, usize::MAX], 0),
            Err(ArrayError::TooLarge(_))
        ));
        assert!(matches!(
            new(&[1; 33], 8),
            Err(ArrayError::TooManyDimensions(33))
        ));
        let booleans = Array::new(DType::Bool, vec![2], vec![1, 2]);
        assert_eq!(
            booleans,
            Err(ArrayError::NotABoolean { index: 1, value: 2 })
        );
    }

    #[test]
    fn codes_and_serde_names_agree() {
        for dtype in DType::ALL {
            assert_eq!(
                serde_json::to_value(dtype).unwrap(),
                serde_json::json!(dtype.code())
            );
            assert_eq!(DType::find_by_code(dtype.code()), Some(dtype));
        }
        assert_eq!(DType::find_by_code(">f8"), None);
    }

    proptest! {
        #[test]
        fn any_shape_is_answered_without_overflow(
            shape in prop::collection::vec(any::<usize>(), 0..40),
            length in 0usize..64,
        ) {
            let fits = shape.len() <= MAX_DIMENSIONS
                && shape.iter().all(|&length| length <= MAX_LENGTH)
                && shape.iter().map(|&length| length as f64).product::<f64>() == length as f64;
            let made = Array::new(DType::U8, shape, vec![0; length]);
            prop_assert_eq!(made.is_ok(), fits);
        }

        #[test]
        fn arrays_survive_the_wire(values in prop::collection::vec(any::<f64>(), 0..50)) {
            let array = Array::from_f64(&[values.len()], &values);
            let bytes = rmp_serde::to_vec_named(&array).unwrap();
            let back: Array = rmp_serde::from_slice(&bytes).unwrap();
            prop_assert_eq!(back, array);
        }
    }

    #[test]
    fn the_wire_is_checked() {
        #[derive(Serialize)]
        struct Lie {
            dtype: DType,
            shape: Vec<usize>,
            #[serde(with = "serde_bytes")]
            data: Vec<u8>,
        }
        let lie = Lie {
            dtype: DType::F64,
            shape: vec![1000],
            data: vec![0; 8],
        };
        let bytes = rmp_serde::to_vec_named(&lie).unwrap();
        assert!(rmp_serde::from_slice::<Array>(&bytes).is_err());
    }
}
