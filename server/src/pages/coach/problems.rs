//! Every problem with its status, for coaches.

use super::{Coach, short};
use crate::i18n::{Texts, show_time};
use crate::pages::assets::Assets;
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::home::{kind_text, status_text};
use crate::pages::html;
use crate::pages::visit::Visit;
use crate::services::Services;
use crate::services::problems::{ProblemVersions, Status};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/coach/problems.html")]
struct CoachProblemsPage {
    frame: Frame,
    problems: Vec<Line>,
}

struct Line {
    slug: String,
    title: String,
    meta: String,
    status: String,
    /// `published`, `draft`, `withdrawn`.
    status_class: &'static str,
    version: String,
    time: String,
    versions: usize,
    /// Drafts that are newer than what is published.
    drafts: Option<String>,
}

pub async fn get(
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let list = services.problems.list_versions(&viewer).await?;
    let page = CoachProblemsPage {
        frame: Frame::new(&visit, &services, &assets),
        problems: list.iter().map(|one| line(one, &visit)).collect(),
    };
    html(StatusCode::OK, &page)
}

fn line(problem: &ProblemVersions, visit: &Visit) -> Line {
    let t = visit.t;
    let pack = &problem.present;
    let present = problem.versions.iter().find(|v| v.hash == pack.hash);
    let since = present.map_or(0, |version| {
        version.published_at_ms.unwrap_or(version.installed_at_ms)
    });
    let drafts = problem
        .versions
        .iter()
        .filter(|version| version.status == Status::Draft && version.hash != pack.hash)
        .count();
    Line {
        slug: pack.slug.to_string(),
        title: pack.title.get(t.language).to_owned(),
        meta: meta(problem, t),
        status: t.get(status_text(problem.status).0),
        status_class: problem.status.name(),
        version: short(&pack.hash),
        time: show_time(since, visit.zone, t.language),
        versions: problem.versions.len(),
        drafts: (drafts > 0).then(|| t.with("coach-drafts", "n", drafts as i64)),
    }
}

pub fn meta(problem: &ProblemVersions, t: Texts) -> String {
    let section = t.with("section", "section", problem.present.section.clone());
    format!("{section} · {}", t.get(kind_text(&problem.present.kind).0))
}
