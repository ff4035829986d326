//! The steps of the right computation: what the pack's trace gives for a case.
//!
//! They are only shown, never compared with what a student handed in but where
//! a step is a field; that one must then have the field's right value, or the
//! page would contradict itself.

use super::PreparedCase;
use crate::GraderError;
use crate::reference::Returned;
use gradien_problems::pack::{AnswerKind, Field};
use gradien_sandbox::array::{Named, Value};

/// More steps than anybody reads.
const MAX_STEPS: usize = 64;
const MAX_NAME_CHARS: usize = 64;

/// What a trace returned, as the steps of a case.
///
/// # Errors
/// [`GraderError::Pack`] says what the pack's function gives instead of named arrays.
pub fn read(function: &str, returned: Returned) -> Result<Vec<Named>, GraderError> {
    let fault = |what: &str| GraderError::Pack(format!("{function} in reference.py {what}"));
    let steps = returned.outputs;
    if steps.is_empty() || steps.len() > MAX_STEPS {
        return Err(fault(&format!("must give 1 to {MAX_STEPS} steps")));
    }
    for (index, step) in steps.iter().enumerate() {
        // A tuple's or a plain list's items are named by their places.
        let unnamed = step.name.is_empty() || step.name.parse::<usize>().is_ok();
        if unnamed || !matches!(step.value, Value::Array(_)) {
            return Err(fault(
                "must return Dict[str, Tensor] or List[Tuple[str, Tensor]]",
            ));
        }
        if step.name.chars().count() > MAX_NAME_CHARS {
            return Err(fault("gives a step a name of more than 64 characters"));
        }
        if steps[..index].iter().any(|other| other.name == step.name) {
            return Err(fault(&format!("gives the step “{}” twice", step.name)));
        }
    }
    Ok(steps)
}

/// Steps that are fields have the fields' right values.
pub fn check_fields(answer: &AnswerKind, case: &PreparedCase) -> Result<(), GraderError> {
    for (field, expected) in answer.fields.iter().zip(&case.expected) {
        let name = field.name.as_str();
        let Some(step) = case.steps.iter().find(|step| step.name == name) else {
            continue;
        };
        let exact = Field {
            slack_units: 0.0,
            ..field.clone()
        };
        let expected = expected.to_f64_vec();
        let agrees = match &step.value {
            Value::Array(array) => {
                field.admits(&array.shape) && exact.agrees(&array.to_f64_vec(), &expected)
            }
            Value::Json(_) => false,
        };
        if !agrees {
            return Err(GraderError::Pack(format!(
                "the trace's step “{name}” is not the field's right value"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_sandbox::array::Array;
    use gradien_sandbox::job::Container;

    fn said(names: &[&str]) -> Result<Vec<Named>, GraderError> {
        let outputs = names.iter().map(|name| Named {
            name: (*name).to_owned(),
            value: Array::scalar_f64(0.5).into(),
        });
        let returned = Returned {
            container: Container::Dict,
            outputs: outputs.collect(),
        };
        read("trace", returned)
    }

    #[test]
    fn steps_have_names_of_their_own() {
        assert_eq!(said(&["z", "a"]).unwrap().len(), 2);
        for (names, part) in [
            (&["z", "z"][..], "“z” twice"),
            (&["0", "1"][..], "Dict[str, Tensor]"),
            (&[""][..], "Dict[str, Tensor]"),
            (&[][..], "1 to 64 steps"),
        ] {
            let error = said(names).unwrap_err();
            assert!(error.chain().contains(part), "{}", error.chain());
        }
    }
}
