//! Tables as comma-separated text.
//!
//! Lines are those of the file, counted from 1; a quoted value may span several.
//! Spaces round a value do not count. A byte-order mark is passed over.

use super::faults::{Faults, quoted};
use super::table::{Column, Wrong};
use super::wire::{Table, TableSpec};
use super::{MAX_COLUMNS, MAX_ROWS};
use csv::{ByteRecord, ReaderBuilder, Trim};
use gradien_problems::message::{FileFault, Found};
use gradien_problems::pack::ColumnKind;
use std::collections::{HashMap, HashSet};

pub fn read(bytes: &[u8], spec: &TableSpec) -> Result<Table, Faults> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Faults::of(FileFault::NotUtf8 { line: 1 }));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(bytes);
    let mut record = ByteRecord::new();
    // From memory, with rows of any length, it has nothing to complain of.
    let mut next = |record: &mut ByteRecord| reader.read_byte_record(record).unwrap_or(false);
    if !next(&mut record) {
        return Err(Faults::of(FileFault::Empty));
    }
    let header = Header::read(&record, line_of(&record, bytes), spec)?;
    let mut faults = header.faults;
    let mut ids = Ids::new(spec.ids.as_deref());
    let mut columns: Vec<Column<'_>> = spec.columns.iter().map(Column::new).collect();
    let mut rows = 0;
    while next(&mut record) {
        let line = line_of(&record, bytes);
        if rows == MAX_ROWS {
            let limit = MAX_ROWS as u64;
            return Err(Faults::of(FileFault::TooManyRows { limit }));
        }
        if record.iter().any(|field| str::from_utf8(field).is_err()) {
            faults.push(FileFault::NotUtf8 { line });
        } else if record.len() != header.length {
            faults.push(FileFault::RowLength {
                line,
                expected: header.length as u64,
                got: record.len() as u64,
            });
        }
        for (column, at) in columns.iter_mut().zip(&header.places) {
            let field = at.and_then(|at| record.get(at));
            let Some(Ok(text)) = field.map(str::from_utf8) else {
                continue;
            };
            if column.spec.kind == ColumnKind::Id {
                ids.see(text, rows);
            } else if record.len() == header.length
                && let Err(wrong) = column.push(text)
            {
                let name = column.spec.name.clone();
                faults.push(fault(wrong, line, name, quoted(text), column));
            }
        }
        rows += 1;
    }
    let has_ids = header
        .places
        .iter()
        .zip(&spec.columns)
        .any(|(at, column)| column.kind == ColumnKind::Id && at.is_some());
    if has_ids {
        faults.extend(ids.faults());
    }
    faults.or(|| {
        let (ids, places) = ids.finish();
        let values = columns
            .into_iter()
            .filter(|column| column.spec.kind != ColumnKind::Id)
            .map(|column| column.take(&places))
            .collect();
        Table {
            ids,
            columns: values,
            places,
        }
    })
}

/// Where a row begins. Its own position is where the row before ended, with
/// the empty lines between them still to come.
fn line_of(record: &ByteRecord, bytes: &[u8]) -> u64 {
    let Some(position) = record.position() else {
        return 0;
    };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = bytes.get(from..).unwrap_or_default().iter();
    let skipped = rest.take_while(|byte| matches!(byte, b'\n' | b'\r'));
    position.line() + skipped.filter(|&&byte| byte == b'\n').count() as u64
}

fn fault(wrong: Wrong, line: u64, column: String, text: String, of: &Column<'_>) -> FileFault {
    match wrong {
        Wrong::NotANumber => FileFault::NotANumber { line, column, text },
        Wrong::NotAnInteger => FileFault::NotAnInteger { line, column, text },
        Wrong::NotFinite => FileFault::NotFinite { line, column, text },
        Wrong::NotAProbability => FileFault::NotAProbability { line, column, text },
        Wrong::UnknownLabel => FileFault::UnknownLabel {
            line,
            column,
            text,
            known: of.known(),
        },
    }
}

