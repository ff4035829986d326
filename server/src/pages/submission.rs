//! One submission: verdict and feedback, then what was handed in.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::frame::Frame;
use super::parts::handed_in::handed_in_html;
use super::parts::pending::{PendingPart, PendingView, Phase};
use super::parts::report::{ReportPart, ReportView};
use super::visit::{SignedIn, Visit};
use super::{fragment, html};
use crate::i18n::Texts;
use crate::ids::SubmissionId;
use crate::services::Services;
use crate::services::submissions::{SubmissionState, SubmissionView};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

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
    /// HTML: facts, the program or the fields, what judged it.
    handed_in_html: String,
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
        pending,
        live_html,
        handed_in_html: handed_in_html(&submission, &viewer, &visit, &services).await?,
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
