//! The supervisor's loop: one request, any number of progress frames, one answer.
//!
//! It is small on purpose. What strangers wrote — a program, a pack's reference —
//! is run by children that are locked; here are only typed texts, frames of our
//! own format, and arrays.

use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::{Children, ChildrenConfig};
use crate::judge::judge;
use crate::prepare::{Prepared, Store};
use crate::run::run;
use crate::verify::{Bench, Surroundings, verify};
use gradien_problems::proof::Proof;
use gradien_problems::protocol::{
    Hello, MAX_FRAME_BYTES, MAX_SOURCE_BYTES, PROTOCOL_VERSION, PackRef, Progress, Request,
    Response, Submission,
};
use gradien_problems::{Pack, PackHash};
use gradien_sandbox::frame::{FrameError, read_frame, write_frame};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::rc::Rc;

/// Packs kept in memory; they are read again when needed.
const MAX_PACKS: usize = 64;

/// Serves requests until the input ends.
pub fn supervise(
    config: ChildrenConfig,
    store: Store,
    input: &mut impl Read,
    output: &mut impl Write,
) -> Result<(), GraderError> {
    let mut supervisor = Supervisor {
        children: Children::start(config, store)?,
        packs: HashMap::new(),
    };
    let info = supervisor.children.info();
    let hello = Response::Hello(Hello {
        protocol_version: PROTOCOL_VERSION,
        guest_hash: info.guest_hash.clone(),
        sandbox_version: info.sandbox_version.clone(),
        walls: info.walls.clone(),
    });
    write_frame(output, &hello)?;
    loop {
        let request = match read_frame::<Request>(input, MAX_FRAME_BYTES) {
            Ok(request) => request,
            Err(FrameError::Closed) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let response = supervisor.answer(request, output).unwrap_or_else(|error| {
            tracing::error!(error = %error.chain(), "a request failed");
            let retryable = error.is_retryable();
            Response::Fault {
                detail: error.chain(),
                retryable,
            }
        });
        write_frame(output, &response)?;
        supervisor.children.tidy();
    }
}

struct Supervisor {
    children: Children,
    packs: HashMap<PackHash, Rc<Known>>,
}

/// A pack with what was prepared for it.
struct Known {
    pack: Pack,
    prepared: Prepared,
}

impl Supervisor {
    fn answer(
        &mut self,
        request: Request,
        output: &mut impl Write,
    ) -> Result<Response, GraderError> {
        let mut progress = |progress: Progress| {
            // A worker that is gone is noticed when the answer is written.
            let _ = write_frame(output, &Response::Progress(progress));
        };
        match request {
            Request::Prepare { pack } => {
                let known = self.known(&pack, &mut progress)?;
                Ok(Response::Prepared {
                    samples: known.prepared.shown_samples(&known.pack),
                    variants: known.prepared.variants(&known.pack),
                })
            }
            Request::Judge {
                pack,
                submission,
                blobs,
            } => {
                check_size(&submission)?;
                let known = self.known(&pack, &mut progress)?;
                let (pack, prepared) = (&known.pack, &known.prepared);
                let report = judge(
                    pack,
                    prepared,
                    &submission,
                    &Blobs::new(blobs),
                    &mut self.children,
                    &mut progress,
                )?;
                Ok(Response::Judged {
                    report: Box::new(report),
                })
            }
            Request::Run {
                pack,
                source,
                input,
            } => {
                let known = self.known(&pack, &mut progress)?;
                let (pack, prepared) = (&known.pack, &known.prepared);
                let report = run(pack, prepared, &source, &input, &mut self.children)?;
                Ok(Response::Ran {
                    report: Box::new(report),
                })
            }
            Request::Verify { pack } => {
                let proof = self.prove(&pack, &mut progress)?;
                Ok(Response::Proved {
                    proof: Box::new(proof),
                })
            }
        }
    }

    /// Nothing that is kept is believed, and nothing is kept.
    fn prove(
        &mut self,
        pack: &PackRef,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Proof, GraderError> {
        let surroundings = Surroundings {
            // The folder is one of versions, not of problems.
            beside_others: false,
        };
        let bench = Bench {
            children: &mut self.children,
            device: None,
        };
        let proof = verify(&pack.folder, &surroundings, &mut [bench], progress)?;
        match &proof.hash {
            Some(hash) if *hash != pack.hash => Err(GraderError::OtherPack {
                expected: pack.hash.to_string(),
                found: hash.to_string(),
            }),
            _ => Ok(proof),
        }
    }

    fn known(
        &mut self,
        pack: &PackRef,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Rc<Known>, GraderError> {
        if let Some(known) = self.packs.get(&pack.hash) {
            return Ok(Rc::clone(known));
        }
        let loaded = Pack::load_as(&pack.folder, "installed")?;
        if loaded.hash != pack.hash {
            let (expected, found) = (pack.hash.to_string(), loaded.hash.to_string());
            return Err(GraderError::OtherPack { expected, found });
        }
        let prepared = Prepared::find_or_make(&loaded, &mut self.children, || {
            progress(Progress::Preparing);
        })?;
        if self.packs.len() >= MAX_PACKS {
            self.packs.clear();
        }
        let known = Rc::new(Known {
            pack: loaded,
            prepared,
        });
        self.packs.insert(pack.hash.clone(), Rc::clone(&known));
        Ok(known)
    }
}

/// The server checks this before it stores a submission; a supervisor does not
/// rely on it.
fn check_size(submission: &Submission) -> Result<(), GraderError> {
    let bytes = match submission {
        Submission::Function { source } => source.len(),
        Submission::Answer { fields, .. } => fields.values().flatten().map(String::len).sum(),
        Submission::Model { architecture, .. } => architecture.as_ref().map_or(0, String::len),
        // The file has limits of its own, where it is read.
        Submission::Prediction { .. } | Submission::Notebook { .. } => 0,
    };
    match bytes <= MAX_SOURCE_BYTES {
        true => Ok(()),
        false => Err(GraderError::TooLarge { bytes }),
    }
}
