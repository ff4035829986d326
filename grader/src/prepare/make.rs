//! Draws a pack's inputs and has the reference compute what they give.

use super::checker::CheckerUnit;
use super::draw::Drawn;
use super::variants::Draws;
use super::{Prepared, PreparedCase, carry, draw, pairs, steps, wrong};
use crate::GraderError;
use crate::json;
use crate::reference::{Device, Evaluation, Precision, Reference, Returned, Signature, SourceFile};
use gradien_problems::Pack;
use gradien_problems::pack::{
    AnswerKind, FunctionKind, Kind, NotebookKind, OutputKind, REFERENCE_FILE, Subtask, TraceSpec,
};
use gradien_sandbox::array::{Array, Named, Value};
use gradien_sandbox::job::Container;
use std::time::Duration;

pub(super) const COMPILE_DEADLINE: Duration = Duration::from_secs(60);
pub(super) const EVALUATE_DEADLINE: Duration = Duration::from_secs(120);

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
    let accepts = |answer: &AnswerKind| {
        let variants = answer.variants.as_ref();
        variants.is_some_and(|variants| variants.accept.is_some())
    };
    let needed = pack.kind.needs_reference()
        || matches!(&pack.kind, Kind::Answer(answer) if accepts(answer));
    let signatures = match needed {
        true => reference.compile(unit, vec![reference_file(pack)], COMPILE_DEADLINE)?,
        false => Vec::new(),
    };
    check_checker(pack, reference)?;
    let variants = variants(pack, &signatures, reference)?;
    let mut evaluator = Evaluator {
        reference,
        unit,
        device,
        precision,
    };
    let made = match &pack.kind {
        Kind::Answer(answer) => evaluator.answer(answer, variants, pack.trace.as_ref()),
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
            evaluator.function(function)
        }
        Kind::Prediction(_) | Kind::Model(_) => Err(GraderError::NotJudged(pack.kind.name())),
    };
    if needed {
        reference.forget(unit, COMPILE_DEADLINE)?;
    }
    let (subtasks, samples) = made?;
    if let (Kind::Answer(answer), Some(cases)) = (&pack.kind, subtasks.first()) {
        carry::check(pack, answer, cases, reference)?;
    }
    let misconceptions = pack
        .misconceptions
        .iter()
        .map(|one| wrong::evaluate(pack, one, &subtasks, reference, device, precision))
        .collect::<Result<Vec<_>, _>>()?;
    let name = match device {
        Device::Cpu => "cpu",
        Device::Cuda => "cuda",
    };
    let mut prepared = Prepared {
        device: name.into(),
        subtasks,
        samples,
        misconceptions,
        pairs: Vec::new(),
        labels: None,
    };
    pairs::add(pack, &mut prepared, reference, device, precision)?;
    Ok(prepared)
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
    let signatures = reference.compile(unit, vec![reference_file(pack)], COMPILE_DEADLINE)?;
    let variants = variants(pack, &signatures, reference)?;
    let mut evaluator = Evaluator {
        reference,
        unit,
        device,
        precision,
    };
    let (subtasks, _) = match &pack.kind {
        Kind::Answer(answer) => evaluator.answer(answer, variants, None)?,
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
            evaluator.function(function)?
        }
        Kind::Prediction(_) | Kind::Model(_) => Default::default(),
    };
    reference.forget(unit, COMPILE_DEADLINE)?;
    Ok(subtasks)
}

/// The inputs of each variant of a hand computation whose reference is compiled.
fn variants(
    pack: &Pack,
    signatures: &[Signature],
    reference: &mut Reference,
) -> Result<Vec<Vec<Named>>, GraderError> {
    let Kind::Answer(answer) = &pack.kind else {
        return Ok(Vec::new());
    };
    let mut draws = Draws {
        pack,
        answer,
        signatures,
        unit: pack.hash.as_str(),
        reference,
    };
    draws.inputs(draw::declared(answer)?)
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
pub(super) fn with_gaps(answer: &AnswerKind, given: Vec<Array>) -> Vec<Array> {
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
        variants: Vec<Vec<Named>>,
        trace: Option<&TraceSpec>,
    ) -> Result<Made, GraderError> {
        let names: Vec<Wanted<'_>> = answer
            .referenced()
            .map(|field| Wanted::array(field.name.as_str()))
            .collect();
        if names.is_empty() {
            let cases = variants.into_iter().map(|inputs| PreparedCase {
                inputs,
                expected: with_gaps(answer, Vec::new()),
                steps: Vec::new(),
            });
            return Ok((vec![cases.collect()], Vec::new()));
        }
        let mut cases = self.evaluate("reference", variants, &names)?;
        for case in &mut cases {
            for (field, array) in answer.referenced().zip(&case.expected) {
                if !field.admits(&array.shape) {
                    return Err(GraderError::Pack(format!(
                        "the reference gives “{}” with shape {:?}, the field has {:?}",
                        field.name, array.shape, field.shape
                    )));
                }
            }
            case.expected = with_gaps(answer, std::mem::take(&mut case.expected));
        }
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
            return self.evaluate(&subtask.reference, inputs, &Wanted::of(subtask));
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
        wanted: &[Wanted<'_>],
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
                let expected = arrange(returned, wanted)?;
                Ok(PreparedCase {
                    inputs,
                    expected,
                    steps: Vec::new(),
                })
            })
            .collect()
    }
}

/// A value that a reference must give.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub name: &'a str,
    pub json: bool,
}

impl<'a> Wanted<'a> {
    pub fn array(name: &'a str) -> Wanted<'a> {
        Wanted { name, json: false }
    }

    pub fn of(subtask: &'a Subtask) -> Vec<Wanted<'a>> {
        let outputs = subtask.outputs.iter();
        outputs
            .map(|output| Wanted {
                name: output.name.as_str(),
                json: output.kind == OutputKind::Json,
            })
            .collect()
    }
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
pub(super) fn arrange(
    returned: Returned,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Array>, GraderError> {
    let fault = |one: json::Difference| {
        GraderError::Pack(format!("the reference's {} is not finite", one.place))
    };
    if let [Wanted { json: true, .. }] = wanted {
        let whole = json::of_named(returned.container, &returned.outputs).map_err(fault)?;
        return Ok(vec![json::to_array(&whole)]);
    }
    let names: Vec<&str> = wanted.iter().map(|one| one.name).collect();
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
    let arrays =
        outputs
            .into_iter()
            .zip(wanted)
            .map(|(output, &Wanted { name, json })| match output.value {
                value if json => Ok(json::to_array(
                    &json::of_value(&value, name).map_err(fault)?,
                )),
                Value::Array(array) if array.to_f64_vec().iter().all(|x| x.is_finite()) => {
                    Ok(array)
                }
                Value::Array(_) => Err(GraderError::Pack(format!(
                    "the reference's “{name}” is not finite"
                ))),
                Value::Json(_) => Err(GraderError::Pack(format!(
                    "the reference's “{name}” is no array"
                ))),
            });
    arrays.collect()
}
