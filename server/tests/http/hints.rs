//! Hints: opened one by one, recorded, and counted.

use crate::browser::Browser;
use crate::site::{ANSWER, FUNCTION, Site, report};
use actix_web::http::StatusCode;
use gradien_problems::Verdict;

const TEXT_1: &str = "Jendela pertama adalah tiga baris";
const TEXT_2: &str = "Kernel ini hanya memiliki";

fn page() -> String {
    format!("/problems/{ANSWER}")
}

fn action() -> String {
    format!("{}/hints", page())
}

async fn open(student: &Browser, number: &str) -> String {
    let answer = student.send(&page(), &action(), &[("hint", number)]).await;
    answer.location().to_owned()
}

#[actix_web::test]
async fn hints_open_in_their_order_and_show_their_cost_before() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let before = student.get(&page()).await.text;
    assert!(
        before.contains("Buka petunjuk 1 dari 2 (gratis)"),
        "{before}"
    );
    assert!(!before.contains(TEXT_1) && !before.contains(TEXT_2));

    // Neither one that is not next nor what is no number at all.
    for (number, status) in [
        ("2", StatusCode::NOT_FOUND),
        ("3", StatusCode::NOT_FOUND),
        ("0", StatusCode::NOT_FOUND),
        ("-1", StatusCode::BAD_REQUEST),
        ("99999999999999999999", StatusCode::BAD_REQUEST),
        ("", StatusCode::BAD_REQUEST),
    ] {
        let answer = student.send(&page(), &action(), &[("hint", number)]).await;
        assert_eq!(answer.status, status, "{number}");
    }
    assert_eq!(open(&student, "1").await, format!("{}#hint-1", page()));
    let first = student.get(&page()).await.text;
    assert!(first.contains(TEXT_1) && !first.contains(TEXT_2), "{first}");
    assert!(first.contains("Buka petunjuk 2 dari 2 (biaya 10 poin)"));

    // Sent twice it is opened once.
    open(&student, "2").await;
    open(&student, "2").await;
    let all = student.get(&page()).await.text;
    assert!(all.contains(TEXT_2) && all.contains("Semua petunjuk sudah dibuka"));
    let english = student.get(&format!("{}?lang=en", page())).await.text;
    assert!(english.contains("Hint 2 (cost 10 points)"), "{english}");

    // They are each reader's own, and of one problem.
    let other = Browser::signed_up(&site, "budi").await;
    assert!(!other.get(&page()).await.text.contains(TEXT_1));
    let elsewhere = student.get(&format!("/problems/{FUNCTION}")).await.text;
    assert!(elsewhere.contains("Buka petunjuk 1 dari 3 (gratis)"));
    let nobody = Browser::new(&site).get(&page()).await.text;
    assert!(nobody.contains("Masuk untuk membuka petunjuk") && !nobody.contains(TEXT_1));
}

#[actix_web::test]
async fn what_was_typed_comes_back_with_the_hint() {
    let site = Site::open().await;
    let student = Browser::signed_up(&site, "siti").await;
    let fields = [("hint", "1"), ("S.0", "7,5")];
    student.send(&page(), &action(), &fields).await.location();
    let after = student.get(&page()).await.text;
    assert!(after.contains("name=\"S.0\" value=\"7,5\""), "{after}");
}

#[actix_web::test]
async fn costs_are_taken_from_what_is_reached_after_a_hint_alone() {
    let site = Site::open().await;
    let early = Browser::signed_up(&site, "awal").await;
    crate::access::submit_answer(&early).await;
    site.judge(|pack| report(pack, Verdict::Accepted)).await;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    open(&early, "1").await;
    open(&early, "2").await;
    assert!(early.get("/").await.text.contains("100 / 100"));

    let late = Browser::signed_up(&site, "nanti").await;
    open(&late, "1").await;
    open(&late, "2").await;
    let id = crate::access::submit_answer(&late).await;
    site.judge(|pack| report(pack, Verdict::Accepted)).await;
    let home = late.get("/").await.text;
    assert!(home.contains("90 / 100"), "{home}");
    assert!(
        home.contains("class=\"problem solved\""),
        "it is solved all the same"
    );
    let submission = late.get(&format!("/submissions/{id}")).await.text;
    assert!(submission.contains("2, seharga 10 poin"), "{submission}");
    assert!(late.get(&page()).await.text.contains("90 / 100"));
}
