//! Draws a pack's inputs and has the reference compute what they give.

use super::checker::CheckerUnit;
use super::draw::Drawn;
use super::{Prepared, PreparedCase, PreparedMisconception, carry, draw, steps, wrong};
use crate::GraderError;
use crate::reference::{Device, Evaluation, Precision, Reference, Returned, SourceFile};
use gradien_problems::Pack;
use gradien_problems::pack::{
    AnswerKind, FunctionKind, Kind, Misconception, NotebookKind, REFERENCE_FILE, Subtask, TraceSpec,
};
use gradien_sandbox::array::{Array, Named, Value};
use gradien_sandbox::job::Container;
use std::time::Duration;

pub(super) const COMPILE_DEADLINE: Duration = Duration::from_secs(60);
const EVALUATE_DEADLINE: Duration = Duration::from_secs(120);

pub fn make(pack: &Pack, reference: &mut Reference) -> Result<Prepared, GraderError> {
    let device = reference.hello().best_device();
    make_on(pack, reference, device, Precision::Double)
}

/// As [`make`], on a given device and in a given precision.
pub fn make_on(
    pack: &Pack,
    reference: &mut Reference,
    device: Device,
    precision: Precision,
) -> Result<Prepared, GraderError> {
    let prepared = make_unchecked(pack, reference, device, precision)?;
    wrong::check_distinct(pack, &prepared)?;
    Ok(prepared)
}

/// As [`make_on`], whether misconceptions can be told apart or not: `pack verify`
/// names all that cannot.
pub fn make_unchecked(
    pack: &Pack,
    reference: &mut Reference,
    device: Device,
    precision: Precision,
) -> Result<Prepared, GraderError> {
    let unit = pack.hash.as_str();
    let needed = pack.kind.needs_reference();
    if needed {
        reference.compile(unit, vec![reference_file(pack)], COMPILE_DEADLINE)?;
    }
    check_checker(pack, reference)?;
    let mut evaluator = Evaluator {
        reference,
        unit,
        device,
        precision,
    };
    let made = match &pack.kind {
        Kind::Answer(answer) => evaluator.answer(answer, pack.trace.as_ref()),
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
            evaluator.function(function)
        }
        Kind::Prediction(_) | Kind::Model(_) => Err(GraderError::NotJudged(pack.kind.name())),
    };
    if needed {
        reference.forget(unit, COMPILE_DEADLINE)?;
    }
    let (subtasks, samples) = made?;
    let first = subtasks.first().and_then(|cases| cases.first());
    if let (Kind::Answer(answer), Some(case)) = (&pack.kind, first) {
        carry::check(pack, answer, case, reference)?;
    }
    let misconceptions = pack
        .misconceptions
        .iter()
        .map(|one| misconception(pack, one, &subtasks, reference, device, precision))
        .collect::<Result<Vec<_>, _>>()?;
    let device = match device {
        Device::Cpu => "cpu",
        Device::Cuda => "cuda",
    };
    Ok(Prepared {
        device: device.into(),
        subtasks,
        samples,
        misconceptions,
        labels: None,
    })
}

/// The right answers alone, as [`Prepared::subtasks`] has them: to see what another
/// device or precision makes of them.
pub fn right_answers_on(
    pack: &Pack,
    reference: &mut Reference,
    device: Device,
    precision: Precision,
) -> Result<Vec<Vec<PreparedCase>>, GraderError> {
    let unit = pack.hash.as_str();
    reference.compile(unit, vec![reference_file(pack)], COMPILE_DEADLINE)?;
    let mut evaluator = Evaluator {
        reference,
        unit,
        device,
        precision,
    };
    let (subtasks, _) = match &pack.kind {
        Kind::Answer(answer) => evaluator.answer(answer, None)?,
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
            evaluator.function(function)?
        }
        Kind::Prediction(_) | Kind::Model(_) => Default::default(),
    };
    reference.forget(unit, COMPILE_DEADLINE)?;
    Ok(subtasks)
}

/// A checker that does not compile, or lacks a function, is told before any student
/// meets it.
fn check_checker(pack: &Pack, reference: &mut Reference) -> Result<(), GraderError> {
    let functions: Vec<&str> = match &pack.kind {
        Kind::Answer(answer) => answer.checks.iter().map(|check| &*check.function).collect(),
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
            let subtasks = function.subtasks.iter();
            subtasks
                .filter_map(|subtask| subtask.check.as_deref())
                .collect()
        }
        Kind::Prediction(_) | Kind::Model(_) => Vec::new(),
    };
    match CheckerUnit::compile(pack, &functions, reference)? {
        Some(unit) => unit.forget(reference),
        None => Ok(()),
    }
}

