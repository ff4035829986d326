//! Packs that coaches send, through the real grader: hostile archives leave a
//! message and nothing else, a right one becomes a draft, goes out, and what was
//! handed in before is judged anew by it.

use anyhow::{Context, Result, ensure};
use gradien_problems::protocol::Submission;
use gradien_tests::server::Server;
use gradien_tests::student::{PASSWORD, Student, expect_redirect};
use gradien_tests::{binaries, packs};
use reqwest::StatusCode;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SHIPPED: &str = "ch5-convolution-hand";
const NEW: &str = "ch5-konvolusi-baru";
const PAGE: &str = "/coach/upload";
const ENDED_WITHIN: Duration = Duration::from_secs(180);

async fn coach(server: &Server) -> Result<Student> {
    Student::sign_up(&server.url(), "pelatih").await?;
    server.set_role("pelatih", "coach")?;
    let coach = Student::new(&server.url())?;
    expect_redirect(coach.sign_in("pelatih", PASSWORD).await?).await?;
    Ok(coach)
}

fn exported(folder: &Path) -> Result<Vec<u8>> {
    let file = folder.with_extension("zip");
    let done = Command::new(binaries::path("gradien-grader"))
        .args(["pack", "export"])
        .arg(folder)
        .arg("-o")
        .arg(&file)
        .output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "no export: {said}");
    Ok(fs::read(file)?)
}

