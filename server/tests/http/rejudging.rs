//! Judging anew over HTTP: begun by a coach, held back from students, applied.

use crate::access::submit_answer;
use crate::browser::Browser;
use crate::site::{ANSWER, Site, report};
use gradien::services::accounts::Role;
use gradien_problems::Verdict;

#[actix_web::test]
async fn a_coach_has_one_submission_judged_anew() {
    let site = Site::open().await;
    site.create("pelatih", Role::Coach).await;
    let coach = Browser::signed_in(&site, "pelatih").await;
    let student = Browser::signed_up(&site, "siti").await;
    let id = submit_answer(&student).await;
    site.judge(|pack| report(pack, Verdict::WrongAnswer)).await;
    let own = format!("/submissions/{id}");

    let page = coach.get(&own).await.text;
    let begin = format!("/coach/problems/{ANSWER}/rejudges");
    let (_, form) = page
        .split_once(&format!("action=\"{begin}\""))
        .unwrap_or_else(|| panic!("{page}"));
    let (_, rest) = form.split_once("name=\"version\" value=\"").unwrap();
    let version = rest.split_once('"').unwrap().0.to_owned();
    assert!(!student.get(&own).await.text.contains(&begin));

    let fields = [
        ("version", version.as_str()),
        ("submission", id.as_str()),
        ("scope", "one"),
    ];
    assert_eq!(student.send("/", &begin, &fields).await.status, 403);
    let wrong = [("version", version.as_str()), ("scope", "some")];
    assert_eq!(coach.send("/coach", &begin, &wrong).await.status, 400);
    let begun = coach.send("/coach", &begin, &fields).await;
    let place = begun.location().to_owned();
    assert_eq!(coach.send("/coach", &begin, &fields).await.status, 409);
    let apply = format!("{place}/apply");
    assert_eq!(coach.send(&place, &apply, &[]).await.status, 409);
    let page = coach.get(&place).await.text;
    assert!(page.contains(&format!("data-live=\"{place}/events\"")));
    assert!(!page.contains(&format!("action=\"{apply}\"")));

    site.judge(|pack| report(pack, Verdict::Accepted)).await;
    let page = coach.get(&place).await.text;
    assert!(page.contains("WA 0") && page.contains("AC 100"), "{page}");
    assert!(student.get(&own).await.text.contains(">WA<"));
    let events = coach.get(&format!("{place}/events")).await.text;
    assert!(events.starts_with("event: judged\ndata: {"), "{events}");
    assert_eq!(student.get(&place).await.status, 403);
    assert_eq!(student.send("/", &apply, &[]).await.status, 403);

    assert_eq!(coach.send(&place, &apply, &[]).await.location(), place);
    assert!(student.get(&own).await.text.contains(">AC<"));
    assert_eq!(coach.send(&place, &apply, &[]).await.status, 404);
}

#[actix_web::test]
async fn versions_are_tried_and_sealed_by_coaches_alone() {
    let site = Site::open().await;
    site.create("pelatih", Role::Coach).await;
    let coach = Browser::signed_in(&site, "pelatih").await;
    let student = Browser::signed_up(&site, "siti").await;
    let page = coach.get(&format!("/coach/problems/{ANSWER}")).await.text;
    let (_, rest) = page.split_once("/versions/").unwrap();
    let version = &rest[..64];
    // The present version under its own name, for whoever may ask by name.
    let tried = format!("/problems/{ANSWER}?version={version}");
    assert_eq!(coach.get(&tried).await.status, 200);
    assert_eq!(student.get(&tried).await.status, 404);
    let nothing = format!("/problems/{ANSWER}?version={}", "0".repeat(64));
    assert_eq!(coach.get(&nothing).await.status, 404);
    let nonsense = format!("/problems/{ANSWER}?version=..");
    assert_eq!(coach.get(&nonsense).await.status, 404);
    let proof = format!("/coach/problems/{ANSWER}/versions/{version}");
    assert_eq!(coach.get(&proof).await.status, 200);
    // Nothing is drawn in an answer that everybody computes alike.
    let alike = "ch1-perceptron-trace";
    let page = coach.get(&format!("/coach/problems/{alike}")).await.text;
    let (_, rest) = page.split_once("/versions/").unwrap();
    let seal = format!("/coach/problems/{alike}/seal");
    let fields = [("version", &rest[..64])];
    assert_eq!(coach.send("/coach", &seal, &fields).await.status, 409);
    assert_eq!(student.send("/", &seal, &fields).await.status, 403);
}