/// A checked field has no right value: an empty array stands in its place.
fn with_gaps(answer: &AnswerKind, given: Vec<Array>) -> Vec<Array> {
    let mut given = given.into_iter();
    let gap = || Array::from_f64(&[0], &[]);
    let fields = answer.fields.iter();
    let arrays = fields.map(|field| match answer.find_check(&field.name) {
        Some(_) => gap(),
        None => given.next().unwrap_or_else(gap),
    });
    arrays.collect()
}

pub(super) fn reference_file(pack: &Pack) -> SourceFile {
    SourceFile {
        name: REFERENCE_FILE.into(),
        text: pack.reference.clone(),
    }
}

/// What a misconception gives for the inputs of every case. It may lack the
/// function of a subtask, and fail or overflow where the right one does not.
fn misconception(
    pack: &Pack,
    one: &Misconception,
    subtasks: &[Vec<PreparedCase>],
    reference: &mut Reference,
    device: Device,
    precision: Precision,
) -> Result<PreparedMisconception, GraderError> {
    let unit = format!("{}/{}", pack.hash, one.name);
    let file = SourceFile {
        name: one.file(),
        text: one.source.clone(),
    };
    let signatures = reference.compile(&unit, vec![file], COMPILE_DEADLINE)?;
    // Of each subtask its function and outputs; it says nothing of what is checked.
    let functions: Vec<Option<(&str, Vec<&str>)>> = match &pack.kind {
        Kind::Answer(answer) => {
            let names = answer.referenced().map(|field| field.name.as_str());
            vec![Some(("reference", names.collect()))]
        }
        Kind::Prediction(_) | Kind::Model(_) => Vec::new(),
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
            let subtasks = function.subtasks.iter();
            let of = |subtask: &'_ Subtask| subtask.check.is_none();
            subtasks
                .map(|subtask| of(subtask).then(|| (&*subtask.reference, names_of(subtask))))
                .collect()
        }
    };
    let mut given = Vec::new();
    for (function, cases) in functions.into_iter().zip(subtasks) {
        let (function, names) = function.unwrap_or_default();
        if signatures.iter().all(|known| known.name != function) {
            given.push(vec![None; cases.len()]);
            continue;
        }
        let evaluation = Evaluation {
            unit: unit.clone(),
            function: function.to_owned(),
            cases: cases.iter().map(|case| case.inputs.clone()).collect(),
            device,
            precision,
            batched: None,
        };
        let (returned, _) = reference.evaluate(evaluation, EVALUATE_DEADLINE)?;
        let arrays = returned.into_iter().map(|one| {
            let arrays = arrange(one.ok()?, &names).ok()?;
            Some(match &pack.kind {
                Kind::Answer(answer) => with_gaps(answer, arrays),
                _ => arrays,
            })
        });
        given.push(arrays.collect());
    }
    reference.forget(&unit, COMPILE_DEADLINE)?;
    Ok(PreparedMisconception {
        name: one.name.clone(),
        subtasks: given,
    })
}

struct Evaluator<'a> {
    reference: &'a mut Reference,
    unit: &'a str,
    device: Device,
    precision: Precision,
}

type Made = (Vec<Vec<PreparedCase>>, Vec<PreparedCase>);

