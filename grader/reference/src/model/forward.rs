//! A network from its input to its output, in float32, as `model.eval()` does.
//!
//! Shapes were checked when the list of layers was read; here axes are counted
//! with the batch, so they are one more.

use gradien_grader::model::ModelFault;
use gradien_problems::architecture::{Activation, Architecture, Cell, Operation, Pooling};
use tch::{Kind, TchError, Tensor};

use super::failed;
use super::weights::Weights;

pub fn run(
    network: &Architecture,
    weights: &Weights,
    inputs: Tensor,
) -> Result<Tensor, ModelFault> {
    let mut kept: Vec<Option<Tensor>> = Vec::with_capacity(network.layers.len());
    let mut now = inputs.shallow_clone();
    for layer in &network.layers {
        if let Operation::Embedding { count, .. } = layer.operation {
            check_ids(&now, count)?;
        }
        let find = |suffix: &str| weights.find(&layer.name, suffix);
        now = match &layer.operation {
            Operation::Add { layer } => {
                let other = layer.map_or(Some(&inputs), |layer| kept[layer].as_ref());
                let other = other.ok_or_else(|| ModelFault::Runtime {
                    detail: "an output that an add needs was not kept".into(),
                })?;
                now.f_add(other)
            }
            other => apply(other, &now, &find),
        }
        .map_err(failed)?;
        kept.push(layer.is_kept.then(|| now.shallow_clone()));
    }
    Ok(now)
}

/// On a device, an id outside the table would end the process; so it is never
/// looked up.
fn check_ids(ids: &Tensor, count: usize) -> Result<(), ModelFault> {
    if ids.numel() == 0 {
        return Ok(());
    }
    let extremes = ids
        .f_min()
        .and_then(|low| Ok([low.f_int64_value(&[])?, ids.f_max()?.f_int64_value(&[])?]));
    for id in extremes.map_err(failed)? {
        if id < 0 || id >= count as i64 {
            return Err(ModelFault::UnknownId { id, count });
        }
    }
    Ok(())
}

fn list(window: &[usize]) -> Vec<i64> {
    window.iter().map(|&length| length as i64).collect()
}

type Find<'a, 'f> = &'f dyn Fn(&str) -> Option<&'a Tensor>;

fn get<'a>(find: Find<'a, '_>, suffix: &str) -> Result<&'a Tensor, TchError> {
    find(suffix).ok_or_else(|| TchError::Kind(format!("the parameter {suffix} is missing")))
}

fn apply(operation: &Operation, x: &Tensor, find: Find<'_, '_>) -> Result<Tensor, TchError> {
    match operation {
        Operation::Convolution { .. } => convolve(operation, x, find),
        Operation::Pool { .. } => pool(operation, x),
        Operation::Recurrent { .. } => recur(operation, x, find),
        Operation::BatchNorm { epsilon, .. } => x.f_batch_norm(
            find("weight"),
            find("bias"),
            find("running_mean"),
            find("running_var"),
            false,
            0.1,
            *epsilon,
            true,
        ),
        Operation::LayerNorm { shape, epsilon, .. } => {
            x.f_layer_norm(list(shape), find("weight"), find("bias"), *epsilon, true)
        }
        Operation::AdaptivePool { how, size } => match (how, &size[..]) {
            (Pooling::Average, [_]) => x.f_adaptive_avg_pool1d(list(size)),
            (Pooling::Average, _) => x.f_adaptive_avg_pool2d(list(size)),
            (Pooling::Max, [_]) => Ok(x.f_adaptive_max_pool1d(list(size))?.0),
            (Pooling::Max, _) => Ok(x.f_adaptive_max_pool2d(list(size))?.0),
        },
        Operation::Linear { .. } => x.f_linear(get(find, "weight")?, find("bias")),
        Operation::Embedding { .. } => {
            Tensor::f_embedding(get(find, "weight")?, x, -1, false, false)
        }
        Operation::Activation(activation) => activate(*activation, x),
        Operation::Dropout => Ok(x.shallow_clone()),
        Operation::Flatten => match x.dim() {
            1 => x.f_unsqueeze(1),
            _ => x.f_flatten(1, -1),
        },
        Operation::Unflatten { shape } => {
            let batch = x.size()[0];
            x.f_reshape([vec![batch], list(shape)].concat())
        }
        Operation::LastStep => x.f_select(1, -1),
        Operation::Add { .. } => unreachable!("needs what earlier layers gave"),
    }
}

