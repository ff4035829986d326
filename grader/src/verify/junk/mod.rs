//! Answers that are none. Each must get no point, a message, and not the message of
//! another: a student who reads "wrong" for an empty file learns nothing.

mod answer;
mod file;
mod program;

use super::examples::first_message;
use super::{Made, Steps, fault_of_pack};
use crate::GraderError;
use crate::blobs::Blobs;
use crate::judge::judge;
use crate::prepare::Prepared;
use crate::temporary::temporary_folder;
use gradien_problems::pack::Kind;
use gradien_problems::proof::{Found, Junk, Proof, ProvedJunk};
use gradien_problems::protocol::{Submission, Upload};
use gradien_problems::{BlobHash, Language, Message, Pack, Report, Score, Verdict};
use std::path::Path;

const PLACE: &str = "submissions";

/// What can be tried on a pack of this kind.
pub(super) fn list(pack: &Pack) -> Vec<Junk> {
    match &pack.kind {
        Kind::Answer(answer) => answer::list(answer),
        Kind::Function(function) => program::list(function),
        Kind::Prediction(kind) => file::list_tables(kind),
        Kind::Model(_) => file::WEIGHTS.to_vec(),
        Kind::Notebook(notebook) => {
            let programs = program::list(&notebook.function).into_iter();
            let programs = programs.filter(|junk| !file::NOTEBOOKS.contains(junk));
            file::NOTEBOOKS.into_iter().chain(programs).collect()
        }
    }
}

pub(super) fn check(
    pack: &Pack,
    junk: Vec<Junk>,
    made: &mut Made<'_>,
    steps: &mut Steps<'_>,
    proof: &mut Proof,
) -> Result<(), GraderError> {
    let folder = temporary_folder()?;
    let blobs = Blobs::new(folder.path().to_path_buf());
    let mut told: Vec<(Junk, String)> = Vec::new();
    for junk in junk {
        steps.now(junk.text(Language::En));
        let made_up = make(pack, &made.prepared, junk, folder.path())?;
        let judged = judge(
            pack,
            &made.prepared,
            &made_up.submission,
            &blobs,
            made.children,
            &mut |_| {},
        );
        let report = match judged {
            Ok(report) => report,
            Err(error) => {
                let (_, detail) = fault_of_pack(error)?;
                proof.find(PLACE, Found::NotJudged { detail });
                continue;
            }
        };
        let message = made_up.message(&report);
        if report.score > Score::ZERO || report.verdict == Verdict::Accepted {
            let score = report.score;
            proof.find(PLACE, Found::JunkEarns { junk, score });
        }
        match message.as_ref().map(|message| message.text(Language::En)) {
            None => proof.find(PLACE, Found::JunkUnexplained { junk }),
            Some(text) => {
                if let Some((other, _)) = told.iter().find(|(_, known)| *known == text) {
                    let other = *other;
                    proof.find(PLACE, Found::JunkAlike { junk, other });
                }
                told.push((junk, text));
            }
        }
        proof.junk.push(ProvedJunk {
            junk,
            verdict: report.verdict,
            score: report.score,
            message,
        });
        steps.done();
    }
    Ok(())
}

/// A submission, and where its message is to be looked for.
struct MadeUp {
    submission: Submission,
    /// Kind `answer`: the field that was typed into.
    field: Option<String>,
}

impl MadeUp {
    fn message(&self, report: &Report) -> Option<Message> {
        let Some(field) = &self.field else {
            return first_message(report);
        };
        let mut subtasks = report.subtasks.iter();
        let subtask = subtasks.find(|one| one.name.as_str() == field)?;
        let mut messages = subtask
            .cells
            .iter()
            .filter_map(|cell| cell.message.as_ref());
        messages.next().cloned()
    }
}

fn make(
    pack: &Pack,
    prepared: &Prepared,
    junk: Junk,
    folder: &Path,
) -> Result<MadeUp, GraderError> {
    let submission = match &pack.kind {
        Kind::Answer(answer) => return Ok(answer::make(answer, junk)),
        Kind::Function(function) => Submission::Function {
            source: program::function(function, prepared, junk),
        },
        Kind::Prediction(kind) => Submission::Prediction {
            file: upload(
                &format!("junk.{}", kind.format.extension()),
                &file::table(kind, prepared, junk),
                folder,
            )?,
        },
        Kind::Notebook(notebook) => {
            let bytes = file::notebook(notebook, prepared, junk);
            let file = upload("junk.ipynb", &bytes, folder)?;
            Submission::Notebook { file }
        }
        Kind::Model(kind) => {
            let (bytes, architecture) = file::weights(pack, kind, junk);
            let file = upload("junk.safetensors", &bytes, folder)?;
            Submission::Model { file, architecture }
        }
    };
    Ok(MadeUp {
        submission,
        field: None,
    })
}

fn upload(name: &str, bytes: &[u8], folder: &Path) -> Result<Upload, GraderError> {
    let hash = BlobHash::of(bytes);
    let path = folder.join(hash.as_str());
    std::fs::write(&path, bytes).map_err(|source| GraderError::Store { path, source })?;
    Ok(Upload {
        name: name.into(),
        hash,
        bytes: bytes.len() as u64,
    })
}
