//! The numbers that a problem gives, and the places of its texts where they stand.
//!
//! In a pack with variants, a text names a number instead of writing it:
//!
//! | in the text | becomes (LaTeX, for use between dollar signs) |
//! | --- | --- |
//! | `{{b}}` | a number; a vector as a row; a matrix |
//! | `{{x:column}}` | a vector as a column |
//! | `{{I[0,2]}}` | one element, counted from 0 |
//!
//! All elements of an input are written with as many decimals as the one that needs
//! most, so that a matrix looks like one.

use crate::ids::FieldName;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::ops::Range;

/// A number, vector or matrix that a problem gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Given {
    pub name: FieldName,
    /// `[]`, `[columns]` or `[rows, columns]`.
    pub shape: Vec<usize>,
    /// In C order.
    pub elements: Vec<f64>,
}

/// Nobody writes more decimals than this into a task for the hand.
const MAX_DECIMALS: usize = 12;

impl Given {
    /// As many decimals as every element needs to be read back.
    fn decimals(&self) -> usize {
        let exact = |decimals: &usize| {
            let decimals = *decimals;
            let written = |x: &f64| format!("{x:.decimals$}").parse() == Ok(*x);
            self.elements.iter().all(written)
        };
        (0..MAX_DECIMALS).find(exact).unwrap_or(MAX_DECIMALS)
    }

    /// The element at this flat index, in decimals that fit the others.
    fn element(&self, index: usize) -> String {
        let decimals = self.decimals();
        // No −0: a step can end there.
        let value = self.elements.get(index).copied().unwrap_or(0.0) + 0.0;
        format!("{value:.decimals$}")
    }

    /// LaTeX without dollar signs; `column`: a vector stands upright.
    pub fn latex(&self, column: bool) -> String {
        let width = match self.shape[..] {
            [] => return self.element(0),
            [_] if column => 1,
            _ => self.shape.last().copied().unwrap_or(1).max(1),
        };
        let mut latex = String::from("\\begin{bmatrix} ");
        for index in 0..self.elements.len() {
            if index > 0 {
                latex.push_str(if index % width == 0 { " \\\\ " } else { " & " });
            }
            latex.push_str(&self.element(index));
        }
        latex.push_str(" \\end{bmatrix}");
        latex
    }

    /// As a program would have it: `x = [0.5, 0.8]`.
    pub fn plain(&self) -> String {
        let element = |index: usize| self.element(index);
        let row = |range: Range<usize>| {
            let elements: Vec<String> = range.map(element).collect();
            format!("[{}]", elements.join(", "))
        };
        let value = match self.shape[..] {
            [] => element(0),
            [rows, columns] => {
                let rows = (0..rows).map(|at| row(at * columns..(at + 1) * columns));
                format!("[{}]", rows.collect::<Vec<_>>().join(", "))
            }
            _ => row(0..self.elements.len()),
        };
        format!("{} = {value}", self.name)
    }
}

/// The text with the numbers in their places. What names none stays as it stands:
/// [`list_faults`] tells it to the author.
pub fn fill(text: &str, given: &[Given]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut end = 0;
    for range in placeholders(text) {
        if let Ok(latex) = latex_of(content(text, &range), given) {
            let _ = write!(filled, "{}{latex}", &text[end..range.start]);
            end = range.end;
        }
    }
    filled.push_str(&text[end..]);
    filled
}

/// Placeholders that name nothing: their place in bytes and what is wrong.
pub fn list_faults(text: &str, given: &[Given]) -> Vec<(usize, String)> {
    let faults = placeholders(text).into_iter().filter_map(|range| {
        let fault = latex_of(content(text, &range), given).err()?;
        Some((range.start, fault))
    });
    faults.collect()
}

/// Whether the text shows this input, whole or in part.
pub fn names(text: &str, name: &FieldName) -> bool {
    let mut all = placeholders(text).into_iter();
    all.any(|range| split(content(text, &range)).is_some_and(|(known, _)| known == name.as_str()))
}

fn content<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    &text[range.start + 2..range.end - 2]
}

/// Where `{{`, a letter, and `}}` stand on one line.
fn placeholders(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|open| at + open) {
        let rest = &text[open + 2..];
        let close = rest.find("}}").filter(|&close| {
            rest.starts_with(|c: char| c.is_ascii_alphabetic())
                && !rest[..close].contains(['\n', '{', '}'])
        });
        at = match close {
            Some(close) => {
                found.push(open..open + 2 + close + 2);
                open + 2 + close + 2
            }
            // `{{{x}}}`: the braces that belong together are the inner ones.
            None => open + 1,
        };
    }
    found
}

