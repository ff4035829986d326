//! Many cases in one call.
//!
//! Theory of operation. The batched function of a pack is a claim: that it gives
//! for stacked cases what the single function gives for each. The claim is
//! tested on a sample of every group (its first, middle and last case); where
//! one of them disagrees, or anything else goes wrong, the whole request is
//! evaluated singly. So batching can make a pack faster, but cannot make a
//! wrong case right or hide a fault: those are found singly.
//!
//! Cases form a group where all their arrays have the same types and shapes and
//! all their JSON values are equal. Arrays are stacked, JSON is passed as it is.

use gradien_grader::reference::{Batching, Fault, FaultKind, Precision, Returned};
use gradien_sandbox::array::{Array, Named, Value};
use std::collections::BTreeMap;

use crate::evaluate::{Callee, Evaluated};

/// Bounds one call's memory; larger groups are cut.
const MAX_CASES_PER_CALL: usize = 256;

pub fn evaluate(single: &Callee, batched: &Callee, cases: &[Vec<Named>]) -> Evaluated {
    match evaluate_groups(single, batched, cases) {
        Ok((returned, batching)) => (returned.into_iter().map(Ok).collect(), batching),
        Err(reason) => {
            let returned = cases.iter().map(|case| single.call(case)).collect();
            (returned, Batching::Refused { reason })
        }
    }
}

fn evaluate_groups(
    single: &Callee,
    batched: &Callee,
    cases: &[Vec<Named>],
) -> Result<(Vec<Returned>, Batching), String> {
    let mut results: Vec<Option<Returned>> = vec![None; cases.len()];
    let (mut calls, mut compared) = (0, 0);
    for group in group(cases) {
        for indices in group.chunks(MAX_CASES_PER_CALL) {
            let (first, middle, last) = (0, indices.len() / 2, indices.len() - 1);
            let stacked = stack(cases, indices).map_err(|fault| fault.reason)?;
            let returned = batched.call(&stacked).map_err(|fault| fault.reason)?;
            let mut split = split(&returned, indices.len())?;
            let mut sample = vec![first, middle, last];
            sample.dedup();
            for place in sample {
                let alone = single
                    .call(&cases[indices[place]])
                    .map_err(|fault| fault.reason)?;
                compare(&alone, &split[place], single.precision)
                    .map_err(|reason| format!("case {}: {reason}", indices[place]))?;
                // What was computed singly is what a single evaluation would give.
                split[place] = alone;
                compared += 1;
            }
            calls += 1;
            for (&index, returned) in indices.iter().zip(split) {
                results[index] = Some(returned);
            }
        }
    }
    let results = results
        .into_iter()
        .map(|result| result.expect("every case is in a group"));
    Ok((results.collect(), Batching::Used { calls, compared }))
}

/// Indices of cases that can be stacked, in an order that depends on nothing else.
fn group(cases: &[Vec<Named>]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        let parts = case.iter().map(|named| match &named.value {
            Value::Array(array) => format!("{}{:?}", array.dtype.code(), array.shape),
            Value::Json(json) => json.to_string(),
        });
        groups
            .entry(parts.collect::<Vec<_>>().join("\n"))
            .or_default()
            .push(index);
    }
    groups.into_values().collect()
}

fn stack(cases: &[Vec<Named>], indices: &[usize]) -> Result<Vec<Named>, Fault> {
    let arguments = cases[indices[0]]
        .iter()
        .enumerate()
        .map(|(position, named)| {
            let Value::Array(first) = &named.value else {
                return Ok(named.clone());
            };
            let mut shape = vec![indices.len()];
            shape.extend(&first.shape);
            let mut data = Vec::with_capacity(first.data.len() * indices.len());
            for &index in indices {
                if let Value::Array(array) = &cases[index][position].value {
                    data.extend_from_slice(&array.data);
                }
            }
            let array = Array::new(first.dtype, shape, data)
                .map_err(|error| Fault::new(FaultKind::BadArguments, error.to_string()))?;
            Ok(Named {
                name: named.name.clone(),
                value: array.into(),
            })
        });
    arguments.collect()
}

