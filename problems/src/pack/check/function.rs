//! Kind `function`: how the function is called, its limits and its tolerance.

use super::Code;
use super::input::input;
use super::subtask::{About, outputs, sample, subtask};
use crate::ids::FieldName;
use crate::pack::calibrated::Calibrated;
use crate::pack::error::PackError;
use crate::pack::files::Text;
use crate::pack::forbidden::forbidden;
use crate::pack::function_kind::{FunctionKind, Input, Limits, Subtask, Tolerance};
use crate::pack::manifest::{LimitsToml, Manifest};
use toml::Spanned;

pub(super) fn function(
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
    let outputs = outputs(function.outputs).map_err(|what| text.invalid(Some(at), what))?;
    let must_not_use =
        forbidden(&function.must_not_use).map_err(|what| text.invalid(Some(at), what))?;
    let inputs: Vec<Input> = manifest
        .inputs
        .into_iter()
        .map(|one| input(text, one))
        .collect::<Result<_, _>>()?;
    let (limits, calibrated) = limits(
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
    let trace = manifest.trace.map(|trace| trace.into_inner().function);
    let mut subtasks: Vec<Subtask> = Vec::new();
    for one in manifest.subtasks {
        let about = About {
            entry: &function.name,
            inputs: &inputs,
            outputs: &outputs,
            driver: code.driver.as_deref(),
            trace: trace.as_deref(),
            checker: code.checker.as_ref(),
        };
        let subtask = subtask(text, one, &about, &subtasks)?;
        subtasks.push(subtask);
    }
    if subtasks.is_empty() {
        return Err(missing("at least one [[subtasks]]"));
    }
    if code.checker.is_some() && subtasks.iter().all(|subtask| subtask.check.is_none()) {
        let what = "there is a checker.py, but no subtask has a check";
        return Err(text.invalid(Some(at), what));
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
        calibrated,
        seed: function.seed,
        case_seed: function.case_seed.unwrap_or(function.seed),
        starter,
        driver: code.driver,
        isolation: function.isolation,
        must_not_use,
        checker: code.checker,
    })
}

fn limits(
    text: &Text,
    limits: Spanned<LimitsToml>,
) -> Result<(Limits, Option<Calibrated>), PackError> {
    let (at, limits) = (limits.span().start, limits.into_inner());
    let within = limits.fuel > 0
        && (96..=2048).contains(&limits.memory_mib)
        && (1..=1024).contains(&limits.output_kib)
        && (1..=600).contains(&limits.wall_s);
    if !within {
        let what = "limits: fuel must be at least 1, memory_mib 96 to 2048, output_kib 1 to 1024, wall_s 1 to 600";
        return Err(text.invalid(Some(at), what));
    }
    if let Some(calibrated) = &limits.calibrated {
        (calibrated.check()).map_err(|what| text.invalid(Some(at), what))?;
    }
    let checked = Limits {
        fuel: limits.fuel,
        memory_bytes: limits.memory_mib << 20,
        output_bytes: limits.output_kib << 10,
        wall_ms: limits.wall_s * 1000,
    };
    Ok((checked, limits.calibrated))
}
