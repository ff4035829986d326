//! The types of elements that are read, and how each becomes float64.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    Bool,
    Signed,
    Unsigned,
    Float,
}

#[derive(Debug, Clone, Copy)]
pub struct Element {
    number: Number,
    pub bytes: usize,
    big_endian: bool,
}

impl Element {
    /// By NumPy's type string: `<f8`, `|b1`, `>i4`.
    pub fn find(code: &str) -> Option<Element> {
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

    pub fn value(self, chunk: &[u8]) -> f64 {
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
