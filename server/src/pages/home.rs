//! The problems by chapter, with what the reader has reached.

use super::assets::Assets;
use super::errors::PageError;
use super::frame::Frame;
use super::html;
use super::parts::report::score_of;
use super::visit::Visit;
use crate::i18n::{Text, Texts, score};
use crate::services::Services;
use crate::services::problems::{ProblemEntry, Status};
use crate::services::progress::OwnProgress;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::Score;
use gradien_problems::pack::Kind;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    frame: Frame,
    /// Over all problems; absent where nobody is signed in.
    total: Option<String>,
    chapters: Vec<ChapterView>,
}

struct ChapterView {
    number: u8,
    title: String,
    problems: Vec<ProblemLine>,
}

struct ProblemLine {
    slug: String,
    title: String,
    section: String,
    kind: String,
    /// Where it is not published: for coaches alone.
    status: Option<String>,
    /// `solved`, `tried`, `new`, or empty where nobody is signed in.
    class: &'static str,
    score_text: String,
    bar: Option<Bar>,
}

/// In hundredths of a point.
struct Bar {
    value: u32,
    max: u32,
}

pub async fn get(
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let chapters = services
        .problems
        .list_by_chapter(visit.viewer.as_ref())
        .await?;
    let own: Vec<OwnProgress> = chapters
        .iter()
        .flat_map(|chapter| chapter.problems.iter().filter_map(|problem| problem.own))
        .collect();
    let total = visit.viewer.is_some().then(|| {
        let best: Score = own.iter().map(|own| own.best).sum();
        let max: Score = own.iter().map(|own| own.max_score).sum();
        t.with_two(
            "home-total",
            ("score", score(best, t.language)),
            ("max", score(max, t.language)),
        )
    });
    let page = HomePage {
        frame: Frame::new(&visit, &services, &assets),
        total: total.filter(|_| !own.is_empty()),
        chapters: chapters
            .iter()
            .map(|chapter| ChapterView {
                number: chapter.number,
                title: chapter_title(chapter.number, t),
                problems: chapter
                    .problems
                    .iter()
                    .map(|problem| line(problem, t))
                    .collect(),
            })
            .collect(),
    };
    html(StatusCode::OK, &page)
}

/// The chapters of the module *Pengenalan Deep Learning*.
fn chapter_title(number: u8, t: Texts) -> String {
    let title = match number {
        1 => Text("chapter-1"),
        2 => Text("chapter-2"),
        3 => Text("chapter-3"),
        4 => Text("chapter-4"),
        5 => Text("chapter-5"),
        6 => Text("chapter-6"),
        other => return t.with("chapter-other", "n", i64::from(other)),
    };
    t.get(title.0)
}

pub fn kind_text(kind: &Kind) -> Text {
    match kind {
        Kind::Answer(_) => Text("kind-answer"),
        Kind::Function(_) => Text("kind-function"),
        Kind::Prediction(_) => Text("kind-prediction"),
        Kind::Model(_) => Text("kind-model"),
        Kind::Notebook(_) => Text("kind-notebook"),
    }
}

pub fn status_text(status: Status) -> Text {
    match status {
        Status::Draft => Text("status-draft"),
        Status::Published => Text("status-published"),
        Status::Sealed => Text("status-sealed"),
        Status::Withdrawn => Text("status-withdrawn"),
    }
}

fn line(problem: &ProblemEntry, t: Texts) -> ProblemLine {
    let pack = &problem.pack;
    let kind = kind_text(&pack.kind);
    let (class, score_text, bar) = match problem.own {
        None => (
            "",
            t.with("points-text", "points", score(pack.max_score(), t.language)),
            None,
        ),
        Some(own) if own.attempts == 0 && own.best == Score::ZERO => {
            ("new", t.get("not-tried"), None)
        }
        Some(own) => {
            let bar = Bar {
                value: own.best.hundredths(),
                max: own.max_score.hundredths().max(1),
            };
            let class = if own.solved() { "solved" } else { "tried" };
            (class, score_of(own.best, own.max_score, t), Some(bar))
        }
    };
    ProblemLine {
        slug: pack.slug.to_string(),
        title: pack.title.get(t.language).to_owned(),
        section: t.with("section", "section", pack.section.clone()),
        kind: t.get(kind.0),
        status: match problem.status {
            Status::Published => None,
            other => Some(t.get(status_text(other).0)),
        },
        class,
        score_text,
        bar,
    }
}
