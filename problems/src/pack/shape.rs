//! Shapes of drawn inputs: extents are numbers, names of dimensions, or sums of
//! both (`"m + n"`), and each dimension is drawn from a range per case.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The extent of one axis: a constant plus named dimensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    pub constant: usize,
    /// In the order written; a name may stand twice.
    pub names: Vec<String>,
}

/// Dimension name → inclusive range, both ends at least 1.
pub type Dims = BTreeMap<String, (usize, usize)>;

impl Extent {
    /// The extent under drawn dimensions; `None` if a name is not among them.
    pub fn resolve(&self, dims: &BTreeMap<String, usize>) -> Option<usize> {
        self.names
            .iter()
            .try_fold(self.constant, |sum, name| Some(sum + dims.get(name)?))
    }
}

impl FromStr for Extent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut extent = Extent {
            constant: 0,
            names: Vec::new(),
        };
        for term in text.split('+').map(str::trim) {
            let is_name = term.starts_with(|c: char| c.is_ascii_alphabetic())
                && term.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if let Ok(number) = term.parse::<u32>() {
                extent.constant += number as usize;
            } else if is_name {
                extent.names.push(term.to_owned());
            } else {
                return Err(format!(
                    "“{text}” is no extent; expected a number, the name of a dimension, or a sum of them such as “m + n”"
                ));
            }
        }
        Ok(extent)
    }
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut terms = self.names.clone();
        if self.constant > 0 || terms.is_empty() {
            terms.push(self.constant.to_string());
        }
        f.write_str(&terms.join(" + "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_are_sums_of_names_and_numbers() {
        let dims = BTreeMap::from([("m".to_owned(), 3), ("n".to_owned(), 2)]);
        for (text, size) in [
            ("4", Some(4)),
            ("m", Some(3)),
            ("m + n", Some(5)),
            ("m+1", Some(4)),
            ("k", None),
        ] {
            assert_eq!(
                text.parse::<Extent>().unwrap().resolve(&dims),
                size,
                "{text}"
            );
        }
        for bad in ["", "m*n", "-1", "m +", "1x"] {
            assert!(bad.parse::<Extent>().is_err(), "{bad}");
        }
    }
}
