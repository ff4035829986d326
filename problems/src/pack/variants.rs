//! `[variants]`: the same task with other numbers.
//!
//! The first variant has the values that the inputs declare. For the others every
//! input that `varies` is drawn when the version is prepared, by the pack's seed; a
//! draw is kept only where the task stays a good one by hand, and what is kept is
//! stored with its right answers. Which rules a draw must pass is said where it is
//! done, in the grader's `prepare`.

use super::error::PackError;
use super::files::{MANIFEST_FILE, MISCONCEPTIONS_TEXT_FILE, Text};
use super::model::{Kind, Pack};
use crate::given;
use crate::ids::FieldName;
use crate::language::Language;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// The table as written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantsToml {
    /// How many there are, the declared values included: 2 to 100.
    #[schemars(range(min = 2, max = 100))]
    pub count: u32,
    /// Any whole number: all draws derive from it.
    pub seed: u64,
    /// A function of `reference.py` that takes inputs and fields by their names and
    /// returns `bool`: whether these numbers suit. For what the grader cannot know: a
    /// dead ReLU, a tie in a pooling window, a saturated gate.
    pub accept: Option<String>,
}

/// What the elements of an input are drawn from: a range, or a list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariesToml {
    /// Lowest and highest, both included.
    pub range: Option<[f64; 2]>,
    /// With `range`: the distance between two values, so that they are pleasant by
    /// hand.
    pub step: Option<f64>,
    /// Values of the range that are never drawn, such as 0.
    #[serde(default)]
    pub except: Vec<f64>,
    /// In place of a range: these values.
    pub one_of: Option<Vec<f64>>,
}

/// What is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variants {
    /// The declared values included, at least 2.
    pub count: u32,
    pub seed: u64,
    /// A function of `reference.py`.
    pub accept: Option<String>,
}

const MAX_VARIANTS: u32 = 100;
const MAX_VALUES: usize = 2000;
/// Of a step and the ends of a range.
const MAX_DECIMALS: u32 = 6;

pub(super) fn variants(
    text: &Text,
    toml: Option<Spanned<VariantsToml>>,
    varying: usize,
) -> Result<Option<Variants>, PackError> {
    let Some(spanned) = toml else {
        return Ok(None);
    };
    let (at, toml) = (spanned.span().start, spanned.into_inner());
    let fail = |what: String| Err(text.invalid(Some(at), what));
    if !(2..=MAX_VARIANTS).contains(&toml.count) {
        return fail(format!("variants.count must be 2 to {MAX_VARIANTS}"));
    }
    if varying == 0 {
        return fail(
            "no input varies; give one varies = { range = [low, high], step = … } beside its value"
                .into(),
        );
    }
    if let Some(accept) = &toml.accept
        && accept.parse::<FieldName>().is_err()
    {
        return fail(format!(
            "variants.accept: “{accept}” is no name of a function"
        ));
    }
    Ok(Some(Variants {
        count: toml.count,
        seed: toml.seed,
        accept: toml.accept,
    }))
}

impl VariesToml {
    /// Every value that may be drawn, at least two.
    pub(super) fn values(&self) -> Result<Vec<f64>, String> {
        let mut values = match (&self.one_of, self.range, self.step) {
            (Some(values), None, None) => values.clone(),
            (None, Some(range), Some(step)) => steps(range, step)?,
            _ => {
                return Err(
                    "varies needs range = [low, high] with a step, or one_of = [...]".into(),
                );
            }
        };
        for except in &self.except {
            let before = values.len();
            values.retain(|value| value != except);
            if values.len() == before {
                return Err(format!("varies.except: {except} would not be drawn anyway"));
            }
        }
        let finite = values.iter().all(|value| value.is_finite());
        if !finite || !(2..=MAX_VALUES).contains(&values.len()) {
            return Err(format!(
                "varies must leave 2 to {MAX_VALUES} finite values to draw from"
            ));
        }
        Ok(values)
    }
}

