//! `pack calibrate`: the limit of fuel from the slowest accepted example.
//!
//! Theory of operation. Fuel is deterministic, so what an example uses on a guest is
//! a fact that can be written down and looked at again: the pack keeps the guest's
//! sum, the fuel and the multiple beside the limit, and the check computes all three
//! anew. The randomness of a case comes from the pack's hash, which writing the
//! result would change; so it is measured under a hash of zeros.

mod rewrite;

use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::{Children, ChildrenConfig};
use crate::judge::judge;
use crate::prepare::{Prepared, Store};
use crate::temporary::temporary_folder;
use gradien_problems::pack::{Calibrated, DEFAULT_MULTIPLE, FunctionKind, Kind, MANIFEST_FILE};
use gradien_problems::{Pack, Verdict};
use std::io::Write;
use std::path::{Path, PathBuf};

/// No example of an exercise comes near; the wall clock stops what does.
const MEASURING_FUEL: u64 = 1_000_000_000_000;

pub struct CalibrateCommand {
    pub folders: Vec<PathBuf>,
    /// Change nothing, and say where a limit does not follow.
    pub check: bool,
    /// Instead of the pack's own.
    pub multiple: Option<u32>,
}

/// `false` where a pack has no accepted example, or, when checking, a limit that does
/// not follow from what was measured.
pub fn calibrate_all(
    command: &CalibrateCommand,
    config: &ChildrenConfig,
    out: &mut impl Write,
) -> Result<bool, GraderError> {
    let folder = temporary_folder()?;
    let mut children = Children::start(config.clone(), Store::open(folder.path())?)?;
    let mut all = true;
    for folder in &command.folders {
        let (good, line) = match calibrate(folder, command, &mut children) {
            Ok(Outcome::Nothing) => (true, "runs no program, so it has no limit of fuel".into()),
            Ok(Outcome::Follows(now)) => (true, format!("ok, {}", described(&now))),
            Ok(Outcome::Changed(now)) if command.check => (
                false,
                format!(
                    "does not follow: {}, limits.fuel must be {}; run `gradien pack calibrate`",
                    described(&now),
                    now.limit()
                ),
            ),
            Ok(Outcome::Changed(now)) => (true, format!("written, {}", described(&now))),
            Ok(Outcome::NotAccepted(what)) => (false, what),
            // What is wrong with a pack is said of it; the others go on.
            Err(error) if !error.is_retryable() => (false, error.chain()),
            Err(error) => return Err(error),
        };
        all &= good;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        writeln!(out, "{name}: {line}").map_err(|source| GraderError::Store {
            path: "standard output".into(),
            source,
        })?;
    }
    Ok(all)
}

fn described(one: &Calibrated) -> String {
    format!(
        "slowest accepted {} × {} → {}",
        one.fuel,
        one.multiple,
        one.limit()
    )
}

enum Outcome {
    /// The pack's kind runs nothing.
    Nothing,
    Follows(Calibrated),
    Changed(Calibrated),
    /// Examples that must be accepted are not, or there are none.
    NotAccepted(String),
}

fn calibrate(
    folder: &Path,
    command: &CalibrateCommand,
    children: &mut Children,
) -> Result<Outcome, GraderError> {
    let pack = Pack::load(folder)?;
    let Some(function) = pack.kind.find_function() else {
        return Ok(Outcome::Nothing);
    };
    let fuel = match measure(&pack, children)? {
        Ok(fuel) => fuel,
        Err(what) => return Ok(Outcome::NotAccepted(what)),
    };
    let known = function.calibrated.as_ref();
    let multiple = command.multiple.or(known.map(|one| one.multiple));
    let now = Calibrated {
        guest: children.info().guest_hash.clone(),
        fuel,
        multiple: multiple.unwrap_or(DEFAULT_MULTIPLE),
    };
    if known == Some(&now) && function.limits.fuel == now.limit() {
        return Ok(Outcome::Follows(now));
    }
    if !command.check {
        rewrite::write(&folder.join(MANIFEST_FILE), &now)?;
        Pack::load(folder)?;
    }
    Ok(Outcome::Changed(now))
}

/// Of the slowest case of all accepted examples, or which one is not accepted.
fn measure(pack: &Pack, children: &mut Children) -> Result<Result<u64, String>, GraderError> {
    let prepared = Prepared::find_or_make(pack, children, || {})?;
    let blobs = Blobs::of_examples(pack)?;
    let mut pack = pack.clone();
    pack.hash = ("0".repeat(64).parse()).unwrap_or_else(|_| unreachable!("64 digits are a hash"));
    if let Some(function) = function_mut(&mut pack.kind) {
        function.limits.fuel = MEASURING_FUEL;
    }
    let mut slowest: Option<u64> = None;
    for example in &pack.submissions {
        if example.verdict != Verdict::Accepted {
            continue;
        }
        let submission = &example.submission;
        let report = judge(&pack, &prepared, submission, &blobs, children, &mut |_| {})?;
        if report.verdict != Verdict::Accepted {
            let (path, verdict) = (&example.path, report.verdict);
            let what = format!(
                "submissions/{path} must be accepted and gets {verdict}; `gradien pack verify` says why"
            );
            return Ok(Err(what));
        }
        let fuel = report.usage.map_or(0, |usage| usage.fuel);
        slowest = slowest.max(Some(fuel));
    }
    let none = "no example is accepted, so there is nothing to measure";
    Ok(slowest.ok_or_else(|| none.to_owned()))
}

fn function_mut(kind: &mut Kind) -> Option<&mut FunctionKind> {
    match kind {
        Kind::Function(function) => Some(function),
        Kind::Notebook(notebook) => Some(&mut notebook.function),
        Kind::Answer(_) | Kind::Prediction(_) | Kind::Model(_) => None,
    }
}
