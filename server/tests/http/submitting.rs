//! From a form to a verdict: with and without a script.

use crate::access::submit_answer;
use crate::browser::Browser;
use crate::site::{ANSWER, FUNCTION, Site, report};
use actix_web::body::MessageBody;
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use gradien_problems::Verdict;
use serde_json::{Value, json};
use std::future::poll_fn;
use std::pin::Pin;

#[actix_web::test]
async fn without_a_script_a_form_leads_to_the_verdict() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let page = student.get(&format!("/problems/{ANSWER}")).await.text;
    assert!(page.contains("aria-label=\"S baris 1 kolom 2\""), "{page}");
    assert!(page.contains("Bilangan bulat."));
    let id = submit_answer(&student).await;
    let path = format!("/submissions/{id}");
    let waiting = student.get(&path).await.text;
    assert!(waiting.contains("Dalam antrean") && waiting.contains("http-equiv=\"refresh\""));
    assert!(waiting.contains(&format!("data-live=\"{path}/events\"")));

    site.judge(|pack| report(pack, Verdict::Accepted)).await;
    let judged = student.get(&path).await.text;
    assert!(judged.contains("Semua bagian benar") && !judged.contains("http-equiv=\"refresh\""));
    assert!(judged.contains("data-live=\"\""));
    let list = student.get("/submissions").await.text;
    assert!(list.contains(&format!("data-submission=\"{id}\"")) && list.contains("Benar"));
    let home = student.get("/").await.text;
    assert!(
        home.contains("100 / 100") && home.contains("class=\"problem solved\""),
        "{home}"
    );
    let again = student.get(&format!("/problems/{ANSWER}")).await.text;
    assert!(
        again.contains("name=\"S.0\" value=\"6\""),
        "the form opens with what was sent"
    );
}

#[actix_web::test]
async fn a_script_gets_the_pending_part_and_then_events() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let token = student.token("/").await;
    let request = TestRequest::post()
        .uri(&format!("/problems/{ANSWER}/submit"))
        .insert_header(("accept", "application/json"))
        .set_form([("csrf", token.as_str()), ("S.0", "6")]);
    let answer = student.request(request).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let sent = answer.json();
    assert!(sent["html"].as_str().unwrap().contains("Dalam antrean"));
    assert!(
        sent["row"]
            .as_str()
            .unwrap()
            .contains("<tr data-submission=")
    );

    let request = TestRequest::get()
        .uri(sent["events"].as_str().unwrap())
        .insert_header(("accept", "text/event-stream"));
    let mut stream = student.open(request).await.into_body();
    let (name, data) = next_event(&mut stream).await.unwrap();
    assert_eq!(
        (name.as_str(), &data["phase"]),
        ("progress", &json!("queued"))
    );
    site.judge(|pack| report(pack, Verdict::Accepted)).await;
    let mut last = (name, data);
    while let Some(event) = next_event(&mut stream).await {
        last = event;
    }
    let (name, data) = last;
    assert_eq!(name, "judged", "and the stream ends");
    assert_eq!(
        (&data["verdict"], &data["score"], &data["max_score"]),
        (&json!("AC"), &json!("100"), &json!("100"))
    );
    assert!(
        data["html"]
            .as_str()
            .unwrap()
            .contains("Semua bagian benar")
    );
    assert!(data["row"].as_str().unwrap().contains("Benar"));

    // Who connects now is told at once.
    let request = TestRequest::get().uri(sent["events"].as_str().unwrap());
    let mut stream = student.open(request).await.into_body();
    assert_eq!(next_event(&mut stream).await.unwrap().0, "judged");
    assert!(next_event(&mut stream).await.is_none());
}

async fn next_event(body: &mut actix_web::body::BoxBody) -> Option<(String, Value)> {
    loop {
        let chunk = poll_fn(|context| Pin::new(&mut *body).poll_next(context))
            .await?
            .unwrap();
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name).map(str::to_owned))
        };
        if let (Some(name), Some(data)) = (field("event: "), field("data: ")) {
            return Some((name, serde_json::from_str(&data).unwrap()));
        }
    }
}

#[actix_web::test]
async fn an_empty_form_comes_back_and_is_not_queued() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    for (slug, fields) in [
        (ANSWER, vec![("S.0", " "), ("S.1", "")]),
        (FUNCTION, vec![("source", "\r\n ")]),
    ] {
        let page = format!("/problems/{slug}");
        let answer = student
            .send(&page, &format!("{page}/submit"), &fields)
            .await;
        assert_eq!(answer.status.as_u16(), 422, "{slug}");
        assert!(
            answer.text.contains("Belum ada yang diisi"),
            "{}",
            answer.text
        );
        assert!(answer.text.contains("data-prefilled=\"sent\""));
    }
    assert!(
        !student
            .get("/submissions")
            .await
            .text
            .contains("data-submission")
    );
}

