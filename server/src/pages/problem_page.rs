//! The page of a problem, as three handlers show it: when it is opened, when what
//! was submitted has to be corrected, and after a run without a script.

use super::assets::Assets;
use super::errors::{ErrorCode, ErrorView, PageError};
use super::frame::Frame;
use super::html;
use super::parts::hints::HintsView;
use super::parts::report::score_of;
use super::parts::row::rows;
use super::parts::upload::UploadForm;
use super::parts::value::ValueView;
use super::visit::Visit;
use crate::i18n::{Texts, mebibytes, score, show_time};
use crate::render::markdown;
use crate::services::Services;
use crate::services::problems::ProblemView;
use crate::services::submissions::{Filter, PageOf};
use crate::services::visibility::Feedback;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::Language;
use gradien_problems::answer::accepted_deviation;
use gradien_problems::pack::{Field, FunctionKind, Kind};
use gradien_problems::protocol::Submission;

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage {
    frame: Frame,
    slug: String,
    title: String,
    kind: &'static str,
    kicker: String,
    points_text: String,
    best_text: Option<String>,
    /// HTML.
    statement: String,
    samples: Vec<SampleView>,
    rules: Vec<Rule>,
    subtasks: Vec<SubtaskLine>,
    error: Option<ErrorView>,
    notice: Option<String>,
    prefilled: &'static str,
    owner: Option<String>,
    draft_saved_ms: Option<i64>,
    draft_note: String,
    fields: Vec<FieldForm>,
    has_editor: bool,
    /// Kinds whose submission is a file.
    upload: Option<UploadForm>,
    editor_label: String,
    source: String,
    run_own: bool,
    input_code: String,
    /// HTML.
    run_html: String,
    hints: Option<HintsView>,
    /// HTML of table rows.
    rows: Vec<String>,
}

struct SampleView {
    title: String,
    inputs: Vec<ValueView>,
    expected: Vec<ValueView>,
}

struct Rule {
    name: String,
    text: String,
}

struct SubtaskLine {
    title: String,
    cases: u32,
    points: u32,
}

struct FieldForm {
    name: String,
    label: String,
    points: String,
    precision: String,
    columns: usize,
    rows: Vec<Vec<CellForm>>,
}

struct CellForm {
    index: usize,
    row: usize,
    column: usize,
    label: String,
    value: String,
}

/// What the form is filled with, and what stands around it.
#[derive(Default)]
pub struct Shown {
    /// What was just sent; else the draft is shown, else the starter.
    pub sent: Option<Submission>,
    pub error: Option<ErrorCode>,
    /// It was carried over a session that was over.
    pub kept: bool,
    pub run: Option<RunShown>,
}

/// A run without a script.
pub struct RunShown {
    pub own: bool,
    pub input_code: String,
    /// HTML.
    pub html: String,
}

const OWN_SUBMISSIONS_SHOWN: u64 = 10;

