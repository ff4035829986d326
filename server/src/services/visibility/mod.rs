//! The one place that decides what a viewer may see. Pages, fragments and the
//! event stream show what comes out of here and never a report itself.
//!
//! Hidden cases are a channel: a program is given their inputs, and everything
//! that it can put into what its author sees tells of them: values, shapes, the
//! text and even the *name* of an exception, the names of functions in a
//! traceback, how much memory or fuel a case took. So of a hidden case a
//! student sees its verdict, the kind of fault, and of an exception its type
//! and own lines as far as they are words of the student's own source or of
//! Python itself ([`hidden`]). Cases that the pack sets aside as open are shown
//! in full, and they are run first, so the first mistake is met in the open.
//!
//! | | own, open case | own, hidden case | staff | another's |
//! | --- | --- | --- | --- | --- |
//! | verdict, score | ✓ | ✓ | ✓ | – |
//! | values, prints | ✓ | – | ✓ | – |
//! | message | full | kind and line | full | – |
//! | fuel | in steps of 5 %, over all cases | same | exact | – |

mod choices;
mod feedback;
mod hidden;
mod hints;
mod steps;
#[cfg(test)]
mod tests;

pub use feedback::{Feedback, VisibleDiagnosis};
pub use hints::{NextHint, VisibleHint, VisibleHints, hints};
pub use steps::{VisibleStep, VisibleSteps, label_of};

use super::problems::Status;
use super::sessions::Viewer;
use super::{Result, ServiceError};
use crate::ids::UserId;
use gradien_problems::pack::{Kind, NotebookKind, Pack};
use gradien_problems::protocol::Submission;
use gradien_problems::report::{
    CaseDetail, CaseReport, CellReport, JudgedVariant, MetricValue, Provenance, Report, Split,
    Usage,
};
use gradien_problems::{Message, Score, SubtaskName, Verdict};

/// Whether a problem whose present version has this status is there for them.
pub fn may_see_problem(viewer: Option<&Viewer>, status: Status) -> bool {
    match status {
        Status::Published => true,
        Status::Draft | Status::Sealed | Status::Withdrawn => viewer.is_some_and(may_coach),
    }
}

/// Whether somebody may look after problems and classes.
pub fn may_coach(viewer: &Viewer) -> bool {
    viewer.user.role.is_staff()
}

/// # Errors
/// [`ServiceError::Forbidden`].
pub fn require_coach(viewer: &Viewer) -> Result<()> {
    match may_coach(viewer) {
        true => Ok(()),
        false => Err(ServiceError::Forbidden),
    }
}

/// How much of a submission somebody may see. What may not be seen at all has
/// no sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// The author's, in practice.
    Own,
    /// A coach's or an administrator's: everything.
    Full,
}

/// How much of this user's submissions a viewer may see; `None`: not even that
/// they exist.
pub fn sight_of_submission(viewer: &Viewer, author: UserId) -> Option<Sight> {
    if viewer.user.role.is_staff() {
        Some(Sight::Full)
    } else if viewer.user.id == author {
        Some(Sight::Own)
    } else {
        None
    }
}

