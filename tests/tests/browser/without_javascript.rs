//! Plain forms.

use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, Setup, with_browser};
use gradien_tests::server::Server;
use thirtyfour::prelude::*;

#[tokio::test]
async fn javascript_is_not_needed_to_submit() -> Result<()> {
    let server = Server::start().await?;
    let setup = Setup { javascript: false };
    with_browser(&server.url(), setup, async |browser| {
        let result = without_javascript(&browser).await;
        (browser, result)
    })
    .await
}

async fn without_javascript(browser: &Browser) -> Result<()> {
    sign_up(browser, "dewi", &format!("/problems/{FEEDFORWARD}")).await?;
    for (name, text) in cells(FEEDFORWARD, "wrong_answer/output_not_activated.toml") {
        browser
            .fill(&format!("input[name=\"{name}\"]"), &text)
            .await?;
    }
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    see_on_submission_page(browser, "WA").await?;

    browser.open(&format!("/problems/{GRU}")).await?;
    ensure!(browser.driver.find(By::Css(".cm-content")).await.is_err());
    let program = source("accepted/split_weights.py");
    browser.fill("textarea[name=source]", &program).await?;
    // Run works as well: the page comes back with the result and the program.
    browser.click("[data-run-button]").await?;
    browser.find("[data-run-output] .run-result").await?;
    let kept = browser.find("textarea[name=source]").await?;
    let kept = kept.prop("value").await?.unwrap_or_default();
    ensure!(kept.trim_end() == program.trim_end(), "{kept}");
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    see_on_submission_page(browser, "AC").await
}