/// `low`, `low + step`, … up to `high`, computed in whole units of the last decimal,
/// so that each is the float64 nearest to what one would write.
fn steps([low, high]: [f64; 2], step: f64) -> Result<Vec<f64>, String> {
    let decimals = [low, high, step].into_iter().map(decimals);
    let decimals = decimals.collect::<Option<Vec<u32>>>();
    let decimals = decimals.and_then(|all| all.into_iter().max());
    let Some(decimals) = decimals else {
        return Err(format!(
            "varies.range and varies.step may have at most {MAX_DECIMALS} decimals and lie within a million"
        ));
    };
    let scale = 10f64.powi(decimals as i32);
    let units = |value: f64| (value * scale).round() as i64;
    let (low, high, step) = (units(low), units(high), units(step));
    if step < 1 || low >= high {
        return Err("varies.range must rise and varies.step be above 0".into());
    }
    if (high - low) / step >= MAX_VALUES as i64 {
        return Err(format!("varies has more than {MAX_VALUES} values"));
    }
    let count = (high - low) / step;
    Ok((0..=count)
        .map(|at| (low + at * step) as f64 / scale)
        .collect())
}

/// How many decimals the shortest text of this number has; `None`: too many, or it
/// is too large.
fn decimals(value: f64) -> Option<u32> {
    if !value.is_finite() || value.abs() > 1e6 {
        return None;
    }
    let text = format!("{value}");
    let decimals = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    u32::try_from(decimals)
        .ok()
        .filter(|decimals| *decimals <= MAX_DECIMALS)
}

