//! Sealing a version for a contest: the same pack with hidden cases of its own.
//!
//! Whoever can read a pack can draw its hidden cases, because they are keyed by the
//! seed that stands in it. A sealed version draws them by another key: the first 63
//! bits of HMAC-SHA256 of the problem's name under a secret of 32 random bytes, made
//! for this version alone. Its samples stay, so that the page shows the same. It is
//! verified like any other, and only coaches see it until a contest opens it.
//!
//! Of a hand computation the variants are drawn anew by the same key, all but the first,
//! which has the values that the pack declares. Examples for another variant go with
//! the numbers that they were computed from.
//!
//! The secret is kept in `<data>/secrets/seals/`, for its owner alone; the version's
//! own files hold what was derived from it, and are given to coaches alone.

use super::{State, Uploads};
use crate::db;
use crate::db::entity::upload::Model;
use crate::ids::UploadId;
use crate::services::problems::Status;
use crate::services::problems::folders::copy_folder;
use crate::services::secrets::{Key, create_seal_key};
use crate::services::sessions::Viewer;
use crate::services::{Result, ServiceError};
use gradien_problems::pack::{Kind, MANIFEST_FILE, Pack};
use gradien_problems::{PackHash, PackSlug};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fs;
use std::path::Path;
use toml_edit::DocumentMut;

impl Uploads {
    /// Makes a sealed version of this one, as an upload whose files are made here.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`];
    /// [`ServiceError::NothingToSeal`] where nothing in the pack is drawn;
    /// [`ServiceError::TooManyUploads`].
    pub async fn seal(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        hash: &PackHash,
    ) -> Result<UploadId> {
        let (found, pack) = self.problems.get_version(viewer, slug, hash).await?;
        if !is_drawn(&pack.kind) || found.status == Status::Sealed {
            return Err(ServiceError::NothingToSeal);
        }
        self.check_room(self.db.read(), viewer).await?;
        let id = UploadId::random();
        let hash = match self.make_sealed(id, &pack) {
            Ok(hash) => hash,
            Err(error) => {
                self.remove_folder(id).await;
                return Err(error);
            }
        };
        let row = Model {
            id: id.to_string(),
            author_id: viewer.user.id.to_string(),
            file_name: slug.to_string(),
            bytes: 0,
            wanted_slug: None,
            created_at_ms: self.clock.now_ms(),
            state: State::Proving.name().into(),
            ended_at_ms: None,
            slug: Some(slug.to_string()),
            pack_hash: Some(hash.to_string()),
            refusal_json: None,
            proof_json: None,
            incident: None,
            sealed: 1,
        };
        let txn = self.db.begin_write().await?;
        db::uploads::create(&*txn, row).await?;
        txn.commit().await?;
        tracing::info!(%id, %slug, by = %viewer.user.id, "a version is being sealed");
        self.begin(viewer, id);
        Ok(id)
    }

    fn make_sealed(&self, id: UploadId, pack: &Pack) -> Result<PackHash> {
        let key = create_seal_key(&self.data, &id.to_string())?;
        let folder = self.pack_folder(id).join(pack.slug.as_str());
        copy_folder(&pack.folder, &folder)?;
        rewrite(&folder, &pack.kind, seed(&key, &pack.slug)?)?;
        Ok(Pack::load(&folder)?.hash)
    }
}

/// Whether hidden cases or variants are drawn by the pack's seed.
pub fn is_drawn(kind: &Kind) -> bool {
    match kind {
        Kind::Function(_) | Kind::Notebook(_) => true,
        Kind::Answer(answer) => answer.variants.is_some(),
        Kind::Prediction(_) | Kind::Model(_) => false,
    }
}

/// A whole number of TOML has a sign, so one bit less.
fn seed(key: &Key, slug: &PackSlug) -> Result<i64> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .map_err(|_| ServiceError::internal("a key of another length"))?;
    mac.update(b"gradien sealed cases\0");
    mac.update(slug.as_str().as_bytes());
    let digest = mac.finalize().into_bytes();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Ok((u64::from_le_bytes(first) >> 1) as i64)
}

