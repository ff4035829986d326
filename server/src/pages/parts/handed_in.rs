//! What stands below a submission's verdict: facts, the choice of the final one, the
//! program or the typed fields, and what judged it. The event stream sends it again
//! with the verdict, since much of it is known only then.

use super::field_form::typed_text;
use super::message::named_lines;
use crate::i18n::{Text, Texts, score, seconds, show_time};
use crate::pages::errors::PageError;
use crate::pages::fragment;
use crate::pages::visit::Visit;
use crate::render::code;
use crate::services::Services;
use crate::services::finals::has_final;
use crate::services::sessions::Viewer;
use crate::services::submissions::{SubmissionState, SubmissionView};
use crate::services::visibility;
use askama::Template;
use gradien_problems::given::Given;
use gradien_problems::pack::Kind;
use gradien_problems::protocol::Submission;
use gradien_problems::report::Provenance;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "parts/handed_in.html")]
struct HandedInPart {
    t: Texts,
    csrf: String,
    id: String,
    facts: Vec<Fact>,
    /// What was handed in as a file, with its size.
    file_name: Option<String>,
    /// Of problems with a part that is opened later.
    final_choice: Option<FinalChoice>,
    source_lines: Vec<SourceLine>,
    answer_fields: Vec<AnswerField>,
    provenance: Option<Vec<Fact>>,
    slug: String,
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

/// The part's HTML, for this viewer and this moment.
pub async fn handed_in_html(
    submission: &SubmissionView,
    viewer: &Viewer,
    visit: &Visit,
    services: &Services,
) -> Result<String, PageError> {
    let t = visit.t;
    let (source_lines, answer_fields) = handed_in(submission, t);
    fragment(&HandedInPart {
        t,
        csrf: services.sessions.csrf_token(&visit.csrf_subject),
        id: submission.id.to_string(),
        facts: facts(submission, visit),
        file_name: submission.content.find_upload().map(|file| {
            t.with_two(
                "upload-file",
                ("name", file.name.clone()),
                ("n", file.bytes.div_ceil(1024) as i64),
            )
        }),
        final_choice: final_choice(submission, viewer, services, t).await?,
        source_lines,
        answer_fields,
        provenance: provenance(submission, t),
        slug: submission.pack.slug.to_string(),
        rejudge_by: rejudge_by(submission, viewer, services),
    })
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
    let opened = services.finals.opened_at_ms(slug).await?.is_some();
    let (text, offered) = match now {
        Some(now) if opened && now.id == submission.id => (Text("final-counts"), false),
        _ if opened => (Text("final-other-counts"), false),
        Some(now) if now.id == submission.id && now.chosen => (Text("final-chosen"), false),
        Some(now) if now.id == submission.id => (Text("final-best"), false),
        Some(now) if now.chosen => (Text("final-other-chosen"), true),
        _ => (Text("final-other-best"), true),
    };
    let text = t.get(text.0);
    Ok(Some(FinalChoice { text, offered }))
}

/// The source, or the typed fields while no report shows them.
fn handed_in(submission: &SubmissionView, t: Texts) -> (Vec<SourceLine>, Vec<AnswerField>) {
    let judged = matches!(submission.state, SubmissionState::Judged { .. });
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
        (Submission::Answer { fields, .. }, Kind::Answer(answer)) if !judged => {
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
