//! Structures of texts and numbers: what a function returned for `kind = "json"`.
//!
//! A JSON value stands among expected values as an array of bytes, the UTF-8 of its
//! text ([`to_array`], [`from_array`]): kept, hashed and compared like every other. It is
//! compared from the outside in, and the first place that differs is named as a program
//! would write it: `result["a"][2]`. Whole numbers and texts must be equal, floats
//! within the pack's tolerance; a whole number is good for a float, not the reverse.

use gradien_problems::message::{JsonFault, JsonKind};
use gradien_problems::pack::Tolerance;
use gradien_sandbox::array::{Array, DType, Named, Value};
use gradien_sandbox::job::{Container, Output};
use serde_json::{Map, Number, Value as Json};

/// Longest text of a value in a message.
const MAX_SHOWN_CHARS: usize = 80;

/// Where values differ, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub place: String,
    pub fault: JsonFault,
}

/// The whole of what a function returned, put together again.
///
/// # Errors
/// A number that is not finite.
pub fn of_outputs(container: Container, outputs: &[Output]) -> Result<Json, Difference> {
    let parts = outputs
        .iter()
        .map(|output| (output.key.as_deref().unwrap_or_default(), &output.value));
    whole(container, parts)
}

/// As [`of_outputs`], of what a reference returned.
pub fn of_named(container: Container, outputs: &[Named]) -> Result<Json, Difference> {
    whole(
        container,
        outputs.iter().map(|one| (one.name.as_str(), &one.value)),
    )
}

