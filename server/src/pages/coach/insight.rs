//! How students fare with a problem.

use super::Coach;
use crate::i18n::Texts;
use crate::pages::assets::Assets;
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::html;
use crate::pages::parts::verdict::label;
use crate::pages::problem::parse_slug;
use crate::pages::visit::Visit;
use crate::services::Services;
use crate::services::coaching::{Histogram, Insight, Quartiles, Topic};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::Verdict;
use gradien_problems::pack::{Kind, Pack};

#[derive(Template)]
#[template(path = "pages/coach/insight.html")]
struct CoachInsightPage {
    frame: Frame,
    slug: String,
    title: String,
    facts: Vec<(String, String)>,
    nobody: bool,
    truncated: bool,
    misconceptions: Option<HistogramView>,
    wrong: Vec<HistogramView>,
}

struct HistogramView {
    title: String,
    /// The heading of the column of labels.
    of: String,
    /// The labels are names or what somebody typed, no words of ours.
    is_code: bool,
    bars: Vec<BarView>,
    more: Option<String>,
}

struct BarView {
    label: String,
    /// The cell of a vector or matrix, in words.
    place: Option<String>,
    /// Of the longest bar, in percent.
    share: usize,
    count: String,
    /// Number and address.
    submissions: Vec<(usize, String)>,
    open: String,
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
    let insight = services.coaching.insight(&viewer, &slug).await?;
    let page = CoachInsightPage {
        frame: Frame::new(&visit, &services, &assets),
        slug: slug.to_string(),
        title: insight.pack.title.get(t.language).to_owned(),
        facts: facts(&insight, t),
        nobody: insight.tried == 0,
        truncated: insight.truncated,
        misconceptions: (!insight.misconceptions.bars.is_empty())
            .then(|| histogram(&insight.misconceptions, &insight.pack, t)),
        wrong: insight
            .wrong
            .iter()
            .map(|one| histogram(one, &insight.pack, t))
            .collect(),
    };
    html(StatusCode::OK, &page)
}

fn facts(insight: &Insight, t: Texts) -> Vec<(String, String)> {
    let Insight { tried, solved, .. } = *insight;
    let rate = match tried {
        0 => "–".to_owned(),
        _ => t.with_three(
            "insight-rate-text",
            ("solved", solved as i64),
            ("tried", tried as i64),
            ("percent", (solved * 100 / tried) as i64),
        ),
    };
    let spread = |of: Option<Quartiles>, show: fn(i64, Texts) -> String| match of {
        None => "–".to_owned(),
        Some(q) => t.with_three(
            "insight-quartiles",
            ("median", show(q.median, t)),
            ("lower", show(q.lower, t)),
            ("upper", show(q.upper, t)),
        ),
    };
    vec![
        (t.get("insight-attempts"), insight.attempts.to_string()),
        (t.get("insight-rate"), rate),
        (
            t.get("insight-time"),
            spread(insight.time_to_solve_ms, duration),
        ),
        (
            t.get("insight-attempts-to-solve"),
            spread(insight.attempts_to_solve, |n, _| n.to_string()),
        ),
    ]
}

/// In the unit that suits it.
fn duration(ms: i64, t: Texts) -> String {
    let minutes = ms / 60_000;
    match minutes {
        0 => t.with("duration-seconds", "n", ms / 1000),
        1..120 => t.with("duration-minutes", "n", minutes),
        120..2880 => t.with("duration-hours", "n", minutes / 60),
        _ => t.with("duration-days", "n", minutes / 1440),
    }
}

fn histogram(one: &Histogram, pack: &Pack, t: Texts) -> HistogramView {
    let longest = one.bars.first().map_or(1, |bar| bar.students.max(1));
    let (title, of) = match &one.of {
        Topic::Misconceptions => (
            t.get("insight-misconceptions"),
            t.get("insight-misconception"),
        ),
        Topic::Values { field } => (field_title(pack, field, t), t.get("insight-value")),
        Topic::Verdicts { subtask } => (subtask_title(pack, subtask, t), t.get("verdict")),
    };
    let bars = one.bars.iter().map(|bar| {
        let label = match (&one.of, bar.label.as_str()) {
            (Topic::Values { .. }, "") => t.get("cell-empty"),
            (Topic::Verdicts { .. }, code) => match Verdict::from_code(code) {
                Some(verdict) => t.get(label(verdict).0),
                None => code.to_owned(),
            },
            (_, label) => label.to_owned(),
        };
        let place = bar.cell.map(|(row, column)| {
            t.with_two("cell-place", ("row", row as i64), ("column", column as i64))
        });
        BarView {
            label,
            place,
            share: bar.students * 100 / longest,
            count: t.with_two(
                "insight-count",
                ("students", bar.students as i64),
                ("submissions", bar.submissions as i64),
            ),
            submissions: bar
                .named
                .iter()
                .enumerate()
                .map(|(index, id)| (index + 1, format!("/submissions/{id}")))
                .collect(),
            open: t.with("insight-open", "n", bar.named.len() as i64),
        }
    });
    HistogramView {
        title,
        of,
        is_code: !matches!(one.of, Topic::Verdicts { .. }),
        bars: bars.collect(),
        more: (one.more > 0).then(|| t.with("insight-more", "n", one.more as i64)),
    }
}

fn field_title(pack: &Pack, name: &str, t: Texts) -> String {
    let Kind::Answer(answer) = &pack.kind else {
        return name.to_owned();
    };
    let field = answer.fields.iter().find(|f| f.name.as_str() == name);
    let label = field.map_or(name, |field| field.label.get(t.language));
    t.with("insight-values", "field", label.to_owned())
}

fn subtask_title(pack: &Pack, name: &str, t: Texts) -> String {
    let function = pack.kind.find_function();
    let subtask =
        function.and_then(|function| function.subtasks.iter().find(|s| s.name.as_str() == name));
    let title = subtask.map_or(name, |subtask| subtask.title.get(t.language));
    t.with("insight-verdicts", "subtask", title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Language;

    #[test]
    fn durations_are_told_in_a_unit_that_suits_them() {
        let t = Texts::new(Language::En);
        for (ms, text) in [
            (1_000, "1 s"),
            (59_999, "59 s"),
            (60_000, "1 min"),
            (3 * 3_600_000, "3 h"),
            (3 * 86_400_000, "3 days"),
        ] {
            assert_eq!(duration(ms, t), text);
        }
    }
}
