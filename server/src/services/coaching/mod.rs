//! What coaches are shown of problems and classes. Everything here is refused to
//! whoever is no coach ([`visibility::require_coach`](super::visibility)).

mod archive;
mod changes;
mod classes;
mod insight;

pub use changes::{Change, FileChange, Hunk, Line, LineKind};
pub use classes::{ClassTable, Student};
pub use insight::{Bar, Histogram, Insight, Quartiles, Topic};

use super::problems::Problems;
use crate::db::Database;

#[derive(Clone)]
pub struct Coaching {
    db: Database,
    problems: Problems,
}

impl Coaching {
    pub(super) fn new(db: Database, problems: Problems) -> Coaching {
        Coaching { db, problems }
    }
}
