//! What is left over: by a server that stopped, by nobody who decided.

use super::{State, Uploads, malformed};
use crate::db;
use crate::db::entity::upload::Model;
use crate::services::{Result, ServiceError};
use std::path::PathBuf;

/// What waits for a decision is removed after this long.
const KEPT_MS: i64 = 7 * 24 * 3600 * 1000;

impl Uploads {
    /// At the start of a server: what an earlier process had under way was broken
    /// off, and what it received but did not note is gone. Gives the number of the
    /// former.
    pub async fn interrupt(&self) -> Result<usize> {
        let under_way = [State::Unpacking.name(), State::Proving.name()];
        let txn = self.db.begin_write().await?;
        let rows = db::uploads::list_in(&*txn, &under_way).await?;
        let count = rows.len();
        for row in rows {
            let ended = Model {
                state: State::Interrupted.name().into(),
                ended_at_ms: Some(self.clock.now_ms()),
                ..row
            };
            db::uploads::save(&*txn, ended).await?;
        }
        txn.commit().await?;
        self.remove_stray_folders().await?;
        Ok(count)
    }

    /// Discards what waited too long for a decision. Gives its number.
    pub async fn remove_old(&self) -> Result<usize> {
        let waiting: Vec<&str> = State::ALL
            .into_iter()
            .filter(|state| state.keeps_files() && !state.is_under_way())
            .map(State::name)
            .collect();
        let before_ms = self.clock.now_ms() - KEPT_MS;
        let mut removed = 0;
        for row in db::uploads::list_in(self.db.read(), &waiting).await? {
            if row.created_at_ms < before_ms {
                let id = row.id.parse().map_err(|_| malformed("upload id"))?;
                let state = State::from_name(&row.state).ok_or(malformed("upload state"))?;
                self.end(id, state, State::Discarded).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Folders that no row waits for.
    async fn remove_stray_folders(&self) -> Result<()> {
        let names: Vec<&str> = State::ALL
            .into_iter()
            .filter(|state| state.keeps_files())
            .map(State::name)
            .collect();
        let rows = db::uploads::list_in(self.db.read(), &names).await?;
        let mut entries = match tokio::fs::read_dir(&self.folder).await {
            Ok(entries) => entries,
            // Nobody has ever uploaded anything.
            Err(_) => return Ok(()),
        };
        let at = |source| ServiceError::File {
            path: self.folder.clone(),
            source,
        };
        while let Some(entry) = entries.next_entry().await.map_err(at)? {
            let name = entry.file_name();
            if !rows.iter().any(|row| name == row.id.as_str()) {
                remove(entry.path()).await;
            }
        }
        Ok(())
    }
}

/// What cannot be removed is logged: it takes room and does no other harm.
pub(super) async fn remove(path: PathBuf) {
    match tokio::fs::remove_dir_all(&path).await {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            tracing::error!(path = %path.display(), %error, "an upload's folder stays");
        }
    }
}
