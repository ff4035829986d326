//! The pages of coaches: publishing and taking back, how students fare, the class.

use crate::access::submit_answer;
use crate::browser::Browser;
use crate::site::{ANSWER, FUNCTION, Site, report};
use gradien::services::accounts::Role;
use gradien_problems::Verdict;
use gradien_problems::message::Message;
use gradien_problems::report::{CellReport, Diagnosis};

#[actix_web::test]
async fn what_is_taken_back_is_gone_for_students_and_comes_again() {
    let site = Site::open().await;
    site.create("pelatih", Role::Coach).await;
    let coach = Browser::signed_in(&site, "pelatih").await;
    let student = Browser::signed_up(&site, "siti").await;
    let page = format!("/coach/problems/{FUNCTION}");
    assert!(coach.get("/coach").await.text.contains(&page));
    assert!(!student.get("/").await.text.contains("href=\"/coach\""));
    let problem = format!("/problems/{FUNCTION}");
    assert_eq!(student.get(&problem).await.status, 200);

    let back = coach.send(&page, &format!("{page}/withdraw"), &[]).await;
    assert_eq!(back.location(), page);
    assert_eq!(student.get(&problem).await.status, 404);
    assert!(!student.get("/").await.text.contains(&problem));
    assert_eq!(coach.get(&problem).await.status, 200);
    let shown = coach.get(&page).await.text;
    assert!(shown.contains("status withdrawn"), "{shown}");

    let (_, rest) = shown.split_once("name=\"version\" value=\"").unwrap();
    let version = rest.split_once('"').unwrap().0.to_owned();
    let publish = format!("{page}/publish");
    let fields = [("version", version.as_str())];
    assert_eq!(coach.send(&page, &publish, &fields).await.location(), page);
    assert_eq!(student.get(&problem).await.status, 200);
    // With a token of their own a student gets no further.
    let refused = student.send("/", &publish, &fields).await;
    assert_eq!(refused.status, 403);

    let zip = coach
        .get(&format!("{page}/versions/{version}/download"))
        .await;
    assert_eq!(zip.status, 200);
    assert!(zip.text.starts_with("PK"));
    assert!(zip.header("content-disposition").contains(FUNCTION));
    let same = format!("{page}/changes?from={version}&to={version}");
    let same = coach.get(&same).await;
    assert_eq!(same.status, 200, "{}", same.text);
}

#[actix_web::test]
async fn a_coach_sees_who_fails_how_and_what_they_typed() {
    let site = Site::open().await;
    site.create("pelatih", Role::Coach).await;
    let coach = Browser::signed_in(&site, "pelatih").await;
    for name in ["ani", "budi"] {
        let student = Browser::signed_up(&site, name).await;
        submit_answer(&student).await;
        site.judge(|pack| {
            let mut wrong = report(pack, Verdict::WrongAnswer);
            wrong.subtasks[0].cells = vec![CellReport {
                verdict: Verdict::WrongAnswer,
                typed: " 6,5 ".into(),
                message: Some(Message::CellWrong),
            }];
            wrong.diagnoses = vec![Diagnosis {
                misconception: "kernel_flipped".parse().unwrap(),
                subtasks: vec![wrong.subtasks[0].name.clone()],
            }];
            wrong
        })
        .await;
        if name == "budi" {
            submit_answer(&student).await;
            site.judge(|pack| report(pack, Verdict::Accepted)).await;
        }
    }
    // What a coach tries out is not counted.
    submit_answer(&coach).await;
    site.judge(|pack| report(pack, Verdict::WrongAnswer)).await;

    let page = coach
        .get(&format!("/coach/problems/{ANSWER}/insight"))
        .await
        .text;
    assert!(page.contains("1 dari 2 yang mencoba (50 %)"), "{page}");
    assert!(page.contains("kernel_flipped") && page.contains("2 siswa, 2 kiriman"));
    assert!(page.contains("<code>6.5</code>"), "{page}");
    let (_, behind) = page.split_once("href=\"/submissions/").unwrap();
    let id = behind.split_once('"').unwrap().0;
    let opened = coach.get(&format!("/submissions/{id}")).await;
    assert_eq!(opened.status, 200);

    let class = coach.get("/coach/class?sort=total&order=desc").await.text;
    assert!(class.contains("aria-sort=\"descending\""), "{class}");
    let csv = coach.get("/coach/class.csv?sort=total&order=desc").await;
    let lines: Vec<&str> = csv.text.lines().collect();
    assert_eq!(lines.len(), 3, "{}", csv.text);
    assert!(
        lines[1].starts_with("budi,") && lines[1].contains(",100,1,"),
        "{}",
        lines[1]
    );
}
