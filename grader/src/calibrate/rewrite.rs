//! Writes a limit into `problem.toml`. Everything else of the file stays as the
//! author wrote it: comments, order, layout.

use crate::GraderError;
use gradien_problems::pack::Calibrated;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use toml_edit::{DocumentMut, InlineTable, TableLike, Value};

/// Whole or not at all.
pub(super) fn write(file: &Path, calibrated: &Calibrated) -> Result<(), GraderError> {
    let error = |source| GraderError::Store {
        path: file.to_path_buf(),
        source,
    };
    let text = fs::read_to_string(file).map_err(error)?;
    let text = rewritten(&text, calibrated).map_err(|what| error(io::Error::other(what)))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let replace = || {
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(text.as_bytes())?;
        new.as_file()
            .set_permissions(fs::metadata(file)?.permissions())?;
        new.as_file().sync_all()?;
        new.persist(file).map_err(|failed| failed.error)?;
        Ok(())
    };
    replace().map_err(error)
}

fn rewritten(text: &str, calibrated: &Calibrated) -> Result<String, String> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string())?;
    let limits = document
        .get_mut("limits")
        .and_then(|item| item.as_table_like_mut())
        .ok_or("there is no table [limits]")?;
    set(limits, "fuel", grouped(calibrated.limit()));
    let mut measured = InlineTable::new();
    measured.insert("guest", calibrated.guest.as_str().into());
    measured.insert("fuel", grouped(calibrated.fuel));
    measured.insert("multiple", i64::from(calibrated.multiple).into());
    set(limits, "calibrated", measured.into());
    Ok(document.to_string())
}

/// Puts a value where another was, with the comments round it, or at the end.
fn set(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(|item| item.as_value()) {
        *value.decor_mut() = old.decor().clone();
    }
    table.insert(key, toml_edit::Item::Value(value));
}

/// `2_000_000_000`: as people write it.
fn grouped(number: u64) -> Value {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text.parse()
        .unwrap_or_else(|_| unreachable!("digits are a number of TOML"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibrated(fuel: u64) -> Calibrated {
        Calibrated {
            guest: "ab".repeat(32),
            fuel,
            multiple: 10,
        }
    }

    const BEFORE: &str = "# Why.\nformat = 1\n\n[limits] # of one case\n\
        fuel = 7 # units\nmemory_mib = 256\n\n[[inputs]] # more\nname = \"x\"\n";

    #[test]
    fn all_but_the_limit_stays_as_it_was() {
        let once = rewritten(BEFORE, &calibrated(61_234_567)).unwrap();
        let hash = "ab".repeat(32);
        let expected = format!(
            "# Why.\nformat = 1\n\n[limits] # of one case\nfuel = 620_000_000 # units\nmemory_mib = 256\n\
             calibrated = {{ guest = \"{hash}\", fuel = 61_234_567, multiple = 10 }}\n\n\
             [[inputs]] # more\nname = \"x\"\n"
        );
        assert_eq!(once, expected);
        assert_eq!(rewritten(&once, &calibrated(61_234_567)).unwrap(), once);
        let again = rewritten(&once, &calibrated(71_000_000)).unwrap();
        assert!(again.contains("fuel = 710_000_000 # units\n"));
        assert_eq!(again.matches("calibrated").count(), 1);
    }

    #[test]
    fn a_file_without_limits_is_left_alone() {
        assert!(rewritten("format = 1\n", &calibrated(1)).is_err());
        assert!(rewritten("limits = 3\n", &calibrated(1)).is_err());
        assert!(rewritten("limits = {", &calibrated(1)).is_err());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("problem.toml");
        fs::write(&file, "format = 1\n").unwrap();
        assert!(write(&file, &calibrated(1)).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "format = 1\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
