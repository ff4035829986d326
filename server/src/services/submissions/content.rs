//! What may be handed in to which problem.

use crate::services::{Result, ServiceError};
use gradien_problems::pack::{Kind, Pack};
use gradien_problems::protocol::{
    MAX_NOTEBOOK_BYTES, MAX_PREDICTION_BYTES, MAX_SOURCE_BYTES, Submission, Upload,
};

/// Only what the grader can make something of. What a student can mistype
/// (a cell left empty, too few cells, text for a number) is judged, not refused.
pub(super) fn check_content(pack: &Pack, content: &Submission) -> Result<()> {
    let too_long = ServiceError::SourceTooLong {
        limit_bytes: MAX_SOURCE_BYTES,
    };
    match (&pack.kind, content) {
        (Kind::Function(_), Submission::Function { source }) => {
            if source.len() > MAX_SOURCE_BYTES {
                return Err(too_long);
            }
            if source.trim().is_empty() {
                return Err(ServiceError::SourceEmpty);
            }
            Ok(())
        }
        (Kind::Answer(answer), Submission::Answer { fields, .. }) => {
            let bytes: usize = fields
                .iter()
                .map(|(name, cells)| name.len() + cells.iter().map(|c| c.len() + 1).sum::<usize>())
                .sum();
            if bytes > MAX_SOURCE_BYTES {
                return Err(too_long);
            }
            let known = |name: &str| {
                answer
                    .fields
                    .iter()
                    .any(|field| field.name.as_str() == name)
            };
            match fields.keys().find(|name| !known(name)) {
                Some(name) => Err(ServiceError::AnswerMalformed {
                    field: name.chars().take(64).collect(),
                }),
                None => Ok(()),
            }
        }
        (Kind::Prediction(_), Submission::Prediction { file }) => {
            check_upload(file, MAX_PREDICTION_BYTES)
        }
        (Kind::Notebook(_), Submission::Notebook { file }) => {
            check_upload(file, MAX_NOTEBOOK_BYTES)
        }
        (Kind::Model(model), Submission::Model { file, architecture }) => {
            if architecture.as_ref().map_or(0, String::len) > MAX_SOURCE_BYTES {
                return Err(too_long);
            }
            check_upload(file, model.max_bytes)
        }
        _ => Err(ServiceError::WrongKind),
    }
}

fn check_upload(file: &Upload, max_bytes: u64) -> Result<()> {
    match file.bytes {
        0 => Err(ServiceError::SourceEmpty),
        bytes if bytes > max_bytes => Err(ServiceError::SourceTooLong {
            limit_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX),
        }),
        _ => Ok(()),
    }
}
