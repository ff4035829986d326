//! A report as the pages show it. What a viewer may not see is already gone from
//! it: [`crate::services::visibility`] decides that, never this file.

use super::diagnosis::DiagnosisView;
use super::field_form::{head, row_heads, typed_text};
use super::heat;
use super::message::message_html;
use super::steps::StepsView;
use super::value::ValueView;
use super::verdict::{VerdictView, explanation};
use crate::i18n::{Text, Texts, decimal, mebibytes, score};
use crate::render::escape;
use crate::services::visibility::{Fault, VisibleCase, VisibleReport, VisibleSubtask, label_of};
use askama::Template;
use gradien_problems::pack::{Field, Kind, NotebookKind};
use gradien_problems::report::{CaseDetail, CellReport, Split, Usage};
use gradien_problems::shown::ShownValue;
use gradien_problems::{Message, Pack, Score, Verdict};

#[derive(Template)]
#[template(path = "parts/report.html")]
pub struct ReportPart {
    pub t: Texts,
    pub report: ReportView,
}

pub struct ReportView {
    pub verdict: VerdictView,
    pub score_text: String,
    pub explanation: String,
    /// HTML.
    pub messages: Vec<String>,
    pub diagnoses: Vec<DiagnosisView>,
    pub steps: Option<StepsView>,
    pub fields: Vec<FieldView>,
    pub subtasks: Vec<SubtaskView>,
    pub metrics: Vec<MetricLine>,
    /// Where there is a part that is not shown.
    pub metrics_note: Option<String>,
    pub usage: Vec<UsageLine>,
}

/// A field of a hand computation.
pub struct FieldView {
    pub title: String,
    /// Above the columns of a trace; else empty.
    pub head: Vec<String>,
    pub rows: Vec<FieldRow>,
    /// HTML, each with the place of its cell in front.
    pub messages: Vec<String>,
    pub score_text: String,
}

pub struct FieldRow {
    /// In front of a trace's row: its step and what is given.
    pub heads: Vec<String>,
    pub cells: Vec<CellView>,
}

pub struct CellView {
    pub typed: String,
    pub class: &'static str,
    /// The verdict in a word, so that colour is not the only sign.
    pub mark: String,
}

pub struct SubtaskView {
    pub title: String,
    pub verdict: VerdictView,
    pub score_text: String,
    pub cases_text: String,
    pub cases_heading: String,
    /// Shown unfolded: the first subtask that failed.
    pub open: bool,
    pub cases: Vec<CaseView>,
}

pub struct CaseView {
    pub title: String,
    pub verdict: VerdictView,
    pub fuel: Option<String>,
    pub message: Option<String>,
    pub detail: Option<DetailView>,
}

pub struct DetailView {
    pub inputs: Vec<ValueView>,
    pub got: Vec<ValueView>,
    pub expected: Vec<ValueView>,
    pub difference: Vec<ValueView>,
    /// Intermediate values of the right computation.
    pub steps: Vec<ValueView>,
    pub stdout: String,
    pub stderr: String,
}

pub struct MetricLine {
    pub name: String,
    pub split: &'static str,
    pub value: String,
}

pub struct UsageLine {
    pub name: String,
    pub text: String,
}

impl ReportView {
    pub fn new(report: &VisibleReport, pack: &Pack, t: Texts) -> ReportView {
        let mut fields = Vec::new();
        let mut subtasks = Vec::new();
        match &pack.kind {
            Kind::Answer(answer) => {
                for part in &report.subtasks {
                    let field = answer
                        .fields
                        .iter()
                        .find(|f| f.name.as_str() == part.name.as_str());
                    fields.push(field_view(part, field, t));
                }
            }
            Kind::Prediction(_) | Kind::Model(_) => {}
            Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
                let mut unfolded = false;
                for part in &report.subtasks {
                    let title = function
                        .subtasks
                        .iter()
                        .find(|subtask| subtask.name == part.name)
                        .map(|subtask| subtask.title.get(t.language).to_owned())
                        .unwrap_or_else(|| part.name.to_string());
                    let failed = !matches!(part.verdict, Verdict::Accepted | Verdict::Skipped);
                    let open = failed && !unfolded;
                    unfolded |= open;
                    subtasks.push(subtask_view(
                        part,
                        title,
                        open,
                        report.usage.as_ref(),
                        pack,
                        t,
                    ));
                }
            }
        }
        ReportView {
            verdict: VerdictView::new(report.verdict, t),
            score_text: score_of(report.score, report.max_score, t),
            explanation: t.get(explanation_of(report, pack).0),
            messages: report
                .messages
                .iter()
                .map(|message| message_html(message, t.language))
                .collect(),
            metrics: metrics(report, pack, t),
            metrics_note: metrics_note(report, pack, t),
            steps: report.steps.as_ref().map(|steps| StepsView::new(steps, t)),
            diagnoses: DiagnosisView::list(&report.diagnoses, pack, t),
            fields,
            subtasks,
            usage: usage_lines(report, t),
        }
    }
}

