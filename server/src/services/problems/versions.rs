//! The versions of a problem: which there are, and which one everybody sees.
//!
//! A version never changes once it is installed; what changes is its status. At
//! most one version of a problem is published. The *present* version is the
//! published one, else the newest: what a coach sees who opens the problem's page.

use super::{Origin, PackState, Problems, Status};
use crate::db::entity::pack as row;
use crate::db::{self, DbError, WriteTransaction};
use crate::ids::UserId;
use crate::services::sessions::Viewer;
use crate::services::visibility;
use crate::services::{Result, ServiceError};
use gradien_problems::pack::Pack;
use gradien_problems::proof::Proof;
use gradien_problems::{PackHash, PackSlug};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// One version, as coaches see it.
#[derive(Debug, Clone)]
pub struct Version {
    pub hash: PackHash,
    pub slug: PackSlug,
    pub status: Status,
    pub origin: Origin,
    pub state: PackState,
    /// Who uploaded it.
    pub author: Option<UserId>,
    pub installed_at_ms: i64,
    pub published_at_ms: Option<i64>,
    pub withdrawn_at_ms: Option<i64>,
    /// What verifying it said when it was uploaded.
    pub proof_json: Option<String>,
}

impl Version {
    /// Whether verifying it found no fault; what was not verified is not proved.
    pub fn is_proved(&self) -> bool {
        self.find_proof().is_some_and(|proof| proof.is_proved())
    }

    /// Whether it may become the published one: it is none already, could be
    /// prepared, and is proved where a coach brought it.
    pub fn is_publishable(&self) -> bool {
        self.status != Status::Published && self.find_obstacle().is_none()
    }

    /// What keeps it from being published.
    fn find_obstacle(&self) -> Option<ServiceError> {
        if self.status == Status::Sealed {
            return Some(ServiceError::PackSealed);
        }
        if self.state == PackState::Failed {
            return Some(ServiceError::PackUnready);
        }
        let unproved = self.origin == Origin::Uploaded && !self.is_proved();
        unproved.then_some(ServiceError::PackUnproved)
    }

    pub fn find_proof(&self) -> Option<Proof> {
        let json = self.proof_json.as_deref()?;
        // What an older version wrote may be no proof to this one.
        serde_json::from_str(json).ok()
    }
}

/// A problem with all its versions, newest first.
#[derive(Debug, Clone)]
pub struct ProblemVersions {
    pub present: Arc<Pack>,
    pub status: Status,
    pub versions: Vec<Version>,
}

impl Problems {
    /// Every problem with its versions, in the order of the module.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] where the viewer is no coach.
    pub async fn list_versions(&self, viewer: &Viewer) -> Result<Vec<ProblemVersions>> {
        visibility::require_coach(viewer)?;
        let mut versions: BTreeMap<PackSlug, Vec<Version>> = BTreeMap::new();
        for row in db::packs::list_all(self.db.read()).await? {
            let version = version(row)?;
            versions
                .entry(version.slug.clone())
                .or_default()
                .push(version);
        }
        let problems = self
            .list(Some(viewer))
            .into_iter()
            .map(|view| ProblemVersions {
                versions: versions.remove(&view.pack.slug).unwrap_or_default(),
                status: view.status,
                present: view.pack,
            });
        Ok(problems.collect())
    }

