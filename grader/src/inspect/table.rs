//! Values as a column asks for them, from text or from numbers.

use super::wire::{ColumnSpec, Values};
use gradien_problems::message::Found;
use gradien_problems::pack::ColumnKind;
use std::collections::HashMap;

/// Beyond it a float64 no longer tells neighbouring integers apart.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Why a value is none of its column's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    NotANumber,
    NotAnInteger,
    NotFinite,
    NotAProbability,
    UnknownLabel,
}

/// A column that is being filled.
pub struct Column<'a> {
    pub spec: &'a ColumnSpec,
    classes: HashMap<&'a str, u32>,
    values: Values,
}

impl<'a> Column<'a> {
    pub fn new(spec: &'a ColumnSpec) -> Column<'a> {
        let classes = spec.classes.iter().zip(0..);
        Column {
            spec,
            classes: classes
                .map(|(name, index)| (name.as_str(), index))
                .collect(),
            values: match spec.kind {
                ColumnKind::Label => Values::Classes(Vec::new()),
                _ => Values::Numbers(Vec::new()),
            },
        }
    }

    /// The labels that there are.
    pub fn known(&self) -> Found {
        let found = Found::of(self.spec.classes.iter().map(String::as_str));
        found.unwrap_or(Found {
            first: Vec::new(),
            count: 0,
        })
    }

    pub fn push(&mut self, text: &str) -> Result<(), Wrong> {
        if self.spec.kind == ColumnKind::Label {
            return self.push_label(text);
        }
        let number: f64 = text.parse().map_err(|_| Wrong::NotANumber)?;
        self.push_number(number)
    }

    pub fn push_number(&mut self, number: f64) -> Result<(), Wrong> {
        if !number.is_finite() {
            return Err(Wrong::NotFinite);
        }
        let whole = number.fract() == 0.0 && number.abs() <= EXACT;
        match self.spec.kind {
            ColumnKind::Label if whole => return self.push_label(&format!("{}", number as i64)),
            ColumnKind::Label => return Err(Wrong::UnknownLabel),
            ColumnKind::Int if !whole => return Err(Wrong::NotAnInteger),
            ColumnKind::Probability if !(0.0..=1.0).contains(&number) => {
                return Err(Wrong::NotAProbability);
            }
            _ => {}
        }
        if let Values::Numbers(numbers) = &mut self.values {
            numbers.push(number);
        }
        Ok(())
    }

    fn push_label(&mut self, text: &str) -> Result<(), Wrong> {
        let class = *self.classes.get(text).ok_or(Wrong::UnknownLabel)?;
        if let Values::Classes(classes) = &mut self.values {
            classes.push(class);
        }
        Ok(())
    }

    /// The values of these rows, where nothing was wrong.
    pub fn take(self, places: &[u32]) -> Values {
        fn pick<T: Copy>(values: &[T], places: &[u32]) -> Vec<T> {
            places.iter().map(|&row| values[row as usize]).collect()
        }
        match &self.values {
            Values::Classes(classes) => Values::Classes(pick(classes, places)),
            Values::Numbers(numbers) => Values::Numbers(pick(numbers, places)),
        }
    }

    pub fn into_values(self) -> Values {
        self.values
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::inspect::TableSpec;
    use gradien_problems::pack::TableFormat;

    pub fn column(name: &str, kind: ColumnKind, classes: &[&str]) -> ColumnSpec {
        ColumnSpec {
            name: name.into(),
            kind,
            classes: classes.iter().map(|class| class.to_string()).collect(),
        }
    }

    /// `id, p` with these ids.
    pub fn predictions(ids: &[&str]) -> TableSpec {
        TableSpec {
            format: TableFormat::Csv,
            columns: vec![
                column("id", ColumnKind::Id, &[]),
                column("p", ColumnKind::Probability, &[]),
            ],
            ids: Some(ids.iter().map(|id| id.to_string()).collect()),
        }
    }

    /// `id, split, y` with any ids.
    pub fn labels() -> TableSpec {
        TableSpec {
            format: TableFormat::Csv,
            columns: vec![
                column("id", ColumnKind::Id, &[]),
                column("split", ColumnKind::Label, &["A", "B"]),
                column("y", ColumnKind::Label, &["cat", "dog"]),
            ],
            ids: None,
        }
    }

    #[test]
    fn each_kind_takes_its_own_values() {
        let push = |kind, classes: &[&str], text: &str| {
            let spec = column("y", kind, classes);
            Column::new(&spec).push(text)
        };
        for (kind, text, expected) in [
            (ColumnKind::Float, "-1e-3", Ok(())),
            (ColumnKind::Float, "1,5", Err(Wrong::NotANumber)),
            (ColumnKind::Float, "", Err(Wrong::NotANumber)),
            (ColumnKind::Float, "inf", Err(Wrong::NotFinite)),
            (ColumnKind::Float, "1e999", Err(Wrong::NotFinite)),
            (ColumnKind::Int, "3.0", Ok(())),
            (ColumnKind::Int, "3.5", Err(Wrong::NotAnInteger)),
            (ColumnKind::Probability, "1", Ok(())),
            (ColumnKind::Probability, "-0.1", Err(Wrong::NotAProbability)),
            (ColumnKind::Label, "1", Ok(())),
            (ColumnKind::Label, "1.0", Err(Wrong::UnknownLabel)),
        ] {
            assert_eq!(push(kind, &["0", "1"], text), expected, "{kind:?} {text}");
        }
        let spec = column("y", ColumnKind::Label, &["0", "1"]);
        let mut labels = Column::new(&spec);
        assert_eq!(labels.push_number(1.0), Ok(()));
        assert_eq!(labels.push_number(0.5), Err(Wrong::UnknownLabel));
        assert_eq!(labels.push_number(2.0), Err(Wrong::UnknownLabel));
        assert_eq!(labels.into_values(), Values::Classes(vec![1]));
    }
}
