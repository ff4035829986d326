//! The problems: pack versions that are installed, and which one is present.
//!
//! Installing copies a pack's folder to `<data>/packs/<hash>/`, where nothing
//! changes it any more; submissions name the hash, so an old one is always
//! judged and shown by the version that it was made for.

pub(super) mod folders;
mod preparing;
mod status;
mod versions;

pub use status::{Origin, Status};
pub use versions::{ProblemVersions, Version};

use super::clock::Clock;
use super::grader::Grader;
use super::progress::{OwnProgress, ProgressByProblem};
use super::sessions::Viewer;
use super::{Result, ServiceError, visibility};
use crate::config::Config;
use crate::db::entity::pack as row;
use crate::db::{self, Database, DbError, WriteTransaction};
use crate::ids::UserId;
use folders::{copy_folder, pack_folders};
use gradien_problems::given::Given;
use gradien_problems::pack::Pack;
use gradien_problems::protocol::PackRef;
use gradien_problems::report::Sample;
use gradien_problems::{PackHash, PackSlug};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

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

    fn from_name(name: &str) -> Option<PackState> {
        PackState::ALL
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// The present version of a problem.
#[derive(Debug, Clone)]
pub struct ProblemView {
    pub pack: Arc<Pack>,
    /// Empty until prepared, and for kinds without samples.
    pub samples: Arc<Vec<Sample>>,
    /// The numbers of each variant; empty until prepared, and where there are none.
    pub variants: Arc<Vec<Vec<Given>>>,
    pub state: PackState,
    pub status: Status,
    /// A coach asked for this version by its hash, and it is not the present one.
    pub trying: bool,
}

impl ProblemView {
    /// The version to judge by, where it is not the present one.
    pub fn tried_version(&self) -> Option<&PackHash> {
        self.trying.then_some(&self.pack.hash)
    }

    /// What drafts, opened hints and drawn variants are kept under beside user and
    /// problem: the version that is tried, or nothing.
    pub(super) fn trial(&self) -> &str {
        self.tried_version().map_or("", PackHash::as_str)
    }
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
    pub status: Status,
    /// Absent where nobody is signed in.
    pub own: Option<OwnProgress>,
}

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
    /// Why versions could not be prepared, of those that this process tried.
    failures: Arc<Mutex<BTreeMap<PackHash, String>>>,
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
            failures: Arc::default(),
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
        let state = PackState::from_name(&version.state).ok_or(malformed("pack state"))?;
        let status = Status::from_name(&version.status).ok_or(malformed("pack status"))?;
        let samples = match &version.samples_json {
            Some(json) => serde_json::from_str(json).map_err(|_| malformed("list of samples"))?,
            None => Vec::new(),
        };
        let variants = match &version.variants_json {
            Some(json) => serde_json::from_str(json).map_err(|_| malformed("list of variants"))?,
            None => Vec::new(),
        };
        Ok(ProblemView {
            pack: self.version(&hash, &slug)?,
            samples: Arc::new(samples),
            variants: Arc::new(variants),
            state,
            status,
            trying: false,
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
    /// [`ServiceError::NotFound`], also where it is there but not for this viewer.
    pub fn get(&self, viewer: Option<&Viewer>, slug: &PackSlug) -> Result<ProblemView> {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        present
            .get(slug)
            .filter(|view| visibility::may_see_problem(viewer, view.status))
            .cloned()
            .ok_or(ServiceError::NotFound { what: "problem" })
    }

    /// As [`Problems::get`]; where a version is named, that one, as a coach tries it
    /// before everybody sees it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], also where the viewer may not try versions.
    pub async fn get_to_try(
        &self,
        viewer: Option<&Viewer>,
        slug: &PackSlug,
        version: Option<&PackHash>,
    ) -> Result<ProblemView> {
        let Some(hash) = version else {
            return self.get(viewer, slug);
        };
        let not_found = ServiceError::NotFound { what: "version" };
        if !viewer.is_some_and(visibility::may_coach) {
            return Err(not_found);
        }
        let row = db::packs::find(self.db.read(), hash.as_str()).await?;
        let row = row.filter(|row| row.slug == slug.as_str());
        let view = self.view(&row.ok_or(not_found)?)?;
        let present = self
            .get(viewer, slug)
            .is_ok_and(|present| present.pack.hash == *hash);
        Ok(ProblemView {
            trying: !present,
            ..view
        })
    }

    /// The problems that this viewer may see, in the order of the module.
    pub fn list(&self, viewer: Option<&Viewer>) -> Vec<ProblemView> {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        let mut views: Vec<_> = present
            .values()
            .filter(|view| visibility::may_see_problem(viewer, view.status))
            .cloned()
            .collect();
        views.sort_by_key(|ProblemView { pack, .. }| {
            (pack.chapter, section_key(&pack.section), pack.slug.clone())
        });
        views
    }

    /// Problems by chapter, with what the viewer has reached.
    pub async fn list_by_chapter(&self, viewer: Option<&Viewer>) -> Result<Vec<Chapter>> {
        let problems = self.list(viewer);
        let packs = problems.iter().map(|problem| &*problem.pack);
        let own = match viewer {
            Some(viewer) => Some(ProgressByProblem::read(&self.db, viewer.user.id, packs).await?),
            None => None,
        };
        let mut chapters: Vec<Chapter> = Vec::new();
        for ProblemView { pack, status, .. } in problems {
            let number = pack.chapter;
            let own = own.as_ref().map(|own| own.of(&pack));
            let entry = ProblemEntry { pack, status, own };
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
    pub async fn own_progress(
        &self,
        viewer: &Viewer,
        problem: &ProblemView,
    ) -> Result<OwnProgress> {
        let pack = &*problem.pack;
        let own = ProgressByProblem::read(&self.db, viewer.user.id, std::iter::once(pack)).await?;
        Ok(own.of(pack))
    }

    /// Installs the pack in this folder, or every pack in the folders below it,
    /// as a version that ships, and has their preparation begun. Gives the names
    /// in order.
    ///
    /// It becomes the published one, but where a coach took the problem back or
    /// published a version of their own: what was decided here is not undone by
    /// starting the server again.
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
        let txn = self.add(&pack, Origin::Shipped, None, None).await?;
        let present = db::packs::find_current(&*txn, slug.as_str()).await?;
        let theirs = |row: &row::Model| {
            row.status == Status::Withdrawn.name()
                || (row.origin == Origin::Uploaded.name() && row.status == Status::Published.name())
        };
        let show = match &present {
            Some(row) if theirs(row) => false,
            Some(row) => row.hash != hash.as_str() || row.status != Status::Published.name(),
            None => true,
        };
        if show {
            self.make_public(&txn, &slug, &hash).await?;
        }
        txn.commit().await?;
        tracing::info!(%slug, %hash, "pack installed");
        self.show(&slug).await?;
        Ok(slug)
    }

    /// Copies a pack's files and adds its version as a draft, in a transaction
    /// that the caller ends. Does nothing where the version is known.
    ///
    /// # Errors
    /// [`ServiceError::PackElsewhere`] where the same files are installed under
    /// another name.
    async fn add(
        &self,
        pack: &Pack,
        origin: Origin,
        author: Option<UserId>,
        proof_json: Option<String>,
    ) -> Result<WriteTransaction> {
        let (slug, hash) = (&pack.slug, &pack.hash);
        self.copy(pack)?;
        // From the copy: what is served is what lies there.
        self.version(hash, slug)?;
        let version = row::Model {
            hash: hash.to_string(),
            slug: slug.to_string(),
            installed_at_ms: self.clock.now_ms(),
            state: PackState::Preparing.name().into(),
            samples_json: None,
            variants_json: None,
            status: Status::Draft.name().into(),
            origin: origin.name().into(),
            author_id: author.map(|author| author.to_string()),
            published_at_ms: None,
            withdrawn_at_ms: None,
            proof_json,
        };
        let txn = self.db.begin_write().await?;
        db::packs::create_if_new(&*txn, version).await?;
        let known = db::packs::find(&*txn, hash.as_str()).await?;
        let known = known.ok_or(ServiceError::NotFound { what: "version" })?;
        if known.slug != slug.as_str() {
            return Err(ServiceError::PackElsewhere { slug: known.slug });
        }
        Ok(txn)
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
