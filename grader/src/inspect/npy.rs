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

use super::faults::Faults;
use super::table::{Column, Wrong};
use super::wire::{Table, TableSpec};
use gradien_problems::message::{FileFault, Wanted};
use gradien_problems::shown::shape_text;

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
    let header = Cursor { rest: header }.header().ok_or_else(broken)?;
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    Bool,
    Signed,
    Unsigned,
    Float,
}

#[derive(Debug, Clone, Copy)]
struct Element {
    number: Number,
    bytes: usize,
    big_endian: bool,
}

impl Element {
    /// By NumPy's type string: `<f8`, `|b1`, `>i4`.
    fn find(code: &str) -> Option<Element> {
        let (big_endian, code) = match code.strip_prefix('>') {
            Some(code) => (true, code),
            None => (false, code.strip_prefix(['<', '|', '=']).unwrap_or(code)),
        };
        let (number, bytes) = match code {
            "b1" | "?" => (Number::Bool, 1),
            "i1" | "i2" | "i4" | "i8" => (Number::Signed, code[1..].parse().ok()?),
            "u1" | "u2" | "u4" | "u8" => (Number::Unsigned, code[1..].parse().ok()?),
            "f2" | "f4" | "f8" => (Number::Float, code[1..].parse().ok()?),
            _ => return None,
        };
        Some(Element {
            number,
            bytes,
            big_endian,
        })
    }

    fn value(self, chunk: &[u8]) -> f64 {
        let mut bytes = [0; 8];
        for (at, byte) in bytes.iter_mut().enumerate().take(self.bytes) {
            *byte = match self.big_endian {
                true => chunk[self.bytes - 1 - at],
                false => chunk[at],
            };
        }
        let bits = u64::from_le_bytes(bytes);
        match (self.number, self.bytes) {
            (Number::Bool, _) => f64::from(u8::from(bits != 0)),
            (Number::Unsigned, _) => bits as f64,
            (Number::Signed, bytes) => {
                let unused = 64 - 8 * bytes as u32;
                ((bits << unused) as i64 >> unused) as f64
            }
            (Number::Float, 2) => half::f16::from_bits(bits as u16).to_f64(),
            (Number::Float, 4) => f32::from_bits(bits as u32).into(),
            (Number::Float, _) => f64::from_bits(bits),
        }
    }
}

struct Header {
    dtype: String,
    fortran: bool,
    shape: Vec<i128>,
}

