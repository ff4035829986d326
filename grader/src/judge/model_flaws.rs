//! Mistakes that show in what a network does. Each is told only where a trial
//! proves it: the network is run on other inputs, or its classes are renamed, and
//! then does well. The two that say "nothing was learned" hold only near the
//! baseline, and tell apart whether a weight has moved at all.

use super::model::{DEADLINE, largest, read_outputs};
use crate::GraderError;
use crate::children::Children;
use crate::metrics::{Predicted, Truth, measure};
use crate::model::{Outcome, Request};
use crate::prepare::{Labels, Rows};
use gradien_problems::pack::{ModelFlaw, ModelFlawRule, ModelKind};
use gradien_problems::report::Split;
use gradien_sandbox::array::Array;

/// Of the way from the baseline to the best: nothing was learned.
const NEAR: f64 = 0.1;
/// A trial must get so far …
const GOOD: f64 = 0.5;
/// … and so much farther than the network did.
const BETTER: f64 = 0.3;

/// A network that did not reach the best.
pub struct Trial<'a> {
    pub kind: &'a ModelKind,
    pub rows: Rows<'a>,
    pub request: &'a Request,
    pub predicted: &'a Predicted,
    /// Of the metric on split A.
    pub value: Option<f64>,
    /// Every weight lies within the bounds of PyTorch's start.
    pub as_initialised: bool,
}

/// The first flaw of the pack that the network has.
pub fn find<'a>(
    trial: &Trial<'a>,
    children: &mut Children,
) -> Result<Option<&'a ModelFlaw>, GraderError> {
    for flaw in &trial.kind.flaws {
        let holds = match flaw.rule {
            ModelFlawRule::Constant => is_constant(trial.predicted),
            ModelFlawRule::Untrained => trial.is_near() && trial.as_initialised,
            ModelFlawRule::LearnedNothing => trial.is_near() && !trial.as_initialised,
            // Also networks that reach the best have it: see `judge`.
            ModelFlawRule::FittedToA => false,
            ModelFlawRule::ClassesPermuted => {
                let renamed = rename(trial.predicted, trial.rows.labels);
                renamed.is_some_and(|renamed| trial.is_better(&renamed))
            }
            ModelFlawRule::Rescaled => {
                let outputs = trial.run_rescaled(flaw, children)?;
                outputs.is_some_and(|outputs| trial.is_better(&read_outputs(trial.kind, &outputs)))
            }
        };
        if holds {
            return Ok(Some(flaw));
        }
    }
    Ok(None)
}

impl Trial<'_> {
    fn way(&self) -> f64 {
        let value = self.value.map(|value| self.kind.scoring.way(value));
        value.unwrap_or(f64::NEG_INFINITY)
    }

    fn is_near(&self) -> bool {
        self.way() <= NEAR
    }

    /// Whether other predictions are good, and much better than the network's.
    fn is_better(&self, other: &Predicted) -> bool {
        let labels = self.rows.labels;
        let of_split = labels.rows(Split::A);
        let (got, right) = (other.take(of_split), labels.truth.take(of_split));
        let value = measure(self.kind.scoring.metric, &got, &right);
        let way = value.map_or(f64::NEG_INFINITY, |value| self.kind.scoring.way(value));
        way >= GOOD && way >= self.way() + BETTER
    }

    /// `None` where it cannot be run so, or gives what is no number.
    fn run_rescaled(
        &self,
        flaw: &ModelFlaw,
        children: &mut Children,
    ) -> Result<Option<Array>, GraderError> {
        let inputs = &self.request.inputs;
        let values = inputs.to_f64_vec().into_iter();
        let values: Vec<f64> = values.map(|x| x * flaw.scale + flaw.shift).collect();
        let request = Request {
            inputs: Array::from_f64(&inputs.shape, &values),
            ..self.request.clone()
        };
        match children.evaluate(&request, DEADLINE)? {
            Outcome::Outputs { outputs, .. } => {
                let finite = outputs.to_f64_vec().iter().all(|value| value.is_finite());
                Ok(finite.then_some(outputs))
            }
            _ => Ok(None),
        }
    }
}

