//! Kind `model`: weights of a network, measured on hidden rows.
//!
//! `[model]` names what one example is (`input`), what the network gives for it,
//! the hidden rows, and how points come of them. The layers are the pack's
//! (`[[model.layers]]`), or the student's own within `[model.caps]`; exactly one
//! of the two stands there. The hidden rows are a CSV below `data/` with the
//! columns `id`, `split` (`A` or `B`), the target, and `x0`, `x1`, …: the elements
//! of one example in C order.

use super::error::PackError;
use super::files::Text;
use super::metric::{Compares, Metric};
use super::prediction::{check_data_files, check_flaw_text};
use super::schema::LayerKeys;
use super::scoring::{Scoring, Threshold, check_classes, default_decimals};
use crate::architecture::{Architecture, Caps, NetworkInput, count_elements};
use crate::ids::FieldName;
use crate::language::Localized;
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::Path;
use toml::{Spanned, Table};

const MAX_BATCH: usize = 4096;
/// Elements of one example: each is a column of the hidden rows.
const MAX_INPUT: u64 = 1000;
/// A pack asks for no larger file than this.
const MAX_KIB: u64 = crate::protocol::MAX_MODEL_BYTES >> 10;

#[derive(Debug, Clone)]
pub struct ModelKind {
    pub network: Network,
    /// The hidden rows, below the pack's folder; never shown.
    pub rows: String,
    /// The target's column.
    pub target: FieldName,
    /// In the order of the network's outputs; empty for numbers.
    pub classes: Vec<String>,
    /// Where a network of one output tells two classes apart: the second one
    /// from this value on.
    pub threshold: f64,
    pub scoring: Scoring,
    /// Examples that are run together: the same number gives the same bits.
    pub batch: usize,
    /// Of the file of weights.
    pub max_bytes: u64,
    /// Files of the pack that students may take, below its folder.
    pub downloads: Vec<String>,
    pub flaws: Vec<ModelFlaw>,
}

/// Whose layers they are.
#[derive(Debug, Clone)]
pub enum Network {
    Declared(Architecture),
    /// The student adds a TOML of `[[layers]]`.
    Own(OwnNetwork),
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, Deserialize)]
pub struct OwnNetwork {
    pub input: NetworkInput,
    /// What the last layer must give for one example.
    pub output: Vec<usize>,
    pub caps: Caps,
}

impl Network {
    pub fn input(&self) -> &NetworkInput {
        match self {
            Network::Declared(network) => &network.input,
            Network::Own(own) => &own.input,
        }
    }

    /// The shape of what it gives for one example.
    pub fn output(&self) -> &[usize] {
        match self {
            Network::Declared(network) => network.output(),
            Network::Own(own) => &own.output,
        }
    }
}

/// A mistake that shows in what the network does, and the text that teaches.
/// Of those that hold the first is told.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelFlaw {
    /// What shows it.
    pub rule: ModelFlawRule,
    /// Rule `rescaled`: what the other training had in place of each element
    /// `x`, `x · scale + shift`.
    #[serde(default = "one")]
    pub scale: f64,
    /// Rule `rescaled`: as `scale`.
    #[serde(default)]
    pub shift: f64,
    /// Markdown with LaTeX between dollar signs.
    pub text: Localized,
}

fn one() -> f64 {
    1.0
}

/// A rule holds only where the value of the metric is near the baseline, at
/// most a tenth of the way to the best, so that a good network is never accused;
/// `constant` and `fitted_to_a` alone hold whatever the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelFlawRule {
    /// Every row gets the same class, or the same number.
    Constant,
    /// Every weight lies within the bounds of PyTorch's start, ±1/√(fan in).
    Untrained,
    /// With inputs on another scale the network is at least half as good as can be.
    Rescaled,
    /// With its classes renamed one to one it is at least half as good as can be.
    ClassesPermuted,
    /// Weights that moved, and learned nothing that holds for other rows.
    LearnedNothing,
    /// Good on part A and much worse on part B, by more than chance: told when part
    /// B is opened, whatever the value.
    FittedToA,
}

impl ModelFlawRule {
    /// As in TOML.
    pub fn name(self) -> &'static str {
        match self {
            ModelFlawRule::Constant => "constant",
            ModelFlawRule::Untrained => "untrained",
            ModelFlawRule::Rescaled => "rescaled",
            ModelFlawRule::ClassesPermuted => "classes_permuted",
            ModelFlawRule::LearnedNothing => "learned_nothing",
            ModelFlawRule::FittedToA => "fitted_to_a",
        }
    }
}

