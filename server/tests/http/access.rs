//! Who gets what: one row for every address of the server. An address without a
//! row fails, so that a new page cannot be forgotten.

use crate::browser::Browser;
use crate::site::{ANSWER, FUNCTION, Site};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use gradien::pages::{Access, routes};
use gradien::services::accounts::Role;
use serde_json::json;

/// What the four get, in this order: nobody in particular, another student than
/// the author, a coach, an administrator.
type Row = (&'static str, &'static str, bool, [u16; 4]);

/// Method, address as registered, whether the body is JSON, statuses. Forms and
/// JSON go without a token here: whoever is let in as far as the token gets 403
/// for it, and the tests of forged requests go on from there.
const TABLE: &[Row] = &[
    ("GET", "/", false, [200, 200, 200, 200]),
    ("GET", "/problems/{slug}", false, [200, 200, 200, 200]),
    (
        "POST",
        "/problems/{slug}/submit",
        false,
        [401, 403, 403, 403],
    ),
    ("POST", "/problems/{slug}/run", true, [401, 403, 403, 403]),
    ("POST", "/problems/{slug}/run", false, [401, 403, 403, 403]),
    ("PUT", "/problems/{slug}/draft", true, [401, 403, 403, 403]),
    (
        "POST",
        "/problems/{slug}/hints",
        false,
        [401, 403, 403, 403],
    ),
    (
        "POST",
        "/problems/{slug}/variant",
        false,
        [401, 403, 403, 403],
    ),
    (
        "POST",
        "/problems/{slug}/upload",
        false,
        [401, 403, 403, 403],
    ),
    (
        "GET",
        "/problems/{slug}/data/{name}",
        false,
        [404, 404, 404, 404],
    ),
    ("GET", "/submissions/{id}/file", false, [303, 404, 404, 404]),
    (
        "POST",
        "/submissions/{id}/final",
        false,
        [401, 403, 403, 403],
    ),
    ("GET", "/submissions", false, [303, 200, 200, 200]),
    ("GET", "/submissions/{id}", false, [303, 404, 200, 200]),
    (
        "GET",
        "/submissions/{id}/events",
        false,
        [401, 404, 200, 200],
    ),
    ("GET", "/coach", false, [303, 403, 200, 200]),
    ("GET", "/coach/problems/{slug}", false, [303, 403, 200, 200]),
    (
        "POST",
        "/coach/problems/{slug}/publish",
        false,
        [401, 403, 403, 403],
    ),
    (
        "POST",
        "/coach/problems/{slug}/withdraw",
        false,
        [401, 403, 403, 403],
    ),
    (
        "GET",
        "/coach/problems/{slug}/versions/{version}/download",
        false,
        [303, 403, 404, 404],
    ),
    (
        "GET",
        "/coach/problems/{slug}/changes",
        false,
        [303, 403, 404, 404],
    ),
    (
        "GET",
        "/coach/problems/{slug}/insight",
        false,
        [303, 403, 200, 200],
    ),
    (
        "GET",
        "/coach/problems/{slug}/versions/{version}",
        false,
        [303, 403, 404, 404],
    ),
    ("GET", "/coach/upload", false, [303, 403, 200, 200]),
    ("POST", "/coach/upload", false, [401, 403, 403, 403]),
    ("GET", "/coach/uploads/{id}", false, [303, 403, 404, 404]),
    (
        "GET",
        "/coach/uploads/{id}/events",
        false,
        [401, 403, 404, 404],
    ),
    (
        "POST",
        "/coach/uploads/{id}/retry",
        false,
        [401, 403, 403, 403],
    ),
    (
        "POST",
        "/coach/uploads/{id}/keep",
        false,
        [401, 403, 403, 403],
    ),
    (
        "POST",
        "/coach/uploads/{id}/discard",
        false,
        [401, 403, 403, 403],
    ),
    (
        "POST",
        "/coach/problems/{slug}/seal",
        false,
        [401, 403, 403, 403],
    ),
    (
        "POST",
        "/coach/problems/{slug}/rejudges",
        false,
        [401, 403, 403, 403],
    ),
    ("GET", "/coach/rejudges/{id}", false, [303, 403, 404, 404]),
    (
        "GET",
        "/coach/rejudges/{id}/events",
        false,
        [401, 403, 404, 404],
    ),
    (
        "POST",
        "/coach/rejudges/{id}/apply",
        false,
        [401, 403, 403, 403],
    ),
    (
        "POST",
        "/coach/rejudges/{id}/discard",
        false,
        [401, 403, 403, 403],
    ),
    (
        "GET",
        "/coach/problems/{slug}/finals",
        false,
        [303, 403, 404, 404],
    ),
    (
        "POST",
        "/coach/problems/{slug}/finals/open",
        false,
        [401, 403, 403, 403],
    ),
    ("GET", "/coach/class", false, [303, 403, 200, 200]),
    ("GET", "/coach/class.csv", false, [303, 403, 200, 200]),
    ("GET", "/sign-in", false, [200, 303, 303, 303]),
    ("POST", "/sign-in", false, [403, 403, 403, 403]),
    ("GET", "/sign-up", false, [200, 303, 303, 303]),
    ("POST", "/sign-up", false, [403, 403, 403, 403]),
    ("POST", "/sign-out", false, [403, 403, 403, 403]),
    ("GET", "/settings", false, [303, 200, 200, 200]),
    ("POST", "/settings", false, [401, 403, 403, 403]),
    ("POST", "/language", false, [403, 403, 403, 403]),
    ("POST", "/theme", false, [403, 403, 403, 403]),
    ("GET", "/admin-link/{token}", false, [410, 410, 410, 410]),
    ("POST", "/admin-link/{token}", false, [403, 403, 403, 403]),
    (
        "GET",
        "/static/{hash}/{name:.*}",
        false,
        [404, 404, 404, 404],
    ),
    ("GET", "/health", false, [200, 200, 200, 200]),
    // Of a preview alone, which is another server.
    ("GET", "/preview", false, [404, 404, 404, 404]),
    ("GET", "/preview/enter/{token}", false, [404, 404, 404, 404]),
    ("GET", "/preview/events", false, [404, 404, 404, 404]),
];

