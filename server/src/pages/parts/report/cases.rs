//! Subtasks of programs with their cases.

use super::score_of;
use crate::i18n::{Text, Texts};
use crate::pages::parts::heat;
use crate::pages::parts::message::message_html;
use crate::pages::parts::value::ValueView;
use crate::pages::parts::verdict::VerdictView;
use crate::render::escape;
use crate::services::visibility::{Fault, VisibleCase, VisibleSubtask, label_of};
use gradien_problems::report::{CaseDetail, Usage};
use gradien_problems::shown::ShownValue;
use gradien_problems::{Pack, Verdict};

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

pub(super) fn subtask_view(
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
