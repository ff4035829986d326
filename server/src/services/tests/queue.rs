use crate::services::accounts::Role;
use crate::services::events::Change;
use crate::services::judgements::{MAX_ATTEMPTS, MAX_LEASES, Said, Worker};
use crate::services::submissions::SubmissionState;
use crate::testing::{LEASE, Site, report, site};
use gradien_problems::{Message, Verdict};
use std::time::Instant;

fn lease_ms() -> i64 {
    LEASE.as_millis() as i64
}

async fn verdict(
    site: &Site,
    viewer: &crate::services::sessions::Viewer,
    id: crate::ids::SubmissionId,
) -> Option<Verdict> {
    match site
        .services
        .submissions
        .get(viewer, id)
        .await
        .unwrap()
        .state
    {
        SubmissionState::Judged { report, .. } => Some(report.verdict),
        _ => None,
    }
}

#[tokio::test]
async fn the_oldest_goes_first_and_to_one_worker_alone() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(site.submit(&budi, "x = 1").await);
        site.clock.advance_ms(10);
    }
    let (one, other) = (Worker::embedded(), Worker::embedded());
    let (a, b) = tokio::join!(site.lease(&one), site.lease(&other));
    let mut first = [a.unwrap().submission, b.unwrap().submission];
    first.sort();
    let mut expected = [ids[0], ids[1]];
    expected.sort();
    assert_eq!(first, expected);
    assert_eq!(site.lease(&one).await.unwrap().submission, ids[2]);
    assert!(site.lease(&other).await.is_none());
}

#[tokio::test]
async fn a_silent_workers_judgement_goes_to_another_and_its_late_report_changes_nothing() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let id = site.submit(&budi, "x = 1").await;
    let judgements = &site.services.judgements;
    let silent = site.lease(&Worker::embedded()).await.unwrap();
    // The system's time goes on too, so not to the last millisecond.
    site.clock.advance_ms(lease_ms() - 10_000);
    assert!(site.lease(&Worker::embedded()).await.is_none());
    site.clock.advance_ms(10_000);
    let heir = site.lease(&Worker::embedded()).await.unwrap();
    assert_eq!((heir.submission, heir.attempt), (id, 2));

    let wrong = report(&silent, Verdict::WrongAnswer, 0, 0);
    assert_eq!(
        judgements.renew(&silent, LEASE).await.unwrap(),
        Said::TooLate
    );
    assert_eq!(
        judgements.record(&silent, &wrong).await.unwrap(),
        Said::TooLate
    );
    assert_eq!(judgements.release(&silent).await.unwrap(), Said::TooLate);
    let failed = judgements.fail(&silent, "late", false).await.unwrap();
    assert_eq!(failed, Said::TooLate);
    assert_eq!(verdict(&site, &budi, id).await, None);

    let right = report(&heir, Verdict::Accepted, 40, 30);
    assert_eq!(judgements.record(&heir, &right).await.unwrap(), Said::Taken);
    assert_eq!(verdict(&site, &budi, id).await, Some(Verdict::Accepted));
    assert_eq!(
        judgements.record(&heir, &wrong).await.unwrap(),
        Said::TooLate
    );
    assert_eq!(verdict(&site, &budi, id).await, Some(Verdict::Accepted));
}

#[tokio::test]
async fn a_renewed_lease_holds() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    site.submit(&budi, "x = 1").await;
    let leased = site.lease(&Worker::embedded()).await.unwrap();
    for _ in 0..5 {
        site.clock.advance_ms(lease_ms() - 10_000);
        let said = site
            .services
            .judgements
            .renew(&leased, LEASE)
            .await
            .unwrap();
        assert_eq!(said, Said::Taken);
        assert!(site.lease(&Worker::embedded()).await.is_none());
    }
}

#[tokio::test]
async fn faults_of_ours_are_tried_again_and_then_a_judge_error() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let id = site.submit(&budi, "x = 1").await;
    let judgements = &site.services.judgements;
    for attempt in 1..=MAX_ATTEMPTS {
        let leased = site.lease(&Worker::embedded()).await.unwrap();
        assert_eq!(leased.attempt, attempt);
        judgements
            .fail(&leased, "the grader died", true)
            .await
            .unwrap();
        assert!(site.lease(&Worker::embedded()).await.is_none(), "no pause");
        site.clock.advance_ms(60_000);
    }
    assert!(site.lease(&Worker::embedded()).await.is_none());
    let seen = site.services.submissions.get(&budi, id).await.unwrap();
    let SubmissionState::Judged { report, .. } = seen.state else {
        panic!("not judged");
    };
    assert_eq!(report.verdict, Verdict::JudgeError);
    assert!(matches!(report.messages[..], [Message::JudgeError { .. }]));
    assert!(
        !format!("{report:?}").contains("died"),
        "details are for the log"
    );
    let problems = &site.services.problems;
    let problem = problems.get(None, &crate::testing::gru()).unwrap();
    let own = problems.own_progress(&budi, &problem).await;
    assert_eq!(own.unwrap().attempts, 0, "the attempt is given back");
}