fn activate(activation: Activation, x: &Tensor) -> Result<Tensor, TchError> {
    match activation {
        Activation::Relu => x.f_relu(),
        // max(x, 0) + slope · min(x, 0)
        Activation::LeakyRelu { slope } => x
            .f_clamp_min(0.0)?
            .f_add(&x.f_clamp_max(0.0)?.f_mul_scalar(slope)?),
        Activation::Sigmoid => x.f_sigmoid(),
        Activation::Tanh => x.f_tanh(),
        Activation::Gelu { by_tanh } => x.f_gelu(if by_tanh { "tanh" } else { "none" }),
        Activation::Softmax { axis } => x.f_softmax(axis as i64 + 1, None::<Kind>),
        Activation::LogSoftmax { axis } => x.f_log_softmax(axis as i64 + 1, None::<Kind>),
    }
}

fn convolve(operation: &Operation, x: &Tensor, find: Find<'_, '_>) -> Result<Tensor, TchError> {
    let Operation::Convolution {
        kernel,
        stride,
        padding,
        dilation,
        groups,
        output_padding,
        ..
    } = operation
    else {
        unreachable!("called for convolutions");
    };
    let (weight, bias) = (get(find, "weight")?, find("bias"));
    let [stride, padding, dilation] = [stride, padding, dilation].map(|window| list(window));
    let groups = *groups as i64;
    match (output_padding, kernel.len()) {
        (None, 1) => x.f_conv1d(weight, bias, stride, padding, dilation, groups),
        (None, _) => x.f_conv2d(weight, bias, stride, padding, dilation, groups),
        (Some(extra), 1) => {
            x.f_conv_transpose1d(weight, bias, stride, padding, list(extra), groups, dilation)
        }
        (Some(extra), _) => {
            x.f_conv_transpose2d(weight, bias, stride, padding, list(extra), groups, dilation)
        }
    }
}

fn pool(operation: &Operation, x: &Tensor) -> Result<Tensor, TchError> {
    let Operation::Pool {
        how,
        kernel,
        stride,
        padding,
    } = operation
    else {
        unreachable!("called for pooling");
    };
    let axes = kernel.len();
    let [kernel, stride, padding] = [kernel, stride, padding].map(|window| list(window));
    let ones = vec![1; axes];
    match (how, axes) {
        (Pooling::Max, 1) => x.f_max_pool1d(kernel, stride, padding, ones, false),
        (Pooling::Max, _) => x.f_max_pool2d(kernel, stride, padding, ones, false),
        (Pooling::Average, 1) => x.f_avg_pool1d(kernel, stride, padding, false, true),
        (Pooling::Average, _) => x.f_avg_pool2d(kernel, stride, padding, false, true, None::<i64>),
    }
}

/// From a zero state, as `nn.GRU` and the others without an initial one.
fn recur(operation: &Operation, x: &Tensor, find: Find<'_, '_>) -> Result<Tensor, TchError> {
    let Operation::Recurrent {
        cell,
        hidden,
        layers,
        bidirectional,
        bias,
        ..
    } = operation
    else {
        unreachable!("called for recurrent layers");
    };
    let directions = if *bidirectional { 2 } else { 1 };
    let mut parameters = Vec::new();
    for layer in 0..*layers {
        for direction in &["", "_reverse"][..directions] {
            for part in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] {
                if *bias || part.starts_with("weight") {
                    parameters.push(get(find, &format!("{part}_l{layer}{direction}"))?);
                }
            }
        }
    }
    let stacked = (layers * directions) as i64;
    let state = Tensor::f_zeros(
        [stacked, x.size()[0], *hidden as i64],
        (Kind::Float, x.device()),
    )?;
    let layers = *layers as i64;
    let (bias, two) = (*bias, *bidirectional);
    let output = match cell {
        Cell::RnnTanh => {
            x.f_rnn_tanh(&state, &parameters, bias, layers, 0.0, false, two, true)?
                .0
        }
        Cell::RnnRelu => {
            x.f_rnn_relu(&state, &parameters, bias, layers, 0.0, false, two, true)?
                .0
        }
        Cell::Gru => {
            x.f_gru(&state, &parameters, bias, layers, 0.0, false, two, true)?
                .0
        }
        Cell::Lstm => {
            let states = [&state, &state];
            x.f_lstm(&states, &parameters, bias, layers, 0.0, false, two, true)?
                .0
        }
    };
    Ok(output)
}
