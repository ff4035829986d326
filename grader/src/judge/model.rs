//! Judges a network by what it gives for hidden rows.
//!
//! The model process is given the file of weights, the layers and the inputs of
//! all rows at once; what comes back are numbers, and everything that is known of
//! the right answers stays here. The rows of both splits are run together, so
//! that nothing tells them apart. A value of the metric is rounded as the pack
//! declares before it is scored and kept: a network's last bits differ between
//! devices, its score should not.

use super::model_flaws::{self, Trial};
use super::overfit::is_fitted_to_a;
use super::split_subtask;
use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::Children;
use crate::metrics::{Predicted, measure};
use crate::model::{self, ModelFault, NetworkText, Outcome};
use crate::prepare::{Prepared, Rows};
use crate::reference::Device;
use gradien_problems::message::NetworkFault;
use gradien_problems::pack::{Compares, ModelFlawRule, ModelKind, Network};
use gradien_problems::protocol::Upload;
use gradien_problems::report::{MetricValue, Provenance, Split};
use gradien_problems::{Message, Pack, Report, Score, Verdict};
use gradien_sandbox::array::Array;
use std::time::Duration;

/// A network within its caps is through in a fraction of this.
pub const DEADLINE: Duration = Duration::from_secs(60);

pub fn judge(
    pack: &Pack,
    kind: &ModelKind,
    prepared: &Prepared,
    (file, layers): (&Upload, Option<&str>),
    blobs: &Blobs,
    children: &mut Children,
    provenance: Provenance,
) -> Result<Report, GraderError> {
    let mut report = Unjudged { pack, provenance };
    let network = match (&kind.network, layers) {
        (Network::Declared(network), None) => model::Network::Checked(network.clone()),
        (Network::Own(own), Some(text)) => model::Network::Written(NetworkText {
            text: text.to_owned(),
            own: own.clone(),
        }),
        (Network::Declared(_), Some(_)) => return Ok(report.of_fault(NetworkFault::LayersNotAsked)),
        (Network::Own(_), None) => return Ok(report.of_fault(NetworkFault::LayersMissing)),
    };
    let rows = Rows::of(prepared)?;
    let device = children.model()?.best_device();
    report.provenance.device = match device {
        Device::Cpu => "cpu".into(),
        Device::Cuda => "cuda".into(),
    };
    let request = model::Request {
        network,
        weights: blobs.read(file, kind.max_bytes)?,
        inputs: rows.inputs.clone(),
        batch: kind.batch,
        device,
    };
    let (outputs, as_initialised) = match children.evaluate(&request, DEADLINE)? {
        Outcome::Outputs {
            outputs,
            as_initialised,
        } => (outputs, as_initialised),
        other => return Ok(report.of_fault(fault(other, file)?)),
    };
    let values = outputs.to_f64_vec();
    let infinite = values.iter().filter(|value| !value.is_finite()).count() as u64;
    if infinite > 0 {
        return Ok(report.of_fault(NetworkFault::OutputsNotFinite {
            count: infinite,
            total: values.len() as u64,
        }));
    }
    let predicted = read_outputs(kind, &outputs);
    let metrics = metrics(kind, rows, &predicted);
    let score = kind.scoring.score(metrics[0].value);
    let max_score = pack.max_score();
    let verdict = match score == max_score {
        true => Verdict::Accepted,
        false => Verdict::WrongAnswer,
    };
    let mut messages = Vec::new();
    if verdict != Verdict::Accepted {
        let trial = Trial {
            kind,
            rows,
            request: &request,
            predicted: &predicted,
            value: metrics[0].value,
            as_initialised,
        };
        let flaw = model_flaws::find(&trial, children)?;
        messages.extend(flaw.map(|flaw| Message::Flaw {
            text: flaw.text.clone(),
            on_b: false,
        }));
    }
    let fitted = kind.flaws.iter().find(|flaw| {
        flaw.rule == ModelFlawRule::FittedToA
            && is_fitted_to_a(&kind.scoring, &predicted, rows.labels)
    });
    messages.extend(fitted.map(|flaw| Message::Flaw {
        text: flaw.text.clone(),
        on_b: true,
    }));
    Ok(report.finish(verdict, score, metrics, messages))
}

