//! One submission: verdict, feedback, what was handed in.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::frame::Frame;
use super::parts::field_form::typed_text;
use super::parts::message::named_lines;
use super::parts::pending::{PendingPart, PendingView, Phase};
use super::parts::report::{ReportPart, ReportView};
use super::visit::{SignedIn, Visit};
use super::{fragment, html};
use crate::i18n::{Text, Texts, score, seconds, show_time};
use crate::ids::SubmissionId;
use crate::render::code;
use crate::services::Services;
use crate::services::finals::has_final;
use crate::services::sessions::Viewer;
use crate::services::submissions::{SubmissionState, SubmissionView};
use crate::services::visibility;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::given::Given;
use gradien_problems::pack::Kind;
use gradien_problems::protocol::Submission;
use gradien_problems::report::Provenance;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "pages/submission.html")]
struct SubmissionPage {
    frame: Frame,
    id: String,
    slug: String,
    problem: String,
    title: String,
    heading: String,
    pending: bool,
    /// HTML.
    live_html: String,
    facts: Vec<Fact>,
    source_lines: Vec<SourceLine>,
    answer_fields: Vec<AnswerField>,
    /// What was handed in as a file, with its size.
    file_name: Option<String>,
    /// Of problems with a part that is opened later.
    final_choice: Option<FinalChoice>,
    provenance: Option<Vec<Fact>>,
    /// For coaches: the version that it can be judged by anew.
    rejudge_by: Option<String>,
}

struct FinalChoice {
    text: String,
    /// Whether it can be made the final one.
    offered: bool,
}

struct SourceLine {
    /// HTML.
    html: String,
    /// Where the program stopped or cannot be read.
    marked: bool,
}

struct Fact {
    name: String,
    text: String,
}

struct AnswerField {
    title: String,
    rows: Vec<Vec<String>>,
}

pub async fn get(
    path: web::Path<String>,
    SignedIn(viewer): SignedIn,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let id = parse_id(&path)?;
    let submission = services.submissions.get(&viewer, id).await?;
    let problem = submission.pack.title.get(t.language).to_owned();
    let title = t.with("submission-title", "problem", problem.clone());
    let (pending, live_html) = live(&submission, t)?;
    let (source_lines, answer_fields) = handed_in(&submission, pending, t);
    let page = SubmissionPage {
        frame: Frame::new(&visit, &services, &assets),
        id: id.to_string(),
        slug: submission.pack.slug.to_string(),
        problem,
        heading: match &submission.author {
            Some(author) => t.with("submission-of", "name", author.display_name.clone()),
            None => title.clone(),
        },
        title,
        file_name: submission.content.find_upload().map(|file| {
            t.with_two(
                "upload-file",
                ("name", file.name.clone()),
                ("n", file.bytes.div_ceil(1024) as i64),
            )
        }),
        final_choice: final_choice(&submission, &viewer, &services, t).await?,
        rejudge_by: rejudge_by(&submission, &viewer, &services),
        pending,
        live_html,
        facts: facts(&submission, &visit),
        source_lines,
        answer_fields,
        provenance: provenance(&submission, t),
    };
    html(StatusCode::OK, &page)
}

/// A text that no submission can have as its id is an address that is none.
pub fn parse_id(text: &str) -> Result<SubmissionId, PageError> {
    text.parse().map_err(|_| ErrorCode::NotFound.into())
}

/// Whether it waits, and the HTML of where it stands: also what event streams send.
pub fn live(submission: &SubmissionView, t: Texts) -> Result<(bool, String), PageError> {
    let phase = match &submission.state {
        SubmissionState::Judged { report, .. } => {
            let report = ReportView::new(report, &submission.pack, t);
            return Ok((false, fragment(&ReportPart { t, report })?));
        }
        state => phase_of(state),
    };
    let pending = PendingView::new(&phase, t);
    Ok((true, fragment(&PendingPart { pending })?))
}

pub fn phase_of(state: &SubmissionState) -> Phase {
    match state {
        SubmissionState::Queued => Phase::Queued,
        SubmissionState::Judging {
            progress: Some(progress),
        } => Phase::At(progress.clone()),
        SubmissionState::Judging { progress: None } | SubmissionState::Judged { .. } => {
            Phase::Judging
        }
    }
}

fn facts(submission: &SubmissionView, visit: &Visit) -> Vec<Fact> {
    let t = visit.t;
    let time = |ms| show_time(ms, visit.zone, t.language);
    let mut facts = vec![Fact {
        name: t.get("submitted-at"),
        text: time(submission.submitted_at_ms),
    }];
    if let SubmissionState::Judged { judged_at_ms, .. } = &submission.state {
        facts.push(Fact {
            name: t.get("judged-at"),
            text: time(*judged_at_ms),
        });
        let waited_ms = (judged_at_ms - submission.submitted_at_ms).max(0);
        facts.push(Fact {
            name: t.get("waiting-time"),
            text: t.with("seconds", "n", seconds(waited_ms, t.language)),
        });
    }
    if submission.hints.count > 0 {
        facts.push(Fact {
            name: t.get("hints-used"),
            text: t.with_two(
                "hints-used-text",
                ("n", submission.hints.count as i64),
                ("points", score(submission.hints.cost, t.language)),
            ),
        });
    }
    facts.extend(variant(submission, t));
    facts.push(Fact {
        name: t.get("submission-number"),
        text: submission.id.to_string(),
    });
    facts
}

