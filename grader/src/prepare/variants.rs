//! Variants of a hand computation: the same task with other numbers.
//!
//! Theory of operation. Candidates are drawn one after another, each from streams of
//! its own, and the first that pass are kept; so a variant's numbers follow from the
//! pack alone. Drawing is always on the CPU in float64: which candidates pass must
//! not depend on the device that computes the right answers afterwards. A candidate
//! passes if
//! - no variant before it has the same numbers;
//! - the reference gives finite values, of the fields' shapes;
//! - no right value sits on a rounding edge, where two roundings are right: it keeps
//!   [`EDGE`] units of the last digit asked for away from it, and whole numbers are
//!   whole;
//! - every misconception that speaks of the pack's own numbers speaks of these, and
//!   is told from the right answer and from every other one;
//! - the pack's own `accept` says so, where it has one.
//!
//! The pack's own numbers are the first variant and must pass the same rules.

use super::make::{EVALUATE_DEADLINE, Wanted, arrange, with_gaps};
use super::{PreparedCase, PreparedMisconception, draw, wrong};
use crate::GraderError;
use crate::reference::{Device, Evaluation, Precision, Reference, ReferenceError, Signature};
use gradien_problems::Pack;
use gradien_problems::given::Given;
use gradien_problems::pack::{AnswerKind, Field, Variants};
use gradien_sandbox::array::{Array, Named, Value};
use std::fmt;

/// In units of the last digit.
const EDGE: f64 = 0.02;
/// Values come from floating-point arithmetic.
const WHOLE: f64 = 1e-6;
/// Candidates that are looked at for each variant that is wanted.
const MAX_DRAWN: u64 = 200;
const BATCH: u64 = 64;

/// Why a candidate is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Repeated,
    NoValue,
    OnAnEdge,
    NotToldApart,
    NotAccepted,
}

impl Flaw {
    const ALL: [Flaw; 5] = [
        Flaw::Repeated,
        Flaw::NoValue,
        Flaw::OnAnEdge,
        Flaw::NotToldApart,
        Flaw::NotAccepted,
    ];
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flaw::Repeated => "repeat numbers drawn before",
            Flaw::NoValue => "give no finite value",
            Flaw::OnAnEdge => "have a value on a rounding edge",
            Flaw::NotToldApart => "do not tell the misconceptions apart",
            Flaw::NotAccepted => "are refused by the pack's own function",
        })
    }
}

/// What the reference process is asked for.
pub(super) struct Draws<'a> {
    pub pack: &'a Pack,
    pub answer: &'a AnswerKind,
    /// The functions of the compiled reference.
    pub signatures: &'a [Signature],
    /// The name under which it was compiled.
    pub unit: &'a str,
    pub reference: &'a mut Reference,
}

