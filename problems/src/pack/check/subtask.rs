//! Subtasks of kind `function`, and the samples that show them.

use super::input::extents;
use crate::pack::error::PackError;
use crate::pack::files::Text;
use crate::pack::manifest::{SampleToml, SubtaskToml};
use crate::pack::model::{Input, InputValue, SampleSpec, Subtask};
use std::collections::BTreeMap;
use toml::Spanned;

const MAX_CASES: u32 = 200;
const MAX_EXTENT: usize = 4096;

pub(super) fn subtask(
    text: &Text,
    subtask: Spanned<SubtaskToml>,
    inputs: &[Input],
    earlier: &[Subtask],
    driver: Option<&str>,
    trace: Option<&str>,
) -> Result<Subtask, PackError> {
    let (at, subtask) = (subtask.span().start, subtask.into_inner());
    let fail = |what: String| text.invalid(Some(at), format!("subtask “{}”: {what}", subtask.name));
    if earlier.iter().any(|other| other.name == subtask.name) {
        return Err(fail("the name stands twice".into()));
    }
    if subtask.points == 0 || !(1..=MAX_CASES).contains(&subtask.cases) {
        return Err(fail(format!(
            "points must be at least 1, and cases 1 to {MAX_CASES}"
        )));
    }
    if subtask.open_cases > subtask.cases {
        return Err(fail("open_cases cannot be more than cases".into()));
    }
    if let Some(unknown) = subtask
        .requires
        .iter()
        .find(|name| earlier.iter().all(|other| other.name != **name))
    {
        return Err(fail(format!(
            "requires “{unknown}”, which is no earlier subtask"
        )));
    }
    for (name, [low, high]) in &subtask.dims {
        if !(1..=*high).contains(low) || *high > MAX_EXTENT {
            return Err(fail(format!(
                "dims.{name} must be a range [low, high] within 1 to {MAX_EXTENT}"
            )));
        }
    }
    let mut shapes = BTreeMap::new();
    for (name, shape) in &subtask.shapes {
        let known = inputs.iter().find(|input| input.name == *name);
        if !known.is_some_and(|input| matches!(input.value, InputValue::Drawn { .. })) {
            return Err(fail(format!("shapes.{name} is no input that is drawn")));
        }
        shapes.insert(name.clone(), extents(shape).map_err(fail)?);
    }
    for input in inputs {
        let InputValue::Drawn { shape, .. } = &input.value else {
            continue;
        };
        let shape = shapes.get(&input.name).unwrap_or(shape);
        if let Some(unknown) = shape
            .iter()
            .flat_map(|extent| &extent.names)
            .find(|name| !subtask.dims.contains_key(*name))
        {
            return Err(fail(format!(
                "the shape of “{}” needs dims.{unknown}",
                input.name
            )));
        }
    }
    if trace.is_none() && subtask.trace.is_some() {
        return Err(fail("trace needs a table [trace]".into()));
    }
    if let Some(name) = &subtask.driver {
        match driver {
            None => return Err(fail(format!("driver = \"{name}\" needs a file driver.py"))),
            Some(code) if !code.contains(&format!("def {name}(")) => {
                return Err(fail(format!("driver.py has no function “{name}”")));
            }
            Some(_) => {}
        }
    }
    let dims = subtask
        .dims
        .iter()
        .map(|(name, [low, high])| (name.clone(), (*low, *high)))
        .collect();
    Ok(Subtask {
        title: subtask.title,
        points: subtask.points,
        cases: subtask.cases,
        open_cases: subtask.open_cases,
        scoring: subtask.scoring,
        requires: subtask.requires,
        dims,
        shapes,
        trace: match (&trace, subtask.trace) {
            (None, Some(_)) => unreachable!("refused above"),
            (_, Some(own)) => Some(own),
            // The pack's trace follows `reference`, not another function.
            (Some(trace), None) => subtask.reference.is_none().then(|| trace.to_string()),
            (None, None) => None,
        },
        reference: subtask.reference.unwrap_or_else(|| "reference".into()),
        driver: subtask.driver,
        name: subtask.name,
    })
}

pub(super) fn sample(
    text: &Text,
    sample: Spanned<SampleToml>,
    subtasks: &[Subtask],
) -> Result<SampleSpec, PackError> {
    let (at, sample) = (sample.span().start, sample.into_inner());
    let fail = |what: String| text.invalid(Some(at), format!("sample: {what}"));
    let Some(subtask) = subtasks
        .iter()
        .find(|subtask| subtask.name == sample.subtask)
    else {
        return Err(fail(format!("“{}” is no subtask", sample.subtask)));
    };
    for name in subtask.dims.keys() {
        if !sample
            .dims
            .get(name)
            .is_some_and(|extent| (1..=MAX_EXTENT).contains(extent))
        {
            return Err(fail(format!(
                "dims.{name} must be a number from 1 to {MAX_EXTENT}"
            )));
        }
    }
    if let Some(unknown) = sample
        .dims
        .keys()
        .find(|name| !subtask.dims.contains_key(*name))
    {
        return Err(fail(format!(
            "dims.{unknown} is no dimension of its subtask"
        )));
    }
    Ok(SampleSpec {
        subtask: sample.subtask,
        dims: sample.dims,
        seed: sample.seed,
    })
}
