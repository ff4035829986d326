//! Brings libtorch into the state that references run in, in the order that it
//! wants: the CUDA half first (asking about CUDA before caches "there is none"
//! for the life of the process), then the settings, then the first use, so that
//! everything that is loaded late has been loaded before the process locks
//! itself.

use gradien_grader::reference::{Device, Fault, Precision, SourceFile};
use std::ffi::{CString, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use crate::ffi;
use crate::node::{Node, Plain};
use crate::script::Unit;

/// libtorch as this program was built against it.
pub const LIBTORCH_VERSION: &str = "2.11.0";

/// `Err` has the loader's reason. CPU work goes on without.
pub fn load_cuda(library: &Path) -> Result<(), String> {
    let name = CString::new(library.as_os_str().as_bytes()).map_err(|error| error.to_string())?;
    // SAFETY: a zero-terminated string that outlives the call.
    said(|fault| unsafe { ffi::gr_load_cuda(name.as_ptr(), fault) })
}

pub fn configure() -> Result<(), String> {
    // SAFETY: only an out-parameter.
    said(|fault| unsafe { ffi::gr_configure(fault) })
}

fn said(entry: impl FnOnce(*mut *mut ffi::Node) -> c_int) -> Result<(), String> {
    let mut fault = ptr::null_mut();
    if entry(&mut fault) == 0 {
        return Ok(());
    }
    // SAFETY: the shim leaves null or a fresh node.
    let fault = unsafe { Node::from_raw(fault) }.and_then(|fault| fault.read().ok());
    let message = fault.as_ref().and_then(|fault| fault.find_text("message"));
    Err(message.unwrap_or("out of memory").to_owned())
}

pub fn cuda_devices() -> u32 {
    // SAFETY: no arguments.
    unsafe { ffi::gr_cuda_devices() }.try_into().unwrap_or(0)
}

pub fn set_precision(precision: Precision) {
    // SAFETY: a plain number.
    unsafe { ffi::gr_set_precision(c_int::from(precision == Precision::Single)) }
}

pub fn to_tch(device: Device) -> tch::Device {
    match device {
        Device::Cpu => tch::Device::Cpu,
        Device::Cuda => tch::Device::Cuda(0),
    }
}

/// One use of each kernel library that libtorch may initialise or load at its
/// first use: matrix products and convolutions (oneDNN, MKL, cuBLAS, cuDNN),
/// decompositions (LAPACK, cuSOLVER), Fourier transforms, the autograd engine,
/// the interpreter.
const WARM_UP: &str = "
def warm_up(x: Tensor) -> Tensor:
    w = (x + torch.eye(4, dtype=x.dtype, device=x.device)).requires_grad_()
    image = w.reshape(1, 1, 4, 4)
    maps = F.conv2d(image, image[:, :, :3, :3], padding=1)
    pooled = F.max_pool2d(F.relu(maps), 2)
    loss = (w @ w).sum() + pooled.sum() + torch.linalg.solve(w, w).sum() + torch.fft.rfft(w).abs().sum()
    loss = loss + F.cross_entropy(w, torch.arange(4, device=x.device)) + torch.linalg.svdvals(w).sum()
    gates = torch.sigmoid(w) * torch.tanh(w)
    gradient = torch.autograd.grad([loss + gates.sum()], [w])[0]
    assert gradient is not None
    return gradient
";

/// Compiles and runs the warm-up on a device, in both precisions.
pub fn warm_up(device: Device) -> Result<(), Fault> {
    let file = SourceFile {
        name: "warm_up.py".into(),
        text: WARM_UP.into(),
    };
    let unit = Unit::compile(&[file])?;
    for (precision, kind) in [
        (Precision::Single, tch::Kind::Float),
        (Precision::Double, tch::Kind::Double),
    ] {
        set_precision(precision);
        let x = tch::Tensor::f_arange(16, (kind, to_tch(device)))
            .and_then(|x| x.f_view([4, 4]))
            .and_then(|x| x.f_mul_scalar(0.1))
            .map_err(crate::tensor::torch_fault)?;
        unit.call("warm_up", vec![Plain::Tensor(x)])?;
    }
    Ok(())
}
