//! Workers and graders that misbehave. The graders are shell scripts that write
//! frames made here: faults at the boundary between processes, which the real
//! grader is too good for. What it does right is tested with the real one.

use super::Pool;
use super::supervisor::{EXPECTED_GUEST, GraderCommand, Supervisor, SupervisorError};
use crate::ids::SubmissionId;
use crate::services::Services;
use crate::services::accounts::Role;
use crate::services::problems::PackState;
use crate::services::sessions::Viewer;
use crate::services::submissions::SubmissionState;
use crate::testing::{Site, gru, report, site};
use gradien_problems::protocol::{Hello, PROTOCOL_VERSION, Progress, Response, RunInput};
use gradien_problems::report::RunReport;
use gradien_problems::{Report, Verdict};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// A grader whose life after the hello is this script. `$frames` is the folder
/// of what it may say, `$turn` counts the starts of graders from 1.
struct Peer {
    folder: tempfile::TempDir,
}

fn frame(folder: &Path, name: &str, response: &Response) {
    let body = rmp_serde::to_vec_named(response).unwrap();
    let mut bytes = (body.len() as u32).to_le_bytes().to_vec();
    bytes.extend(body);
    fs::write(folder.join(name), bytes).unwrap();
}

fn accepted() -> Report {
    serde_json::from_value(serde_json::json!({
        "verdict": "AC", "score": 10_000, "max_score": 10_000, "subtasks": [], "messages": [],
        "usage": null,
        "provenance": {"pack": "0".repeat(64), "guest": null, "sandbox_version": null, "device": "cpu"},
    }))
    .unwrap()
}

impl Peer {
    fn new(life: &str) -> Peer {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let hello = |protocol_version, guest: &str| {
            Response::Hello(Hello {
                protocol_version,
                guest_hash: guest.into(),
                sandbox_version: "0".into(),
                walls: vec![],
            })
        };
        let (version, guest) = (PROTOCOL_VERSION, EXPECTED_GUEST);
        frame(at, "hello", &hello(version, guest));
        frame(at, "old-hello", &hello(version + 1, guest));
        frame(at, "other-guest", &hello(version, &"0".repeat(64)));
        let running = Progress::Running { done: 1, total: 2 };
        frame(at, "progress", &Response::Progress(running));
        let report = Box::new(accepted());
        frame(
            at,
            "prepared",
            &Response::Prepared {
                samples: vec![],
                variants: vec![],
            },
        );
        frame(at, "judged", &Response::Judged { report });
        let report = Box::new(RunReport {
            cases: vec![],
            messages: vec![],
        });
        frame(at, "ran", &Response::Ran { report });
        for (name, retryable) in [("fault", true), ("broken-pack", false)] {
            let detail = "made for a test".into();
            frame(at, name, &Response::Fault { detail, retryable });
        }
        // One byte of a request is waited for; the rest is read with it or left.
        let script = format!(
            "#!/bin/sh\nframes='{}'\ncd \"$frames\"\nmkdir -p starts\n\
             n=1; until mkdir \"starts/$n\" 2>/dev/null; do n=$((n+1)); done; turn=$n\n\
             asked() {{ head -c 1 >/dev/null; touch \"asked-$turn\"; }}\n\
             cat hello\n{life}\n",
            at.display()
        );
        let path = at.join("grader");
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Peer { folder }
    }

    fn starts(&self) -> usize {
        fs::read_dir(self.folder.path().join("starts")).map_or(0, Iterator::count)
    }

    /// A server with one judging slot whose grader this is.
    async fn site(&self, flags: &[&str]) -> Site {
        let path = self.folder.path().join("grader");
        let mut all = vec!["--grader", path.to_str().unwrap(), "--judge-slots", "1"];
        all.extend(flags);
        site(&all).await
    }
}

