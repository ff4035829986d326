//! Uploads with a grader that is a shell script: what it says is known here. The
//! real one, and archives that are hostile, are met in the end-to-end tests.

use super::{Refusal, State, UploadView};
use crate::ids::UploadId;
use crate::services::accounts::Role;
use crate::services::problems::Status;
use crate::services::problems::folders::copy_folder;
use crate::services::sessions::Viewer;
use crate::services::{ServiceError, Services};
use crate::testing::{Site, config, packs, site, slug};
use gradien_problems::Pack;
use gradien_problems::pack::archive::{ArchiveFault, ImportOutcome, ImportedPack};
use gradien_problems::proof::{Found, Proof};
use gradien_problems::protocol::{Progress, Response};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

const NEW: &str = "ch5-gru-baru";

/// What an archive's text makes of it: `pack` is a pack, `bad` is none, `die` ends
/// the grader.
const SCRIPT: &str = r#"#!/bin/sh
here=$(dirname "$0"); into=$5
for archive in "$@"; do :; done
case "$(cat "$archive")" in
pack) mkdir -p "$into"; cp -r "$here/pack/." "$into/"; cat "$here/imported.json" ;;
bad) cat "$here/refused.json"; exit 1 ;;
*) echo 'no room on the disk' >&2; exit 1 ;;
esac
"#;

struct Place {
    site: Site,
    grader: tempfile::TempDir,
    coach: Viewer,
}

