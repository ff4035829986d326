//! What a worker and a grader supervisor say to each other.
//!
//! Frames on the supervisor's standard input and output: `u32` little-endian
//! length, then MessagePack with named fields (`rmp-serde`), at most
//! [`MAX_FRAME_BYTES`]. The supervisor opens with [`Response::Hello`]; then each
//! request gets any number of [`Response::Progress`] and exactly one other
//! response. One request at a time: a worker that wants more starts more
//! supervisors.

use crate::given::Given;
use crate::ids::{BlobHash, PackHash, SubtaskName};
use crate::proof::Proof;
use crate::report::{Report, RunReport, Sample};
use crate::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Raised by whoever changes a type of this file.
pub const PROTOCOL_VERSION: u32 = 4;
pub const MAX_FRAME_BYTES: usize = 64 << 20;
/// A submission's text may not be longer.
pub const MAX_SOURCE_BYTES: usize = 256 << 10;

/// A table of predictions may not be larger.
pub const MAX_PREDICTION_BYTES: u64 = 16 << 20;
/// A notebook may not be larger: the limit of the olympiads.
pub const MAX_NOTEBOOK_BYTES: u64 = 1 << 20;
/// Weights may not be larger; a pack may ask for less.
pub const MAX_MODEL_BYTES: u64 = 64 << 20;
pub const MAX_UPLOAD_NAME_CHARS: usize = 120;

/// An installed pack: its hash and the folder that holds its files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PackRef {
    pub hash: PackHash,
    pub folder: PathBuf,
}

/// What a student hands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Submission {
    /// Field name → what was typed, cell by cell in C order.
    Answer {
        fields: BTreeMap<String, Vec<String>>,
        /// Whose numbers they were computed from; the first is 0.
        #[serde(default)]
        variant: u32,
    },
    /// One Python source.
    Function { source: String },
    /// A table of predictions: CSV, NPY or NPZ.
    Prediction { file: Upload },
    /// A Jupyter notebook.
    Notebook { file: Upload },
    /// Weights as safetensors.
    Model {
        file: Upload,
        /// TOML that declares the layers, where the pack leaves them to the
        /// student.
        architecture: Option<String>,
    },
}

impl Submission {
    /// The file that was handed in, where the kind has one.
    pub fn find_upload(&self) -> Option<&Upload> {
        match self {
            Submission::Prediction { file }
            | Submission::Notebook { file }
            | Submission::Model { file, .. } => Some(file),
            Submission::Answer { .. } | Submission::Function { .. } => None,
        }
    }
}

/// A file as it was handed in. Its bytes lie in the folder of blobs, under the
/// hash; whoever parses them does so in a locked process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// As the browser gave it, without folders and control characters, at most
    /// [`MAX_UPLOAD_NAME_CHARS`]; never the name of a file of ours.
    pub name: String,
    pub hash: BlobHash,
    pub bytes: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunInput {
    /// The pack's visible samples.
    Samples,
    /// Python that assigns every parameter by name (`x = np.array([0.5, 1])`);
    /// it runs in the sandbox beside the student's program.
    Own { code: String },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// Compute and keep the expected outputs of a pack version, if not kept
    /// already, and give the visible samples.
    Prepare { pack: PackRef },
    Judge {
        pack: PackRef,
        submission: Submission,
        /// The folder of uploaded files, each named by its hash.
        blobs: PathBuf,
    },
    /// *Run*: no verdict.
    Run {
        pack: PackRef,
        source: String,
        input: RunInput,
    },
    /// Prove a pack. What is wrong with it is part of the answer, even where its
    /// folder is no pack at all.
    Verify { pack: PackRef },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "response", rename_all = "snake_case")]
pub enum Response {
    Hello(Hello),
    Progress(Progress),
    Prepared {
        samples: Vec<Sample>,
        /// The numbers of each variant, in the order of the inputs; empty where the
        /// pack has none.
        #[serde(default)]
        variants: Vec<Vec<Given>>,
    },
    Judged {
        report: Box<Report>,
    },
    Ran {
        report: Box<RunReport>,
    },
    Proved {
        proof: Box<Proof>,
    },
    /// A fault of ours or of the pack: never a verdict on the student. The
    /// worker tries again elsewhere, a bounded number of times.
    Fault {
        detail: String,
        retryable: bool,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hello {
    pub protocol_version: u32,
    pub guest_hash: String,
    pub sandbox_version: String,
    /// Which walls the machine gave the runner, for `doctor` and the log.
    pub walls: Vec<String>,
}

/// How far a judgement or a proof has come, for the live page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Progress {
    /// Expected outputs are being computed, once per pack version.
    Preparing,
    /// `done` of `total` cases have been run over all subtasks.
    Running {
        done: u32,
        total: u32,
    },
    Subtask {
        name: SubtaskName,
        verdict: Verdict,
    },
    /// A pack is being proved. `total` may grow once the pack has been read.
    Proving {
        done: u32,
        total: u32,
        /// A file of the pack, or a word for the check: what is tried now.
        what: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_responses_survive_the_wire() {
        let request = Request::Judge {
            pack: PackRef {
                hash: "0".repeat(64).parse().unwrap(),
                folder: "/p".into(),
            },
            submission: Submission::Answer {
                fields: BTreeMap::from([("z1".into(), vec!["0,6".into()])]),
                variant: 3,
            },
            blobs: "/b".into(),
        };
        let packed = rmp_serde::to_vec_named(&request).unwrap();
        let Request::Judge { submission, .. } = rmp_serde::from_slice(&packed).unwrap() else {
            panic!("another request came back");
        };
        let Submission::Answer { fields, variant } = submission else {
            panic!("another kind came back")
        };
        assert_eq!((&*fields["z1"], variant), (&["0,6".to_owned()][..], 3));
        // What was handed in before there were variants is of the first.
        let before = r#"{"kind": "answer", "fields": {}}"#;
        let before: Submission = serde_json::from_str(before).unwrap();
        assert!(matches!(before, Submission::Answer { variant: 0, .. }));

        let progress = Response::Progress(Progress::Running { done: 1, total: 9 });
        let packed = rmp_serde::to_vec_named(&progress).unwrap();
        let back: Response = rmp_serde::from_slice(&packed).unwrap();
        assert!(matches!(
            back,
            Response::Progress(Progress::Running { done: 1, total: 9 })
        ));
    }
}
