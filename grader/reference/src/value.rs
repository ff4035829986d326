//! A pack's values to plain ones, and what a function returned to named outputs.

use gradien_grader::reference::{Checked, Fault, FaultKind, Precision, Returned};
use gradien_sandbox::array::{Array, Named, Value};
use gradien_sandbox::job::Container;
use serde_json::Value as Json;
use tch::Device;

use crate::node::Plain;
use crate::tensor;

/// Arrays become tensors on `device`; JSON keeps its form, whole numbers are integers.
pub fn to_plain(value: &Value, device: Device, precision: Precision) -> Result<Plain, Fault> {
    match value {
        Value::Array(array) => Ok(Plain::Tensor(tensor::from_array(array, device, precision)?)),
        Value::Json(json) => Ok(plain_of_json(json)),
    }
}

fn plain_of_json(json: &Json) -> Plain {
    match json {
        Json::Null => Plain::None,
        Json::Bool(value) => Plain::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Plain::Int(whole),
            // u64 beyond i64 has no integer in TorchScript either.
            None => Plain::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Plain::String(text.clone()),
        Json::Array(items) => Plain::List(items.iter().map(plain_of_json).collect()),
        Json::Object(entries) => Plain::Dict(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), plain_of_json(value)))
                .collect(),
        ),
    }
}

/// Flattens one level: a tuple, list or dictionary of values becomes one output each.
pub fn to_returned(plain: Plain, returns: &str) -> Result<Returned, Fault> {
    let (container, outputs) = match plain {
        // Named values in an order, as a trace gives them.
        Plain::List(items) if returns == "List[Tuple[str, Tensor]]" => {
            let named = items.into_iter().map(|pair| match pair {
                Plain::List(pair) => match <[Plain; 2]>::try_from(pair) {
                    Ok([Plain::String(name), item]) => to_named(name, item),
                    _ => Err(not_a_pair()),
                },
                _ => Err(not_a_pair()),
            });
            (Container::Dict, named.collect())
        }
        Plain::List(items) => {
            let container = if returns.starts_with("Tuple") {
                Container::Tuple
            } else {
                Container::List
            };
            let named = items.into_iter().enumerate();
            (
                container,
                named
                    .map(|(i, item)| to_named(i.to_string(), item))
                    .collect(),
            )
        }
        Plain::Dict(entries) => {
            let named = entries.into_iter().map(|(key, item)| to_named(key, item));
            (Container::Dict, named.collect())
        }
        single => (
            Container::Single,
            to_named(String::new(), single).map(|named| vec![named]),
        ),
    };
    Ok(Returned {
        container,
        outputs: outputs?,
    })
}

fn not_a_pair() -> Fault {
    let text = "the function returned a list with something that is no pair of name and tensor";
    Fault::new(FaultKind::BadResult, text)
}

fn to_named(name: String, plain: Plain) -> Result<Named, Fault> {
    Ok(Named {
        name,
        value: to_value(plain)?,
    })
}

fn to_value(plain: Plain) -> Result<Value, Fault> {
    match plain {
        Plain::Tensor(tensor) => tensor::to_array(&tensor).map(Value::Array),
        Plain::Float(value) => Ok(Array::scalar_f64(value).into()),
        Plain::Int(value) => Ok(Array::scalar_i64(value).into()),
        Plain::Bool(value) => Ok(Array::from_bool(&[], &[value]).into()),
        Plain::None => Err(Fault::new(
            FaultKind::BadResult,
            "the function returned None",
        )),
        other => to_json(other).map(Value::Json),
    }
}

/// Texts, and lists and dictionaries further down. JSON has no infinity and no
/// arrays, so a structure that holds one is refused.
fn to_json(plain: Plain) -> Result<Json, Fault> {
    let refused = |what: &str| {
        Err(Fault::new(
            FaultKind::BadResult,
            format!("the function returned {what}"),
        ))
    };
    Ok(match plain {
        Plain::None => Json::Null,
        Plain::Bool(value) => value.into(),
        Plain::Int(value) => value.into(),
        Plain::Float(value) => match serde_json::Number::from_f64(value) {
            Some(number) => Json::Number(number),
            None => return refused("a list or dictionary that holds an infinite number or NaN"),
        },
        Plain::String(text) => text.into(),
        Plain::Tensor(_) => return refused("a tensor inside a nested structure"),
        Plain::List(items) => {
            Json::Array(items.into_iter().map(to_json).collect::<Result<_, _>>()?)
        }
        Plain::Dict(entries) => {
            let entries = entries
                .into_iter()
                .map(|(key, item)| Ok((key, to_json(item)?)));
            Json::Object(entries.collect::<Result<_, Fault>>()?)
        }
    })
}