/// A network whose weights are handed in, measured on hidden rows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelToml {
    /// The shape of one example, without the batch axis.
    pub input: Vec<usize>,
    /// The input's elements are integers that an `embedding` looks up.
    #[serde(default)]
    pub ids: bool,
    /// The network from front to back. Leave it out, and give `output` and `caps`,
    /// where students choose the layers.
    #[serde(default)]
    #[schemars(with = "Vec<LayerKeys>")]
    pub layers: Vec<Table>,
    /// What a student's own layers may cost.
    pub caps: Option<Caps>,
    /// With `caps`: the shape that the last layer must give.
    pub output: Option<Vec<usize>>,
    /// The hidden rows: a CSV in `data/` with `id`, `split` (`A` or `B`), the
    /// target, and `x0`, `x1`, …: one example in C order. Never given out.
    pub rows: String,
    /// The target's column.
    pub target: FieldName,
    /// In the order of the network's outputs; left out for numbers.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Where a network of one output tells two classes apart.
    #[serde(default = "half")]
    pub threshold: f64,
    /// What is measured.
    pub metric: Metric,
    /// What the best is worth.
    #[schemars(range(min = 1, max = 1000))]
    pub points: u32,
    /// The metric's value that is worth nothing.
    pub baseline: f64,
    /// The metric's value that is worth all points.
    pub best: f64,
    /// To which the value is rounded before it is scored.
    #[serde(default = "default_decimals")]
    #[schemars(range(max = 12))]
    pub decimals: u32,
    /// Points in steps, not in proportion; from the least to the best.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    /// Examples that are run together.
    #[serde(default = "default_batch")]
    #[schemars(range(min = 1, max = 4096))]
    pub batch: usize,
    /// Of the file of weights.
    #[serde(default = "default_max_kib")]
    #[schemars(range(min = 1))]
    pub max_kib: u64,
    /// Files in `data/` that students may take.
    #[serde(default)]
    pub downloads: Vec<String>,
    /// Mistakes that show in what the network does, each with a text that
    /// teaches. The first that holds is told.
    #[serde(default)]
    pub flaws: Vec<ModelFlaw>,
}

fn half() -> f64 {
    0.5
}
fn default_batch() -> usize {
    256
}
fn default_max_kib() -> u64 {
    1024
}

pub(super) fn model(
    text: &Text,
    folder: &Path,
    spanned: Option<Spanned<ModelToml>>,
    kind_at: usize,
) -> Result<ModelKind, PackError> {
    let Some(spanned) = spanned else {
        let what = "kind \"model\" needs a table [model]";
        return Err(text.invalid(Some(kind_at), what));
    };
    let (at, toml) = (spanned.span().start, spanned.into_inner());
    read(folder, toml).map_err(|what| text.invalid(Some(at), what))
}

fn read(folder: &Path, toml: ModelToml) -> Result<ModelKind, String> {
    let input = NetworkInput {
        shape: toml.input,
        ids: toml.ids,
    };
    match count_elements(&input.shape) {
        Ok(count) if count <= MAX_INPUT && !input.shape.is_empty() => {}
        _ => {
            return Err(format!(
                "input must be a shape such as [1, 8, 8], of at most {MAX_INPUT} elements"
            ));
        }
    }
    let network = match (toml.layers.is_empty(), toml.caps, toml.output) {
        (false, None, None) => Network::Declared(
            Architecture::from_tables(&toml.layers, input).map_err(|fault| fault.to_string())?,
        ),
        (true, Some(caps), Some(output)) => Network::Own(OwnNetwork {
            input,
            output,
            caps,
        }),
        _ => {
            return Err(
                "expected either [[model.layers]], or output and [model.caps] where students choose the layers"
                    .into(),
            );
        }
    };
    check_classes(toml.metric, &toml.classes)?;
    check_output(toml.metric, toml.classes.len(), network.output())?;
    let scoring = Scoring {
        metric: toml.metric,
        points: toml.points,
        baseline: toml.baseline,
        best: toml.best,
        decimals: toml.decimals,
        thresholds: toml.thresholds,
    };
    scoring.check()?;
    if !(1..=MAX_BATCH).contains(&toml.batch) || !(1..=MAX_KIB).contains(&toml.max_kib) {
        return Err(format!(
            "batch must be 1 to {MAX_BATCH}, max_kib 1 to {MAX_KIB}"
        ));
    }
    if !toml.threshold.is_finite() {
        return Err("threshold must be a finite number".into());
    }
    let target = toml.target.as_str();
    if matches!(target, "id" | "split") || is_element(target) {
        return Err(format!("target cannot be the column “{target}”"));
    }
    check_data_files(folder, &toml.rows, "the hidden rows", &toml.downloads)?;
    for flaw in &toml.flaws {
        check_flaw(flaw, toml.classes.len(), network.input())?;
    }
    Ok(ModelKind {
        network,
        rows: toml.rows,
        target: toml.target,
        classes: toml.classes,
        threshold: toml.threshold,
        scoring,
        batch: toml.batch,
        max_bytes: toml.max_kib << 10,
        downloads: toml.downloads,
        flaws: toml.flaws,
    })
}