/// Cuts every output along its leading dimension, which must be the number of cases.
fn split(returned: &Returned, count: usize) -> Result<Vec<Returned>, String> {
    let mut cases = vec![
        Returned {
            container: returned.container,
            outputs: Vec::new()
        };
        count
    ];
    for named in &returned.outputs {
        let shape = match &named.value {
            Value::Array(array) => array.shape.as_slice(),
            Value::Json(_) => &[],
        };
        let (Value::Array(array), Some((&length, rest))) = (&named.value, shape.split_first())
        else {
            return Err(format!(
                "output '{}' has no leading case dimension",
                named.name
            ));
        };
        if length != count {
            return Err(format!(
                "output '{}' has {length} rows for {count} cases",
                named.name
            ));
        }
        let bytes = array.data.len() / count;
        for (place, case) in cases.iter_mut().enumerate() {
            let data = array.data[place * bytes..(place + 1) * bytes].to_vec();
            let part =
                Array::new(array.dtype, rest.to_vec(), data).map_err(|error| error.to_string())?;
            case.outputs.push(Named {
                name: named.name.clone(),
                value: part.into(),
            });
        }
    }
    Ok(cases)
}

/// Equal form, and numbers within 1e-9 (1e-4 in float32), relative to 1 or to
/// the larger value.
fn compare(alone: &Returned, together: &Returned, precision: Precision) -> Result<(), String> {
    let tolerance = match precision {
        Precision::Double => 1e-9,
        Precision::Single => 1e-4,
    };
    if alone.container != together.container || alone.outputs.len() != together.outputs.len() {
        return Err("another number or kind of outputs".into());
    }
    for (a, b) in alone.outputs.iter().zip(&together.outputs) {
        let (Value::Array(x), Value::Array(y)) = (&a.value, &b.value) else {
            return Err(format!("output '{}' is no array", a.name));
        };
        if a.name != b.name || x.dtype != y.dtype || x.shape != y.shape {
            return Err(format!(
                "output '{}' has another name, type or shape",
                a.name
            ));
        }
        let close = |(x, y): (f64, f64)| {
            x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= tolerance * x.abs().max(1.0)
        };
        if !x.to_f64_vec().into_iter().zip(y.to_f64_vec()).all(close) {
            return Err(format!(
                "output '{}' differs from the single evaluation",
                a.name
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_sandbox::job::Container;
    use serde_json::json;

    fn case(shape: &[usize], tag: i64) -> Vec<Named> {
        let count = shape.iter().product();
        vec![
            Named {
                name: "x".into(),
                value: Array::from_f64(shape, &vec![tag as f64; count]).into(),
            },
            Named {
                name: "n".into(),
                value: Value::Json(json!(shape.len())),
            },
        ]
    }

    #[test]
    fn cases_of_one_shape_are_stacked_in_order() {
        let cases = [case(&[2], 0), case(&[3], 1), case(&[2], 2)];
        assert_eq!(group(&cases), [vec![0, 2], vec![1]]);
        let stacked = stack(&cases, &[0, 2]).unwrap();
        assert_eq!(
            stacked[0].value,
            Array::from_f64(&[2, 2], &[0.0, 0.0, 2.0, 2.0]).into()
        );
        assert_eq!(stacked[1].value, Value::Json(json!(1)));
    }

    #[test]
    fn outputs_are_cut_along_the_case_dimension() {
        let returned = |array: Array| Returned {
            container: Container::Single,
            outputs: vec![Named {
                name: String::new(),
                value: array.into(),
            }],
        };
        let split_two = split(&returned(Array::from_f64(&[2, 1], &[5.0, 6.0])), 2).unwrap();
        assert_eq!(split_two[1], returned(Array::from_f64(&[1], &[6.0])));
        assert!(split(&returned(Array::scalar_f64(1.0)), 1).is_err());
        assert!(split(&returned(Array::from_f64(&[3], &[1.0; 3])), 2).is_err());

        let nan = returned(Array::from_f64(&[1], &[f64::NAN]));
        assert!(compare(&nan, &nan, Precision::Double).is_ok());
        let near = |x: f64| returned(Array::from_f64(&[1], &[x]));
        assert!(compare(&near(1.0), &near(1.0 + 1e-10), Precision::Double).is_ok());
        assert!(compare(&near(1.0), &near(1.0 + 1e-8), Precision::Double).is_err());
        assert!(compare(&near(1.0), &near(f64::NAN), Precision::Double).is_err());
    }
}
