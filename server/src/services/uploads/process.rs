//! What happens to an upload once its bytes are here.

use super::import::import;
use super::{Proving, Refusal, State, Uploads, find_in};
use crate::db;
use crate::db::entity::upload::Model;
use crate::ids::{IncidentId, UploadId};
use crate::services::sessions::Viewer;
use crate::services::{Result, ServiceError};
use gradien_problems::pack::archive::ImportOutcome;
use gradien_problems::proof::Proof;
use gradien_problems::protocol::{PackRef, Progress};
use gradien_problems::{PackHash, PackSlug};
use std::path::PathBuf;
use std::sync::Arc;

/// How it ended.
enum End {
    Refused(Refusal),
    Unproved(Box<Proof>),
    Installed(Box<Proof>),
}

impl Uploads {
    /// Goes on in the background; the row says how it ends.
    pub(super) fn begin(&self, viewer: &Viewer, id: UploadId) {
        let (uploads, viewer) = (self.clone(), viewer.clone());
        self.runtime.spawn(async move {
            let end = uploads.advance(&viewer, id).await;
            uploads.proving().remove(&id);
            if let Err(error) = uploads.conclude(id, end).await {
                tracing::error!(%id, %error, "the end of an upload could not be kept");
            }
        });
    }

    async fn advance(&self, viewer: &Viewer, id: UploadId) -> Result<End> {
        let row = db::uploads::find(self.db.read(), &id.to_string()).await?;
        let row = row.ok_or(super::NOT_FOUND)?;
        let sealed = row.sealed != 0;
        let (slug, hash) = match sealed {
            true => made(&row)?,
            false => match self.unpack(&row, id).await? {
                Ok(unpacked) => unpacked,
                Err(refusal) => return Ok(End::Refused(refusal)),
            },
        };
        let folder = self.pack_folder(id).join(slug.as_str());
        let proof = self.prove(id, hash, folder.clone()).await?;
        if !proof.is_proved() {
            return Ok(End::Unproved(Box::new(proof)));
        }
        let json = Some(to_json(&proof)?);
        let installed = match sealed {
            true => self.problems.install_sealed(viewer, &folder, json).await,
            false => self.problems.install_draft(viewer, &folder, json).await,
        };
        match installed {
            Ok(_) => Ok(End::Installed(Box::new(proof))),
            Err(ServiceError::PackElsewhere { slug }) => {
                Ok(End::Refused(Refusal::Elsewhere { slug }))
            }
            Err(error) => Err(error),
        }
    }

    async fn unpack(
        &self,
        row: &Model,
        id: UploadId,
    ) -> Result<std::result::Result<(PackSlug, PackHash), Refusal>> {
        let _turn = self.unpacking.acquire().await;
        let wanted = row.wanted_slug.as_deref();
        let wanted = wanted.and_then(|slug| slug.parse().ok());
        let archive = self.find_archive(id)?;
        let into = self.pack_folder(id);
        // From an earlier try.
        super::cleaning::remove(into.clone()).await;
        let outcome = import(&self.program, &archive, &into, wanted.as_ref())
            .await
            .map_err(ServiceError::internal)?;
        let imported = match outcome {
            ImportOutcome::Imported(imported) => imported,
            ImportOutcome::Refused(refusal) => {
                return Ok(Err(Refusal::Archive { text: refusal.text }));
            }
        };
        let txn = self.db.begin_write().await?;
        let mut row = find_in(&txn, id, |state| state == State::Unpacking).await?;
        row.state = State::Proving.name().into();
        row.slug = Some(imported.slug.to_string());
        row.pack_hash = Some(imported.hash.to_string());
        db::uploads::save(&*txn, row).await?;
        txn.commit().await?;
        Ok(Ok((imported.slug, imported.hash)))
    }

    /// The one file beside which the pack is unpacked.
    fn find_archive(&self, id: UploadId) -> Result<PathBuf> {
        let folder = self.folder(id);
        let at = |source| ServiceError::File {
            path: folder.clone(),
            source,
        };
        for entry in std::fs::read_dir(&folder).map_err(at)? {
            let path = entry.map_err(at)?.path();
            if path.extension().is_some_and(|extension| extension == "zip") {
                return Ok(path);
            }
        }
        Err(ServiceError::internal("the archive is gone"))
    }

    async fn prove(&self, id: UploadId, hash: PackHash, folder: PathBuf) -> Result<Proof> {
        let proving = self.proving.clone();
        let on_progress = move |progress| {
            if let Progress::Proving { done, total, what } = progress {
                let mut proving = proving
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                proving.insert(id, Proving { done, total, what });
            }
        };
        let pack = PackRef { hash, folder };
        self.grader
            .prove(pack, Arc::new(on_progress))
            .await
            .map_err(ServiceError::internal)
    }

    async fn conclude(&self, id: UploadId, end: Result<End>) -> Result<()> {
        let txn = self.db.begin_write().await?;
        let mut row = find_in(&txn, id, State::is_under_way).await?;
        row.ended_at_ms = Some(self.clock.now_ms());
        let (state, keep) = match end {
            Ok(End::Refused(refusal)) => {
                row.refusal_json = Some(to_json(&refusal)?);
                (State::Refused, false)
            }
            Ok(End::Unproved(proof)) => {
                row.proof_json = Some(to_json(&proof)?);
                (State::Unproved, true)
            }
            Ok(End::Installed(proof)) => {
                row.proof_json = Some(to_json(&proof)?);
                (State::Installed, false)
            }
            Err(error) => {
                let incident = IncidentId::random();
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(%incident, %id, %error, cause, "an upload failed");
                row.incident = Some(incident.to_string());
                (State::Failed, true)
            }
        };
        tracing::info!(%id, state = state.name(), "an upload ended");
        row.state = state.name().into();
        db::uploads::save(&*txn, row).await?;
        txn.commit().await?;
        if !keep {
            self.remove_folder(id).await;
        }
        Ok(())
    }
}

/// The pack that was made here.
fn made(row: &Model) -> Result<(PackSlug, PackHash)> {
    let slug = row.slug.as_deref().and_then(|slug| slug.parse().ok());
    let hash = row.pack_hash.as_deref().and_then(|hash| hash.parse().ok());
    Ok(slug.zip(hash).ok_or(super::malformed("upload"))?)
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| ServiceError::internal(format!("an upload's outcome: {error}")))
}