struct Header {
    length: usize,
    /// Of each column that is asked for.
    places: Vec<Option<usize>>,
    faults: Faults,
}

impl Header {
    fn read(record: &ByteRecord, line: u64, spec: &TableSpec) -> Result<Header, Faults> {
        if record.len() > MAX_COLUMNS {
            let limit = MAX_COLUMNS as u64;
            return Err(Faults::of(FileFault::TooManyColumns { limit }));
        }
        let names: Result<Vec<&str>, _> = record.iter().map(str::from_utf8).collect();
        let Ok(names) = names else {
            return Err(Faults::of(FileFault::NotUtf8 { line }));
        };
        if let [only] = names[..]
            && spec.columns.len() > 1
            && only.contains(';')
        {
            return Err(Faults::of(FileFault::Semicolons));
        }
        let mut faults = Faults::default();
        let wanted = || spec.columns.iter().map(|column| column.name.as_str());
        let missing = wanted().filter(|name| !names.contains(name));
        faults.extend(Found::of(missing).map(|found| FileFault::ColumnsMissing { found }));
        let known: HashSet<&str> = wanted().collect();
        let (mut seen, mut twice, mut extra) = (HashSet::new(), Vec::new(), Vec::new());
        for name in &names {
            if !seen.insert(*name) {
                twice.push(*name);
            } else if !known.contains(name) {
                extra.push(*name);
            }
        }
        faults.extend(Found::of(extra).map(|found| FileFault::ColumnsExtra { found }));
        faults.extend(Found::of(twice).map(|found| FileFault::ColumnsTwice { found }));
        let places = wanted().map(|wanted| names.iter().position(|name| *name == wanted));
        Ok(Header {
            length: record.len(),
            places: places.collect(),
            faults,
        })
    }
}

/// The rows by their names, against those that are asked for.
struct Ids<'a> {
    wanted: Option<&'a [String]>,
    /// Id → its place among those asked for, or among those seen.
    index: HashMap<String, usize>,
    names: Vec<String>,
    /// Of each place, the row of the file.
    rows: Vec<Option<u32>>,
    twice: Vec<String>,
    extra: Vec<String>,
}

impl<'a> Ids<'a> {
    fn new(wanted: Option<&'a [String]>) -> Ids<'a> {
        let names = wanted.unwrap_or_default();
        let index = names.iter().cloned().enumerate();
        Ids {
            wanted,
            index: index.map(|(place, id)| (id, place)).collect(),
            names: names.to_vec(),
            rows: vec![None; names.len()],
            twice: Vec::new(),
            extra: Vec::new(),
        }
    }

    fn see(&mut self, id: &str, row: usize) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        match self.index.get(id) {
            Some(&place) => match &mut self.rows[place] {
                Some(_) => self.twice.push(id.to_owned()),
                free => *free = Some(row),
            },
            None if self.wanted.is_some() => self.extra.push(id.to_owned()),
            None => {
                self.index.insert(id.to_owned(), self.names.len());
                self.names.push(id.to_owned());
                self.rows.push(Some(row));
            }
        }
    }

    fn faults(&self) -> impl Iterator<Item = FileFault> + use<> {
        let texts = |ids: &[String]| Found::of(ids.iter().map(String::as_str));
        let missing = self.names.iter().zip(&self.rows);
        let missing = missing.filter(|(_, row)| row.is_none());
        let missing = Found::of(missing.map(|(id, _)| id.as_str()));
        [
            missing.map(|found| FileFault::IdsMissing { found }),
            texts(&self.extra).map(|found| FileFault::IdsExtra { found }),
            texts(&self.twice).map(|found| FileFault::IdsTwice { found }),
        ]
        .into_iter()
        .flatten()
    }