/// Reads the header's dictionary; `None` wherever it has not its form.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn header(mut self) -> Option<Header> {
        let (mut dtype, mut fortran, mut shape) = (None, None, None);
        self.token("{")?;
        while self.token("}").is_none() {
            let key = self.text()?;
            self.token(":")?;
            let is_new = match key {
                "descr" => dtype.replace(self.dtype()?).is_none(),
                "fortran_order" => fortran.replace(self.boolean()?).is_none(),
                "shape" => shape.replace(self.tuple()?).is_none(),
                _ => false,
            };
            if !is_new {
                return None;
            }
            if self.token(",").is_none() {
                self.token("}")?;
                break;
            }
        }
        self.space();
        self.rest.is_empty().then_some(())?;
        Some(Header {
            dtype: dtype?,
            fortran: fortran?,
            shape: shape?,
        })
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\t', '\r']);
    }

    fn token(&mut self, token: &str) -> Option<()> {
        self.space();
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    fn text(&mut self) -> Option<&'a str> {
        self.space();
        let quote = self
            .rest
            .chars()
            .next()
            .filter(|c| matches!(c, '\'' | '"'))?;
        let (text, rest) = self.rest[1..].split_once(quote)?;
        self.rest = rest;
        (!text.contains('\\')).then_some(text)
    }

    /// A type string, or the list of fields of a record, which is not read.
    fn dtype(&mut self) -> Option<String> {
        if self.token("[").is_none() {
            return self.text().map(str::to_owned);
        }
        let mut depth = 1;
        while depth > 0 {
            match self.token("[").is_some() || self.token("(").is_some() {
                true => depth += 1,
                false if self.token("]").is_some() || self.token(")").is_some() => depth -= 1,
                false if self.token(",").is_some() => {}
                false if self.text().is_some() => {}
                false => drop(self.integer()?),
            }
        }
        Some("[(…)]".to_owned())
    }

    fn boolean(&mut self) -> Option<bool> {
        if self.token("True").is_some() {
            return Some(true);
        }
        self.token("False").map(|()| false)
    }

    fn tuple(&mut self) -> Option<Vec<i128>> {
        let mut extents = Vec::new();
        self.token("(")?;
        while self.token(")").is_none() {
            extents.push(self.integer()?);
            if self.token(",").is_none() {
                self.token(")")?;
                break;
            }
        }
        Some(extents)
    }

    /// With the `L` that Python 2 wrote.
    fn integer(&mut self) -> Option<i128> {
        self.space();
        let digits = self.rest.strip_prefix('-').unwrap_or(self.rest);
        let sign = self.rest.len() - digits.len();
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let (number, rest) = self.rest.split_at(sign + end.unwrap_or(digits.len()));
        self.rest = rest.strip_prefix('L').unwrap_or(rest);
        number.parse().ok()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A file of version 1.0, its header padded as NumPy pads it.
    pub fn npy(header: &str, data: &[u8]) -> Vec<u8> {
        let padding = 64 - (10 + header.len() + 1) % 64;
        let header = format!("{header}{}\n", " ".repeat(padding));
        let length = (header.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), data].concat()
    }

    pub fn dict(dtype: &str, fortran: bool, shape: &str) -> String {
        let fortran = if fortran { "True" } else { "False" };
        format!("{{'descr': {dtype}, 'fortran_order': {fortran}, 'shape': {shape}, }}")
    }

    fn of(dtype: &str, fortran: bool, shape: &str, data: &[u8]) -> Result<Numbers, FileFault> {
        read(&npy(&dict(dtype, fortran, shape), data), "x", "NPY")
    }

    #[test]
    fn every_order_and_type_gives_the_same_numbers() {
        let all = |values: &[i16], big: bool| -> Vec<u8> {
            let bytes = values.iter().flat_map(|v| match big {
                true => v.to_be_bytes(),
                false => v.to_le_bytes(),
            });
            bytes.collect()
        };
        let expected = Numbers {
            shape: vec![2, 3],
            values: vec![-1.0, 2.0, 3.0, 4.0, 5.0, 600.0],
        };
        let rows = all(&[-1, 2, 3, 4, 5, 600], false);
        assert_eq!(of("'<i2'", false, "(2, 3)", &rows), Ok(expected.clone()));
        let columns = all(&[-1, 4, 2, 5, 3, 600], true);
        assert_eq!(of("'>i2'", true, "(2, 3)", &columns), Ok(expected));
        for (dtype, data, value) in [
            ("'<f8'", &1.5f64.to_le_bytes()[..], 1.5),
            ("'>f4'", &1.5f32.to_be_bytes(), 1.5),
            ("'<f2'", &0x3e00u16.to_le_bytes(), 1.5),
            ("'|b1'", &[1], 1.0),
            ("'|u1'", &[255], 255.0),
            ("'|i1'", &[255], -1.0),
            ("'<u8'", &u64::MAX.to_le_bytes(), u64::MAX as f64),
        ] {
            let read = of(dtype, false, "()", data).unwrap();
            assert_eq!((read.values, read.shape), (vec![value], vec![]), "{dtype}");
        }
        assert_eq!(of("'<f8'", true, "(0, 3)", &[]).unwrap().shape, [0, 3]);
    }

    #[test]
    fn what_is_no_array_of_numbers_is_named() {
        use FileFault::*;
        let eight = &[0; 8];
        assert!(matches!(
            of("'|O'", false, "(1,)", eight),
            Err(Objects { .. })
        ));
        for dtype in [
            "'<c16'",
            "'<U5'",
            "'<M8[ns]'",
            "[('a', '<f4'), ('b', '<f4', (2,))]",
        ] {
            let read = of(dtype, false, "(1,)", eight);
            assert!(
                matches!(read, Err(UnsupportedType { .. })),
                "{dtype} {read:?}"
            );
        }
        for shape in [
            "(-1,)",
            "(2,)",
            "(18446744073709551616,)",
            "(4294967296, 4294967296, 4294967296)",
            "(0, 99999999999999)",
            "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)",
        ] {
            let read = of("'<f8'", false, shape, eight);
            assert!(matches!(read, Err(BadShape { .. })), "{shape} {read:?}");
        }
        let good = dict("'<f8'", false, "(1,)");
        for header in [
            "",
            "{}",
            "{'descr': '<f8', 'fortran_order': False}",
            &good.replace("False", "0"),
            &good.replace("'shape'", "'shape': (1,), 'shape'"),
            &good.replace("(1,)", "(1, ((((((()))))))"),
            &good.replace("(1,)", "__import__('os')"),
            &format!("{good} + 1"),
            &format!("{good}{}", " ".repeat(20_000)),
        ] {
            let read = read(&npy(header, eight), "x", "NPY");
            assert!(matches!(read, Err(NotArrays { .. })), "{header} {read:?}");
        }
        let whole = npy(&good, eight);
        for cut in 0..whole.len() {
            assert!(read(&whole[..cut], "x", "NPY").is_err(), "{cut}");
        }
        assert!(read(&whole, "x", "NPY").is_ok());
    }
}
