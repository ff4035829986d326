//! What is wrong with a list of layers, in both languages: a student may have
//! written it.

mod en;
mod id;

use crate::language::Language;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArchitectureFault {
    /// `None`: it is about the list as a whole.
    pub layer: Option<Box<Place>>,
    pub what: Wrong,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Counted from 0, as in `state_dict()`.
    pub position: usize,
    pub name: Option<String>,
    pub kind: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Wrong {
    Toml {
        line: usize,
        detail: String,
    },
    NoLayers,
    TooManyLayers,
    UnknownKind {
        kind: String,
        known: Vec<String>,
    },
    KeyMissing {
        key: String,
    },
    UnknownKey {
        key: String,
        known: Vec<String>,
    },
    BadValue {
        key: String,
        expected: Expected,
    },
    BadName,
    NameTwice {
        name: String,
    },
    /// `add` names a layer that does not stand before it.
    NameUnknown {
        name: String,
        known: Vec<String>,
    },
    /// Shapes are of one example, without the batch axis.
    Input {
        expected: InputForm,
        got: Vec<usize>,
    },
    /// A window is longer than the axis with its padding.
    Window {
        window: usize,
        padded: usize,
    },
    /// A transposed convolution leaves nothing after its padding.
    Nothing,
    PoolPadding {
        most: usize,
    },
    OutputPadding {
        below: usize,
    },
    Groups {
        groups: usize,
        inputs: usize,
        outputs: usize,
    },
    /// `unflatten` cannot fill this shape with so many elements.
    Elements {
        shape: Vec<usize>,
        length: usize,
    },
    AddShapes {
        name: String,
        theirs: Vec<usize>,
        ours: Vec<usize>,
    },
    TooLarge,
    OverCap {
        quantity: Quantity,
        found: u64,
        cap: u64,
    },
    /// The network's output is not what the problem asks for.
    Output {
        expected: Vec<usize>,
        got: Vec<usize>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Expected {
    Text,
    Flag,
    Integer,
    Size { least: usize },
    Number { low: f64, high: f64 },
    Window { axes: usize, least: usize },
    Shape,
    Axis { axes: usize },
    OneOf { texts: Vec<String> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InputForm {
    /// Channels and so many axes.
    Channels {
        axes: usize,
    },
    FeaturesOrSignal,
    /// `(steps, features)`.
    Sequence,
    /// One axis.
    Flat,
    AtLeastOneAxis,
    AtLeastAxes {
        axes: usize,
    },
    /// Integers to look up.
    Ids,
    /// Anything but ids.
    Numbers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    Parameters,
    Flops,
    ActivationBytes,
}

impl From<Wrong> for ArchitectureFault {
    fn from(what: Wrong) -> ArchitectureFault {
        ArchitectureFault { layer: None, what }
    }
}

impl fmt::Display for ArchitectureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl std::error::Error for ArchitectureFault {}

/// `(8, 3, 3)`; `(8,)` for one axis, as Python writes it.
pub(in crate::architecture) fn shape(shape: &[usize]) -> String {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    match shape.len() {
        1 => format!("({},)", lengths[0]),
        _ => format!("({})", lengths.join(", ")),
    }
}

impl ArchitectureFault {
    /// Where, what, and what was expected.
    pub fn text(&self, language: Language) -> String {
        let what = match language {
            Language::Id => id::text(&self.what),
            Language::En => en::text(&self.what),
        };
        let Some(place) = &self.layer else {
            return what;
        };
        let word = match language {
            Language::Id => "lapisan",
            Language::En => "layer",
        };
        let name = place.name.as_ref();
        let name = name.map_or_else(String::new, |name| format!(" “{name}”"));
        format!("{word} {}{name} ({}): {what}", place.position, place.kind)
    }
}
