//! Other numbers for the asking: the statement, the fields and the verdict go with them.

use crate::look::look_at;
use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, Setup, is_there, with_browser};
use gradien_tests::server::Server;
use std::time::Duration;
use thirtyfour::prelude::*;

const PREPARED_WITHIN: Duration = Duration::from_secs(120);

#[tokio::test]
async fn a_new_variant_has_other_numbers_and_empty_fields() -> Result<()> {
    if !is_there() {
        return with_browser("", Setup::default(), async |browser| (browser, Ok(()))).await;
    }
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = ask_for_another(&browser).await;
        (browser, result)
    })
    .await
}

async fn ask_for_another(browser: &Browser) -> Result<()> {
    let path = format!("/problems/{CONVOLUTION}");
    sign_up(browser, "siti", &path).await?;
    browser
        .wait("the variants", PREPARED_WITHIN, async || {
            browser.open(&path).await?;
            Ok(browser.driver.find(By::Css("form.variant")).await.ok())
        })
        .await?;
    ensure!(browser.text("form.variant strong").await? == "Varian 1 dari 20");
    let numbers = async || browser.text(".statement .math-display").await;
    let own = numbers().await?;
    browser.fill("input[name=\"S.0\"]", "3").await?;

    browser.click("form.variant button").await?;
    browser
        .wait("other numbers", Duration::from_secs(20), async || {
            // Between two pages what was found is gone before it is read.
            let now = numbers().await.ok();
            Ok(now.filter(|now| *now != own).map(drop))
        })
        .await?;
    let cell = browser.find("input[name=\"S.0\"]").await?;
    let kept = cell.prop("value").await?.unwrap_or_default();
    ensure!(kept.is_empty(), "{kept} was typed for other numbers");
    let shown = browser.text("form.variant strong").await?;
    ensure!(shown != "Varian 1 dari 20", "{shown}");

    // What is typed now is kept for these numbers, and judged by them.
    for (name, text) in cells(CONVOLUTION, "accepted/whole_map.toml") {
        let css = format!("input[name=\"{name}\"]");
        browser.fill(&css, &text).await?;
    }
    mark(browser).await?;
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    see_live(browser, "WA").await?;
    no_errors(browser).await?;
    let mut faults = Vec::new();
    look_at(browser, "problem-variant", &path, &mut faults).await?;
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    browser.open(&format!("{path}?lang=id")).await?;
    let cell = browser.find("input[name=\"S.0\"]").await?;
    let kept = cell.prop("value").await?.unwrap_or_default();
    ensure!(!kept.is_empty(), "what was typed for these numbers is gone");
    browser
        .click("[data-submissions] tr[data-submission] a")
        .await?;
    let facts = browser.text("dl.facts").await?;
    ensure!(
        facts.contains(&shown) && facts.contains("I = [["),
        "{facts}"
    );
    Ok(())
}
