//! Programs that return something else than a value. They are literals alone, so
//! that they break no rule of a pack about what may be used.

use crate::prepare::Prepared;
use gradien_problems::pack::{FunctionKind, OutputKind, Subtask};
use gradien_problems::proof::Junk;

/// 40 MB as float64: more than a result may have.
const TOO_MANY: usize = 5_000_000;

pub(super) fn list(function: &FunctionKind) -> Vec<Junk> {
    let mut junk = vec![Junk::Nothing, Junk::Text, Junk::Empty, Junk::Huge];
    // The first output is looked at first.
    let first = function
        .subtasks
        .first()
        .and_then(|one| one.outputs.first());
    match first.map(|output| output.kind) {
        // It has no shape, and any kind of value may stand in it.
        Some(OutputKind::Json) => {}
        Some(OutputKind::Float) => junk.extend([
            Junk::WrongShape,
            Junk::WrongKind,
            Junk::NotANumber,
            Junk::Infinite,
        ]),
        // Of whole numbers what is not finite would be the wrong kind and nothing else.
        _ => junk.extend([Junk::WrongShape, Junk::WrongKind]),
    }
    junk
}

/// Every function that the pack asks for returns the junk.
pub(super) fn function(function: &FunctionKind, prepared: &Prepared, junk: Junk) -> String {
    let mut source = String::new();
    for entry in function.entries() {
        let subtasks = function.subtasks.iter().zip(&prepared.subtasks);
        let mut subtasks = subtasks.filter(|(subtask, _)| subtask.entry == entry);
        let Some((subtask, cases)) = subtasks.next() else {
            continue;
        };
        let shapes = cases.first().map(|case| {
            let shapes = case.expected.iter().map(|array| array.shape.clone());
            shapes.collect::<Vec<_>>()
        });
        let values = values(subtask, &shapes.unwrap_or_default(), junk);
        let returned = match &values[..] {
            _ if matches!(junk, Junk::Nothing | Junk::Text) => whole(junk).to_owned(),
            [only] => only.clone(),
            values => format!("({})", values.join(", ")),
        };
        source.push_str(&format!(
            "def {entry}(*arguments, **named):\n    return {returned}\n\n"
        ));
    }
    source
}

/// A program that leaves the junk in the variables that are looked at.
pub(super) fn variables(function: &FunctionKind, prepared: &Prepared, junk: Junk) -> String {
    let Some((subtask, cases)) = function.subtasks.iter().zip(&prepared.subtasks).next() else {
        return String::new();
    };
    let shapes = cases.first().map(|case| {
        let shapes = case.expected.iter().map(|array| array.shape.clone());
        shapes.collect::<Vec<_>>()
    });
    let values = values(subtask, &shapes.unwrap_or_default(), junk);
    let lines = subtask.outputs.iter().zip(values).map(|(output, value)| {
        let value = match junk {
            Junk::Nothing | Junk::Text => whole(junk).to_owned(),
            _ => value,
        };
        format!("{} = {value}\n", output.name)
    });
    lines.collect()
}

fn whole(junk: Junk) -> &'static str {
    match junk {
        Junk::Nothing => "None",
        _ => "\"junk\"",
    }
}

/// One literal for each output.
fn values(subtask: &Subtask, shapes: &[Vec<usize>], junk: Junk) -> Vec<String> {
    let outputs = subtask.outputs.iter().enumerate();
    outputs
        .map(|(index, output)| {
            let shape = match output.kind {
                // It is kept as bytes, whose number says nothing.
                OutputKind::Json => &[],
                _ => shapes.get(index).map(Vec::as_slice).unwrap_or_default(),
            };
            let element = match (junk, output.kind) {
                (_, OutputKind::Json) => "0",
                (Junk::NotANumber, OutputKind::Float) => "1e999-1e999",
                (Junk::Infinite, OutputKind::Float) => "1e999",
                (Junk::WrongKind, OutputKind::Float) => "0",
                (Junk::WrongKind, _) => "0.5",
                (_, OutputKind::Float) => "0.0",
                (_, OutputKind::Integer) => "0",
                (_, OutputKind::Boolean) => "False",
            };
            match junk {
                Junk::Empty => "[]".into(),
                Junk::Huge => format!("[{element}] * {TOO_MANY}"),
                Junk::WrongShape => format!("[{}]", filled(shape, element)),
                _ => filled(shape, element),
            }
        })
        .collect()
}

/// Nested lists of this shape.
fn filled(shape: &[usize], element: &str) -> String {
    let shape = shape.iter().rev();
    shape.fold(element.to_owned(), |inner, extent| {
        format!("[{inner}] * {extent}")
    })
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn shapes_are_nested_lists() {
        assert_eq!(filled(&[], "0.0"), "0.0");
        assert_eq!(filled(&[2, 3], "0"), "[[0] * 3] * 2");
    }
}
