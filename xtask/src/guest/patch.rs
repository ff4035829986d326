//! Small changes to pinned sources, stated as text and replacement, so that a source
//! that is not the expected one fails loudly.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Replaces `from`, which is there exactly `count` times, by `to`. Done already: fine.
pub fn replace(file: &Path, from: &str, to: &str, count: usize) -> Result<()> {
    let text = read(file)?;
    let found = text.matches(from).count();
    // What is put there may have the old text in it.
    let again = to.contains(from) && text.matches(to).count() == count;
    if again || (found == 0 && text.contains(to)) {
        return Ok(());
    }
    if found != count {
        bail!(
            "{} has {found} times instead of {count} times: {from}",
            file.display()
        );
    }
    write(file, &text.replace(from, to))
}

/// Replaces every `throw …;` by a call of `abort`: the guest has no C++ exceptions.
/// Conditions behind them are ruled out by NumPy's Python code, but for memory that
/// has run out.
pub fn abort_instead_of_throw(file: &Path) -> Result<()> {
    let text = read(file)?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find("throw std::") {
        let end = start
            + rest[start..]
                .find(';')
                .context("a throw statement has no end")?;
        out.push_str(&rest[..start]);
        out.push_str("std::abort()");
        rest = &rest[end..];
    }
    out.push_str(rest);
    write(file, &out)
}

/// Takes out everything from `start` up to and with the end of `end`, putting `to` there.
pub fn replace_block(file: &Path, start: &str, end: &str, to: &str) -> Result<()> {
    let text = read(file)?;
    let Some(from) = text.find(start) else {
        if text.contains(to) {
            return Ok(());
        }
        bail!("{} does not have: {start}", file.display());
    };
    let until = from
        + text[from..]
            .find(end)
            .with_context(|| format!("{} does not have: {end}", file.display()))?
        + end.len();
    write(file, &format!("{}{to}{}", &text[..from], &text[until..]))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_that_are_not_the_expected_ones_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.c");
        fs::write(&file, "int a; int b;").unwrap();
        assert!(replace(&file, "int", "long", 1).is_err());
        replace(&file, "int", "long", 2).unwrap();
        replace(&file, "int", "long", 2).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "long a; long b;");
        for _ in 0..2 {
            replace(&file, "long b", "short c; long b", 1).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            "long a; short c; long b;"
        );
    }

    #[test]
    fn throws_become_aborts_and_blocks_go() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.cpp");
        fs::write(
            &file,
            "if (!p) throw std::bad_alloc(); else { try { f(); } g(); }",
        )
        .unwrap();
        abort_instead_of_throw(&file).unwrap();
        replace_block(&file, "try {", "} ", "f(); ").unwrap();
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            "if (!p) std::abort(); else { f(); g(); }"
        );
        assert!(replace_block(&file, "catch", "}", "none").is_err());
    }
}
