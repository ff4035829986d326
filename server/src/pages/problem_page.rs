//! The page of a problem, as three handlers show it: when it is opened, when what
//! was submitted has to be corrected, and after a run without a script.

mod rules;

use super::assets::Assets;
use super::errors::{ErrorCode, ErrorView, PageError};
use super::frame::Frame;
use super::parts::field_form::{FieldBody, FieldForm};
use super::parts::hints::HintsView;
use super::parts::network::NetworkTable;
use super::parts::report::{metric_value, score_of};
use super::parts::row::rows;
use super::parts::upload::UploadForm;
use super::parts::value::ValueView;
use super::visit::Visit;
use super::{html, problem};
use crate::i18n::{Text, Texts, score, show_time};
use crate::render::markdown;
use crate::services::Services;
use crate::services::problems::{PackState, ProblemView};
use crate::services::submissions::{Filter, PageOf};
use crate::services::variants::Numbers;
use crate::services::visibility::Feedback;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::pack::{Kind, ScorePolicy};
use gradien_problems::protocol::Submission;
use rules::{Rule, SubtaskLine, notebook_rules, rules, subtask_lines};

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
    /// Which submissions count.
    scoring_text: String,
    /// The value of the own final submission on part B, once that is open.
    final_text: Option<String>,
    /// HTML.
    statement: String,
    samples: Vec<SampleView>,
    rules: Vec<Rule>,
    subtasks: Vec<SubtaskLine>,
    error: Option<ErrorView>,
    notice: Option<String>,
    /// `?version=…` where a coach tries a version; forms and files ask for the same.
    tried: String,
    /// What is tried, in words.
    tried_notice: Option<String>,
    /// It cannot be judged yet, or not at all.
    state_notice: Option<String>,
    prefilled: &'static str,
    owner: Option<String>,
    draft_saved_ms: Option<i64>,
    draft_note: String,
    fields: Vec<FieldForm>,
    has_editor: bool,
    /// Kinds whose submission is a file.
    upload: Option<UploadForm>,
    /// Kind `model`, where the pack declares the layers.
    network: Option<NetworkTable>,
    editor_label: String,
    source: String,
    run_own: bool,
    input_code: String,
    /// HTML.
    run_html: String,
    /// Which numbers the reader has, where there are several.
    variant: Option<VariantView>,
    /// How many attempts are used, where they are counted.
    attempts: Option<AttemptsView>,
    hints: Option<HintsView>,
    /// HTML of table rows.
    rows: Vec<String>,
}

struct SampleView {
    title: String,
    inputs: Vec<ValueView>,
    expected: Vec<ValueView>,
}

struct VariantView {
    /// The first is 0.
    number: u32,
    text: String,
    renewable: bool,
}