async fn place() -> Place {
    let grader = tempfile::tempdir().unwrap();
    let at = grader.path();
    let folder = at.join("pack").join(NEW);
    copy_folder(&packs().join("ch5-gru-cell"), &folder).unwrap();
    let manifest = folder.join("problem.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.contains("560_001"));
    fs::write(&manifest, text.replace("560_001", "4")).unwrap();
    let pack = Pack::load(&folder).unwrap();
    let imported = ImportOutcome::Imported(ImportedPack {
        slug: pack.slug.clone(),
        hash: pack.hash.clone(),
        title: pack.title.clone(),
        kind: "function".into(),
        files: 1,
        bytes: 1,
        left_out: vec![],
    });
    let refused = ImportOutcome::Refused(ArchiveFault::NotAZip.into());
    for (name, outcome) in [("imported.json", imported), ("refused.json", refused)] {
        fs::write(at.join(name), serde_json::to_string(&outcome).unwrap()).unwrap();
    }
    let program = at.join("grader");
    fs::write(&program, SCRIPT).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let site = site(&["--grader", program.to_str().unwrap()]).await;
    let coach = site.viewer("pelatih", Role::Coach).await;
    Place {
        site,
        grader,
        coach,
    }
}

impl Place {
    async fn upload(&self, text: &str) -> UploadId {
        self.try_upload(text).await.unwrap()
    }

    async fn try_upload(&self, text: &str) -> Result<UploadId, ServiceError> {
        let uploads = &self.site.services.uploads;
        let mut receiving = uploads.receive(&self.coach, "Soal baru.zip").await?;
        receiving.write(text.as_bytes()).await?;
        receiving.finish(None).await
    }

    /// Answers the next request for a proof, with a fault or without.
    async fn prove(&self, fault: bool) {
        let task = self.site.services.grader.next_proof().await.unwrap();
        let mut proof = Proof::bare(NEW.into(), "cpu", "g");
        if fault {
            proof.find("problem.toml:1", Found::NoAccepted);
        }
        (task.on_progress)(Progress::Proving {
            done: 1,
            total: 2,
            what: "accepted/x.py".into(),
        });
        let proof = Box::new(proof);
        let _ = task.answer.send(Ok(Response::Proved { proof }));
    }

    /// When it is in this state.
    async fn wait(&self, id: UploadId, state: State) -> UploadView {
        wait(&self.site.services, &self.coach, id, state).await
    }

    fn folder(&self, id: UploadId) -> PathBuf {
        self.site.folder.path().join("uploads").join(id.to_string())
    }

    fn installed(&self) -> bool {
        let problems = &self.site.services.problems;
        problems.get(Some(&self.coach), &slug(NEW)).is_ok()
    }
}

async fn wait(services: &Services, coach: &Viewer, id: UploadId, state: State) -> UploadView {
    for _ in 0..500 {
        let view = services.uploads.get(coach, id).await.unwrap();
        if view.state == state {
            return view;
        }
        assert!(view.state.is_under_way(), "{:?}", view);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never {state:?}");
}

#[tokio::test]
async fn a_proved_pack_becomes_a_draft_that_can_be_published() {
    let place = place().await;
    let id = place.upload("pack").await;
    place.prove(false).await;
    let view = place.wait(id, State::Installed).await;
    assert!(view.proof.unwrap().is_proved());
    assert_eq!(view.file_name, "Soal baru.zip");
    let (name, hash) = view.pack.unwrap();
    let problems = &place.site.services.problems;
    assert!(matches!(
        problems.get(None, &name),
        Err(ServiceError::NotFound { .. })
    ));
    let (version, _) = problems
        .get_version(&place.coach, &name, &hash)
        .await
        .unwrap();
    assert_eq!(version.status, Status::Draft);
    problems.publish(&place.coach, &name, &hash).await.unwrap();
    assert!(problems.get(None, &name).is_ok());
    for _ in 0..100 {
        if !place.folder(id).exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("its folder stays");
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_but_its_message() {
    let place = place().await;
    let id = place.upload("bad").await;
    let view = place.wait(id, State::Refused).await;
    let Some(Refusal::Archive { text }) = view.refusal else {
        panic!("{view:?}")
    };
    assert!(!text.id.is_empty() && text.id != text.en);
    assert!(!place.installed());
    let uploads = &place.site.services.uploads;
    for refused in [
        uploads.retry(&place.coach, id).await,
        uploads.discard(&place.coach, id).await,
        uploads.keep(&place.coach, id).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(ServiceError::NotFound { .. })));
    }
}

#[tokio::test]
async fn what_is_not_proved_may_be_kept_and_not_published() {
    let place = place().await;
    let id = place.upload("pack").await;
    place.prove(true).await;
    let view = place.wait(id, State::Unproved).await;
    assert_eq!(view.proof.unwrap().findings[0].place, "problem.toml:1");
    assert!(!place.installed());
    let uploads = &place.site.services.uploads;
    let (name, hash) = uploads.keep(&place.coach, id).await.unwrap();
    assert!(place.installed() && !place.folder(id).exists());
    let problems = &place.site.services.problems;
    let refused = problems.publish(&place.coach, &name, &hash).await;
    assert!(matches!(refused, Err(ServiceError::PackUnproved)));
    // The same files once more, and this time proved: the version may go out.
    let again = place.upload("pack").await;
    place.prove(false).await;
    place.wait(again, State::Installed).await;
    problems.publish(&place.coach, &name, &hash).await.unwrap();
}

#[tokio::test]
async fn a_fault_of_ours_can_be_tried_again_or_discarded() {
    let place = place().await;
    let id = place.upload("die").await;
    let view = place.wait(id, State::Failed).await;
    assert!(view.incident.is_some() && place.folder(id).exists());
    let uploads = &place.site.services.uploads;
    uploads.retry(&place.coach, id).await.unwrap();
    place.wait(id, State::Failed).await;
    uploads.discard(&place.coach, id).await.unwrap();
    assert!(!place.folder(id).exists());
    assert_eq!(
        uploads.get(&place.coach, id).await.unwrap().state,
        State::Discarded
    );
}

#[tokio::test]
async fn a_stopped_server_says_so_and_goes_on_when_asked() {
    let place = place().await;
    let id = place.upload("pack").await;
    let view = place.wait(id, State::Proving).await;
    assert!(view.pack.is_some());
    let stray = place.folder(UploadId::random());
    fs::create_dir_all(&stray).unwrap();
    // Another process on the same data, while nobody proves.
    let program = place.grader.path().join("grader");
    let flags = ["--grader", program.to_str().unwrap()];
    let next = Services::open(config(place.site.folder.path(), &flags));
    let next = next.await.unwrap();
    assert_eq!(next.uploads.interrupt().await.unwrap(), 1);
    assert!(!stray.exists() && place.folder(id).exists());
    let coach = &place.coach;
    let view = next.uploads.get(coach, id).await.unwrap();
    assert_eq!(view.state, State::Interrupted);
    next.uploads.retry(coach, id).await.unwrap();
    let task = next.grader.next_proof().await.unwrap();
    let proof = Box::new(Proof::bare(NEW.into(), "cpu", "g"));
    let _ = task.answer.send(Ok(Response::Proved { proof }));
    wait(&next, coach, id, State::Installed).await;
}

#[tokio::test]
async fn uploads_are_bounded_and_for_coaches_alone() {
    let place = place().await;
    for _ in 0..4 {
        place.upload("pack").await;
    }
    let refused = place.try_upload("pack").await;
    assert!(matches!(
        refused,
        Err(ServiceError::TooManyUploads { limit: 4 })
    ));
    let folders = fs::read_dir(place.site.folder.path().join("uploads"));
    assert_eq!(folders.unwrap().count(), 4);
    let student = place.site.viewer("budi", Role::Student).await;
    let uploads = &place.site.services.uploads;
    let refused = uploads.receive(&student, "a.zip").await.map(|_| ());
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
    let refused = uploads.list(&student).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
}

#[tokio::test]
async fn an_archive_that_is_too_large_or_empty_leaves_nothing() {
    let place = place().await;
    let uploads = &place.site.services.uploads;
    let mut receiving = uploads.receive(&place.coach, "a.zip").await.unwrap();
    let part = vec![b'x'; 8 << 20];
    for _ in 0..8 {
        receiving.write(&part).await.unwrap();
    }
    let refused = receiving.write(b"x").await;
    assert!(matches!(refused, Err(ServiceError::PackTooLarge { .. })));
    drop(receiving);
    let refused = place.try_upload("").await;
    assert!(matches!(refused, Err(ServiceError::SourceEmpty)));
    let mut folders = fs::read_dir(place.site.folder.path().join("uploads")).unwrap();
    assert!(folders.next().is_none());
    assert!(uploads.list(&place.coach).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_waits_for_ever_for_a_decision() {
    let place = place().await;
    let id = place.upload("pack").await;
    place.prove(true).await;
    place.wait(id, State::Unproved).await;
    let uploads = &place.site.services.uploads;
    assert_eq!(uploads.remove_old().await.unwrap(), 0);
    place.site.clock.advance_ms(8 * 24 * 3600 * 1000);
    assert_eq!(uploads.remove_old().await.unwrap(), 1);
    assert!(!place.folder(id).exists());
}

#[tokio::test]
async fn a_sealed_version_has_cases_of_its_own_and_is_for_coaches_alone() {
    let place = place().await;
    let gru = crate::testing::gru();
    let problems = &place.site.services.problems;
    let public = problems.get(None, &gru).unwrap().pack;
    let uploads = &place.site.services.uploads;
    let hand = slug("ch1-perceptron-trace");
    let hash = problems.get(None, &hand).unwrap().pack.hash.clone();
    let refused = uploads.seal(&place.coach, &hand, &hash).await;
    assert!(matches!(refused, Err(ServiceError::NothingToSeal)));
    let id = uploads.seal(&place.coach, &gru, &public.hash).await;
    place.prove(false).await;
    let view = place.wait(id.unwrap(), State::Installed).await;
    let (_, sealed) = view.pack.unwrap();
    assert_ne!(sealed, public.hash);

    let (version, pack) = problems
        .get_version(&place.coach, &gru, &sealed)
        .await
        .unwrap();
    assert_eq!(version.status, Status::Sealed);
    let of = |pack: &Pack| pack.kind.find_function().cloned().unwrap();
    let (ours, theirs) = (of(&pack), of(&public));
    assert_eq!(ours.seed, theirs.seed);
    assert_ne!(ours.case_seed, theirs.case_seed);
    assert_eq!(theirs.case_seed, theirs.seed);

    // What everybody sees stays; nobody but coaches reaches the other.
    assert_eq!(problems.get(None, &gru).unwrap().pack.hash, public.hash);
    let student = place.site.viewer("budi", Role::Student).await;
    for viewer in [None, Some(&student)] {
        let hidden = problems.get_to_try(viewer, &gru, Some(&sealed)).await;
        assert!(matches!(hidden, Err(ServiceError::NotFound { .. })));
    }
    let coaching = &place.site.services.coaching;
    let refused = coaching.archive(&student, &gru, &sealed).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
    let refused = problems.publish(&place.coach, &gru, &sealed).await;
    assert!(matches!(refused, Err(ServiceError::PackSealed)));

    let seals = place.site.folder.path().join("secrets/seals");
    let keys: Vec<_> = fs::read_dir(&seals).unwrap().flatten().collect();
    assert_eq!(keys.len(), 1);
    let key = keys[0].metadata().unwrap();
    assert_eq!((key.len(), key.permissions().mode() & 0o777), (32, 0o600));
}
