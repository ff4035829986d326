//! A safetensors file becomes the tensors of a network, or the list of all that
//! is wrong with it.

use gradien_grader::model::ModelFault;
use gradien_grader::model::wire::{MAX_LISTED, MAX_STATISTIC, MAX_WEIGHT};
use gradien_problems::architecture::{Architecture, Parameter, Role, WeightFault, check_headers};
use std::collections::HashMap;
use tch::{Device, Kind, TchError, Tensor};

use super::failed;
use super::header::read_header;
use super::initial::find_initial;

pub struct Weights {
    tensors: HashMap<String, Tensor>,
    /// Every value lies where PyTorch starts, as far as that has bounds.
    pub as_initialised: bool,
}

/// The first [`MAX_LISTED`], and how many more there are.
pub struct Faults {
    pub listed: Vec<WeightFault>,
    pub more: u64,
}

impl From<Vec<WeightFault>> for Faults {
    fn from(mut listed: Vec<WeightFault>) -> Faults {
        let more = listed.len().saturating_sub(MAX_LISTED) as u64;
        listed.truncate(MAX_LISTED);
        Faults { listed, more }
    }
}

impl Weights {
    /// `None` where the layer has no such parameter (`bias = false`).
    pub fn find(&self, layer: &str, suffix: &str) -> Option<&Tensor> {
        self.tensors.get(&format!("{layer}.{suffix}"))
    }

    /// Every parameter with the same value.
    pub fn filled(network: &Architecture, value: f64, device: Device) -> Result<Self, TchError> {
        let tensors = network.parameters().into_iter().map(|parameter| {
            let tensor = Tensor::f_full(lengths(&parameter.shape), value, (Kind::Float, device))?;
            Ok((parameter.name, tensor))
        });
        let tensors = tensors.collect::<Result<_, TchError>>()?;
        Ok(Weights {
            tensors,
            as_initialised: false,
        })
    }
}

fn lengths(shape: &[usize]) -> Vec<i64> {
    shape.iter().map(|&length| length as i64).collect()
}

pub fn read(
    network: &Architecture,
    bytes: &[u8],
    device: Device,
) -> Result<Result<Weights, Faults>, ModelFault> {
    let (file, headers) = match read_header(bytes) {
        Ok(read) => read,
        Err(fault) => return Ok(Err(vec![fault].into())),
    };
    let parameters = network.parameters();
    let faults = check_headers(&parameters, &headers);
    if !faults.is_empty() {
        return Ok(Err(faults.into()));
    }
    let mut faults = Vec::new();
    let mut kept = HashMap::new();
    let mut initial = Vec::new();
    for parameter in &parameters {
        if parameter.role == Role::Ignored {
            continue;
        }
        let view = file.tensor(&parameter.name);
        let view = view.map_err(|error| ModelFault::Runtime {
            detail: error.to_string(),
        })?;
        let kind = match view.dtype() {
            safetensors::Dtype::F16 => Kind::Half,
            safetensors::Dtype::BF16 => Kind::BFloat16,
            safetensors::Dtype::F32 => Kind::Float,
            _ => Kind::Double,
        };
        let tensor = Tensor::f_from_data_size(view.data(), &lengths(&parameter.shape), kind)
            .map_err(failed)?;
        match find_range(parameter, &tensor).map_err(failed)? {
            Err(fault) => faults.push(fault),
            Ok((low, high)) => {
                initial.extend(find_initial(network, parameter, low, high));
                let tensor = tensor
                    .f_to_kind(Kind::Float)
                    .and_then(|tensor| tensor.f_to(device))
                    .map_err(failed)?;
                kept.insert(parameter.name.clone(), tensor);
            }
        }
    }
    match faults.is_empty() {
        true => Ok(Ok(Weights {
            tensors: kept,
            as_initialised: !initial.is_empty() && initial.iter().all(|&within| within),
        })),
        false => Ok(Err(faults.into())),
    }
}

/// The least and the largest value; or NaN, infinities, and values beyond what
/// sums can bear.
fn find_range(
    parameter: &Parameter,
    tensor: &Tensor,
) -> Result<Result<(f64, f64), WeightFault>, TchError> {
    let wide = tensor.f_to_kind(Kind::Double)?;
    let mut values = vec![0f64; wide.numel()];
    let count = values.len();
    wide.f_copy_data(&mut values, count)?;
    let infinite = values.iter().filter(|value| !value.is_finite()).count();
    let name = parameter.name.clone();
    if infinite > 0 {
        let count = infinite as u64;
        return Ok(Err(WeightFault::NotFinite { name, count }));
    }
    let limit = match parameter.role {
        Role::Learned => MAX_WEIGHT,
        Role::Statistic | Role::Ignored => MAX_STATISTIC,
    };
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let largest = high.max(-low);
    match largest > limit {
        true => Ok(Err(WeightFault::Huge {
            name,
            largest,
            limit,
        })),
        false => Ok(Ok((low, high))),
    }
}