/// What a viewer of the report is told of an outcome that gave no outputs.
///
/// # Errors
/// What is the pack's fault, or ours.
fn fault(outcome: Outcome, file: &Upload) -> Result<NetworkFault, GraderError> {
    match outcome {
        Outcome::Weights { faults, more } => Ok(NetworkFault::Weights {
            name: file.name.clone(),
            faults,
            more,
        }),
        Outcome::Layers(what) => Ok(NetworkFault::Layers { what }),
        Outcome::Deadline => Ok(NetworkFault::Deadline {
            limit_ms: DEADLINE.as_millis() as u64,
        }),
        Outcome::Failed(ModelFault::OutOfMemory) => Ok(NetworkFault::OutOfMemory),
        Outcome::Failed(fault @ (ModelFault::UnknownId { .. } | ModelFault::Inputs { .. })) => {
            Err(GraderError::Pack(format!("the hidden rows: {fault:?}")))
        }
        Outcome::Failed(fault @ (ModelFault::NoDevice | ModelFault::Runtime { .. })) => {
            Err(GraderError::Model(fault))
        }
        Outcome::Outputs { .. } => unreachable!("outputs are no fault"),
    }
}

/// The metric on both parts, A first, rounded.
fn metrics(kind: &ModelKind, rows: Rows<'_>, predicted: &Predicted) -> Vec<MetricValue> {
    let metric = kind.scoring.metric;
    let parts = [Split::A, Split::B].into_iter().map(|split| {
        let of_split = rows.labels.rows(split);
        let right = rows.labels.truth.take(of_split);
        let value = measure(metric, &predicted.take(of_split), &right);
        MetricValue {
            name: metric.name(),
            split,
            value: value.map(|value| kind.scoring.round(value)),
        }
    });
    parts.collect()
}

/// What finite outputs predict. Of equal scores the first counts, as `argmax` of
/// NumPy and PyTorch has it.
pub fn read_outputs(kind: &ModelKind, outputs: &Array) -> Predicted {
    let values = outputs.to_f64_vec();
    let width = kind.network.output().first().copied().unwrap_or(1);
    match (kind.scoring.metric.compares(), width) {
        (Compares::Numbers, _) => Predicted::Values(values),
        (Compares::Probabilities, classes) => Predicted::Scores { classes, values },
        (Compares::Classes, 1) => {
            let class = |&value: &f64| usize::from(value >= kind.threshold);
            Predicted::Classes(values.iter().map(class).collect())
        }
        (Compares::Classes, _) => Predicted::Classes(values.chunks(width).map(largest).collect()),
    }
}

/// The place of the largest, the first of equal ones.
pub fn largest(scores: &[f64]) -> usize {
    let places = scores.iter().enumerate();
    let best = places.fold((0, f64::NEG_INFINITY), |best, (place, &score)| {
        if score > best.1 { (place, score) } else { best }
    });
    best.0
}

struct Unjudged<'a> {
    pack: &'a Pack,
    provenance: Provenance,
}

impl Unjudged<'_> {
    fn of_fault(self, what: NetworkFault) -> Report {
        let verdict = match &what {
            what if what.is_of_values() => Verdict::WrongAnswer,
            NetworkFault::OutOfMemory => Verdict::MemoryLimit,
            NetworkFault::Deadline { .. } => Verdict::WallTimeLimit,
            // The form of what was handed in: costs no attempt.
            _ => Verdict::CompileError,
        };
        let messages = vec![Message::Network { what }];
        self.finish(verdict, Score::ZERO, Vec::new(), messages)
    }

    fn finish(
        self,
        verdict: Verdict,
        score: Score,
        metrics: Vec<MetricValue>,
        messages: Vec<Message>,
    ) -> Report {
        Report {
            score,
            subtasks: vec![split_subtask(self.pack, verdict, score)],
            messages,
            metrics,
            ..Report::bare(verdict, self.pack.max_score(), self.provenance)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_scores_is_the_largest() {
        for (scores, place) in [
            (&[0.1, 0.3, 0.3][..], 1),
            (&[-5.0, -7.0], 0),
            (&[f64::MIN, f64::MIN], 0),
            (&[0.0, -0.0], 0),
        ] {
            assert_eq!(largest(scores), place);
        }
    }
}
