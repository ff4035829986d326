//! The problems: pack versions that are installed, and which one is present.
//!
//! Installing copies a pack's folder to `<data>/packs/<hash>/`, where nothing
//! changes it any more; submissions name the hash, so an old one is always
//! judged and shown by the version that it was made for.

pub(super) mod folders;

use super::clock::Clock;
use super::grader::Grader;
use super::progress::{OwnProgress, ProgressByProblem};
use super::sessions::Viewer;
use super::{Result, ServiceError};
use crate::config::Config;
use crate::db::entity::pack as row;
use crate::db::{self, Database, DbError};
use folders::{copy_folder, pack_folders};
use gradien_problems::pack::Pack;
use gradien_problems::protocol::PackRef;
use gradien_problems::report::Sample;
use gradien_problems::{PackHash, PackSlug};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

/// How far the preparation of a pack version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackState {
    /// Its expected outputs are being computed; submissions wait for them.
    Preparing,
    Ready,
    /// The log says why; submissions get a judge error.
    Failed,
}

impl PackState {
    const ALL: [PackState; 3] = [PackState::Preparing, PackState::Ready, PackState::Failed];

    fn name(self) -> &'static str {
        match self {
            PackState::Preparing => "preparing",
            PackState::Ready => "ready",
            PackState::Failed => "failed",
        }
    }
}

/// The present version of a problem.
#[derive(Debug, Clone)]
pub struct ProblemView {
    pub pack: Arc<Pack>,
    /// Empty until prepared, and for kinds without samples.
    pub samples: Arc<Vec<Sample>>,
    pub state: PackState,
}

/// A chapter of the module with its problems, in the order of their sections.
#[derive(Debug, Clone)]
pub struct Chapter {
    pub number: u8,
    pub problems: Vec<ProblemEntry>,
}

#[derive(Debug, Clone)]
pub struct ProblemEntry {
    pub pack: Arc<Pack>,
    /// Absent where nobody is signed in.
    pub own: Option<OwnProgress>,
}

/// How often the preparation is tried when the grader fails, and how long
/// between two tries.
const PREPARE_ATTEMPTS: u32 = 5;
const PREPARE_PAUSE: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct Problems {
    db: Database,
    clock: Clock,
    grader: Grader,
    folder: PathBuf,
    present: Arc<RwLock<BTreeMap<PackSlug, ProblemView>>>,
    /// Every version that was asked for, by its hash.
    versions: Arc<RwLock<BTreeMap<PackHash, Arc<Pack>>>>,
    /// Versions whose preparation is under way.
    preparing: Arc<Mutex<BTreeSet<PackHash>>>,
}

impl Problems {
    pub(super) fn new(db: Database, clock: Clock, config: &Config, grader: Grader) -> Problems {
        let folder = config.data.data.join("packs");
        Problems {
            db,
            clock,
            grader,
            // Graders are told the folder, and they need not stand where we do.
            folder: std::path::absolute(&folder).unwrap_or(folder),
            present: Arc::default(),
            versions: Arc::default(),
            preparing: Arc::default(),
        }
    }

    /// Reads the present versions at start. One that cannot be read is left out
    /// and logged: it must not keep the others from being served.
    pub(super) async fn load_installed(&self) -> Result<()> {
        for version in db::packs::list_current(self.db.read()).await? {
            match self.view(&version) {
                Ok(view) => self.set_present(view),
                Err(error) => {
                    let cause = std::error::Error::source(&error).map(ToString::to_string);
                    tracing::error!(slug = version.slug, %error, cause, "an installed pack is left out");
                }
            }
        }
        Ok(())
    }

    fn view(&self, version: &row::Model) -> Result<ProblemView> {
        let malformed = |what| DbError::Malformed { what };
        let hash = version.hash.parse().map_err(|_| malformed("pack hash"))?;
        let slug = version.slug.parse().map_err(|_| malformed("pack name"))?;
        let state = PackState::ALL
            .into_iter()
            .find(|state| state.name() == version.state)
            .ok_or(malformed("pack state"))?;
        let samples = match &version.samples_json {
            Some(json) => serde_json::from_str(json).map_err(|_| malformed("list of samples"))?,
            None => Vec::new(),
        };
        Ok(ProblemView {
            pack: self.version(&hash, &slug)?,
            samples: Arc::new(samples),
            state,
        })
    }

