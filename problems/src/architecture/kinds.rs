//! What each kind of layer may say, and what it means for a given input.

use super::Architecture;
use super::fault::{Expected, InputForm, Wrong};
use super::keys::Keys;
use super::operation::{Activation, Cell, Operation, Pooling};

/// Every kind that a layer may have.
pub const KINDS: [&str; 30] = [
    "conv1d",
    "conv2d",
    "conv_transpose1d",
    "conv_transpose2d",
    "batch_norm1d",
    "batch_norm2d",
    "layer_norm",
    "max_pool1d",
    "max_pool2d",
    "avg_pool1d",
    "avg_pool2d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "linear",
    "embedding",
    "rnn",
    "gru",
    "lstm",
    "relu",
    "leaky_relu",
    "sigmoid",
    "tanh",
    "gelu",
    "softmax",
    "log_softmax",
    "dropout",
    "flatten",
    "unflatten",
];
/// Those without a counterpart in `torch.nn`.
pub const OWN_KINDS: [&str; 2] = ["last_step", "add"];
/// Recurrent layers on top of each other in one layer of the list.
const MAX_STACKED: usize = 32;
/// The name by which `add` means the network's input.
pub const INPUT: &str = "input";

pub fn read_operation(
    keys: &mut Keys<'_>,
    before: &Architecture,
    input: &[usize],
) -> Result<Operation, Wrong> {
    let kind = keys.get_text("kind")?;
    let axes = if kind.ends_with("2d") { 2 } else { 1 };
    let last = || {
        input.last().copied().ok_or(Wrong::Input {
            expected: InputForm::AtLeastOneAxis,
            got: Vec::new(),
        })
    };
    Ok(match kind {
        "conv1d" | "conv2d" => convolution(keys, input, axes, false)?,
        "conv_transpose1d" | "conv_transpose2d" => convolution(keys, input, axes, true)?,
        "batch_norm1d" | "batch_norm2d" => {
            let ok = match axes {
                2 => input.len() == 3,
                _ => (1..=2).contains(&input.len()),
            };
            let expected = match axes {
                2 => InputForm::Channels { axes },
                _ => InputForm::FeaturesOrSignal,
            };
            Operation::BatchNorm {
                channels: match ok {
                    true => input[0],
                    false => {
                        let got = input.to_vec();
                        return Err(Wrong::Input { expected, got });
                    }
                },
                epsilon: epsilon(keys)?,
                affine: keys.find_flag("affine", true)?,
            }
        }
        "layer_norm" => {
            let axes = keys.find_size("axes", 1)?;
            let from = input.len().checked_sub(axes).ok_or(Wrong::Input {
                expected: InputForm::AtLeastAxes { axes },
                got: input.to_vec(),
            })?;
            Operation::LayerNorm {
                shape: input[from..].to_vec(),
                epsilon: epsilon(keys)?,
                affine: keys.find_flag("affine", true)?,
            }
        }
        "max_pool1d" | "max_pool2d" => pool(keys, axes, Pooling::Max)?,
        "avg_pool1d" | "avg_pool2d" => pool(keys, axes, Pooling::Average)?,
        "adaptive_max_pool1d" | "adaptive_max_pool2d" => Operation::AdaptivePool {
            how: Pooling::Max,
            size: keys.get_window("size", axes, 1)?,
        },
        "adaptive_avg_pool1d" | "adaptive_avg_pool2d" => Operation::AdaptivePool {
            how: Pooling::Average,
            size: keys.get_window("size", axes, 1)?,
        },
        "linear" => Operation::Linear {
            inputs: last()?,
            outputs: keys.get_size("out")?,
            bias: keys.find_flag("bias", true)?,
        },
        "embedding" => Operation::Embedding {
            count: keys.get_size("count")?,
            width: keys.get_size("out")?,
        },
        "rnn" => {
            let cell = match keys.find_text("nonlinearity")?.unwrap_or("tanh") {
                "tanh" => Cell::RnnTanh,
                "relu" => Cell::RnnRelu,
                _ => return Err(one_of("nonlinearity", &["tanh", "relu"])),
            };
            recurrent(keys, cell, last()?)?
        }
        "gru" => recurrent(keys, Cell::Gru, last()?)?,
        "lstm" => recurrent(keys, Cell::Lstm, last()?)?,
        "relu" => Operation::Activation(Activation::Relu),
        "leaky_relu" => Operation::Activation(Activation::LeakyRelu {
            slope: keys.find_number("slope", 0.01, [0.0, 1.0])?,
        }),
        "sigmoid" => Operation::Activation(Activation::Sigmoid),
        "tanh" => Operation::Activation(Activation::Tanh),
        "gelu" => {
            let by_tanh = match keys.find_text("approximate")?.unwrap_or("none") {
                "none" => false,
                "tanh" => true,
                _ => return Err(one_of("approximate", &["none", "tanh"])),
            };
            Operation::Activation(Activation::Gelu { by_tanh })
        }
        "softmax" => Operation::Activation(Activation::Softmax {
            axis: axis(keys, input)?,
        }),
        "log_softmax" => Operation::Activation(Activation::LogSoftmax {
            axis: axis(keys, input)?,
        }),
        "dropout" => {
            keys.find_number("p", 0.5, [0.0, 1.0])?;
            Operation::Dropout
        }
        "flatten" => Operation::Flatten,
        "unflatten" => Operation::Unflatten {
            shape: keys.get_shape("shape")?,
        },
        "last_step" => Operation::LastStep,
        "add" => add(keys.get_text("from")?, before, input)?,
        other => {
            return Err(Wrong::UnknownKind {
                kind: other.to_owned(),
                known: KINDS
                    .iter()
                    .chain(&OWN_KINDS)
                    .map(|k| (*k).into())
                    .collect(),
            });
        }
    })
}

