//! One problem for its coaches: its versions, what is published, what to do.

use super::problems::meta;
use super::{Coach, parse_hash, short};
use crate::i18n::show_time;
use crate::pages::assets::Assets;
use crate::pages::errors::{ErrorCode, ErrorView, PageError};
use crate::pages::forms::Form;
use crate::pages::frame::Frame;
use crate::pages::home::status_text;
use crate::pages::parts::rejudge_state::state_text as rejudge_text;
use crate::pages::problem::parse_slug;
use crate::pages::upload::attachment;
use crate::pages::visit::Visit;
use crate::pages::{html, see_other};
use crate::services::Services;
use crate::services::finals::has_final;
use crate::services::problems::{Origin, PackState, Status, Version};
use crate::services::rejudges::RejudgeRow;
use crate::services::sessions::Viewer;
use crate::services::uploads::is_drawn;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/coach/problem.html")]
struct CoachProblemPage {
    frame: Frame,
    slug: String,
    title: String,
    meta: String,
    status: String,
    status_class: &'static str,
    published: bool,
    /// It has a part that is opened later.
    has_final: bool,
    error: Option<ErrorView>,
    versions: Vec<VersionLine>,
    /// To compare: hash and name.
    choices: Vec<(String, String)>,
    /// Submissions that another version judged than the published one: how many.
    judged_by_others: Option<String>,
    published_hash: String,
    /// Versions that are not sealed: hash and name.
    open_choices: Vec<(String, String)>,
    /// Hidden cases are drawn, so others can be drawn for a contest.
    is_drawn: bool,
    rejudges: Vec<RejudgeLine>,
}

struct RejudgeLine {
    href: String,
    time: String,
    version: String,
    status: String,
    status_class: &'static str,
    progress: String,
}

struct VersionLine {
    hash: String,
    short: String,
    status: String,
    status_class: &'static str,
    origin: String,
    time: String,
    state: Option<String>,
    /// It may be published: it is not, and it could be prepared.
    publishable: bool,
    /// Of a version that was verified.
    proof: Option<String>,
    /// The version before it in time, to compare with.
    before: Option<String>,
}

pub async fn get(
    path: web::Path<String>,
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    respond(&path, &viewer, None, &visit, &services, &assets).await
}

async fn respond(
    slug: &str,
    viewer: &Viewer,
    error: Option<ErrorCode>,
    visit: &Visit,
    services: &Services,
    assets: &web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let slug = parse_slug(slug)?;
    let problem = services.problems.get_versions(viewer, &slug).await?;
    let mut lines = Vec::new();
    for (index, version) in problem.versions.iter().enumerate() {
        let before = problem.versions.get(index + 1);
        lines.push(VersionLine {
            before: before.map(|before| before.hash.to_string()),
            ..line(version, visit, services).await?
        });
    }
    let published = problem
        .versions
        .iter()
        .find(|version| version.status == Status::Published);
    let judged_by_others = match published {
        Some(version) => {
            let rejudges = &services.rejudges;
            rejudges
                .count_of_other_versions(viewer, &slug, &version.hash)
                .await?
        }
        None => 0,
    };
    let rejudges = services.rejudges.list(viewer, &slug).await?;
    let page = CoachProblemPage {
        judged_by_others: (judged_by_others > 0)
            .then(|| t.with("rejudge-offer", "n", judged_by_others as i64)),
        published_hash: published.map_or_else(String::new, |version| version.hash.to_string()),
        rejudges: rejudges
            .iter()
            .map(|one| rejudge_line(one, visit))
            .collect(),
        frame: Frame::new(visit, services, assets).at(format!("/coach/problems/{slug}")),
        slug: slug.to_string(),
        title: problem.present.title.get(t.language).to_owned(),
        meta: meta(&problem, t),
        status: t.get(status_text(problem.status).0),
        status_class: problem.status.name(),
        published: problem.status == Status::Published,
        has_final: has_final(&problem.present),
        error: error.map(|code| ErrorView::new(code, t)),
        choices: choices(&problem.versions, visit, |_| true),
        open_choices: choices(&problem.versions, visit, |version| {
            version.status != Status::Sealed
        }),
        is_drawn: is_drawn(&problem.present.kind),
        versions: lines,
    };
    html(error.map_or(StatusCode::OK, ErrorCode::status), &page)
}

