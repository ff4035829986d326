//! `pack verify`: a pack proves itself.
//!
//! Theory of operation. The pack is read, its texts are looked through, its cases
//! are made anew (nothing that was kept from an earlier try is believed), and then
//! everything is tried through the real judge: every example must get its verdict,
//! score and diagnosis; misconceptions must differ from the right answer and from
//! each other; the right answer must stay within the tolerance in less precision
//! and on another device, and every wrong one outside; answers that are none must
//! get no point and a message of their own. What is wrong with the pack goes into
//! the [`Proof`], all of it; an error is a fault of ours and proves nothing.

mod command;
mod devices;
mod examples;
mod junk;
mod misconceptions;
mod report;
mod texts;
mod tolerance;

pub use command::{VerifyCommand, device, list_packs, verify_all};

use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::Children;
use crate::prepare::Prepared;
use crate::reference::{Device, ReferenceError};
use gradien_problems::proof::{Found, Proof};
use gradien_problems::protocol::Progress;
use gradien_problems::{Pack, PackError};
use std::path::Path;

/// Children that compute on one device.
pub struct Bench<'a> {
    pub children: &'a mut Children,
    /// The one that was asked for: it is a fault where it is not there. `None`: the
    /// best that there is.
    pub device: Option<Device>,
}

/// What the pack is looked at with.
pub struct Surroundings {
    /// The folder has the pack's name, and the other packs lie beside it: links to
    /// problems are followed. Else it is one version, wherever that is kept.
    pub beside_others: bool,
}

/// Proves the pack in this folder on the first of the benches, and compares the
/// others with it.
///
/// # Errors
/// Faults of ours: a program that is missing, a child that does not start.
pub fn verify(
    folder: &Path,
    surroundings: &Surroundings,
    benches: &mut [Bench<'_>],
    progress: &mut dyn FnMut(Progress),
) -> Result<Proof, GraderError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let guest = benches
        .first()
        .map(|one| one.children.info().guest_hash.clone());
    let mut proof = Proof::bare(name.into_owned(), "", &guest.unwrap_or_default());
    let mut steps = Steps {
        done: 0,
        total: 1,
        progress,
    };
    steps.now("problem.toml");
    let loaded = match surroundings.beside_others {
        true => Pack::load(folder),
        false => Pack::load_as(folder, "installed"),
    };
    let pack = match loaded {
        Ok(pack) => pack,
        Err(error) => {
            let (place, detail) = split(&error);
            proof.find(place, Found::Unreadable { detail });
            return Ok(proof);
        }
    };
    proof.hash = Some(pack.hash.clone());
    proof.kind = Some(pack.kind.name().into());
    proof.title = Some(pack.title.clone());
    let junk = junk::list(&pack);
    // Texts, cases, tolerance; then whatever is judged.
    let judged = pack.submissions.len() * benches.len() + junk.len();
    steps.total += 3 + judged as u32;
    steps.done();

    steps.now("statement");
    texts::check(&pack, surroundings, &mut proof)?;
    steps.done();

    steps.now("reference");
    let Some(mut made) = make_on_all(&pack, benches, &mut proof)? else {
        return Ok(proof);
    };
    steps.done();
    let Some((first, others)) = made.split_first_mut() else {
        return Ok(proof);
    };
    proof.device = devices::device_of(&pack, first)?;
    misconceptions::check(&pack, &first.prepared, &mut proof);

    steps.now("tolerance");
    tolerance::check(&pack, &first.prepared, first.children, &mut proof)?;
    steps.done();

    let blobs = Blobs::of_examples(&pack)?;
    let judged = examples::check(&pack, first, &blobs, &mut steps, &mut proof)?;
    tolerance::add_examples(&pack, &judged, &mut proof);
    junk::check(&pack, junk, first, &mut steps, &mut proof)?;
    for other in others {
        devices::compare(&pack, first, other, &blobs, &mut steps, &mut proof)?;
    }
    Ok(proof)
}

/// A bench with what was made on it.
pub(crate) struct Made<'a> {
    children: &'a mut Children,
    prepared: Prepared,
}

/// `None` where the pack is at fault.
fn make_on_all<'a>(
    pack: &Pack,
    benches: &'a mut [Bench<'_>],
    proof: &mut Proof,
) -> Result<Option<Vec<Made<'a>>>, GraderError> {
    let mut made = Vec::new();
    for bench in benches {
        if let Some(reason) = devices::missing(bench)? {
            let device = bench.device.map_or("cpu", devices::name).to_owned();
            proof.find("", Found::DeviceMissing { device, reason });
            return Ok(None);
        }
        let prepared = match Prepared::make_unchecked(pack, bench.children) {
            Ok(prepared) => prepared,
            Err(error) => {
                let (place, detail) = fault_of_pack(error)?;
                proof.find(place, Found::NotPrepared { detail });
                return Ok(None);
            }
        };
        made.push(Made {
            children: &mut *bench.children,
            prepared,
        });
    }
    Ok(Some(made))
}

/// Place and text of an error that is the pack's doing.
///
/// # Errors
/// All others.
fn fault_of_pack(error: GraderError) -> Result<(String, String), GraderError> {
    match &error {
        GraderError::PackFile(fault) => Ok(split(fault)),
        GraderError::Pack(detail) => Ok((String::new(), detail.clone())),
        GraderError::NotJudged(_) | GraderError::OtherKind(_) | GraderError::TooLarge { .. } => {
            Ok((String::new(), error.chain()))
        }
        GraderError::Reference(ReferenceError::Fault(fault)) => {
            let place = fault.place().unwrap_or_default();
            Ok((place, fault.explain(gradien_problems::Language::En)))
        }
        // A reference that does not end, or takes all memory.
        GraderError::Reference(ReferenceError::Deadline { .. } | ReferenceError::Died { .. }) => {
            Ok(("reference.py".into(), error.chain()))
        }
        _ => Err(error),
    }
}

fn split(error: &PackError) -> (String, String) {
    match error {
        PackError::Invalid { place, what } => (place.to_string(), what.clone()),
        PackError::Missing { file, purpose } => (
            file.display().to_string(),
            format!("this file is missing; {purpose}"),
        ),
        PackError::Unreadable { file, source } => (
            file.display().to_string(),
            format!("cannot be read: {source}"),
        ),
        PackError::Refused { file, what } => (file.display().to_string(), what.clone()),
    }
}

/// How far the proof has come.
pub(crate) struct Steps<'a> {
    done: u32,
    total: u32,
    progress: &'a mut dyn FnMut(Progress),
}

impl Steps<'_> {
    fn now(&mut self, what: &str) {
        (self.progress)(Progress::Proving {
            done: self.done,
            total: self.total,
            what: what.into(),
        });
    }

    fn done(&mut self) {
        self.done += 1;
    }
}