/// What became of a submission within ten seconds.
async fn outcome(site: &Site, viewer: &Viewer, id: SubmissionId) -> Option<Verdict> {
    let until = Instant::now() + Duration::from_secs(10);
    while Instant::now() < until {
        let seen = site.services.submissions.get(viewer, id).await.unwrap();
        if let SubmissionState::Judged { report, .. } = seen.state {
            return Some(report.verdict);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    None
}

async fn judged_by(life: &str, flags: &[&str]) -> (Option<Verdict>, usize) {
    let peer = Peer::new(life);
    let site = peer.site(flags).await;
    let budi = site.viewer("budi", Role::Student).await;
    let pool = Pool::start(&site.services);
    let id = site.submit(&budi, "x = 1").await;
    let verdict = outcome(&site, &budi, id).await;
    pool.stop().await;
    (verdict, peer.starts())
}

#[tokio::test]
async fn a_report_is_kept() {
    let (verdict, _) = judged_by("asked; cat progress judged; cat >/dev/null", &[]).await;
    assert_eq!(verdict, Some(Verdict::Accepted));
}

/// Packs that a site of the tests has installed.
fn shipped_packs() -> usize {
    fs::read_dir(crate::testing::packs()).unwrap().count()
}

/// The run slot takes the preparations of packs and dies of them too, so a
/// death is told by whether somebody died before.
const DIES_ONCE: &str = "asked; mkdir died 2>/dev/null && kill -9 $$; cat judged; cat >/dev/null";

#[tokio::test]
async fn a_grader_that_dies_costs_no_verdict() {
    let (verdict, _) = judged_by(DIES_ONCE, &[]).await;
    assert_eq!(verdict, Some(Verdict::Accepted));
}

#[tokio::test]
async fn graders_that_always_die_end_in_a_judge_error_and_not_in_a_loop() {
    let (verdict, starts) = judged_by("asked; kill -9 $$", &[]).await;
    assert_eq!(verdict, Some(Verdict::JudgeError));
    // Three attempts at the judgement and at the preparation of each pack.
    let most = 3 * (1 + shipped_packs());
    assert!(starts <= most, "{starts} graders were started");
}

#[tokio::test]
async fn a_silent_grader_is_killed_at_the_deadline() {
    let began = Instant::now();
    let life = "asked; sleep 1000";
    let (verdict, _) = judged_by(life, &["--judgement-deadline-s", "1"]).await;
    assert_eq!(verdict, Some(Verdict::JudgeError));
    assert!(began.elapsed() >= Duration::from_secs(3), "three attempts");
}

#[tokio::test]
async fn faults_end_in_judge_errors_and_keep_the_grader() {
    let forever = |frame: &str| format!("asked; cat {frame}; cat >/dev/null");
    let (verdict, _) = judged_by(&forever("broken-pack"), &[]).await;
    assert_eq!(verdict, Some(Verdict::JudgeError));
}

#[tokio::test]
async fn nonsense_from_a_grader_is_no_verdict() {
    for life in [
        // A frame longer than any may be.
        "asked; printf '\\377\\377\\377\\377'; cat >/dev/null",
        "asked; printf '\\001\\000\\000\\000x'; cat >/dev/null",
        "asked; cat hello; cat >/dev/null",
        "asked; cat ran; cat >/dev/null",
    ] {
        let (verdict, _) = judged_by(life, &[]).await;
        assert_eq!(verdict, Some(Verdict::JudgeError), "{life}");
    }
}

#[tokio::test]
async fn without_a_grader_nothing_is_lost_and_nothing_is_judged() {
    let site = site(&["--grader", "/nonexistent/grader"]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let pool = Pool::start(&site.services);
    let id = site.submit(&budi, "x = 1").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let seen = site.services.submissions.get(&budi, id).await.unwrap();
    assert!(matches!(seen.state, SubmissionState::Queued));
    pool.stop().await;
}

/// It says hello, and nothing is leased to it.
async fn nothing_is_leased_after(hello: &str) {
    let peer = Peer::new("cat judged; cat >/dev/null");
    let folder = peer.folder.path();
    fs::copy(folder.join(hello), folder.join("hello")).unwrap();
    let site = peer.site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let pool = Pool::start(&site.services);
    let id = site.submit(&budi, "x = 1").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let seen = site.services.submissions.get(&budi, id).await.unwrap();
    assert!(matches!(seen.state, SubmissionState::Queued));
    assert!(peer.starts() > 0, "it was not even started");
    pool.stop().await;
}

#[tokio::test]
async fn a_grader_of_another_version_is_not_used() {
    nothing_is_leased_after("old-hello").await;
}

#[tokio::test]
async fn a_grader_with_another_guest_is_not_used() {
    nothing_is_leased_after("other-guest").await;
    let peer = Peer::new("cat >/dev/null");
    let folder = peer.folder.path();
    fs::copy(folder.join("other-guest"), folder.join("hello")).unwrap();
    let command = GraderCommand {
        program: folder.join("grader"),
        arguments: vec![],
        guest: None,
        niceness: 0,
    };
    let refused = Supervisor::start(&command).await.err();
    assert!(matches!(refused, Some(SupervisorError::Guest { theirs }) if theirs == "0".repeat(64)));
}

#[tokio::test]
async fn stopping_gives_back_what_does_not_finish() {
    let peer = Peer::new("asked; sleep 1000");
    let site = peer.site(&["--shutdown-s", "1"]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let pool = Pool::start(&site.services);
    let id = site.submit(&budi, "x = 1").await;
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let seen = site.services.submissions.get(&budi, id).await.unwrap();
        if matches!(seen.state, SubmissionState::Judging { .. }) {
            break;
        }
        assert!(Instant::now() < until, "never leased");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let began = Instant::now();
    pool.stop().await;
    assert!(began.elapsed() < Duration::from_secs(5));
    let leased = site
        .lease(&crate::services::judgements::Worker::embedded())
        .await;
    let leased = leased.expect("it waits again, without waiting for the lease to run out");
    assert_eq!((leased.submission, leased.attempt), (id, 1));
    let late = report(&leased, Verdict::Accepted, 40, 30);
    site.services
        .judgements
        .record(&leased, &late)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_run_survives_the_death_of_its_grader() {
    let life = "asked; mkdir died 2>/dev/null && kill -9 $$; cat ran; cat >/dev/null";
    let peer = Peer::new(life);
    let path = peer.folder.path().join("grader");
    let mut site = site(&["--grader", path.to_str().unwrap()]).await;
    // Installed anew without a preparation in the line before the run.
    let config = crate::testing::config(
        site.folder.path(),
        &["--grader", path.to_str().unwrap(), "--run-deadline-s", "10"],
    );
    site.services = crate::services::Services::open(config).await.unwrap();
    let budi = site.viewer("budi", Role::Student).await;
    let pool = Pool::start(&site.services);
    let runs = &site.services.runs;
    let ran = runs
        .run(&budi, &gru(), None, "x = 1".into(), RunInput::Samples)
        .await;
    assert!(ran.is_ok(), "{ran:?}");
    pool.stop().await;
}

#[tokio::test]
async fn no_setting_of_the_server_reaches_a_grader() {
    let peer = Peer::new("asked; env > environment; cat judged; cat >/dev/null");
    let site = peer.site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let pool = Pool::start(&site.services);
    let id = site.submit(&budi, "x = 1").await;
    outcome(&site, &budi, id).await;
    pool.stop().await;
    let environment = fs::read_to_string(peer.folder.path().join("environment")).unwrap();
    // The test runner sets this one for every test.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    assert!(!environment.contains("CARGO_MANIFEST_DIR"), "{environment}");
}

#[tokio::test]
async fn a_preparation_that_an_earlier_process_began_is_brought_to_its_end() {
    let prepared = "prepared ".repeat(shipped_packs());
    let life = format!("asked; cat {prepared}; cat >/dev/null");
    let peer = Peer::new(&life);
    // No worker is there, so the packs that are installed stay unprepared.
    let before = peer.site(&[]).await;
    let state = |services: &Services| services.problems.get(None, &gru()).unwrap().state;
    assert_eq!(state(&before.services), PackState::Preparing);
    let path = peer.folder.path().join("grader");
    let flags = ["--grader", path.to_str().unwrap(), "--judge-slots", "1"];
    let config = crate::testing::config(before.folder.path(), &flags);
    let next = Services::open(config).await.unwrap();
    assert_eq!(state(&next), PackState::Preparing);
    next.problems.resume_preparing();
    let pool = Pool::start(&next);
    let until = Instant::now() + Duration::from_secs(10);
    while state(&next) != PackState::Ready && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(state(&next), PackState::Ready);
    pool.stop().await;
}
