//! What changed from one version of a problem to another.

use super::{Coach, parse_hash, short};
use crate::i18n::Texts;
use crate::pages::assets::Assets;
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::html;
use crate::pages::problem::parse_slug;
use crate::pages::visit::Visit;
use crate::services::Services;
use crate::services::coaching::{Change, FileChange, LineKind};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "pages/coach/changes.html")]
struct CoachChangesPage {
    frame: Frame,
    slug: String,
    title: String,
    heading: String,
    files: Vec<FileView>,
}

struct FileView {
    name: String,
    summary: String,
    hunks: Vec<Vec<LineView>>,
}

struct LineView {
    /// `same`, `added`, `removed`.
    class: &'static str,
    sign: &'static str,
    /// What is read aloud for the sign.
    spoken: String,
    before: String,
    after: String,
    text: String,
}

#[derive(Deserialize)]
pub struct Query {
    from: String,
    to: String,
}

pub async fn get(
    path: web::Path<String>,
    query: web::Query<Query>,
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let slug = parse_slug(&path)?;
    let (from, to) = (parse_hash(&query.from)?, parse_hash(&query.to)?);
    let files = services
        .coaching
        .changes(&viewer, &slug, &from, &to)
        .await?;
    let problem = services.problems.get(Some(&viewer), &slug)?;
    let page = CoachChangesPage {
        frame: Frame::new(&visit, &services, &assets),
        slug: slug.to_string(),
        title: problem.pack.title.get(t.language).to_owned(),
        heading: t.with_two(
            "changes-heading",
            ("from", short(&from)),
            ("to", short(&to)),
        ),
        files: files.iter().map(|file| view(file, t)).collect(),
    };
    html(StatusCode::OK, &page)
}

fn view(file: &FileChange, t: Texts) -> FileView {
    let (summary, hunks) = match &file.change {
        Change::Text {
            hunks,
            added,
            removed,
        } => (
            t.with_two(
                "changes-lines",
                ("added", *added as i64),
                ("removed", *removed as i64),
            ),
            hunks.as_slice(),
        ),
        Change::Binary { before, after } => {
            let size = |size: &Option<usize>| size.map_or("–".to_owned(), |n| n.to_string());
            let summary = t.with_two(
                "changes-binary",
                ("before", size(before)),
                ("after", size(after)),
            );
            (summary, [].as_slice())
        }
    };
    let number = |number: Option<usize>| number.map(|n| n.to_string()).unwrap_or_default();
    let lines = hunks.iter().map(|hunk| {
        let lines = hunk.lines.iter().map(|line| {
            let (class, sign, spoken) = match line.kind {
                LineKind::Same => ("same", " ", String::new()),
                LineKind::Added => ("added", "+", t.get("changes-added")),
                LineKind::Removed => ("removed", "−", t.get("changes-removed")),
            };
            LineView {
                class,
                sign,
                spoken,
                before: number(line.before),
                after: number(line.after),
                text: line.text.clone(),
            }
        });
        lines.collect()
    });
    FileView {
        name: file.name.clone(),
        summary,
        hunks: lines.collect(),
    }
}
