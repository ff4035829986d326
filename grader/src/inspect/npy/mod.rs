//! Arrays as `numpy.save` writes them.
//!
//! Theory of operation. The format (NumPy Enhancement Proposal 1): `\x93NUMPY`,
//! two bytes of version, the header's length in two bytes (version 1) or four
//! (2 and 3), the header, the elements. The header is the text of a Python
//! dictionary with the three keys `descr`, `fortran_order` and `shape`. NumPy
//! gives it to a parser of Python; here a cursor knows the few forms that it can
//! have and nothing else, without recursion. The shape is a claim: its product is
//! computed with a check for overflow and must be exactly what follows the
//! header, so nothing is allocated that was not handed in.
//!
//! Objects are pickles, that is programs, and are never read. Elements become
//! float64 in C order: exact but for integers beyond 2^53.

mod element;
mod header;

use super::faults::Faults;
use super::table::{Column, Wrong};
use super::wire::{Table, TableSpec};
use element::Element;
use gradien_problems::message::{FileFault, Wanted};
use gradien_problems::shown::shape_text;
use header::Header;

/// NumPy's own bound for headers that it trusts nobody with.
const MAX_HEADER_BYTES: usize = 10_000;
const MAX_DIMENSIONS: usize = 32;
/// Quoted of a type that is not read, in characters.
const MAX_DTYPE_CHARS: usize = 40;

#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    pub shape: Vec<usize>,
    /// C order.
    pub values: Vec<f64>,
}

/// The table in an array: a column, or rows × columns.
pub fn read_table(bytes: &[u8], spec: &TableSpec) -> Result<Table, Faults> {
    let rows = spec.ids.as_ref().map_or(0, Vec::len);
    let width = spec.columns.len();
    let entry = match &spec.columns[..] {
        [only] => only.name.clone(),
        _ => "array".to_owned(),
    };
    let expected = match width {
        1 => vec![rows],
        _ => vec![rows, width],
    };
    let numbers = read(bytes, &entry, "NPY").map_err(Faults::of)?;
    let mut faults = Faults::default();
    faults.extend(wrong_shape(&numbers, &entry, &expected));
    let mut columns: Vec<Column<'_>> = spec.columns.iter().map(Column::new).collect();
    let fits = numbers.shape == expected;
    for (at, &value) in numbers.values.iter().enumerate().filter(|_| fits) {
        let (row, column) = (at / width, at % width);
        if let Err(wrong) = columns[column].push_number(value) {
            let index = match width {
                1 => row.to_string(),
                _ => format!("{row}, {column}"),
            };
            faults.push(bad_element(wrong, &entry, index, value, &columns[column]));
        }
    }
    faults.or(|| table(columns, rows))
}

/// Columns whose rows stand in the order that is asked for.
pub fn table(columns: Vec<Column<'_>>, rows: usize) -> Table {
    Table {
        ids: Vec::new(),
        columns: columns.into_iter().map(Column::into_values).collect(),
        places: (0..).take(rows).collect(),
    }
}

pub fn wrong_shape(numbers: &Numbers, entry: &str, expected: &[usize]) -> Option<FileFault> {
    (numbers.shape != expected).then(|| FileFault::WrongShape {
        entry: entry.to_owned(),
        expected: shape_text(expected),
        got: shape_text(&numbers.shape),
    })
}

pub fn bad_element(
    wrong: Wrong,
    entry: &str,
    index: String,
    value: f64,
    column: &Column<'_>,
) -> FileFault {
    FileFault::BadElement {
        entry: entry.to_owned(),
        index,
        text: format!("{value}"),
        wanted: match wrong {
            Wrong::NotANumber | Wrong::NotFinite => Wanted::Finite,
            Wrong::NotAnInteger => Wanted::Integer,
            Wrong::NotAProbability => Wanted::Probability,
            Wrong::UnknownLabel => Wanted::Label {
                known: column.known(),
            },
        },
    }
}

/// One array; `format` is what its file calls itself.
pub fn read(bytes: &[u8], entry: &str, format: &str) -> Result<Numbers, FileFault> {
    let broken = || FileFault::NotArrays {
        format: format.to_owned(),
    };
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or_else(broken)?;
    let (&[major, _], rest) = rest.split_first_chunk::<2>().ok_or_else(broken)?;
    let (length, rest) = match major {
        1 => {
            let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(broken)?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(broken)?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        _ => return Err(broken()),
    };
    if length > MAX_HEADER_BYTES || length > rest.len() {
        return Err(broken());
    }
    let (header, data) = rest.split_at(length);
    let header = str::from_utf8(header).map_err(|_| broken())?;
    let header = Header::read(header).ok_or_else(broken)?;
    let element = Element::find(&header.dtype).ok_or_else(|| {
        let entry = entry.to_owned();
        match header.dtype.trim_start_matches(['|', '<', '>', '=']) {
            "O" => FileFault::Objects { entry },
            _ => FileFault::UnsupportedType {
                entry,
                dtype: header.dtype.chars().take(MAX_DTYPE_CHARS).collect(),
            },
        }
    })?;
    let shape = check_shape(&header.shape, element.bytes, data.len()).ok_or_else(|| {
        let list: Vec<String> = header.shape.iter().map(i128::to_string).collect();
        FileFault::BadShape {
            entry: entry.to_owned(),
            detail: format!("({}), {} B", list.join(", "), data.len()),
        }
    })?;
    let stored: Vec<f64> = data
        .chunks_exact(element.bytes)
        .map(|chunk| element.value(chunk))
        .collect();
    let values = match header.fortran && shape.len() > 1 {
        true => to_c_order(&stored, &shape),
        false => stored,
    };
    Ok(Numbers { shape, values })
}

/// The shape, if it is one and its elements are just the bytes that are there.
fn check_shape(claimed: &[i128], element_bytes: usize, data_bytes: usize) -> Option<Vec<usize>> {
    if claimed.len() > MAX_DIMENSIONS {
        return None;
    }
    let shape = claimed
        .iter()
        .map(|&extent| {
            let extent = usize::try_from(extent).ok()?;
            (extent <= i32::MAX as usize).then_some(extent)
        })
        .collect::<Option<Vec<usize>>>()?;
    let count = match shape.contains(&0) {
        true => 0,
        false => shape
            .iter()
            .try_fold(1usize, |count, &extent| count.checked_mul(extent))?,
    };
    (count.checked_mul(element_bytes)? == data_bytes).then_some(shape)
}

/// From the order in which the first index runs fastest.
fn to_c_order(stored: &[f64], shape: &[usize]) -> Vec<f64> {
    let mut strides = vec![1; shape.len()];
    for axis in 1..shape.len() {
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    }
    let mut index = vec![0; shape.len()];
    let mut from = 0;
    let mut values = Vec::with_capacity(stored.len());
    for _ in 0..stored.len() {
        values.push(stored[from]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            from += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            from -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    values
}

#[cfg(test)]
pub mod tests;
