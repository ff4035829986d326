//! What a network costs, from its shapes alone.
//!
//! Floating-point operations are counted for one example. A multiply-add counts
//! two, a bias, an activation, a normalisation and an addition one for each
//! element, a pooling window one for each element that it covers, and a gate of a
//! recurrent cell is two matrix products and the same elementwise work for every
//! step. Activation memory is the largest sum of what must be there at once in
//! float32: a layer's input, its output, and every earlier output that a later
//! `add` still needs. Scratch space of libtorch is not counted.

use super::Architecture;
use super::fault::{ArchitectureFault, Quantity, Wrong};
use super::operation::Operation;
use super::parameters::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Learned ones; running statistics are not counted, as in PyTorch.
    pub parameters: u64,
    /// For one example.
    pub flops: u64,
    /// For one example.
    pub activation_bytes: u64,
}

/// What a pack allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// Learned ones.
    pub parameters: u64,
    /// Floating-point operations for one example; a multiply-add counts two.
    pub flops: u64,
    /// What must be kept at once for one example, in float32.
    pub activation_bytes: u64,
}

impl Architecture {
    /// Sizes that exceed 64 bits count as the largest number.
    pub fn cost(&self) -> Cost {
        let learned = self.parameters().into_iter();
        let learned = learned.filter(|parameter| parameter.role == Role::Learned);
        Cost {
            parameters: sum(learned.map(|parameter| product(&parameter.shape))),
            flops: sum(self
                .layers
                .iter()
                .map(|layer| flops(&layer.operation, &layer.input, &layer.output))),
            activation_bytes: self.peak_elements().saturating_mul(4),
        }
    }

    /// # Errors
    /// The first quantity that is over its cap.
    pub fn check_caps(&self, caps: &Caps) -> Result<Cost, ArchitectureFault> {
        let cost = self.cost();
        for (quantity, found, cap) in [
            (Quantity::Parameters, cost.parameters, caps.parameters),
            (Quantity::Flops, cost.flops, caps.flops),
            (
                Quantity::ActivationBytes,
                cost.activation_bytes,
                caps.activation_bytes,
            ),
        ] {
            if found > cap {
                return Err(Wrong::OverCap {
                    quantity,
                    found,
                    cap,
                }
                .into());
            }
        }
        Ok(cost)
    }

    fn peak_elements(&self) -> u64 {
        let last_use = |kept: Option<usize>| {
            let uses = self.layers.iter().rposition(
                |layer| matches!(layer.operation, Operation::Add { layer } if layer == kept),
            );
            uses.unwrap_or(0)
        };
        let peaks = self.layers.iter().enumerate().map(|(position, layer)| {
            // The layer before gives this one's input: not twice.
            let earlier = (0..position.saturating_sub(1))
                .filter(|&kept| last_use(Some(kept)) >= position)
                .map(|kept| product(&self.layers[kept].output));
            let input =
                (position > 0 && last_use(None) >= position).then(|| product(&self.input.shape));
            let here = [product(&layer.input), product(&layer.output)];
            sum(earlier.chain(input).chain(here))
        });
        peaks.max().unwrap_or(0)
    }
}

fn flops(operation: &Operation, input: &[usize], output: &[usize]) -> u64 {
    let (ins, outs) = (product(input), product(output));
    let times = |a: u64, b: u64| a.saturating_mul(b);
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
            let window = product(kernel);
            // Each output gathers, or with a transposed one each input scatters.
            let products = match output_padding {
                None => times(times(outs, (inputs / groups) as u64), window),
                Some(_) => times(times(ins, (outputs / groups) as u64), window),
            };
            times(2, products).saturating_add(if *bias { outs } else { 0 })
        }
        Operation::Linear { inputs, bias, .. } => {
            times(2, times(outs, *inputs as u64)).saturating_add(if *bias { outs } else { 0 })
        }
        Operation::Pool { kernel, .. } => times(outs, product(kernel)),
        Operation::AdaptivePool { .. } => ins.max(outs),
        Operation::Recurrent {
            cell,
            inputs,
            hidden,
            layers,
            bidirectional,
            ..
        } => {
            let directions = 1 + u64::from(*bidirectional);
            let rows = times((cell.gates() * hidden) as u64, directions);
            let first = (inputs + hidden) as u64;
            let deeper = (*hidden as u64).saturating_mul(directions + 1);
            let widths = first.saturating_add(times(deeper, *layers as u64 - 1));
            let elementwise = times(times(rows, *layers as u64), 4);
            let step = times(2, times(rows, widths)).saturating_add(elementwise);
            times(step, input[0] as u64)
        }
        Operation::BatchNorm { .. }
        | Operation::LayerNorm { .. }
        | Operation::Activation(_)
        | Operation::Add { .. } => outs,
        Operation::Embedding { .. }
        | Operation::Dropout
        | Operation::Flatten
        | Operation::Unflatten { .. }
        | Operation::LastStep => 0,
    }
}

fn product(shape: &[usize]) -> u64 {
    let lengths = shape.iter().map(|&length| length as u64);
    lengths.fold(1, u64::saturating_mul)
}

fn sum(parts: impl Iterator<Item = u64>) -> u64 {
    parts.fold(0, u64::saturating_add)
}
