//! Packs that coaches send: taken in, unpacked, proved, installed as drafts.
//!
//! Theory of operation. An upload is a stranger's bytes. They are written to a
//! folder of their own, `<data>/uploads/<id>/`, and nothing here reads them: the
//! grader unpacks the archive in a locked child ([`import`]) and proves the pack.
//! Only a pack that is proved is copied to where packs are installed, in one step;
//! every other end removes the folder and leaves a message in the row. Two ends
//! keep it, because there is something left to decide: a pack that was read but is
//! not proved may be kept as a draft, and what was broken off (the server stopped,
//! a fault of ours) may be tried again.
//!
//! The row says how far an upload is; how far its proof is, only memory knows.

mod cleaning;
mod import;
mod process;
mod receive;
mod seal;
#[cfg(test)]
mod tests;

pub use receive::Receiving;
pub use seal::is_drawn;

use super::clock::Clock;
use super::grader::Grader;
use super::problems::Problems;
use super::sessions::Viewer;
use super::visibility;
use super::{Result, ServiceError};
use crate::config::Config;
use crate::db::entity::upload::Model;
use crate::db::{self, Database, DbError};
use crate::ids::{UploadId, UserId};
use gradien_problems::language::Localized;
use gradien_problems::proof::Proof;
use gradien_problems::{PackHash, PackSlug};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

/// Uploads of one coach that may be under way at once.
const MAX_UNDER_WAY: u64 = 4;
/// Newest uploads that are listed.
const LISTED: u64 = 30;

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits to be unpacked, or is.
    Unpacking,
    /// It waits to be proved, or is.
    Proving,
    /// The archive, or the pack in it, cannot be read.
    Refused,
    /// The pack was read, but its proof found faults.
    Unproved,
    /// It is a version now.
    Installed,
    /// A coach did not want it, or nobody decided in time.
    Discarded,
    /// The server stopped meanwhile.
    Interrupted,
    /// By a fault of ours.
    Failed,
}

impl State {
    pub const ALL: [State; 8] = [
        State::Unpacking,
        State::Proving,
        State::Refused,
        State::Unproved,
        State::Installed,
        State::Discarded,
        State::Interrupted,
        State::Failed,
    ];

    /// As the database and style sheets have it.
    pub fn name(self) -> &'static str {
        match self {
            State::Unpacking => "unpacking",
            State::Proving => "proving",
            State::Refused => "refused",
            State::Unproved => "unproved",
            State::Installed => "installed",
            State::Discarded => "discarded",
            State::Interrupted => "interrupted",
            State::Failed => "failed",
        }
    }

    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    pub fn is_under_way(self) -> bool {
        matches!(self, State::Unpacking | State::Proving)
    }

    pub fn can_be_tried_again(self) -> bool {
        matches!(self, State::Interrupted | State::Failed)
    }

    /// Its files wait for what is decided.
    fn keeps_files(self) -> bool {
        self.is_under_way() || self.can_be_tried_again() || self == State::Unproved
    }
}

/// Why nothing came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    /// Where and what, as the grader says it.
    Archive { text: Localized },
    /// The same files are installed under another name.
    Elsewhere { slug: String },
}

/// How far a proof is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proving {
    pub done: u32,
    pub total: u32,
    pub what: String,
}

/// An upload as coaches see it.
#[derive(Debug, Clone)]
pub struct UploadView {
    pub id: UploadId,
    /// Display name.
    pub author: String,
    pub file_name: String,
    pub bytes: u64,
    pub created_at_ms: i64,
    pub state: State,
    /// A version that the server seals; nobody sent a file.
    pub sealed: bool,
    /// Of the pack in it, once unpacked.
    pub pack: Option<(PackSlug, PackHash)>,
    pub refusal: Option<Refusal>,
    pub proof: Option<Proof>,
    pub proving: Option<Proving>,
    pub incident: Option<String>,
}

#[derive(Clone)]
pub struct Uploads {
    db: Database,
    clock: Clock,
    problems: Problems,
    grader: Grader,
    program: PathBuf,
    folder: PathBuf,
    data: PathBuf,
    proving: Arc<Mutex<HashMap<UploadId, Proving>>>,
    /// Archives are unpacked one at a time.
    unpacking: Arc<Semaphore>,
    /// Where the work goes on while requests come and go.
    runtime: Handle,
}

impl Uploads {
    /// Must be called within a runtime.
    pub(super) fn new(
        db: Database,
        clock: Clock,
        config: &Config,
        problems: Problems,
        grader: Grader,
    ) -> Uploads {
        let folder = config.data.data.join("uploads");
        Uploads {
            db,
            clock,
            problems,
            grader,
            data: config.data.data.clone(),
            program: config.grader_path(),
            // Graders are told the folder, and they need not stand where we do.
            folder: std::path::absolute(&folder).unwrap_or(folder),
            proving: Arc::default(),
            unpacking: Arc::new(Semaphore::new(1)),
            runtime: Handle::current(),
        }
    }

