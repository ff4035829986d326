//! Signing up, in and out; sessions that end while somebody works.

use crate::browser::Browser;
use crate::site::{FUNCTION, PASSWORD, Site};
use gradien::services::accounts::Role;
use gradien::services::sessions::{ACCESS_MS, REFRESH_MS, ROTATION_GRACE_MS};

#[actix_web::test]
async fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let site = Site::open_with(&["--public-url", "https://latihan.example"]).await;
    let browser = Browser::new(&site);
    let fields = [
        ("username", "siti"),
        ("display_name", "Siti"),
        ("password", PASSWORD),
    ];
    let answer = browser.send("/sign-up", "/sign-up", &fields).await;
    let set: Vec<&str> = answer
        .headers
        .get_all("set-cookie")
        .map(|value| value.to_str().unwrap())
        .collect();
    assert_eq!(set.len(), 2, "{set:?}");
    for cookie in set {
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
    assert!(
        answer
            .header("strict-transport-security")
            .contains("max-age")
    );
}

#[actix_web::test]
async fn a_session_is_renewed_without_a_page_knowing() {
    let site = Site::open().await;
    let browser = Browser::signed_up(&site, "siti").await;
    let before = browser.cookies.borrow().clone();
    site.services.clock.advance_ms(ACCESS_MS + 1000);
    assert_eq!(browser.get("/settings").await.status.as_u16(), 200);
    let after = browser.cookies.borrow().clone();
    assert_ne!(before["gradien_access"], after["gradien_access"]);
    assert_ne!(before["gradien_refresh"], after["gradien_refresh"]);

    // Another tab that asked in the same moment came with the old cookies.
    let tab = Browser::new(&site);
    tab.cookies.replace(before.clone());
    assert_eq!(tab.get("/settings").await.status.as_u16(), 200);
    // Much later the same old cookies are a thief's: everybody is signed out.
    site.services
        .clock
        .advance_ms(ACCESS_MS + ROTATION_GRACE_MS);
    let thief = Browser::new(&site);
    thief.cookies.replace(before);
    assert_eq!(thief.get("/settings").await.status.as_u16(), 303);
    assert_eq!(browser.get("/settings").await.status.as_u16(), 303);
}

#[actix_web::test]
async fn signing_out_ends_the_session_on_the_server() {
    let site = Site::open().await;
    let browser = Browser::signed_up(&site, "siti").await;
    let kept = browser.cookies.borrow().clone();
    assert_eq!(browser.send("/", "/sign-out", &[]).await.location(), "/");
    assert!(!browser.cookies.borrow().contains_key("gradien_refresh"));
    let thief = Browser::new(&site);
    thief.cookies.replace(kept);
    let answer = thief.get("/settings").await;
    assert_eq!(answer.location(), "/sign-in?next=%2Fsettings");
}

#[actix_web::test]
async fn what_was_typed_survives_a_session_that_is_over() {
    let site = Site::open().await;
    let browser = Browser::signed_up(&site, "siti").await;
    let page = format!("/problems/{FUNCTION}");
    let token = browser.token(&page).await;
    site.services.clock.advance_ms(REFRESH_MS + 1000);
    let source = "def gru_cell():\r\n    return '<b>\"&'\r\n";
    let fields = [("csrf", token.as_str()), ("source", source)];
    let answer = browser.post(&format!("{page}/submit"), &fields).await;
    assert_eq!(answer.status.as_u16(), 401);
    assert!(
        answer.text.contains("Yang kamu isi tidak hilang"),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains("<b>"));

    // The browser sends the hidden field back as it was.
    let (_, kept) = answer.text.split_once("name=\"kept\" value=\"").unwrap();
    let kept = unescape(kept.split_once('"').unwrap().0);
    let fields = [
        ("username", "siti"),
        ("password", PASSWORD),
        ("next", page.as_str()),
        ("kept", kept.as_str()),
    ];
    let back = browser.send("/sign-in", "/sign-in", &fields).await;
    assert_eq!(back.location(), format!("{page}?kept"));
    let shown = browser.get(back.location()).await.text;
    assert!(
        shown.contains("return &#39;&#60;b&#62;&#34;&#38;&#39;"),
        "{shown}"
    );
    assert!(shown.contains("data-prefilled=\"draft\""));
    assert!(shown.contains("Isianmu sudah dikembalikan"));
}

