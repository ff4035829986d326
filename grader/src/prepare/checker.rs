//! `checker.py`, compiled: judges where the right answer is not one value.
//!
//! Runs in the reference process, under its locks and its deadline, always on the
//! CPU. It is given what a student's program returned or typed fields as plain
//! arrays, whose shapes, kinds and finiteness were checked before: where it fails
//! all the same, the pack is at fault.

use super::make::COMPILE_DEADLINE;
use crate::GraderError;
use crate::reference::{CheckCase, Checked, Device, Reference, ReferenceError, SourceFile};
use gradien_problems::Pack;
use gradien_problems::message::Message;
use gradien_problems::pack::{CHECKER_FILE, Checker};
use gradien_sandbox::array::Named;
use std::time::Duration;

const CHECK_DEADLINE: Duration = Duration::from_secs(20);

pub struct CheckerUnit<'a> {
    name: String,
    checker: &'a Checker,
}

/// What a checker says of one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// A share from 0 to 1.
    pub points: f64,
    pub message: Option<Message>,
}

/// A sum of tenths is full too.
const FULL: f64 = 1.0 - 1e-9;

impl Judgement {
    pub fn is_full(&self) -> bool {
        self.points >= FULL
    }
}

impl<'a> CheckerUnit<'a> {
    /// `None` where the pack has no checker.
    ///
    /// # Errors
    /// It does not compile, or lacks one of `functions`.
    pub fn compile(
        pack: &'a Pack,
        functions: &[&str],
        reference: &mut Reference,
    ) -> Result<Option<CheckerUnit<'a>>, GraderError> {
        let Some(checker) = pack.kind.find_checker() else {
            return Ok(None);
        };
        let name = format!("{}/checker", pack.hash);
        let file = SourceFile {
            name: CHECKER_FILE.into(),
            text: checker.source.clone(),
        };
        let known = reference.compile(&name, vec![file], COMPILE_DEADLINE)?;
        for function in functions {
            let signature = known.iter().find(|one| one.name == *function);
            let returns = signature.map(|one| one.returns.replace(' ', ""));
            if returns.as_deref() != Some("Tuple[float,str]") {
                return Err(GraderError::Pack(format!(
                    "{CHECKER_FILE}: {function} must be a function that returns Tuple[float, str]"
                )));
            }
        }
        Ok(Some(CheckerUnit { name, checker }))
    }

    /// # Errors
    /// The checker fails, gives points outside 0 to 1, or names a text that the
    /// pack does not have.
    pub fn check(
        &self,
        function: &str,
        inputs: Vec<Named>,
        outputs: Vec<Named>,
        reference: &mut Reference,
    ) -> Result<Judgement, GraderError> {
        let case = CheckCase { inputs, outputs };
        let mut checked = reference.check(
            &self.name,
            function,
            vec![case],
            Device::Cpu,
            CHECK_DEADLINE,
        )?;
        let checked = checked
            .pop()
            .ok_or_else(|| GraderError::Pack(format!("{function} gave nothing")))?
            .map_err(ReferenceError::from)?;
        self.judgement(function, checked)
    }

    fn judgement(&self, function: &str, checked: Checked) -> Result<Judgement, GraderError> {
        let Checked { points, message } = checked;
        if !(0.0..=1.0).contains(&points) {
            return Err(GraderError::Pack(format!(
                "{function} gave {points} points; a share from 0 to 1 is expected"
            )));
        }
        let message = match message.as_str() {
            "" => None,
            key => match self.checker.texts.get(key) {
                Some(text) => Some(Message::Checked { text: text.clone() }),
                None => {
                    return Err(GraderError::Pack(format!(
                        "{function} names the text “{key}”, which checker.toml does not have"
                    )));
                }
            },
        };
        Ok(Judgement { points, message })
    }

    pub fn forget(self, reference: &mut Reference) -> Result<(), GraderError> {
        Ok(reference.forget(&self.name, COMPILE_DEADLINE)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Localized;

    #[test]
    fn points_and_texts_of_a_checker_are_not_believed_unseen() {
        let text = Localized {
            id: "Tiga.".into(),
            en: "Three.".into(),
        };
        let checker = Checker {
            source: String::new(),
            texts: [("three".to_owned(), text.clone())].into(),
        };
        let unit = CheckerUnit {
            name: "u".into(),
            checker: &checker,
        };
        let judged = |points: f64, message: &str| {
            let message = message.to_owned();
            unit.judgement("check", Checked { points, message })
        };
        let three = judged(0.75, "three").unwrap();
        assert_eq!(three.message, Some(Message::Checked { text }));
        assert!(!three.is_full() && judged(1.0, "").unwrap().is_full());
        for (points, message) in [
            (1.5, ""),
            (-0.1, ""),
            (f64::NAN, ""),
            (f64::INFINITY, ""),
            (1.0, "four"),
        ] {
            let error = judged(points, message).unwrap_err();
            assert!(matches!(error, GraderError::Pack(_)), "{points} {message}");
        }
    }
}
