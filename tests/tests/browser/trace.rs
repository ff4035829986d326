//! Choices and a table of steps: pasted, chosen, kept as a draft, and told only as
//! far as they may be.

use crate::look::look_at_open;
use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, Setup, is_there, with_browser};
use gradien_tests::packs;
use gradien_tests::server::Server;
use gradien_tests::student::form_fields;

const TRACE: &str = "ch1-perceptron-trace";
const WEIGHTS: &str = "ch1-perceptron-weights";

#[tokio::test]
async fn a_trace_is_pasted_and_choices_are_told_at_the_end() -> Result<()> {
    if !is_there() {
        return with_browser("", Setup::default(), async |browser| (browser, Ok(()))).await;
    }
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = solve(&browser).await;
        (browser, result)
    })
    .await
}

async fn solve(browser: &Browser) -> Result<()> {
    sign_up(browser, "siti", &format!("/problems/{TRACE}")).await?;
    browser.open(&format!("/problems/{TRACE}")).await?;
    mark(browser).await?;
    fill(browser, "wrong_answer/xor_too.toml").await?;
    send(browser).await?;
    see_live(browser, "WA").await?;
    let told = browser.text("[data-live]").await?;
    ensure!(told.contains("diberitahukan nanti"), "{told}");
    ensure!(told.contains("70 / 100"), "{told}");

    // A draft brings back what was chosen.
    browser.open(&format!("/problems/{TRACE}")).await?;
    mark(browser).await?;
    ensure!(chosen(browser).await? == ["two", "and", "or", "xor", "nand", "xnor"]);
    fill(browser, "accepted/decimal_comma.toml").await?;
    ensure!(chosen(browser).await? == ["two", "and", "or", "nand"]);
    send(browser).await?;
    see_live(browser, "AC").await?;
    let told = browser.text("[data-live]").await?;
    ensure!(!told.contains("diberitahukan nanti"), "{told}");
    no_errors(browser).await?;

    let mut faults = Vec::new();
    browser.open(&format!("/problems/{TRACE}")).await?;
    look_at_open(browser, "problem-trace-id", &mut faults).await?;
    mark(browser).await?;
    fill(browser, "wrong_answer/slip_in_step_4.toml").await?;
    send(browser).await?;
    see_live(browser, "WA").await?;
    let row = browser
        .find("[data-submissions] tr[data-submission]")
        .await?;
    let id = row.attr("data-submission").await?.unwrap_or_default();
    browser.open(&format!("/submissions/{id}")).await?;
    look_at_open(browser, "submission-trace-id", &mut faults).await?;
    browser
        .open(&format!("/problems/{WEIGHTS}?lang=en"))
        .await?;
    look_at_open(browser, "problem-weights-en", &mut faults).await?;
    ensure!(faults.is_empty(), "{faults:#?}");
    Ok(())
}

async fn send(browser: &Browser) -> Result<()> {
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await
}

/// Pastes the trace as a spreadsheet gives it, types the number, clicks the choices.
async fn fill(browser: &Browser, path: &str) -> Result<()> {
    let submission = example(&packs::load(TRACE), path);
    let cells = form_fields(&submission);
    let of = |field: &str| {
        let prefix = format!("{field}.");
        let mut found: Vec<(usize, &str)> = cells
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(&prefix)?.parse().ok()?, &**text)))
            .collect();
        found.sort_by_key(|(index, _)| *index);
        found.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
    };
    let rows: Vec<String> = of("steps").chunks(5).map(|row| row.join("\t")).collect();
    browser.click("input[name=\"steps.0\"]").await?;
    browser.paste(&rows.join("\n")).await?;
    browser
        .fill("input[name=\"updates.0\"]", &of("updates").concat())
        .await?;
    let right = of("right").concat();
    browser
        .click(&format!("input[name=\"right.0\"][value=\"{right}\"]"))
        .await?;
    let separable = of("separable");
    for name in ["and", "or", "xor", "nand", "xnor"] {
        let wanted = separable.contains(&name);
        let box_of = format!("fieldset[data-options=separable] input[value=\"{name}\"]");
        let is = browser.find(&box_of).await?.is_selected().await?;
        if is != wanted {
            browser.click(&box_of).await?;
        }
    }
    Ok(())
}

async fn chosen(browser: &Browser) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('fieldset[data-options] input:checked')]\
                  .map((box) => box.value);";
    let values = browser.script(script, vec![]).await?;
    Ok(serde_json::from_value(values)?)
}
