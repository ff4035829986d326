//! What is wrong with the form of an uploaded file: which row, column, id, entry
//! or cell, and what to do.

use crate::language::Language;
use serde::{Deserialize, Serialize};

/// Names that were found, the first few of them, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub first: Vec<String>,
    pub count: u64,
}

impl Found {
    const SHOWN: usize = 5;
    const CHARS: usize = 40;

    /// `None` where there are none.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Found> {
        let mut found = Found {
            first: Vec::new(),
            count: 0,
        };
        for name in names {
            found.count += 1;
            if found.first.len() < Self::SHOWN {
                found.first.push(name.chars().take(Self::CHARS).collect());
            }
        }
        (found.count > 0).then_some(found)
    }

    fn text(&self) -> String {
        let list: Vec<String> = self.first.iter().map(|name| format!("“{name}”")).collect();
        let more = if self.count > self.first.len() as u64 {
            ", …"
        } else {
            ""
        };
        format!("{}{more}", list.join(", "))
    }
}

/// Lines are counted from 1, with the header; cells of a notebook from 1, all
/// kinds of cells together, as Jupyter shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum FileFault {
    Empty,
    TooLarge {
        limit_bytes: u64,
    },
    NotUtf8 {
        line: u64,
    },
    /// The columns stand apart by semicolons.
    Semicolons,
    TooManyRows {
        limit: u64,
    },
    TooManyColumns {
        limit: u64,
    },
    ColumnsMissing {
        found: Found,
    },
    ColumnsExtra {
        found: Found,
    },
    ColumnsTwice {
        found: Found,
    },
    RowLength {
        line: u64,
        expected: u64,
        got: u64,
    },
    IdsMissing {
        found: Found,
    },
    IdsExtra {
        found: Found,
    },
    IdsTwice {
        found: Found,
    },
    NotANumber {
        line: u64,
        column: String,
        text: String,
    },
    NotAnInteger {
        line: u64,
        column: String,
        text: String,
    },
    NotFinite {
        line: u64,
        column: String,
        text: String,
    },
    NotAProbability {
        line: u64,
        column: String,
        text: String,
    },
    UnknownLabel {
        line: u64,
        column: String,
        text: String,
        known: Found,
    },
    /// It does not begin as an NPY or a ZIP file does, or breaks off.
    NotArrays {
        format: String,
    },
    Objects {
        entry: String,
    },
    UnsupportedType {
        entry: String,
        dtype: String,
    },
    /// A negative, overflowing or lying shape.
    BadShape {
        entry: String,
        detail: String,
    },
    WrongShape {
        entry: String,
        expected: String,
        got: String,
    },
    /// A value of an array; its index as NumPy writes it.
    BadElement {
        entry: String,
        index: String,
        text: String,
        wanted: Wanted,
    },
    UnsafeName {
        entry: String,
    },
    /// Unpacked it would be far larger than it is.
    Bomb {
        limit_bytes: u64,
    },
    NotANotebook,
    NotebookVersion {
        version: i64,
    },
    NoCode,
    Magic {
        cell: u64,
        line: u64,
        text: String,
    },
}

/// What an element of an array has to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    Finite,
    Integer,
    Probability,
    Label { known: Found },
}

impl Wanted {
    fn text(&self, language: Language) -> String {
        let text = match (self, language) {
            (Wanted::Finite, Language::Id) => "bukan bilangan hingga",
            (Wanted::Finite, Language::En) => "is not a finite number",
            (Wanted::Integer, Language::Id) => "bukan bilangan bulat",
            (Wanted::Integer, Language::En) => "is not an integer",
            (Wanted::Probability, Language::Id) => "tidak di antara 0 dan 1",
            (Wanted::Probability, Language::En) => "is not between 0 and 1",
            (Wanted::Label { known }, Language::Id) => {
                return format!("bukan label; labelnya {}", known.text());
            }
            (Wanted::Label { known }, Language::En) => {
                return format!("is no label; the labels are {}", known.text());
            }
        };
        text.to_owned()
    }
}