/// What the verdict means, in the words of the problem's kind.
fn explanation_of(report: &VisibleReport, pack: &Pack) -> Text {
    let faulty = |message: &Message| {
        matches!(
            message,
            Message::FileFaults { .. } | Message::Network { .. }
        )
    };
    match (&pack.kind, report.verdict) {
        (_, Verdict::CompileError) if report.messages.iter().any(faulty) => Text("explain-ce-file"),
        (Kind::Prediction(_), Verdict::Accepted) => Text("explain-ac-prediction"),
        (Kind::Prediction(_), Verdict::WrongAnswer) => Text("explain-wa-prediction"),
        (Kind::Model(_), Verdict::Accepted) => Text("explain-ac-model"),
        (Kind::Model(_), Verdict::WrongAnswer) => Text("explain-wa-model"),
        (_, verdict) => explanation(verdict),
    }
}

fn metrics(report: &VisibleReport, pack: &Pack, t: Texts) -> Vec<MetricLine> {
    let decimals = match &pack.kind {
        Kind::Prediction(prediction) => prediction.scoring.decimals,
        Kind::Model(model) => model.scoring.decimals,
        _ => 4,
    };
    let lines = report.metrics.iter().map(|metric| MetricLine {
        name: metric.name.clone(),
        split: match metric.split {
            Split::A => "A",
            Split::B => "B",
        },
        value: match metric.value {
            Some(value) => decimal(value, decimals, t.language),
            None => t.get("metric-undefined"),
        },
    });
    lines.collect()
}

fn metrics_note(report: &VisibleReport, pack: &Pack, t: Texts) -> Option<String> {
    let measured =
        matches!(pack.kind, Kind::Prediction(_) | Kind::Model(_)) && !report.metrics.is_empty();
    let hides_b = report.metrics.iter().all(|metric| metric.split == Split::A);
    (measured && hides_b).then(|| t.get("metrics-split-b"))
}

/// `13,33 / 40`.
pub fn score_of(got: Score, max: Score, t: Texts) -> String {
    t.with_two(
        "score-of",
        ("score", score(got, t.language)),
        ("max", score(max, t.language)),
    )
}

fn usage_lines(report: &VisibleReport, t: Texts) -> Vec<UsageLine> {
    let mut lines = Vec::new();
    if let Some(percent) = report.fuel_percent {
        lines.push(UsageLine {
            name: t.get("fuel-used"),
            text: t.with("fuel-share", "n", i64::from(percent)),
        });
    }
    if let Some(usage) = &report.usage {
        lines.push(UsageLine {
            name: t.get("memory-used"),
            text: t.with_two(
                "memory-share",
                ("used", mebibytes(usage.memory_bytes) as i64),
                ("limit", mebibytes(usage.memory_limit_bytes) as i64),
            ),
        });
    }
    lines
}

fn field_view(part: &VisibleSubtask, field: Option<&Field>, t: Texts) -> FieldView {
    let title = field
        .map(|field| field.label.get(t.language).to_owned())
        .unwrap_or_else(|| part.name.to_string());
    let (rows, columns) = field.map_or((1, part.cells.len()), Field::grid);
    let mut messages = Vec::new();
    for (index, cell) in part.cells.iter().enumerate() {
        // A cell that is only wrong or empty says so in the grid itself.
        let Some(message) = cell.message.as_ref().filter(|m| says_more(m)) else {
            continue;
        };
        // What follows from earlier values, or waits, is said once, not for every cell.
        let once = matches!(message, Message::CellCarried { .. } | Message::CellWithheld);
        let place = match once {
            true => None,
            false => place_text(rows, columns, index, t),
        };
        let html = message_html(message, t.language);
        let html = match place {
            Some(place) => html.replacen("<p>", &format!("<p><strong>{place}</strong>: "), 1),
            None => html,
        };
        if !once || !messages.contains(&html) {
            messages.push(html);
        }
    }
    let trace = field.and_then(|field| field.entry.find_trace());
    let cell = |cell: &CellReport| {
        let view = cell_view(cell, t);
        let typed = field.map(|field| typed_text(field, &view.typed, t));
        CellView {
            typed: typed.unwrap_or(view.typed),
            ..view
        }
    };
    let rows = part.cells.chunks(columns.max(1)).enumerate();
    FieldView {
        title,
        head: head(trace, t),
        rows: rows
            .map(|(row, cells)| FieldRow {
                heads: row_heads(trace, row),
                cells: cells.iter().map(cell).collect(),
            })
            .collect(),
        messages,
        score_text: score_of(part.score, part.max_score, t),
    }
}