pub async fn respond(
    status: StatusCode,
    problem: &ProblemView,
    shown: Shown,
    visit: &Visit,
    services: &Services,
    assets: &web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let (t, pack) = (visit.t, &problem.pack);
    let mut page = ProblemPage {
        frame: Frame::new(visit, services, assets).at(format!("/problems/{}", pack.slug)),
        slug: pack.slug.to_string(),
        title: pack.title.get(t.language).to_owned(),
        kind: pack.kind.name(),
        kicker: t.with("section", "section", pack.section.clone()),
        points_text: t.with("points-text", "points", score(pack.max_score(), t.language)),
        best_text: None,
        statement: markdown::render(pack.statement.get(t.language)).html,
        samples: samples(problem, t),
        rules: Vec::new(),
        subtasks: Vec::new(),
        error: shown.error.map(|code| ErrorView::new(code, t)),
        notice: shown.kept.then(|| t.get("draft-kept")),
        prefilled: "fresh",
        owner: None,
        draft_saved_ms: None,
        draft_note: String::new(),
        fields: Vec::new(),
        has_editor: false,
        upload: None,
        editor_label: t.get("editor-label"),
        source: String::new(),
        run_own: false,
        input_code: String::new(),
        run_html: String::new(),
        hints: services
            .hints
            .find(visit.viewer.as_ref(), &pack.slug, Feedback::PRACTICE)
            .await?
            .map(|hints| HintsView::new(&hints, t)),
        rows: Vec::new(),
    };
    let mut content = None;
    if let Some(viewer) = &visit.viewer {
        // Scripts keep drafts in the browser under this name; a shared computer
        // must not give one student's draft to another.
        page.owner = Some(viewer.user.id.to_string());
        if let Some(draft) = services.drafts.find(viewer, &pack.slug).await? {
            page.draft_saved_ms = Some(draft.saved_at_ms);
            content = Some(draft.content);
            page.prefilled = "draft";
            if !shown.kept {
                let time = show_time(draft.saved_at_ms, visit.zone, t.language);
                page.draft_note = t.with("draft-from", "time", time);
            }
        }
        let filter = Filter {
            slug: Some(pack.slug.clone()),
            verdict: None,
        };
        let newest = PageOf {
            number: 0,
            size: OWN_SUBMISSIONS_SHOWN,
        };
        let own = services
            .submissions
            .list_own(viewer, &filter, newest)
            .await?;
        page.rows = rows(&own.rows, false, visit)?;
        let progress = services.problems.own_progress(viewer, &pack.slug).await?;
        if progress.attempts > 0 {
            let best = score_of(progress.best, progress.max_score, t);
            page.best_text = Some(t.with("best-score", "score", best));
        }
    }
    if let Some(sent) = shown.sent {
        page.prefilled = "sent";
        page.draft_note = String::new();
        content = Some(sent);
    }
    if let Some(run) = shown.run {
        page.run_own = run.own;
        page.input_code = run.input_code;
        page.run_html = run.html;
    }
    match &pack.kind {
        Kind::Answer(answer) => {
            page.fields = answer
                .fields
                .iter()
                .map(|field| field_form(field, content.as_ref(), t))
                .collect();
        }
        Kind::Prediction(prediction) => {
            page.upload = Some(UploadForm::prediction(prediction, &page.slug, t));
        }
        Kind::Notebook(notebook) => {
            page.upload = Some(UploadForm::notebook(notebook, &page.slug, t));
            page.rules = rules(&notebook.function, t);
            page.subtasks = subtask_lines(&notebook.function, t);
        }
        Kind::Function(function) => {
            page.has_editor = true;
            page.source = match content {
                Some(Submission::Function { source }) => source,
                _ => function.starter.clone(),
            };
            page.rules = rules(function, t);
            page.subtasks = subtask_lines(function, t);
        }
    }
    html(status, &page)
}

fn subtask_lines(function: &FunctionKind, t: Texts) -> Vec<SubtaskLine> {
    let lines = function.subtasks.iter().map(|subtask| SubtaskLine {
        title: subtask.title.get(t.language).to_owned(),
        cases: subtask.cases,
        points: subtask.points,
    });
    lines.collect()
}

fn samples(problem: &ProblemView, t: Texts) -> Vec<SampleView> {
    let Some(function) = problem.pack.kind.find_function() else {
        return Vec::new();
    };
    problem
        .samples
        .iter()
        .enumerate()
        .map(|(index, sample)| {
            let subtask = function
                .subtasks
                .iter()
                .find(|subtask| subtask.name == sample.subtask);
            SampleView {
                title: match subtask {
                    Some(subtask) => t.with_two(
                        "sample-of",
                        ("n", index as i64 + 1),
                        ("subtask", subtask.title.get(t.language).to_owned()),
                    ),
                    None => t.with("sample-number", "n", index as i64 + 1),
                },
                inputs: ValueView::list(&sample.inputs, t),
                expected: ValueView::list(&sample.expected, t),
            }
        })
        .collect()
}

fn rules(function: &FunctionKind, t: Texts) -> Vec<Rule> {
    let parameters: Vec<&str> = function
        .inputs
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    let signature = format!("{}({})", function.entry, parameters.join(", "));
    let limits = &function.limits;
    let decimal = |number: f64| in_language(&format!("{number:?}"), t.language);
    let forbidden: Vec<&str> = function
        .must_not_use
        .iter()
        .map(|rule| rule.written.as_str())
        .collect();
    let forbidden = (!forbidden.is_empty()).then(|| Rule {
        name: t.get("rule-forbidden"),
        text: t.with("rule-forbidden-text", "names", forbidden.join(", ")),
    });
    let mut rules = vec![
        Rule {
            name: t.get("rule-function"),
            text: t.with("rule-function-text", "signature", signature),
        },
        Rule {
            name: t.get("rule-tolerance"),
            text: t.with_two(
                "rule-tolerance-text",
                ("atol", decimal(function.tolerance.atol)),
                ("rtol", decimal(function.tolerance.rtol)),
            ),
        },
        Rule {
            name: t.get("rule-fuel"),
            text: t.with("rule-fuel-text", "n", (limits.fuel / 1_000_000) as i64),
        },
        Rule {
            name: t.get("rule-memory"),
            text: t.with(
                "rule-memory-text",
                "n",
                mebibytes(limits.memory_bytes) as i64,
            ),
        },
        Rule {
            name: t.get("rule-output"),
            text: t.with("rule-output-text", "n", (limits.output_bytes >> 10) as i64),
        },
    ];
    if let Some(forbidden) = forbidden {
        rules.insert(1, forbidden);
    }
    rules
}

