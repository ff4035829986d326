//! The other loop of this program: runs networks with the weights of students.
//!
//! Same start and same locks as for references; see `main`. What is foreign here
//! is a file of weights, and nothing in it is executed: Rust reads the header and
//! compares it with the checked list of layers, libtorch then gets tensors whose
//! shapes and bytes agree.

mod forward;
mod header;
mod initial;
#[cfg(test)]
mod properties;
mod weights;

use gradien_grader::model::wire::{ModelFault, Network, NetworkText, Reply, Request};
use gradien_grader::reference::Device;
use gradien_grader::reference::wire::MAX_FRAME_BYTES;
use gradien_problems::architecture::{Architecture, ArchitectureFault, NetworkInput, Wrong};
use gradien_sandbox::array::{Array, DType};
use gradien_sandbox::frame::{self, FrameError};
use std::io::{Read, Write};
use tch::{Kind, TchError, Tensor};

use crate::runtime;
use weights::Weights;

/// What outputs may take in one reply.
const MAX_OUTPUT_BYTES: usize = MAX_FRAME_BYTES - (16 << 20);

/// Answers requests until the other side closes the pipe.
pub fn serve(reader: &mut impl Read, writer: &mut impl Write) -> Result<(), FrameError> {
    loop {
        let request: Request = match frame::read_frame(reader, MAX_FRAME_BYTES) {
            Ok(request) => request,
            Err(FrameError::Closed) => return Ok(()),
            Err(error) => return Err(error),
        };
        let reply = tch::no_grad(|| answer(&request)).unwrap_or_else(Reply::Failed);
        frame::write_frame(writer, &reply)?;
    }
}

/// A small network of each kernel library that is loaded or initialised late.
const WARM_UP: &str = "
layers = [
    { kind = 'conv2d', out = 4, kernel = 3, padding = 1 }, { kind = 'batch_norm2d' }, { kind = 'gelu' },
    { kind = 'conv_transpose2d', out = 2, kernel = 2, stride = 2 }, { kind = 'max_pool2d', kernel = 2 },
    { kind = 'flatten' }, { kind = 'unflatten', shape = [8, 4] },
    { kind = 'lstm', hidden = 4, bidirectional = true }, { kind = 'gru', hidden = 4 }, { kind = 'rnn', hidden = 4 },
    { kind = 'layer_norm' }, { kind = 'last_step' }, { kind = 'linear', out = 3 }, { kind = 'softmax' },
]
";

/// Runs that network once on a device, before the process is locked.
pub fn warm_up(device: Device) -> Result<(), String> {
    let input = NetworkInput {
        shape: vec![1, 4, 4],
        ids: false,
    };
    let network = Architecture::read(WARM_UP, input).map_err(|fault| fault.to_string())?;
    let device = runtime::to_tch(device);
    let weights = Weights::filled(&network, 0.1, device).map_err(|error| error.to_string())?;
    let inputs = Tensor::f_ones([2, 1, 4, 4], (Kind::Float, device));
    let run = tch::no_grad(|| forward::run(&network, &weights, inputs.map_err(failed)?));
    run.map(|_| ()).map_err(|fault| format!("{fault:?}"))
}

fn answer(request: &Request) -> Result<Reply, ModelFault> {
    if request.device == Device::Cuda && runtime::cuda_devices() == 0 {
        return Err(ModelFault::NoDevice);
    }
    let own;
    let network = match &request.network {
        Network::Checked(network) => network,
        Network::Written(written) => match read_own(written) {
            Ok(network) => {
                own = network;
                &own
            }
            Err(fault) => return Ok(Reply::Layers(fault)),
        },
    };
    let device = runtime::to_tch(request.device);
    let weights = match weights::read(network, &request.weights, device)? {
        Ok(weights) => weights,
        Err(faults) => {
            let more = faults.more;
            let faults = faults.listed;
            return Ok(Reply::Weights { faults, more });
        }
    };
    let inputs = inputs(network, request)?;
    let examples = request.inputs.shape[0];
    let shape: Vec<usize> = [&[examples], network.output()].concat();
    let bytes = shape
        .iter()
        .fold(4usize, |bytes, &n| bytes.saturating_mul(n));
    if bytes > MAX_OUTPUT_BYTES {
        return Err(ModelFault::OutOfMemory);
    }
    let mut data = Vec::with_capacity(bytes);
    let batch = request.batch.max(1);
    for begin in (0..examples).step_by(batch) {
        let length = batch.min(examples - begin);
        let part = inputs
            .f_narrow(0, begin as i64, length as i64)
            .and_then(|part| part.f_to(device))
            .map_err(failed)?;
        let output = forward::run(network, &weights, part)?;
        append(&output, &mut data).map_err(failed)?;
    }
    let outputs = Array::new(DType::F32, shape, data).map_err(|error| ModelFault::Runtime {
        detail: error.to_string(),
    })?;
    Ok(Reply::Evaluated {
        outputs,
        as_initialised: weights.as_initialised,
    })
}

/// A student's layers, if they fit the problem and cost no more than they may.
fn read_own(written: &NetworkText) -> Result<Architecture, ArchitectureFault> {
    let own = &written.own;
    let network = Architecture::read(&written.text, own.input.clone())?;
    if network.output() != own.output {
        return Err(Wrong::Output {
            expected: own.output.clone(),
            got: network.output().to_vec(),
        }
        .into());
    }
    network.check_caps(&own.caps)?;
    Ok(network)
}

/// The inputs as a tensor on the CPU: float32, or int64 where they are ids.
fn inputs(network: &Architecture, request: &Request) -> Result<Tensor, ModelFault> {
    let wanted = &network.input;
    let array = &request.inputs;
    let refused = |detail: String| ModelFault::Inputs { detail };
    if array.shape.len() != wanted.shape.len() + 1 || array.shape[1..] != *wanted.shape {
        return Err(refused(format!(
            "shape {:?} where each example has {:?}",
            array.shape, wanted.shape
        )));
    }
    if wanted.ids == array.dtype.is_float() {
        return Err(refused(format!("elements of {}", array.dtype.name())));
    }
    array.check().map_err(|error| refused(error.to_string()))?;
    let values: Vec<i64> = array.shape.iter().map(|&length| length as i64).collect();
    let (from, to) = match array.dtype {
        DType::F32 => (Kind::Float, Kind::Float),
        DType::F64 => (Kind::Double, Kind::Float),
        DType::I32 => (Kind::Int, Kind::Int64),
        DType::I64 => (Kind::Int64, Kind::Int64),
        DType::U8 => (Kind::Uint8, Kind::Int64),
        DType::Bool => return Err(refused("elements of bool".into())),
    };
    Tensor::f_from_data_size(&array.data, &values, from)
        .and_then(|tensor| tensor.f_to_kind(to))
        .map_err(failed)
}

fn append(output: &Tensor, data: &mut Vec<u8>) -> Result<(), TchError> {
    let dense = output
        .f_to(tch::Device::Cpu)?
        .f_to_kind(Kind::Float)?
        .f_contiguous()?;
    let count = dense.numel();
    let begin = data.len();
    data.resize(begin + count * 4, 0);
    dense.f_copy_data_u8(&mut data[begin..], count)
}

/// A C++ exception: memory has its own fault.
fn failed(error: TchError) -> ModelFault {
    let text = error.to_string();
    let memory = ["DefaultCPUAllocator", "CUDA out of memory", "bad_alloc"];
    match memory.iter().any(|mark| text.contains(mark)) {
        true => ModelFault::OutOfMemory,
        false => ModelFault::Runtime {
            detail: text.lines().next().unwrap_or_default().to_owned(),
        },
    }
}
