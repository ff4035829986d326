//! Sealing through the real grader: what is drawn by the secret is other than what
//! everybody can draw, is proved like any version, and is told to coaches alone.

use anyhow::{Context, Result, ensure};
use gradien_grader::prepare::{Prepared, make};
use gradien_grader::reference::{Reference, ReferenceConfig};
use gradien_problems::Pack;
use gradien_problems::pack::Kind;
use gradien_tests::server::Server;
use gradien_tests::student::{PASSWORD, Student, expect_redirect};
use gradien_tests::{binaries, packs};
use reqwest::StatusCode;
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

const FUNCTION: &str = "ch5-convolution-code";
const HAND: &str = "ch5-convolution-hand";
const ENDED_WITHIN: Duration = Duration::from_secs(300);

fn installed(server: &Server) -> Result<BTreeSet<String>> {
    let entries = fs::read_dir(server.data().join("packs"))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

/// Seals the published version and gives the sealed one, with the page of its proof.
async fn seal(server: &Server, coach: &Student, slug: &str) -> Result<(Pack, String)> {
    let before = installed(server)?;
    let place = format!("/coach/problems/{slug}");
    let open = packs::load(slug).hash.to_string();
    let fields = [("version", open.as_str())];
    let action = format!("{place}/seal");
    let begun = coach.send_form(&place, &action, &fields).await?;
    ensure!(
        begun.status() == StatusCode::SEE_OTHER,
        "{}",
        begun.status()
    );
    let upload = begun.headers()["location"].to_str()?.to_owned();
    let started = Instant::now();
    let page = loop {
        let page = coach.page(&format!("{upload}?lang=en")).await?;
        if page.contains("upload-state installed") {
            break page;
        }
        let proving = page.contains("upload-state proving");
        ensure!(proving && started.elapsed() < ENDED_WITHIN, "{page}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    // Among what was proved: every accepted example is accepted.
    ensure!(page.contains("Proved: no faults"), "{page}");
    let after = installed(server)?;
    let new: Vec<&String> = after.difference(&before).collect();
    let [hash] = new[..] else {
        anyhow::bail!("{new:?}")
    };
    let pack = Pack::load_as(&server.data().join("packs").join(hash), slug)?;
    Ok((pack, page))
}

fn seed(pack: &Pack) -> Result<u64> {
    match &pack.kind {
        Kind::Function(function) => Ok(function.case_seed),
        Kind::Answer(answer) => Ok(answer.variants.as_ref().context("no variants")?.seed),
        _ => anyhow::bail!("another kind"),
    }
}

fn prepared(pack: &Pack) -> Result<Prepared> {
    let config = ReferenceConfig::new(binaries::path("gradien-reference"));
    Ok(make(pack, &mut Reference::start(config)?)?)
}

#[tokio::test]
async fn what_is_sealed_is_drawn_by_a_secret_that_nobody_is_told() -> Result<()> {
    let server = Server::start().await?;
    Student::sign_up(&server.url(), "pelatih").await?;
    server.set_role("pelatih", "coach")?;
    let coach = Student::new(&server.url())?;
    expect_redirect(coach.sign_in("pelatih", PASSWORD).await?).await?;
    let student = Student::sign_up(&server.url(), "siti").await?;

    let (function, page) = seal(&server, &coach, FUNCTION).await?;
    let (ours, theirs) = (prepared(&function)?, prepared(&packs::load(FUNCTION))?);
    assert_eq!(ours.samples, theirs.samples);
    for (ours, theirs) in ours.subtasks.iter().zip(&theirs.subtasks) {
        assert_eq!(ours.len(), theirs.len());
        for case in ours {
            let known = theirs.iter().any(|other| other.inputs == case.inputs);
            assert!(!known, "a case that somebody can draw");
        }
    }

    let (hand, _) = seal(&server, &coach, HAND).await?;
    let (again, _) = seal(&server, &coach, HAND).await?;
    let open = packs::load(HAND);
    let drawn = [prepared(&open)?, prepared(&hand)?, prepared(&again)?];
    for (at, one) in drawn.iter().enumerate() {
        assert_eq!(one.subtasks[0][0], drawn[0].subtasks[0][0], "declared");
        for other in &drawn[..at] {
            let of_other = &other.subtasks[0][1..];
            let new = one.subtasks[0][1..].iter();
            let mut same = new.filter(|case| of_other.iter().any(|o| o.inputs == case.inputs));
            assert_eq!(same.next(), None, "a variant that somebody can draw");
        }
    }

    // Nobody is told by a log, a page, or the file itself.
    let keys = fs::read_dir(server.data().join("secrets/seals"))?;
    assert_eq!(keys.count(), 3);
    let log = server.log();
    for pack in [&function, &hand, &again] {
        let seed = seed(pack)?.to_string();
        let place = format!("/coach/problems/{}", pack.slug);
        let version = format!("{place}/versions/{}", pack.hash);
        let proof = coach.page(&version).await?;
        for (what, text) in [("log", &log), ("page", &page), ("proof", &proof)] {
            assert!(!text.contains(&seed), "the seed is in the {what}");
        }
        let download = format!("{version}/download");
        assert_eq!(coach.get(&download).await?.status(), StatusCode::OK);
        let refused = student.get(&download).await?;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let refused = student.get(&version).await?;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let tried = format!("/problems/{}?version={}", pack.slug, pack.hash);
        assert_eq!(student.get(&tried).await?.status(), StatusCode::NOT_FOUND);
    }
    Ok(())
}
