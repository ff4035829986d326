//! Values as people look at them: samples, counterexamples, results of a run.

use serde::{Deserialize, Serialize};

/// A value with its name, ready to be shown as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownValue {
    /// The parameter's or output's name; `None` for the single result of a function.
    pub name: Option<String>,
    /// `float64`, `int64`, `bool`, …; for values that are no array their Python type.
    pub dtype: String,
    /// Empty for a scalar and for values that are no array.
    pub shape: Vec<usize>,
    /// The elements in C order, each as text that reads back to the same
    /// number; at most [`ShownValue::MAX_ELEMENTS`]. One element for a scalar
    /// or a JSON value.
    pub elements: Vec<String>,
    /// More elements exist than are kept here.
    pub truncated: bool,
}

impl ShownValue {
    pub const MAX_ELEMENTS: usize = 400;

    /// `float64 (2, 3)`, as NumPy would write the shape; only the dtype for a scalar.
    pub fn type_text(&self) -> String {
        if self.shape.is_empty() {
            self.dtype.clone()
        } else {
            format!("{} {}", self.dtype, shape_text(&self.shape))
        }
    }

    /// The elements as the rows of a table: a vector is one row, an array of
    /// more than two dimensions is folded to rows of its last.
    pub fn rows(&self) -> Vec<&[String]> {
        let width = self.shape.last().copied().unwrap_or(1).max(1);
        self.elements.chunks(width).collect()
    }
}

/// Shortest text that reads back to the same float64; `nan`, `inf`, `-inf`.
pub fn float_text(value: f64) -> String {
    if value.is_nan() {
        "nan".into()
    } else if value.is_infinite() {
        if value > 0.0 { "inf" } else { "-inf" }.into()
    } else {
        format!("{value:?}")
    }
}

/// A shape as NumPy prints it: `(3,)`, `(2, 3)`, `()`.
pub fn shape_text(shape: &[usize]) -> String {
    match shape {
        [one] => format!("({one},)"),
        _ => {
            let parts: Vec<String> = shape.iter().map(usize::to_string).collect();
            format!("({})", parts.join(", "))
        }
    }
}

/// The place of the element at `flat` (C order) in an array of this shape: `[1, 2]`.
pub fn index_text(flat: usize, shape: &[usize]) -> String {
    let mut rest = flat;
    let mut parts = vec![0; shape.len()];
    for (part, &extent) in parts.iter_mut().zip(shape).rev() {
        *part = rest % extent.max(1);
        rest /= extent.max(1);
    }
    let parts: Vec<String> = parts.iter().map(usize::to_string).collect();
    format!("[{}]", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_and_places_read_as_in_numpy() {
        assert_eq!(shape_text(&[]), "()");
        assert_eq!(shape_text(&[3]), "(3,)");
        assert_eq!(shape_text(&[2, 3]), "(2, 3)");
        assert_eq!(index_text(5, &[2, 3]), "[1, 2]");
        assert_eq!(index_text(0, &[]), "[]");
    }

    #[test]
    fn rows_follow_the_last_dimension() {
        let value = |shape: &[usize], n: usize| ShownValue {
            name: None,
            dtype: "float64".into(),
            shape: shape.to_vec(),
            elements: (0..n).map(|i| i.to_string()).collect(),
            truncated: false,
        };
        assert_eq!(value(&[2, 3], 6).rows().len(), 2);
        assert_eq!(value(&[4], 4).rows().len(), 1);
        assert_eq!(value(&[2, 2, 2], 8).rows().len(), 4);
        assert_eq!(value(&[], 1).rows(), [["0".to_owned()]]);
        assert_eq!(value(&[0], 0).rows().len(), 0);
    }
}
