//! Kinds `prediction` and `model`: the hidden labels, read once per pack version.
//!
//! A pack is a stranger's too, so its file of labels is read as every foreign
//! file is. The process that does it ends before a submission comes.

use super::Prepared;
use crate::GraderError;
use crate::inspect::{ColumnSpec, InspectConfig, Reply, Request, TableSpec, Values, inspect};
use crate::metrics::{Predicted, Truth, measure};
use gradien_problems::FieldName;
use gradien_problems::pack::{
    ColumnKind, Compares, MAX_LABELS_BYTES, Metric, PredictionKind, Scoring, TableFormat,
};
use gradien_problems::report::Split;
use gradien_problems::{Language, Pack};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Read;

const SPLITS: [&str; 2] = ["A", "B"];

/// What is right, row by row, in the order of the pack's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Labels {
    pub ids: Vec<String>,
    /// Indices of rows, rising.
    pub split_a: Vec<usize>,
    pub split_b: Vec<usize>,
    pub truth: Truth,
}

impl Labels {
    pub fn rows(&self, split: Split) -> &[usize] {
        match split {
            Split::A => &self.split_a,
            Split::B => &self.split_b,
        }
    }
}

/// A file of labels, and what they are measured by.
pub(super) struct Source<'a> {
    pub file: &'a str,
    pub target: &'a FieldName,
    pub classes: &'a [String],
    pub scoring: &'a Scoring,
}

pub(super) fn make(
    pack: &Pack,
    kind: &PredictionKind,
    config: &InspectConfig,
) -> Result<Prepared, GraderError> {
    let source = Source {
        file: &kind.labels,
        target: &kind.target,
        classes: &kind.classes,
        scoring: &kind.scoring,
    };
    let (labels, _) = source.read(pack, Vec::new(), config)?;
    Ok(Prepared {
        device: "cpu".into(),
        subtasks: Vec::new(),
        samples: Vec::new(),
        misconceptions: Vec::new(),
        pairs: Vec::new(),
        labels: Some(labels),
    })
}

impl Source<'_> {
    /// The labels, and what stands in further columns.
    ///
    /// # Errors
    /// [`GraderError::Pack`] with everything that is wrong with the file.
    pub fn read(
        &self,
        pack: &Pack,
        further: Vec<ColumnSpec>,
        config: &InspectConfig,
    ) -> Result<(Labels, Vec<Values>), GraderError> {
        let fault = |what: String| GraderError::Pack(format!("{}: {what}", self.file));
        let path = pack.folder.join(self.file);
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(MAX_LABELS_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|source| GraderError::Store { path, source })?;
        let spec = TableSpec {
            format: TableFormat::Csv,
            columns: self.columns().into_iter().chain(further).collect(),
            ids: None,
        };
        let table = match inspect(config, &Request::Table { bytes, spec })? {
            Reply::Table(table) => table,
            Reply::Faults { faults, .. } => {
                let texts: Vec<String> = faults.iter().map(|f| f.text(Language::En)).collect();
                return Err(fault(texts.join(" ")));
            }
            Reply::Notebook { .. } => return Err(fault("another answer".into())),
        };
        let mut columns = table.columns.into_iter();
        let (Some(Values::Classes(splits)), Some(target)) = (columns.next(), columns.next()) else {
            return Err(fault("another answer".into()));
        };
        let rows_of = |split: u32| -> Vec<usize> {
            let rows = splits.iter().enumerate();
            rows.filter(|(_, of)| **of == split)
                .map(|(row, _)| row)
                .collect()
        };
        let labels = Labels {
            ids: table.ids,
            split_a: rows_of(0),
            split_b: rows_of(1),
            truth: match target {
                Values::Classes(classes) => Truth::Classes {
                    classes: self.classes.len(),
                    labels: classes.iter().map(|&class| class as usize).collect(),
                },
                Values::Numbers(values) => Truth::Values(values),
            },
        };
        self.scoring_fits(&labels).map_err(fault)?;
        Ok((labels, columns.collect()))
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        let texts = |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect();
        let numbers = self.scoring.metric.compares() == Compares::Numbers;
        vec![
            ColumnSpec {
                name: "id".into(),
                kind: ColumnKind::Id,
                classes: Vec::new(),
            },
            ColumnSpec {
                name: "split".into(),
                kind: ColumnKind::Label,
                classes: texts(&SPLITS),
            },
            ColumnSpec {
                name: self.target.to_string(),
                kind: match numbers {
                    true => ColumnKind::Float,
                    false => ColumnKind::Label,
                },
                classes: self.classes.to_vec(),
            },
        ]
    }

    /// The metric must have a value on each part, and what is right must be worth
    /// all points there.
    fn scoring_fits(&self, labels: &Labels) -> Result<(), String> {
        let scoring = self.scoring;
        for split in [Split::A, Split::B] {
            let truth = labels.truth.take(labels.rows(split));
            let value = measure(scoring.metric, &perfect(scoring.metric, &truth), &truth);
            if value.is_none() {
                return Err(format!(
                    "split {split:?} has {} rows, on which {} is not defined",
                    truth.rows(),
                    scoring.metric.name()
                ));
            }
            if scoring.share(value) < 1.0 {
                return Err(format!(
                    "split {split:?}: the labels themselves reach {} only, less than best",
                    value.unwrap_or(f64::NAN)
                ));
            }
        }
        Ok(())
    }
}

/// What somebody would hand in who knows the labels.
fn perfect(metric: Metric, truth: &Truth) -> Predicted {
    match truth {
        Truth::Values(values) => Predicted::Values(values.clone()),
        Truth::Classes { labels, .. } if metric.compares() == Compares::Classes => {
            Predicted::Classes(labels.clone())
        }
        Truth::Classes { classes, labels } => {
            let row = |&label: &usize| (0..*classes).map(move |c| f64::from(u8::from(c == label)));
            Predicted::Scores {
                classes: *classes,
                values: labels.iter().flat_map(row).collect(),
            }
        }
    }
}
