//! In English.

use super::{Expected, InputForm, Quantity, Wrong, shape};
use crate::architecture::{MAX_LAYERS, MAX_SIZE};

pub fn text(what: &Wrong) -> String {
    match what {
        Wrong::Toml { line, detail } => format!("line {line} is no TOML: {detail}"),
        Wrong::NoLayers => "there is no layer; expected tables [[layers]]".into(),
        Wrong::TooManyLayers => format!("at most {MAX_LAYERS} layers are allowed"),
        Wrong::UnknownKind { kind, known } => {
            format!(
                "unknown kind “{kind}”; expected one of {}",
                known.join(", ")
            )
        }
        Wrong::KeyMissing { key } => format!("“{key}” is missing"),
        Wrong::UnknownKey { key, known } => {
            format!("unknown key “{key}”; this kind has {}", known.join(", "))
        }
        Wrong::BadValue { key, expected } => match expected {
            Expected::Text => format!("“{key}” must be a text in quotes"),
            Expected::Flag => format!("“{key}” must be true or false"),
            Expected::Integer => format!("“{key}” must be an integer"),
            Expected::Size { least } => {
                format!("“{key}” must be an integer from {least} to {MAX_SIZE}")
            }
            Expected::Number { low, high } => {
                format!("“{key}” must be a number from {low} to {high}")
            }
            Expected::Window { axes, least } => format!(
                "“{key}” must be an integer from {least} to {MAX_SIZE}, or a list of {axes}"
            ),
            Expected::Shape => format!("“{key}” must be a list of 1 to 8 lengths"),
            Expected::Axis { axes } => format!(
                "“{key}” must name one of the {axes} axes after the batch, from 0 or, from the end, from -1"
            ),
            Expected::OneOf { texts } => format!("“{key}” must be one of {}", texts.join(", ")),
        },
        Wrong::BadName => {
            "the name must have 1 to 64 letters, digits, points or underscores, and not be “input”"
                .into()
        }
        Wrong::NameTwice { name } => format!("the name “{name}” is taken by an earlier layer"),
        Wrong::NameUnknown { name, known } => format!(
            "there is no “{name}” before this layer; expected one of {}",
            known.join(", ")
        ),
        Wrong::Input { expected, got } => {
            let got = shape(got);
            match expected {
                InputForm::Channels { axes: 1 } => {
                    format!("expected (channels, length), got {got}")
                }
                InputForm::Channels { .. } => {
                    format!("expected (channels, height, width), got {got}")
                }
                InputForm::FeaturesOrSignal => {
                    format!("expected (features,) or (channels, length), got {got}")
                }
                InputForm::Sequence => format!("expected (steps, features), got {got}"),
                InputForm::Flat => {
                    format!("expected one axis, got {got}; a flatten may be missing")
                }
                InputForm::AtLeastOneAxis => "expected at least one axis, got a number".into(),
                InputForm::AtLeastAxes { axes } => {
                    format!("expected at least {axes} axes, got {got}")
                }
                InputForm::Ids => {
                    format!("it looks up integers, but what it is given are numbers of shape {got}")
                }
                InputForm::Numbers => format!(
                    "it is given integers of shape {got} that have no meaning as numbers; an embedding must come first"
                ),
            }
        }
        Wrong::Window { window, padded } => {
            format!("the kernel covers {window} but the axis with its padding has only {padded}")
        }
        Wrong::Nothing => "the padding leaves nothing of the output".into(),
        Wrong::PoolPadding { most } => {
            format!("the padding may be at most half of the kernel: {most}")
        }
        Wrong::OutputPadding { below } => {
            format!("output_padding must be less than stride or dilation: less than {below}")
        }
        Wrong::Groups {
            groups,
            inputs,
            outputs,
        } => format!("groups = {groups} must divide {inputs} input and {outputs} output channels"),
        Wrong::Elements { shape: to, length } => {
            format!("{length} elements do not fill {}", shape(to))
        }
        Wrong::AddShapes { name, theirs, ours } => format!(
            "“{name}” gives {}, which cannot be added to {}",
            shape(theirs),
            shape(ours)
        ),
        Wrong::TooLarge => "this is larger than any problem allows".into(),
        Wrong::OverCap {
            quantity,
            found,
            cap,
        } => {
            let what = match quantity {
                Quantity::Parameters => "parameters",
                Quantity::Flops => "floating-point operations for one example",
                Quantity::ActivationBytes => "bytes of activations for one example",
            };
            format!("the network has {found} {what}; at most {cap} are allowed")
        }
        Wrong::Output { expected, got } => format!(
            "the network gives {} for one example; the problem asks for {}",
            shape(got),
            shape(expected)
        ),
    }
}
