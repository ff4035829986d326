//! The messages in English.

use super::{
    BadReturn, Container, Message, NumberKind, PrecisionLoss, json, kibibytes, mebibytes,
    of_output, quoted, rule, traceback,
};
use crate::language::Language;
use crate::shown::shape_text;

pub(super) fn text(message: &Message) -> String {
    match message {
        Message::SyntaxError { detail, line, text } => {
            let place = line
                .map(|line| format!(" on line {line}"))
                .unwrap_or_default();
            let source = if text.is_empty() {
                String::new()
            } else {
                format!("\n    {text}")
            };
            format!("Python cannot read the program: {detail}{place}.{source}")
        }
        Message::FunctionMissing { function, defined } if defined.is_empty() => {
            format!(
                "There is no function `{function}`, nor any other. Define it with `def {function}(…):`."
            )
        }
        Message::FunctionMissing { function, defined } => format!(
            "There is no function `{function}`. Defined are: `{}`. Is the name spelled as asked?",
            defined.join("`, `")
        ),
        Message::Exception {
            kind,
            detail,
            frames,
        } => {
            let detail = if detail.is_empty() {
                String::new()
            } else {
                format!(": {detail}")
            };
            format!("{kind}{detail}{}", traceback(frames, "line"))
        }
        Message::OutOfFuel { limit } => format!(
            "The program took more than {limit} steps. Is there a loop that does not end, or one over elements that NumPy could do at once?"
        ),
        Message::WallLimit { limit_ms } => format!(
            "The program did not end within {} s of real time, alone on the machine.",
            limit_ms / 1000
        ),
        Message::OutOfMemory { limit_bytes } => format!(
            "The program asked for more than {} MiB of memory.",
            mebibytes(*limit_bytes)
        ),
        Message::OutputLimit { limit_bytes } => format!(
            "The program printed more than {} KiB. Printed text is not graded: print less.",
            kibibytes(*limit_bytes)
        ),
        Message::RulesBroken { places } => rule::english(places),
        Message::NotLookedThrough => {
            "This problem forbids some functions, and the program is too long or too deeply nested to be looked through for them. Make it shorter.".into()
        }
        Message::Exited => {
            "The program ended itself instead of returning. Leave out `exit()` and the like.".into()
        }
        Message::InterpreterCrashed => {
            "The program brought the Python interpreter itself down. Structures nested thousands deep and arrays whose shape or strides were set by hand do that.".into()
        }
        Message::ReturnedNothing { function } => {
            format!("`{function}` returned `None`. Is a `return` missing on some way through it?")
        }
        Message::BadReturn { type_name, reason } => match reason {
            BadReturn::ObjectDtype => format!(
                "An array of Python objects was returned (`{type_name}`). Do all rows have the same length? An array of numbers is expected."
            ),
            BadReturn::UnsupportedType => {
                format!(
                    "A value of type `{type_name}` was returned, which is none of those that can be graded: numbers, arrays of numbers, texts, and plain lists, tuples and dictionaries (with texts as keys)."
                )
            }
            BadReturn::TooLarge => "The returned value is too large.".into(),
            BadReturn::Malformed => {
                format!("The returned value of type `{type_name}` cannot be read as numbers.")
            }
        },
        Message::WrongJson { place, fault } => json::english(place, fault),
        Message::WrongContainer { expected, got } => {
            format!(
                "Expected {}, got {}.",
                container(*expected),
                container(*got)
            )
        }
        Message::WrongShape {
            output,
            expected,
            got,
        } => format!(
            "{}the shape is {}, expected {}.",
            of_output(output),
            shape_text(got),
            shape_text(expected)
        ),
        Message::WrongKind {
            output,
            expected,
            got,
        } => {
            let expected = match expected {
                NumberKind::Float => "floating-point numbers",
                NumberKind::Integer => "integers",
                NumberKind::Boolean => "booleans",
            };
            format!(
                "{}the dtype is {got}, expected {expected}.",
                of_output(output)
            )
        }
        Message::NotFinite {
            output,
            place,
            value,
        } => format!(
            "{}the value at {place} is {value}. Is something divided by zero, or an exponential too large?",
            of_output(output)
        ),
        Message::WrongValues {
            output,
            wrong,
            total,
            place,
            got,
            expected,
        } => format!(
            "{}{wrong} of {total} values are wrong; the worst at {place}: got {got}, expected {expected}.",
            of_output(output)
        ),
        Message::LessPrecise {
            output,
            wrong,
            total,
            place,
            got,
            expected,
            tolerance,
            cause,
        } => format!(
            "{}{wrong} of {total} values are less precise than asked ({tolerance}); the worst at {place}: got {got}, expected {expected}. {}",
            of_output(output),
            match cause {
                Some(PrecisionLoss::Rounded { decimals }) => format!(
                    "They are the right ones rounded to {decimals} decimals: return them unrounded."
                ),
                Some(PrecisionLoss::Float32) =>
                    "They are right for float32: compute in float64.".to_owned(),
                None =>
                    "Is something rounded on the way, or computed in float32?".to_owned(),
            }
        ),
        Message::CellEmpty => "Nothing is entered here.".into(),
        Message::CellNotANumber { typed } => {
            format!("“{typed}” is not a number. Write for example `0.647`, `0,647`, `-1.2e-3`, a fraction `3/7`, or an expression such as `1/(1+exp(-0.6))`.")
        }
        Message::CellThousandsSeparator { typed } => format!(
            "“{typed}” has more than one separator. Write numbers without thousands separators."
        ),
        Message::CellNotFinite { typed } => format!("“{typed}” is not a finite number."),
        Message::CellTooLong => "This is too long for a number.".into(),
        Message::CellWrong => "This value is wrong.".into(),
        Message::CellNotWhole { typed } => {
            format!("“{typed}” is no whole number; here one is asked for.")
        }
        Message::CellNotAShape { typed } => format!(
            "“{typed}” is no shape. Write it as NumPy does: `(32, 10)`, and one axis as `(10,)`."
        ),
        Message::CellNotAnOption { typed } => {
            format!("“{typed}” is none of the options. Choose one in the form.")
        }
        Message::CellWithheld => {
            "Shown, and its points given, when everything else is right too.".into()
        }
        Message::CellUnknownName { typed, name } => format!(
            "“{typed}” cannot be computed: `{name}` is not known here. There are `exp`, `log`, `sqrt`, `tanh`, `sigmoid`, `relu`, `abs`, `sin`, `cos`, `pi` and `e`."
        ),
        Message::CellCarried { from } if from.is_empty() => {
            "Right from your rows above: it follows from your own earlier values.".into()
        }
        Message::CellCarried { from } => format!(
            "Right from your {}: it follows from your own earlier value.",
            quoted(from)
        ),
        Message::CellLessPrecise { decimals } => format!(
            "Nearly: the value is less precise than asked. Give {decimals} decimals and keep more in between."
        ),
        Message::FieldShape { expected, got } => format!(
            "The field has shape {}, expected {}.",
            shape_text(got),
            shape_text(expected)
        ),
        Message::InputMissing { input } => {
            format!(
                "Your own input does not set `{input}`. Assign every parameter, for example `{input} = …`."
            )
        }
        Message::VariableMissing { variable } => format!(
            "The notebook leaves no variable `{variable}`. Assign your result to it."
        ),
        Message::FileFaults { name, faults, more } => format!(
            "{} cannot be read as asked. The attempt does not count.{}",
            format_args!("“{name}”"),
            super::file::list(faults, *more, Language::En)
        ),
        Message::Network { what } => what.text(Language::En),
        Message::Flaw { text, .. } | Message::Checked { text } => text.en.clone(),
        Message::JudgeError { incident } => format!(
            "Something went wrong on our side, not in your submission. The attempt does not count; the staff has been told (incident {incident})."
        ),
    }
}

fn container(container: Container) -> String {
    match container {
        Container::Single => "a single value".into(),
        Container::Tuple { length } => format!("a tuple of {length} values"),
        Container::Dict { length } => format!("a dictionary with {length} entries"),
    }
}
