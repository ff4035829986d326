//! What must stand in a file of weights.

use super::Architecture;
use super::operation::Operation;

/// One tensor of the `state_dict()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// `0.weight`, `encoder.weight_ih_l0_reverse`.
    pub name: String,
    pub shape: Vec<usize>,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Counted as a parameter.
    Learned,
    /// A running statistic: must be there, is not counted.
    Statistic,
    /// `num_batches_tracked`: an integer that evaluation does not use; may be absent.
    Ignored,
}

impl Architecture {
    /// In the order of `state_dict()`.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for layer in &self.layers {
            let mut push = |suffix: &str, shape: Vec<usize>, role: Role| {
                let name = format!("{}.{suffix}", layer.name);
                parameters.push(Parameter { name, shape, role });
            };
            list(&layer.operation, &mut push);
        }
        parameters
    }
}

/// Parameters of one layer: suffix, shape, role.
fn list(operation: &Operation, push: &mut dyn FnMut(&str, Vec<usize>, Role)) {
    match operation {
        Operation::Convolution {
            inputs,
            outputs,
            kernel,
            groups,
            bias,
            output_padding,
            ..
        } => {
            // A transposed convolution has its input channels first.
            let mut shape = match output_padding {
                None => vec![*outputs, inputs / groups],
                Some(_) => vec![*inputs, outputs / groups],
            };
            shape.extend(kernel);
            push("weight", shape, Role::Learned);
            if *bias {
                push("bias", vec![*outputs], Role::Learned);
            }
        }
        Operation::BatchNorm {
            channels, affine, ..
        } => {
            if *affine {
                push("weight", vec![*channels], Role::Learned);
                push("bias", vec![*channels], Role::Learned);
            }
            push("running_mean", vec![*channels], Role::Statistic);
            push("running_var", vec![*channels], Role::Statistic);
            push("num_batches_tracked", Vec::new(), Role::Ignored);
        }
        Operation::LayerNorm { shape, affine, .. } if *affine => {
            push("weight", shape.clone(), Role::Learned);
            push("bias", shape.clone(), Role::Learned);
        }
        Operation::Linear {
            inputs,
            outputs,
            bias,
        } => {
            push("weight", vec![*outputs, *inputs], Role::Learned);
            if *bias {
                push("bias", vec![*outputs], Role::Learned);
            }
        }
        Operation::Embedding { count, width } => {
            push("weight", vec![*count, *width], Role::Learned);
        }
        Operation::Recurrent {
            cell,
            inputs,
            hidden,
            layers,
            bidirectional,
            bias,
        } => {
            let rows = cell.gates() * hidden;
            let directions: &[&str] = if *bidirectional {
                &["", "_reverse"]
            } else {
                &[""]
            };
            for layer in 0..*layers {
                let inputs = match layer {
                    0 => *inputs,
                    _ => hidden * directions.len(),
                };
                for direction in directions {
                    let end = format!("l{layer}{direction}");
                    push(
                        &format!("weight_ih_{end}"),
                        vec![rows, inputs],
                        Role::Learned,
                    );
                    push(
                        &format!("weight_hh_{end}"),
                        vec![rows, *hidden],
                        Role::Learned,
                    );
                    if *bias {
                        push(&format!("bias_ih_{end}"), vec![rows], Role::Learned);
                        push(&format!("bias_hh_{end}"), vec![rows], Role::Learned);
                    }
                }
            }
        }
        Operation::LayerNorm { .. }
        | Operation::Pool { .. }
        | Operation::AdaptivePool { .. }
        | Operation::Activation(_)
        | Operation::Dropout
        | Operation::Flatten
        | Operation::Unflatten { .. }
        | Operation::LastStep
        | Operation::Add { .. } => {}
    }
}
