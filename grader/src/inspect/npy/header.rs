//! The header: the text of a Python dictionary, read without a parser of Python.

pub struct Header {
    pub dtype: String,
    pub fortran: bool,
    pub shape: Vec<i128>,
}

impl Header {
    /// `None` where the text is no header.
    pub fn read(text: &str) -> Option<Header> {
        Cursor { rest: text }.header()
    }
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
