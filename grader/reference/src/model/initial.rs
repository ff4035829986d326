//! Whether a network was ever trained: the bounds of what PyTorch starts with.
//!
//! Sources: `reset_parameters` of `torch.nn`. Linear layers and convolutions draw
//! weights and biases from U(±1/√k), where k counts the inputs of one unit (the
//! second axis of the weight and its window); recurrent layers from U(±1/√hidden).
//! Normalisations start as they are without parameters. Embeddings draw from a
//! normal distribution, which has no bounds.

use gradien_problems::architecture::{Architecture, Operation, Parameter};

/// float32 rounds a bound by half a unit in its last place.
const ROUNDING: f64 = 1e-6;

/// Whether values from `low` to `high` are what this parameter may start with.
/// `None`: any may.
pub fn find_initial(
    network: &Architecture,
    parameter: &Parameter,
    low: f64,
    high: f64,
) -> Option<bool> {
    let (name, suffix) = parameter.name.rsplit_once('.')?;
    let layer = network.layers.iter().find(|layer| layer.name == name)?;
    let bounded = |count: usize| {
        let bound = (1.0 / (count.max(1) as f64).sqrt()) * (1.0 + ROUNDING);
        Some(low >= -bound && high <= bound)
    };
    match &layer.operation {
        Operation::Linear { inputs, .. } => bounded(*inputs),
        Operation::Convolution {
            inputs,
            outputs,
            kernel,
            groups,
            output_padding,
            ..
        } => {
            let axis = match output_padding {
                None => inputs / groups,
                Some(_) => outputs / groups,
            };
            bounded(axis * kernel.iter().product::<usize>())
        }
        Operation::Recurrent { hidden, .. } => bounded(*hidden),
        Operation::BatchNorm { .. } | Operation::LayerNorm { .. } => {
            let start = match suffix {
                "weight" | "running_var" => 1.0,
                _ => 0.0,
            };
            Some(low == start && high == start)
        }
        _ => None,
    }
}
