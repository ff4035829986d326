//! What *Run* gives back.

use super::message::message_html;
use super::value::ValueView;
use crate::i18n::{Texts, mebibytes};
use askama::Template;
use gradien_problems::report::{RunCase, RunReport};

#[derive(Template)]
#[template(path = "parts/run_result.html")]
pub struct RunPart {
    pub t: Texts,
    pub run: RunView,
}

pub struct RunView {
    /// HTML.
    pub messages: Vec<String>,
    pub cases: Vec<RunCaseView>,
}

pub struct RunCaseView {
    pub title: String,
    pub agrees: Option<Agreement>,
    /// HTML.
    pub message: Option<String>,
    pub inputs: Vec<ValueView>,
    pub returned: Vec<ValueView>,
    pub expected: Vec<ValueView>,
    pub stdout: String,
    pub stderr: String,
    pub usage: String,
}

pub struct Agreement {
    pub class: &'static str,
    pub text: String,
}

impl RunPart {
    /// `own`: it ran on the student's own input, not on the samples.
    pub fn new(report: &RunReport, own: bool, t: Texts) -> RunPart {
        RunPart {
            t,
            run: RunView {
                messages: report
                    .messages
                    .iter()
                    .map(|message| message_html(message, t.language))
                    .collect(),
                cases: report
                    .cases
                    .iter()
                    .enumerate()
                    .map(|(index, case)| case_view(index, case, own, t))
                    .collect(),
            },
        }
    }
}

fn case_view(index: usize, case: &RunCase, own: bool, t: Texts) -> RunCaseView {
    let agrees = case.agrees.map(|agrees| match agrees {
        true => Agreement {
            class: "ok",
            text: t.get("agrees"),
        },
        false => Agreement {
            class: "bad",
            text: t.get("differs"),
        },
    });
    RunCaseView {
        title: if own {
            t.get("run-own-case")
        } else {
            t.with("run-sample", "n", index as i64 + 1)
        },
        agrees,
        message: case
            .message
            .as_ref()
            .map(|message| message_html(message, t.language)),
        inputs: ValueView::list(&case.inputs, t),
        returned: ValueView::list(&case.returned, t),
        expected: ValueView::list(case.expected.as_deref().unwrap_or_default(), t),
        stdout: case.stdout.clone(),
        stderr: case.stderr.clone(),
        usage: t.with_two(
            "run-usage",
            ("fuel", i64::from(case.usage.fuel_percent())),
            ("memory", mebibytes(case.usage.memory_bytes) as i64),
        ),
    }
}
