//! What a supervisor and an inspecting process say to each other.

use gradien_problems::message::FileFault;
use gradien_problems::pack::{ColumnKind, TableFormat};
use serde::{Deserialize, Serialize};

/// The first word of the process, once it is locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    pub version: String,
    /// The walls that the machine gave, one line each.
    pub walls: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    Table {
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
        spec: TableSpec,
    },
    Notebook {
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
}

/// What a table must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSpec {
    pub format: TableFormat,
    /// In the order of the values in the reply; of kind id at most one.
    pub columns: Vec<ColumnSpec>,
    /// The rows that are asked for, by their ids and in the order of the reply.
    /// `None`: any, but no id twice. Arrays have no ids: their rows are counted.
    pub ids: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSpec {
    pub name: String,
    pub kind: ColumnKind,
    /// Of kind label: those that there are, in the order of their numbers.
    pub classes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    Table(Table),
    /// The cells with code, in their order.
    Notebook {
        cells: Vec<Cell>,
    },
    /// All that is wrong, the first so many in full.
    Faults {
        faults: Vec<FileFault>,
        more: u64,
    },
}

/// Rows in the order that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Empty for arrays.
    pub ids: Vec<String>,
    /// Of each column but the id, in the order of the request.
    pub columns: Vec<Values>,
    /// For each row its place in the file, counted from 0.
    pub places: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Values {
    /// Which of the column's classes.
    Classes(Vec<u32>),
    /// Finite ones.
    Numbers(Vec<f64>),
}

impl Values {
    pub fn len(&self) -> usize {
        match self {
            Values::Classes(values) => values.len(),
            Values::Numbers(values) => values.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A cell with code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Counted from 1 over all kinds of cells.
    pub number: u64,
    pub source: String,
}
