//! Reads file, line and reason out of libtorch's error texts. Both its compiler
//! and its interpreter write `File "reference.py", line 3` before an excerpt of
//! the source; an interpreter's traceback goes from the outermost call inwards.

/// The place that an error is about: the first one named, or the last where
/// `innermost`. Only places in `files` count, because a traceback also walks
/// through functions that are not the pack's.
pub fn find_in(text: &str, files: &[String], innermost: bool) -> Option<(String, u32)> {
    let mut places = text.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("File \"")?;
        let (file, rest) = rest.split_once('"')?;
        let digits = rest.strip_prefix(", line ")?;
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let line = digits[..end].parse().ok()?;
        files
            .iter()
            .any(|known| known == file)
            .then(|| (file.to_owned(), line))
    });
    if innermost {
        places.next_back()
    } else {
        places.next()
    }
}

/// The line that says what happened: of a traceback the last block, elsewhere
/// the first line that says something.
pub fn reason_in(text: &str) -> String {
    const TRACEBACK: &str = "The following operation failed in the TorchScript interpreter.";
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let reason = if text.starts_with(TRACEBACK) {
        text.rsplit_once("\nRuntimeError: ")
            .map(|(_, reason)| reason)
            .and_then(|reason| reason.lines().next())
            .or_else(|| lines.next_back())
    } else {
        lines.next()
    };
    reason.unwrap_or_default().trim_end_matches(':').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACEBACK: &str = "The following operation failed in the TorchScript interpreter.
Traceback of TorchScript (most recent call last):
  File \"reference.py\", line 33, in bad
def bad(x):
    return F.cross_entropy(x, x, reduction='moon')
           ~~~~~~~~~~~~~~~ <--- HERE
  File \"torch/nn/functional.py\", line 9, in _reduction
    raise ValueError(\"reduction\")
    ~~~~~ <--- HERE
RuntimeError: sizes do not match
Second line.";

    #[test]
    fn the_innermost_place_of_the_pack_is_found() {
        let files = ["reference.py".to_owned(), "other.py".to_owned()];
        assert_eq!(
            find_in(TRACEBACK, &files, true),
            Some(("reference.py".into(), 33))
        );
        assert_eq!(find_in(TRACEBACK, &["other.py".to_owned()], true), None);
        assert_eq!(reason_in(TRACEBACK), "sizes do not match");
    }

    #[test]
    fn the_first_place_of_a_compile_error_is_found() {
        let text = "\nUnknown builtin op: aten::foo.\n:\n  File \"reference.py\", line 7\n'g' is being compiled since it was called from 'f'\n  File \"reference.py\", line 12\n";
        let files = ["reference.py".to_owned()];
        assert_eq!(
            find_in(text, &files, false),
            Some(("reference.py".into(), 7))
        );
        assert_eq!(reason_in(text), "Unknown builtin op: aten::foo.");
    }

    #[test]
    fn texts_without_a_place_give_none() {
        assert_eq!(
            find_in("File \"a\", line x\nFile \"a", &["a".to_owned()], false),
            None
        );
        assert_eq!(reason_in(""), "");
    }
}
