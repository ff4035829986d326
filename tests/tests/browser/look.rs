//! Every page: accessible, no wider than the screen, and in pictures.

use crate::model::{SPIRAL, upload};
use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, JUDGED_WITHIN, Setup, is_there, screenshots, with_browser};
use gradien_tests::server::Server;
use gradien_tests::student::PASSWORD;
use thirtyfour::prelude::*;

/// Every page in both languages: axe-core finds nothing, nothing sticks out on a
/// phone, and pictures of all of it lie in `target/screenshots`.
#[tokio::test]
async fn every_page_is_accessible_and_fits_every_screen() -> Result<()> {
    if !is_there() {
        return with_browser("", Setup::default(), async |browser| (browser, Ok(()))).await;
    }
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = look_at_every_page(&browser, &server).await;
        (browser, result)
    })
    .await
}

async fn look_at_every_page(browser: &Browser, server: &Server) -> Result<()> {
    let mut faults = Vec::new();
    for (name, path) in [
        ("home-signed-out", "/"),
        ("sign-in", "/sign-in"),
        ("sign-up", "/sign-up"),
        ("problem-signed-out", "/problems/ch5-gru-cell"),
        ("not-found", "/problems/no-such-problem"),
    ] {
        look_at(browser, name, path, &mut faults).await?;
    }
    sign_up(browser, "siti", &format!("/problems/{FEEDFORWARD}")).await?;
    let mut pages = vec![
        ("home".to_owned(), "/".to_owned()),
        ("settings".into(), "/settings".into()),
    ];
    for (slug, path) in [
        (FEEDFORWARD, "wrong_answer/junk.toml"),
        (CONVOLUTION, "accepted/whole_map.toml"),
    ] {
        browser.open(&format!("/problems/{slug}")).await?;
        for (name, text) in cells(slug, path) {
            // What no keyboard can type.
            let text: String = text.chars().filter(|c| !c.is_control()).collect();
            browser
                .fill(&format!("input[name=\"{name}\"]"), &text)
                .await?;
        }
        submit_and_note(browser, slug, slug, &mut pages).await?;
        pages.push((format!("problem-{slug}"), format!("/problems/{slug}")));
    }
    for (name, path) in [
        ("gru-accepted", "accepted/last_axis.py"),
        ("gru-wrong", "wrong_answer/reset_as_in_pytorch.py"),
        ("gru-error", "run_time_error/only_vectors.py"),
        ("gru-syntax", "compile_error/colon_missing.py"),
    ] {
        browser.open(&format!("/problems/{GRU}")).await?;
        write_program(browser, &source(path)).await?;
        submit_and_note(browser, GRU, name, &mut pages).await?;
    }
    pages.push((format!("problem-{GRU}"), format!("/problems/{GRU}")));
    for (name, path) in [
        ("spiral-shapes", "compile_error/transposed.safetensors"),
        ("spiral-flaw", "wrong_answer/unnormalised.safetensors"),
    ] {
        upload(browser, SPIRAL, path).await?;
        let path = browser.wait("the submission", JUDGED_WITHIN, async || {
            let path = browser.path().await?;
            Ok(path.starts_with("/submissions/").then_some(path))
        });
        pages.push((name.into(), path.await?));
    }
    pages.push((format!("problem-{SPIRAL}"), format!("/problems/{SPIRAL}")));
    pages.push(("submissions".into(), "/submissions".into()));
    for (name, path) in &pages {
        look_at(browser, name, path, &mut faults).await?;
    }

    // A verdict and a run as they stand beside the editor.
    browser.open(&format!("/problems/{GRU}?lang=id")).await?;
    write_program(browser, &source("accepted/with_prints.py")).await?;
    browser.click("[data-run-button]").await?;
    browser.find("[data-run-output] .run-result").await?;
    mark(browser).await?;
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    see_live(browser, "AC").await?;
    look_at_open(browser, "problem-live-id", &mut faults).await?;

    // Where a coach sees how she fared.
    browser.driver.delete_all_cookies().await?;
    sign_up(browser, "ani", "/").await?;
    server.set_role("ani", "coach")?;
    browser.driver.delete_all_cookies().await?;
    browser.open("/sign-in?next=/coach").await?;
    browser.fill("#username", "ani").await?;
    browser.fill("#password", PASSWORD).await?;
    browser.click("main form button.primary").await?;
    browser.wait_for_path("/coach").await?;
    for (name, path) in [
        ("coach", "/coach".to_owned()),
        ("coach-problem", format!("/coach/problems/{GRU}")),
        (
            "coach-insight",
            format!("/coach/problems/{FEEDFORWARD}/insight"),
        ),
        (
            "coach-insight-gru",
            format!("/coach/problems/{GRU}/insight"),
        ),
        (
            "coach-finals",
            "/coach/problems/ch3-mango-quality/finals".to_owned(),
        ),
        ("coach-class", "/coach/class".to_owned()),
    ] {
        look_at(browser, name, &path, &mut faults).await?;
    }

    ensure!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    Ok(())
}

async fn submit_and_note(
    browser: &Browser,
    slug: &str,
    name: &str,
    pages: &mut Vec<(String, String)>,
) -> Result<()> {
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    let shown = format!("the verdict on {slug}");
    browser
        .wait(&shown, JUDGED_WITHIN, async || {
            Ok(browser
                .driver
                .find(By::Css("[data-live] .report"))
                .await
                .ok())
        })
        .await?;
    let row = browser
        .find("[data-submissions] tr[data-submission]")
        .await?;
    let id = row.attr("data-submission").await?.unwrap_or_default();
    pages.push((format!("submission-{name}"), format!("/submissions/{id}")));
    Ok(())
}

pub async fn look_at(
    browser: &Browser,
    name: &str,
    path: &str,
    faults: &mut Vec<String>,
) -> Result<()> {
    for language in ["id", "en"] {
        browser.open(&format!("{path}?lang={language}")).await?;
        browser.find(&format!("html[lang={language}]")).await?;
        look_at_open(browser, &format!("{name}-{language}"), faults).await?;
        if path != "/problems/no-such-problem" {
            for error in browser.take_errors().await? {
                faults.push(format!("{name}-{language}: {error}"));
            }
        }
    }
    browser.take_errors().await?;
    Ok(())
}

pub async fn look_at_open(browser: &Browser, name: &str, faults: &mut Vec<String>) -> Result<()> {
    let before = faults.len();
    for dark in [false, true] {
        let theme = if dark { "dark" } else { "light" };
        for (width, height) in [(360, 740), (1280, 800), (1920, 1080)] {
            browser.look_like(width, height, dark).await?;
            let file = screenshots().join(format!("{name}-{width}-{theme}.png"));
            browser.screenshot(&file).await?;
            let wide = browser.find_overflow().await?;
            if !wide.is_empty() {
                faults.push(format!("{name} at {width}: sticks out: {wide:?}"));
            }
        }
        browser.look_like(1280, 800, dark).await?;
        for barrier in browser.find_barriers().await? {
            faults.push(format!("{name} ({theme}): {barrier}"));
        }
    }
    // Told at once: the test may end before its end.
    for fault in &faults[before..] {
        eprintln!("{fault}");
    }
    Ok(())
}
