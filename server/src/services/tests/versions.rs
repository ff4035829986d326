//! Versions of problems: who sees which, and what starting again leaves alone.

use crate::services::ServiceError;
use crate::services::accounts::Role;
use crate::services::problems::Status;
use crate::services::problems::folders::copy_folder;
use crate::testing::{gru, packs, site, slug};
use gradien_problems::PackHash;
use gradien_problems::proof::Proof;
use std::fs;
use std::path::{Path, PathBuf};

/// A copy of a shipped pack under another name or with another seed.
pub(super) fn changed(copy: &Path, from: &str, name: &str, text: (&str, &str)) -> PathBuf {
    let folder = copy.join(name);
    copy_folder(&packs().join(from), &folder).unwrap();
    let manifest = folder.join("problem.toml");
    let before = fs::read_to_string(&manifest).unwrap();
    assert!(before.contains(text.0), "{}", text.0);
    fs::write(&manifest, before.replace(text.0, text.1)).unwrap();
    folder
}

/// What lets an uploaded version be published.
pub(super) fn proved() -> Option<String> {
    let proof = Proof::bare("any".into(), "cpu", "g");
    Some(serde_json::to_string(&proof).unwrap())
}

#[tokio::test]
async fn a_draft_is_there_for_coaches_alone_until_it_is_published() {
    let site = site(&[]).await;
    let coach = site.viewer("pelatih", Role::Coach).await;
    let budi = site.viewer("budi", Role::Student).await;
    let problems = &site.services.problems;
    let copy = tempfile::tempdir().unwrap();
    let folder = changed(
        copy.path(),
        "ch5-gru-cell",
        "ch5-gru-baru",
        ("560_001", "1"),
    );
    let refused = problems.install_draft(&budi, &folder, None).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
    let (new, hash) = problems
        .install_draft(&coach, &folder, proved())
        .await
        .unwrap();
    assert_eq!(new, slug("ch5-gru-baru"));
    for viewer in [None, Some(&budi)] {
        let hidden = problems.get(viewer, &new);
        assert!(matches!(hidden, Err(ServiceError::NotFound { .. })));
        assert!(problems.list(viewer).iter().all(|v| v.pack.slug != new));
    }
    let submitted = site
        .services
        .submissions
        .submit(&budi, &new, crate::testing::program("x = 1"))
        .await;
    assert!(matches!(submitted, Err(ServiceError::NotFound { .. })));
    assert_eq!(
        problems.get(Some(&coach), &new).unwrap().status,
        Status::Draft
    );
    let refused = problems.publish(&budi, &new, &hash).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
    problems.publish(&coach, &new, &hash).await.unwrap();
    assert_eq!(problems.get(None, &new).unwrap().status, Status::Published);
    problems.withdraw(&coach, &new).await.unwrap();
    assert!(problems.get(Some(&budi), &new).is_err());
    let versions = problems.get_versions(&coach, &new).await.unwrap();
    assert_eq!(versions.versions[0].status, Status::Withdrawn);
}

#[tokio::test]
async fn one_version_is_published_and_restarting_undoes_no_decision() {
    let site = site(&[]).await;
    let coach = site.viewer("pelatih", Role::Coach).await;
    let problems = &site.services.problems;
    let shipped = problems.get(None, &gru()).unwrap().pack.hash.clone();
    let copy = tempfile::tempdir().unwrap();
    let folder = changed(
        copy.path(),
        "ch5-gru-cell",
        "ch5-gru-cell",
        ("560_001", "2"),
    );
    let (_, mine) = problems
        .install_draft(&coach, &folder, proved())
        .await
        .unwrap();
    assert_eq!(problems.get(None, &gru()).unwrap().pack.hash, shipped);
    problems.publish(&coach, &gru(), &mine).await.unwrap();
    problems.install_folder(&packs()).await.unwrap();
    assert_eq!(problems.get(None, &gru()).unwrap().pack.hash, mine);
    let statuses = || async {
        let list = problems.get_versions(&coach, &gru()).await.unwrap();
        let of = |hash: &PackHash| {
            let found = list.versions.iter().find(|v| v.hash == *hash);
            found.unwrap().status
        };
        (of(&shipped), of(&mine))
    };
    assert_eq!(statuses().await, (Status::Withdrawn, Status::Published));
    // Back to what ships, and taken back: neither returns by itself.
    problems.publish(&coach, &gru(), &shipped).await.unwrap();
    assert_eq!(statuses().await, (Status::Published, Status::Withdrawn));
    problems.withdraw(&coach, &gru()).await.unwrap();
    problems.install_folder(&packs()).await.unwrap();
    assert!(problems.get(None, &gru()).is_err());
}

#[tokio::test]
async fn the_same_files_are_one_problem_and_its_versions_no_others() {
    let site = site(&[]).await;
    let coach = site.viewer("pelatih", Role::Coach).await;
    let problems = &site.services.problems;
    let copy = tempfile::tempdir().unwrap();
    let folder = copy.path().join("ch5-gru-lain");
    copy_folder(&packs().join("ch5-gru-cell"), &folder).unwrap();
    let refused = problems.install_draft(&coach, &folder, None).await;
    assert!(matches!(refused, Err(ServiceError::PackElsewhere { slug }) if slug == "ch5-gru-cell"));
    let hand = slug("ch5-convolution-hand");
    let other = problems.get(None, &hand).unwrap().pack.hash.clone();
    let refused = problems.publish(&coach, &gru(), &other).await;
    assert!(matches!(refused, Err(ServiceError::NotFound { .. })));
}
