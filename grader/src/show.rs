//! Arrays as people look at them.

use crate::json;
use gradien_problems::pack::{OutputKind, Subtask};
use gradien_problems::shown::ShownValue;
pub use gradien_problems::shown::float_text;
use gradien_sandbox::array::{Array, DType, Named, Value};
use gradien_sandbox::job::Output;

/// Longest text of one element or JSON value that is shown.
const MAX_TEXT_CHARS: usize = 2_000;

pub fn show_named(named: &[Named]) -> Vec<ShownValue> {
    named
        .iter()
        .map(|one| show(Some(&one.name), &one.value, None))
        .collect()
}

/// Returned values; keys of a dictionary become names.
pub fn show_outputs(outputs: &[Output]) -> Vec<ShownValue> {
    outputs
        .iter()
        .map(|one| show(one.key.as_deref(), &one.value, Some(&one.type_name)))
        .collect()
}

/// Expected values, named where the function returns several; none where a checker
/// judges.
pub fn show_expected(subtask: &Subtask, expected: &[Array]) -> Vec<ShownValue> {
    if subtask.check.is_some() {
        return Vec::new();
    }
    let specs = &subtask.outputs;
    let several = specs.len() > 1;
    let named = specs.iter().zip(expected);
    named
        .map(|(spec, array)| {
            let value = match spec.kind {
                OutputKind::Json => Value::Json(json::from_array(array).unwrap_or_default()),
                _ => array.clone().into(),
            };
            show(several.then_some(spec.name.as_str()), &value, None)
        })
        .collect()
}

pub fn show(name: Option<&str>, value: &Value, type_name: Option<&str>) -> ShownValue {
    let name = name.map(cut);
    match value {
        Value::Array(array) => {
            let (elements, truncated) = elements(array);
            let dtype = array.dtype.name().to_owned();
            ShownValue {
                name,
                dtype,
                shape: array.shape.clone(),
                elements,
                truncated,
            }
        }
        Value::Json(json) => {
            let text = json.to_string();
            let shown = cut(&text);
            ShownValue {
                name,
                dtype: cut(type_name.unwrap_or("json")),
                shape: Vec::new(),
                truncated: shown.len() < text.len(),
                elements: vec![shown],
            }
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

fn elements(array: &Array) -> (Vec<String>, bool) {
    let shown = array.count().min(ShownValue::MAX_ELEMENTS);
    let texts = (0..shown).map(|index| element_text(array, index)).collect();
    (texts, shown < array.count())
}

/// One element so that it reads back to the same number, in Python's manner.
pub fn element_text(array: &Array, index: usize) -> String {
    let size = array.dtype.size_bytes();
    let Some(bytes) = array.data.get(index * size..(index + 1) * size) else {
        return String::new();
    };
    let wide = |bytes: &[u8]| {
        let mut buffer = [0; 8];
        buffer[..bytes.len()].copy_from_slice(bytes);
        buffer
    };
    let narrow = |bytes: &[u8]| [bytes[0], bytes[1], bytes[2], bytes[3]];
    match array.dtype {
        DType::F64 => float_text(f64::from_le_bytes(wide(bytes))),
        DType::F32 => {
            let value = f32::from_le_bytes(narrow(bytes));
            if value.is_finite() {
                format!("{value:?}")
            } else {
                float_text(value.into())
            }
        }
        DType::I64 => i64::from_le_bytes(wide(bytes)).to_string(),
        DType::I32 => i32::from_le_bytes(narrow(bytes)).to_string(),
        DType::U8 => bytes[0].to_string(),
        DType::Bool => if bytes[0] == 0 { "False" } else { "True" }.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_read_as_in_python() {
        for (array, text) in [
            (Array::scalar_f64(0.1), "0.1"),
            (Array::scalar_f64(f64::NAN), "nan"),
            (Array::scalar_f64(f64::NEG_INFINITY), "-inf"),
            (Array::scalar_f64(1e-7), "1e-7"),
            (Array::from_f32(&[], &[0.1]), "0.1"),
            (Array::scalar_i64(-3), "-3"),
            (Array::from_i32(&[], &[-3]), "-3"),
            (Array::from_bool(&[], &[true]), "True"),
            (Array::from_u8(&[], &[200]), "200"),
        ] {
            assert_eq!(element_text(&array, 0), text);
        }
    }

    #[test]
    fn large_arrays_and_texts_are_cut() {
        let shown = show(
            Some("x"),
            &Array::from_f64(&[1000], &[0.5; 1000]).into(),
            None,
        );
        assert!(shown.truncated && shown.elements.len() == ShownValue::MAX_ELEMENTS);
        let long = Value::Json(serde_json::json!("é".repeat(5000)));
        let shown = show(None, &long, Some("str"));
        assert!(shown.truncated && shown.dtype == "str");
    }
}
