//! The functions of `reference.py` that carry errors forward.

use super::PreparedCase;
use super::make::{COMPILE_DEADLINE, reference_file};
use crate::GraderError;
use crate::reference::{Device, Evaluation, Precision, Reference, Signature};
use gradien_problems::Pack;
use gradien_problems::pack::{AnswerKind, Carry, Entry, Field};
use gradien_sandbox::array::{Named, Value};
use std::time::Duration;

/// A handful of numbers: what takes longer does not end.
const EVALUATE_DEADLINE: Duration = Duration::from_secs(20);

/// A pack's reference, compiled for calls with other values than its inputs.
pub struct CarryUnit {
    name: String,
    functions: Vec<Signature>,
}

impl CarryUnit {
    pub fn compile(pack: &Pack, reference: &mut Reference) -> Result<CarryUnit, GraderError> {
        let name = format!("{}/carry", pack.hash);
        let functions = reference.compile(&name, vec![reference_file(pack)], COMPILE_DEADLINE)?;
        Ok(CarryUnit { name, functions })
    }

    pub fn forget(&self, reference: &mut Reference) -> Result<(), GraderError> {
        Ok(reference.forget(&self.name, COMPILE_DEADLINE)?)
    }

    /// The field's values (C order), where the function has one; those that are not
    /// finite agree with nothing. It is given those of `values` that its parameters
    /// name.
    pub fn evaluate(
        &self,
        reference: &mut Reference,
        field: &Field,
        carry: &Carry,
        values: &[Named],
    ) -> Result<Option<Vec<f64>>, GraderError> {
        let function = &carry.function;
        let fault = |what: String| GraderError::Pack(format!("carry of “{}”: {what}", field.name));
        let signature = self
            .functions
            .iter()
            .find(|signature| signature.name == *function)
            .ok_or_else(|| fault(format!("reference.py has no function “{function}”")))?;
        let arguments = signature
            .parameters
            .iter()
            .map(|parameter| {
                let known = values.iter().find(|value| value.name == parameter.name);
                known.cloned().ok_or_else(|| {
                    fault(format!(
                        "the parameter “{}” of {function} is no input and not in carry.from",
                        parameter.name
                    ))
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let evaluation = Evaluation {
            unit: self.name.clone(),
            function: function.clone(),
            cases: vec![arguments],
            device: Device::Cpu,
            precision: Precision::Double,
            batched: None,
        };
        let (returned, _) = reference.evaluate(evaluation, EVALUATE_DEADLINE)?;
        let Some(Ok(returned)) = returned.into_iter().next() else {
            return Ok(None);
        };
        match &returned.outputs[..] {
            [
                Named {
                    value: Value::Array(array),
                    ..
                },
            ] if array.shape == field.shape => Ok(Some(array.to_f64_vec())),
            _ => Err(fault(format!(
                "{function} must give one array of shape {:?}",
                field.shape
            ))),
        }
    }
}

/// Started from the right values, every carried field must be right, in each variant.
pub fn check(
    pack: &Pack,
    answer: &AnswerKind,
    cases: &[PreparedCase],
    reference: &mut Reference,
) -> Result<(), GraderError> {
    if answer.fields.iter().all(|field| field.carry.is_none()) {
        return Ok(());
    }
    let unit = CarryUnit::compile(pack, reference)?;
    for case in cases {
        check_case(&unit, answer, case, reference)?;
    }
    unit.forget(reference)
}

fn check_case(
    unit: &CarryUnit,
    answer: &AnswerKind,
    case: &PreparedCase,
    reference: &mut Reference,
) -> Result<(), GraderError> {
    for (field, expected) in answer.fields.iter().zip(&case.expected) {
        let Some(carry) = &field.carry else { continue };
        let mut values = case.inputs.clone();
        for (earlier, value) in answer.fields.iter().zip(&case.expected) {
            let itself = earlier.name == field.name && matches!(field.entry, Entry::Trace(_));
            if itself || carry.from.contains(&earlier.name) {
                values.push(Named {
                    name: earlier.name.to_string(),
                    value: value.clone().into(),
                });
            }
        }
        let follows = unit.evaluate(reference, field, carry, &values)?;
        let exact = Field {
            slack_units: 0.0,
            ..field.clone()
        };
        if !follows.is_some_and(|got| exact.agrees(&got, &expected.to_f64_vec())) {
            return Err(GraderError::Pack(format!(
                "carry of “{}”: from the right values {} does not give the right one",
                field.name, carry.function
            )));
        }
    }
    Ok(())
}
