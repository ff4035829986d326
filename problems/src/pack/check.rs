//! From what `problem.toml` says to what holds: every rule of the format that
//! its TOML shape alone cannot say.

use super::error::PackError;
use super::files::Text;
use super::manifest::{ExtentToml, InputToml, LimitsToml, Manifest, SampleToml, SubtaskToml};
use super::model::{
    AnswerKind, Distribution, Field, FunctionKind, Input, InputDType, InputValue, Kind, Limits,
    OutputSpec, SampleSpec, Subtask, Tolerance,
};
use super::shape::Extent;
use crate::ids::FieldName;
use crate::language::Localized;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

const FORMAT: u32 = 1;
const MAX_CELLS: usize = 400;
const MAX_CASES: u32 = 200;
const MAX_EXTENT: usize = 4096;

pub struct Code {
    pub starter: Option<String>,
    pub driver: Option<String>,
}

pub struct Head {
    pub title: Localized,
    pub chapter: u8,
    pub section: String,
}

pub fn head(text: &Text, manifest: &Manifest) -> Result<Head, PackError> {
    if *manifest.format.get_ref() != FORMAT {
        let what = format!("this version of Gradien reads format = {FORMAT}");
        return Err(text.invalid(Some(manifest.format.span().start), what));
    }
    let (chapter, section) = (*manifest.chapter.get_ref(), manifest.section.get_ref());
    if !(1..=6).contains(&chapter) {
        let what = "chapter must be one of the module's, 1 to 6";
        return Err(text.invalid(Some(manifest.chapter.span().start), what));
    }
    let is_section = section.split('.').all(|part| part.parse::<u8>().is_ok());
    if !is_section || !section.starts_with(&format!("{chapter}.")) {
        let what = format!("section must be one of chapter {chapter}, such as \"{chapter}.1\"");
        return Err(text.invalid(Some(manifest.section.span().start), what));
    }
    Ok(Head {
        title: manifest.title.clone(),
        chapter,
        section: section.clone(),
    })
}

pub fn kind(text: &Text, manifest: Manifest, code: Code) -> Result<Kind, PackError> {
    let kind_at = manifest.kind.span().start;
    match manifest.kind.get_ref().as_str() {
        "answer" => Ok(Kind::Answer(answer(text, manifest, kind_at)?)),
        "function" => Ok(Kind::Function(function(text, manifest, code, kind_at)?)),
        other => {
            let what = format!("unknown kind “{other}”; expected \"answer\" or \"function\"");
            Err(text.invalid(Some(kind_at), what))
        }
    }
}

fn answer(text: &Text, manifest: Manifest, kind_at: usize) -> Result<AnswerKind, PackError> {
    if manifest.function.is_some() || !manifest.subtasks.is_empty() || !manifest.samples.is_empty()
    {
        let what = "kind \"answer\" has [[fields]], not [function], [[subtasks]] or [[samples]]";
        return Err(text.invalid(Some(kind_at), what));
    }
    let mut inputs = Vec::new();
    for input in manifest.inputs {
        let at = input.span().start;
        let input = self::input(text, input)?;
        if matches!(input.value, InputValue::Drawn { .. }) {
            let what = format!(
                "input “{}” needs a value: kind \"answer\" has fixed inputs",
                input.name
            );
            return Err(text.invalid(Some(at), what));
        }
        inputs.push(input);
    }
    let mut names = BTreeSet::new();
    let mut fields = Vec::new();
    for field in manifest.fields {
        let (at, field) = (field.span().start, field.into_inner());
        let fail = |what: String| Err(text.invalid(Some(at), what));
        if !names.insert(field.name.clone()) {
            return fail(format!("field “{}” stands twice", field.name));
        }
        if field.shape.len() > 2 || field.shape.contains(&0) {
            return fail(
                "a field's shape is [], [columns] or [rows, columns], each at least 1".into(),
            );
        }
        if field
            .shape
            .iter()
            .try_fold(1usize, |n, &e| n.checked_mul(e))
            .is_none_or(|n| n > MAX_CELLS)
        {
            return fail(format!("a field may have at most {MAX_CELLS} cells"));
        }
        if field.points == 0 || field.decimals > 12 || !(0.0..=100.0).contains(&field.slack_units) {
            return fail(
                "points must be at least 1, decimals at most 12, slack_units 0 to 100".into(),
            );
        }
        fields.push(Field {
            name: field.name,
            label: field.label,
            shape: field.shape,
            points: field.points,
            decimals: field.decimals,
            slack_units: field.slack_units,
        });
    }
    if fields.is_empty() {
        return Err(text.invalid(
            Some(kind_at),
            "kind \"answer\" needs at least one [[fields]]",
        ));
    }
    Ok(AnswerKind { inputs, fields })
}