/// The name and what follows it.
fn split(content: &str) -> Option<(&str, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = content.find(|c| !is_name(c)).unwrap_or(content.len());
    (end > 0).then(|| content.split_at(end))
}

fn latex_of(content: &str, given: &[Given]) -> Result<String, String> {
    let wrong = |what: String| format!("“{{{{{content}}}}}”: {what}");
    let (name, rest) = split(content).unwrap_or((content, ""));
    let known = given.iter().find(|one| one.name.as_str() == name);
    let Some(known) = known else {
        let names: Vec<&str> = given.iter().map(|one| one.name.as_str()).collect();
        return Err(wrong(format!(
            "there is no input “{name}”; expected one of: {}",
            names.join(", ")
        )));
    };
    if rest.is_empty() {
        return Ok(known.latex(false));
    }
    if rest == ":column" {
        return match known.shape.len() {
            1 => Ok(known.latex(true)),
            _ => Err(wrong("only a vector can stand as a column".into())),
        };
    }
    let inner = rest
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let index = inner.and_then(|inner| {
        let parts = inner.split(',').map(|part| part.trim().parse::<usize>());
        parts.collect::<Result<Vec<_>, _>>().ok()
    });
    let Some(index) = index else {
        return Err(wrong(format!(
            "expected {{{{{name}}}}}, {{{{{name}:column}}}} or an element such as {{{{{name}[0]}}}}"
        )));
    };
    let inside = index.len() == known.shape.len()
        && index
            .iter()
            .zip(&known.shape)
            .all(|(at, extent)| at < extent);
    if !inside {
        return Err(wrong(format!(
            "“{name}” has the shape {}",
            crate::shown::shape_text(&known.shape)
        )));
    }
    let pairs = index.iter().zip(&known.shape);
    let flat = pairs.fold(0, |flat, (at, extent)| flat * extent + at);
    Ok(known.element(flat))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, shape: &[usize], elements: &[f64]) -> Given {
        Given {
            name: name.parse().unwrap(),
            shape: shape.to_vec(),
            elements: elements.to_vec(),
        }
    }

    fn some() -> Vec<Given> {
        vec![
            given("x", &[2], &[0.5, -0.25]),
            given("I", &[2, 2], &[1.0, 2.0, -0.0, 10.0]),
            given("b2", &[], &[0.05]),
        ]
    }

    #[test]
    fn numbers_stand_where_they_are_named() {
        for (text, filled) in [
            (
                "$x = {{x}}$",
                "$x = \\begin{bmatrix} 0.50 & -0.25 \\end{bmatrix}$",
            ),
            (
                "${{x:column}}$",
                "$\\begin{bmatrix} 0.50 \\\\ -0.25 \\end{bmatrix}$",
            ),
            ("{{I}}", "\\begin{bmatrix} 1 & 2 \\\\ 0 & 10 \\end{bmatrix}"),
            ("{{I[1,1]}} {{I[1, 0]}} {{x[1]}}", "10 0 -0.25"),
            ("\\frac{{{b2}}}{2}", "\\frac{0.05}{2}"),
            (
                "no {{ place }} {here} {{\n}}",
                "no {{ place }} {here} {{\n}}",
            ),
            ("{{y}} and {{b2}}", "{{y}} and 0.05"),
            ("{{", "{{"),
        ] {
            assert_eq!(fill(text, &some()), filled);
        }
    }

    #[test]
    fn what_names_nothing_is_told_with_its_place() {
        for (text, part) in [
            ("a {{y}}", "no input “y”"),
            ("a {{x[2]}}", "shape (2,)"),
            ("a {{I[0]}}", "shape (2, 2)"),
            ("a {{I:column}}", "only a vector"),
            ("a {{x.0}}", "such as {{x[0]}}"),
            ("a {{x[}}", "such as {{x[0]}}"),
            ("a {{x[-1]}}", "such as {{x[0]}}"),
            ("a {{x[99999999999999999999]}}", "such as {{x[0]}}"),
        ] {
            let faults = list_faults(text, &some());
            assert_eq!(faults.len(), 1, "{text}");
            assert_eq!(faults[0].0, 2, "{text}");
            assert!(faults[0].1.contains(part), "{}", faults[0].1);
        }
        assert!(names("{{x[9]}}", &"x".parse().unwrap()));
        assert!(!names("{{x1}} x", &"x".parse().unwrap()));
    }

    #[test]
    fn values_read_as_a_program_would_have_them() {
        let plain: Vec<String> = some().iter().map(Given::plain).collect();
        assert_eq!(
            plain,
            ["x = [0.50, -0.25]", "I = [[1, 2], [0, 10]]", "b2 = 0.05"]
        );
    }
}
