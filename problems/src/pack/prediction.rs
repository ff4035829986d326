//! Kind `prediction`: a table of predictions, measured against hidden labels.
//!
//! `[prediction]` names the format and the columns of what is handed in, the file
//! of the right answers, the metric, and which values of it are worth 0 and all
//! points. The file of the right answers is a CSV below `data/` with the columns
//! `id`, `split` (`A` or `B`) and the target; the two parts share no row.

use super::error::PackError;
use super::files::Text;
use super::metric::{Compares, Metric};
use super::scoring::{Scoring, Threshold, check_classes, default_decimals};
use crate::ids::FieldName;
use crate::language::Localized;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use toml::Spanned;

/// More than any pack's file of answers.
pub const MAX_LABELS_BYTES: u64 = 16 << 20;

#[derive(Debug, Clone)]
pub struct PredictionKind {
    pub format: TableFormat,
    /// What is handed in. Where an `id` column is declared it comes first;
    /// without one the rows are in the order of the labels.
    pub columns: Vec<Column>,
    /// Below the pack's folder; never shown.
    pub labels: String,
    /// Files of the pack that students may take, below its folder.
    pub downloads: Vec<String>,
    /// The labels that there are, in the order of probability columns; empty
    /// for numbers.
    pub classes: Vec<String>,
    /// The target's name in the file of labels.
    pub target: FieldName,
    pub scoring: Scoring,
    pub flaws: Vec<Flaw>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TableFormat {
    /// A table with a head.
    Csv,
    /// One array: a column, or rows × probability columns.
    Npy,
    /// An array for each column, by its name.
    Npz,
}

impl TableFormat {
    pub fn extension(self) -> &'static str {
        match self {
            TableFormat::Csv => "csv",
            TableFormat::Npy => "npy",
            TableFormat::Npz => "npz",
        }
    }
}

/// A column of what is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// As in the file's head.
    pub name: FieldName,
    /// What stands in it.
    #[serde(rename = "type")]
    pub kind: ColumnKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Text that names the row.
    Id,
    /// One of the classes.
    Label,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// From 0 to 1, one column for each class.
    Probability,
}

/// A mistake that shows in the predictions themselves, and the text that teaches.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flaw {
    /// What shows it.
    pub rule: FlawRule,
    /// Markdown with LaTeX between dollar signs.
    pub text: Localized,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlawRule {
    /// Every row has the same prediction.
    Constant,
    /// Good on part A and much worse on part B, by more than chance: told when part
    /// B is opened.
    FittedToA,
    /// In the order of the rows, not by their ids, the predictions reach at
    /// least half of the way from baseline to best, and by ids less than a tenth.
    Shuffled,
}

/// A table of predictions, measured against hidden labels.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PredictionToml {
    /// What kind of file is handed in.
    pub format: TableFormat,
    /// Its columns; a CSV has an `id` first, the others none.
    pub columns: Vec<Column>,
    /// The right answers: a CSV in `data/` with `id`, `split` (`A` or `B`) and the
    /// target. Never given out.
    pub labels: String,
    /// Files in `data/` that students may take.
    #[serde(default)]
    pub downloads: Vec<String>,
    /// The labels that there are, in the order of probability columns.
    #[serde(default)]
    pub classes: Vec<String>,
    /// The target's column in the file of labels.
    pub target: FieldName,
    /// What is measured.
    pub metric: Metric,
    /// What the best is worth.
    #[schemars(range(min = 1, max = 1000))]
    pub points: u32,
    /// The metric's value that is worth nothing.
    pub baseline: f64,
    /// The metric's value that is worth all points.
    pub best: f64,
    /// With which the value is shown.
    #[serde(default = "default_decimals")]
    #[schemars(range(max = 12))]
    pub decimals: u32,
    /// Points in steps, not in proportion; from the least to the best.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// Mistakes that show in the predictions, each with a text that teaches.
    #[serde(default)]
    pub flaws: Vec<Flaw>,
}

pub(super) fn prediction(
    text: &Text,
    folder: &Path,
    spanned: Option<Spanned<PredictionToml>>,
    kind_at: usize,
) -> Result<PredictionKind, PackError> {
    let Some(spanned) = spanned else {
        let what = "kind \"prediction\" needs a table [prediction]";
        return Err(text.invalid(Some(kind_at), what));
    };
    let (at, toml) = (spanned.span().start, spanned.into_inner());
    let scoring = check(folder, &toml).map_err(|what| text.invalid(Some(at), what))?;
    Ok(PredictionKind {
        format: toml.format,
        columns: toml.columns,
        labels: toml.labels,
        downloads: toml.downloads,
        classes: toml.classes,
        target: toml.target,
        scoring,
        flaws: toml.flaws,
    })
}

