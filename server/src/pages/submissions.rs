//! The reader's own submissions, newest first.

use super::assets::Assets;
use super::errors::PageError;
use super::frame::Frame;
use super::html;
use super::parts::row::rows;
use super::parts::verdict::label;
use super::settings::Choice;
use super::visit::{SignedIn, Visit};
use crate::services::Services;
use crate::services::submissions::{Filter, PageOf};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::{PackSlug, Verdict};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "pages/submissions.html")]
struct SubmissionsPage {
    frame: Frame,
    problems: Vec<Choice>,
    verdicts: Vec<Choice>,
    /// HTML of table rows.
    rows: Vec<String>,
    newer: Option<String>,
    older: Option<String>,
    page_text: String,
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    problem: String,
    #[serde(default)]
    verdict: String,
    /// Counted from 1, as people do.
    #[serde(default)]
    page: Option<String>,
}

const PAGE_SIZE: u64 = 25;

pub async fn get(
    SignedIn(viewer): SignedIn,
    visit: Visit,
    query: web::Query<Query>,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    // A filter that does not read is none.
    let filter = Filter {
        slug: query.problem.parse::<PackSlug>().ok(),
        verdict: Verdict::from_code(&query.verdict),
    };
    let page: u64 = query
        .page
        .as_deref()
        .and_then(|page| page.parse().ok())
        .unwrap_or(1)
        .max(1);
    let asked = PageOf {
        number: page - 1,
        size: PAGE_SIZE,
    };
    let list = services
        .submissions
        .list_own(&viewer, &filter, asked)
        .await?;
    let pages = list.total.div_ceil(PAGE_SIZE).max(1);
    let problems = services
        .problems
        .list(Some(&viewer))
        .iter()
        .map(|view| &view.pack)
        .map(|pack| Choice {
            value: pack.slug.to_string(),
            label: pack.title.get(t.language).to_owned(),
            selected: filter.slug.as_ref() == Some(&pack.slug),
        })
        .collect();
    let verdicts = Verdict::ALL
        .into_iter()
        .filter(|verdict| *verdict != Verdict::Skipped)
        .map(|verdict| Choice {
            value: verdict.code().to_owned(),
            label: t.get(label(verdict).0),
            selected: filter.verdict == Some(verdict),
        })
        .collect();
    let page_of_list = SubmissionsPage {
        frame: Frame::new(&visit, &services, &assets),
        problems,
        verdicts,
        rows: rows(&list.rows, true, &visit)?,
        newer: (page > 1).then(|| address(&filter, (page - 1).min(pages))),
        older: (page < pages).then(|| address(&filter, page + 1)),
        page_text: t.with_two("page-number", ("n", page as i64), ("total", pages as i64)),
    };
    html(StatusCode::OK, &page_of_list)
}

fn address(filter: &Filter, page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(slug) = &filter.slug {
        query.append_pair("problem", slug.as_str());
    }
    if let Some(verdict) = filter.verdict {
        query.append_pair("verdict", verdict.code());
    }
    query.append_pair("page", &page.to_string());
    format!("/submissions?{}", query.finish())
}
