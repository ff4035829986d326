//! Students × problems, to be looked at or taken along as CSV.

use super::Coach;
use crate::i18n::{Texts, score};
use crate::pages::assets::Assets;
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::html;
use crate::pages::upload::attachment;
use crate::pages::visit::Visit;
use crate::services::coaching::{ClassTable, Student};
use crate::services::progress::OwnProgress;
use crate::services::{ServiceError, Services};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "pages/coach/class.html")]
struct CoachClassPage {
    frame: Frame,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

struct Column {
    title: String,
    /// What the narrow heading stands for.
    full: String,
    href: String,
    /// `descending`, `ascending`, or empty where it is not sorted by it.
    sorted: &'static str,
    number: bool,
}

struct Row {
    name: String,
    username: String,
    total: String,
    solved: usize,
    cells: Vec<Cell>,
}

struct Cell {
    text: String,
    /// `solved`, `tried`, `new`.
    class: &'static str,
    spoken: String,
}

#[derive(Debug, Deserialize)]
pub struct Query {
    #[serde(default)]
    sort: String,
    #[serde(default)]
    order: String,
}

pub async fn get(
    Coach(viewer): Coach,
    query: web::Query<Query>,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let mut table = services.coaching.class(&viewer).await?;
    sort(&mut table, &query);
    let page = CoachClassPage {
        frame: Frame::new(&visit, &services, &assets).at("/coach/class".into()),
        columns: columns(&table, &query, t),
        rows: table.students.iter().map(|one| row(one, t)).collect(),
    };
    html(StatusCode::OK, &page)
}

const NAME: &str = "name";
const TOTAL: &str = "total";
const SOLVED: &str = "solved";

/// By what the query names; what it does not name right sorts nothing.
fn sort(table: &mut ClassTable, query: &Query) {
    let problem = table
        .problems
        .iter()
        .position(|pack| pack.slug.as_str() == query.sort);
    match (query.sort.as_str(), problem) {
        (TOTAL, _) => table.students.sort_by_key(|student| student.total),
        (SOLVED, _) => table.students.sort_by_key(|student| student.solved),
        (_, Some(at)) => table
            .students
            .sort_by_key(|student| student.progress.get(at).map(|own| own.best)),
        _ => {}
    }
    if query.order == "desc" {
        table.students.reverse();
    }
}

fn columns(table: &ClassTable, query: &Query, t: Texts) -> Vec<Column> {
    let column = |key: &str, title: String, full: String, number: bool| {
        let current = query.sort == key || (key == NAME && query.sort.is_empty());
        let descending = query.order == "desc";
        // Numbers are looked at from the top.
        let next = match (current, descending, number) {
            (true, true, _) | (false, _, false) => "asc",
            _ => "desc",
        };
        Column {
            title,
            full,
            href: format!("/coach/class?sort={key}&order={next}"),
            sorted: match (current, descending) {
                (false, _) => "",
                (true, true) => "descending",
                (true, false) => "ascending",
            },
            number,
        }
    };
    let mut columns = vec![
        column(NAME, t.get("class-student"), t.get("class-student"), false),
        column(TOTAL, t.get("class-total"), t.get("class-total"), true),
        column(SOLVED, t.get("class-solved"), t.get("class-solved"), true),
    ];
    for pack in &table.problems {
        let title = pack.title.get(t.language).to_owned();
        columns.push(column(
            pack.slug.as_str(),
            pack.section.clone(),
            title,
            true,
        ));
    }
    columns
}

fn row(student: &Student, t: Texts) -> Row {
    Row {
        name: student.display_name.clone(),
        username: student.username.clone(),
        total: score(student.total, t.language),
        solved: student.solved,
        cells: student.progress.iter().map(|own| cell(own, t)).collect(),
    }
}

fn cell(own: &OwnProgress, t: Texts) -> Cell {
    let (class, spoken) = match own {
        own if own.solved() => ("solved", t.get("class-is-solved")),
        own if own.attempts > 0 => ("tried", String::new()),
        _ => ("new", t.get("not-tried")),
    };
    Cell {
        text: match class {
            "new" => "–".to_owned(),
            _ => score(own.best, t.language),
        },
        class,
        spoken,
    }
}

/// The same table for a spreadsheet: numbers with a point, titles of problems in
/// the reader's language.
pub async fn csv(
    Coach(viewer): Coach,
    query: web::Query<Query>,
    visit: Visit,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let mut table = services.coaching.class(&viewer).await?;
    sort(&mut table, &query);
    let bytes = written(&table, visit.t)
        .map_err(|error| ServiceError::internal(format!("a table cannot be written: {error}")))?;
    Ok(attachment("gradien.csv", bytes))
}

fn written(table: &ClassTable, t: Texts) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head = vec![
        t.get("username"),
        t.get("class-student"),
        t.get("class-total"),
        t.get("class-solved"),
    ];
    head.extend(table.problems.iter().map(|pack| pack.slug.to_string()));
    writer.write_record(&head)?;
    for student in &table.students {
        let mut record = vec![
            student.username.clone(),
            plain(&student.display_name),
            student.total.to_string(),
            student.solved.to_string(),
        ];
        record.extend(student.progress.iter().map(|own| match own.attempts {
            0 => String::new(),
            _ => own.best.to_string(),
        }));
        writer.write_record(&record)?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// A spreadsheet takes a text that begins so for a formula; students choose
/// their names.
fn plain(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::{Language, Score};

    #[test]
    fn a_name_is_no_formula_and_may_hold_commas() {
        let student = |name: &str, total| Student {
            username: "siti".into(),
            display_name: name.into(),
            progress: vec![],
            total: Score::from_points(total),
            solved: 0,
        };
        let mut table = ClassTable {
            problems: vec![],
            students: vec![student("=1+1", 3), student("Rahma, Siti", 7)],
        };
        let by = |sort: &str, order: &str| Query {
            sort: sort.into(),
            order: order.into(),
        };
        sort(&mut table, &by("total", "desc"));
        let text = written(&table, Texts::new(Language::En)).unwrap();
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(lines, ["siti,\"Rahma, Siti\",7,0", "siti,'=1+1,3,0"]);
    }
}
