//! Having the graders compute what they keep for a version: samples, variants, right
//! answers. It goes on in the background; a version that waits for it is shown as such.

use super::{PackState, Problems};
use crate::db;
use crate::services::grader::Prepared;
use crate::services::{Result, ServiceError};
use gradien_problems::protocol::PackRef;
use gradien_problems::{PackHash, PackSlug};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

/// How often the preparation is tried when the grader fails, and how long
/// between two tries.
const PREPARE_ATTEMPTS: u32 = 5;
const PREPARE_PAUSE: Duration = Duration::from_secs(5);

impl Problems {
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

    pub(super) fn begin_preparing(&self, slug: PackSlug, hash: PackHash) {
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
        let (state, prepared) = self.prepared(&slug, &hash).await;
        self.record(&slug, &hash, state, prepared).await;
        self.preparing().remove(&hash);
    }

    fn failures(&self) -> MutexGuard<'_, BTreeMap<PackHash, String>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why a version could not be prepared, for whoever writes it.
    pub fn find_failure(&self, hash: &PackHash) -> Option<String> {
        self.failures().get(hash).cloned()
    }

    /// Has the graders compute what they keep for this version.
    async fn prepared(&self, slug: &PackSlug, hash: &PackHash) -> (PackState, Prepared) {
        for attempt in 1..=PREPARE_ATTEMPTS {
            let folder = self.folder.join(hash.as_str());
            let pack = PackRef {
                hash: hash.clone(),
                folder,
            };
            match self.grader.prepare(pack).await {
                Ok(prepared) => {
                    let (samples, variants) = (prepared.samples.len(), prepared.variants.len());
                    tracing::info!(%slug, samples, variants, "pack prepared");
                    return (PackState::Ready, prepared);
                }
                Err(error) => {
                    let again = error.retryable && attempt < PREPARE_ATTEMPTS;
                    tracing::error!(%slug, attempt, again, detail = error.detail, "pack could not be prepared");
                    if !again {
                        self.failures().insert(hash.clone(), error.detail);
                        break;
                    }
                    tokio::time::sleep(PREPARE_PAUSE * attempt).await;
                }
            }
        }
        (PackState::Failed, Prepared::default())
    }

    async fn record(&self, slug: &PackSlug, hash: &PackHash, state: PackState, prepared: Prepared) {
        let kept = self.keep(hash, state, &prepared).await;
        if let Err(error) = kept {
            tracing::error!(%slug, %error, "the preparation of a pack could not be kept");
        }
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = present.get_mut(slug)
            && view.pack.hash == *hash
        {
            view.state = state;
            view.samples = Arc::new(prepared.samples);
            view.variants = Arc::new(prepared.variants);
        }
    }

    async fn keep(&self, hash: &PackHash, state: PackState, prepared: &Prepared) -> Result<()> {
        let internal = |error| ServiceError::internal(format!("prepared values: {error}"));
        let samples = serde_json::to_string(&prepared.samples).map_err(internal)?;
        let variants = match &prepared.variants[..] {
            [] => None,
            all => Some(serde_json::to_string(all).map_err(internal)?),
        };
        let txn = self.db.begin_write().await?;
        db::packs::record_state(&*txn, hash.as_str(), state.name(), samples, variants).await?;
        txn.commit().await?;
        Ok(())
    }
}
