//! Archives as `numpy.savez` writes them: an array for each column, by its name.
//!
//! What an archive says of sizes is not believed. Only the entries that are asked
//! for are unpacked, each through a reader that ends at the bound for all of
//! them together; names are compared and never become paths.

use super::faults::{Faults, quoted};
use super::npy::{self, Numbers};
use super::table::Column;
use super::wire::{Table, TableSpec};
use super::{MAX_COLUMNS, MAX_UNPACKED_BYTES};
use gradien_problems::message::{FileFault, Found};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Unpacked, so many times the archive's own size is too much …
const MAX_RATIO: u64 = 200;
/// … but not below this: equal predictions pack well.
const SMALL_BYTES: u64 = 1 << 20;

pub fn read_table(bytes: &[u8], spec: &TableSpec) -> Result<Table, Faults> {
    let broken = || {
        let format = "NPZ".to_owned();
        Faults::of(FileFault::NotArrays { format })
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MAX_COLUMNS {
        let limit = MAX_COLUMNS as u64;
        return Err(Faults::of(FileFault::TooManyColumns { limit }));
    }
    let mut faults = Faults::default();
    let mut places = HashMap::new();
    let (mut extra, mut twice) = (Vec::new(), Vec::new());
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|_| broken())?;
        let name = entry.name().map_err(|_| broken())?.into_owned();
        let column = name.strip_suffix(".npy").unwrap_or(&name);
        if !is_plain(&name) {
            faults.push(FileFault::UnsafeName {
                entry: quoted(&name),
            });
        } else if spec.columns.iter().all(|asked| asked.name != column) {
            extra.push(column.to_owned());
        } else if places.insert(column.to_owned(), at).is_some() {
            twice.push(column.to_owned());
        }
    }
    let missing = spec.columns.iter().map(|column| column.name.as_str());
    let missing = Found::of(missing.filter(|name| !places.contains_key(*name)));
    let texts = |names: &[String]| Found::of(names.iter().map(String::as_str));
    faults.extend(missing.map(|found| FileFault::ColumnsMissing { found }));
    faults.extend(texts(&extra).map(|found| FileFault::ColumnsExtra { found }));
    faults.extend(texts(&twice).map(|found| FileFault::ColumnsTwice { found }));

    let rows = spec.ids.as_ref().map_or(0, Vec::len);
    let ratio_bytes = (bytes.len() as u64).saturating_mul(MAX_RATIO);
    let mut left = MAX_UNPACKED_BYTES.min(ratio_bytes.max(SMALL_BYTES));
    let mut columns: Vec<Column<'_>> = spec.columns.iter().map(Column::new).collect();
    for column in &mut columns {
        let name = &column.spec.name;
        let Some(&at) = places.get(name) else {
            continue;
        };
        let unpacked = unpack(&mut archive, at, &mut left)?;
        match npy::read(&unpacked, name, "NPZ") {
            Ok(numbers) => fill(column, &numbers, rows, &mut faults),
            Err(fault) => faults.push(fault),
        }
    }
    faults.or(|| npy::table(columns, rows))
}

fn fill(column: &mut Column<'_>, numbers: &Numbers, rows: usize, faults: &mut Faults) {
    let name = &column.spec.name;
    if let Some(fault) = npy::wrong_shape(numbers, name, &[rows]) {
        return faults.push(fault);
    }
    for (row, &value) in numbers.values.iter().enumerate() {
        if let Err(wrong) = column.push_number(value) {
            let index = row.to_string();
            faults.push(npy::bad_element(wrong, name, index, value, column));
        }
    }
}

fn unpack(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    at: usize,
    left: &mut u64,
) -> Result<Vec<u8>, Faults> {
    let broken = || {
        let format = "NPZ".to_owned();
        Faults::of(FileFault::NotArrays { format })
    };
    let entry = archive.by_index(at).map_err(|_| broken())?;
    let mut unpacked = Vec::new();
    let read = entry.take(*left + 1).read_to_end(&mut unpacked);
    read.map_err(|_| broken())?;
    let Some(rest) = left.checked_sub(unpacked.len() as u64) else {
        let limit_bytes = MAX_UNPACKED_BYTES;
        return Err(Faults::of(FileFault::Bomb { limit_bytes }));
    };
    *left = rest;
    Ok(unpacked)
}

/// No folder, no way up, nothing that is not a letter to somebody.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && !name.contains(['/', '\\', ':'])
        && !name.chars().any(char::is_control)
}

#[cfg(test)]
pub mod tests {
    use super::super::npy::tests::{dict, npy};
    use super::super::table::tests::column;
    use super::*;
    use crate::inspect::{Reply, Values};
    use gradien_problems::pack::{ColumnKind, TableFormat};
    use std::io::Write;
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    pub fn spec(rows: usize) -> TableSpec {
        TableSpec {
            format: TableFormat::Npz,
            columns: vec![
                column("a", ColumnKind::Float, &[]),
                column("b", ColumnKind::Label, &["0", "1"]),
            ],
            ids: Some(vec![String::new(); rows]),
        }
    }

    pub fn floats(values: &[f64]) -> Vec<u8> {
        let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        npy(
            &dict("'<f8'", false, &format!("({},)", values.len())),
            &data,
        )
    }

    pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in entries {
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn faults(bytes: &[u8]) -> Vec<FileFault> {
        match read_table(bytes, &spec(2)).map_err(Faults::into_reply) {
            Err(Reply::Faults { faults, .. }) => faults,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_archive_has_an_array_for_each_column() {
        let bytes = archive(&[
            ("b.npy", &floats(&[0.0, 1.0])),
            ("a.npy", &floats(&[0.5, -2.0])),
        ]);
        let table = read_table(&bytes, &spec(2)).unwrap();
        let expected = [
            Values::Numbers(vec![0.5, -2.0]),
            Values::Classes(vec![0, 1]),
        ];
        assert_eq!(table.columns, expected);
        for cut in 0..bytes.len() {
            assert!(read_table(&bytes[..cut], &spec(2)).is_err(), "{cut}");
        }
    }

    #[test]
    fn everything_that_is_wrong_with_an_archive_is_said() {
        use FileFault::*;
        let bytes = archive(&[
            ("../a.npy", &floats(&[0.0])),
            ("b.npy", &floats(&[0.0, 2.0])),
            ("c.npy", &[]),
        ]);
        let found = faults(&bytes);
        assert!(
            matches!(&found[0], UnsafeName { entry } if entry == "../a.npy"),
            "{found:?}"
        );
        assert!(matches!(&found[1], ColumnsMissing { .. }));
        assert!(matches!(&found[2], ColumnsExtra { .. }));
        assert!(matches!(&found[3], BadElement { index, .. } if index == "1"));
        assert_eq!(found.len(), 4);
        assert!(matches!(faults(b"PK\x03\x04")[0], NotArrays { .. }));
        let short = archive(&[("a.npy", &floats(&[0.0])), ("b.npy", b"text")]);
        assert!(matches!(
            faults(&short)[..],
            [WrongShape { .. }, NotArrays { .. }]
        ));
    }

    #[test]
    fn bombs_are_not_unpacked() {
        let zeros = vec![0; (MAX_UNPACKED_BYTES + 1) as usize];
        let bytes = archive(&[("a.npy", &zeros), ("b.npy", &zeros)]);
        assert!(bytes.len() < 1 << 20);
        assert!(matches!(faults(&bytes)[..], [FileFault::Bomb { .. }]));
    }
}