    /// The newest uploads of all coaches.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub async fn list(&self, viewer: &Viewer) -> Result<Vec<UploadView>> {
        visibility::require_coach(viewer)?;
        let mut views = Vec::new();
        for row in db::uploads::list_newest(self.db.read(), LISTED).await? {
            views.push(self.view(row).await?);
        }
        Ok(views)
    }

    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn get(&self, viewer: &Viewer, id: UploadId) -> Result<UploadView> {
        visibility::require_coach(viewer)?;
        let row = db::uploads::find(self.db.read(), &id.to_string()).await?;
        self.view(row.ok_or(NOT_FOUND)?).await
    }

    /// Begins anew what was broken off.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] where it was not
    /// broken off; [`ServiceError::TooManyUploads`].
    pub async fn retry(&self, viewer: &Viewer, id: UploadId) -> Result<()> {
        visibility::require_coach(viewer)?;
        let txn = self.db.begin_write().await?;
        let mut row = find_in(&txn, id, State::can_be_tried_again).await?;
        self.check_room(&*txn, viewer).await?;
        // What is sealed was never packed.
        let first = match row.sealed {
            0 => State::Unpacking,
            _ => State::Proving,
        };
        row.state = first.name().into();
        row.ended_at_ms = None;
        row.incident = None;
        db::uploads::save(&*txn, row).await?;
        txn.commit().await?;
        self.begin(viewer, id);
        Ok(())
    }

    /// Installs a pack that is not proved as a draft all the same: it can be tried
    /// and read, not published.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] where there is no
    /// such choice; as [`Problems::install_draft`].
    pub async fn keep(&self, viewer: &Viewer, id: UploadId) -> Result<(PackSlug, PackHash)> {
        visibility::require_coach(viewer)?;
        let row = db::uploads::find(self.db.read(), &id.to_string()).await?;
        let row = row.filter(|row| row.state == State::Unproved.name() && row.sealed == 0);
        let row = row.ok_or(NOT_FOUND)?;
        let slug = row.slug.as_deref().ok_or(NOT_FOUND)?;
        let folder = self.pack_folder(id).join(slug);
        let installed = self
            .problems
            .install_draft(viewer, &folder, row.proof_json)
            .await?;
        self.end(id, State::Unproved, State::Installed).await?;
        Ok(installed)
    }

    /// Removes what waits for a decision.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] where nothing waits.
    pub async fn discard(&self, viewer: &Viewer, id: UploadId) -> Result<()> {
        let state = self.get(viewer, id).await?.state;
        if state.is_under_way() || !state.keeps_files() {
            return Err(NOT_FOUND);
        }
        self.end(id, state, State::Discarded).await
    }

    /// Moves an upload to its end, and removes its files.
    pub(super) async fn end(&self, id: UploadId, from: State, to: State) -> Result<()> {
        let txn = self.db.begin_write().await?;
        let mut row = find_in(&txn, id, |state| state == from).await?;
        row.state = to.name().into();
        row.ended_at_ms = Some(self.clock.now_ms());
        db::uploads::save(&*txn, row).await?;
        txn.commit().await?;
        self.remove_folder(id).await;
        Ok(())
    }

    async fn check_room(&self, db: &impl sea_orm::ConnectionTrait, viewer: &Viewer) -> Result<()> {
        let author = viewer.user.id.to_string();
        let under_way = [State::Unpacking.name(), State::Proving.name()];
        match db::uploads::count_of_author(db, &author, &under_way).await? {
            count if count >= MAX_UNDER_WAY => Err(ServiceError::TooManyUploads {
                limit: MAX_UNDER_WAY,
            }),
            _ => Ok(()),
        }
    }

    async fn view(&self, row: Model) -> Result<UploadView> {
        let id: UploadId = row.id.parse().map_err(|_| malformed("upload id"))?;
        let author: UserId = row.author_id.parse().map_err(|_| malformed("user id"))?;
        let author = db::users::find(self.db.read(), &author.to_string()).await?;
        let state = State::from_name(&row.state).ok_or(malformed("upload state"))?;
        let slug: Option<PackSlug> = row.slug.and_then(|slug| slug.parse().ok());
        let hash: Option<PackHash> = row.pack_hash.and_then(|hash| hash.parse().ok());
        Ok(UploadView {
            id,
            author: author.map(|user| user.display_name).unwrap_or_default(),
            file_name: row.file_name,
            bytes: u64::try_from(row.bytes).unwrap_or(0),
            created_at_ms: row.created_at_ms,
            state,
            sealed: row.sealed != 0,
            pack: slug.zip(hash),
            refusal: from_json(row.refusal_json, "refusal")?,
            // What an older version wrote may lack what this one shows.
            proof: row
                .proof_json
                .and_then(|json| serde_json::from_str(&json).ok()),
            proving: self.proving().get(&id).cloned(),
            incident: row.incident,
        })
    }

    fn proving(&self) -> MutexGuard<'_, HashMap<UploadId, Proving>> {
        self.proving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder(&self, id: UploadId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// Below it the pack's folder lies, once unpacked.
    fn pack_folder(&self, id: UploadId) -> PathBuf {
        self.folder(id).join("unpacked")
    }

    async fn remove_folder(&self, id: UploadId) {
        cleaning::remove(self.folder(id)).await;
    }
}

const NOT_FOUND: ServiceError = ServiceError::NotFound { what: "upload" };

/// The row, if it is in such a state.
async fn find_in(
    txn: &db::WriteTransaction,
    id: UploadId,
    is: impl Fn(State) -> bool,
) -> Result<Model> {
    let row = db::uploads::find(&**txn, &id.to_string()).await?;
    let row = row.ok_or(NOT_FOUND)?;
    match State::from_name(&row.state) {
        Some(state) if is(state) => Ok(row),
        Some(_) => Err(NOT_FOUND),
        None => Err(malformed("upload state").into()),
    }
}

fn from_json<T: serde::de::DeserializeOwned>(
    json: Option<String>,
    what: &'static str,
) -> Result<Option<T>> {
    match json {
        Some(json) => Ok(Some(
            serde_json::from_str(&json).map_err(|_| malformed(what))?,
        )),
        None => Ok(None),
    }
}

fn malformed(what: &'static str) -> DbError {
    DbError::Malformed { what }
}
