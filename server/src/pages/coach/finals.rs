//! The final submissions of a problem with two parts, and the opening of part B.

use super::Coach;
use crate::i18n::{score, show_time};
use crate::pages::assets::Assets;
use crate::pages::errors::PageError;
use crate::pages::forms::Form;
use crate::pages::frame::Frame;
use crate::pages::parts::report::metric_value;
use crate::pages::problem::parse_slug;
use crate::pages::visit::Visit;
use crate::pages::{html, see_other};
use crate::services::Services;
use crate::services::finals::FinalRow;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::Pack;
use gradien_problems::pack::{Kind, Scoring};
use gradien_problems::report::{MetricValue, Split};

#[derive(Template)]
#[template(path = "pages/coach/finals.html")]
struct CoachFinalsPage {
    frame: Frame,
    slug: String,
    title: String,
    /// Since when part B is open, in words; absent while it is closed.
    opened: Option<String>,
    heads: [String; 2],
    rows: Vec<Row>,
}

struct Row {
    name: String,
    username: String,
    submission: String,
    how: String,
    score: String,
    /// On A and on B.
    values: [String; 2],
}

pub async fn get(
    path: web::Path<String>,
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let slug = parse_slug(&path)?;
    let mut finals = services.finals.list(&viewer, &slug).await?;
    let pack = services.problems.get(Some(&viewer), &slug)?.pack;
    if let Some(scoring) = scoring(&pack) {
        best_first(&mut finals, scoring);
    }
    let opened = services.finals.opened_at_ms(&slug).await?;
    let metric = scoring(&pack).map(|scoring| scoring.metric.name());
    let head = |part: &str| {
        t.with_two(
            "finals-part",
            ("metric", metric.clone().unwrap_or_default()),
            ("part", part.to_owned()),
        )
    };
    let value = |row: &FinalRow, split: Split| {
        let found = find(&row.metrics, split);
        found.map_or_else(String::new, |metric| metric_value(metric, &pack, t))
    };
    let rows = finals.iter().map(|row| Row {
        name: row.display_name.clone(),
        username: row.username.clone(),
        submission: row.submission.id.to_string(),
        how: match row.submission.chosen {
            true => t.get("finals-chosen"),
            false => t.get("finals-best"),
        },
        score: score(row.score, t.language),
        values: [value(row, Split::A), value(row, Split::B)],
    });
    let page = CoachFinalsPage {
        frame: Frame::new(&visit, &services, &assets).at(format!("/coach/problems/{slug}/finals")),
        slug: slug.to_string(),
        title: pack.title.get(t.language).to_owned(),
        opened: opened.map(|ms| {
            t.with(
                "finals-opened",
                "time",
                show_time(ms, visit.zone, t.language),
            )
        }),
        heads: [head("A"), head("B")],
        rows: rows.collect(),
    };
    html(StatusCode::OK, &page)
}

/// Opens part B for good.
pub async fn open(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(form): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let slug = parse_slug(&path)?;
    // The box of the form, which a browser does not let pass unticked.
    if form.text("sure") == "yes" {
        services.finals.open(&viewer, &slug).await?;
    }
    Ok(see_other(&format!("/coach/problems/{slug}/finals")))
}

fn scoring(pack: &Pack) -> Option<&Scoring> {
    match &pack.kind {
        Kind::Prediction(prediction) => Some(&prediction.scoring),
        Kind::Model(model) => Some(&model.scoring),
        _ => None,
    }
}

fn find(metrics: &[MetricValue], split: Split) -> Option<&MetricValue> {
    metrics.iter().find(|metric| metric.split == split)
}

/// By the value on part B, what has none last; equal ones stay by user name.
fn best_first(rows: &mut [FinalRow], scoring: &Scoring) {
    let way = |row: &FinalRow| {
        let value = find(&row.metrics, Split::B).and_then(|metric| metric.value);
        value.map_or(f64::NEG_INFINITY, |value| scoring.way(value))
    };
    rows.sort_by(|a, b| way(b).total_cmp(&way(a)));
}
