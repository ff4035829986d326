//! The form for problems that ask for a file, and what may be taken for them.

use super::network::cost_facts;
use crate::i18n::{Text, Texts, decimal};
use gradien_problems::pack::{
    ColumnKind, ModelKind, Network, NotebookKind, PredictionKind, Scoring, TableFormat,
};
use gradien_problems::protocol::{MAX_NOTEBOOK_BYTES, MAX_PREDICTION_BYTES};
use gradien_problems::shown::shape_text;

pub struct UploadForm {
    /// What a browser offers to choose.
    pub accept: &'static str,
    pub label: String,
    pub limit: String,
    /// Name and meaning of what is asked for.
    pub facts: Vec<(String, String)>,
    pub downloads: Vec<Download>,
    /// The student writes the layers too.
    pub has_layers: bool,
}

pub struct Download {
    pub name: String,
    pub href: String,
}

impl UploadForm {
    pub fn prediction(kind: &PredictionKind, slug: &str, t: Texts) -> UploadForm {
        let columns: Vec<String> = kind
            .columns
            .iter()
            .map(|column| format!("{} ({})", column.name, column_kind(column.kind, t)))
            .collect();
        let mut facts = vec![
            (
                t.get("upload-format"),
                kind.format.extension().to_uppercase(),
            ),
            (t.get("upload-columns"), columns.join(", ")),
        ];
        if !kind.classes.is_empty() {
            facts.push((t.get("upload-classes"), kind.classes.join(", ")));
        }
        facts.extend(scoring_facts(&kind.scoring, t));
        UploadForm {
            accept: match kind.format {
                TableFormat::Csv => ".csv,text/csv",
                TableFormat::Npy => ".npy",
                TableFormat::Npz => ".npz",
            },
            label: t.get("upload-label-prediction"),
            limit: t.with("upload-limit", "n", (MAX_PREDICTION_BYTES >> 10) as i64),
            facts,
            downloads: downloads(&kind.downloads, slug),
            has_layers: false,
        }
    }

    pub fn model(kind: &ModelKind, slug: &str, t: Texts) -> UploadForm {
        let input = kind.network.input();
        let mut facts = vec![
            (t.get("network-input"), shape_text(&input.shape)),
            (t.get("network-output"), shape_text(kind.network.output())),
        ];
        if !kind.classes.is_empty() {
            facts.push((t.get("upload-classes"), kind.classes.join(", ")));
        }
        if let Network::Own(own) = &kind.network {
            let caps = cost_facts(&own.caps, t).into_iter();
            facts.extend(caps.map(|(name, cap)| (t.with("network-cap", "what", name), cap)));
        }
        facts.extend(scoring_facts(&kind.scoring, t));
        UploadForm {
            accept: ".safetensors",
            label: t.get("upload-label-model"),
            limit: t.with("upload-limit", "n", (kind.max_bytes >> 10) as i64),
            facts,
            downloads: downloads(&kind.downloads, slug),
            has_layers: matches!(kind.network, Network::Own(_)),
        }
    }

    pub fn notebook(kind: &NotebookKind, slug: &str, t: Texts) -> UploadForm {
        UploadForm {
            accept: ".ipynb,application/x-ipynb+json",
            label: t.get("upload-label-notebook"),
            limit: t.with("upload-limit", "n", (MAX_NOTEBOOK_BYTES >> 10) as i64),
            facts: Vec::new(),
            downloads: downloads(&kind.downloads, slug),
            has_layers: false,
        }
    }
}

/// The metric, and what its values are worth.
fn scoring_facts(scoring: &Scoring, t: Texts) -> Vec<(String, String)> {
    let number = |value: f64| decimal(value, scoring.decimals, t.language);
    let mut facts = vec![
        (t.get("upload-metric"), scoring.metric.name()),
        (t.get("upload-baseline"), number(scoring.baseline)),
    ];
    // The last of the steps is the best.
    let steps = scoring.thresholds.iter().filter(|step| step.percent < 100);
    facts.extend(steps.map(|step| {
        let name = t.with("upload-step", "n", i64::from(step.percent));
        (name, number(step.value))
    }));
    facts.push((t.get("upload-best"), number(scoring.best)));
    facts
}

fn downloads(files: &[String], slug: &str) -> Vec<Download> {
    let downloads = files.iter().map(|file| {
        let name = file.rsplit('/').next().unwrap_or(file);
        Download {
            name: name.to_owned(),
            href: format!("/problems/{slug}/data/{name}"),
        }
    });
    downloads.collect()
}

fn column_kind(kind: ColumnKind, t: Texts) -> String {
    let text = match kind {
        ColumnKind::Id => Text("column-id"),
        ColumnKind::Label => Text("column-label"),
        ColumnKind::Int => Text("column-int"),
        ColumnKind::Float => Text("column-float"),
        ColumnKind::Probability => Text("column-probability"),
    };
    t.get(text.0)
}
