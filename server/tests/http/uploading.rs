//! Files that are handed in: the form without a script, what of it is kept, who
//! may take it, and forms that are not ours.

use crate::browser::{Answer, Browser};
use crate::site::{FUNCTION, Site};
use actix_web::test::TestRequest;
use gradien::services::accounts::Role;
use std::fs;
use std::path::Path;

pub const SLUG: &str = "ch4-upload";
const MANIFEST: &str = r#"
format = 1
kind = "prediction"
chapter = 4
section = "4.1"
title = { id = "Prediksi", en = "Predictions" }

[prediction]
format = "csv"
columns = [{ name = "id", type = "id" }, { name = "label", type = "label" }]
labels = "data/labels.csv"
downloads = ["data/test.csv"]
classes = ["0", "1"]
target = "label"
metric = "accuracy"
points = 100
baseline = 0.5
best = 0.9
"#;

pub async fn install(site: &Site) {
    let packs = tempfile::tempdir().unwrap();
    let folder = packs.path().join(SLUG);
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("problem.toml", MANIFEST);
    write("statement/problem.id.md", "Prediksi.");
    write("statement/problem.en.md", "Predict.");
    write("data/labels.csv", "id,split,label\nr1,A,0\nr2,B,1\n");
    write("data/test.csv", "id,x\nr1,0.5\nr2,1.5\n");
    write("submissions/expected.toml", "");
    site.services
        .problems
        .install_folder(Path::new(packs.path()))
        .await
        .unwrap();
}

/// A form as a browser sends it: fields in their order, `file` with a name.
fn form(fields: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let file = match *name {
            "file" => "; filename=\"C:\\data\\hasil.csv\"\r\nContent-Type: text/csv",
            _ => "",
        };
        let head =
            format!("--batas\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--batas--\r\n");
    body
}

pub async fn send(browser: &Browser, slug: &str, fields: &[(&str, &[u8])]) -> Answer {
    let request = TestRequest::post()
        .uri(&format!("/problems/{slug}/upload"))
        .insert_header(("content-type", "multipart/form-data; boundary=batas"))
        .set_payload(form(fields));
    browser.request(request).await
}

#[actix_web::test]
async fn a_file_is_kept_shown_and_given_back_to_its_author_and_to_staff() {
    let site = Site::open().await;
    install(&site).await;
    site.create("pelatih", Role::Coach).await;
    let author = Browser::signed_up(&site, "penulis").await;
    let page = author.get(&format!("/problems/{SLUG}")).await.text;
    assert!(page.contains("enctype=\"multipart/form-data\""), "{page}");
    assert!(page.contains(&format!("/problems/{SLUG}/data/test.csv")));
    assert!(!page.contains("labels.csv"));

    let token = author.token(&format!("/problems/{SLUG}")).await;
    let csv = b"id,label\nr1,0\nr2,\xff\n";
    let fields: [(&str, &[u8]); 2] = [("csrf", token.as_bytes()), ("file", csv)];
    let answer = send(&author, SLUG, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let path = answer.location().to_owned();
    let shown = author.get(&path).await.text;
    assert!(shown.contains("hasil.csv"), "{shown}");
    assert!(!shown.contains("C:\\data"));

    let taken = format!("{path}/file");
    let coach = Browser::signed_in(&site, "pelatih").await;
    for browser in [&author, &coach] {
        let answer = browser.get(&taken).await;
        assert_eq!(answer.status, 200);
        assert!(answer.text.starts_with("id,label\nr1,0\n"));
        let disposition = answer.header("content-disposition");
        assert!(disposition.starts_with("attachment"), "{disposition}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let other = Browser::signed_up(&site, "lain").await;
    assert_eq!(other.get(&taken).await.status, 404);
}

#[actix_web::test]
async fn what_a_pack_does_not_list_cannot_be_taken() {
    let site = Site::open().await;
    install(&site).await;
    let browser = Browser::new(&site);
    for (name, status) in [
        ("test.csv", 200),
        ("labels.csv", 404),
        ("..%2Fproblem.toml", 404),
        ("%2e%2e%2fproblem.toml", 404),
    ] {
        let answer = browser.get(&format!("/problems/{SLUG}/data/{name}")).await;
        assert_eq!(answer.status, status, "{name}");
    }
}

#[actix_web::test]
async fn forms_that_are_not_ours_or_not_whole_keep_nothing() {
    let site = Site::open().await;
    install(&site).await;
    let author = Browser::signed_up(&site, "penulis").await;
    let token = author.token(&format!("/problems/{SLUG}")).await;
    let token = token.as_bytes();
    let large = vec![b'x'; (16 << 20) + 1];
    type Form<'a> = &'a [(&'a str, &'a [u8])];
    let forms: [(&str, Form<'_>, u16); 8] = [
        (SLUG, &[("file", b"id\n"), ("csrf", token)], 403),
        (SLUG, &[("csrf", b"made up"), ("file", b"id\n")], 403),
        (SLUG, &[("csrf", token)], 422),
        (SLUG, &[("csrf", token), ("file", b"")], 422),
        (SLUG, &[("csrf", token), ("other", b"x")], 400),
        (
            SLUG,
            &[("csrf", token), ("file", b"a"), ("file", b"b")],
            400,
        ),
        (SLUG, &[("csrf", token), ("file", &large)], 413),
        (FUNCTION, &[("csrf", token), ("file", b"id\n")], 422),
    ];
    for (slug, fields, status) in forms {
        let answer = send(&author, slug, fields).await;
        assert_eq!(answer.status, status, "{slug}: {}", answer.text);
    }
    let nobody = Browser::new(&site);
    let answer = send(&nobody, SLUG, &[("csrf", token), ("file", b"id\n")]).await;
    assert_eq!(answer.status, 401);
    let own = author.get("/submissions").await.text;
    assert!(!own.contains("data-submission="), "{own}");
}