/// Puts the seed into a pack's folder and leaves the rest as it was.
fn rewrite(folder: &Path, kind: &Kind, seed: i64) -> Result<()> {
    let manifest = folder.join(MANIFEST_FILE);
    let mut document = read(&manifest)?;
    let (table, key) = match kind {
        // Numbers are not shown beforehand as samples are: there is one seed.
        Kind::Answer(_) => ("variants", "seed"),
        _ => ("function", "case_seed"),
    };
    let table = document
        .get_mut(table)
        .and_then(|table| table.as_table_like_mut())
        .ok_or(ServiceError::NothingToSeal)?;
    table.insert(key, toml_edit::value(seed));
    fs::write(&manifest, document.to_string()).map_err(at(&manifest))?;
    match kind {
        Kind::Answer(_) => remove_examples(&folder.join("submissions")),
        _ => Ok(()),
    }
}

/// Removes the examples that are for another variant than the first.
fn remove_examples(folder: &Path) -> Result<()> {
    let expected = folder.join("expected.toml");
    let mut document = read(&expected)?;
    let variant = |item: &toml_edit::Item| item.get("variant")?.as_integer();
    let others: Vec<String> = document
        .iter()
        .filter(|(_, item)| variant(item).is_some_and(|number| number > 0))
        .map(|(name, _)| name.to_owned())
        .collect();
    for name in &others {
        document.remove(name);
        // The pack was read: it is a file of this folder.
        let example = folder.join(name);
        fs::remove_file(&example).map_err(at(&example))?;
    }
    fs::write(&expected, document.to_string()).map_err(at(&expected))
}

fn read(path: &Path) -> Result<DocumentMut> {
    let text = fs::read_to_string(path).map_err(at(path))?;
    text.parse()
        .map_err(|error| ServiceError::internal(format!("{}: {error}", path.display())))
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> ServiceError {
    let path = path.to_path_buf();
    |source| ServiceError::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_keyed_by_the_secret_and_the_name() {
        let name = |text: &str| text.parse::<PackSlug>().unwrap();
        let one = seed(&[1; 32], &name("ch5-gru-cell")).unwrap();
        assert!(one >= 0);
        assert_eq!(one, seed(&[1; 32], &name("ch5-gru-cell")).unwrap());
        assert_ne!(one, seed(&[2; 32], &name("ch5-gru-cell")).unwrap());
        assert_ne!(one, seed(&[1; 32], &name("ch5-gru-lain")).unwrap());
    }

    fn shipped(name: &str, into: &Path) -> Pack {
        copy_folder(&crate::testing::packs().join(name), &into.join(name)).unwrap();
        Pack::load(&into.join(name)).unwrap()
    }

    #[test]
    fn a_manifest_gains_a_seed_and_keeps_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let pack = shipped("ch5-gru-cell", folder.path());
        let manifest = pack.folder.join(MANIFEST_FILE);
        let before = fs::read_to_string(&manifest).unwrap();
        rewrite(&pack.folder, &pack.kind, 9).unwrap();
        let after = fs::read_to_string(&manifest).unwrap();
        assert_eq!(after.replace("case_seed = 9\n", ""), before);
        assert_ne!(after, before);
        fs::write(&manifest, "format = 1\n").unwrap();
        assert!(rewrite(&pack.folder, &pack.kind, 9).is_err());
    }

    #[test]
    fn of_an_answer_the_variants_change_and_examples_of_the_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let pack = shipped("ch5-convolution-hand", folder.path());
        rewrite(&pack.folder, &pack.kind, 9).unwrap();
        let sealed = Pack::load(&pack.folder).unwrap();
        let Kind::Answer(answer) = &sealed.kind else {
            panic!("another kind")
        };
        assert_eq!(answer.variants.as_ref().unwrap().seed, 9);
        let examples = pack.folder.join("submissions");
        assert!(examples.join("accepted/as_typed.toml").exists());
        assert!(!examples.join("accepted/variant_7.toml").exists());
        let expected = fs::read_to_string(examples.join("expected.toml")).unwrap();
        assert!(!expected.contains("variant ="), "{expected}");
        assert!(expected.contains("# Two cells of the map"), "{expected}");
        // The same key gives the same version.
        let other = tempfile::tempdir().unwrap();
        let pack = shipped("ch5-convolution-hand", other.path());
        rewrite(&pack.folder, &pack.kind, 9).unwrap();
        assert_eq!(Pack::load(&pack.folder).unwrap().hash, sealed.hash);
    }
}
