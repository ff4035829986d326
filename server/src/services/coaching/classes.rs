//! A class: every student's progress on every problem, by the same rule that
//! shows students their own.

use super::Coaching;
use crate::db;
use crate::db::DbError;
use crate::services::Result;
use crate::services::accounts::Role;
use crate::services::problems::Status;
use crate::services::progress::{OwnProgress, ProgressByProblem};
use crate::services::sessions::Viewer;
use crate::services::visibility;
use gradien_problems::pack::Pack;
use gradien_problems::{Score, Verdict};
use std::sync::Arc;

/// Students × problems.
#[derive(Debug, Clone)]
pub struct ClassTable {
    /// The published ones, in the order of the module.
    pub problems: Vec<Arc<Pack>>,
    /// By display name.
    pub students: Vec<Student>,
}

#[derive(Debug, Clone)]
pub struct Student {
    pub username: String,
    pub display_name: String,
    /// One for each problem of the table.
    pub progress: Vec<OwnProgress>,
    pub total: Score,
    pub solved: usize,
}

impl Coaching {
    /// # Errors
    /// [`crate::services::ServiceError::Forbidden`].
    pub async fn class(&self, viewer: &Viewer) -> Result<ClassTable> {
        visibility::require_coach(viewer)?;
        let problems: Vec<Arc<Pack>> = self
            .problems
            .list(Some(viewer))
            .into_iter()
            .filter(|view| view.status == Status::Published)
            .map(|view| view.pack)
            .collect();
        let mut students = Vec::new();
        for user in db::users::list_with_role(self.db.read(), Role::Student.name()).await? {
            let id = user.id.parse();
            let id = id.map_err(|_| DbError::Malformed { what: "user id" })?;
            let all =
                ProgressByProblem::read(&self.db, id, problems.iter().map(|pack| &**pack)).await?;
            let progress: Vec<OwnProgress> = problems.iter().map(|pack| all.of(pack)).collect();
            students.push(Student {
                username: user.username,
                display_name: user.display_name,
                total: progress.iter().map(|own| own.best).sum(),
                solved: progress.iter().filter(|own| own.solved()).count(),
                progress,
            });
        }
        students.sort_by_key(|student| {
            (
                student.display_name.to_lowercase(),
                student.username.clone(),
            )
        });
        Ok(ClassTable { problems, students })
    }
}

/// Verdicts that are no attempt of the student's.
pub(super) fn refunded(verdict: &str) -> bool {
    Verdict::from_code(verdict).is_some_and(Verdict::refunds_attempt)
}
