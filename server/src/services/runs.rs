//! *Run*: a program on visible samples or own input, without a verdict. Nothing
//! of it is kept.

use super::grader::Grader;
use super::problems::Problems;
use super::sessions::Viewer;
use super::{Result, ServiceError};
use gradien_problems::pack::Kind;
use gradien_problems::protocol::{MAX_SOURCE_BYTES, RunInput};
use gradien_problems::report::RunReport;
use gradien_problems::{PackHash, PackSlug};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ids::UserId;

#[derive(Clone)]
pub struct Runs {
    problems: Problems,
    grader: Grader,
    /// Who has a run under way: one each, so that nobody fills the line.
    running: Arc<Mutex<HashSet<UserId>>>,
}

impl Runs {
    pub(super) fn new(problems: Problems, grader: Grader) -> Runs {
        Runs {
            problems,
            grader,
            running: Arc::default(),
        }
    }

    /// Runs by the present version, or by the one that a coach tries.
    ///
    /// # Errors
    /// The problem asks for no program, the source is empty or too long, the
    /// viewer has a run under way already or the line is full
    /// ([`ServiceError::Busy`]), it took too long, or the grader failed.
    pub async fn run(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        version: Option<&PackHash>,
        source: String,
        input: RunInput,
    ) -> Result<RunReport> {
        let problem = self.problems.get_to_try(Some(viewer), slug, version);
        let pack = problem.await?.pack;
        if !matches!(pack.kind, Kind::Function(_)) {
            return Err(ServiceError::WrongKind);
        }
        let own_bytes = match &input {
            RunInput::Samples => 0,
            RunInput::Own { code } => code.len(),
        };
        if source.len() > MAX_SOURCE_BYTES || own_bytes > MAX_SOURCE_BYTES {
            return Err(ServiceError::SourceTooLong {
                limit_bytes: MAX_SOURCE_BYTES,
            });
        }
        if source.trim().is_empty() {
            return Err(ServiceError::SourceEmpty);
        }
        let _turn = Turn::take(&self.running, viewer.user.id).ok_or(ServiceError::Busy)?;
        self.grader
            .run(super::problems::pack_ref(&pack), source, input)
            .await
    }
}

/// A user's one run; given back when dropped, however it ends.
struct Turn {
    running: Arc<Mutex<HashSet<UserId>>>,
    user: UserId,
}

impl Turn {
    fn take(running: &Arc<Mutex<HashSet<UserId>>>, user: UserId) -> Option<Turn> {
        let mut users = running.lock().unwrap_or_else(PoisonError::into_inner);
        users.insert(user).then(|| Turn {
            running: running.clone(),
            user,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut users = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        users.remove(&self.user);
    }
}
