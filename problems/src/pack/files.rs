//! Reads a pack's folder.

use super::check;
use super::checker::{CHECKER_FILE, CHECKER_TEXTS_FILE, Checker, checker};
use super::error::{PackError, Place};
use super::example::ExampleSubmission;
use super::hash::{hash_folder, list_files};
use super::manifest::{AnswerToml, ExpectedToml, Manifest, MisconceptionsToml, NamesToml};
use super::model::{Kind, MISCONCEPTIONS_FOLDER, Misconception, Pack, Statement};
use super::suggestion::with_suggestion;
use super::trace::trace_spec;
use super::variants::check_texts;
use crate::ids::{BlobHash, MisconceptionName};
use crate::protocol::{
    MAX_NOTEBOOK_BYTES, MAX_PREDICTION_BYTES, MAX_SOURCE_BYTES, Submission, Upload,
};
use crate::score::Score;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub const MANIFEST_FILE: &str = "problem.toml";
pub const REFERENCE_FILE: &str = "reference.py";
pub const EXPECTED_FILE: &str = "submissions/expected.toml";
pub(super) const MISCONCEPTIONS_TEXT_FILE: &str = "misconceptions/text.toml";
const LAYERS_SUFFIX: &str = ".layers.toml";
const MAX_MISCONCEPTIONS: usize = 40;

/// A text of the pack with the place it came from, so that an error in it can
/// name a line.
pub struct Text {
    pub file: PathBuf,
    pub content: String,
}

impl Text {
    fn read(folder: &Path, name: &str, purpose: &'static str) -> Result<Text, PackError> {
        let file = PathBuf::from(name);
        match fs::read_to_string(folder.join(name)) {
            Ok(content) => Ok(Text { file, content }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(PackError::Missing { file, purpose })
            }
            Err(source) => Err(PackError::Unreadable { file, source }),
        }
    }

    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, PackError> {
        toml::from_str(&self.content).map_err(|error| {
            let offset = error.span().map(|span| span.start);
            self.invalid(offset, with_suggestion(error.message().trim()))
        })
    }

    /// An error at a byte offset of this text.
    pub fn invalid(&self, offset: Option<usize>, what: impl Into<String>) -> PackError {
        let line = offset.map(|offset| {
            1 + self
                .content
                .as_bytes()
                .iter()
                .take(offset)
                .filter(|&&b| b == b'\n')
                .count()
        });
        PackError::Invalid {
            place: Place {
                file: self.file.clone(),
                line,
            },
            what: what.into(),
        }
    }
}

impl Pack {
    /// Reads and checks the pack in this folder; the folder's name is its slug.
    ///
    /// # Errors
    /// Names the file, where possible the line, and what was expected.
    pub fn load(folder: &Path) -> Result<Pack, PackError> {
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        Pack::load_as(folder, name)
    }

    /// As [`Pack::load`], for a folder that is named otherwise than the pack
    /// (an installed version lies under its hash).
    pub fn load_as(folder: &Path, slug: &str) -> Result<Pack, PackError> {
        let slug = slug.parse().map_err(|error| PackError::Refused {
            file: folder.into(),
            what: format!("{error}"),
        })?;
        let text = Text::read(folder, MANIFEST_FILE, "it says what the problem is")?;
        let manifest: Manifest = text.parse()?;
        let statement = Statement {
            id: Text::read(
                folder,
                "statement/problem.id.md",
                "the statement in Indonesian",
            )?
            .content,
            en: Text::read(
                folder,
                "statement/problem.en.md",
                "the statement in English",
            )?
            .content,
        };
        let purpose = "TorchScript that gives the right answer";
        let reference = match manifest.kind.get_ref().as_str() {
            // Hidden labels take its place; a checker may.
            "prediction" | "model" => optional(folder, REFERENCE_FILE)?.unwrap_or_default(),
            _ if folder.join(CHECKER_FILE).is_file() => {
                optional(folder, REFERENCE_FILE)?.unwrap_or_default()
            }
            _ => Text::read(folder, REFERENCE_FILE, purpose)?.content,
        };
        let code = check::Code {
            starter: optional(folder, "starter.py")?,
            driver: optional(folder, "driver.py")?,
            checker: read_checker(folder)?,
        };
        let head = check::head(&text, &manifest)?;
        let hints = check::hints(&text, &manifest)?;
        let attempts = check::attempts(&text, &manifest)?;
        let scoring = manifest.scoring;
        let combine_misconceptions = manifest.combine_misconceptions;
        let trace = trace_spec(&text, manifest.trace.clone())?;
        let misconceptions = read_misconceptions(folder)?;
        let kind = check::kind(&text, folder, manifest, code)?;
        if reference.is_empty() && kind.needs_reference() {
            return Err(PackError::Missing {
                file: REFERENCE_FILE.into(),
                purpose,
            });
        }
        let submissions = read_submissions(folder, &kind, &misconceptions)?;
        let pack = Pack {
            slug,
            hash: hash_folder(folder)?,
            folder: folder.into(),
            title: head.title,
            chapter: head.chapter,
            section: head.section,
            statement,
            reference,
            kind,
            misconceptions,
            combine_misconceptions,
            trace,
            attempts,
            scoring,
            hints,
            submissions,
        };
        check_texts(&pack)?;
        Ok(pack)
    }
}

