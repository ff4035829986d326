//! From a submission to a report.

mod answer;
mod carry;
mod cases;
mod diagnose;
mod entry;
mod function;
mod model;
mod model_flaws;
mod notebook;
mod overfit;
mod prediction;
mod rerun;
mod rules;
mod series;
mod steps;

pub use cases::{Programs, call_job, case_seed, message_of, module, prints, verdict_of};
pub use rules::broken_rules;
pub use series::{Ran, Series};

use self::answer::Typed;
use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::Children;
use crate::prepare::Prepared;
use gradien_problems::message::{FileFault, Message};
use gradien_problems::pack::{Kind, SPLIT_SUBTASK};
use gradien_problems::protocol::{Progress, Submission, Upload};
use gradien_problems::report::{Provenance, SubtaskReport};
use gradien_problems::{Pack, Report, Score, Verdict};

/// Judges a submission against what was prepared for its pack version. `progress`
/// is told how far it has come.
///
/// # Errors
/// Faults of ours or of the pack, never the submission's: those are verdicts.
pub fn judge(
    pack: &Pack,
    prepared: &Prepared,
    submission: &Submission,
    blobs: &Blobs,
    children: &mut Children,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, GraderError> {
    let provenance = |ran: bool, children: &Children| Provenance {
        pack: pack.hash.clone(),
        guest: ran.then(|| children.info().guest_hash.clone()),
        sandbox_version: ran.then(|| children.info().sandbox_version.clone()),
        device: prepared.device.clone(),
    };
    match (&pack.kind, submission) {
        (Kind::Answer(kind), Submission::Answer { fields, variant }) => {
            let provenance = provenance(false, children);
            let typed = Typed {
                fields,
                variant: *variant,
            };
            answer::judge(pack, kind, prepared, typed, children, provenance)
        }
        (Kind::Function(kind), Submission::Function { source }) => {
            let programs = Programs {
                function: kind,
                source,
                data: None,
            };
            let judged = function::judge(pack, prepared, programs, children, progress)?;
            Ok(judged.into_report(pack, provenance(true, children)))
        }
        (Kind::Model(kind), Submission::Model { file, architecture }) => {
            let handed_in = (file, architecture.as_deref());
            let provenance = provenance(false, children);
            model::judge(pack, kind, prepared, handed_in, blobs, children, provenance)
        }
        (Kind::Prediction(kind), Submission::Prediction { file }) => {
            let provenance = provenance(false, children);
            prediction::judge(pack, kind, prepared, file, blobs, children, provenance)
        }
        (Kind::Notebook(kind), Submission::Notebook { file }) => {
            let provenance = provenance(true, children);
            notebook::judge(
                pack, kind, prepared, file, blobs, children, provenance, progress,
            )
        }
        (kind, _) => Err(GraderError::OtherKind(kind.name())),
    }
}

/// The report on a file whose form is wrong: nothing was judged, and the attempt
/// does not count.
fn refused(
    pack: &Pack,
    file: &Upload,
    faults: Vec<FileFault>,
    more: u64,
    subtasks: Vec<SubtaskReport>,
    provenance: Provenance,
) -> Report {
    Report {
        subtasks,
        messages: vec![Message::FileFaults {
            name: file.name.clone(),
            faults,
            more,
        }],
        ..Report::bare(Verdict::CompileError, pack.max_score(), provenance)
    }
}

/// The one subtask of what is measured on hidden rows: split A.
fn split_subtask(pack: &Pack, verdict: Verdict, score: Score) -> SubtaskReport {
    let name = SPLIT_SUBTASK.parse();
    SubtaskReport {
        name: name.unwrap_or_else(|_| unreachable!("a constant that is a name")),
        verdict,
        score,
        max_score: pack.max_score(),
        cases: Vec::new(),
        cells: Vec::new(),
    }
}
