//! From what `problem.toml` says to what holds: every rule of the format that
//! its TOML shape alone cannot say. A kind of problem has a file of its own.

mod answer;
mod field;
mod function;
mod input;
mod subtask;

use super::checker::Checker;
use super::error::PackError;
use super::files::Text;
use super::manifest::{InputToml, Manifest};
use super::model::{Hint, Kind};
use super::model_kind::model;
use super::notebook::notebook;
use super::prediction::prediction;
use crate::language::Localized;
use crate::score::Score;
use std::path::Path;
use toml::Spanned;

const FORMAT: u32 = 1;
const MAX_HINT_COST: u32 = 100;

pub struct Code {
    pub starter: Option<String>,
    pub driver: Option<String>,
    pub checker: Option<Checker>,
}

pub struct Head {
    pub title: Localized,
    pub chapter: u8,
    pub section: String,
}

pub fn head(text: &Text, manifest: &Manifest) -> Result<Head, PackError> {
    if *manifest.format.get_ref() != FORMAT {
        let what = format!("this version of Gradien reads format = {FORMAT}");
        return Err(text.invalid(Some(manifest.format.span().start), what));
    }
    let (chapter, section) = (*manifest.chapter.get_ref(), manifest.section.get_ref());
    if !(1..=6).contains(&chapter) {
        let what = "chapter must be one of the module's, 1 to 6";
        return Err(text.invalid(Some(manifest.chapter.span().start), what));
    }
    let is_section = section.split('.').all(|part| part.parse::<u8>().is_ok());
    if !is_section || !section.starts_with(&format!("{chapter}.")) {
        let what = format!("section must be one of chapter {chapter}, such as \"{chapter}.1\"");
        return Err(text.invalid(Some(manifest.section.span().start), what));
    }
    Ok(Head {
        title: manifest.title.clone(),
        chapter,
        section: section.clone(),
    })
}

pub fn hints(text: &Text, manifest: &Manifest) -> Result<Vec<Hint>, PackError> {
    let hints = manifest.hints.iter().map(|spanned| {
        let hint = spanned.get_ref();
        let texts = [&hint.text.id, &hint.text.en];
        if texts.iter().any(|text| text.trim().is_empty()) || hint.cost > MAX_HINT_COST {
            let what = format!(
                "a hint needs a text in id and en, and costs at most {MAX_HINT_COST} points"
            );
            return Err(text.invalid(Some(spanned.span().start), what));
        }
        Ok(Hint {
            text: hint.text.clone(),
            cost: Score::from_points(hint.cost),
        })
    });
    hints.collect()
}

/// A notebook that is run again needs no function; messages call what it gives
/// by its first variable.
fn name_by_output(manifest: &mut Manifest, reruns: bool) {
    if !reruns {
        return;
    }
    let Some(function) = &mut manifest.function else {
        return;
    };
    let function = function.get_mut();
    if let Some(first) = function.outputs.first() {
        function.name = first.name.to_string();
    }
}

const MAX_ATTEMPTS: u32 = 1000;

pub fn attempts(text: &Text, manifest: &Manifest) -> Result<Option<u32>, PackError> {
    let Some(spanned) = &manifest.attempts else {
        return Ok(None);
    };
    let attempts = *spanned.get_ref();
    if !(1..=MAX_ATTEMPTS).contains(&attempts) {
        let what = format!("attempts must be 1 to {MAX_ATTEMPTS}; leave it out for no limit");
        return Err(text.invalid(Some(spanned.span().start), what));
    }
    Ok(Some(attempts))
}

pub fn kind(
    text: &Text,
    folder: &Path,
    mut manifest: Manifest,
    mut code: Code,
) -> Result<Kind, PackError> {
    let kind_at = manifest.kind.span().start;
    if manifest.kind.get_ref() != "answer" {
        let varying = |input: &Spanned<InputToml>| input.get_ref().varies.is_some();
        let of_inputs = manifest.inputs.iter().find(|input| varying(input));
        let of_inputs = of_inputs.map(|input| input.span().start);
        let at = manifest.variants.as_ref().map(|table| table.span().start);
        if let Some(at) = at.or(of_inputs) {
            let what = "[variants] and varies are for kind \"answer\"; cases of a function are drawn by a distribution";
            return Err(text.invalid(Some(at), what));
        }
    }
    match manifest.kind.get_ref().as_str() {
        "answer" => Ok(Kind::Answer(answer::answer(
            text,
            manifest,
            code.checker,
            kind_at,
        )?)),
        "function" => Ok(Kind::Function(function::function(
            text, manifest, code, kind_at,
        )?)),
        "prediction" => {
            let toml = manifest.prediction.take();
            let kind = prediction(text, folder, toml, kind_at)?;
            Ok(Kind::Prediction(kind))
        }
        "model" => {
            let toml = manifest.model.take();
            Ok(Kind::Model(model(text, folder, toml, kind_at)?))
        }
        "notebook" => {
            let toml = manifest.notebook.take();
            let reruns = toml
                .as_ref()
                .is_some_and(|toml| toml.get_ref().data.is_some());
            name_by_output(&mut manifest, reruns);
            // What it begins with is a file to take, not the text of an editor.
            code.starter = Some(String::new());
            let function = function::function(text, manifest, code, kind_at)?;
            Ok(Kind::Notebook(notebook(text, folder, function, toml)?))
        }
        other => {
            let what = format!(
                "unknown kind “{other}”; expected \"answer\", \"function\", \"prediction\", \"model\" or \"notebook\""
            );
            Err(text.invalid(Some(kind_at), what))
        }
    }
}