fn says_more(message: &Message) -> bool {
    !matches!(message, Message::CellWrong | Message::CellEmpty)
}

fn place_text(rows: usize, columns: usize, index: usize, t: Texts) -> Option<String> {
    match (rows, columns) {
        (1, 1) => None,
        (1, _) => Some(t.with("cell-number", "n", index as i64 + 1)),
        _ => Some(t.with_two(
            "cell-place",
            ("row", (index / columns) as i64 + 1),
            ("column", (index % columns) as i64 + 1),
        )),
    }
}

fn cell_view(cell: &CellReport, t: Texts) -> CellView {
    let (class, mark) = match cell.verdict {
        Verdict::Accepted => ("right", t.get("cell-right")),
        _ if matches!(cell.message, Some(Message::CellCarried { .. })) => {
            ("carried", t.get("cell-carried"))
        }
        Verdict::Skipped => ("withheld", t.get("cell-withheld")),
        _ if cell.typed.trim().is_empty() => ("empty", t.get("cell-empty")),
        _ => ("wrong", t.get("cell-wrong")),
    };
    CellView {
        typed: cell.typed.clone(),
        class,
        mark,
    }
}

fn subtask_view(
    part: &VisibleSubtask,
    title: String,
    open: bool,
    usage: Option<&Usage>,
    pack: &Pack,
    t: Texts,
) -> SubtaskView {
    let passed = part
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Accepted)
        .count();
    SubtaskView {
        cases_heading: t.with("cases-heading", "subtask", title.clone()),
        title,
        verdict: VerdictView::new(part.verdict, t),
        score_text: score_of(part.score, part.max_score, t),
        cases_text: if part.cases.is_empty() {
            "–".to_owned()
        } else {
            t.with_two(
                "cases-passed",
                ("passed", passed as i64),
                ("total", part.cases.len() as i64),
            )
        },
        open,
        cases: part
            .cases
            .iter()
            .map(|case| case_view(case, usage, pack, t))
            .collect(),
    }
}

fn case_view(case: &VisibleCase, usage: Option<&Usage>, pack: &Pack, t: Texts) -> CaseView {
    let fuel = usage.zip(case.fuel).map(|(usage, fuel)| {
        let share = Usage { fuel, ..*usage };
        t.with("case-fuel", "n", i64::from(share.fuel_percent()))
    });
    let message = match (&case.message, case.fault) {
        (Some(message), _) => Some(message_html(message, t.language)),
        (None, Some(fault)) => Some(format!("<p>{}</p>", escape(&t.get(fault_text(fault).0)))),
        (None, None) => None,
    };
    CaseView {
        title: t.with("case-number", "n", i64::from(case.index) + 1),
        verdict: VerdictView::new(case.verdict, t),
        fuel,
        message,
        detail: case
            .detail
            .as_ref()
            .map(|detail| detail_view(detail, pack, t)),
    }
}

/// What can be said of a fault in a hidden case.
fn fault_text(fault: Fault) -> Text {
    match fault {
        Fault::Values => Text("fault-values"),
        Fault::LessPrecise => Text("fault-less-precise"),
        Fault::NotFinite => Text("fault-not-finite"),
        Fault::Shape => Text("fault-shape"),
        Fault::NumberKind => Text("fault-number-kind"),
        Fault::Container => Text("fault-container"),
        Fault::BadReturn => Text("fault-bad-return"),
    }
}

fn detail_view(detail: &CaseDetail, pack: &Pack, t: Texts) -> DetailView {
    let mut view = DetailView {
        inputs: heat::list(&detail.inputs, t),
        got: Vec::new(),
        expected: Vec::new(),
        difference: Vec::new(),
        steps: steps_of_case(&detail.steps, pack, t),
        stdout: detail.stdout.clone(),
        stderr: detail.stderr.clone(),
    };
    if detail.got.len() != detail.expected.len() {
        view.got = heat::list(&detail.got, t);
        view.expected = heat::list(&detail.expected, t);
        return view;
    }
    for (output, (got, expected)) in detail.got.iter().zip(&detail.expected).enumerate() {
        let worst = detail.worst.filter(|worst| worst.output == output);
        let compared = heat::compared(got, expected, worst.map(|worst| worst.flat_index), t);
        view.got.push(compared.got);
        view.expected.push(compared.expected);
        view.difference.extend(compared.difference);
    }
    view
}

fn steps_of_case(steps: &[ShownValue], pack: &Pack, t: Texts) -> Vec<ValueView> {
    let mut views = heat::list(steps, t);
    for (view, step) in views.iter_mut().zip(steps) {
        if let Some(name) = &step.name {
            let label = label_of(pack, name).get(t.language).to_owned();
            view.label = format!("{label}, {}", view.type_text);
            view.name = Some(label);
        }
    }
    views
}
