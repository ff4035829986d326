//! Seeing where it goes wrong: hints, the step that a hand computation leaves the
//! right way at, the counterexample of a program, and the line it stopped in.

use crate::look::look_at_open;
use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, Setup, is_there, with_browser};
use gradien_tests::server::Server;

const BACKPROP: &str = "ch3-backprop-hand";

#[tokio::test]
async fn hints_steps_counterexamples_and_lines_are_seen() -> Result<()> {
    if !is_there() {
        return with_browser("", Setup::default(), async |browser| (browser, Ok(()))).await;
    }
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = see_everything(&browser).await;
        (browser, result)
    })
    .await
}

async fn see_everything(browser: &Browser) -> Result<()> {
    let mut faults = Vec::new();
    let page = format!("/problems/{BACKPROP}");
    sign_up(browser, "siti", &page).await?;

    // What was typed survives the opening of a hint.
    browser.fill("input[name=\"z1.0\"]", "0,25").await?;
    for number in ["1", "2"] {
        let button = format!("button[name=hint][value=\"{number}\"]");
        browser.click(&button).await?;
        browser.find(&format!("#hint-{number}")).await?;
    }
    let kept = browser.find("input[name=\"z1.0\"]").await?;
    ensure!(kept.prop("value").await?.as_deref() == Some("0,25"));
    let hints = browser.text(".hints").await?;
    ensure!(hints.contains("biaya 10 poin"), "{hints}");
    ensure!(!hints.contains("yang lama"), "the third is shut: {hints}");
    look_at_open(browser, "hints", &mut faults).await?;

    browser.look_like(1280, 800, false).await?;
    mark(browser).await?;
    for (name, text) in cells(BACKPROP, "wrong_answer/slip_in_delta.toml") {
        let css = format!("input[name=\"{name}\"]");
        browser.fill(&css, &text).await?;
    }
    submit(browser).await?;
    see_live(browser, "WA").await?;
    let steps = browser.text("[data-live] section.steps").await?;
    ensure!(
        steps.contains("Langkah pertama yang salah adalah δ⁽²⁾"),
        "{steps}"
    );
    ensure!(steps.contains("∂L/∂a⁽²⁾"), "{steps}");
    ensure!(!steps.contains("∂L/∂a⁽¹⁾"), "beyond the mistake: {steps}");
    look_at_submission(browser, "seeing-steps", &mut faults).await?;

    browser.open(&format!("/problems/{GRU}")).await?;
    mark(browser).await?;
    write_program(browser, &source("wrong_answer/reset_as_in_pytorch.py")).await?;
    submit(browser).await?;
    see_live(browser, "WA").await?;
    let worst = browser.text("[data-live] td.worst mark").await?;
    ensure!(!worst.is_empty(), "no element is marked");
    browser
        .click("[data-live] details.case-steps summary")
        .await?;
    let steps = browser.text("[data-live] details.case-steps").await?;
    ensure!(steps.contains("h̃, kandidat"), "{steps}");
    look_at_submission(browser, "seeing-counterexample", &mut faults).await?;

    for (path, code) in [
        ("compile_error/colon_missing.py", "CE"),
        ("run_time_error/shapes_mixed_up.py", "RTE"),
    ] {
        browser.open(&format!("/problems/{GRU}")).await?;
        mark(browser).await?;
        write_program(browser, &source(path)).await?;
        submit(browser).await?;
        see_live(browser, code).await?;
        look_at_submission(browser, &format!("seeing-line-{code}"), &mut faults).await?;
        let line = browser.text(".source .line.marked").await?;
        ensure!(line.contains("kesalahannya di sini"), "{line}");
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

async fn submit(browser: &Browser) -> Result<()> {
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await
}

/// The page of the newest submission, with everything unfolded.
async fn look_at_submission(browser: &Browser, name: &str, faults: &mut Vec<String>) -> Result<()> {
    let row = browser
        .find("[data-submissions] tr[data-submission]")
        .await?;
    let id = row.attr("data-submission").await?.unwrap_or_default();
    browser.open(&format!("/submissions/{id}")).await?;
    browser
        .script(
            "for (const one of document.querySelectorAll('details')) one.open = true;",
            vec![],
        )
        .await?;
    look_at_open(browser, name, faults).await?;
    browser.look_like(1280, 800, false).await
}