#[actix_web::test]
async fn a_run_without_a_session_keeps_the_program_too() {
    let site = Site::open().await;
    let guest = Browser::new(&site);
    let page = format!("/problems/{FUNCTION}");
    let fields = [("source", "jawaban = 42"), ("input_kind", "samples")];
    let answer = guest.send(&page, &format!("{page}/run"), &fields).await;
    assert_eq!(answer.status.as_u16(), 401);
    assert!(answer.text.contains("name=\"kept\"") && answer.text.contains("jawaban = 42"));
    let next = format!("name=\"next\" value=\"{page}\"");
    assert!(answer.text.contains(&next), "{}", answer.text);
}

/// What a browser reads in an attribute.
fn unescape(text: &str) -> String {
    let mut text = text.to_owned();
    for (entity, sign) in [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&#60;", "<"),
        ("&gt;", ">"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, sign);
    }
    text
}

#[actix_web::test]
async fn wrong_forms_come_back_with_what_is_wrong_and_without_the_password() {
    let site = Site::open().await;
    site.create("siti", Role::Student).await;
    let browser = Browser::new(&site);
    for (username, name, password, status, text) in [
        ("siti", "Siti", PASSWORD, 409, "sudah dipakai"),
        (
            "x",
            "Siti",
            PASSWORD,
            422,
            "Nama pengguna itu tidak dapat dipakai",
        ),
        (
            "budi",
            " ",
            PASSWORD,
            422,
            "Nama yang ditampilkan tidak dapat dipakai",
        ),
        (
            "budi",
            "Budi",
            "rahasia",
            422,
            "Kata sandi itu tidak dapat dipakai",
        ),
    ] {
        let fields = [
            ("username", username),
            ("display_name", name),
            ("password", password),
        ];
        let answer = browser.send("/sign-up", "/sign-up", &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{username} {name}");
        assert!(answer.text.contains(text), "{text}: {}", answer.text);
        assert!(answer.text.contains(&format!("value=\"{username}\"")));
        assert!(!answer.text.contains(password));
    }
    let fields = [("username", "siti"), ("password", "bukan sandinya")];
    let wrong = browser.send("/sign-in", "/sign-in", &fields).await;
    assert_eq!(wrong.status.as_u16(), 401);
    assert!(wrong.text.contains("Nama pengguna atau kata sandi salah"));
}

#[actix_web::test]
async fn guessing_a_password_is_slowed_down() {
    let site = Site::open().await;
    site.create("siti", Role::Student).await;
    let browser = Browser::new(&site);
    let token = browser.token("/sign-in").await;
    let fields = [
        ("csrf", token.as_str()),
        ("username", "siti"),
        ("password", "coba coba saja"),
    ];
    for _ in 0..10 {
        assert_eq!(browser.post("/sign-in", &fields).await.status.as_u16(), 401);
    }
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.status.as_u16(), 429);
    let wait: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=10).contains(&wait));
    assert!(answer.text.contains("Terlalu banyak permintaan"));
}

#[actix_web::test]
async fn closed_sign_up_is_closed_and_not_offered() {
    let site = Site::open_with(&["--sign-up", "closed"]).await;
    let browser = Browser::new(&site);
    assert_eq!(browser.get("/sign-up").await.status.as_u16(), 403);
    assert!(!browser.get("/sign-in").await.text.contains("\"/sign-up"));
    let fields = [
        ("username", "siti"),
        ("display_name", "S"),
        ("password", PASSWORD),
    ];
    let answer = browser.send("/sign-in", "/sign-up", &fields).await;
    assert_eq!(answer.status.as_u16(), 403);
}

#[actix_web::test]
async fn the_first_administrators_link_works_once() {
    let site = Site::open().await;
    let token = site
        .services
        .accounts
        .renew_admin_link()
        .await
        .unwrap()
        .expect("no admin yet");
    let path = format!("/admin-link/{token}");
    let browser = Browser::new(&site);
    assert_eq!(browser.get(&path).await.status.as_u16(), 200);
    let fields = [
        ("username", "kepala"),
        ("display_name", "Kepala"),
        ("password", PASSWORD),
    ];
    assert_eq!(browser.send(&path, &path, &fields).await.location(), "/");
    assert!(browser.get("/").await.text.contains("pengelola"));
    let other = Browser::new(&site);
    assert_eq!(other.get(&path).await.status.as_u16(), 410);
    let fields = [
        ("username", "tamu"),
        ("display_name", "Tamu"),
        ("password", PASSWORD),
    ];
    assert_eq!(other.send("/", &path, &fields).await.status.as_u16(), 410);
}