    fn set_present(&self, view: ProblemView) {
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        present.insert(view.pack.slug.clone(), view);
    }

    /// A version that is installed, present or not.
    ///
    /// # Errors
    /// Its folder is gone or was changed.
    pub fn version(&self, hash: &PackHash, slug: &PackSlug) -> Result<Arc<Pack>> {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(pack) = versions.get(hash) {
            return Ok(pack.clone());
        }
        drop(versions);
        let pack = Pack::load_as(&self.folder.join(hash.as_str()), slug.as_str())?;
        if pack.hash != *hash {
            return Err(ServiceError::internal(format!(
                "{}: the installed pack was changed; its hash is {} now",
                pack.folder.display(),
                pack.hash
            )));
        }
        let pack = Arc::new(pack);
        let mut versions = self
            .versions
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        versions.insert(hash.clone(), pack.clone());
        Ok(pack)
    }

    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn get(&self, slug: &PackSlug) -> Result<ProblemView> {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        present
            .get(slug)
            .cloned()
            .ok_or(ServiceError::NotFound { what: "problem" })
    }

    /// All problems, in the order of the module.
    pub fn list(&self) -> Vec<Arc<Pack>> {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        let mut packs: Vec<_> = present.values().map(|view| view.pack.clone()).collect();
        packs.sort_by_key(|pack| (pack.chapter, section_key(&pack.section), pack.slug.clone()));
        packs
    }

    /// Problems by chapter, with what the viewer has reached.
    pub async fn list_by_chapter(&self, viewer: Option<&Viewer>) -> Result<Vec<Chapter>> {
        let own = match viewer {
            Some(viewer) => Some(ProgressByProblem::read(&self.db, viewer.user.id).await?),
            None => None,
        };
        let mut chapters: Vec<Chapter> = Vec::new();
        for pack in self.list() {
            let number = pack.chapter;
            let own = own.as_ref().map(|own| own.of(&pack));
            let entry = ProblemEntry { pack, own };
            match chapters.last_mut() {
                Some(chapter) if chapter.number == number => chapter.problems.push(entry),
                _ => chapters.push(Chapter {
                    number,
                    problems: vec![entry],
                }),
            }
        }
        Ok(chapters)
    }

    /// What the viewer has reached on one problem.
    pub async fn own_progress(&self, viewer: &Viewer, slug: &PackSlug) -> Result<OwnProgress> {
        let pack = self.get(slug)?.pack;
        let own = ProgressByProblem::read(&self.db, viewer.user.id).await?;
        Ok(own.of(&pack))
    }

    /// Installs the pack in this folder, or every pack in the folders below it,
    /// and has their preparation begun. Gives the names in order.
    ///
    /// # Errors
    /// The first pack that is not right; those before it are installed.
    pub async fn install_folder(&self, folder: &Path) -> Result<Vec<PackSlug>> {
        let mut installed = Vec::new();
        for folder in pack_folders(folder)? {
            installed.push(self.install(&folder).await?);
        }
        Ok(installed)
    }

    async fn install(&self, folder: &Path) -> Result<PackSlug> {
        let pack = Pack::load(folder)?;
        let (slug, hash) = (pack.slug.clone(), pack.hash.clone());
        self.copy(&pack)?;
        // From the copy: what is served is what lies there.
        self.version(&hash, &slug)?;
        let now_ms = self.clock.now_ms();
        let version = row::Model {
            hash: hash.to_string(),
            slug: slug.to_string(),
            installed_at_ms: now_ms,
            state: PackState::Preparing.name().into(),
            samples_json: None,
        };
        let txn = self.db.begin_write().await?;
        db::packs::create_if_new(&*txn, version).await?;
        db::packs::set_current(&*txn, slug.as_str(), hash.as_str(), now_ms).await?;
        let version = db::packs::find(&*txn, hash.as_str()).await?;
        txn.commit().await?;
        let version = version.ok_or(ServiceError::NotFound { what: "pack" })?;
        let view = self.view(&version)?;
        tracing::info!(%slug, %hash, "pack installed");
        let prepared = view.state == PackState::Ready;
        self.set_present(view);
        if !prepared {
            self.begin_preparing(slug.clone(), hash);
        }
        Ok(slug)
    }

