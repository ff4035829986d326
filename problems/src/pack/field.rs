//! What a field of kind `answer` takes: numbers, whole numbers, a choice, a shape,
//! or a trace (a table of steps).
//!
//! Whatever is typed becomes numbers, and so is what the reference gives: a choice
//! is the index of its option, several choices are a vector of 0 and 1, a shape is
//! the vector of its extents, a trace a matrix with a row for each step. So right
//! answers, misconceptions and what follows from earlier values are compared in one
//! way for all of them.

use super::model::Field;
use crate::answer::{Closeness, accepted_deviation, compare_cell};
use crate::ids::FieldName;
use crate::language::Localized;

#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// To the field's decimals.
    Number,
    /// Whole numbers, exactly.
    Integer,
    /// As NumPy writes it: `(32, 10)`.
    Shape,
    Choice(Choice),
    Trace(Trace),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// In the order of the form; the reference counts them from 0.
    pub options: Vec<ChoiceOption>,
    /// Any number of options, none included.
    pub multiple: bool,
    /// Its verdict is kept back, and its points are given only with a whole that is
    /// right: a choice that is told right or wrong at once is found by trying.
    pub withheld: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceOption {
    /// What the form sends.
    pub name: FieldName,
    pub text: Localized,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Shown in front of each row, not typed.
    pub given: Vec<GivenColumn>,
    /// What is typed, from left to right.
    pub columns: Vec<TraceColumn>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct GivenColumn {
    pub label: String,
    /// One for each row.
    pub values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TraceColumn {
    pub label: String,
    pub precision: Precision,
}

/// How exact a cell must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Precision {
    pub decimals: u32,
    pub slack_units: f64,
    /// A whole number, exactly.
    pub integer: bool,
}

/// Values of a reference come from floating-point arithmetic.
const WHOLE: f64 = 1e-6;

impl Precision {
    pub fn compare(self, got: f64, expected: f64) -> Closeness {
        match self.integer {
            true if (got - expected).abs() < WHOLE => Closeness::Right,
            true => Closeness::Wrong,
            false => compare_cell(got, expected, self.decimals, self.slack_units),
        }
    }
}

impl Precision {
    /// How far off a value is, in multiples of what is accepted: 1 or less is right.
    pub fn excess(self, got: f64, expected: f64) -> f64 {
        if self.integer {
            return match self.compare(got, expected) {
                Closeness::Right => 0.0,
                _ => f64::INFINITY,
            };
        }
        let excess = (got - expected).abs() / accepted_deviation(self.decimals, self.slack_units);
        if excess.is_nan() {
            f64::INFINITY
        } else {
            excess
        }
    }
}

impl Entry {
    pub fn find_choice(&self) -> Option<&Choice> {
        match self {
            Entry::Choice(choice) => Some(choice),
            _ => None,
        }
    }

    pub fn find_trace(&self) -> Option<&Trace> {
        match self {
            Entry::Trace(trace) => Some(trace),
            _ => None,
        }
    }
}

impl Field {
    /// How exact the cell at this index (C order) must be.
    pub fn precision(&self, index: usize) -> Precision {
        let whole = Precision {
            decimals: 0,
            slack_units: 0.0,
            integer: true,
        };
        match &self.entry {
            Entry::Number => Precision {
                decimals: self.decimals,
                slack_units: self.slack_units,
                integer: false,
            },
            Entry::Integer | Entry::Choice(_) | Entry::Shape => whole,
            Entry::Trace(trace) => trace
                .columns
                .get(index % trace.columns.len().max(1))
                .map_or(whole, |column| column.precision),
        }
    }

    /// Whether values, typed or computed, are what this field asks for.
    pub fn agrees(&self, got: &[f64], expected: &[f64]) -> bool {
        let pairs = got.iter().zip(expected).enumerate();
        got.len() == expected.len()
            && pairs
                .into_iter()
                .all(|(index, (&g, &e))| self.precision(index).compare(g, e) == Closeness::Right)
    }

    /// As [`Precision::excess`] of the cell that is furthest off; infinite where there
    /// are more or fewer.
    pub fn excess(&self, got: &[f64], expected: &[f64]) -> f64 {
        if got.len() != expected.len() {
            return f64::INFINITY;
        }
        let pairs = got.iter().zip(expected).enumerate();
        pairs
            .map(|(index, (&g, &e))| self.precision(index).excess(g, e))
            .fold(0.0, f64::max)
    }

    /// Whether the reference may give an array of this shape.
    pub fn admits(&self, shape: &[usize]) -> bool {
        match self.entry {
            Entry::Shape => shape.len() == 1,
            _ => shape == self.shape,
        }
    }

    /// Whether its verdict and points wait until the whole is right.
    pub fn is_withheld(&self) -> bool {
        self.entry
            .find_choice()
            .is_some_and(|choice| choice.withheld)
    }

    /// The cells of several choices as the form sends them: the option's name where
    /// it is among `names`, else nothing. Other fields' cells are `names` as they are.
    pub fn cells_of(&self, names: Vec<String>) -> Vec<String> {
        match self.entry.find_choice() {
            Some(choice) if choice.multiple => choice
                .options
                .iter()
                .map(|option| {
                    let chosen = names.iter().any(|name| name == option.name.as_str());
                    if chosen {
                        option.name.to_string()
                    } else {
                        String::new()
                    }
                })
                .collect(),
            _ => names,
        }
    }
}
