//! Variants: everybody's own numbers, in the statement, in the draft and in what is
//! handed in.

use crate::browser::Browser;
use crate::site::{ANSWER, Site, report};
use actix_web::http::{Method, StatusCode};
use gradien::services::accounts::Role;
use gradien_problems::given::Given;
use gradien_problems::protocol::{Request, Response};
use gradien_problems::report::{Diagnosis, JudgedVariant, Report};
use gradien_problems::{Pack, Verdict};
use serde_json::json;
use std::path::Path;

const COUNT: u32 = 20;

fn page() -> String {
    format!("/problems/{ANSWER}")
}

/// As a grader would give them: an image of this number everywhere, under the kernel.
fn image(pack: &Pack, number: u32) -> Vec<Given> {
    let gradien_problems::pack::Kind::Answer(answer) = &pack.kind else {
        panic!("another kind")
    };
    let mut given = answer.given();
    if number > 0 {
        given[0].elements = vec![f64::from(number) + 100.0; 25];
    }
    given
}

fn pack() -> Pack {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
    Pack::load(&packs.join(ANSWER)).unwrap()
}

/// A site whose packs are all prepared, by no grader.
async fn prepared() -> Site {
    let site = Site::open().await;
    let packs = std::fs::read_dir(pack().folder.parent().unwrap()).unwrap();
    for _ in 0..packs.count() {
        let task = site.services.grader.next_task().await.unwrap();
        let Request::Prepare { pack: asked } = &task.request else {
            panic!("{:?}", task.request)
        };
        let pack = pack();
        let variants = match asked.hash == pack.hash {
            true => (0..COUNT).map(|number| image(&pack, number)).collect(),
            false => Vec::new(),
        };
        let samples = Vec::new();
        let response = Response::Prepared { samples, variants };
        task.answer.send(Ok(response)).unwrap();
    }
    let slug = ANSWER.parse().unwrap();
    for _ in 0..500 {
        let problem = site.services.problems.get(None, &slug).unwrap();
        if !problem.variants.is_empty() {
            return site;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the variants never came")
}

/// The variant that the page's form names.
fn shown(text: &str) -> u32 {
    let (_, rest) = text.split_once("data-variant=\"").expect("a variant");
    rest.split_once('"').unwrap().0.parse().unwrap()
}

async fn renew(student: &Browser, from: u32) -> StatusCode {
    let fields = [("variant", &*from.to_string())];
    let action = format!("{}/variant", page());
    student.send(&page(), &action, &fields).await.status
}

async fn submit(student: &Browser, variant: &str) -> crate::browser::Answer {
    let fields = [("variant", variant), ("S.0", "7")];
    let action = format!("{}/submit", page());
    student.send(&page(), &action, &fields).await
}

#[actix_web::test]
async fn the_first_is_everybodys_and_each_further_one_is_given_for_the_asking() {
    let site = prepared().await;
    let nobody = Browser::new(&site).get(&page()).await.text;
    assert_eq!(shown(&nobody), 0);
    assert!(!nobody.contains("Varian baru"), "{nobody}");
    let student = Browser::signed_up(&site, "siti").await;
    let mut seen = Vec::new();
    for _ in 0..COUNT {
        let text = student.get(&page()).await.text;
        let number = shown(&text);
        let of = format!("Varian {} dari {COUNT}", number + 1);
        assert!(text.contains(&of) && text.contains("Varian baru"), "{text}");
        // The student's own numbers, and nobody else's.
        for other in 1..COUNT {
            let pixel = format!("<mn>{}</mn>", other + 100);
            assert_eq!(text.contains(&pixel), other == number, "{other}");
        }
        assert!(!text.contains("{{"), "{text}");
        seen.push(number);
        assert_eq!(renew(&student, number).await, StatusCode::SEE_OTHER);
    }
    assert_eq!(shown(&student.get(&page()).await.text), 0, "round again");
    seen.sort_unstable();
    assert_eq!(seen, (0..COUNT).collect::<Vec<_>>());
    // Asked twice by one page it is drawn once.
    assert_eq!(renew(&student, 0).await, StatusCode::SEE_OTHER);
    let after = shown(&student.get(&page()).await.text);
    assert_eq!(renew(&student, 0).await, StatusCode::SEE_OTHER);
    assert_eq!(shown(&student.get(&page()).await.text), after);
    let english = student.get(&format!("{}?lang=en", page())).await.text;
    assert!(english.contains("New variant"), "{english}");
}

#[actix_web::test]
async fn what_was_typed_stays_with_its_numbers() {
    let site = prepared().await;
    let student = Browser::signed_up(&site, "siti").await;
    let draft = format!("{}/draft", page());
    let typed = json!({"kind": "answer", "fields": {"S": ["7,5"]}, "variant": 0});
    let page = page();
    let saved = student.send_json(&page, Method::PUT, &draft, &typed).await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT);
    assert!(student.get(&page).await.text.contains("value=\"7,5\""));
    renew(&student, 0).await;
    let after = student.get(&page).await.text;
    assert!(!after.contains("value=\"7,5\""), "{after}");
}

#[actix_web::test]
async fn a_submission_names_a_variant_that_its_author_was_given() {
    let site = prepared().await;
    let student = Browser::signed_up(&site, "siti").await;
    renew(&student, 0).await;
    let own = shown(&student.get(&page()).await.text);
    let strange = (1..COUNT).find(|number| *number != own).unwrap();
    for (variant, status) in [
        ("x", StatusCode::BAD_REQUEST),
        ("-1", StatusCode::BAD_REQUEST),
        (&*strange.to_string(), StatusCode::UNPROCESSABLE_ENTITY),
        ("4294967295", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = submit(&student, variant).await;
        assert_eq!(answer.status, status, "{variant}: {}", answer.text);
    }
    // The page that was open before stays good.
    for variant in [0, own] {
        let answer = submit(&student, &variant.to_string()).await;
        let id = answer.location().to_owned();
        site.judge(|pack| judged(pack, variant)).await;
        let text = student.get(&id).await.text;
        let of = format!("Varian {} dari {COUNT}", variant + 1);
        assert!(text.contains(&of), "{text}");
        assert!(text.contains("I = [["), "{text}");
    }
    site.create("pelatih", Role::Coach).await;
    let coach = Browser::signed_in(&site, "pelatih").await;
    submit(&coach, &strange.to_string()).await.location();
}

fn judged(pack: &Pack, number: u32) -> Report {
    Report {
        variant: Some(JudgedVariant {
            number,
            given: image(pack, number),
        }),
        diagnoses: vec![Diagnosis {
            misconception: pack.misconceptions[0].name.clone(),
            subtasks: vec!["S".parse().unwrap()],
        }],
        ..report(pack, Verdict::WrongAnswer)
    }
}

/// The pack with another first hint: another version.
fn other_version(folder: &Path) {
    let pack = pack();
    copy(&pack.folder, &folder.join(ANSWER));
    let manifest = folder.join(ANSWER).join("problem.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let (before, rest) = text.split_once("Jendela pertama adalah").unwrap();
    std::fs::write(&manifest, format!("{before}Petunjuk lain: {rest}")).unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

#[actix_web::test]
async fn a_version_that_is_tried_has_hints_a_draft_and_numbers_of_its_own() {
    let site = prepared().await;
    site.create("pelatih", Role::Coach).await;
    let coach = Browser::signed_in(&site, "pelatih").await;
    let folder = tempfile::tempdir().unwrap();
    other_version(folder.path());
    let problems = &site.services.problems;
    problems.install_folder(folder.path()).await.unwrap();
    let tried = format!("{}?version={}", page(), pack().hash);
    let action = |name: &str| format!("{}/{name}?version={}", page(), pack().hash);

    // The present version has no variants yet; the one that is tried has its own.
    let text = coach.get(&tried).await.text;
    assert_eq!(shown(&text), 0);
    for name in ["variant", "draft", "hints"] {
        assert!(text.contains(&action(name)), "{name}: {text}");
    }
    let fields = [("variant", "0")];
    let answer = coach.send(&tried, &action("variant"), &fields).await;
    assert_eq!(answer.location(), tried);
    let text = coach.get(&tried).await.text;
    let number = shown(&text);
    assert_ne!(number, 0);
    assert!(text.contains(&format!("<mn>{}</mn>", number + 100)));
    let of_present = format!("{}/variant", page());
    let answer = coach.send(&page(), &of_present, &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);

    let typed = json!({"kind": "answer", "fields": {"S": ["7,5"]}, "variant": number});
    let saved = coach
        .send_json(&tried, Method::PUT, &action("draft"), &typed)
        .await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT);
    assert!(coach.get(&tried).await.text.contains("value=\"7,5\""));
    assert!(!coach.get(&page()).await.text.contains("value=\"7,5\""));

    let fields = [("hint", "1")];
    let answer = coach.send(&tried, &action("hints"), &fields).await;
    assert_eq!(answer.location(), format!("{tried}#hint-1"));
    let text = coach.get(&tried).await.text;
    assert!(text.contains("Jendela pertama adalah"), "{text}");
    assert!(!text.contains("Petunjuk lain"), "{text}");
    let text = coach.get(&page()).await.text;
    assert!(text.contains("Buka petunjuk 1 dari 2"), "{text}");
    let of_present = format!("{}/hints", page());
    let answer = coach.send(&page(), &of_present, &fields).await;
    answer.location();
    assert!(coach.get(&page()).await.text.contains("Petunjuk lain"));

    // Nobody else gets at it under the version's name.
    let student = Browser::signed_up(&site, "siti").await;
    let refused = student.send(&page(), &action("hints"), &fields).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let refused = student
        .send_json(&page(), Method::PUT, &action("draft"), &typed)
        .await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}
