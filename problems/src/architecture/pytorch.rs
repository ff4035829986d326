//! A layer as it is written in PyTorch, for whoever builds the same network.

use super::Layer;
use super::operation::{Activation, Cell, Operation, Pooling};

impl Layer {
    /// `nn.Linear(2, 16)`; an expression in `x` where `torch.nn` has no such layer.
    /// What is left to PyTorch's defaults is left out.
    pub fn pytorch(&self) -> String {
        let flag = |name: &str, is: bool| match is {
            true => String::new(),
            false => format!(", {name}=False"),
        };
        match &self.operation {
            Operation::Convolution {
                inputs,
                outputs,
                kernel,
                stride,
                padding,
                dilation,
                groups,
                bias,
                output_padding,
            } => {
                let axes = kernel.len();
                let (name, extra) = match output_padding {
                    None => ("Conv", String::new()),
                    Some(extra) => ("ConvTranspose", option("output_padding", extra, 0)),
                };
                let groups = option("groups", &[*groups], 1);
                format!(
                    "nn.{name}{axes}d({inputs}, {outputs}, kernel_size={}{}{}{extra}{}{groups}{})",
                    window(kernel),
                    option("stride", stride, 1),
                    option("padding", padding, 0),
                    option("dilation", dilation, 1),
                    flag("bias", *bias),
                )
            }
            Operation::BatchNorm {
                channels,
                epsilon,
                affine,
            } => {
                let axes = if self.input.len() == 3 { 2 } else { 1 };
                let eps = eps(*epsilon);
                format!(
                    "nn.BatchNorm{axes}d({channels}{eps}{})",
                    flag("affine", *affine)
                )
            }
            Operation::LayerNorm {
                shape,
                epsilon,
                affine,
            } => format!(
                "nn.LayerNorm({}{}{})",
                window_or_tuple(shape),
                eps(*epsilon),
                flag("elementwise_affine", *affine)
            ),
            Operation::Pool {
                how,
                kernel,
                stride,
                padding,
            } => {
                let stride = match stride == kernel {
                    true => String::new(),
                    false => format!(", stride={}", window(stride)),
                };
                format!(
                    "nn.{}Pool{}d({}{stride}{})",
                    of_pooling(*how),
                    kernel.len(),
                    window(kernel),
                    option("padding", padding, 0)
                )
            }
            Operation::AdaptivePool { how, size } => format!(
                "nn.Adaptive{}Pool{}d({})",
                of_pooling(*how),
                size.len(),
                window(size)
            ),
            Operation::Linear {
                inputs,
                outputs,
                bias,
            } => format!("nn.Linear({inputs}, {outputs}{})", flag("bias", *bias)),
            Operation::Embedding { count, width } => format!("nn.Embedding({count}, {width})"),
            Operation::Recurrent {
                cell,
                inputs,
                hidden,
                layers,
                bidirectional,
                bias,
            } => {
                let (name, more) = match cell {
                    Cell::RnnTanh => ("RNN", ""),
                    Cell::RnnRelu => ("RNN", ", nonlinearity=\"relu\""),
                    Cell::Gru => ("GRU", ""),
                    Cell::Lstm => ("LSTM", ""),
                };
                let two = if *bidirectional {
                    ", bidirectional=True"
                } else {
                    ""
                };
                format!(
                    "nn.{name}({inputs}, {hidden}{}{more}{}{two}, batch_first=True)",
                    option("num_layers", &[*layers], 1),
                    flag("bias", *bias)
                )
            }
            Operation::Activation(activation) => of_activation(*activation),
            Operation::Dropout => "nn.Dropout()".into(),
            Operation::Flatten => "nn.Flatten()".into(),
            Operation::Unflatten { shape } => {
                format!("nn.Unflatten(1, {})", window_or_tuple(shape))
            }
            Operation::LastStep => "x[:, -1]".into(),
            Operation::Add { layer: None } => "x + input".into(),
            Operation::Add { layer: Some(layer) } => format!("x + [{layer}]"),
        }
    }
}

fn of_pooling(how: Pooling) -> &'static str {
    match how {
        Pooling::Max => "Max",
        Pooling::Average => "Avg",
    }
}

/// Axes are counted with the batch axis, as PyTorch counts them.
fn of_activation(activation: Activation) -> String {
    match activation {
        Activation::Relu => "nn.ReLU()".into(),
        Activation::LeakyRelu { slope } => format!("nn.LeakyReLU({slope})"),
        Activation::Sigmoid => "nn.Sigmoid()".into(),
        Activation::Tanh => "nn.Tanh()".into(),
        Activation::Gelu { by_tanh: false } => "nn.GELU()".into(),
        Activation::Gelu { by_tanh: true } => "nn.GELU(approximate=\"tanh\")".into(),
        Activation::Softmax { axis } => format!("nn.Softmax(dim={})", axis + 1),
        Activation::LogSoftmax { axis } => format!("nn.LogSoftmax(dim={})", axis + 1),
    }
}

fn eps(epsilon: f64) -> String {
    match epsilon == 1e-5 {
        true => String::new(),
        false => format!(", eps={epsilon:e}"),
    }
}

/// `3`, or `(3, 5)` where the axes differ.
fn window(window: &[usize]) -> String {
    match window {
        [first, rest @ ..] if rest.iter().all(|length| length == first) => first.to_string(),
        _ => tuple(window),
    }
}

fn window_or_tuple(shape: &[usize]) -> String {
    match shape {
        [one] => one.to_string(),
        _ => tuple(shape),
    }
}

fn tuple(shape: &[usize]) -> String {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("({})", lengths.join(", "))
}

/// Nothing where it is PyTorch's default.
fn option(name: &str, values: &[usize], default: usize) -> String {
    match values.iter().all(|&value| value == default) {
        true => String::new(),
        false => format!(", {name}={}", window(values)),
    }
}

#[cfg(test)]
mod tests {
    use crate::architecture::{Architecture, NetworkInput};

    #[test]
    fn layers_are_written_as_in_pytorch() {
        let list = "layers = [
            { kind = 'conv2d', out = 8, kernel = 3, padding = 1 },
            { kind = 'batch_norm2d' }, { kind = 'leaky_relu' },
            { kind = 'max_pool2d', kernel = 2 },
            { kind = 'conv_transpose2d', out = 4, kernel = [2, 3], stride = 2, bias = false },
            { kind = 'flatten' }, { kind = 'unflatten', shape = [8, 36] },
            { kind = 'gru', hidden = 5, num_layers = 2, bidirectional = true },
            { kind = 'last_step' }, { kind = 'linear', out = 3 }, { kind = 'softmax' },
        ]";
        let input = NetworkInput {
            shape: vec![1, 8, 8],
            ids: false,
        };
        let network = Architecture::read(list, input).unwrap();
        let written: Vec<String> = network.layers.iter().map(|layer| layer.pytorch()).collect();
        assert_eq!(
            written,
            [
                "nn.Conv2d(1, 8, kernel_size=3, padding=1)",
                "nn.BatchNorm2d(8)",
                "nn.LeakyReLU(0.01)",
                "nn.MaxPool2d(2)",
                "nn.ConvTranspose2d(8, 4, kernel_size=(2, 3), stride=2, bias=False)",
                "nn.Flatten()",
                "nn.Unflatten(1, (8, 36))",
                "nn.GRU(36, 5, num_layers=2, bidirectional=True, batch_first=True)",
                "x[:, -1]",
                "nn.Linear(10, 3)",
                "nn.Softmax(dim=1)",
            ]
        );
    }
}