#[tokio::test]
async fn a_fault_of_the_pack_is_not_tried_again() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let id = site.submit(&budi, "x = 1").await;
    let leased = site.lease(&Worker::embedded()).await.unwrap();
    let failed = site
        .services
        .judgements
        .fail(&leased, "no such function", false);
    assert_eq!(failed.await.unwrap(), Said::Taken);
    assert_eq!(verdict(&site, &budi, id).await, Some(Verdict::JudgeError));
}

#[tokio::test]
async fn workers_that_fall_silent_again_and_again_end_in_a_judge_error() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let id = site.submit(&budi, "x = 1").await;
    for _ in 0..MAX_ATTEMPTS {
        site.lease(&Worker::embedded()).await.unwrap();
        site.clock.advance_ms(lease_ms());
    }
    assert!(site.lease(&Worker::embedded()).await.is_none());
    assert_eq!(verdict(&site, &budi, id).await, Some(Verdict::JudgeError));
}

#[tokio::test]
async fn what_a_stopping_worker_gives_back_is_judged_at_once_and_not_counted() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let id = site.submit(&budi, "x = 1").await;
    let judgements = &site.services.judgements;
    for lease in 1..=MAX_LEASES {
        let leased = site.lease(&Worker::embedded()).await.unwrap();
        assert_eq!(leased.attempt, 1, "lease {lease}");
        // Half of them by the worker, half by the next process.
        if lease % 2 == 0 {
            assert_eq!(judgements.release(&leased).await.unwrap(), Said::Taken);
        } else {
            assert_eq!(judgements.release_embedded().await.unwrap(), 1);
        }
    }
    // But not for ever.
    assert!(site.lease(&Worker::embedded()).await.is_none());
    assert_eq!(verdict(&site, &budi, id).await, Some(Verdict::JudgeError));
}

#[tokio::test]
async fn watchers_are_told_in_order() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let mut events = site.services.events.subscribe();
    let id = site.submit(&budi, "x = 1").await;
    let leased = site.lease(&Worker::embedded()).await.unwrap();
    let progress = gradien_problems::protocol::Progress::Running { done: 1, total: 9 };
    site.services.judgements.progress(&leased, progress.clone());
    let seen = site.services.submissions.get(&budi, id).await.unwrap();
    let SubmissionState::Judging { progress: shown } = seen.state else {
        panic!("not being judged");
    };
    assert_eq!(shown.as_ref(), Some(&progress));
    let report = report(&leased, Verdict::Accepted, 40, 30);
    site.services
        .judgements
        .record(&leased, &report)
        .await
        .unwrap();
    for change in [Change::Started, Change::Progress(progress), Change::Judged] {
        let event = events.recv().await.unwrap();
        assert_eq!((event.submission, event.change), (id, change));
    }
    assert_eq!(site.services.events.find_progress(id), None);
}

/// The camp's load is three submissions a second; one hand-in takes two syncs
/// of the disk at most. Prints what this machine takes.
#[tokio::test]
async fn handing_in_and_leasing_take_a_small_part_of_a_second() {
    let site = site(&[]).await;
    let (mut submit_us, mut lease_us, mut record_us) = (vec![], vec![], vec![]);
    for at in 0..10 {
        let viewer = site.viewer(&format!("siswa{at}"), Role::Student).await;
        for _ in 0..10 {
            let began = Instant::now();
            site.submit(&viewer, "def gru_cell(x, h): return h\n").await;
            submit_us.push(began.elapsed().as_micros());
        }
    }
    let worker = Worker::embedded();
    for _ in 0..100 {
        let began = Instant::now();
        let leased = site.lease(&worker).await.unwrap();
        lease_us.push(began.elapsed().as_micros());
        let report = report(&leased, Verdict::Accepted, 40, 30);
        let began = Instant::now();
        site.services
            .judgements
            .record(&leased, &report)
            .await
            .unwrap();
        record_us.push(began.elapsed().as_micros());
    }
    for (what, mut us) in [
        ("submit", submit_us),
        ("lease", lease_us),
        ("record", record_us),
    ] {
        us.sort();
        println!("{what}: median {} µs, 95th {} µs", us[50], us[95]);
        assert!(us[50] < 200_000, "{what} takes {} µs", us[50]);
    }
}