/// A report with nothing in it that its viewer may not see.
#[derive(Debug, Clone, PartialEq)]
pub struct VisibleReport {
    pub verdict: Verdict,
    pub score: Score,
    pub max_score: Score,
    /// In the pack's order.
    pub subtasks: Vec<VisibleSubtask>,
    /// What concerns the submission as a whole.
    pub messages: Vec<Message>,
    /// The misconceptions that were recognised.
    pub diagnoses: Vec<VisibleDiagnosis>,
    /// Where a hand computation leaves the right way.
    pub steps: Option<VisibleSteps>,
    /// What was measured, as far as it may be known: split B is for staff
    /// until it is opened.
    pub metrics: Vec<MetricValue>,
    /// The largest use of fuel over all cases, as a share of the limit in steps
    /// of 5 %; absent where nothing was run.
    pub fuel_percent: Option<u32>,
    /// For staff alone.
    pub usage: Option<Usage>,
    pub provenance: Provenance,
    /// The program of a notebook's cells: it is its author's own.
    pub program: Option<String>,
    /// The numbers that a hand computation began with, where there are variants.
    pub variant: Option<JudgedVariant>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VisibleSubtask {
    pub name: SubtaskName,
    pub verdict: Verdict,
    pub score: Score,
    pub max_score: Score,
    /// Kind `function`, in the order in which they were run.
    pub cases: Vec<VisibleCase>,
    /// Kind `answer`, one per cell in C order.
    pub cells: Vec<CellReport>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VisibleCase {
    /// Counted from 0 within the subtask.
    pub index: u32,
    pub verdict: Verdict,
    /// Whether the case is shown in full to everybody.
    pub open: bool,
    /// What can be said of it; of a hidden case often nothing.
    pub message: Option<Message>,
    /// Of a hidden case: what kind of fault it was, where `message` is absent.
    pub fault: Option<Fault>,
    pub detail: Option<CaseDetail>,
    /// Exact, for staff alone.
    pub fuel: Option<u64>,
}

/// The kind of a fault, without anything of the values behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Values differ.
    Values,
    /// Right but for rounding.
    LessPrecise,
    /// NaN or an infinity.
    NotFinite,
    /// Another shape.
    Shape,
    /// Another kind of number.
    NumberKind,
    /// A tuple where one value was asked for, or the reverse.
    Container,
    /// Nothing, or something that is no array of numbers.
    BadReturn,
}

/// What of a report may be seen with this sight, in practice.
pub fn report(
    sight: Sight,
    report: &Report,
    pack: &Pack,
    submission: &Submission,
) -> VisibleReport {
    report_with(Feedback::PRACTICE, sight, report, pack, submission)
}

/// As [`report`], where only some kinds of feedback are given. Staff see all.
pub fn report_with(
    feedback: Feedback,
    sight: Sight,
    report: &Report,
    pack: &Pack,
    submission: &Submission,
) -> VisibleReport {
    let feedback = match sight {
        Sight::Full => Feedback {
            choices: true,
            part_b: true,
            ..Feedback::PRACTICE
        },
        Sight::Own => feedback,
    };
    let withheld = choices::withheld(feedback, report, pack);
    let words = hidden::Words::of(submission, report.program.as_deref());
    let full = sight == Sight::Full;
    // A flaw is a diagnosis of what has no right answer to differ from.
    let told = |one: &&Message| match one {
        Message::Flaw { on_b, .. } => feedback.diagnoses && (feedback.part_b || !on_b),
        _ => true,
    };
    let messages = report.messages.iter().filter(told);
    let messages = if full || opens_with_open_case(pack) {
        messages.cloned().collect()
    } else {
        messages.filter_map(|m| words.message(m).0).collect()
    };
    let subtasks = report.subtasks.iter().map(|subtask| VisibleSubtask {
        name: subtask.name.clone(),
        verdict: subtask.verdict,
        score: subtask.score,
        max_score: subtask.max_score,
        cases: subtask
            .cases
            .iter()
            .map(|one| case(full, feedback, one, &words, pack))
            .collect(),
        cells: subtask
            .cells
            .iter()
            .map(|one| feedback::cell(feedback, one))
            .collect(),
    });
    let mut subtasks: Vec<VisibleSubtask> = subtasks.collect();
    for subtask in &mut subtasks {
        if withheld.contains(&subtask.name.as_str()) {
            choices::keep_back(subtask);
        }
    }
    VisibleReport {
        verdict: report.verdict,
        score: report.score,
        max_score: report.max_score,
        subtasks,
        messages,
        diagnoses: feedback::diagnoses(feedback, report, pack, &withheld),
        steps: steps::steps(feedback, full, report, pack, &withheld),
        metrics: report
            .metrics
            .iter()
            .filter(|value| feedback.part_b || value.split == Split::A)
            .cloned()
            .collect(),
        fuel_percent: report.usage.map(|usage| usage.fuel_percent()),
        usage: report.usage.filter(|_| full),
        provenance: report.provenance.clone(),
        program: report.program.clone(),
        variant: report.variant.clone(),
    }
}

fn case(
    full: bool,
    feedback: Feedback,
    case: &CaseReport,
    words: &hidden::Words<'_>,
    pack: &Pack,
) -> VisibleCase {
    let shown = full || (case.open && feedback.counterexample);
    let (message, fault) = match &case.message {
        Some(message) if shown => (Some(message.clone()), None),
        Some(message) => words.message(message),
        None => (None, None),
    };
    VisibleCase {
        index: case.index,
        verdict: case.verdict,
        open: case.open,
        message,
        fault,
        detail: case
            .detail
            .clone()
            .filter(|_| shown)
            .map(|detail| CaseDetail {
                steps: steps::of_case(feedback, full, detail.steps, pack),
                ..detail
            }),
        fuel: full.then_some(case.fuel),
    }
}

/// What concerns the submission as a whole shows at the first case that is run.
/// If that one is open, nothing hidden was there yet.
fn opens_with_open_case(pack: &Pack) -> bool {
    match &pack.kind {
        // No program of the student's has run.
        Kind::Answer(_) | Kind::Prediction(_) | Kind::Model(_) => true,
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => function
            .subtasks
            .first()
            .is_some_and(|subtask| subtask.open_cases > 0),
    }
}