fn archive(entries: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive.start_file(*name, SimpleFileOptions::default())?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Sends an archive and gives the address of its page.
async fn send(coach: &Student, fields: &[(&str, &str)], name: &str, zip: &[u8]) -> Result<String> {
    let csrf = coach.csrf(PAGE).await?;
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    let answer = coach.post_file(PAGE, &all, name, zip).await?;
    ensure!(
        answer.status() == StatusCode::SEE_OTHER,
        "{}",
        answer.text().await?
    );
    let place = answer.headers()["location"].to_str()?.to_owned();
    Ok(place)
}

/// Waits until the upload's page shows this end, and gives the page.
async fn ended(coach: &Student, place: &str, state: &str) -> Result<String> {
    let started = Instant::now();
    loop {
        let page = coach.page(&format!("{place}?lang=en")).await?;
        if page.contains(&format!("upload-state {state}")) {
            return Ok(page);
        }
        let under_way = ["unpacking", "proving"]
            .iter()
            .any(|state| page.contains(&format!("upload-state {state}")));
        ensure!(under_way && started.elapsed() < ENDED_WITHIN, "{page}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What lies in a folder of the data; a folder that is not there has nothing.
fn left(server: &Server, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(server.data().join(folder));
    let names = entries.into_iter().flatten().flatten();
    let mut names: Vec<String> = names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The files go a moment after the end is told.
async fn wait_for_no_uploads(server: &Server) -> Result<()> {
    let started = Instant::now();
    while !left(server, "uploads").is_empty() {
        ensure!(started.elapsed() < Duration::from_secs(10), "files stay");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[tokio::test]
async fn hostile_archives_leave_a_message_and_nothing_else() -> Result<()> {
    let server = Server::start().await?;
    let coach = coach(&server).await?;
    let before = left(&server, "packs");
    let zeros = vec![0; 20 << 20];
    for (what, zip, words) in [
        ("no archive", b"#!/bin/sh\nrm -rf /\n".to_vec(), "zip"),
        (
            "a way out",
            archive(&[("p/problem.toml", b""), ("p/../../x", b"x")])?,
            "..",
        ),
        (
            "a bomb",
            archive(&[("p/problem.toml", b""), ("p/data/zeros", &zeros)])?,
            "p/data/zeros",
        ),
        (
            "no manifest",
            archive(&[("p/readme.txt", b"")])?,
            "problem.toml",
        ),
        (
            "a manifest of another kind",
            archive(&[("ch5-lain/problem.toml", b"format = 1\nkind = \"essay\"\n")])?,
            "problem.toml",
        ),
        (
            "another program's",
            archive(&[("word/document.xml", b"<w/>"), ("mimetype", b"x")])?,
            "problem.toml",
        ),
    ] {
        let place = send(&coach, &[], "soal.zip", &zip).await?;
        let page = ended(&coach, &place, "refused").await?;
        let (_, notice) = page.split_once("notice error").context("no notice")?;
        let notice = notice.split("</div>").next().unwrap_or_default();
        ensure!(notice.contains(words), "{what}: {notice}");
    }
    assert_eq!(left(&server, "packs"), before);
    wait_for_no_uploads(&server).await?;

    // Forms that are not a coach's or not ours keep nothing either.
    let zip = archive(&[("p/problem.toml", b"")])?;
    let forged = coach.post_file(PAGE, &[("csrf", "made up")], "a.zip", &zip);
    assert_eq!(forged.await?.status(), StatusCode::FORBIDDEN);
    let without = coach.post_file(PAGE, &[], "a.zip", &zip).await?;
    assert_eq!(without.status(), StatusCode::FORBIDDEN);
    let student = Student::sign_up(&server.url(), "siti").await?;
    let csrf = student.csrf("/").await?;
    let token = [("csrf", csrf.as_str())];
    let refused = student.post_file(PAGE, &token, "a.zip", &zip).await?;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let csrf = coach.csrf(PAGE).await?;
    let token = [("csrf", csrf.as_str())];
    let empty = coach.post_file(PAGE, &token, "a.zip", b"").await?;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let large = vec![b'x'; (64 << 20) + 1];
    let large = coach.post_file(PAGE, &token, "a.zip", &large).await?;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    ensure!(large.text().await?.contains("64 MiB"));
    wait_for_no_uploads(&server).await?;
    Ok(())
}

#[tokio::test]
async fn two_at_once_are_both_proved_and_one_version_is_one() -> Result<()> {
    let server = Server::start().await?;
    let coach = coach(&server).await?;
    let copy = tempfile::tempdir()?;
    let title = ("Convolution by hand", "Convolution, once more");
    let folder = packs::changed_copy(copy.path(), SHIPPED, NEW, title);
    let zip = exported(&folder)?;
    let one = send(&coach, &[], "a.zip", &zip).await?;
    let other = send(&coach, &[], "b.zip", &zip).await?;
    assert_ne!(one, other);
    for place in [one, other] {
        let page = ended(&coach, &place, "installed").await?;
        ensure!(page.contains("Proved: no faults"), "{page}");
    }
    let versions = coach.page(&format!("/coach/problems/{NEW}")).await?;
    assert_eq!(versions.matches("/download\"").count(), 1, "{versions}");
    // The shipped problem's own files are no other problem's.
    let copy = packs::changed_copy(copy.path(), SHIPPED, "ch5-sama", ("format", "format"));
    let place = send(&coach, &[], "c.zip", &exported(&copy)?).await?;
    let page = ended(&coach, &place, "refused").await?;
    ensure!(page.contains(SHIPPED), "{page}");
    Ok(())
}

fn answer(cells: &[&str]) -> Submission {
    let cells = cells.iter().map(|&cell| cell.to_owned()).collect();
    Submission::Answer {
        fields: BTreeMap::from([("S".to_owned(), cells)]),
        variant: 0,
    }
}

#[tokio::test]
async fn a_new_version_is_tried_goes_out_and_judges_anew() -> Result<()> {
    let server = Server::start().await?;
    let coach = coach(&server).await?;
    let student = Student::sign_up(&server.url(), "siti").await?;
    let wrong = answer(&["1"; 9]);
    let sent = student.submit(SHIPPED, &wrong).await?;
    assert_eq!(student.wait_judged(&sent.id).await?.verdict, "WA");

    let copy = tempfile::tempdir()?;
    let title = ("Convolution by hand", "Convolution, second edition");
    let folder = packs::changed_copy(copy.path(), SHIPPED, SHIPPED, title);
    let fields = [("problem", SHIPPED)];
    let place = send(&coach, &fields, "baru.zip", &exported(&folder)?).await?;
    let page = ended(&coach, &place, "installed").await?;
    let (_, rest) = page
        .split_once("name=\"version\" value=\"")
        .context("no version to publish")?;
    let version = rest.split('"').next().unwrap_or_default().to_owned();
    let changes = format!("&amp;to={version}");
    ensure!(page.contains(&changes), "{page}");

    // Coaches try it, students see nothing of it.
    let draft = format!("/problems/{SHIPPED}?version={version}");
    let shown = coach.page(&format!("{draft}&lang=en")).await?;
    ensure!(shown.contains("second edition"), "{shown}");
    let action = format!("/problems/{SHIPPED}/submit?version={version}");
    ensure!(shown.contains(&action), "{shown}");
    assert_eq!(student.get(&draft).await?.status(), StatusCode::NOT_FOUND);
    let public = student
        .page(&format!("/problems/{SHIPPED}?lang=en"))
        .await?;
    ensure!(!public.contains("second edition"));

    let own = format!("/coach/problems/{SHIPPED}");
    let publish = format!("{own}/publish");
    let fields = [("version", version.as_str())];
    let published = coach.send_form(&own, &publish, &fields).await?;
    expect_redirect(published).await?;
    let public = student
        .page(&format!("/problems/{SHIPPED}?lang=en"))
        .await?;
    ensure!(public.contains("second edition"));
    let page = coach.page(&format!("{own}?lang=en")).await?;
    ensure!(
        page.contains("1 submission was judged by another"),
        "{page}"
    );

    let begin = format!("{own}/rejudges");
    let fields = [("version", version.as_str()), ("scope", "others")];
    // Its variants are drawn after it is installed, and no answer is judged before.
    let started = Instant::now();
    let place = loop {
        let answer = coach.send_form(&own, &begin, &fields).await?;
        if let Some(place) = answer.headers().get("location") {
            break place.to_str()?.to_owned();
        }
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        ensure!(started.elapsed() < ENDED_WITHIN, "never ready");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let started = Instant::now();
    let page = loop {
        let page = coach.page(&format!("{place}?lang=en")).await?;
        if page.contains(&format!("{place}/apply")) {
            break page;
        }
        ensure!(started.elapsed() < ENDED_WITHIN, "{page}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    ensure!(
        page.contains("0 submissions change, 1 stay the same"),
        "{page}"
    );
    let apply = format!("{place}/apply");
    expect_redirect(coach.send_form(&place, &apply, &[]).await?).await?;
    let page = coach.page(&format!("{own}?lang=en")).await?;
    ensure!(!page.contains("judged by another"), "{page}");
    let seen = student.page(&format!("/submissions/{}", sent.id)).await?;
    ensure!(seen.contains(&version), "judged by the old version still");
    Ok(())
}

#[tokio::test]
async fn what_a_stopped_server_had_under_way_can_be_tried_again() -> Result<()> {
    let mut server = Server::start().await?;
    let copy = tempfile::tempdir()?;
    let seed = ("560_001", "560_777");
    let folder = packs::changed_copy(copy.path(), "ch5-gru-cell", "ch5-gru-baru", seed);
    let zip = exported(&folder)?;
    let place = {
        let coach = coach(&server).await?;
        send(&coach, &[], "gru.zip", &zip).await?
    };
    server.kill_hard()?;
    server.run().await?;
    let coach = Student::new(&server.url())?;
    expect_redirect(coach.sign_in("pelatih", PASSWORD).await?).await?;
    ended(&coach, &place, "interrupted").await?;
    let retry = format!("{place}/retry");
    expect_redirect(coach.send_form(&place, &retry, &[]).await?).await?;
    let page = ended(&coach, &place, "installed").await?;
    ensure!(page.contains("Proved: no faults"), "{page}");
    wait_for_no_uploads(&server).await?;
    Ok(())
}
