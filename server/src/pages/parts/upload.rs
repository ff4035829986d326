//! The form for problems that ask for a file, and what may be taken for them.

use crate::i18n::{Text, Texts, decimal};
use gradien_problems::pack::{ColumnKind, NotebookKind, PredictionKind, TableFormat};
use gradien_problems::protocol::{MAX_NOTEBOOK_BYTES, MAX_PREDICTION_BYTES};

pub struct UploadForm {
    /// What a browser offers to choose.
    pub accept: &'static str,
    pub label: String,
    pub limit: String,
    /// Name and meaning of what is asked for.
    pub facts: Vec<(String, String)>,
    pub downloads: Vec<Download>,
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
        let number = |value: f64| decimal(value, kind.decimals, t.language);
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
        facts.push((t.get("upload-metric"), kind.metric.name()));
        facts.push((t.get("upload-baseline"), number(kind.baseline)));
        facts.push((t.get("upload-best"), number(kind.best)));
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
        }
    }

    pub fn notebook(kind: &NotebookKind, slug: &str, t: Texts) -> UploadForm {
        UploadForm {
            accept: ".ipynb,application/x-ipynb+json",
            label: t.get("upload-label-notebook"),
            limit: t.with("upload-limit", "n", (MAX_NOTEBOOK_BYTES >> 10) as i64),
            facts: Vec::new(),
            downloads: downloads(&kind.downloads, slug),
        }
    }
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