fn in_language(number: &str, language: Language) -> String {
    match language {
        Language::Id => number.replace('.', ","),
        Language::En => number.to_owned(),
    }
}

fn field_form(field: &Field, content: Option<&Submission>, t: Texts) -> FieldForm {
    let (row_count, columns) = field.grid();
    let typed = match content {
        Some(Submission::Answer { fields }) => fields.get(field.name.as_str()),
        _ => None,
    };
    let name = field.name.as_str();
    let cell = |index: usize| CellForm {
        index,
        row: index / columns.max(1),
        column: index % columns.max(1),
        label: cell_label(name, row_count, columns, index, t),
        value: typed
            .and_then(|cells| cells.get(index))
            .cloned()
            .unwrap_or_default(),
    };
    FieldForm {
        name: name.to_owned(),
        label: field.label.get(t.language).to_owned(),
        points: t.with("points", "n", i64::from(field.points)),
        precision: precision(field, t),
        columns,
        rows: (0..row_count)
            .map(|row| {
                (0..columns)
                    .map(|column| cell(row * columns + column))
                    .collect()
            })
            .collect(),
    }
}

fn cell_label(name: &str, rows: usize, columns: usize, index: usize, t: Texts) -> String {
    let column = (index % columns.max(1)) as i64 + 1;
    match (rows, columns) {
        (1, 1) => t.with("cell-single", "field", name.to_owned()),
        (1, _) => t.with_two(
            "cell-column",
            ("field", name.to_owned()),
            ("column", column),
        ),
        _ => t.with_three(
            "cell-row-column",
            ("field", name.to_owned()),
            ("row", (index / columns) as i64 + 1),
            ("column", column),
        ),
    }
}

/// What deviation is accepted, said beside the field.
fn precision(field: &Field, t: Texts) -> String {
    let deviation = accepted_deviation(field.decimals, field.slack_units);
    // Enough digits for half a unit and for quarters of one.
    let digits = field.decimals as usize + 3;
    let text = format!("{deviation:.digits$}");
    let text = in_language(text.trim_end_matches('0').trim_end_matches('.'), t.language);
    match field.decimals {
        0 if deviation < 1.0 => t.get("precision-integer"),
        0 => t.with("precision-integer-loose", "deviation", text),
        decimals => t.with_two("precision", ("deviation", text), ("n", i64::from(decimals))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Localized;

    fn field(shape: &[usize], decimals: u32, slack_units: f64) -> Field {
        Field {
            carry: None,
            name: "z1".parse().unwrap(),
            label: Localized {
                id: "z".into(),
                en: "z".into(),
            },
            shape: shape.to_vec(),
            points: 30,
            decimals,
            slack_units,
        }
    }

    #[test]
    fn cells_are_named_for_screen_readers() {
        let t = Texts::new(Language::Id);
        let labels = |shape: &[usize]| {
            field_form(&field(shape, 3, 0.0), None, t)
                .rows
                .into_iter()
                .flatten()
                .map(|cell| cell.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(labels(&[]), ["z1"]);
        assert_eq!(labels(&[2]), ["z1 kolom 1", "z1 kolom 2"]);
        assert_eq!(labels(&[2, 1])[1], "z1 baris 2 kolom 1");
    }

    #[test]
    fn the_accepted_deviation_is_said_in_the_language() {
        for (decimals, slack, language, part) in [
            (3, 0.0, Language::Id, "0,0005."),
            (3, 0.5, Language::En, "0.001 off."),
            (3, 1.0, Language::Id, "0,0015."),
            (0, 0.0, Language::Id, "Bilangan bulat."),
            (0, 1.0, Language::En, "1.5"),
        ] {
            let text = precision(&field(&[], decimals, slack), Texts::new(language));
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_draft_fills_the_cells_that_it_has() {
        let draft = Submission::Answer {
            fields: [("z1".to_owned(), vec!["0,6".to_owned()])].into(),
        };
        let form = field_form(&field(&[2], 3, 0.0), Some(&draft), Texts::new(Language::Id));
        assert_eq!(form.rows[0][0].value, "0,6");
        assert_eq!(form.rows[0][1].value, "");
    }
}