/// `checker.py` with its texts.
fn read_checker(folder: &Path) -> Result<Option<Checker>, PackError> {
    let Some(source) = optional(folder, CHECKER_FILE)? else {
        return Ok(None);
    };
    let texts = match Text::read(folder, CHECKER_TEXTS_FILE, "") {
        Ok(text) => Some(text),
        Err(PackError::Missing { .. }) => None,
        Err(error) => return Err(error),
    };
    checker(source, texts.as_ref()).map(Some)
}

fn optional(folder: &Path, name: &str) -> Result<Option<String>, PackError> {
    match Text::read(folder, name, "") {
        Ok(text) => Ok(Some(text.content)),
        Err(PackError::Missing { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Every `misconceptions/<name>.py` with its text. One without the other would
/// find a mistake and say nothing, or never find it.
fn read_misconceptions(folder: &Path) -> Result<Vec<Misconception>, PackError> {
    if !folder.join(MISCONCEPTIONS_FOLDER).is_dir() {
        return Ok(Vec::new());
    }
    let text = Text::read(
        folder,
        MISCONCEPTIONS_TEXT_FILE,
        "it says what a student with each misconception reads",
    )?;
    let mut texts = text.parse::<MisconceptionsToml>()?.0;
    let mut misconceptions = Vec::new();
    for (name, path) in list_files(&folder.join(MISCONCEPTIONS_FOLDER))? {
        if name == "text.toml" {
            continue;
        }
        let refuse = |what: String| PackError::Refused {
            file: format!("{MISCONCEPTIONS_FOLDER}/{name}").into(),
            what,
        };
        let Some(stem) = name.strip_suffix(".py") else {
            return Err(refuse("only text.toml and <name>.py belong here".into()));
        };
        let stem: MisconceptionName = stem.parse().map_err(|e| refuse(format!("{e}")))?;
        let Some(spanned) = texts.remove(&stem) else {
            return Err(text.invalid(None, format!("[{stem}] with id and en is missing")));
        };
        let (offset, localized) = (spanned.span().start, spanned.into_inner());
        if localized.id.trim().is_empty() || localized.en.trim().is_empty() {
            return Err(text.invalid(Some(offset), "id and en must not be empty"));
        }
        let source = fs::read_to_string(&path).map_err(|source| PackError::Unreadable {
            file: path.clone(),
            source,
        })?;
        misconceptions.push(Misconception {
            name: stem,
            text: localized,
            source,
        });
        if misconceptions.len() > MAX_MISCONCEPTIONS {
            let what = format!("a pack has at most {MAX_MISCONCEPTIONS} misconceptions");
            return Err(text.invalid(None, what));
        }
    }
    if let Some((name, spanned)) = texts.into_iter().next() {
        let what = format!("there is no {MISCONCEPTIONS_FOLDER}/{name}.py");
        return Err(text.invalid(Some(spanned.span().start), what));
    }
    Ok(misconceptions)
}

/// The examples that `expected.toml` lists; a file that it does not list, or
/// lists without being there, is an error: it would prove nothing.
fn read_submissions(
    folder: &Path,
    kind: &Kind,
    misconceptions: &[Misconception],
) -> Result<Vec<ExampleSubmission>, PackError> {
    let text = Text::read(
        folder,
        EXPECTED_FILE,
        "it says which verdict each example must get",
    )?;
    let mut expected = text.parse::<ExpectedToml>()?.0;
    let mut submissions = Vec::new();
    for (name, path) in list_files(&folder.join("submissions"))? {
        let of_weights = |layers: &str| folder.join(format!("submissions/{layers}.safetensors"));
        let is_layers = matches!(kind, Kind::Model(_))
            && (name.strip_suffix(LAYERS_SUFFIX)).is_some_and(|stem| of_weights(stem).is_file());
        if name == "expected.toml" || is_layers {
            continue;
        }
        let Some(entry) = expected.remove(&name) else {
            let what = format!(
                "submissions/{name} is not listed; expected a line “\"{name}\" = {{ verdict = \"…\", score = … }}”"
            );
            return Err(text.invalid(None, what));
        };
        let (offset, entry) = (entry.span().start, entry.into_inner());
        let place = name.split('/').next().unwrap_or_default();
        if place != entry.verdict.folder() {
            let what = format!(
                "a submission with the verdict {} belongs into submissions/{}/, not submissions/{place}/",
                entry.verdict,
                entry.verdict.folder()
            );
            return Err(text.invalid(Some(offset), what));
        }
        if !(0.0..=1e6).contains(&entry.score) {
            return Err(text.invalid(Some(offset), "the score must be 0 or more"));
        }
        let named = entry.misconception.map(NamesToml::sorted);
        let named = named.unwrap_or_default();
        let unknown = |name: &&_| misconceptions.iter().all(|known| known.name != **name);
        if let Some(named) = named.iter().find(unknown) {
            let what = format!("there is no {MISCONCEPTIONS_FOLDER}/{named}.py");
            return Err(text.invalid(Some(offset), what));
        }
        let variants = match kind {
            Kind::Answer(answer) => answer.variant_count(),
            _ => 1,
        };
        if entry.variant >= variants {
            let what = format!("variant must be below {variants}: so many has the pack");
            return Err(text.invalid(Some(offset), what));
        }
        let rules: Vec<&str> = kind.flaws().iter().map(|(rule, _)| *rule).collect();
        if let Some(flaw) = &entry.flaw
            && !rules.contains(&flaw.as_str())
        {
            let what = format!(
                "the pack has no flaw “{flaw}”; expected one of: {}",
                rules.join(", ")
            );
            return Err(text.invalid(Some(offset), what));
        }
        let submission = read_submission(folder, &path, &name, kind, entry.variant)?;
        let score = Score::from_hundredths((entry.score * 100.0).round() as u32);
        submissions.push(ExampleSubmission {
            path: name,
            submission,
            verdict: entry.verdict,
            score,
            misconceptions: named,
            flaw: entry.flaw,
        });
    }
    if let Some((name, entry)) = expected.into_iter().next() {
        let what = format!("submissions/{name} is listed but not there");
        return Err(text.invalid(Some(entry.span().start), what));
    }
    Ok(submissions)
}

fn read_submission(
    folder: &Path,
    path: &Path,
    name: &str,
    kind: &Kind,
    variant: u32,
) -> Result<Submission, PackError> {
    match kind {
        Kind::Prediction(_) => {
            let file = read_upload(path, name, MAX_PREDICTION_BYTES)?;
            return Ok(Submission::Prediction { file });
        }
        Kind::Notebook(_) => {
            let file = read_upload(path, name, MAX_NOTEBOOK_BYTES)?;
            return Ok(Submission::Notebook { file });
        }
        Kind::Model(model) => {
            let file = read_upload(path, name, model.max_bytes)?;
            let architecture = match layers_of(name) {
                Some(layers) => optional(&folder.join("submissions"), &layers)?,
                None => None,
            };
            return Ok(Submission::Model { file, architecture });
        }
        Kind::Answer(_) | Kind::Function(_) => {}
    }
    let text = Text::read(
        folder,
        &format!("submissions/{name}"),
        "an example submission",
    )?;
    if text.content.len() > MAX_SOURCE_BYTES {
        let what = format!("an example may have at most {} KiB", MAX_SOURCE_BYTES >> 10);
        return Err(PackError::Refused {
            file: path.into(),
            what,
        });
    }
    match kind {
        Kind::Function(_) => Ok(Submission::Function {
            source: text.content,
        }),
        Kind::Answer(answer) => {
            let mut fields = BTreeMap::new();
            for (field, value) in text.parse::<AnswerToml>()?.0 {
                let mut cells = Vec::new();
                if !flatten(&value, &mut cells) {
                    let what = format!("“{field}” must be a text, a number, or lists of them");
                    return Err(text.invalid(None, what));
                }
                let known = answer.fields.iter().find(|one| one.name.as_str() == field);
                let cells = match known {
                    Some(known) => known.cells_of(cells),
                    None => cells,
                };
                fields.insert(field, cells);
            }
            Ok(Submission::Answer { fields, variant })
        }
        Kind::Prediction(_) | Kind::Model(_) | Kind::Notebook(_) => {
            unreachable!("read above as files")
        }
    }
}

/// Where the layers of an example of kind `model` stand, if it brings its own:
/// `accepted/small.layers.toml` beside `accepted/small.safetensors`.
fn layers_of(name: &str) -> Option<String> {
    Some(format!(
        "{}{LAYERS_SUFFIX}",
        name.strip_suffix(".safetensors")?
    ))
}

/// An example that is a file: it is named by its hash and never parsed here.
fn read_upload(path: &Path, name: &str, max_bytes: u64) -> Result<Upload, PackError> {
    let content = fs::read(path).map_err(|source| PackError::Unreadable {
        file: path.into(),
        source,
    })?;
    let bytes = content.len() as u64;
    if bytes > max_bytes {
        return Err(PackError::Refused {
            file: path.into(),
            what: format!("an example may have at most {} KiB", max_bytes >> 10),
        });
    }
    Ok(Upload {
        name: name.rsplit('/').next().unwrap_or(name).to_owned(),
        hash: BlobHash::of(&content),
        bytes,
    })
}

fn flatten(value: &toml::Value, cells: &mut Vec<String>) -> bool {
    match value {
        toml::Value::String(text) => cells.push(text.clone()),
        toml::Value::Integer(number) => cells.push(number.to_string()),
        toml::Value::Float(number) => cells.push(number.to_string()),
        toml::Value::Array(items) => return items.iter().all(|item| flatten(item, cells)),
        _ => return false,
    }
    true
}
