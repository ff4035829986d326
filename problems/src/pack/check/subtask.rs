//! Subtasks of kind `function`, and the samples that show them.

use super::input::extents;
use crate::ids::FieldName;
use crate::pack::checker::Checker;
use crate::pack::error::PackError;
use crate::pack::files::Text;
use crate::pack::function_kind::{Input, InputValue, OutputKind, OutputSpec, SampleSpec, Subtask};
use crate::pack::manifest::{OutputToml, SampleToml, SubtaskToml};
use std::collections::BTreeMap;
use toml::Spanned;

const MAX_CASES: u32 = 200;
const MAX_EXTENT: usize = 4096;

/// What the pack says of all its subtasks.
pub(super) struct About<'a> {
    pub entry: &'a str,
    pub inputs: &'a [Input],
    pub outputs: &'a [OutputSpec],
    pub driver: Option<&'a str>,
    /// The function of the pack's [trace].
    pub trace: Option<&'a str>,
    pub checker: Option<&'a Checker>,
}

pub(super) fn outputs(outputs: Vec<OutputToml>) -> Result<Vec<OutputSpec>, String> {
    let mut specs: Vec<OutputSpec> = Vec::new();
    for output in outputs {
        if specs.iter().any(|other| other.name == output.name) {
            return Err(format!("output “{}” stands twice", output.name));
        }
        if output.kind == OutputKind::Json && output.shape.is_some() {
            return Err(format!("output “{}”: json has no shape", output.name));
        }
        specs.push(OutputSpec {
            name: output.name,
            kind: output.kind,
            shape: output.shape.as_deref().map(extents).transpose()?,
        });
    }
    match specs.is_empty() {
        true => Err("outputs must name at least one output".into()),
        false => Ok(specs),
    }
}

pub(super) fn subtask(
    text: &Text,
    subtask: Spanned<SubtaskToml>,
    about: &About<'_>,
    earlier: &[Subtask],
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
    let own = OwnFunction::read(&subtask, about).map_err(fail)?;
    let inputs = about.inputs;
    let mut shapes = BTreeMap::new();
    for (name, shape) in &subtask.shapes {
        let known = inputs.iter().find(|input| input.name == *name);
        if !known.is_some_and(|input| matches!(input.value, InputValue::Drawn { .. })) {
            return Err(fail(format!("shapes.{name} is no input that is drawn")));
        }
        shapes.insert(name.clone(), extents(shape).map_err(fail)?);
    }
    for input in inputs {
        if !own.inputs.contains(&input.name) {
            continue;
        }
        let shape = match &input.value {
            InputValue::Drawn { shape, .. } => shapes.get(&input.name).unwrap_or(shape),
            InputValue::ListOf { length, .. } => std::slice::from_ref(length),
            InputValue::Fixed { .. } | InputValue::Json(_) | InputValue::OneOf(_) => continue,
        };
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
    let trace = about.trace;
    if trace.is_none() && subtask.trace.is_some() {
        return Err(fail("trace needs a table [trace]".into()));
    }
    if let Some(name) = &subtask.driver {
        match about.driver {
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
        entry: own.entry,
        inputs: own.inputs,
        outputs: own.outputs,
        check: subtask.check,
    })
}

/// The function that a subtask calls, with what it takes and gives.
struct OwnFunction {
    entry: String,
    inputs: Vec<FieldName>,
    outputs: Vec<OutputSpec>,
}

impl OwnFunction {
    fn read(subtask: &SubtaskToml, about: &About<'_>) -> Result<OwnFunction, String> {
        let entry = subtask.function.as_deref().unwrap_or(about.entry);
        if entry.parse::<FieldName>().is_err() {
            return Err(format!("“{entry}” is no name of a function"));
        }
        let all = || {
            about
                .inputs
                .iter()
                .map(|input| input.name.clone())
                .collect()
        };
        let inputs: Vec<FieldName> = subtask.inputs.clone().unwrap_or_else(all);
        for name in &inputs {
            if about.inputs.iter().all(|input| input.name != *name) {
                return Err(format!("inputs names “{name}”, which is no input"));
            }
        }
        let outputs = match &subtask.outputs {
            None => about.outputs.to_vec(),
            Some(own) => outputs(own.clone())?,
        };
        if let Some(check) = &subtask.check {
            match about.checker {
                None => return Err(format!("check = \"{check}\" needs a file checker.py")),
                Some(checker) if !checker.defines(check) => {
                    return Err(format!("checker.py has no function “{check}”"));
                }
                Some(_) => {}
            }
            if let Some(output) = outputs.iter().find(|output| output.shape.is_none()) {
                return Err(format!(
                    "output “{}” needs a shape: a checker judges it",
                    output.name
                ));
            }
        }
        let names = outputs
            .iter()
            .filter_map(|output| output.shape.as_ref())
            .flatten();
        let mut names = names.flat_map(|extent| &extent.names);
        if let Some(unknown) = names.find(|name| !subtask.dims.contains_key(*name)) {
            return Err(format!("the shape of an output needs dims.{unknown}"));
        }
        Ok(OwnFunction {
            entry: entry.to_owned(),
            inputs,
            outputs,
        })
    }
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
