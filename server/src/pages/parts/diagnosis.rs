//! The misconception behind a wrong answer, in the pack's words.

use crate::i18n::Texts;
use crate::render::markdown;
use crate::services::visibility::VisibleDiagnosis;
use gradien_problems::Pack;
use gradien_problems::pack::Kind;

pub struct DiagnosisView {
    /// HTML.
    pub text: String,
    /// The subtasks or fields that it explains.
    pub places: String,
}

impl DiagnosisView {
    pub fn list(diagnoses: &[VisibleDiagnosis], pack: &Pack, t: Texts) -> Vec<DiagnosisView> {
        let diagnoses = diagnoses.iter().map(|diagnosis| {
            let names = diagnosis.found.subtasks.iter();
            let titles: Vec<String> = names.map(|name| title(name.as_str(), pack, t)).collect();
            DiagnosisView {
                text: markdown::render(diagnosis.text.get(t.language)).html,
                places: t.with("diagnosis-places", "places", titles.join("; ")),
            }
        });
        diagnoses.collect()
    }
}

/// What the page calls this subtask or field.
fn title(name: &str, pack: &Pack, t: Texts) -> String {
    let known = match &pack.kind {
        Kind::Answer(answer) => answer
            .fields
            .iter()
            .find(|field| field.name.as_str() == name)
            .map(|field| &field.label),
        kind => kind.find_function().and_then(|function| {
            let mut subtasks = function.subtasks.iter();
            let found = subtasks.find(|subtask| subtask.name.as_str() == name);
            found.map(|subtask| &subtask.title)
        }),
    };
    known
        .map(|title| title.get(t.language).to_owned())
        .unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::report::Diagnosis;
    use gradien_problems::{Language, Localized};
    use std::path::Path;

    #[test]
    fn every_flaw_becomes_html_with_its_formulas() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        let pack = Pack::load(&packs.join("ch3-spiral-mlp")).unwrap();
        assert_eq!(pack.kind.flaws().len(), 5);
        for (rule, text) in pack.kind.flaws() {
            for language in Language::ALL {
                let rendered = markdown::render(text.get(language));
                assert!(rendered.math_errors.is_empty(), "{rule}");
                assert!(!rendered.html.contains('$'), "{rule}: {}", rendered.html);
            }
        }
    }

    #[test]
    fn every_text_of_every_pack_becomes_html_with_its_formulas() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        for folder in std::fs::read_dir(packs).unwrap() {
            let pack = Pack::load(&folder.unwrap().path()).unwrap();
            let slug = &pack.slug;
            let flaws: Vec<&Localized> = match &pack.kind {
                Kind::Prediction(kind) => kind.flaws.iter().map(|flaw| &flaw.text).collect(),
                Kind::Model(kind) => kind.flaws.iter().map(|flaw| &flaw.text).collect(),
                _ => Vec::new(),
            };
            // Where a checker judges it has the texts.
            let told = pack.misconceptions.len() + flaws.len() > 0;
            assert!(told || pack.kind.find_checker().is_some(), "{slug}");
            for language in [Language::Id, Language::En] {
                let hints = pack.hints.iter().map(|hint| &hint.text);
                let texts = pack.misconceptions.iter().map(|one| &one.text);
                let flaws = flaws.iter().copied();
                for text in texts.chain(hints).chain(flaws) {
                    let rendered = markdown::render(text.get(language));
                    let place = format!("{slug} ({language}): {}", rendered.html);
                    assert!(rendered.math_errors.is_empty(), "{place}");
                    assert!(!rendered.html.contains('$'), "{place}");
                }
            }
        }
    }

    #[test]
    fn a_diagnosis_names_the_fields_as_the_form_does() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        let pack = Pack::load(&packs.join("ch3-backprop-hand")).unwrap();
        let visible = VisibleDiagnosis {
            text: pack.misconceptions[0].text.clone(),
            found: Diagnosis {
                misconception: pack.misconceptions[0].name.clone(),
                subtasks: vec!["d2".parse().unwrap()],
            },
        };
        let views = DiagnosisView::list(&[visible], &pack, Texts::new(Language::En));
        assert!(
            views[0].places.contains("error of the output layer"),
            "{}",
            views[0].places
        );
        assert!(views[0].text.contains("<math"));
    }
}
