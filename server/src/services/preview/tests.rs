use super::*;
use crate::services::problems::folders::copy_folder;
use crate::testing::{config, packs};
use std::fs;
use std::time::Instant;

/// The state once `is` holds of it; nobody waits longer than this.
async fn until(preview: &Preview, is: impl Fn(&Shown) -> bool) -> PreviewState {
    let mut states = preview.subscribe();
    let found = states.wait_for(|state| is(&state.shown));
    let found = tokio::time::timeout(Duration::from_secs(20), found).await;
    found.expect("it was to be seen").unwrap().clone()
}

#[tokio::test]
async fn a_change_is_seen_and_what_is_wrong_is_told() {
    let place = tempfile::tempdir().unwrap();
    let config = config(&place.path().join("data"), &[]);
    let services = Services::open(config).await.unwrap();
    let folder = place.path().join("ch5-mine");
    copy_folder(&packs().join("ch5-convolution-hand"), &folder).unwrap();
    let manifest = folder.join("problem.toml");
    let good = fs::read_to_string(&manifest).unwrap() + "# mine\n";
    fs::write(&manifest, &good).unwrap();

    let opened = Preview::open(&services, &folder, Language::En).await;
    let (preview, token) = opened.unwrap();
    assert_eq!(preview.state().generation, 0);
    let watching = tokio::spawn(preview.clone().watch(services.clone()));
    let first = until(&preview, |shown| shown.slug.is_some()).await;
    assert_eq!(first.shown.slug.as_ref().unwrap().as_str(), "ch5-mine");
    assert_eq!(first.shown.faults, Vec::<String>::new());

    // Broken: the last good version stays, with what is wrong and where.
    fs::write(&manifest, good.replace("decimals = 0", "decimalz = 0")).unwrap();
    let broken = until(&preview, |shown| !shown.faults.is_empty()).await;
    assert!(broken.generation > first.generation);
    assert_eq!(broken.shown.version, first.shown.version);
    let fault = &broken.shown.faults[0];
    assert!(fault.starts_with("problem.toml:"), "{fault}");
    assert!(fault.contains("did you mean `decimals`?"), "{fault}");

    // It loads, but a formula is not closed.
    fs::write(&manifest, &good).unwrap();
    let statement = folder.join("statement/problem.en.md");
    let right = fs::read_to_string(&statement).unwrap();
    fs::write(&statement, format!("$\\frac{{1$\n\n{right}")).unwrap();
    let at = "statement/problem.en.md:1: ";
    let seen = until(&preview, |shown| {
        shown.faults.iter().any(|fault| fault.starts_with(at))
    });
    let fault = &seen.await.shown.faults[0];
    assert!(fault.contains("a dollar sign"), "{fault}");
    fs::write(&statement, right).unwrap();

    // Mended, with another title.
    let mended = good.replace("Convolution by hand", "Convolution, mended");
    fs::write(&manifest, mended).unwrap();
    let seen = until(&preview, |shown| shown.faults.is_empty()).await;
    assert_ne!(seen.shown.version, first.shown.version);
    let view = services.problems.list(None).pop().unwrap();
    assert_eq!(view.pack.title.en, "Convolution, mended");

    // Nothing happens: nothing is to be seen.
    let before = Instant::now();
    tokio::time::sleep(LOOK_EVERY * 3).await;
    assert!(before.elapsed() >= LOOK_EVERY);
    assert_eq!(preview.state().generation, seen.generation);
    watching.abort();

    // The link is good once.
    assert!(preview.redeem("0").is_none());
    assert_eq!(preview.redeem(&token).unwrap().role, Role::Student);
    assert!(preview.redeem(&token).is_none());
}
