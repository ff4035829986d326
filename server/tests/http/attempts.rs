//! A pack that may be handed in a few times only.

use crate::browser::Browser;
use crate::site::{ANSWER, Site, report};
use actix_web::http::StatusCode;
use gradien::services::accounts::Role;
use gradien_problems::Verdict;
use std::fs;
use std::path::Path;

/// The site with the convolution pack allowing two attempts.
async fn site() -> Site {
    let site = Site::open().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(ANSWER);
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
    copy_folder(&packs.join(ANSWER), &copy);
    let manifest = copy.join("problem.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("attempts = 2\n{text}")).unwrap();
    site.services.problems.install_folder(&copy).await.unwrap();
    site
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

async fn submit(browser: &Browser) -> StatusCode {
    let page = format!("/problems/{ANSWER}");
    let action = format!("{page}/submit");
    browser.send(&page, &action, &[("S.0", "6")]).await.status
}

#[actix_web::test]
async fn attempts_are_counted_refunded_and_then_refused() {
    let site = site().await;
    let student = Browser::signed_up(&site, "siti").await;
    let page = format!("/problems/{ANSWER}");
    let shown = async || student.get(&page).await.text;
    assert!(shown().await.contains("0 dari 2 percobaan terpakai"));

    assert_eq!(submit(&student).await, StatusCode::SEE_OTHER);
    assert!(shown().await.contains("1 dari 2 percobaan terpakai"));
    // Our fault, and a file that cannot be read, give it back.
    for refunded in [Verdict::JudgeError, Verdict::CompileError] {
        site.judge(|pack| report(pack, refunded)).await;
        assert!(shown().await.contains("0 dari 2 percobaan terpakai"));
        assert_eq!(submit(&student).await, StatusCode::SEE_OTHER);
    }
    site.judge(|pack| report(pack, Verdict::WrongAnswer)).await;
    // The last one counts while it waits, too.
    assert_eq!(submit(&student).await, StatusCode::SEE_OTHER);
    assert_eq!(submit(&student).await, StatusCode::CONFLICT);
    let spent = shown().await;
    assert!(
        spent.contains("Semua 2 percobaan sudah terpakai"),
        "{spent}"
    );
    assert!(spent.contains("name=\"S.0\" value=\"6\""), "it is kept");

    // Each has their own, and staff are not counted.
    let other = Browser::signed_up(&site, "budi").await;
    assert_eq!(submit(&other).await, StatusCode::SEE_OTHER);
    site.create("pelatih", Role::Coach).await;
    let coach = Browser::signed_in(&site, "pelatih").await;
    for _ in 0..3 {
        assert_eq!(submit(&coach).await, StatusCode::SEE_OTHER);
    }
}
