//! What can go wrong while grading that is not the student's doing.

use crate::reference::ReferenceError;
use gradien_problems::PackError;
use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum GraderError {
    #[error("the pack cannot be read")]
    PackFile(#[from] PackError),
    /// The pack is at fault in a way that only running it shows.
    #[error("the pack is at fault: {0}")]
    Pack(String),
    #[error("the folder does not hold the pack version {expected}, but {found}")]
    OtherPack { expected: String, found: String },
    #[error("the pack is of kind {0}, and the submission is not")]
    OtherKind(&'static str),
    #[error("this version of Gradien does not judge packs of kind {0} yet")]
    NotJudged(&'static str),
    #[error("the submission has {bytes} bytes, more than is allowed")]
    TooLarge { bytes: usize },
    #[error("the reference failed")]
    Reference(#[from] ReferenceError),
    #[error("the program could not be looked at")]
    Look(#[from] gradien_sandbox::syntax::LookError),
    #[error("the network cannot be run: {0:?}")]
    Model(crate::model::ModelFault),
    #[error("the runner failed")]
    Runner(#[from] gradien_sandbox::client::SandboxError),
    #[error("a file could not be read behind locks")]
    Inspect(#[from] crate::inspect::InspectError),
    #[error("{}: cannot be read or written", .path.display())]
    Store { path: PathBuf, source: io::Error },
    #[error("the uploaded file {0} is not there, or is not what its name says")]
    Blob(gradien_problems::BlobHash),
    #[error("the archive cannot be unpacked: {0}")]
    Unpack(String),
    /// `pack new` was asked for what it does not do; the text says what to do.
    #[error("{0}")]
    New(String),
    #[error("frames")]
    Frame(#[from] gradien_sandbox::frame::FrameError),
}

impl GraderError {
    /// Whether another try, perhaps on another machine, may succeed.
    pub fn is_retryable(&self) -> bool {
        match self {
            GraderError::PackFile(_)
            | GraderError::Pack(_)
            | GraderError::OtherPack { .. }
            | GraderError::OtherKind(_)
            | GraderError::NotJudged(_)
            | GraderError::New(_)
            | GraderError::TooLarge { .. } => false,
            GraderError::Reference(error) => error.find_fault().is_none(),
            GraderError::Blob(_)
            | GraderError::Look(_)
            | GraderError::Unpack(_)
            | GraderError::Runner(_)
            | GraderError::Inspect(_)
            | GraderError::Model(_)
            | GraderError::Store { .. }
            | GraderError::Frame(_) => true,
        }
    }

    /// The error and what caused it, in one line.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    }
}