impl FileFault {
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Id => self.id(),
            Language::En => self.en(),
        }
    }

    fn en(&self) -> String {
        use FileFault::*;
        match self {
            Empty => "The file is empty.".into(),
            TooLarge { limit_bytes } => format!("The file is larger than {} KiB.", limit_bytes >> 10),
            NotUtf8 { line } => format!("Line {line} is not UTF-8 text. Save the file as UTF-8."),
            Semicolons => "The columns stand apart by semicolons. Save the file with commas between columns and points in numbers.".into(),
            TooManyRows { limit } => format!("The file has more than {limit} rows."),
            TooManyColumns { limit } => format!("The file has more than {limit} columns."),
            ColumnsMissing { found } => format!("{} column(s) missing in the first line: {}.", found.count, found.text()),
            ColumnsExtra { found } => format!("{} column(s) that were not asked for: {}. Remove them.", found.count, found.text()),
            ColumnsTwice { found } => format!("{} column name(s) stand more than once: {}.", found.count, found.text()),
            RowLength { line, expected, got } => format!("Line {line} has {got} values instead of {expected}."),
            IdsMissing { found } => format!("{} id(s) have no row: {}.", found.count, found.text()),
            IdsExtra { found } => format!("{} id(s) are not among those asked for: {}.", found.count, found.text()),
            IdsTwice { found } => format!("{} id(s) have more than one row: {}.", found.count, found.text()),
            NotANumber { line, column, text } => format!("Line {line}, column “{column}”: “{text}” is not a number."),
            NotAnInteger { line, column, text } => format!("Line {line}, column “{column}”: “{text}” is not an integer."),
            NotFinite { line, column, text } => format!("Line {line}, column “{column}”: “{text}” is not a finite number."),
            NotAProbability { line, column, text } => format!("Line {line}, column “{column}”: “{text}” is not between 0 and 1."),
            UnknownLabel { line, column, text, known } => format!("Line {line}, column “{column}”: “{text}” is no label; the labels are {}.", known.text()),
            NotArrays { format } => format!("This is not a whole {format} file. Save it with numpy.save or numpy.savez."),
            Objects { entry } => format!("“{entry}” holds Python objects, which are not read. Convert it to numbers first, for instance with .astype(float)."),
            UnsupportedType { entry, dtype } => format!("“{entry}” has the dtype {dtype}; expected integers, floats or booleans."),
            BadShape { entry, detail } => format!("“{entry}”: its shape cannot be: {detail}."),
            WrongShape { entry, expected, got } => format!("“{entry}” has the shape {got}; expected {expected}."),
            BadElement { entry, index, text, wanted } => format!("“{entry}”[{index}]: {text} {}.", wanted.text(Language::En)),
            UnsafeName { entry } => format!("The archive has an entry with the unusable name “{entry}”."),
            Bomb { limit_bytes } => format!("Unpacked, the archive is larger than {} MiB or more than 200 times its size.", limit_bytes >> 20),
            NotANotebook => "This is not a Jupyter notebook: it is no JSON with a list of cells. Download it as .ipynb.".into(),
            NotebookVersion { version } => format!("The notebook has the format {version}; expected 4. Open it in Jupyter or Colab and save it again."),
            NoCode => "The notebook has no code.".into(),
            Magic { cell, line, text } => format!("Cell {cell}, line {line}: “{text}” is a command of the notebook, not Python. Remove it."),
        }
    }

    fn id(&self) -> String {
        use FileFault::*;
        match self {
            Empty => "Berkas ini kosong.".into(),
            TooLarge { limit_bytes } => format!("Berkas ini lebih besar dari {} KiB.", limit_bytes >> 10),
            NotUtf8 { line } => format!("Baris {line} bukan teks UTF-8. Simpan berkas sebagai UTF-8."),
            Semicolons => "Kolom-kolomnya dipisahkan titik koma. Simpan berkas dengan koma antarkolom dan titik dalam bilangan.".into(),
            TooManyRows { limit } => format!("Berkas ini memiliki lebih dari {limit} baris."),
            TooManyColumns { limit } => format!("Berkas ini memiliki lebih dari {limit} kolom."),
            ColumnsMissing { found } => format!("{} kolom tidak ada di baris pertama: {}.", found.count, found.text()),
            ColumnsExtra { found } => format!("{} kolom tidak diminta: {}. Hapus kolom itu.", found.count, found.text()),
            ColumnsTwice { found } => format!("{} nama kolom muncul lebih dari sekali: {}.", found.count, found.text()),
            RowLength { line, expected, got } => format!("Baris {line} berisi {got} nilai, seharusnya {expected}."),
            IdsMissing { found } => format!("{} id tidak memiliki baris: {}.", found.count, found.text()),
            IdsExtra { found } => format!("{} id tidak termasuk yang diminta: {}.", found.count, found.text()),
            IdsTwice { found } => format!("{} id memiliki lebih dari satu baris: {}.", found.count, found.text()),
            NotANumber { line, column, text } => format!("Baris {line}, kolom “{column}”: “{text}” bukan bilangan."),
            NotAnInteger { line, column, text } => format!("Baris {line}, kolom “{column}”: “{text}” bukan bilangan bulat."),
            NotFinite { line, column, text } => format!("Baris {line}, kolom “{column}”: “{text}” bukan bilangan hingga."),
            NotAProbability { line, column, text } => format!("Baris {line}, kolom “{column}”: “{text}” tidak di antara 0 dan 1."),
            UnknownLabel { line, column, text, known } => format!("Baris {line}, kolom “{column}”: “{text}” bukan label; labelnya {}.", known.text()),
            NotArrays { format } => format!("Ini bukan berkas {format} yang utuh. Simpan dengan numpy.save atau numpy.savez."),
            Objects { entry } => format!("“{entry}” berisi objek Python, yang tidak dibaca. Ubah dulu menjadi bilangan, misalnya dengan .astype(float)."),
            UnsupportedType { entry, dtype } => format!("“{entry}” memiliki dtype {dtype}; seharusnya bilangan bulat, float, atau boolean."),
            BadShape { entry, detail } => format!("“{entry}”: bentuknya tidak mungkin: {detail}."),
            WrongShape { entry, expected, got } => format!("“{entry}” memiliki bentuk {got}; seharusnya {expected}."),
            BadElement { entry, index, text, wanted } => format!("“{entry}”[{index}]: {text} {}.", wanted.text(Language::Id)),
            UnsafeName { entry } => format!("Arsip ini memiliki isi dengan nama yang tidak dapat dipakai: “{entry}”."),
            Bomb { limit_bytes } => format!("Setelah dibuka, arsip ini lebih besar dari {} MiB atau lebih dari 200 kali ukurannya.", limit_bytes >> 20),
            NotANotebook => "Ini bukan notebook Jupyter: bukan JSON dengan daftar sel. Unduh sebagai .ipynb.".into(),
            NotebookVersion { version } => format!("Format notebook ini {version}; seharusnya 4. Buka di Jupyter atau Colab, lalu simpan lagi."),
            NoCode => "Notebook ini tidak berisi kode.".into(),
            Magic { cell, line, text } => format!("Sel {cell}, baris {line}: “{text}” adalah perintah notebook, bukan Python. Hapus baris itu."),
        }
    }
}

/// The list, one line for each.
pub(super) fn list(faults: &[FileFault], more: u64, language: Language) -> String {
    lines(
        faults.iter().map(|fault| fault.text(language)),
        more,
        language,
    )
}

pub(super) fn lines(faults: impl Iterator<Item = String>, more: u64, language: Language) -> String {
    let mut text = String::new();
    for fault in faults {
        text.push_str(&format!("\n  {fault}"));
    }
    match (more, language) {
        (0, _) => {}
        (more, Language::Id) => text.push_str(&format!("\n  … dan {more} lagi.")),
        (more, Language::En) => text.push_str(&format!("\n  … and {more} more.")),
    }
    text
}
