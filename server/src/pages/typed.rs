//! What somebody typed into a problem's form: to be submitted, kept as a draft, or
//! carried through signing in.

use super::errors::{ErrorCode, PageError};
use super::forms::Fields;
use gradien_problems::pack::{Kind, Pack};
use gradien_problems::protocol::{MAX_SOURCE_BYTES, Submission};
use std::collections::BTreeMap;

/// The problem's own fields are read; others are not looked at.
///
/// # Errors
/// A problem that asks for a file: that comes in a form of another type.
pub fn from_form(pack: &Pack, form: &Fields) -> Result<Submission, PageError> {
    Ok(match &pack.kind {
        Kind::Prediction(_) | Kind::Model(_) | Kind::Notebook(_) => {
            return Err(ErrorCode::UnsupportedMedia.into());
        }
        Kind::Function(_) => Submission::Function {
            // Forms send lines with CR LF.
            source: form.text("source").replace("\r\n", "\n"),
        },
        Kind::Answer(answer) => {
            let typed: BTreeMap<&str, &str> = form.iter().collect();
            let cell = |name: String| {
                typed
                    .get(name.as_str())
                    .copied()
                    .unwrap_or_default()
                    .to_owned()
            };
            let fields = answer
                .fields
                .iter()
                .map(|field| {
                    let cells =
                        (0..field.cells()).map(|index| cell(format!("{}.{index}", field.name)));
                    (field.name.to_string(), cells.collect())
                })
                .collect();
            Submission::Answer {
                fields,
                variant: variant(form)?,
            }
        }
    })
}

/// Whose numbers the page showed. A form without the field is of the first variant.
pub fn variant(form: &Fields) -> Result<u32, PageError> {
    match form.text("variant") {
        "" => Ok(0),
        text => text.parse().map_err(|_| ErrorCode::BadRequest.into()),
    }
}

/// Whether it is worth handing in.
///
/// # Errors
/// Nothing was typed, or more than a submission may hold.
pub fn check(typed: &Submission) -> Result<(), PageError> {
    let (empty, bytes) = match typed {
        Submission::Answer { fields, .. } => {
            let cells = || fields.values().flatten();
            (
                cells().all(|cell| cell.trim().is_empty()),
                cells().map(String::len).sum(),
            )
        }
        Submission::Function { source } => (source.trim().is_empty(), source.len()),
        // Taken by a form of their own, which checks the size as it comes.
        Submission::Prediction { file }
        | Submission::Notebook { file }
        | Submission::Model { file, .. } => (file.bytes == 0, 0),
    };
    match (empty, bytes) {
        (true, _) => Err(ErrorCode::SubmissionEmpty.into()),
        (_, bytes) if bytes > MAX_SOURCE_BYTES => Err(ErrorCode::TooLarge.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_too_much_are_told_before_they_are_queued() {
        let function = |source: String| Submission::Function { source };
        let answer = |cell: &str| Submission::Answer {
            variant: 0,
            fields: [("z1".to_owned(), vec![String::new(), cell.to_owned()])].into(),
        };
        for (typed, code) in [
            (function(" \n".into()), Some(ErrorCode::SubmissionEmpty)),
            (function("x".into()), None),
            (
                function("x".repeat(MAX_SOURCE_BYTES + 1)),
                Some(ErrorCode::TooLarge),
            ),
            (answer(" "), Some(ErrorCode::SubmissionEmpty)),
            (answer("0,6"), None),
        ] {
            assert_eq!(check(&typed).err().map(|error| error.code), code);
        }
    }
}