/// Hash and name of the versions that are fit.
fn choices(
    versions: &[Version],
    visit: &Visit,
    fit: fn(&Version) -> bool,
) -> Vec<(String, String)> {
    let choice = |version: &Version| {
        let time = show_time(version.installed_at_ms, visit.zone, visit.t.language);
        let name = format!("{} · {time}", short(&version.hash));
        (version.hash.to_string(), name)
    };
    let versions = versions.iter().filter(|version| fit(version));
    versions.map(choice).collect()
}

fn rejudge_line(rejudge: &RejudgeRow, visit: &Visit) -> RejudgeLine {
    let t = visit.t;
    RejudgeLine {
        href: format!("/coach/rejudges/{}", rejudge.id),
        time: show_time(rejudge.created_at_ms, visit.zone, t.language),
        version: short(&rejudge.hash),
        status: t.get(rejudge_text(rejudge.state).0),
        status_class: rejudge.state.name(),
        progress: t.with_two(
            "rejudge-progress",
            ("done", rejudge.done as i64),
            ("total", rejudge.total as i64),
        ),
    }
}

async fn line(
    version: &Version,
    visit: &Visit,
    services: &Services,
) -> Result<VersionLine, PageError> {
    let t = visit.t;
    let origin = match (version.origin, version.author) {
        (Origin::Shipped, _) => t.get("origin-shipped"),
        (Origin::Uploaded, author) => {
            let name = match author {
                Some(id) => services
                    .accounts
                    .find_by_id(id)
                    .await?
                    .map(|u| u.display_name),
                None => None,
            };
            t.with("origin-uploaded", "name", name.unwrap_or_default())
        }
    };
    Ok(VersionLine {
        hash: version.hash.to_string(),
        short: short(&version.hash),
        status: t.get(status_text(version.status).0),
        status_class: version.status.name(),
        origin,
        time: show_time(version.installed_at_ms, visit.zone, t.language),
        state: match version.state {
            PackState::Ready => None,
            PackState::Preparing => Some(t.get("state-preparing")),
            PackState::Failed => Some(t.get("state-failed")),
        },
        publishable: version.is_publishable(),
        proof: version.find_proof().map(|proof| match proof.is_proved() {
            true => t.get("version-proved"),
            false => t.get("version-unproved"),
        }),
        before: None,
    })
}

/// Shows a version to everybody.
pub async fn publish(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(form): Form,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let slug = parse_slug(&path)?;
    let hash = parse_hash(form.text("version"))?;
    match services.problems.publish(&viewer, &slug, &hash).await {
        Ok(()) => Ok(see_other(&format!("/coach/problems/{slug}"))),
        Err(error) => {
            let error = PageError::from(error);
            match error.code {
                ErrorCode::PackUnready | ErrorCode::PackUnproved | ErrorCode::PackSealed => {
                    let code = Some(error.code);
                    respond(&path, &viewer, code, &visit, &services, &assets).await
                }
                _ => Err(error),
            }
        }
    }
}

/// Takes back what is published.
pub async fn withdraw(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(_): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let slug = parse_slug(&path)?;
    services.problems.withdraw(&viewer, &slug).await?;
    Ok(see_other(&format!("/coach/problems/{slug}")))
}

/// Makes a version for a contest.
pub async fn seal(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(form): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let slug = parse_slug(&path)?;
    let hash = parse_hash(form.text("version"))?;
    let id = services.uploads.seal(&viewer, &slug, &hash).await?;
    Ok(see_other(&format!("/coach/uploads/{id}")))
}

/// A version as a zip.
pub async fn download(
    path: web::Path<(String, String)>,
    Coach(viewer): Coach,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let (slug, hash) = path.into_inner();
    let (slug, hash) = (parse_slug(&slug)?, parse_hash(&hash)?);
    let archive = services.coaching.archive(&viewer, &slug, &hash).await?;
    let name = format!("{slug}-{}.zip", short(&hash));
    Ok(attachment(&name, archive))
}