/// Which numbers were asked for, where there are several.
fn variant(submission: &SubmissionView, t: Texts) -> Option<Fact> {
    let (Submission::Answer { variant, .. }, Kind::Answer(answer)) =
        (&submission.content, &submission.pack.kind)
    else {
        return None;
    };
    answer.variants.as_ref()?;
    let number = t.with_two(
        "variant-number",
        ("n", i64::from(*variant) + 1),
        ("total", i64::from(answer.variant_count())),
    );
    let given = match &submission.state {
        SubmissionState::Judged { report, .. } => report.variant.as_ref(),
        _ => None,
    };
    let given = given.map_or(&[][..], |judged| &judged.given);
    let given: Vec<String> = given.iter().map(Given::plain).collect();
    Some(Fact {
        name: t.get("variant"),
        text: match given.is_empty() {
            true => number,
            false => format!("{number}: {}", given.join("; ")),
        },
    })
}

/// Whether this is the viewer's final submission, or can become it.
async fn final_choice(
    submission: &SubmissionView,
    viewer: &Viewer,
    services: &Services,
    t: Texts,
) -> Result<Option<FinalChoice>, PageError> {
    let SubmissionState::Judged { report, .. } = &submission.state else {
        return Ok(None);
    };
    let counts = !report.verdict.refunds_attempt() && submission.author.is_none();
    if !counts || !has_final(&submission.pack) {
        return Ok(None);
    }
    let slug = &submission.pack.slug;
    let now = services.finals.find(viewer.user.id, slug).await?;
    let (text, offered) = match now {
        Some(now) if now.id == submission.id && now.chosen => (Text("final-chosen"), false),
        Some(now) if now.id == submission.id => (Text("final-best"), false),
        Some(now) if now.chosen => (Text("final-other-chosen"), true),
        _ => (Text("final-other-best"), true),
    };
    let text = t.get(text.0);
    Ok(Some(FinalChoice { text, offered }))
}

/// The present version, for a coach and a judged submission.
fn rejudge_by(submission: &SubmissionView, viewer: &Viewer, services: &Services) -> Option<String> {
    let judged = matches!(submission.state, SubmissionState::Judged { .. });
    if !judged || !visibility::may_coach(viewer) {
        return None;
    }
    let slug = &submission.pack.slug;
    let present = services.problems.get(Some(viewer), slug).ok()?;
    Some(present.pack.hash.to_string())
}

/// The source, or the typed fields while no report shows them.
fn handed_in(
    submission: &SubmissionView,
    pending: bool,
    t: Texts,
) -> (Vec<SourceLine>, Vec<AnswerField>) {
    match (&submission.content, &submission.pack.kind) {
        (Submission::Notebook { .. }, _) => match &submission.state {
            SubmissionState::Judged { report, .. } => {
                let program = report.program.as_deref().unwrap_or_default();
                (source_lines(program, submission), Vec::new())
            }
            _ => (Vec::new(), Vec::new()),
        },
        (Submission::Function { source }, _) => (source_lines(source, submission), Vec::new()),
        (
            Submission::Model {
                architecture: Some(layers),
                ..
            },
            _,
        ) => {
            let lines = code::plain_lines(layers).into_iter();
            let lines = lines.map(|html| SourceLine {
                html,
                marked: false,
            });
            (lines.collect(), Vec::new())
        }
        (Submission::Answer { fields, .. }, Kind::Answer(answer)) if pending => {
            let fields = answer
                .fields
                .iter()
                .map(|field| {
                    let cells = fields.get(field.name.as_str()).cloned().unwrap_or_default();
                    AnswerField {
                        title: field.label.get(t.language).to_owned(),
                        rows: cells
                            .chunks(field.grid().1.max(1))
                            .map(|row| row.iter().map(|cell| typed_text(field, cell, t)).collect())
                            .collect(),
                    }
                })
                .collect();
            (Vec::new(), fields)
        }
        _ => (Vec::new(), Vec::new()),
    }
}

fn source_lines(source: &str, submission: &SubmissionView) -> Vec<SourceLine> {
    let marked = named_in_report(submission);
    let lines = code::python_lines(source).into_iter().zip(1..);
    let lines = lines.map(|(html, number)| SourceLine {
        html,
        marked: marked.contains(&number),
    });
    lines.collect()
}

/// Lines of the program that messages of the report name.
fn named_in_report(submission: &SubmissionView) -> BTreeSet<u32> {
    let SubmissionState::Judged { report, .. } = &submission.state else {
        return BTreeSet::new();
    };
    let cases = report.subtasks.iter().flat_map(|subtask| &subtask.cases);
    let of_cases = cases.filter_map(|case| case.message.as_ref());
    let messages = report.messages.iter().chain(of_cases);
    messages.flat_map(named_lines).collect()
}

fn provenance(submission: &SubmissionView, t: Texts) -> Option<Vec<Fact>> {
    let SubmissionState::Judged { report, .. } = &submission.state else {
        return None;
    };
    let Provenance {
        pack,
        guest,
        sandbox_version,
        device,
    } = &report.provenance;
    let mut facts = vec![Fact {
        name: t.get("provenance-pack"),
        text: pack.to_string(),
    }];
    if let Some(guest) = guest {
        facts.push(Fact {
            name: t.get("provenance-guest"),
            text: guest.clone(),
        });
    }
    if let Some(version) = sandbox_version {
        facts.push(Fact {
            name: t.get("provenance-sandbox"),
            text: version.clone(),
        });
    }
    facts.push(Fact {
        name: t.get("provenance-device"),
        text: device.clone(),
    });
    Some(facts)
}