/// Texts of a pack with variants name its numbers; the statements show every one
/// that varies, or a student could not know their own.
pub(super) fn check_texts(pack: &Pack) -> Result<(), PackError> {
    let Kind::Answer(answer) = &pack.kind else {
        return Ok(());
    };
    if answer.variants.is_none() {
        return Ok(());
    }
    let given = answer.given();
    for language in Language::ALL {
        let text = Text {
            file: format!("statement/problem.{language}.md").into(),
            content: pack.statement.get(language).to_owned(),
        };
        if let Some((offset, what)) = given::list_faults(&text.content, &given).into_iter().next() {
            return Err(text.invalid(Some(offset), what));
        }
        let shown = |name: &FieldName| given::names(&text.content, name);
        let mut varying = answer.inputs.iter().filter(|input| input.varies.is_some());
        if let Some(input) = varying.find(|input| !shown(&input.name)) {
            let what = format!(
                "“{name}” varies, so the statement must show it: {{{{{name}}}}} between dollar signs",
                name = input.name
            );
            return Err(text.invalid(None, what));
        }
        let of_hints = pack.hints.iter().map(|hint| (MANIFEST_FILE, &hint.text));
        let of_misconceptions = pack.misconceptions.iter();
        let of_misconceptions = of_misconceptions.map(|one| (MISCONCEPTIONS_TEXT_FILE, &one.text));
        for (file, text) in of_hints.chain(of_misconceptions) {
            let faults = given::list_faults(text.get(language), &given);
            if let Some((_, what)) = faults.into_iter().next() {
                let file = file.into();
                return Err(PackError::Refused { file, what });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(toml: &str) -> Result<Vec<f64>, String> {
        toml::from_str::<VariesToml>(toml).unwrap().values()
    }

    #[test]
    fn steps_are_the_numbers_that_one_would_write() {
        let tenths = values("range = [-0.2, 0.3]\nstep = 0.1\nexcept = [0]").unwrap();
        assert_eq!(tenths, [-0.2, -0.1, 0.1, 0.2, 0.3]);
        assert_eq!(values("range = [0, 9]\nstep = 4").unwrap(), [0.0, 4.0, 8.0]);
        assert_eq!(values("one_of = [2, 0.5]").unwrap(), [2.0, 0.5]);
    }

    #[test]
    fn what_cannot_be_drawn_from_is_refused() {
        for (toml, part) in [
            ("range = [0, 1]", "with a step"),
            ("step = 1", "with a step"),
            ("", "with a step"),
            ("range = [0, 1]\nstep = 0.1\none_of = [1, 2]", "with a step"),
            ("range = [1, 0]\nstep = 0.1", "must rise"),
            ("range = [0, 1]\nstep = 0", "above 0"),
            ("range = [0, 1]\nstep = -1", "above 0"),
            ("range = [0, 1]\nstep = 0.0000001", "decimals"),
            ("range = [0, inf]\nstep = 1", "within a million"),
            ("range = [0, 1]\nstep = nan", "within a million"),
            ("range = [0, 900000]\nstep = 0.001", "more than"),
            ("one_of = [1]", "2 to"),
            ("one_of = [1, inf]", "finite"),
            ("one_of = [1, 2, 3]\nexcept = [4]", "anyway"),
        ] {
            let error = values(toml).unwrap_err();
            assert!(error.contains(part), "{toml}: {error}");
        }
    }

    const MANIFEST: &str = r#"
format = 1
kind = "answer"
chapter = 3
section = "3.3"
title = { id = "Jumlah", en = "Sum" }

[variants]
count = 3
seed = 1

[[inputs]]
name = "x"
value = [0.5, 1.0]
varies = { range = [0, 2], step = 0.5 }

[[inputs]]
name = "w"
value = 2

[[fields]]
name = "z"
label = { id = "z", en = "z" }
points = 10
decimals = 2
"#;
    const STATEMENT: &str = "Nilai $x = {{x}}$.\n\nDan $w = 2$.\n";
    const EXPECTED: &str = "\"accepted/a.toml\" = { verdict = \"AC\", score = 10, variant = 2 }\n";

    fn load(change: impl Fn(&str, &str) -> String) -> Result<Pack, PackError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("problem.toml", MANIFEST),
            ("statement/problem.id.md", STATEMENT),
            ("statement/problem.en.md", STATEMENT),
            (
                "reference.py",
                "def reference(x: Tensor, w: Tensor) -> Tensor:\n    return w * x.sum()\n",
            ),
            ("submissions/expected.toml", EXPECTED),
            ("submissions/accepted/a.toml", "z = 3\n"),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, change(name, content)).unwrap();
        }
        Pack::load_as(folder.path(), "ch3-sum")
    }

    #[test]
    fn texts_are_filled_with_the_numbers_of_a_variant() {
        let pack = load(|_, content| content.to_owned()).unwrap();
        let Kind::Answer(answer) = &pack.kind else {
            panic!("another kind")
        };
        assert_eq!(answer.variant_count(), 3);
        assert_eq!(answer.inputs[0].varies.as_ref().unwrap().len(), 5);
        let text = pack.statement.get(Language::Id);
        let own = "Nilai $x = \\begin{bmatrix} 0.5 & 1.0 \\end{bmatrix}$.";
        assert!(pack.fill(text, &[]).starts_with(own));
        let mut given = answer.given();
        given[0].elements = vec![2.0, 0.0];
        let other = "Nilai $x = \\begin{bmatrix} 2 & 0 \\end{bmatrix}$.";
        assert!(pack.fill(text, &given).starts_with(other));
        let submission = &pack.submissions[0].submission;
        let of_two = matches!(
            submission,
            crate::protocol::Submission::Answer { variant: 2, .. }
        );
        assert!(of_two);
    }

    /// Each row: the file, what is replaced in it, by what, and a part of the error.
    #[test]
    fn a_pack_whose_variants_cannot_be_shown_or_drawn_is_refused() {
        for (file, from, to, part) in [
            ("problem.toml", "count = 3", "count = 1", "2 to 100"),
            ("problem.toml", "count = 3", "count = 101", "2 to 100"),
            (
                "problem.toml",
                "seed = 1",
                "seed = 1\naccept = \"a b\"",
                "no name of a function",
            ),
            (
                "problem.toml",
                "varies = { range = [0, 2], step = 0.5 }",
                "",
                "no input varies",
            ),
            (
                "problem.toml",
                "step = 0.5",
                "steps = 0.5",
                "did you mean `step`",
            ),
            (
                "problem.toml",
                "[variants]\ncount = 3\nseed = 1",
                "",
                "there is no [variants]",
            ),
            (
                "problem.toml",
                "kind = \"answer\"",
                "kind = \"prediction\"",
                "are for kind \"answer\"",
            ),
            (
                "problem.toml",
                "value = 2",
                "value = 2\ndtype = \"int64\"\nvaries = { one_of = [1, 2.5] }",
                "needs integers",
            ),
            (
                "statement/problem.en.md",
                "{{x}}",
                "{{y}}",
                "statement/problem.en.md:1: “{{y}}”: there is no input “y”",
            ),
            (
                "statement/problem.id.md",
                "2$",
                "{{w[0]}}$",
                "statement/problem.id.md:3: “{{w[0]}}”",
            ),
            (
                "statement/problem.id.md",
                "{{x}}",
                "0.5",
                "must show it: {{x}}",
            ),
            (
                "submissions/expected.toml",
                "variant = 2",
                "variant = 3",
                "must be below 3",
            ),
        ] {
            let changed = |name: &str, content: &str| {
                assert!(name != file || content.contains(from), "{from}");
                match name == file {
                    true => content.replace(from, to),
                    false => content.to_owned(),
                }
            };
            let error = load(changed).unwrap_err().to_string();
            assert!(error.contains(part), "{from}: {error}");
        }
    }
}
