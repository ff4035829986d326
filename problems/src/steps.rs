//! Where a wrong answer leaves the right way: the steps of the right
//! computation beside what was handed in.

use crate::shown::ShownValue;
use serde::{Deserialize, Serialize};

/// One step, complete; what of it a viewer may see is decided where it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepReport {
    /// As the pack's trace names it.
    pub name: String,
    pub state: StepState,
    /// The student's own values; `None` where none are asked for or can be read.
    pub got: Option<ShownValue>,
    pub expected: ShownValue,
    /// Flat index (C order) of the element that is furthest off.
    pub worst: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Right,
    /// Not the right value, but what follows from the student's earlier ones.
    Follows,
    Wrong,
    /// A field that was left empty or holds no numbers.
    Unread,
    /// A value in between that no field asks for.
    NotAsked,
}