/// Reads `(points, message)`.
pub fn to_checked(plain: Plain) -> Result<Checked, Fault> {
    let wrong = || {
        let text = "a checker must return (points, message): a number and a text";
        Fault::new(FaultKind::BadResult, text)
    };
    let Plain::List(items) = plain else {
        return Err(wrong());
    };
    let [points, Plain::String(message)] = <[Plain; 2]>::try_from(items).map_err(|_| wrong())?
    else {
        return Err(wrong());
    };
    let points = match points {
        Plain::Float(points) => points,
        Plain::Int(points) => points as f64,
        Plain::Bool(points) => f64::from(u8::from(points)),
        Plain::Tensor(tensor) => match tensor::to_array(&tensor)?.to_f64_vec()[..] {
            [points] => points,
            _ => return Err(wrong()),
        },
        _ => return Err(wrong()),
    };
    if !points.is_finite() {
        return Err(Fault::new(
            FaultKind::BadResult,
            format!("the checker gave {points} points"),
        ));
    }
    Ok(Checked { points, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_keeps_its_form() {
        let json = Value::Json(json!({"n": [1, 2.5, null, true, "é"]}));
        let plain = to_plain(&json, Device::Cpu, Precision::Double).unwrap();
        let Some(Plain::List(items)) = plain.find("n") else {
            panic!("{plain:?}")
        };
        assert_eq!(
            format!("{items:?}"),
            r#"[Int(1), Float(2.5), None, Bool(true), String("é")]"#
        );
    }

    #[test]
    fn results_are_flattened_one_level() {
        let tuple = Plain::List(vec![
            Plain::Float(1.5),
            Plain::List(vec![Plain::Int(1), Plain::None]),
        ]);
        let returned = to_returned(tuple, "Tuple[float, List[int]]").unwrap();
        assert_eq!(returned.container, Container::Tuple);
        assert_eq!(returned.outputs[0].name, "0");
        assert_eq!(returned.outputs[0].value, Array::scalar_f64(1.5).into());
        assert_eq!(returned.outputs[1].value, Value::Json(json!([1, null])));
        let pair = |name: &str| {
            let tensor = Plain::Tensor(tch::Tensor::from_slice(&[0.5]));
            Plain::List(vec![Plain::String(name.into()), tensor])
        };
        let steps = Plain::List(vec![pair("z"), pair("a")]);
        let returned = to_returned(steps, "List[Tuple[str, Tensor]]").unwrap();
        let names: Vec<&str> = returned.outputs.iter().map(|one| &*one.name).collect();
        assert_eq!(
            (returned.container, names),
            (Container::Dict, vec!["z", "a"])
        );
        let single = to_returned(Plain::String("a".into()), "str").unwrap();
        assert_eq!(
            (single.container, &*single.outputs[0].name),
            (Container::Single, "")
        );
        assert!(to_returned(Plain::None, "NoneType").is_err());
        let nested = Plain::List(vec![Plain::List(vec![Plain::Float(f64::NAN)])]);
        assert_eq!(
            to_returned(nested, "List").unwrap_err().kind,
            FaultKind::BadResult
        );
    }

    #[test]
    fn checkers_give_points_and_a_message() {
        let pair = |points| Plain::List(vec![points, Plain::String("ok".into())]);
        assert_eq!(to_checked(pair(Plain::Int(1))).unwrap().points, 1.0);
        let half = Plain::Tensor(tch::Tensor::from_slice(&[0.5]));
        assert_eq!(to_checked(pair(half)).unwrap().points, 0.5);
        assert!(to_checked(pair(Plain::Float(f64::NAN))).is_err());
        assert!(to_checked(Plain::Float(1.0)).is_err());
        assert!(to_checked(Plain::List(vec![Plain::Int(1), Plain::Int(1)])).is_err());
    }
}
