//! Inputs: a fixed value, or a shape and a distribution to draw from.

use crate::pack::error::PackError;
use crate::pack::files::Text;
use crate::pack::function_kind::{Distribution, Input, InputDType, InputValue};
use crate::pack::manifest::{ExtentToml, InputToml};
use crate::pack::shape::Extent;
use toml::Spanned;

pub(super) fn input(text: &Text, input: Spanned<InputToml>) -> Result<Input, PackError> {
    let (at, input) = (input.span().start, input.into_inner());
    let fail = |what: String| text.invalid(Some(at), format!("input “{}”: {what}", input.name));
    if let Some(value) = json_input(&input).map_err(fail)? {
        return Ok(Input {
            name: input.name,
            dtype: input.dtype,
            value,
            varies: None,
        });
    }
    let distribution = match (input.uniform, input.normal, input.integers) {
        (Some([low, high]), None, None) if low < high => Some(Distribution::Uniform { low, high }),
        (None, Some([mean, std]), None) if std > 0.0 => Some(Distribution::Normal { mean, std }),
        (None, None, Some([low, high])) if low <= high => {
            Some(Distribution::Integers { low, high })
        }
        (None, None, None) => None,
        _ => {
            let what = "expected one of uniform = [low, high], normal = [mean, std], integers = [low, high]";
            return Err(fail(what.into()));
        }
    };
    let value = match (input.value, input.shape, distribution) {
        (Some(value), None, None) => {
            let (shape, elements) = fixed(&value).map_err(fail)?;
            InputValue::Fixed { shape, elements }
        }
        (None, Some(shape), Some(distribution)) => InputValue::Drawn {
            shape: extents(&shape).map_err(fail)?,
            distribution,
        },
        _ => {
            return Err(fail(
                "expected either a value, or a shape and a distribution".into(),
            ));
        }
    };
    let whole = match &value {
        InputValue::Fixed { elements, .. } => elements.iter().all(|x| x.fract() == 0.0),
        InputValue::Drawn { distribution, .. } => {
            matches!(distribution, Distribution::Integers { .. })
        }
        InputValue::Json(_) | InputValue::OneOf(_) | InputValue::ListOf { .. } => true,
    };
    if !whole && matches!(input.dtype, InputDType::Int64 | InputDType::Bool) {
        return Err(fail("an integer or boolean input needs integers".into()));
    }
    let varies = match &input.varies {
        None => None,
        Some(_) if !matches!(value, InputValue::Fixed { .. }) => {
            return Err(fail("varies stands beside a value".into()));
        }
        Some(varies) => Some(varies.values().map_err(fail)?),
    };
    let mut drawn = varies.iter().flatten();
    if matches!(input.dtype, InputDType::Int64 | InputDType::Bool)
        && drawn.any(|value| value.fract() != 0.0)
    {
        return Err(fail("an integer or boolean input needs integers".into()));
    }
    Ok(Input {
        name: input.name,
        dtype: input.dtype,
        value,
        varies,
    })
}

/// `json`, `one_of` or `list_of`, if the input has one of them.
fn json_input(input: &InputToml) -> Result<Option<InputValue>, String> {
    let given = [
        input.json.is_some(),
        input.one_of.is_some(),
        input.list_of.is_some(),
    ];
    let of_numbers = input.value.is_some()
        || input.varies.is_some()
        || input.uniform.is_some()
        || input.normal.is_some()
        || input.integers.is_some();
    match given.into_iter().filter(|&given| given).count() {
        0 => return Ok(None),
        1 if !of_numbers => {}
        _ => return Err("expected one of value, json, one_of, list_of and a distribution".into()),
    }
    if input.list_of.is_none() && input.shape.is_some() {
        return Err("json and one_of have no shape".into());
    }
    let json = |value: &toml::Value| -> Result<serde_json::Value, String> {
        let json = serde_json::to_value(value);
        json.map_err(|_| "a value cannot be given to a program".into())
    };
    let all = |values: &[toml::Value]| -> Result<Vec<serde_json::Value>, String> {
        match values {
            [] => Err("there must be something to draw from".into()),
            values => values.iter().map(json).collect(),
        }
    };
    Ok(Some(match (&input.json, &input.one_of, &input.list_of) {
        (Some(value), _, _) => InputValue::Json(json(value)?),
        (_, Some(values), _) => InputValue::OneOf(all(values)?),
        (_, _, Some(values)) => match input.shape.as_deref().map(extents).transpose()?.as_deref() {
            Some([length]) => InputValue::ListOf {
                length: length.clone(),
                items: all(values)?,
            },
            _ => return Err("list_of needs a shape of one axis, such as [\"n\"]".into()),
        },
        _ => return Ok(None),
    }))
}

pub(super) fn extents(shape: &[ExtentToml]) -> Result<Vec<Extent>, String> {
    shape
        .iter()
        .map(|extent| match extent {
            ExtentToml::Number(number) => Ok(Extent {
                constant: *number as usize,
                names: vec![],
            }),
            ExtentToml::Text(text) => text.parse(),
        })
        .collect()
}

/// Shape and elements (C order) of nested lists of numbers.
fn fixed(value: &toml::Value) -> Result<(Vec<usize>, Vec<f64>), String> {
    match value {
        toml::Value::Float(number) if number.is_finite() => Ok((vec![], vec![*number])),
        toml::Value::Integer(number) => Ok((vec![], vec![*number as f64])),
        toml::Value::Boolean(flag) => Ok((vec![], vec![f64::from(u8::from(*flag))])),
        toml::Value::Array(items) => {
            let mut inner: Option<Vec<usize>> = None;
            let mut elements = Vec::new();
            for item in items {
                let (shape, part) = fixed(item)?;
                if inner.as_ref().is_some_and(|known| *known != shape) {
                    return Err("the rows of the value have different lengths".into());
                }
                inner = Some(shape);
                elements.extend(part);
            }
            let mut shape = vec![items.len()];
            shape.extend(inner.ok_or("the value has an empty list")?);
            Ok((shape, elements))
        }
        _ => Err("the value must be a finite number or nested lists of numbers".into()),
    }
}