    fn copy(&self, pack: &Pack) -> Result<()> {
        let target = self.folder.join(pack.hash.as_str());
        if target.is_dir() {
            return Ok(());
        }
        let draft = self.folder.join(format!(".{}.new", pack.hash));
        let at = |path: &Path| {
            let path = path.to_path_buf();
            move |source| ServiceError::File { path, source }
        };
        if draft.exists() {
            fs::remove_dir_all(&draft).map_err(at(&draft))?;
        }
        copy_folder(&pack.folder, &draft)?;
        fs::rename(&draft, &target).map_err(at(&target))
    }

    /// Begins anew what an earlier process did not bring to its end, and tries
    /// again what failed.
    pub fn resume_preparing(&self) {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        for view in present.values() {
            if view.state != PackState::Ready {
                self.begin_preparing(view.pack.slug.clone(), view.pack.hash.clone());
            }
        }
    }

    fn begin_preparing(&self, slug: PackSlug, hash: PackHash) {
        if self.preparing().insert(hash.clone()) {
            tokio::spawn(self.clone().prepare(slug, hash));
        }
    }

    fn preparing(&self) -> MutexGuard<'_, BTreeSet<PackHash>> {
        self.preparing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn prepare(self, slug: PackSlug, hash: PackHash) {
        let (state, samples) = self.prepared(&slug, &hash).await;
        self.record(&slug, &hash, state, samples).await;
        self.preparing().remove(&hash);
    }

    /// Has the graders compute what they keep for this version.
    async fn prepared(&self, slug: &PackSlug, hash: &PackHash) -> (PackState, Vec<Sample>) {
        for attempt in 1..=PREPARE_ATTEMPTS {
            let folder = self.folder.join(hash.as_str());
            let pack = PackRef {
                hash: hash.clone(),
                folder,
            };
            match self.grader.prepare(pack).await {
                Ok(samples) => {
                    tracing::info!(%slug, samples = samples.len(), "pack prepared");
                    return (PackState::Ready, samples);
                }
                Err(error) => {
                    let again = error.retryable && attempt < PREPARE_ATTEMPTS;
                    tracing::error!(%slug, attempt, again, detail = error.detail, "pack could not be prepared");
                    if !again {
                        break;
                    }
                    tokio::time::sleep(PREPARE_PAUSE * attempt).await;
                }
            }
        }
        (PackState::Failed, Vec::new())
    }

    async fn record(
        &self,
        slug: &PackSlug,
        hash: &PackHash,
        state: PackState,
        samples: Vec<Sample>,
    ) {
        let kept = self.keep(hash, state, &samples).await;
        if let Err(error) = kept {
            tracing::error!(%slug, %error, "the preparation of a pack could not be kept");
        }
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = present.get_mut(slug)
            && view.pack.hash == *hash
        {
            view.state = state;
            view.samples = Arc::new(samples);
        }
    }

    async fn keep(&self, hash: &PackHash, state: PackState, samples: &[Sample]) -> Result<()> {
        let json = serde_json::to_string(samples)
            .map_err(|error| ServiceError::internal(format!("samples: {error}")))?;
        let txn = self.db.begin_write().await?;
        db::packs::record_state(&*txn, hash.as_str(), state.name(), Some(json)).await?;
        txn.commit().await?;
        Ok(())
    }
}

pub(super) fn pack_ref(pack: &Pack) -> PackRef {
    PackRef {
        hash: pack.hash.clone(),
        folder: pack.folder.clone(),
    }
}

/// `5.10` comes after `5.9`.
fn section_key(section: &str) -> Vec<u32> {
    section
        .split('.')
        .map(|part| part.parse().unwrap_or(u32::MAX))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::section_key;

    #[test]
    fn sections_are_ordered_by_their_numbers() {
        let mut sections = ["5.10", "5.9", "5.1.3", "5.1"];
        sections.sort_by_key(|section| section_key(section));
        assert_eq!(sections, ["5.1", "5.1.3", "5.9", "5.10"]);
    }
}
