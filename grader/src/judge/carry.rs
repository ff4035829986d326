//! Error carried forward: what a field would be if the student's own values of
//! earlier fields were right.
//!
//! The function is the pack's, the numbers are the student's: they are plain
//! float64 that go into the reference process and come back into this one, and
//! the process that runs programs sees neither. Always on the CPU, so that no
//! score depends on the machine.

use crate::GraderError;
use crate::children::Children;
use crate::prepare::CarryUnit;
use gradien_problems::Pack;
use gradien_problems::pack::{AnswerKind, Entry, Field};
use gradien_sandbox::array::{Array, Named};

/// Compiles the reference when the first field needs it, once per judgement.
pub struct Carrier<'a> {
    pack: &'a Pack,
    answer: &'a AnswerKind,
    /// The pack's fixed inputs.
    inputs: &'a [Named],
    children: &'a mut Children,
    unit: Option<CarryUnit>,
}

impl<'a> Carrier<'a> {
    pub fn new(
        pack: &'a Pack,
        answer: &'a AnswerKind,
        inputs: &'a [Named],
        children: &'a mut Children,
    ) -> Self {
        Carrier {
            pack,
            answer,
            inputs,
            children,
            unit: None,
        }
    }

    /// The values of `field` (C order) that follow from the typed ones; `None`
    /// where the pack declares none, an earlier field cannot be read, or the
    /// pack's function fails there. A trace is given `own`, what was typed into it,
    /// with NaN in the cells that cannot be read.
    pub fn find(
        &mut self,
        field: &Field,
        typed: &[Option<Vec<f64>>],
        own: Vec<f64>,
    ) -> Result<Option<Vec<f64>>, GraderError> {
        let Some(carry) = &field.carry else {
            return Ok(None);
        };
        let mut values = self.inputs.to_vec();
        for name in &carry.from {
            let earlier = self.answer.fields.iter().zip(typed);
            let Some((earlier, Some(numbers))) = earlier
                .into_iter()
                .find(|(earlier, _)| earlier.name == *name)
            else {
                return Ok(None);
            };
            values.push(Named {
                name: name.to_string(),
                value: Array::from_f64(&earlier.shape, numbers).into(),
            });
        }
        if matches!(field.entry, Entry::Trace(_)) {
            values.push(Named {
                name: field.name.to_string(),
                value: Array::from_f64(&field.shape, &own).into(),
            });
        }
        let reference = self.children.reference()?;
        if self.unit.is_none() {
            self.unit = Some(CarryUnit::compile(self.pack, reference)?);
        }
        let unit = self
            .unit
            .as_ref()
            .unwrap_or_else(|| unreachable!("made above"));
        unit.evaluate(reference, field, carry, &values)
    }

    /// Drops what was compiled.
    pub fn finish(self) -> Result<(), GraderError> {
        match self.unit {
            Some(unit) => unit.forget(self.children.reference()?),
            None => Ok(()),
        }
    }
}