struct AttemptsView {
    text: String,
    spent: bool,
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
    let viewer = visit.viewer.as_ref();
    let variant = services
        .variants
        .find(viewer, problem, Numbers::Own)
        .await?;
    let given = variant.as_ref().map_or(&[][..], |variant| &variant.given);
    let statement = pack.fill(pack.statement.get(t.language), given);
    let tried = problem::query_of(problem);
    let mut page = ProblemPage {
        frame: Frame::new(visit, services, assets).at(problem::address(problem)),
        tried_notice: problem.trying.then(|| t.get("problem-tried")),
        tried,
        slug: pack.slug.to_string(),
        title: pack.title.get(t.language).to_owned(),
        kind: pack.kind.name(),
        kicker: t.with("section", "section", pack.section.clone()),
        points_text: t.with("points-text", "points", score(pack.max_score(), t.language)),
        best_text: None,
        scoring_text: t.get(scoring_text(pack.scoring).0),
        statement: markdown::render(&statement).html,
        final_text: None,
        samples: samples(problem, t),
        rules: Vec::new(),
        subtasks: Vec::new(),
        error: shown.error.map(|code| ErrorView::new(code, t)),
        notice: shown.kept.then(|| t.get("draft-kept")),
        state_notice: match problem.state {
            PackState::Ready => None,
            PackState::Preparing => Some(t.get("problem-preparing")),
            PackState::Failed => Some(t.get("problem-failed")),
        },
        prefilled: "fresh",
        owner: None,
        draft_saved_ms: None,
        draft_note: String::new(),
        fields: Vec::new(),
        has_editor: false,
        upload: None,
        network: None,
        editor_label: t.get("editor-label"),
        source: String::new(),
        run_own: false,
        input_code: String::new(),
        run_html: String::new(),
        variant: variant.as_ref().map(|variant| VariantView {
            number: variant.number,
            text: t.with_two(
                "variant-number",
                ("n", i64::from(variant.number) + 1),
                ("total", i64::from(variant.count)),
            ),
            renewable: variant.renewable,
        }),
        attempts: None,
        hints: services
            .hints
            .find(viewer, problem, Feedback::PRACTICE, given)
            .await?
            .map(|hints| HintsView::new(&hints, t)),
        rows: Vec::new(),
    };
    let mut content = None;
    if let Some(viewer) = &visit.viewer {
        // Scripts keep drafts in the browser under this name; a shared computer
        // must not give one student's draft to another.
        page.owner = Some(viewer.user.id.to_string());
        let own = variant.as_ref().map_or(0, |variant| variant.number);
        let draft = services.drafts.find(viewer, problem).await?;
        // What was typed for other numbers is of no use with these.
        if let Some(draft) = draft.filter(|draft| is_for(&draft.content, own)) {
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
        let progress = services.problems.own_progress(viewer, problem).await?;
        let attempts = services.submissions.attempts(viewer, problem).await?;
        page.attempts = attempts.limit.map(|limit| AttemptsView {
            text: match attempts.are_spent() {
                true => t.with("attempts-over", "limit", i64::from(limit)),
                false => t.with_two(
                    "attempts-used",
                    ("used", i64::from(attempts.used)),
                    ("limit", i64::from(limit)),
                ),
            },
            spent: attempts.are_spent(),
        });
        if let Some(value) = services.finals.own_value(viewer, &pack.slug).await? {
            page.final_text = Some(t.with_two(
                "final-value",
                ("metric", value.name.clone()),
                ("value", metric_value(&value, pack, t)),
            ));
        }
        if progress.attempts > 0 {
            let best = score_of(progress.best, progress.max_score, t);
            let text = match pack.scoring {
                ScorePolicy::Last => Text("last-score"),
                ScorePolicy::BestSubtasks | ScorePolicy::Max => Text("best-score"),
            };
            page.best_text = Some(t.with(text.0, "score", best));
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
                .map(|field| {
                    let checked = answer.find_check(&field.name).is_some();
                    FieldForm::new(field, checked, content.as_ref(), t)
                })
                .collect();
        }
        Kind::Prediction(prediction) => {
            page.upload = Some(UploadForm::prediction(prediction, &page.slug, t));
        }
        Kind::Model(model) => {
            page.upload = Some(UploadForm::model(model, &page.slug, t));
            page.network = NetworkTable::find(model, t);
        }
        Kind::Notebook(notebook) => {
            page.upload = Some(UploadForm::notebook(notebook, &page.slug, t));
            page.rules = notebook_rules(notebook, t);
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
    if let Some(form) = &mut page.upload {
        for download in &mut form.downloads {
            download.href.push_str(&page.tried);
        }
    }
    html(status, &page)
}

fn scoring_text(policy: ScorePolicy) -> Text {
    match policy {
        ScorePolicy::BestSubtasks => Text("scoring-best-subtasks"),
        ScorePolicy::Max => Text("scoring-max"),
        ScorePolicy::Last => Text("scoring-last"),
    }
}

fn is_for(content: &Submission, own: u32) -> bool {
    !matches!(content, Submission::Answer { variant, .. } if *variant != own)
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