/// Whether scores differ or not, the class that they choose is the same.
fn is_constant(predicted: &Predicted) -> bool {
    match predicted {
        Predicted::Classes(_) | Predicted::Values(_) => predicted.is_constant(),
        Predicted::Scores { classes, values } => {
            let mut chosen = values.chunks(*classes).map(largest);
            let first = chosen.next();
            chosen.all(|class| Some(class) == first)
        }
    }
}

/// The predictions with every class under the name that most of its rows have, as
/// part A tells.
/// `None` where two would get the same name, or none another one.
fn rename(predicted: &Predicted, labels: &Labels) -> Option<Predicted> {
    let Truth::Classes {
        classes,
        labels: right,
    } = &labels.truth
    else {
        return None;
    };
    let chosen: Vec<usize> = match predicted {
        Predicted::Classes(chosen) => chosen.clone(),
        Predicted::Scores { classes, values } => values.chunks(*classes).map(largest).collect(),
        Predicted::Values(_) => return None,
    };
    let mut counts = vec![vec![0u32; *classes]; *classes];
    for &row in labels.rows(Split::A) {
        counts[chosen[row]][right[row]] += 1;
    }
    let name = |row: &Vec<u32>| {
        let best = row.iter().enumerate().max_by_key(|(_, count)| **count);
        best.filter(|(_, count)| **count > 0)
            .map(|(class, _)| class)
    };
    let names = counts.iter().map(name).collect::<Option<Vec<usize>>>()?;
    let mut seen = vec![false; *classes];
    let all_differ = names
        .iter()
        .all(|&name| !std::mem::replace(&mut seen[name], true));
    if !all_differ || names.iter().enumerate().all(|(class, &name)| class == name) {
        return None;
    }
    match predicted {
        Predicted::Scores { classes, values } => {
            let mut renamed = vec![0.0; values.len()];
            for (index, value) in values.iter().enumerate() {
                renamed[index / classes * classes + names[index % classes]] = *value;
            }
            Some(Predicted::Scores {
                classes: *classes,
                values: renamed,
            })
        }
        _ => Some(Predicted::Classes(
            chosen.into_iter().map(|class| names[class]).collect(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(labels: &[usize]) -> Labels {
        Labels {
            ids: Vec::new(),
            split_a: (0..labels.len()).collect(),
            split_b: Vec::new(),
            truth: Truth::Classes {
                classes: 3,
                labels: labels.to_vec(),
            },
        }
    }

    #[test]
    fn classes_are_renamed_one_to_one_or_not_at_all() {
        let right = truth(&[0, 0, 1, 1, 2, 2]);
        let of = |classes: &[usize]| rename(&Predicted::Classes(classes.to_vec()), &right);
        let all = Some(Predicted::Classes(vec![0, 0, 1, 1, 2, 2]));
        assert_eq!(of(&[1, 1, 2, 2, 0, 0]), all);
        assert_eq!(of(&[0, 0, 1, 1, 2, 2]), None, "as they are");
        assert_eq!(of(&[1, 1, 1, 1, 2, 2]), None, "a class that is never given");
        assert_eq!(of(&[0, 1, 1, 0, 2, 2]), None, "two would have one name");
        let scores = Predicted::Scores {
            classes: 3,
            values: vec![0.1, 0.9, 0.0, 0.2, 0.1, 0.7, 0.8, 0.1, 0.1],
        };
        assert_eq!(
            rename(&scores, &truth(&[0, 1, 2])),
            Some(Predicted::Scores {
                classes: 3,
                values: vec![0.9, 0.0, 0.1, 0.1, 0.7, 0.2, 0.1, 0.1, 0.8],
            })
        );
    }

    #[test]
    fn what_is_always_the_same_is_constant() {
        let scores = |values: &[f64]| Predicted::Scores {
            classes: 2,
            values: values.to_vec(),
        };
        assert!(is_constant(&Predicted::Classes(vec![2, 2, 2])));
        assert!(!is_constant(&Predicted::Classes(vec![2, 2, 1])));
        assert!(is_constant(&Predicted::Values(vec![0.5, 0.5])));
        assert!(is_constant(&scores(&[0.9, 0.1, 0.6, 0.4])));
        assert!(!is_constant(&scores(&[0.9, 0.1, 0.4, 0.6])));
    }
}