impl Evaluator<'_> {
    fn answer(
        &mut self,
        answer: &AnswerKind,
        trace: Option<&TraceSpec>,
    ) -> Result<Made, GraderError> {
        let inputs = answer
            .inputs
            .iter()
            .map(|input| {
                let value = draw::fixed(input)?;
                Ok(Named {
                    name: input.name.to_string(),
                    value,
                })
            })
            .collect::<Result<Vec<_>, GraderError>>()?;
        let names: Vec<&str> = answer
            .referenced()
            .map(|field| field.name.as_str())
            .collect();
        if names.is_empty() {
            let expected = with_gaps(answer, Vec::new());
            return Ok((
                vec![vec![PreparedCase {
                    inputs,
                    expected,
                    steps: Vec::new(),
                }]],
                Vec::new(),
            ));
        }
        let mut cases = self.evaluate("reference", vec![inputs], &names)?;
        for (field, array) in answer.referenced().zip(&cases[0].expected) {
            if !field.admits(&array.shape) {
                return Err(GraderError::Pack(format!(
                    "the reference gives “{}” with shape {:?}, the field has {:?}",
                    field.name, array.shape, field.shape
                )));
            }
        }
        cases[0].expected = with_gaps(answer, std::mem::take(&mut cases[0].expected));
        if let Some(trace) = trace {
            self.trace(&trace.function, &mut cases)?;
            for case in &cases {
                steps::check_fields(answer, case)?;
            }
        }
        Ok((vec![cases], Vec::new()))
    }

    fn function(&mut self, function: &FunctionKind) -> Result<Made, GraderError> {
        let mut subtasks = Vec::new();
        for subtask in &function.subtasks {
            let drawn = (0..subtask.cases)
                .map(|index| draw::draw_case(function, subtask, index))
                .collect::<Result<Vec<_>, _>>()?;
            let mut cases = self.cases(subtask, drawn)?;
            if let Some(trace) = &subtask.trace {
                let open = cases.len().min(subtask.open_cases as usize);
                self.trace(trace, &mut cases[..open])?;
            }
            subtasks.push(cases);
        }
        let mut samples = Vec::new();
        for sample in &function.samples {
            let subtask = get_subtask(function, sample.subtask.as_str())?;
            let drawn = draw::draw_sample(function, subtask, sample)?;
            samples.extend(self.cases(subtask, vec![drawn])?);
        }
        Ok((subtasks, samples))
    }

    /// Adds the steps that lead to each of these cases' outputs.
    fn trace(&mut self, function: &str, cases: &mut [PreparedCase]) -> Result<(), GraderError> {
        let evaluation = Evaluation {
            unit: self.unit.to_owned(),
            function: function.to_owned(),
            cases: cases.iter().map(|case| case.inputs.clone()).collect(),
            device: self.device,
            precision: self.precision,
            batched: None,
        };
        let (returned, _) = self.reference.evaluate(evaluation, EVALUATE_DEADLINE)?;
        for (case, returned) in cases.iter_mut().zip(returned) {
            let returned = returned.map_err(crate::reference::ReferenceError::from)?;
            case.steps = steps::read(function, returned)?;
        }
        Ok(())
    }

    /// What the reference gives, or what a checker wants returned, as zeros.
    fn cases(
        &mut self,
        subtask: &Subtask,
        drawn: Vec<Drawn>,
    ) -> Result<Vec<PreparedCase>, GraderError> {
        if subtask.check.is_none() {
            let inputs = drawn.into_iter().map(|one| one.inputs).collect();
            return self.evaluate(&subtask.reference, inputs, &names_of(subtask));
        }
        let cases = drawn.into_iter().map(|one| {
            let outputs = subtask.outputs.iter();
            let expected = outputs.map(|spec| draw::template(spec, &one.dims));
            Ok(PreparedCase {
                expected: expected.collect::<Result<_, GraderError>>()?,
                inputs: one.inputs,
                steps: Vec::new(),
            })
        });
        cases.collect()
    }

    fn evaluate(
        &mut self,
        function: &str,
        cases: Vec<Vec<Named>>,
        names: &[&str],
    ) -> Result<Vec<PreparedCase>, GraderError> {
        let evaluation = Evaluation {
            unit: self.unit.to_owned(),
            function: function.to_owned(),
            cases: cases.clone(),
            device: self.device,
            precision: self.precision,
            batched: None,
        };
        let (returned, _) = self.reference.evaluate(evaluation, EVALUATE_DEADLINE)?;
        cases
            .into_iter()
            .zip(returned)
            .map(|(inputs, returned)| {
                let returned = returned.map_err(crate::reference::ReferenceError::from)?;
                let expected = arrange(returned, names)?;
                Ok(PreparedCase {
                    inputs,
                    expected,
                    steps: Vec::new(),
                })
            })
            .collect()
    }
}

fn names_of(subtask: &Subtask) -> Vec<&str> {
    let outputs = subtask.outputs.iter();
    outputs.map(|output| output.name.as_str()).collect()
}

/// Subtasks are few: a search is as good as a table.
pub fn get_subtask<'a>(function: &'a FunctionKind, name: &str) -> Result<&'a Subtask, GraderError> {
    let found = function
        .subtasks
        .iter()
        .find(|subtask| subtask.name.as_str() == name);
    found.ok_or_else(|| GraderError::Pack(format!("there is no subtask “{name}”")))
}

/// The reference's outputs in the order of `names`: a dictionary by its keys,
/// everything else by position. All must be finite: a pack whose right answer is
/// NaN would accept nothing.
fn arrange(returned: Returned, names: &[&str]) -> Result<Vec<Array>, GraderError> {
    let Returned {
        container,
        mut outputs,
    } = returned;
    if container == Container::Dict {
        outputs = names
            .iter()
            .filter_map(|name| outputs.iter().find(|output| output.name == **name).cloned())
            .collect();
    }
    if outputs.len() != names.len() {
        return Err(GraderError::Pack(format!(
            "the reference must return {} values: {}",
            names.len(),
            names.join(", ")
        )));
    }
    let arrays = outputs
        .into_iter()
        .zip(names)
        .map(|(output, name)| match output.value {
            Value::Array(array) if array.to_f64_vec().iter().all(|x| x.is_finite()) => Ok(array),
            Value::Array(_) => Err(GraderError::Pack(format!(
                "the reference's “{name}” is not finite"
            ))),
            Value::Json(_) => Err(GraderError::Pack(format!(
                "the reference's “{name}” is no array"
            ))),
        });
    arrays.collect()
}
