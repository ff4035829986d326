//! Jupyter notebooks, format 4: JSON with a list of cells. Outputs, metadata and
//! text are passed over; what is left is the program.

use super::faults::{Faults, quoted};
use super::magic;
use super::wire::Cell;
use gradien_problems::message::FileFault;
use gradien_problems::protocol::MAX_NOTEBOOK_BYTES;
use serde::Deserialize;

#[derive(Deserialize)]
struct Notebook {
    nbformat: i64,
    cells: Option<Vec<RawCell>>,
}

#[derive(Deserialize)]
struct RawCell {
    cell_type: String,
    source: Option<Source>,
}

/// One text, or lines that keep their ends.
#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Text(String),
    Lines(Vec<String>),
}

pub fn read(bytes: &[u8]) -> Result<Vec<Cell>, Faults> {
    if bytes.len() as u64 > MAX_NOTEBOOK_BYTES {
        return Err(Faults::of(FileFault::TooLarge {
            limit_bytes: MAX_NOTEBOOK_BYTES,
        }));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Faults::of(FileFault::Empty));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let not_a_notebook = || Faults::of(FileFault::NotANotebook);
    let notebook: Notebook = serde_json::from_slice(bytes).map_err(|_| not_a_notebook())?;
    if notebook.nbformat != 4 {
        return Err(Faults::of(FileFault::NotebookVersion {
            version: notebook.nbformat,
        }));
    }
    let raw = notebook.cells.ok_or_else(not_a_notebook)?;
    let mut faults = Faults::default();
    let mut cells = Vec::new();
    for (cell, number) in raw.into_iter().zip(1..) {
        if cell.cell_type != "code" {
            continue;
        }
        let source = match cell.source {
            Some(Source::Text(text)) => text,
            Some(Source::Lines(lines)) => lines.concat(),
            None => String::new(),
        };
        // As Python reads a file; a lone carriage return ends a line there too.
        let source = source.replace("\r\n", "\n").replace('\r', "\n");
        if source.trim().is_empty() {
            continue;
        }
        faults.extend(magic::list(&source).into_iter().map(|line| {
            let text = source.lines().nth(line - 1).unwrap_or_default();
            FileFault::Magic {
                cell: number,
                line: line as u64,
                text: quoted(text.trim()),
            }
        }));
        cells.push(Cell { number, source });
    }
    if cells.is_empty() {
        faults.push(FileFault::NoCode);
    }
    faults.or(|| cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::Reply;
    use serde_json::json;

    fn faults(bytes: &[u8]) -> Vec<FileFault> {
        match read(bytes).map_err(Faults::into_reply) {
            Err(Reply::Faults { faults, .. }) => faults,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_code_of_a_colab_export_is_read_and_its_outputs_are_not() {
        let notebook = json!({
            "nbformat": 4, "nbformat_minor": 0,
            "metadata": {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}},
            "cells": [
                {"cell_type": "markdown", "metadata": {"id": "x"}, "source": ["# Judul"]},
                {"cell_type": "code", "execution_count": 3, "metadata": {"id": "y"},
                 "outputs": [{"output_type": "display_data", "data": {"image/png": "AAAA"}}],
                 "source": ["import numpy as np\n", "a = 1"]},
                {"cell_type": "code", "metadata": {}, "source": "", "outputs": []},
                {"cell_type": "code", "metadata": {}, "source": "b = a\r\n% c", "outputs": []},
            ],
        });
        let bytes = serde_json::to_vec(&notebook).unwrap();
        let text = "% c".to_owned();
        let magic = FileFault::Magic {
            cell: 4,
            line: 2,
            text,
        };
        assert_eq!(faults(&bytes), [magic]);
        let bytes = String::from_utf8(bytes)
            .unwrap()
            .replace("% c", "c = a % b");
        let cells = read(bytes.as_bytes()).unwrap();
        let numbers: Vec<u64> = cells.iter().map(|cell| cell.number).collect();
        assert_eq!(numbers, [2, 4]);
        assert_eq!(cells[0].source, "import numpy as np\na = 1");
        assert_eq!(cells[1].source, "b = a\nc = a % b");
    }

    #[test]
    fn what_is_no_notebook_is_told_apart() {
        use FileFault::*;
        assert_eq!(faults(b" \n"), [Empty]);
        let deep = [
            b"{\"nbformat\": 4, \"cells\": ".to_vec(),
            vec![b'['; 500_000],
        ]
        .concat();
        for text in [
            &b"import numpy"[..],
            b"[]",
            b"{\"cells\": []}",
            b"{\"nbformat\": 4}",
            b"{\"nbformat\": 4, \"cells\": {}}",
            b"{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 3}]}",
            b"\xff",
            &deep,
        ] {
            assert_eq!(faults(text), [NotANotebook], "{}", text.len());
        }
        let three = b"{\"nbformat\": 3, \"worksheets\": [{\"cells\": []}]}";
        assert_eq!(faults(three), [NotebookVersion { version: 3 }]);
        assert_eq!(faults(b"{\"nbformat\": 4, \"cells\": []}"), [NoCode]);
        let large = vec![b' '; MAX_NOTEBOOK_BYTES as usize + 1];
        assert!(matches!(faults(&large)[..], [TooLarge { .. }]));
    }
}
