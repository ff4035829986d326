//! Two languages, three zones, and what every page carries.

use crate::access::submit_answer;
use crate::browser::Browser;
use crate::site::{ANSWER, FUNCTION, Site, report};
use gradien_problems::Verdict;

#[actix_web::test]
async fn every_page_is_indonesian_first_and_english_one_click_away() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let id = submit_answer(&student).await;
    let paths = [
        "/".to_owned(),
        format!("/problems/{ANSWER}"),
        format!("/problems/{FUNCTION}"),
        "/submissions".to_owned(),
        format!("/submissions/{id}"),
        "/settings".to_owned(),
        "/nowhere".to_owned(),
    ];
    for path in &paths {
        let page = student.get(path).await.text;
        assert!(page.contains("<html lang=\"id\""), "{path}");
        assert!(
            page.contains("Keluar") && !page.contains("Sign out"),
            "{path}"
        );
    }
    let switched = student
        .send(
            "/",
            "/language",
            &[("language", "en"), ("next", "/settings")],
        )
        .await;
    assert_eq!(switched.location(), "/settings");
    for path in &paths {
        let page = student.get(path).await.text;
        assert!(page.contains("<html lang=\"en\""), "{path}");
        assert!(
            page.contains("Sign out") && !page.contains("Keluar"),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn a_guests_language_is_remembered_by_the_browser() {
    let site = Site::open().await;
    let guest = Browser::new(&site);
    assert!(guest.get("/").await.text.contains("lang=\"id\""));
    assert!(
        guest
            .get("/sign-in?lang=en")
            .await
            .text
            .contains("Password")
    );
    assert!(guest.get("/").await.text.contains("<html lang=\"en\""));
    let page = guest.get("/sign-in?next=%2Fsubmissions").await.text;
    assert!(
        page.contains("name=\"next\" value=\"/submissions\""),
        "{page}"
    );
}

#[actix_web::test]
async fn settings_change_language_zone_and_theme() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let id = submit_answer(&student).await;
    site.judge(|pack| report(pack, Verdict::WrongAnswer)).await;
    let path = format!("/submissions/{id}");
    assert!(student.get(&path).await.text.contains(" WIB<"));
    for (zone, name) in [("Asia/Makassar", " WITA<"), ("Asia/Jayapura", " WIT<")] {
        let fields = [("language", "en"), ("zone", zone), ("theme", "dark")];
        let saved = student.send("/settings", "/settings", &fields).await;
        let page = student.get(saved.location()).await.text;
        assert!(page.contains("data-theme=\"dark\"") && page.contains("Settings saved"));
        assert!(student.get(&path).await.text.contains(name), "{name}");
    }
    for fields in [
        [
            ("language", "fr"),
            ("zone", "Asia/Jakarta"),
            ("theme", "dark"),
        ],
        [
            ("language", "en"),
            ("zone", "Europe/Paris"),
            ("theme", "dark"),
        ],
        [
            ("language", "en"),
            ("zone", "Asia/Jakarta"),
            ("theme", "pink"),
        ],
    ] {
        let answer = student.send("/settings", "/settings", &fields).await;
        assert_eq!(answer.status.as_u16(), 400, "{fields:?}");
    }
}

#[actix_web::test]
async fn the_decimal_sign_and_the_words_of_a_verdict_are_the_readers() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let id = submit_answer(&student).await;
    site.judge(|pack| {
        let mut partial = report(pack, Verdict::WrongAnswer);
        partial.score = gradien_problems::Score::from_hundredths(1111);
        partial
    })
    .await;
    let page = student.get(&format!("/submissions/{id}")).await.text;
    assert!(
        page.contains("11,11 / 100") && page.contains("Jawaban salah"),
        "{page}"
    );
    let page = student
        .get(&format!("/submissions/{id}?lang=en"))
        .await
        .text;
    assert!(
        page.contains("11.11 / 100") && page.contains("Wrong answer"),
        "{page}"
    );
}

#[actix_web::test]
async fn pages_are_never_kept_and_nothing_inline_is_in_them() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    for path in [
        "/".to_owned(),
        format!("/problems/{FUNCTION}"),
        format!("/problems/{ANSWER}"),
    ] {
        let answer = student.get(&path).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        for inline in [" style=", "<style", " onclick=", "javascript:"] {
            assert!(!answer.text.contains(inline), "{path} has {inline}");
        }
        for (at, _) in answer.text.match_indices("<script") {
            assert!(answer.text[at..].starts_with("<script type=\"module\" src=\"/static/"));
        }
        assert!(path == "/" || answer.text.contains("<math"), "{path}");
    }
}