fn epsilon(keys: &mut Keys<'_>) -> Result<f64, Wrong> {
    keys.find_number("eps", 1e-5, [1e-12, 1.0])
}

fn one_of(key: &str, texts: &[&str]) -> Wrong {
    let texts = texts.iter().map(|text| (*text).to_owned()).collect();
    Wrong::BadValue {
        key: key.into(),
        expected: Expected::OneOf { texts },
    }
}

/// `axis` may be negative, from the end; it never means the batch.
fn axis(keys: &mut Keys<'_>, input: &[usize]) -> Result<usize, Wrong> {
    let axes = input.len();
    let axis = keys.find_integer("axis", -1)?;
    let counted = match axis < 0 {
        true => axes.checked_sub(axis.unsigned_abs() as usize),
        false => usize::try_from(axis).ok().filter(|&axis| axis < axes),
    };
    counted.ok_or_else(|| Wrong::BadValue {
        key: "axis".into(),
        expected: Expected::Axis { axes },
    })
}

fn convolution(
    keys: &mut Keys<'_>,
    input: &[usize],
    axes: usize,
    transposed: bool,
) -> Result<Operation, Wrong> {
    let (zeros, ones) = (vec![0; axes], vec![1; axes]);
    let outputs = keys.get_size("out")?;
    let kernel = keys.get_window("kernel", axes, 1)?;
    let stride = keys.find_window("stride", axes, 1, &ones)?;
    let padding = keys.find_window("padding", axes, 0, &zeros)?;
    let dilation = keys.find_window("dilation", axes, 1, &ones)?;
    let groups = keys.find_size("groups", 1)?;
    let bias = keys.find_flag("bias", true)?;
    let output_padding = match transposed {
        true => Some(keys.find_window("output_padding", axes, 0, &zeros)?),
        false => None,
    };
    if input.len() != axes + 1 {
        return Err(Wrong::Input {
            expected: InputForm::Channels { axes },
            got: input.to_vec(),
        });
    }
    let inputs = input[0];
    if !inputs.is_multiple_of(groups) || !outputs.is_multiple_of(groups) {
        return Err(Wrong::Groups {
            groups,
            inputs,
            outputs,
        });
    }
    if let Some(extra) = &output_padding {
        for (axis, &extra) in extra.iter().enumerate() {
            let below = stride[axis].max(dilation[axis]);
            if extra >= below {
                return Err(Wrong::OutputPadding { below });
            }
        }
    }
    Ok(Operation::Convolution {
        inputs,
        outputs,
        kernel,
        stride,
        padding,
        dilation,
        groups,
        bias,
        output_padding,
    })
}

fn pool(keys: &mut Keys<'_>, axes: usize, how: Pooling) -> Result<Operation, Wrong> {
    let kernel = keys.get_window("kernel", axes, 1)?;
    let stride = keys.find_window("stride", axes, 1, &kernel)?;
    let padding = keys.find_window("padding", axes, 0, &vec![0; axes])?;
    let too_much = kernel.iter().zip(&padding).find(|(k, p)| **p > **k / 2);
    if let Some((&kernel, _)) = too_much {
        return Err(Wrong::PoolPadding { most: kernel / 2 });
    }
    Ok(Operation::Pool {
        how,
        kernel,
        stride,
        padding,
    })
}

fn recurrent(keys: &mut Keys<'_>, cell: Cell, inputs: usize) -> Result<Operation, Wrong> {
    let hidden = keys.get_size("hidden")?;
    let layers = keys.find_size("num_layers", 1)?;
    if layers > MAX_STACKED {
        return Err(Wrong::TooLarge);
    }
    Ok(Operation::Recurrent {
        cell,
        inputs,
        hidden,
        layers,
        bidirectional: keys.find_flag("bidirectional", false)?,
        bias: keys.find_flag("bias", true)?,
    })
}

fn add(from: &str, before: &Architecture, input: &[usize]) -> Result<Operation, Wrong> {
    let layer = before.layers.iter().position(|layer| layer.name == from);
    let theirs = match layer {
        Some(layer) => &before.layers[layer].output,
        None if from == INPUT && !before.input.ids => &before.input.shape,
        None => {
            let names = before.layers.iter().map(|layer| layer.name.clone());
            return Err(Wrong::NameUnknown {
                name: from.to_owned(),
                known: std::iter::once(INPUT.to_owned()).chain(names).collect(),
            });
        }
    };
    if theirs != input {
        return Err(Wrong::AddShapes {
            name: from.to_owned(),
            theirs: theirs.clone(),
            ours: input.to_vec(),
        });
    }
    Ok(Operation::Add { layer })
}
