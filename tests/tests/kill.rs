//! `kill -9` in the middle of judgements. Whatever is killed, every submission
//! that was acknowledged gets its right verdict, and nothing is stuck.

use anyhow::{Context, Result, ensure};
use gradien_problems::pack::{ExampleSubmission, Pack};
use gradien_problems::protocol::Submission;
use gradien_tests::student::{Acknowledged, Student};
use gradien_tests::{packs, processes, server::Server};
use std::time::{Duration, Instant};

const SLUG: &str = "ch5-gru-cell";

/// Verdicts of every sort, with some that take long enough to be hit.
const EXAMPLES: [&str; 6] = [
    "time_limit_exceeded/infinite_loop.py",
    "accepted/loops.py",
    "wrong_answer/update_gate_swapped.py",
    "time_limit_exceeded/inside_numpy.py",
    "run_time_error/only_vectors.py",
    "accepted/last_axis.py",
];

/// A lease that runs out soon, so that a test need not wait for half a minute.
const FLAGS: [&str; 2] = ["--lease-s", "3"];

fn examples(pack: &Pack) -> Vec<&ExampleSubmission> {
    EXAMPLES
        .iter()
        .map(|path| {
            let found = pack.submissions.iter().find(|one| one.path == *path);
            found.unwrap_or_else(|| panic!("no example {path}"))
        })
        .collect()
}

async fn submit_all(student: &Student, pack: &Pack) -> Result<Vec<Acknowledged>> {
    let csrf = student.csrf(&format!("/problems/{SLUG}")).await?;
    let mut sent = Vec::new();
    for example in examples(pack) {
        sent.push(
            student
                .submit_with(SLUG, &example.submission, &csrf)
                .await?,
        );
    }
    Ok(sent)
}

async fn check_all(student: &Student, pack: &Pack, sent: &[Acknowledged]) -> Result<()> {
    for (example, sent) in examples(pack).into_iter().zip(sent) {
        let judged = student.wait_judged(&sent.id).await?;
        ensure!(
            (judged.verdict.as_str(), judged.score.clone())
                == (example.verdict.code(), example.score.to_string()),
            "{}: expected {} {}, got {} {}: {}",
            example.path,
            example.verdict,
            example.score,
            judged.verdict,
            judged.score,
            judged.html
        );
    }
    Ok(())
}

/// Waits until the first submission, which does not end by itself, is being run.
async fn wait_running(student: &Student, id: &str) -> Result<()> {
    let (sender, mut running) = tokio::sync::mpsc::unbounded_channel();
    let follow = student.follow(id, |event| {
        if matches!(event.data["phase"].as_str(), Some("running" | "subtask")) {
            let _ = sender.send(());
        }
    });
    tokio::select! {
        judged = follow => {
            judged?;
            anyhow::bail!("it was judged before anything could be killed")
        }
        Some(()) = running.recv() => Ok(()),
    }
}

/// One kill of every process of this name while they work.
async fn kill_in_the_middle(name: &str) -> Result<()> {
    let pack = packs::load(SLUG);
    let server = Server::start_with(&FLAGS).await?;
    let student = Student::sign_up(&server.url(), "siti").await?;
    let sent = submit_all(&student, &pack).await?;
    wait_running(&student, &sent[0].id).await?;
    let victims = server.children(name);
    ensure!(!victims.is_empty(), "no {name} is running");
    let killed = victims
        .iter()
        .filter(|&&pid| processes::kill_hard(pid))
        .count();
    ensure!(killed > 0, "no {name} could be killed");
    check_all(&student, &pack, &sent).await?;
    // And whatever comes next is judged as if nothing had happened.
    let again = submit_all(&student, &pack).await?;
    check_all(&student, &pack, &again).await
}

#[tokio::test]
async fn a_killed_runner_costs_nobody_a_verdict() -> Result<()> {
    kill_in_the_middle("gradien-runner").await
}

#[tokio::test]
async fn a_killed_reference_costs_nobody_a_verdict() -> Result<()> {
    let pack = packs::load(SLUG);
    let server = Server::start_with(&FLAGS).await?;
    let student = Student::sign_up(&server.url(), "siti").await?;
    let sent = submit_all(&student, &pack).await?;
    // It works once per pack version, from the start on. Two kills, the first as
    // early as it is seen; a judgement has three attempts.
    let mut killed = 0;
    let until = Instant::now() + Duration::from_secs(10);
    while killed < 2 && Instant::now() < until {
        let references = server.children("gradien-reference");
        let hit = references.iter().filter(|&&pid| processes::kill_hard(pid));
        killed += usize::from(hit.count() > 0);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    ensure!(killed > 0, "no reference process was there to be killed");
    check_all(&student, &pack, &sent).await?;
    let again = submit_all(&student, &pack).await?;
    check_all(&student, &pack, &again).await
}

#[tokio::test]
async fn a_killed_supervisor_costs_nobody_a_verdict() -> Result<()> {
    kill_in_the_middle("gradien-grader").await
}

#[tokio::test]
async fn a_killed_server_loses_nothing_that_it_acknowledged() -> Result<()> {
    let pack = packs::load(SLUG);
    let mut server = Server::start_with(&FLAGS).await?;
    let student = Student::sign_up(&server.url(), "siti").await?;
    let sent = submit_all(&student, &pack).await?;
    wait_running(&student, &sent[0].id).await?;
    let family = processes::below(server.pid());
    ensure!(!family.is_empty(), "nobody works for the server");
    server.kill_hard()?;

    // The graders notice that nobody listens and go, even from a program that
    // would not end for a while.
    let asked = Instant::now();
    let left = || -> Vec<_> {
        let is_left = |process: &&processes::Process| {
            std::fs::read_to_string(format!("/proc/{}/comm", process.pid))
                .is_ok_and(|name| name.starts_with("gradien"))
        };
        family.iter().filter(is_left).collect()
    };
    while !left().is_empty() {
        ensure!(
            asked.elapsed() < Duration::from_secs(30),
            "still there without a server: {:?}",
            left()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    server.run().await.context("after the kill")?;
    check_all(&student, &pack, &sent).await?;
    let again = submit_all(&student, &pack).await?;
    check_all(&student, &pack, &again).await
}

/// Killed again and again: the queue survives, the last start finishes it.
#[tokio::test]
async fn a_server_killed_while_it_acknowledges_keeps_its_word() -> Result<()> {
    let pack = packs::load("ch3-feedforward-hand");
    let mut server = Server::start_with(&FLAGS).await?;
    let student = Student::sign_up(&server.url(), "siti").await?;
    let mut sent = Vec::new();
    for round in 0..3 {
        // A student is given the pack's own numbers first.
        let given = pack
            .submissions
            .iter()
            .filter(|example| matches!(example.submission, Submission::Answer { variant: 0, .. }));
        for example in given {
            let kept = student
                .submit(pack.slug.as_str(), &example.submission)
                .await?;
            sent.push((example, kept));
            if sent.len() % 7 == round {
                break;
            }
        }
        server.kill_hard()?;
        server.run().await.context("after the kill")?;
    }
    for (example, sent) in sent {
        let judged = student.wait_judged(&sent.id).await?;
        ensure!(
            (judged.verdict.as_str(), judged.score)
                == (example.verdict.code(), example.score.to_string()),
            "{}: {} {}",
            example.path,
            judged.verdict,
            judged.html
        );
    }
    Ok(())
}