fn check(folder: &Path, toml: &PredictionToml) -> Result<Scoring, String> {
    let names: BTreeSet<&FieldName> = toml.columns.iter().map(|column| &column.name).collect();
    if names.len() < toml.columns.len() {
        return Err("a column stands twice in columns".into());
    }
    let of_kind = |kind| toml.columns.iter().filter(move |c| c.kind == kind).count();
    let ids = of_kind(ColumnKind::Id);
    let has_id_first = toml
        .columns
        .first()
        .is_some_and(|c| c.kind == ColumnKind::Id);
    match toml.format {
        TableFormat::Csv if ids != 1 || !has_id_first => {
            return Err("a CSV needs one column of type \"id\", the first".into());
        }
        TableFormat::Npy | TableFormat::Npz if ids != 0 => {
            return Err("NPY and NPZ have no ids: the rows are in the order of the labels".into());
        }
        _ => {}
    }
    let values = toml.columns.len() - ids;
    let (kinds, wanted): (usize, usize) = match toml.metric.compares() {
        Compares::Classes => (of_kind(ColumnKind::Label), 1),
        Compares::Probabilities => (of_kind(ColumnKind::Probability), toml.classes.len()),
        Compares::Numbers => (of_kind(ColumnKind::Float) + of_kind(ColumnKind::Int), 1),
    };
    if kinds != wanted || values != wanted {
        return Err(format!(
            "the metric {} needs {wanted} column(s) of type {} beside the id",
            toml.metric.name(),
            match toml.metric.compares() {
                Compares::Classes => "\"label\"",
                Compares::Probabilities => "\"probability\", one for each of classes",
                Compares::Numbers => "\"float\" or \"int\"",
            }
        ));
    }
    check_classes(toml.metric, &toml.classes)?;
    let is_integer = |class: &String| class.parse::<i64>().is_ok_and(|n| n.to_string() == *class);
    if toml.format != TableFormat::Csv
        && of_kind(ColumnKind::Label) > 0
        && !toml.classes.iter().all(is_integer)
    {
        return Err("classes must be integers where labels come as an array".into());
    }
    let scoring = Scoring {
        metric: toml.metric,
        points: toml.points,
        baseline: toml.baseline,
        best: toml.best,
        decimals: toml.decimals,
        thresholds: toml.thresholds.clone(),
    };
    scoring.check()?;
    check_data_files(folder, &toml.labels, "the file of labels", &toml.downloads)?;
    for flaw in &toml.flaws {
        check_flaw_text(&flaw.text)?;
    }
    Ok(scoring)
}

/// What is hidden and what may be taken lie in the pack's `data` folder, apart.
pub(super) fn check_data_files(
    folder: &Path,
    hidden: &String,
    what: &str,
    downloads: &[String],
) -> Result<(), String> {
    if downloads.contains(hidden) {
        return Err(format!("{what} cannot be among downloads"));
    }
    let mut files = downloads.iter().chain([hidden]);
    files.try_for_each(|file| check_data_file(folder, file))
}

pub(super) fn check_flaw_text(text: &Localized) -> Result<(), String> {
    match text.id.trim().is_empty() || text.en.trim().is_empty() {
        true => Err("a flaw needs a text in id and en".into()),
        false => Ok(()),
    }
}

/// A plain file in the pack's `data` folder.
pub(super) fn check_data_file(folder: &Path, file: &str) -> Result<(), String> {
    let name = file.strip_prefix("data/").unwrap_or_default();
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    if !plain {
        return Err(format!(
            "“{file}” is not the name of a file in data/, such as \"data/test.csv\""
        ));
    }
    let meta = std::fs::symlink_metadata(folder.join(file));
    match meta {
        Ok(meta) if meta.is_file() && meta.len() <= MAX_LABELS_BYTES => Ok(()),
        Ok(_) => Err(format!(
            "{file} must be a file of at most {} MiB",
            MAX_LABELS_BYTES >> 20
        )),
        Err(_) => Err(format!("{file} is not there")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
format = "csv"
columns = [{ name = "id", type = "id" }, { name = "label", type = "label" }]
labels = "data/labels.csv"
downloads = ["data/test.csv"]
classes = ["0", "1"]
target = "label"
metric = "f1_macro"
points = 100
baseline = 0.5
best = 0.9
"#;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        for name in ["labels.csv", "test.csv"] {
            std::fs::write(folder.path().join("data").join(name), "id\n").unwrap();
        }
        folder
    }

    fn load(toml: &str) -> Result<PredictionToml, String> {
        let parsed: PredictionToml = toml::from_str(toml).map_err(|e| e.message().to_owned())?;
        check(folder().path(), &parsed).map(|_| parsed)
    }

    #[test]
    fn what_cannot_be_is_told() {
        assert!(load(GOOD).is_ok(), "{:?}", load(GOOD).err());
        for (from, to, part) in [
            ("f1_macro", "f1", "unknown metric"),
            ("f1_macro", "log_loss", "needs 2 column(s)"),
            ("f1_macro", "mse", "needs 1 column(s)"),
            ("best = 0.9", "best = 0.5", "better than baseline"),
            ("best = 0.9", "best = 0.1", "better than baseline"),
            ("best = 0.9", "best = nan", "better than baseline"),
            ("[\"0\", \"1\"]", "[\"0\", \"0\"]", "different labels"),
            ("\"id\" }, {", "\"int\" }, {", "one column of type"),
            ("\"csv\"", "\"npy\"", "no ids"),
            ("data/test.csv", "data/labels.csv", "among downloads"),
            (
                "data/test.csv",
                "data/../problem.toml",
                "not the name of a file",
            ),
            ("data/test.csv", "/etc/passwd", "not the name of a file"),
            ("data/test.csv", "data/other.csv", "is not there"),
            ("points = 100", "points = 0", "points must be"),
        ] {
            let error = load(&GOOD.replace(from, to)).expect_err(to);
            assert!(error.contains(part), "{to}: {error}");
        }
    }
}
