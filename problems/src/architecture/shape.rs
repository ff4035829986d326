//! The shape that a layer gives, for one example.

use super::MAX_SIZE;
use super::fault::{InputForm, Wrong};
use super::operation::Operation;

/// Elements of a shape.
///
/// # Errors
/// An axis longer than [`MAX_SIZE`], or more than 2³¹ elements.
pub fn count(shape: &[usize]) -> Result<u64, Wrong> {
    let product = shape.iter().try_fold(1u64, |product, &length| {
        let fits = (1..=MAX_SIZE).contains(&length);
        fits.then_some(product.checked_mul(length as u64)?)
    });
    product
        .filter(|&count| count <= 1 << 31)
        .ok_or(Wrong::TooLarge)
}

/// `input` is what the operation was read with.
pub fn output_of(operation: &Operation, input: &[usize]) -> Result<Vec<usize>, Wrong> {
    let needs = |expected: InputForm| Wrong::Input {
        expected,
        got: input.to_vec(),
    };
    let output = match operation {
        Operation::Convolution {
            outputs,
            kernel,
            stride,
            padding,
            dilation,
            output_padding,
            ..
        } => {
            let mut shape = vec![*outputs];
            for (axis, &length) in input[1..].iter().enumerate() {
                let (stride, padding) = (stride[axis], padding[axis]);
                let window = dilation[axis].saturating_mul(kernel[axis] - 1) + 1;
                shape.push(match output_padding {
                    None => slide(length, window, stride, padding)?,
                    // (L − 1)·stride − 2·padding + window + output_padding
                    Some(extra) => ((length - 1).saturating_mul(stride))
                        .saturating_add(window)
                        .saturating_add(extra[axis])
                        .checked_sub(2 * padding)
                        .filter(|&length| length > 0)
                        .ok_or(Wrong::Nothing)?,
                });
            }
            shape
        }
        Operation::Pool {
            kernel,
            stride,
            padding,
            ..
        } => {
            let axes = kernel.len();
            if input.len() != axes + 1 {
                return Err(needs(InputForm::Channels { axes }));
            }
            let mut shape = vec![input[0]];
            for (axis, &length) in input[1..].iter().enumerate() {
                shape.push(slide(length, kernel[axis], stride[axis], padding[axis])?);
            }
            shape
        }
        Operation::AdaptivePool { size, .. } => {
            let axes = size.len();
            if input.len() != axes + 1 {
                return Err(needs(InputForm::Channels { axes }));
            }
            std::iter::once(input[0])
                .chain(size.iter().copied())
                .collect()
        }
        Operation::Linear { outputs, .. } => {
            let rows = &input[..input.len() - 1];
            rows.iter().copied().chain([*outputs]).collect()
        }
        Operation::Embedding { width, .. } => input.iter().copied().chain([*width]).collect(),
        Operation::Recurrent {
            hidden,
            bidirectional,
            ..
        } => match input {
            [steps, _] => vec![*steps, hidden * (1 + usize::from(*bidirectional))],
            _ => return Err(needs(InputForm::Sequence)),
        },
        Operation::LastStep => match input {
            [_, features @ ..] if !features.is_empty() => features.to_vec(),
            _ => return Err(needs(InputForm::Sequence)),
        },
        Operation::Flatten => vec![count(input)? as usize],
        Operation::Unflatten { shape } => match input {
            [length] if count(shape)? == *length as u64 => shape.clone(),
            [length] => {
                return Err(Wrong::Elements {
                    shape: shape.clone(),
                    length: *length,
                });
            }
            _ => return Err(needs(InputForm::Flat)),
        },
        Operation::BatchNorm { .. }
        | Operation::LayerNorm { .. }
        | Operation::Activation(_)
        | Operation::Dropout
        | Operation::Add { .. } => input.to_vec(),
    };
    count(&output)?;
    Ok(output)
}

/// ⌊(L + 2·padding − window) / stride⌋ + 1
fn slide(length: usize, window: usize, stride: usize, padding: usize) -> Result<usize, Wrong> {
    let padded = length + 2 * padding;
    match padded.checked_sub(window) {
        Some(room) => Ok(room / stride + 1),
        None => Err(Wrong::Window { window, padded }),
    }
}