    /// One problem with its versions.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn get_versions(&self, viewer: &Viewer, slug: &PackSlug) -> Result<ProblemVersions> {
        visibility::require_coach(viewer)?;
        let view = self.get(Some(viewer), slug)?;
        let rows = db::packs::list_of_problem(self.db.read(), slug.as_str()).await?;
        Ok(ProblemVersions {
            status: view.status,
            present: view.pack,
            versions: rows.into_iter().map(version).collect::<Result<_>>()?,
        })
    }

    /// A version of this problem with its files.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] also where the
    /// version is another problem's.
    pub async fn get_version(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        hash: &PackHash,
    ) -> Result<(Version, Arc<Pack>)> {
        visibility::require_coach(viewer)?;
        let found = db::packs::find(self.db.read(), hash.as_str()).await?;
        let row = found
            .filter(|row| row.slug == slug.as_str())
            .ok_or(ServiceError::NotFound { what: "version" })?;
        Ok((version(row)?, self.version(hash, slug)?))
    }

    /// Installs the pack in this folder, which a coach uploaded, as a draft; the
    /// folder's name is the problem's. A version that is known already stays as
    /// it is.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], a pack that is not right,
    /// [`ServiceError::PackElsewhere`].
    pub async fn install_draft(
        &self,
        viewer: &Viewer,
        folder: &Path,
        proof_json: Option<String>,
    ) -> Result<(PackSlug, PackHash)> {
        let (txn, slug, hash) = self.add_uploaded(viewer, folder, proof_json).await?;
        let present = db::packs::find_current(&*txn, slug.as_str()).await?;
        if present.is_none_or(|row| row.status != Status::Published.name()) {
            let now_ms = self.clock.now_ms();
            db::packs::set_current(&*txn, slug.as_str(), hash.as_str(), now_ms).await?;
        }
        txn.commit().await?;
        tracing::info!(%slug, %hash, by = %viewer.user.id, "draft installed");
        self.begin_preparing(slug.clone(), hash.clone());
        self.show(&slug).await?;
        Ok((slug, hash))
    }

    /// Installs a pack that was made for a contest. What everybody sees stays, and
    /// what coaches see where nothing is published.
    ///
    /// # Errors
    /// As [`Problems::install_draft`].
    pub async fn install_sealed(
        &self,
        viewer: &Viewer,
        folder: &Path,
        proof_json: Option<String>,
    ) -> Result<(PackSlug, PackHash)> {
        let (txn, slug, hash) = self.add_uploaded(viewer, folder, proof_json).await?;
        let now_ms = self.clock.now_ms();
        db::packs::record_status(&*txn, hash.as_str(), Status::Sealed.name(), now_ms).await?;
        txn.commit().await?;
        tracing::info!(%slug, by = %viewer.user.id, "version sealed");
        self.begin_preparing(slug.clone(), hash.clone());
        Ok((slug, hash))
    }

    /// Adds a coach's version as a draft with its proof, in a transaction that the
    /// caller ends.
    async fn add_uploaded(
        &self,
        viewer: &Viewer,
        folder: &Path,
        proof_json: Option<String>,
    ) -> Result<(WriteTransaction, PackSlug, PackHash)> {
        visibility::require_coach(viewer)?;
        let pack = Pack::load(folder)?;
        let author = Some(viewer.user.id);
        let proof = proof_json.clone();
        let txn = self.add(&pack, Origin::Uploaded, author, proof).await?;
        if let Some(proof_json) = &proof_json {
            // It may be known from before, with an older proof or none.
            db::packs::record_proof(&*txn, pack.hash.as_str(), proof_json).await?;
        }
        Ok((txn, pack.slug, pack.hash))
    }

    /// Shows this version to everybody; the one that was shown before is taken
    /// back in the same moment.
    ///
    /// # Errors
    /// As [`Problems::get_version`]; [`ServiceError::PackUnready`] where it could
    /// not be prepared: whoever submitted would get a judge error.
    pub async fn publish(&self, viewer: &Viewer, slug: &PackSlug, hash: &PackHash) -> Result<()> {
        let (found, _) = self.get_version(viewer, slug, hash).await?;
        if let Some(obstacle) = found.find_obstacle() {
            return Err(obstacle);
        }
        let txn = self.db.begin_write().await?;
        self.make_public(&txn, slug, hash).await?;
        txn.commit().await?;
        tracing::info!(%slug, %hash, by = %viewer.user.id, "published");
        self.show(slug).await
    }

    /// Takes the published version back: only coaches see the problem from then
    /// on. What was handed in stays with its authors.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] where no version
    /// is published.
    pub async fn withdraw(&self, viewer: &Viewer, slug: &PackSlug) -> Result<()> {
        visibility::require_coach(viewer)?;
        let txn = self.db.begin_write().await?;
        let published = db::packs::list_of_problem(&*txn, slug.as_str())
            .await?
            .into_iter()
            .find(|row| row.status == Status::Published.name())
            .ok_or(ServiceError::NotFound { what: "version" })?;
        let now_ms = self.clock.now_ms();
        db::packs::record_status(&*txn, &published.hash, Status::Withdrawn.name(), now_ms).await?;
        txn.commit().await?;
        tracing::info!(%slug, hash = published.hash, by = %viewer.user.id, "taken back");
        self.show(slug).await
    }

    /// Within a transaction: this version becomes the one that is published.
    pub(super) async fn make_public(
        &self,
        txn: &WriteTransaction,
        slug: &PackSlug,
        hash: &PackHash,
    ) -> Result<()> {
        let now_ms = self.clock.now_ms();
        for row in db::packs::list_of_problem(&**txn, slug.as_str()).await? {
            if row.status == Status::Published.name() && row.hash != hash.as_str() {
                let status = Status::Withdrawn.name();
                db::packs::record_status(&**txn, &row.hash, status, now_ms).await?;
            }
        }
        let status = Status::Published.name();
        db::packs::record_status(&**txn, hash.as_str(), status, now_ms).await?;
        db::packs::set_current(&**txn, slug.as_str(), hash.as_str(), now_ms).await?;
        Ok(())
    }

    /// Reads the problem's present version anew and has it prepared.
    pub(super) async fn show(&self, slug: &PackSlug) -> Result<()> {
        let row = db::packs::find_current(self.db.read(), slug.as_str()).await?;
        let view = self.view(&row.ok_or(ServiceError::NotFound { what: "version" })?)?;
        let (hash, prepared) = (view.pack.hash.clone(), view.state == PackState::Ready);
        self.set_present(view);
        if !prepared {
            self.begin_preparing(slug.clone(), hash);
        }
        Ok(())
    }
}

pub(super) fn version(row: row::Model) -> Result<Version> {
    Ok(Version {
        hash: row.hash.parse().map_err(|_| malformed("pack hash"))?,
        slug: row.slug.parse().map_err(|_| malformed("pack name"))?,
        status: Status::from_name(&row.status).ok_or(malformed("pack status"))?,
        origin: Origin::from_name(&row.origin).ok_or(malformed("pack origin"))?,
        state: PackState::from_name(&row.state).ok_or(malformed("pack state"))?,
        author: match row.author_id {
            Some(id) => Some(id.parse().map_err(|_| malformed("user id"))?),
            None => None,
        },
        installed_at_ms: row.installed_at_ms,
        published_at_ms: row.published_at_ms,
        withdrawn_at_ms: row.withdrawn_at_ms,
        proof_json: row.proof_json,
    })
}

fn malformed(what: &'static str) -> DbError {
    DbError::Malformed { what }
}