    fn finish(self) -> (Vec<String>, Vec<u32>) {
        (self.names, self.rows.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{labels, predictions};
    use super::*;
    use crate::inspect::Values;

    fn faults(text: &[u8]) -> Vec<FileFault> {
        match read(text, &predictions(&["a", "b", "c"])).map_err(Faults::into_reply) {
            Ok(table) => panic!("{table:?}"),
            Err(crate::inspect::Reply::Faults { faults, .. }) => faults,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn rows_come_in_the_order_that_was_asked_for() {
        let plain = read(
            b"id,p\nc,0.25\na,1\n\nb,.5\n",
            &predictions(&["a", "b", "c"]),
        )
        .unwrap();
        assert_eq!(plain.columns, [Values::Numbers(vec![1.0, 0.5, 0.25])]);
        assert_eq!(plain.places, [1, 2, 0]);
        // As spreadsheets write it: a mark, quotes, CRLF, the columns swapped.
        let quoted = b"\xef\xbb\xbf\"p\",\"id\"\r\n\"1\",\"a\"\r\n0.5 , b\r\n\"0.25\",\"c\"\r\n";
        let quoted = read(quoted, &predictions(&["a", "b", "c"])).unwrap();
        assert_eq!(quoted.columns, plain.columns);
        let any = read(b"id,split,y\n1,B,cat\n2,A,dog\n", &labels()).unwrap();
        assert_eq!(any.ids, ["1", "2"]);
        assert_eq!(any.columns[1], Values::Classes(vec![0, 1]));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_with_its_line() {
        use FileFault::*;
        let text = b"id,p,extra\na,0.5\n\nb,x,1\nb,1.5,1\nz,nan,1\n\"q\nq\",0.5,1\na,\"0,5\",1\n";
        let texts: Vec<String> = faults(text).iter().map(|f| format!("{f:?}")).collect();
        for (got, part) in texts.iter().zip([
            "ColumnsExtra",
            "RowLength { line: 2, expected: 3, got: 2 }",
            "NotANumber { line: 4, column: \"p\", text: \"x\" }",
            "NotAProbability { line: 5, column: \"p\", text: \"1.5\" }",
            "NotFinite { line: 6, column: \"p\", text: \"nan\" }",
            "NotANumber { line: 9, column: \"p\", text: \"0,5\" }",
            "IdsMissing { found: Found { first: [\"c\"], count: 1 } }",
            "IdsExtra { found: Found { first: [\"z\", \"q\\nq\"], count: 2 } }",
            "IdsTwice { found: Found { first: [\"b\", \"a\"], count: 2 } }",
        ]) {
            assert!(got.starts_with(part), "{got}, expected {part}");
        }
        assert_eq!(texts.len(), 9, "{texts:?}");
        assert_eq!(faults(b""), [Empty]);
        assert_eq!(faults(b"\xef\xbb\xbf"), [Empty]);
        assert_eq!(faults(b"id;p\na;0,5\n"), [Semicolons]);
        assert_eq!(faults(b"\xff\xfei\0d\0"), [NotUtf8 { line: 1 }]);
        assert!(matches!(
            faults(b"id,p\na,\xe9\nb,1\nc,1\n")[0],
            NotUtf8 { line: 2 }
        ));
        assert!(matches!(faults(b"id,p,p\n")[0], ColumnsTwice { .. }));
        assert!(matches!(faults(b"name,p\na,1\n")[0], ColumnsMissing { .. }));
    }

    #[test]
    fn size_has_its_bounds() {
        let wide = vec![b','; 1 << 20];
        let limit = MAX_COLUMNS as u64;
        assert_eq!(faults(&wide), [FileFault::TooManyColumns { limit }]);
        let long = [b"id,p\n".to_vec(), b"a,1\n".repeat(MAX_ROWS + 1)].concat();
        let limit = MAX_ROWS as u64;
        assert_eq!(faults(&long), [FileFault::TooManyRows { limit }]);
        let many = [b"id,p\n".to_vec(), b"a,x\n".repeat(1000)].concat();
        let read = read(&many, &predictions(&["a"])).map_err(Faults::into_reply);
        let Err(crate::inspect::Reply::Faults { faults, more }) = read else {
            panic!("no faults");
        };
        assert_eq!(faults.len(), crate::inspect::MAX_LISTED);
        assert_eq!(more, 1000 + 1 - faults.len() as u64);
    }
}
