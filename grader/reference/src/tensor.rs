//! Arrays to tensors and back. Only dense arrays of the six element types of
//! [`DType`] cross; every call is one of tch's `f_` methods, because the plain
//! ones panic on a C++ error.

use gradien_grader::reference::{Fault, FaultKind, Precision};
use gradien_sandbox::array::{Array, DType};
use tch::{Device, Kind, TchError, Tensor};

/// A C++ exception of a tensor operation of ours.
pub fn torch_fault(error: TchError) -> Fault {
    let text = error.to_string();
    let memory = ["DefaultCPUAllocator", "CUDA out of memory", "bad_alloc"];
    let kind = if memory.iter().any(|mark| text.contains(mark)) {
        FaultKind::OutOfMemory
    } else {
        FaultKind::Runtime
    };
    let line = text.lines().next().unwrap_or_default().to_owned();
    Fault {
        detail: text,
        ..Fault::new(kind, line)
    }
}

fn kind_of(dtype: DType) -> Kind {
    match dtype {
        DType::F32 => Kind::Float,
        DType::F64 => Kind::Double,
        DType::I32 => Kind::Int,
        DType::I64 => Kind::Int64,
        DType::U8 => Kind::Uint8,
        DType::Bool => Kind::Bool,
    }
}

/// A tensor on `device` with floating-point elements in `precision`. The shape
/// and the length of the bytes were checked when the array was decoded.
pub fn from_array(array: &Array, device: Device, precision: Precision) -> Result<Tensor, Fault> {
    let shape: Vec<i64> = array
        .shape
        .iter()
        .map(|&length| i64::try_from(length))
        .collect::<Result<_, _>>()
        .map_err(|_| Fault::new(FaultKind::BadArguments, "shape is too large"))?;
    // tch reads product(shape) elements from the slice and copies them.
    array
        .check()
        .map_err(|error| Fault::new(FaultKind::BadArguments, error.to_string()))?;
    let kind = kind_of(array.dtype);
    let tensor = Tensor::f_from_data_size(&array.data, &shape, kind).map_err(torch_fault)?;
    let kind = match (array.dtype.is_float(), precision) {
        (false, _) => kind,
        (true, Precision::Double) => Kind::Double,
        (true, Precision::Single) => Kind::Float,
    };
    tensor
        .f_totype(kind)
        .and_then(|tensor| tensor.f_to(device))
        .map_err(torch_fault)
}

/// The elements in C order. Half precisions become float32, small integers
/// int32; complex numbers are refused.
pub fn to_array(tensor: &Tensor) -> Result<Array, Fault> {
    let kind = tensor.f_kind().map_err(torch_fault)?;
    let (dtype, kind) = match kind {
        Kind::Double => (DType::F64, Kind::Double),
        Kind::Float | Kind::Half | Kind::BFloat16 => (DType::F32, Kind::Float),
        Kind::Int64 => (DType::I64, Kind::Int64),
        Kind::Int | Kind::Int16 | Kind::Int8 => (DType::I32, Kind::Int),
        Kind::Uint8 => (DType::U8, Kind::Uint8),
        Kind::Bool => (DType::Bool, Kind::Bool),
        other => {
            let text = format!("the function returned a tensor of {other:?}");
            return Err(Fault::new(FaultKind::BadResult, text));
        }
    };
    let dense = tensor
        .f_to(Device::Cpu)
        .and_then(|tensor| tensor.f_totype(kind))
        .and_then(|tensor| tensor.f_resolve_conj())
        .and_then(|tensor| tensor.f_resolve_neg())
        .and_then(|tensor| tensor.f_contiguous())
        .map_err(torch_fault)?;
    let shape: Vec<usize> = dense
        .size()
        .into_iter()
        .map(|length| usize::try_from(length).expect("lengths are not negative"))
        .collect();
    let count = dense.numel();
    let mut data = vec![0; count * dtype.size_bytes()];
    dense
        .f_copy_data_u8(&mut data, count)
        .map_err(torch_fault)?;
    Array::new(dtype, shape, data)
        .map_err(|error| Fault::new(FaultKind::BadResult, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_survive() {
        for array in [
            Array::from_f64(&[2, 2], &[1.0, f64::NAN, -0.0, f64::INFINITY]),
            Array::from_i64(&[0, 3], &[]),
            Array::from_bool(&[], &[true]),
            Array::from_u8(&[3], &[0, 7, 255]),
            Array::from_i32(&[1], &[i32::MIN]),
        ] {
            let tensor = from_array(&array, Device::Cpu, Precision::Double).unwrap();
            assert_eq!(to_array(&tensor).unwrap(), array);
        }
    }

    #[test]
    fn floats_take_the_precision_and_views_are_read_in_c_order() {
        let single = Array::from_f32(&[2], &[0.1, 0.2]);
        let tensor = from_array(&single, Device::Cpu, Precision::Double).unwrap();
        assert_eq!(
            to_array(&tensor).unwrap().to_f64_vec(),
            [f64::from(0.1f32), f64::from(0.2f32)]
        );
        let matrix = Array::from_f64(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let tensor = from_array(&matrix, Device::Cpu, Precision::Single).unwrap();
        let turned = to_array(&tensor.f_tr().unwrap()).unwrap();
        assert_eq!(
            turned,
            Array::from_f32(&[3, 2], &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0])
        );
    }

    #[test]
    fn complex_results_are_refused() {
        let tensor = Tensor::from_slice(&[1.0f64])
            .f_totype(Kind::ComplexDouble)
            .unwrap();
        assert_eq!(to_array(&tensor).unwrap_err().kind, FaultKind::BadResult);
    }
}
