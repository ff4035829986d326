//! Judges a table of predictions: reads it in a locked process, measures both
//! parts of the hidden rows, and gives points for part A.
//!
//! Part B is measured at once, kept in the report, and shown by whoever decides
//! what is shown. What is said of flaws looks at part A alone, so that it tells
//! nothing of B, but for the one flaw that is marked as telling of B.

use super::overfit::is_fitted_to_a;
use super::{refused, split_subtask};
use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::Children;
use crate::inspect::{ColumnSpec, Reply, Request, Table, TableSpec, Values};
use crate::metrics::{Predicted, Truth, measure};
use crate::prepare::{Labels, Prepared};
use gradien_problems::message::Message;
use gradien_problems::pack::{FlawRule, PredictionKind};
use gradien_problems::protocol::{MAX_PREDICTION_BYTES, Upload};
use gradien_problems::report::{MetricValue, Provenance, Split};
use gradien_problems::{Pack, Report, Score, Verdict};

/// [`FlawRule::Shuffled`]: so much of the way in the order of the rows, …
const IN_ORDER_SHARE: f64 = 0.5;
/// … and less than this by the ids.
const BY_IDS_SHARE: f64 = 0.1;

pub fn judge(
    pack: &Pack,
    kind: &PredictionKind,
    prepared: &Prepared,
    file: &Upload,
    blobs: &Blobs,
    children: &mut Children,
    provenance: Provenance,
) -> Result<Report, GraderError> {
    let labels = prepared.labels.as_ref();
    let labels = labels.ok_or_else(|| GraderError::Pack("its labels were not read".into()))?;
    let request = Request::Table {
        bytes: blobs.read(file, MAX_PREDICTION_BYTES)?,
        spec: spec(kind, labels),
    };
    let table = match children.inspect(&request)? {
        Reply::Table(table) => table,
        Reply::Faults { faults, more } => {
            let subtask = split_subtask(pack, Verdict::CompileError, Score::ZERO);
            return Ok(refused(pack, file, faults, more, vec![subtask], provenance));
        }
        Reply::Notebook { .. } => return Err(GraderError::Pack("another answer".into())),
    };
    let predicted = predicted(&table.columns, &labels.truth);
    let metrics: Vec<MetricValue> = [Split::A, Split::B]
        .into_iter()
        .map(|split| MetricValue {
            name: kind.scoring.metric.name(),
            split,
            value: value(kind, &predicted, labels, split),
        })
        .collect();
    let full = Score::from_points(kind.scoring.points);
    let score = kind.scoring.score(metrics[0].value);
    let verdict = match score == full {
        true => Verdict::Accepted,
        false => Verdict::WrongAnswer,
    };
    Ok(Report {
        score,
        subtasks: vec![split_subtask(pack, verdict, score)],
        messages: flaws(kind, &table, &predicted, labels),
        metrics,
        ..Report::bare(verdict, full, provenance)
    })
}

fn spec(kind: &PredictionKind, labels: &Labels) -> TableSpec {
    let columns = kind.columns.iter().map(|column| ColumnSpec {
        name: column.name.to_string(),
        kind: column.kind,
        classes: kind.classes.clone(),
    });
    TableSpec {
        format: kind.format,
        columns: columns.collect(),
        ids: Some(labels.ids.clone()),
    }
}

/// The pack's check has seen to it that the columns are those of the metric.
fn predicted(columns: &[Values], truth: &Truth) -> Predicted {
    match (columns, truth) {
        ([Values::Classes(classes)], _) => {
            Predicted::Classes(classes.iter().map(|&class| class as usize).collect())
        }
        ([Values::Numbers(numbers)], Truth::Values(_)) => Predicted::Values(numbers.clone()),
        (columns, truth) => {
            let columns = columns.iter().map(|column| match column {
                Values::Numbers(numbers) => numbers.as_slice(),
                Values::Classes(_) => &[],
            });
            let columns: Vec<&[f64]> = columns.collect();
            let rows = 0..truth.rows();
            let row = |row: usize| columns.iter().map(move |column| column[row]);
            Predicted::Scores {
                classes: columns.len(),
                values: rows.flat_map(row).collect(),
            }
        }
    }
}

fn value(
    kind: &PredictionKind,
    predicted: &Predicted,
    labels: &Labels,
    split: Split,
) -> Option<f64> {
    let rows = labels.rows(split);
    measure(
        kind.scoring.metric,
        &predicted.take(rows),
        &labels.truth.take(rows),
    )
}

fn flaws(
    kind: &PredictionKind,
    table: &Table,
    predicted: &Predicted,
    labels: &Labels,
) -> Vec<Message> {
    let found = kind.flaws.iter().filter(|flaw| match flaw.rule {
        FlawRule::Constant => predicted.is_constant(),
        FlawRule::FittedToA => is_fitted_to_a(&kind.scoring, predicted, labels),
        FlawRule::Shuffled => {
            // Which row of the labels each row of the file speaks of.
            let mut in_order = vec![0; table.places.len()];
            for (row, &place) in table.places.iter().enumerate() {
                in_order[place as usize] = row;
            }
            let share = |predicted: &Predicted| {
                kind.scoring.share(value(kind, predicted, labels, Split::A))
            };
            share(predicted) < BY_IDS_SHARE && share(&predicted.take(&in_order)) >= IN_ORDER_SHARE
        }
    });
    found
        .map(|flaw| Message::Flaw {
            text: flaw.text.clone(),
            on_b: flaw.rule == FlawRule::FittedToA,
        })
        .collect()
}