/// `x0`, `x1`, …
fn is_element(column: &str) -> bool {
    let number = column.strip_prefix('x').unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A score for each class, or one number.
fn check_output(metric: Metric, classes: usize, output: &[usize]) -> Result<(), String> {
    let fits = match metric.compares() {
        Compares::Classes => *output == [classes] || (classes == 2 && *output == [1]),
        Compares::Probabilities => *output == [classes],
        Compares::Numbers => *output == [1],
    };
    match fits {
        true => Ok(()),
        false => Err(format!(
            "the network gives {output:?} for one example, and the metric {} needs {}",
            metric.name(),
            match (metric.compares(), classes) {
                (Compares::Numbers, _) => "[1]".to_owned(),
                (Compares::Classes, 2) => "[2] or [1]".to_owned(),
                (_, classes) => format!("[{classes}], one for each of classes"),
            }
        )),
    }
}

fn check_flaw(flaw: &ModelFlaw, classes: usize, input: &NetworkInput) -> Result<(), String> {
    check_flaw_text(&flaw.text)?;
    let same = (flaw.scale, flaw.shift) == (1.0, 0.0);
    let usable = flaw.scale.is_finite() && flaw.scale != 0.0 && flaw.shift.is_finite();
    match flaw.rule {
        ModelFlawRule::Rescaled if same || !usable || input.ids => Err(
            "rule \"rescaled\" needs scale and shift that change the inputs, which are no ids"
                .into(),
        ),
        ModelFlawRule::Rescaled => Ok(()),
        _ if !same => Err("scale and shift belong to rule \"rescaled\"".into()),
        ModelFlawRule::ClassesPermuted if classes < 2 => {
            Err("rule \"classes_permuted\" needs classes".into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
input = [2]
rows = "data/hidden.csv"
downloads = ["data/train.csv"]
target = "label"
classes = ["0", "1"]
metric = "accuracy"
points = 100
baseline = 0.5
best = 0.9
layers = [{ kind = "linear", out = 2 }]

[[flaws]]
rule = "rescaled"
scale = 0.5
text = { id = "Skala.", en = "Scale." }
"#;

    fn load(toml: &str) -> Result<ModelKind, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        for name in ["hidden.csv", "train.csv"] {
            std::fs::write(folder.path().join("data").join(name), "label\n").unwrap();
        }
        let parsed = toml::from_str(toml).map_err(|e| e.message().to_owned())?;
        read(folder.path(), parsed)
    }

    #[test]
    fn layers_are_the_packs_or_the_students() {
        let declared = load(GOOD).unwrap();
        assert_eq!(declared.network.output(), [2]);
        let own = "output = [2]\ncaps = { parameters = 9, flops = 9, activation_bytes = 9 }";
        let own = load(&GOOD.replace("layers = [{ kind = \"linear\", out = 2 }]", own)).unwrap();
        assert!(matches!(own.network, Network::Own(_)));
        assert_eq!(own.network.input().shape, [2]);
    }

    #[test]
    fn what_cannot_be_is_told() {
        for (from, to, part) in [
            ("out = 2", "out = 3", "gives [3] for one example"),
            ("out = 2", "aus = 2", "layer 0 (linear)"),
            ("input = [2]", "input = []", "input must be a shape"),
            ("input = [2]", "input = [0]", "input must be a shape"),
            ("target = \"label\"", "target = \"x12\"", "target cannot be"),
            ("input = [2]", "input = [70000]", "input must be a shape"),
            ("layers =", "output = [2]\nlayers =", "expected either"),
            (
                "layers = [{ kind = \"linear\", out = 2 }]",
                "",
                "expected either",
            ),
            ("accuracy", "mse", "needs [1]"),
            ("best = 0.9", "best = 0.5", "better than baseline"),
            ("points = 100", "points = 100\nbatch = 0", "batch must be"),
            (
                "points = 100",
                "points = 100\nmax_kib = 99999999",
                "max_kib 1 to",
            ),
            ("data/train.csv", "data/hidden.csv", "among downloads"),
            (
                "data/train.csv",
                "../problem.toml",
                "not the name of a file",
            ),
            (
                "target = \"label\"",
                "target = \"split\"",
                "target cannot be",
            ),
            ("scale = 0.5", "scale = 1.0", "needs scale and shift"),
            ("scale = 0.5", "scale = nan", "needs scale and shift"),
            ("rescaled", "untrained", "belong to rule"),
            ("en = \"Scale.\"", "en = \"\"", "text in id and en"),
        ] {
            let error = load(&GOOD.replace(from, to)).expect_err(to);
            assert!(error.contains(part), "{to}: {error}");
        }
    }
}