impl Draws<'_> {
    /// The inputs of every variant, the pack's own first.
    ///
    /// # Errors
    /// [`GraderError::Pack`]: the pack's own numbers break a rule, or too few
    /// candidates pass; it says how many broke which rule.
    pub fn inputs(&mut self, own: Vec<Named>) -> Result<Vec<Vec<Named>>, GraderError> {
        let Some(variants) = &self.answer.variants else {
            return Ok(vec![own]);
        };
        let first = self.look(variants, vec![own.clone()])?;
        // Which of them speak of the pack's own numbers.
        let speaks: Vec<bool> = first
            .misconceptions
            .iter()
            .map(|one| said(one, 0).is_some())
            .collect();
        if let Some(flaw) = first.flaw(self, 0, &speaks) {
            return Err(GraderError::Pack(format!(
                "the declared values cannot be a variant: they {flaw}"
            )));
        }
        let mut kept = vec![own];
        let mut refused = [0u64; Flaw::ALL.len()];
        let wanted = variants.count as usize;
        let most = MAX_DRAWN * u64::from(variants.count);
        let mut drawn = 0;
        while kept.len() < wanted {
            if drawn >= most {
                return Err(too_few(kept.len(), wanted, drawn, &refused));
            }
            let candidates = (drawn..drawn + BATCH)
                .map(|index| draw::draw_variant(self.answer, variants.seed, index))
                .collect::<Result<Vec<_>, _>>()?;
            drawn += BATCH;
            let looked = self.look(variants, candidates)?;
            for (index, inputs) in looked.inputs.iter().enumerate() {
                if kept.len() == wanted {
                    break;
                }
                let flaw = match kept.contains(inputs) {
                    true => Some(Flaw::Repeated),
                    false => looked.flaw(self, index, &speaks),
                };
                match flaw {
                    Some(flaw) => refused[flaw as usize] += 1,
                    None => kept.push(inputs.clone()),
                }
            }
        }
        Ok(kept)
    }

    fn look(
        &mut self,
        variants: &Variants,
        inputs: Vec<Vec<Named>>,
    ) -> Result<Looked, GraderError> {
        let expected = self.expected(&inputs)?;
        let cases: Vec<PreparedCase> = inputs
            .iter()
            .map(|inputs| PreparedCase {
                inputs: inputs.clone(),
                expected: Vec::new(),
                steps: Vec::new(),
            })
            .collect();
        let accepted = match &variants.accept {
            Some(function) => self.accepted(function, &inputs, &expected)?,
            None => vec![true; inputs.len()],
        };
        let subtasks = vec![cases];
        let misconceptions = self.pack.misconceptions.iter().map(|one| {
            wrong::evaluate(
                self.pack,
                one,
                &subtasks,
                self.reference,
                Device::Cpu,
                Precision::Double,
            )
        });
        Ok(Looked {
            misconceptions: misconceptions.collect::<Result<_, _>>()?,
            inputs,
            expected,
            accepted,
        })
    }

    /// The right values of each candidate's fields; `None` where the reference
    /// fails or gives what is not finite or of another shape.
    fn expected(&mut self, inputs: &[Vec<Named>]) -> Result<Vec<Option<Vec<Array>>>, GraderError> {
        let fields: Vec<&Field> = self.answer.referenced().collect();
        let names: Vec<Wanted<'_>> = fields
            .iter()
            .map(|field| Wanted::array(field.name.as_str()))
            .collect();
        if names.is_empty() {
            let gaps = with_gaps(self.answer, Vec::new());
            return Ok(vec![Some(gaps); inputs.len()]);
        }
        let (returned, _) = self.evaluate("reference", inputs.to_vec())?;
        let values = returned.into_iter().map(|one| {
            let arrays = arrange(one.ok()?, &names).ok()?;
            let mut pairs = fields.iter().zip(&arrays);
            let fit = pairs.all(|(field, array)| field.admits(&array.shape));
            fit.then(|| with_gaps(self.answer, arrays))
        });
        Ok(values.collect())
    }

    /// What the pack's own rule says of each candidate that has values.
    fn accepted(
        &mut self,
        function: &str,
        inputs: &[Vec<Named>],
        expected: &[Option<Vec<Array>>],
    ) -> Result<Vec<bool>, GraderError> {
        let fault = |what: String| GraderError::Pack(format!("variants.accept: {what}"));
        let known = self.signatures.iter().find(|one| one.name == function);
        let signature =
            known.ok_or_else(|| fault(format!("reference.py has no function “{function}”")))?;
        let mut accepted = vec![false; inputs.len()];
        let mut asked = Vec::new();
        let mut cases = Vec::new();
        for (index, (inputs, expected)) in inputs.iter().zip(expected).enumerate() {
            let Some(expected) = expected else { continue };
            let fields = self.answer.fields.iter().zip(expected);
            let fields = fields.map(|(field, array)| Named {
                name: field.name.to_string(),
                value: array.clone().into(),
            });
            let values: Vec<Named> = inputs.iter().cloned().chain(fields).collect();
            let arguments = signature.parameters.iter().map(|parameter| {
                let value = values.iter().find(|value| value.name == parameter.name);
                value.cloned().ok_or_else(|| {
                    fault(format!(
                        "the parameter “{}” of {function} is neither an input nor a field",
                        parameter.name
                    ))
                })
            });
            cases.push(arguments.collect::<Result<Vec<_>, _>>()?);
            asked.push(index);
        }
        let (returned, _) = self.evaluate(function, cases)?;
        for (index, returned) in asked.into_iter().zip(returned) {
            let outputs = returned.map_err(ReferenceError::from)?.outputs;
            accepted[index] = match &outputs[..] {
                [
                    Named {
                        value: Value::Array(array),
                        ..
                    },
                ] if array.count() == 1 => array.to_f64_vec()[0] != 0.0,
                _ => return Err(fault(format!("{function} must return bool"))),
            };
        }
        Ok(accepted)
    }

    fn evaluate(
        &mut self,
        function: &str,
        cases: Vec<Vec<Named>>,
    ) -> Result<Evaluated, ReferenceError> {
        let evaluation = Evaluation {
            unit: self.unit.to_owned(),
            function: function.to_owned(),
            cases,
            device: Device::Cpu,
            precision: Precision::Double,
            batched: None,
        };
        self.reference.evaluate(evaluation, EVALUATE_DEADLINE)
    }
}