fn address(pattern: &str, submission: &str) -> String {
    pattern
        .replace("{slug}", FUNCTION)
        .replace("{id}", submission)
        .replace("{token}", "0123456789abcdef0123456789abcdef")
        .replace("{hash}", "0000000000000000")
        .replace("{name:.*}", "app.css")
        .replace("{name}", "labels.csv")
        .replace("{version}", &"0".repeat(64))
        .replace("/changes", "/changes?from=0&to=0")
}

fn request(method: &str, path: &str, json: bool) -> TestRequest {
    let request = TestRequest::default()
        .method(method.parse().unwrap())
        .uri(path);
    let request = match path.ends_with("/events") {
        true => request.insert_header(("accept", "text/event-stream")),
        false => request,
    };
    match (method, json) {
        ("GET" | "HEAD", _) => request,
        (_, true) => request.set_json(json!({
            "kind": "function", "source": "x", "input": { "kind": "samples" },
        })),
        (_, false) => request.set_form([("source", "x")]),
    }
}

#[actix_web::test]
async fn every_address_lets_in_exactly_whom_it_should() {
    let site = Site::open().await;
    site.create("pelatih", Role::Coach).await;
    site.create("pengelola", Role::Admin).await;
    let author = Browser::signed_up(&site, "penulis").await;
    let submission = submit_answer(&author).await;
    let visitors = [
        Browser::new(&site),
        Browser::signed_up(&site, "lain").await,
        Browser::signed_in(&site, "pelatih").await,
        Browser::signed_in(&site, "pengelola").await,
    ];
    for (method, pattern, json, statuses) in TABLE {
        let path = address(pattern, &submission);
        for (visitor, status) in visitors.iter().zip(statuses) {
            let answer = visitor.open(request(method, &path, *json)).await;
            assert_eq!(
                answer.status().as_u16(),
                *status,
                "{method} {pattern} (JSON: {json}) for visitor {:?}",
                statuses
            );
        }
    }
    for path in ["/submissions/", "/submissions"] {
        let own = author.get(&format!("/submissions/{submission}")).await;
        assert_eq!(own.status.as_u16(), 200, "{path}");
    }
}

#[actix_web::test]
async fn head_is_get_without_a_body() {
    let site = Site::open().await;
    let author = Browser::signed_up(&site, "penulis").await;
    let submission = submit_answer(&author).await;
    for (method, pattern, _, _) in TABLE {
        if *method != "GET" {
            continue;
        }
        let path = address(pattern, &submission);
        let get = author.open(request("GET", &path, false)).await;
        let head = author.request(request("HEAD", &path, false)).await;
        assert_eq!(head.status, get.status(), "{path}");
        assert_eq!(head.text, "", "{path}");
        let kind = get.headers().get("content-type");
        assert_eq!(head.headers.get("content-type"), kind, "{path}");
    }
}

#[test]
fn every_address_of_the_server_has_its_row() {
    let pages = routes();
    for page in &pages {
        let row = TABLE.iter().find(|(method, path, json, _)| {
            *method == page.method.as_str() && *path == page.path && *json == page.json
        });
        let (.., statuses) =
            row.unwrap_or_else(|| panic!("{} {} has no row in this table", page.method, page.path));
        let let_in = matches!(statuses[0], 200 | 403 | 404 | 410);
        let public = page.access == Access::Everybody;
        assert_eq!(
            let_in, public,
            "{} {} against its list",
            page.method, page.path
        );
    }
    assert_eq!(pages.len(), TABLE.len(), "a row without an address");
}

#[actix_web::test]
async fn what_is_not_there_is_not_found_for_everybody() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let nowhere = "0".repeat(32);
    for path in [
        "/nowhere".to_owned(),
        "/problems/nowhere".to_owned(),
        "/problems/..%2f..%2fetc".to_owned(),
        "/problems/UPPER".to_owned(),
        format!("/submissions/{nowhere}"),
        "/submissions/1".to_owned(),
        format!("/submissions/{nowhere}/events"),
        "/static/x/../../Cargo.toml".to_owned(),
    ] {
        let answer = student.get(&path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
    }
    let page = student.get("/nowhere").await;
    assert!(page.text.contains("Halaman ini tidak ada"), "{}", page.text);
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    let wrong_method = student
        .request(TestRequest::delete().uri("/settings"))
        .await;
    assert_eq!(wrong_method.status.as_u16(), 404);
}

pub async fn submit_answer(browser: &Browser) -> String {
    let page = format!("/problems/{ANSWER}");
    let action = format!("{page}/submit");
    let answer = browser.send(&page, &action, &[("S.0", "6")]).await;
    answer
        .location()
        .strip_prefix("/submissions/")
        .unwrap()
        .to_owned()
}

#[actix_web::test]
async fn methods_in_the_list_are_those_that_pages_use() {
    for page in routes() {
        assert!(matches!(
            page.method,
            Method::GET | Method::POST | Method::PUT
        ));
    }
}
