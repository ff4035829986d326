//! Whatever students type, name themselves or print: it is only ever text.

use crate::browser::Browser;
use crate::site::{ANSWER, FUNCTION, PASSWORD, Site, report};
use gradien::services::accounts::Role;
use gradien_problems::message::Frame;
use gradien_problems::report::{CaseDetail, CaseReport, CellReport, Usage, Worst};
use gradien_problems::shown::ShownValue;
use gradien_problems::{Message, Verdict};

const EVIL: &str =
    "</textarea></code></pre><script>alert(1)</script><img src=x onerror=alert(1)>\"'`";

/// Nothing of [`EVIL`] may stand in a page as markup.
fn assert_harmless(page: &str, what: &str) {
    for markup in [
        "<script>alert",
        "<img src=x",
        "</textarea></code>",
        "</pre><script",
    ] {
        assert!(!page.contains(markup), "{what}: {markup}\n{page}");
    }
}

#[actix_web::test]
async fn names_and_queries_are_escaped() {
    let site = Site::open().await;
    let browser = Browser::new(&site);
    let name = "<script>alert(1)</script>";
    let fields = [
        ("username", "siti"),
        ("display_name", name),
        ("password", PASSWORD),
    ];
    browser.send("/sign-up", "/sign-up", &fields).await;
    let page = browser.get("/").await.text;
    assert!(
        page.contains("&#60;script&#62;") || page.contains("&lt;script&gt;"),
        "{page}"
    );
    assert_harmless(&page, "name");
    let guest = Browser::new(&site);
    for path in [
        "/sign-in?next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/?x=\"><script>alert(1)</script>",
    ] {
        if let Ok(uri) = path.parse::<actix_web::http::Uri>() {
            assert_harmless(&guest.get(&uri.to_string()).await.text, path);
        }
    }
    let fields = [
        ("username", EVIL),
        ("password", EVIL),
        ("next", EVIL),
        ("kept", EVIL),
    ];
    assert_harmless(
        &guest.send("/sign-in", "/sign-in", &fields).await.text,
        "sign-in",
    );
}

#[actix_web::test]
async fn sources_prints_and_messages_are_escaped() {
    let site = Site::open().await;
    site.create("pelatih", Role::Coach).await;
    let student = Browser::signed_up(&site, "siti").await;
    let page = format!("/problems/{FUNCTION}");
    let source = format!("# {EVIL}\nx = '''{EVIL}'''\n");
    let answer = student
        .send(&page, &format!("{page}/submit"), &[("source", &source)])
        .await;
    let path = answer.location().to_owned();
    let shown = student.get(&page).await.text;
    assert_harmless(&shown, "draft in the editor");
    site.judge(|pack| {
        let mut hostile = report(pack, Verdict::WrongAnswer);
        hostile.usage = Some(Usage {
            fuel: 41,
            fuel_limit: 100,
            memory_bytes: 1,
            memory_limit_bytes: 2,
        });
        hostile.messages = vec![Message::FunctionMissing {
            function: EVIL.into(),
            defined: vec![EVIL.into()],
        }];
        let value = ShownValue {
            name: Some(EVIL.into()),
            dtype: EVIL.into(),
            shape: vec![2],
            elements: vec!["0.5".into(), EVIL.into()],
            truncated: false,
        };
        hostile.subtasks[0].cases = vec![
            CaseReport {
                index: 0,
                verdict: Verdict::WrongAnswer,
                open: true,
                fuel: 41,
                message: Some(Message::Exception {
                    kind: EVIL.into(),
                    detail: EVIL.into(),
                    frames: vec![Frame {
                        file: EVIL.into(),
                        line: 3,
                        function: EVIL.into(),
                        text: EVIL.into(),
                    }],
                }),
                detail: Some(CaseDetail {
                    inputs: vec![value.clone()],
                    expected: vec![value.clone()],
                    got: vec![value],
                    steps: vec![],
                    worst: Some(Worst {
                        output: 0,
                        flat_index: 1,
                    }),
                    stdout: EVIL.into(),
                    stderr: EVIL.into(),
                }),
            },
            CaseReport {
                index: 1,
                verdict: Verdict::RuntimeError,
                open: false,
                fuel: 12,
                message: Some(Message::Exception {
                    kind: "HiddenName0417".into(),
                    detail: "rahasia 0.417".into(),
                    frames: Vec::new(),
                }),
                detail: None,
            },
        ];
        hostile
    })
    .await;
    let judged = student.get(&path).await.text;
    assert_harmless(&judged, "report");
    assert!(
        judged.contains("<td class=\"worst\"><mark>"),
        "the worst element is marked"
    );
    assert!(judged.contains("45 % dari batas"), "fuel in steps of 5 %");
    assert!(
        !judged.contains("0.417") && !judged.contains("HiddenName"),
        "hidden stays hidden"
    );
    assert!(!judged.contains("MiB"), "memory tells of hidden inputs");
    let coach = Browser::signed_in(&site, "pelatih").await;
    let full = coach.get(&path).await.text;
    assert_harmless(&full, "report for staff");
    assert!(full.contains("rahasia 0.417") && full.contains("Siti Rahma"));
}

#[actix_web::test]
async fn answers_are_escaped_wherever_they_come_back() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let page = format!("/problems/{ANSWER}");
    let action = format!("{page}/submit");
    let answer = student
        .send(
            &page,
            &action,
            &[("S.0", EVIL), ("S.8", EVIL), ("S.9", EVIL)],
        )
        .await;
    let path = answer.location().to_owned();
    assert_harmless(&student.get(&path).await.text, "while it waits");
    assert_harmless(&student.get(&page).await.text, "in the form again");
    site.judge(|pack| {
        let mut hostile = report(pack, Verdict::WrongAnswer);
        hostile.subtasks[0].cells = (0..9)
            .map(|_| CellReport {
                verdict: Verdict::WrongAnswer,
                typed: EVIL.into(),
                message: Some(Message::CellNotANumber { typed: EVIL.into() }),
            })
            .collect();
        hostile
    })
    .await;
    let judged = student.get(&path).await.text;
    assert_harmless(&judged, "in the report");
    assert!(judged.contains("baris 1 kolom 1") && judged.contains("salah"));
}