type Evaluated = (
    Vec<Result<crate::reference::Returned, crate::reference::Fault>>,
    crate::reference::Batching,
);

/// Candidates with all that the rules need to know of them.
struct Looked {
    inputs: Vec<Vec<Named>>,
    expected: Vec<Option<Vec<Array>>>,
    accepted: Vec<bool>,
    misconceptions: Vec<PreparedMisconception>,
}

impl Looked {
    fn flaw(&self, draws: &Draws<'_>, index: usize, speaks: &[bool]) -> Option<Flaw> {
        let Some(expected) = &self.expected[index] else {
            return Some(Flaw::NoValue);
        };
        let checked = draws.answer.fields.iter().zip(expected);
        if checked
            .into_iter()
            .any(|(field, array)| on_an_edge(field, array))
        {
            return Some(Flaw::OnAnEdge);
        }
        if !self.accepted[index] {
            return Some(Flaw::NotAccepted);
        }
        let mut values: Vec<&[Array]> = vec![expected];
        for (one, speaks) in self.misconceptions.iter().zip(speaks) {
            match said(one, index) {
                Some(said) => values.push(said),
                None if *speaks => return Some(Flaw::NotToldApart),
                None => {}
            }
        }
        let alike = |at: usize| {
            let mut before = values[..at].iter();
            before.any(|other| wrong::all_agree(draws.pack, 0, values[at], other))
        };
        (1..values.len()).any(alike).then_some(Flaw::NotToldApart)
    }
}

fn said(one: &PreparedMisconception, index: usize) -> Option<&[Array]> {
    one.subtasks.first()?.get(index)?.as_deref()
}

/// Whether some value is as near to the next digit as to the one before it. Of a
/// field that a checker judges there is none.
fn on_an_edge(field: &Field, array: &Array) -> bool {
    let values = array.to_f64_vec();
    values.into_iter().enumerate().any(|(index, value)| {
        let precision = field.precision(index);
        if precision.integer {
            return (value - value.round()).abs() > WHOLE;
        }
        let units = value.abs() * 10f64.powi(precision.decimals as i32);
        (units.fract() - 0.5).abs() < EDGE
    })
}

fn too_few(kept: usize, wanted: usize, drawn: u64, refused: &[u64]) -> GraderError {
    let reasons: Vec<String> = Flaw::ALL
        .into_iter()
        .zip(refused)
        .filter(|(_, count)| **count > 0)
        .map(|(flaw, count)| format!("{count} {flaw}"))
        .collect();
    GraderError::Pack(format!(
        "only {kept} of {wanted} variants were found among {drawn} drawn: {}; widen what varies, or ask for fewer",
        reasons.join(", ")
    ))
}

impl PreparedCase {
    /// Its numbers, as statements show them.
    pub fn given(&self) -> Vec<Given> {
        let numbers = self.inputs.iter().filter_map(|input| match &input.value {
            Value::Array(array) => Some(Given {
                name: input.name.parse().ok()?,
                shape: array.shape.clone(),
                elements: array.to_f64_vec(),
            }),
            Value::Json(_) => None,
        });
        numbers.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Localized;
    use gradien_problems::pack::Entry;

    fn field(entry: Entry, decimals: u32) -> Field {
        let label = Localized {
            id: "a".into(),
            en: "a".into(),
        };
        Field {
            name: "a".parse().unwrap(),
            label,
            entry,
            shape: vec![2],
            points: 1,
            decimals,
            slack_units: 0.0,
            carry: None,
        }
    }

    #[test]
    fn values_that_round_both_ways_are_on_an_edge() {
        for (value, decimals, on) in [
            (0.6455, 3, true),
            (0.64551, 3, true),
            (0.6456, 3, false),
            (-0.125, 2, true),
            (0.125, 3, false),
            (2.5, 0, true),
            (2.0, 0, false),
        ] {
            let array = Array::from_f64(&[2], &[0.0, value]);
            let field = field(Entry::Number, decimals);
            assert_eq!(on_an_edge(&field, &array), on, "{value} {decimals}");
        }
        let whole = field(Entry::Integer, 0);
        assert!(on_an_edge(&whole, &Array::from_f64(&[2], &[1.0, 0.25])));
        assert!(!on_an_edge(&whole, &Array::from_f64(&[2], &[1.0, -3.0])));
    }
}