fn whole<'a>(
    container: Container,
    parts: impl Iterator<Item = (&'a str, &'a Value)>,
) -> Result<Json, Difference> {
    Ok(match container {
        Container::Single => match parts.last() {
            Some((_, value)) => of_value(value, ROOT)?,
            None => Json::Null,
        },
        Container::Tuple | Container::List => {
            let items = parts
                .enumerate()
                .map(|(index, (_, value))| of_value(value, &format!("{ROOT}[{index}]")));
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        Container::Dict => {
            let entries = parts
                .map(|(key, value)| Ok((key.to_owned(), of_value(value, &at_key(ROOT, key))?)));
            Json::Object(entries.collect::<Result<Map<_, _>, _>>()?)
        }
    })
}

/// What the whole is called in messages.
pub const ROOT: &str = "result";

/// Arrays become nested lists.
pub fn of_value(value: &Value, place: &str) -> Result<Json, Difference> {
    let array = match value {
        Value::Json(json) => return Ok(json.clone()),
        Value::Array(array) => array,
    };
    let numbers = array.to_f64_vec();
    if let Some(number) = numbers.iter().find(|number| !number.is_finite()) {
        return Err(Difference {
            place: place.to_owned(),
            fault: JsonFault::NotFinite {
                got: crate::show::float_text(*number),
            },
        });
    }
    let item = |index: usize| match array.dtype {
        DType::F64 | DType::F32 => {
            Number::from_f64(numbers[index]).map_or(Json::Null, Json::Number)
        }
        DType::Bool => Json::Bool(numbers[index] != 0.0),
        // Texts of numbers: float64 does not hold every whole number of 64 bits.
        DType::I64 | DType::I32 | DType::U8 => crate::show::element_text(array, index)
            .parse::<i64>()
            .map_or(Json::Null, Json::from),
    };
    let mut items: Vec<Json> = (0..array.count()).map(item).collect();
    for &extent in array.shape.iter().rev() {
        if extent == 0 {
            return Ok(Json::Array(Vec::new()));
        }
        let rows = items.chunks(extent);
        items = rows.map(|row| Json::Array(row.to_vec())).collect();
    }
    Ok(items.into_iter().next().unwrap_or(Json::Array(Vec::new())))
}

/// As it stands among expected values.
pub fn to_array(json: &Json) -> Array {
    let text = json.to_string();
    Array::from_u8(&[text.len()], text.as_bytes())
}

/// The reverse of [`to_array`]; `None` for bytes that are no JSON.
pub fn from_array(array: &Array) -> Option<Json> {
    serde_json::from_slice(&array.data).ok()
}

/// # Errors
/// The first difference, in the order of the expected value.
pub fn compare(
    place: &str,
    got: &Json,
    expected: &Json,
    tolerance: Tolerance,
) -> Result<(), Difference> {
    let differs = |fault| {
        Err(Difference {
            place: place.to_owned(),
            fault,
        })
    };
    match (got, expected) {
        (Json::Array(got), Json::Array(expected)) => {
            if got.len() != expected.len() {
                return differs(JsonFault::Length {
                    expected: expected.len(),
                    got: got.len(),
                });
            }
            let mut pairs = got.iter().zip(expected).enumerate();
            pairs.try_for_each(|(index, (got, expected))| {
                compare(&format!("{place}[{index}]"), got, expected, tolerance)
            })
        }
        (Json::Object(got), Json::Object(expected)) => {
            if let Some(key) = expected.keys().find(|key| !got.contains_key(*key)) {
                return differs(JsonFault::MissingKey { key: cut(key) });
            }
            if let Some(key) = got.keys().find(|key| !expected.contains_key(*key)) {
                return differs(JsonFault::UnexpectedKey { key: cut(key) });
            }
            expected.iter().try_for_each(|(key, expected)| {
                compare(&at_key(place, key), &got[key], expected, tolerance)
            })
        }
        _ if agrees(got, expected, tolerance) => Ok(()),
        _ => {
            let (got_kind, kind) = (kind_of(got), kind_of(expected));
            let whole_for_float = (got_kind, kind) == (JsonKind::Integer, JsonKind::Float);
            match got_kind == kind || whole_for_float {
                true => differs(JsonFault::Value {
                    expected: shown(expected),
                    got: shown(got),
                }),
                false => differs(JsonFault::Kind {
                    expected: kind,
                    got: got_kind,
                }),
            }
        }
    }
}

fn agrees(got: &Json, expected: &Json, tolerance: Tolerance) -> bool {
    match (got, expected) {
        (Json::Number(got), Json::Number(expected)) if expected.is_f64() => {
            let (Some(got), Some(expected)) = (got.as_f64(), expected.as_f64()) else {
                return false;
            };
            (got - expected).abs() <= tolerance.atol + tolerance.rtol * expected.abs()
        }
        _ => got == expected,
    }
}

fn kind_of(json: &Json) -> JsonKind {
    match json {
        Json::Null => JsonKind::None,
        Json::Bool(_) => JsonKind::Boolean,
        Json::Number(number) if number.is_f64() => JsonKind::Float,
        Json::Number(_) => JsonKind::Integer,
        Json::String(_) => JsonKind::Text,
        Json::Array(_) => JsonKind::List,
        Json::Object(_) => JsonKind::Dictionary,
    }
}

fn at_key(place: &str, key: &str) -> String {
    format!("{place}[{}]", Json::from(cut(key)))
}

fn shown(json: &Json) -> String {
    match json {
        Json::Null => "None".into(),
        Json::Bool(true) => "True".into(),
        Json::Bool(false) => "False".into(),
        other => cut(&other.to_string()),
    }
}

fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(MAX_SHOWN_CHARS).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TOLERANCE: Tolerance = Tolerance {
        rtol: 1e-5,
        atol: 1e-7,
    };

    fn said(got: Json, expected: Json) -> Option<(String, JsonFault)> {
        let compared = compare(ROOT, &got, &expected, TOLERANCE);
        compared.err().map(|one| (one.place, one.fault))
    }

    #[test]
    fn what_is_the_same_agrees() {
        for (got, expected) in [
            (
                json!({"a": [1, 2.0, "x"], "b": null}),
                json!({"b": null, "a": [1, 2.0, "x"]}),
            ),
            (json!([0.3000001]), json!([0.3])),
            (json!([2]), json!([2.0])),
            (json!({}), json!({})),
            (json!("é"), json!("é")),
        ] {
            assert_eq!(said(got.clone(), expected), None, "{got}");
        }
    }

    #[test]
    fn the_first_place_that_differs_is_named() {
        use JsonFault::{Kind, Length, MissingKey, UnexpectedKey, Value};
        let value = |expected: &str, got: &str| Value {
            expected: expected.into(),
            got: got.into(),
        };
        let kind = |expected, got| Kind { expected, got };
        for (got, expected, place, fault) in [
            (
                json!({"a": [1, 2, 3]}),
                json!({"a": [1, 2, 4]}),
                "result[\"a\"][2]",
                value("4", "3"),
            ),
            (
                json!([0.3, 0.31]),
                json!([0.3, 0.3]),
                "result[1]",
                value("0.3", "0.31"),
            ),
            (
                json!([[1], [2.0]]),
                json!([[1], [2]]),
                "result[1][0]",
                kind(JsonKind::Integer, JsonKind::Float),
            ),
            (
                json!([true]),
                json!([1]),
                "result[0]",
                kind(JsonKind::Integer, JsonKind::Boolean),
            ),
            (
                json!("1"),
                json!(1),
                "result",
                kind(JsonKind::Integer, JsonKind::Text),
            ),
            (
                json!([]),
                json!({}),
                "result",
                kind(JsonKind::Dictionary, JsonKind::List),
            ),
            (
                json!([1]),
                json!([1, 2]),
                "result",
                Length {
                    expected: 2,
                    got: 1,
                },
            ),
            (
                json!({"a": 1}),
                json!({"a": 2, "b": 1}),
                "result",
                MissingKey { key: "b".into() },
            ),
            (
                json!({"a": {"x": 1, "y": 1}}),
                json!({"a": {"x": 1}}),
                "result[\"a\"]",
                UnexpectedKey { key: "y".into() },
            ),
            (
                json!({"a\"]": null}),
                json!({"a\"]": false}),
                "result[\"a\\\"]\"]",
                kind(JsonKind::Boolean, JsonKind::None),
            ),
        ] {
            assert_eq!(
                said(got.clone(), expected),
                Some((place.to_owned(), fault)),
                "{got}"
            );
        }
    }

    #[test]
    fn what_was_taken_apart_comes_together_again() {
        let output = |key: Option<&str>, value: Value| Output {
            key: key.map(str::to_owned),
            value,
            type_name: String::new(),
        };
        let items = [
            output(Some("x"), Array::from_i64(&[2], &[1, i64::MAX]).into()),
            output(Some("y"), Value::Json(json!(["a"]))),
            output(Some("z"), Array::from_bool(&[], &[true]).into()),
        ];
        let dict = of_outputs(Container::Dict, &items).unwrap();
        assert_eq!(dict, json!({"x": [1, i64::MAX], "y": ["a"], "z": true}));
        let list = of_outputs(Container::Tuple, &items[1..]).unwrap();
        assert_eq!(list, json!([["a"], true]));
        let grid = Array::from_f64(&[2, 2], &[1.0, 2.0, 3.0, 0.5]);
        let single = of_outputs(Container::Single, &[output(None, grid.into())]).unwrap();
        assert_eq!(single, json!([[1.0, 2.0], [3.0, 0.5]]));
        let empty = output(None, Array::from_f64(&[0, 3], &[]).into());
        assert_eq!(of_outputs(Container::Single, &[empty]).unwrap(), json!([]));
        assert_eq!(of_outputs(Container::Dict, &[]).unwrap(), json!({}));
        let infinite = [output(Some("p"), Array::scalar_f64(f64::INFINITY).into())];
        let error = of_outputs(Container::Dict, &infinite).unwrap_err();
        assert_eq!(error.place, "result[\"p\"]");
        assert_eq!(from_array(&to_array(&dict)), Some(dict));
    }
}
