//! A report as the pages show it. What a viewer may not see is already gone from
//! it: [`crate::services::visibility`] decides that, never this file.

mod cases;
mod fields;

use super::diagnosis::DiagnosisView;
use super::message::message_html;
use super::steps::StepsView;
use super::verdict::{VerdictView, explanation};
use crate::i18n::{Text, Texts, decimal, mebibytes, score};
use crate::services::visibility::VisibleReport;
use askama::Template;
use cases::{SubtaskView, subtask_view};
use fields::{FieldView, field_view};
use gradien_problems::pack::{Kind, NotebookKind};
use gradien_problems::report::{MetricValue, Split};
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
    /// One of the fields is a trace: too wide to stand beside its name.
    pub stacked: bool,
    pub subtasks: Vec<SubtaskView>,
    pub metrics: Vec<MetricLine>,
    /// Where there is a part that is not shown.
    pub metrics_note: Option<String>,
    pub usage: Vec<UsageLine>,
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
            stacked: fields.iter().any(|field| !field.head.is_empty()),
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
    let lines = report.metrics.iter().map(|metric| MetricLine {
        name: metric.name.clone(),
        split: match metric.split {
            Split::A => "A",
            Split::B => "B",
        },
        value: metric_value(metric, pack, t),
    });
    lines.collect()
}

/// With the decimals of the pack.
pub fn metric_value(metric: &MetricValue, pack: &Pack, t: Texts) -> String {
    let decimals = match &pack.kind {
        Kind::Prediction(prediction) => prediction.scoring.decimals,
        Kind::Model(model) => model.scoring.decimals,
        _ => 4,
    };
    match metric.value {
        Some(value) => decimal(value, decimals, t.language),
        None => t.get("metric-undefined"),
    }
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