fn function(
    text: &Text,
    manifest: Manifest,
    code: Code,
    kind_at: usize,
) -> Result<FunctionKind, PackError> {
    let missing =
        |what: &str| text.invalid(Some(kind_at), format!("kind \"function\" needs {what}"));
    if !manifest.fields.is_empty() {
        return Err(text.invalid(
            Some(kind_at),
            "kind \"function\" has [[subtasks]], not [[fields]]",
        ));
    }
    let spanned = manifest
        .function
        .ok_or_else(|| missing("a table [function]"))?;
    let (at, function) = (spanned.span().start, spanned.into_inner());
    if function.name.parse::<FieldName>().is_err() {
        return Err(text.invalid(
            Some(at),
            format!("“{}” is no name of a function", function.name),
        ));
    }
    let outputs: Vec<OutputSpec> = function
        .outputs
        .into_iter()
        .map(|output| OutputSpec {
            name: output.name,
            kind: output.kind,
        })
        .collect();
    if outputs.is_empty() {
        return Err(text.invalid(Some(at), "outputs must name at least one output"));
    }
    let inputs: Vec<Input> = manifest
        .inputs
        .into_iter()
        .map(|one| input(text, one))
        .collect::<Result<_, _>>()?;
    let limits = limits(
        text,
        manifest.limits.ok_or_else(|| missing("a table [limits]"))?,
    )?;
    let tolerance = match manifest.tolerance {
        None => Tolerance::default(),
        Some(spanned) => {
            let (at, tolerance) = (spanned.span().start, spanned.into_inner());
            if !(0.0..1.0).contains(&tolerance.rtol) || !(0.0..1e6).contains(&tolerance.atol) {
                return Err(text.invalid(Some(at), "rtol must be in [0, 1) and atol at least 0"));
            }
            tolerance
        }
    };
    let mut subtasks: Vec<Subtask> = Vec::new();
    for one in manifest.subtasks {
        let subtask = subtask(text, one, &inputs, &subtasks, code.driver.as_deref())?;
        subtasks.push(subtask);
    }
    if subtasks.is_empty() {
        return Err(missing("at least one [[subtasks]]"));
    }
    let samples = manifest
        .samples
        .into_iter()
        .map(|one| sample(text, one, &subtasks))
        .collect::<Result<Vec<_>, _>>()?;
    if samples.is_empty() {
        return Err(missing(
            "at least one [[samples]]: students see how the function is called",
        ));
    }
    let starter = code.starter.ok_or_else(|| PackError::Missing {
        file: "starter.py".into(),
        purpose: "the editor opens with it",
    })?;
    Ok(FunctionKind {
        entry: function.name,
        inputs,
        outputs,
        subtasks,
        samples,
        tolerance,
        limits,
        seed: function.seed,
        starter,
        driver: code.driver,
    })
}

fn input(text: &Text, input: Spanned<InputToml>) -> Result<Input, PackError> {
    let (at, input) = (input.span().start, input.into_inner());
    let fail = |what: String| text.invalid(Some(at), format!("input “{}”: {what}", input.name));
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
    };
    if !whole && matches!(input.dtype, InputDType::Int64 | InputDType::Bool) {
        return Err(fail("an integer or boolean input needs integers".into()));
    }
    Ok(Input {
        name: input.name,
        dtype: input.dtype,
        value,
    })
}

fn extents(shape: &[ExtentToml]) -> Result<Vec<Extent>, String> {
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

fn subtask(
    text: &Text,
    subtask: Spanned<SubtaskToml>,
    inputs: &[Input],
    earlier: &[Subtask],
    driver: Option<&str>,
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
        reference: subtask.reference.unwrap_or_else(|| "reference".into()),
        driver: subtask.driver,
        name: subtask.name,
    })
}

fn sample(
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

fn limits(text: &Text, limits: Spanned<LimitsToml>) -> Result<Limits, PackError> {
    let (at, limits) = (limits.span().start, limits.into_inner());
    let within = limits.fuel > 0
        && (96..=2048).contains(&limits.memory_mib)
        && (1..=1024).contains(&limits.output_kib)
        && (1..=600).contains(&limits.wall_s);
    if !within {
        let what = "limits: fuel must be at least 1, memory_mib 96 to 2048, output_kib 1 to 1024, wall_s 1 to 600";
        return Err(text.invalid(Some(at), what));
    }
    Ok(Limits {
        fuel: limits.fuel,
        memory_bytes: limits.memory_mib << 20,
        output_bytes: limits.output_kib << 10,
        wall_ms: limits.wall_s * 1000,
    })
}
