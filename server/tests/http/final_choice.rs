//! The final submission: the best on part A until another is chosen, and nobody
//! else's business.

use crate::browser::Browser;
use crate::site::{Site, report};
use crate::uploading::{SLUG, install, send};
use gradien::services::accounts::Role;
use gradien_problems::message::Message;
use gradien_problems::report::{MetricValue, Split};
use gradien_problems::{Localized, Report, Score, Verdict};

async fn hand_in(site: &Site, browser: &Browser, points: u32, verdict: Verdict) -> String {
    let token = browser.token(&format!("/problems/{SLUG}")).await;
    let csv = format!("id,label\nr1,{points}\n");
    let fields: [(&str, &[u8]); 2] = [("csrf", token.as_bytes()), ("file", csv.as_bytes())];
    let path = send(browser, SLUG, &fields).await.location().to_owned();
    let metric = |split, value| MetricValue {
        name: "accuracy".into(),
        split,
        value: Some(value),
    };
    site.judge(|pack| Report {
        score: Score::from_points(points),
        metrics: vec![
            metric(Split::A, f64::from(points) / 100.0),
            metric(Split::B, ON_B),
        ],
        messages: vec![Message::Flaw {
            text: Localized {
                id: FITTED.into(),
                en: FITTED.into(),
            },
            on_b: true,
        }],
        ..report(pack, verdict)
    })
    .await;
    path
}

/// As pages in Indonesian print it.
const ON_B: f64 = 0.4375;
const ON_B_SHOWN: &str = "0,4375";
const FITTED: &str = "Cocok dengan bagian A saja.";
const OPEN: &str = "/coach/problems/ch4-upload/finals/open";
const FINALS: &str = "/coach/problems/ch4-upload/finals";

#[actix_web::test]
async fn part_b_is_opened_once_and_ends_the_choice() {
    let site = Site::open().await;
    install(&site).await;
    site.create("pelatih", Role::Coach).await;
    let coach = Browser::signed_in(&site, "pelatih").await;
    let author = Browser::signed_up(&site, "penulis").await;
    let worse = hand_in(&site, &author, 20, Verdict::WrongAnswer).await;
    let best = hand_in(&site, &author, 70, Verdict::WrongAnswer).await;
    for path in [&worse, &best] {
        let page = author.get(path).await.text;
        assert!(
            !page.contains(ON_B_SHOWN) && !page.contains(FITTED),
            "{page}"
        );
    }
    let page = coach.get(FINALS).await.text;
    assert!(page.contains(ON_B_SHOWN) && page.contains(&best), "{page}");

    // Not by a student, not without the box that says "for good".
    assert_eq!(
        author.send(&best, OPEN, &[("sure", "yes")]).await.status,
        403
    );
    assert_eq!(coach.send(FINALS, OPEN, &[]).await.status, 303);
    assert!(!author.get(&best).await.text.contains(ON_B_SHOWN));

    assert_eq!(
        coach.send(FINALS, OPEN, &[("sure", "yes")]).await.status,
        303
    );
    let page = author.get(&best).await.text;
    assert!(page.contains(ON_B_SHOWN) && page.contains(FITTED), "{page}");
    assert!(page.contains("nilainya pada bagian B dihitung"), "{page}");
    let problem = author.get(&format!("/problems/{SLUG}")).await.text;
    assert!(
        problem.contains("accuracy 0,4375 pada bagian B"),
        "{problem}"
    );

    // Who sees B cannot choose by it, nor hand in a better one.
    let late = author.send(&worse, &format!("{worse}/final"), &[]).await;
    assert_eq!(late.status, 409);
    let better = hand_in(&site, &author, 90, Verdict::WrongAnswer).await;
    let page = coach.get(FINALS).await.text;
    assert!(page.contains(&best) && !page.contains(&better), "{page}");
    assert!(!page.contains("name=\"sure\""), "{page}");

    // A problem without parts has no such page.
    let other = coach.get("/coach/problems/ch5-gru-cell/finals").await;
    assert_eq!(other.status, 404);
}

#[actix_web::test]
async fn the_best_is_the_final_one_until_another_is_chosen() {
    let site = Site::open().await;
    install(&site).await;
    site.create("pelatih", Role::Coach).await;
    let author = Browser::signed_up(&site, "penulis").await;
    let worse = hand_in(&site, &author, 20, Verdict::WrongAnswer).await;
    let best = hand_in(&site, &author, 70, Verdict::WrongAnswer).await;
    let same = hand_in(&site, &author, 70, Verdict::WrongAnswer).await;
    let unread = hand_in(&site, &author, 0, Verdict::CompileError).await;
    const OFFER: &str = "Jadikan kiriman akhirku";
    const IS_BEST: &str = "karena nilainya terbaik pada bagian A";
    let page = author.get(&best).await.text;
    assert!(page.contains(IS_BEST) && !page.contains(OFFER), "{page}");
    for other in [&worse, &same] {
        let page = author.get(other).await.text;
        assert!(page.contains(OFFER) && !page.contains(IS_BEST), "{page}");
    }
    // What counts as no attempt cannot be final, nor be offered.
    let page = author.get(&unread).await.text;
    assert!(!page.contains("final-choice"), "{page}");
    let refused = author.send(&unread, &format!("{unread}/final"), &[]).await;
    assert_eq!(refused.status, 404);

    let chosen = author.send(&worse, &format!("{worse}/final"), &[]).await;
    assert_eq!(chosen.status, 303);
    assert_eq!(chosen.location(), worse);
    let page = author.get(&worse).await.text;
    assert!(
        page.contains("nilainya pada bagian B yang akan dihitung"),
        "{page}"
    );
    let page = author.get(&best).await.text;
    assert!(page.contains("memilih kiriman lain"), "{page}");

    // A coach sees the submission, but chooses nothing of another's.
    let coach = Browser::signed_in(&site, "pelatih").await;
    assert!(!coach.get(&best).await.text.contains("final-choice"));
    let refused = coach.send(&best, &format!("{best}/final"), &[]).await;
    assert_eq!(refused.status, 404);
    let page = author.get(&worse).await.text;
    assert!(page.contains("yang akan dihitung"), "{page}");
}
