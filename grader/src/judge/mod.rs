//! From a submission to a report.

mod answer;
mod carry;
mod cases;
mod diagnose;
mod entry;
mod function;
mod rules;

pub use rules::broken_rules;

pub use cases::{Programs, call_job, case_seed, message_of, module, prints, verdict_of};

use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::Children;
use crate::prepare::Prepared;
use gradien_problems::pack::Kind;
use gradien_problems::protocol::{Progress, Submission};
use gradien_problems::report::Provenance;
use gradien_problems::{Pack, Report};

/// Judges a submission against what was prepared for its pack version. `progress`
/// is told how far it has come.
///
/// # Errors
/// Faults of ours or of the pack, never the submission's: those are verdicts.
pub fn judge(
    pack: &Pack,
    prepared: &Prepared,
    submission: &Submission,
    _blobs: &Blobs,
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
        (Kind::Answer(kind), Submission::Answer { fields }) => {
            let provenance = provenance(false, children);
            answer::judge(pack, kind, prepared, fields, children, provenance)
        }
        (Kind::Function(kind), Submission::Function { source }) => {
            let judged = function::judge(pack, kind, prepared, source, children, progress)?;
            Ok(judged.into_report(pack, provenance(true, children)))
        }
        (kind, _) => Err(GraderError::OtherKind(kind.name())),
    }
}