#[actix_web::test]
async fn a_draft_is_kept_on_the_account() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let page = format!("/problems/{FUNCTION}");
    let path = format!("{page}/draft");
    let source = "import numpy as np\n# separuh jadi\n";
    let body = json!({ "kind": "function", "source": source });
    let answer = student.send_json(&page, Method::PUT, &path, &body).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    // Another browser of the same person finds it.
    let other = Browser::signed_in(&site, "siti").await;
    let shown = other.get(&page).await.text;
    assert!(shown.contains("# separuh jadi") && shown.contains("data-prefilled=\"draft\""));
    assert!(shown.contains("data-saved-at=\""));
    // Nobody else does.
    let stranger = Browser::signed_up(&site, "budi").await;
    assert!(!stranger.get(&page).await.text.contains("separuh jadi"));

    let long = json!({ "kind": "function", "source": "x".repeat(600_000) });
    let answer = student.send_json(&page, Method::PUT, &path, &long).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["code"].clone()),
        (413, json!("too_large"))
    );
    let odd = json!({ "kind": "drawing", "source": "x" });
    let answer = student.send_json(&page, Method::PUT, &path, &odd).await;
    assert_eq!(answer.status.as_u16(), 400);
}

#[actix_web::test]
async fn lists_are_filtered_and_come_in_pages() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let mut ids = Vec::new();
    for _ in 0..7 {
        ids.push(submit_answer(&student).await);
        site.judge(|pack| report(pack, Verdict::WrongAnswer)).await;
    }
    let count = |text: &str| text.matches("data-submission=").count();
    assert_eq!(count(&student.get("/submissions").await.text), 7);
    for (query, expected) in [
        (format!("problem={ANSWER}"), 7),
        (format!("problem={FUNCTION}"), 0),
        ("verdict=WA".to_owned(), 7),
        ("verdict=AC".to_owned(), 0),
        ("page=2".to_owned(), 0),
        ("page=99999999999999999999".to_owned(), 7),
        ("page=-1&verdict=%3Cb%3E".to_owned(), 7),
    ] {
        let answer = student.get(&format!("/submissions?{}", query)).await;
        assert_eq!(answer.status.as_u16(), 200, "{query}");
        assert_eq!(count(&answer.text), expected, "{query}");
        assert!(!answer.text.contains("<b>"));
    }
    let newest = student.get("/submissions").await.text;
    assert!(newest.find(&ids[6]).unwrap() < newest.find(&ids[0]).unwrap());
}

#[actix_web::test]
async fn submitting_too_fast_says_when_to_come_back() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let token = student.token("/").await;
    let path = format!("/problems/{ANSWER}/submit");
    let fields = [("csrf", token.as_str()), ("S.0", "1")];
    let mut refused = None;
    for _ in 0..12 {
        let answer = student.post(&path, &fields).await;
        if answer.status.as_u16() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a limit");
    assert!(refused.text.contains("Terlalu banyak permintaan"));
    assert!(
        refused.text.contains("name=\"S.0\" value=\"1\""),
        "what was typed is still there"
    );
}

#[actix_web::test]
async fn run_needs_a_program_and_a_place_in_line() {
    let site = Site::open_with(&["--run-deadline-s", "1"]).await;
    let student = Browser::signed_up(&site, "siti").await;
    let page = format!("/problems/{FUNCTION}");
    let path = format!("{page}/run");
    let run = |source: &str| json!({ "source": source, "input": { "kind": "samples" } });
    let empty = student
        .send_json(&page, Method::POST, &path, &run(" "))
        .await;
    assert_eq!(
        (empty.status.as_u16(), empty.json()["code"].clone()),
        (422, json!("submission_empty"))
    );
    let other = format!("/problems/{ANSWER}/run");
    let mismatch = student
        .send_json(&page, Method::POST, &other, &run("x"))
        .await;
    assert_eq!(mismatch.json()["code"], json!("submission_mismatch"));
    // There is no grader here: the line does not move, and the page says so.
    let late = student
        .send_json(&page, Method::POST, &path, &run("x = 1"))
        .await;
    assert_eq!(
        (late.status.as_u16(), late.json()["code"].clone()),
        (503, json!("unavailable"))
    );
    assert!(!late.header("retry-after").is_empty());
    let form = [
        ("source", "x = 1\r\n"),
        ("input_kind", "own"),
        ("input_code", "y = 2"),
    ];
    let shown = student.send(&page, &path, &form).await;
    assert_eq!(shown.status.as_u16(), 503);
    assert!(
        shown.text.contains("x = 1") && shown.text.contains("y = 2"),
        "nothing typed is lost"
    );
}
