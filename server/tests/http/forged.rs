//! Requests that no page of ours made for this reader change nothing.

use crate::browser::Browser;
use crate::site::{ANSWER, FUNCTION, Site};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use gradien::pages::routes;
use serde_json::json;

fn path_of(pattern: &str) -> String {
    pattern
        .replace("{slug}", FUNCTION)
        .replace("{id}", &"0".repeat(32))
        .replace("{token}", &"a".repeat(32))
}

#[actix_web::test]
async fn no_form_and_no_json_is_taken_without_its_token() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let other = Browser::signed_up(&site, "budi").await;
    let foreign = other.token("/").await;
    for page in routes()
        .into_iter()
        .filter(|page| page.method != Method::GET)
    {
        let path = path_of(page.path);
        for token in ["", "0", &"0".repeat(64), &foreign] {
            let request = TestRequest::default()
                .method(page.method.clone())
                .uri(&path);
            let request = match page.json {
                true => request
                    .insert_header(("x-csrf-token", token))
                    .set_json(json!({
                        "kind": "function", "source": "x", "input": { "kind": "samples" },
                    })),
                false => request.set_form([("csrf", token), ("source", "x"), ("language", "en")]),
            };
            let answer = student.request(request).await;
            assert_eq!(
                answer.status.as_u16(),
                403,
                "{} {path} {token:?}",
                page.method
            );
        }
    }
    let list = student.get("/submissions").await;
    assert!(
        !list.text.contains("data-submission"),
        "something was submitted"
    );
}

#[actix_web::test]
async fn a_request_from_another_site_is_refused_even_with_the_token() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let token = student.token("/").await;
    let path = format!("/problems/{ANSWER}/submit");
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = TestRequest::post()
            .uri(&path)
            .insert_header(("host", "localhost:8080"))
            .insert_header((name, value))
            .set_form([("csrf", token.as_str()), ("S.0", "1")]);
        assert_eq!(
            student.request(request).await.status.as_u16(),
            403,
            "{name}: {value}"
        );
    }
}

#[actix_web::test]
async fn bodies_of_other_types_and_sizes_are_refused() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let path = format!("/problems/{FUNCTION}/submit");
    let text = TestRequest::post()
        .uri(&path)
        .insert_header(("content-type", "text/plain"))
        .set_payload("csrf=x");
    assert_eq!(student.request(text).await.status.as_u16(), 415);
    let large = "x".repeat(1_100_000);
    let answer = student.send("/", &path, &[("source", &large)]).await;
    assert_eq!(answer.status.as_u16(), 413);
    let not_json = TestRequest::put()
        .uri(&format!("/problems/{FUNCTION}/draft"))
        .insert_header(("content-type", "application/json"))
        .insert_header(("x-csrf-token", student.token("/").await))
        .set_payload("{");
    assert_eq!(student.request(not_json).await.status.as_u16(), 400);
}

#[actix_web::test]
async fn next_never_leads_away() {
    let site = Site::open().await;
    site.create("siti", gradien::services::accounts::Role::Student)
        .await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ] {
        let browser = Browser::new(&site);
        let fields = [
            ("username", "siti"),
            ("password", crate::site::PASSWORD),
            ("next", next),
        ];
        let answer = browser.send("/sign-in", "/sign-in", &fields).await;
        assert_eq!(answer.location(), "/", "{next}");
        let switched = browser
            .send("/", "/language", &[("language", "en"), ("next", next)])
            .await;
        assert_eq!(switched.location(), "/", "{next}");
    }
}
