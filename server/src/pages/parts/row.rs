//! One line of a list of submissions.

use super::report::score_of;
use super::verdict::VerdictView;
use crate::i18n::{machine_time, show_time};
use crate::pages::errors::PageError;
use crate::pages::fragment;
use crate::pages::visit::Visit;
use crate::services::submissions::SubmissionRow;
use askama::Template;

#[derive(Template)]
#[template(path = "parts/submission_row.html")]
struct RowPart {
    row: RowView,
}

struct RowView {
    id: String,
    with_problem: bool,
    slug: String,
    problem: String,
    time: String,
    machine_time: String,
    verdict: Option<VerdictView>,
    phase: String,
    score_text: String,
}

/// `<tr>` of one submission; `with_problem` puts the problem's name first.
pub fn row(row: &SubmissionRow, with_problem: bool, visit: &Visit) -> Result<String, PageError> {
    let t = visit.t;
    fragment(&RowPart {
        row: RowView {
            id: row.id.to_string(),
            with_problem,
            slug: row.pack.slug.to_string(),
            problem: row.pack.title.get(t.language).to_owned(),
            time: show_time(row.submitted_at_ms, visit.zone, t.language),
            machine_time: machine_time(row.submitted_at_ms),
            verdict: row
                .outcome
                .map(|outcome| VerdictView::new(outcome.verdict, t)),
            phase: t.get("phase-judging"),
            score_text: match row.outcome {
                Some(outcome) => score_of(outcome.score, row.max_score, t),
                None => "–".to_owned(),
            },
        },
    })
}

pub fn rows(
    list: &[SubmissionRow],
    with_problem: bool,
    visit: &Visit,
) -> Result<Vec<String>, PageError> {
    list.iter()
        .map(|one| row(one, with_problem, visit))
        .collect()
}
