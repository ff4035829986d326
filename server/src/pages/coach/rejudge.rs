//! A rejudge: how far it is, what it would change, and to apply or discard it.

use super::{Coach, parse_hash, parse_rejudge, short};
use crate::i18n::{score, show_time};
use crate::ids::RejudgeId;
use crate::pages::assets::Assets;
use crate::pages::errors::{ErrorCode, ErrorView, PageError};
use crate::pages::forms::Form;
use crate::pages::frame::Frame;
use crate::pages::parts::rejudge_state::{RejudgeStatePart, state_text};
use crate::pages::problem::parse_slug;
use crate::pages::submission::parse_id;
use crate::pages::visit::Visit;
use crate::pages::{fragment, html, see_other};
use crate::services::Services;
use crate::services::rejudges::{Comparison, Outcome, RejudgeView, Scope};
use crate::services::sessions::Viewer;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

/// More are not listed one by one.
const MAX_LISTED: usize = 500;

#[derive(Template)]
#[template(path = "pages/coach/rejudge.html")]
struct CoachRejudgePage {
    frame: Frame,
    id: String,
    slug: String,
    title: String,
    heading: String,
    status: String,
    status_class: &'static str,
    time: String,
    error: Option<ErrorView>,
    pending: bool,
    /// HTML.
    state_html: String,
    summary: String,
    changed: Vec<Line>,
    more: Option<String>,
}

struct Line {
    href: String,
    author: String,
    time: String,
    before: String,
    after: String,
    /// `better`, `worse`, `other`, or `fault`: it will not count.
    class: &'static str,
    direction: String,
}

pub async fn get(
    path: web::Path<String>,
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let id = parse_rejudge(&path)?;
    respond(id, None, &viewer, &visit, &services, &assets).await
}

async fn respond(
    id: RejudgeId,
    error: Option<ErrorCode>,
    viewer: &Viewer,
    visit: &Visit,
    services: &Services,
    assets: &web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let rejudge = services.rejudges.get(viewer, id).await?;
    let problem = services.problems.get(Some(viewer), &rejudge.slug)?;
    let mut changed: Vec<&Comparison> = rejudge
        .comparisons
        .iter()
        .filter(|one| one.has_changed() || one.refused.is_some())
        .collect();
    let more = changed.len().saturating_sub(MAX_LISTED);
    changed.truncate(MAX_LISTED);
    let part = RejudgeStatePart::new(&rejudge.row, visit, services);
    let page = CoachRejudgePage {
        frame: Frame::new(visit, services, assets).at(format!("/coach/rejudges/{id}")),
        id: id.to_string(),
        slug: rejudge.slug.to_string(),
        title: problem.pack.title.get(t.language).to_owned(),
        heading: t.with("rejudge-heading", "version", short(&rejudge.row.hash)),
        status: t.get(state_text(rejudge.row.state).0),
        status_class: rejudge.row.state.name(),
        time: show_time(rejudge.row.created_at_ms, visit.zone, t.language),
        error: error.map(|code| ErrorView::new(code, t)),
        pending: part.is_pending(),
        state_html: fragment(&part)?,
        summary: summary(&rejudge, visit),
        changed: changed.into_iter().map(|one| line(one, visit)).collect(),
        more: (more > 0).then(|| t.with("rejudge-more", "n", more as i64)),
    };
    html(error.map_or(StatusCode::OK, ErrorCode::status), &page)
}

fn summary(rejudge: &RejudgeView, visit: &Visit) -> String {
    let count = |is: fn(&Comparison) -> bool| {
        let found = rejudge.comparisons.iter().filter(|one| is(one));
        found.count() as i64
    };
    let summary = visit.t.with_three(
        "rejudge-summary",
        ("changed", count(|one| one.has_changed() && !one.is_fault())),
        (
            "same",
            count(|one| one.after.is_some() && !one.has_changed()),
        ),
        ("faults", count(Comparison::is_fault)),
    );
    match count(|one| one.refused.is_some()) {
        0 => summary,
        n => format!("{summary} {}", visit.t.with("rejudge-refused", "n", n)),
    }
}

fn line(one: &Comparison, visit: &Visit) -> Line {
    let t = visit.t;
    let outcome = |outcome: Option<Outcome>| match outcome {
        Some(Outcome {
            verdict,
            score: got,
        }) => {
            format!("{} {}", verdict.code(), score(got, t.language))
        }
        None => "–".to_owned(),
    };
    let (class, direction) = match (one.before, one.after) {
        _ if let Some(answered) = &one.refused => (
            "fault",
            t.with_two(
                "rejudge-other-numbers",
                ("n", i64::from(answered.number) + 1),
                ("version", short(&answered.version)),
            ),
        ),
        _ if one.is_fault() => ("fault", t.get("rejudge-left-out")),
        (Some(before), Some(after)) if after.score > before.score => {
            ("better", t.get("rejudge-better"))
        }
        (Some(before), Some(after)) if after.score < before.score => {
            ("worse", t.get("rejudge-worse"))
        }
        _ => ("other", t.get("rejudge-same-score")),
    };
    Line {
        href: format!("/submissions/{}", one.submission),
        author: one.author.clone(),
        time: show_time(one.submitted_at_ms, visit.zone, t.language),
        before: outcome(one.before),
        after: outcome(one.after),
        class,
        direction,
    }
}

/// Begins one for a problem.
pub async fn post(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(form): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let slug = parse_slug(&path)?;
    let hash = parse_hash(form.text("version"))?;
    let scope = match form.text("scope") {
        "all" => Scope::All,
        "others" => Scope::OfOtherVersions,
        "one" => Scope::One(parse_id(form.text("submission"))?),
        _ => return Err(ErrorCode::BadRequest.into()),
    };
    let id = services
        .rejudges
        .create(&viewer, &slug, &hash, scope)
        .await?;
    Ok(see_other(&format!("/coach/rejudges/{id}")))
}

pub async fn apply(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(_): Form,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let id = parse_rejudge(&path)?;
    match services.rejudges.apply(&viewer, id).await {
        Ok(()) => Ok(see_other(&format!("/coach/rejudges/{id}"))),
        Err(error) => match PageError::from(error) {
            error if error.code == ErrorCode::RejudgeUnfinished => {
                let code = Some(error.code);
                respond(id, code, &viewer, &visit, &services, &assets).await
            }
            error => Err(error),
        },
    }
}

pub async fn discard(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(_): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let id = parse_rejudge(&path)?;
    services.rejudges.discard(&viewer, id).await?;
    Ok(see_other(&format!("/coach/rejudges/{id}")))
}
