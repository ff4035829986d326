//! What is typed is kept.

use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, Setup, with_browser};
use gradien_tests::server::Server;
use gradien_tests::student::PASSWORD;
use std::time::Duration;

#[tokio::test]
async fn what_is_typed_survives_a_reload_and_the_end_of_the_session() -> Result<()> {
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = keep_the_draft(&browser).await;
        (browser, result)
    })
    .await
}

async fn keep_the_draft(browser: &Browser) -> Result<()> {
    let page = format!("/problems/{FEEDFORWARD}");
    sign_up(browser, "agus", &page).await?;
    browser.fill("input[name=\"z1.0\"]", "0,6125").await?;
    // Saved after a pause in typing; then it survives a reload.
    tokio::time::sleep(Duration::from_secs(3)).await;
    browser.driver.refresh().await?;
    let value = async |name: &str| -> Result<String> {
        let cell = browser.find(&format!("input[name=\"{name}\"]")).await?;
        Ok(cell.prop("value").await?.unwrap_or_default())
    };
    let kept = value("z1.0").await?;
    ensure!(kept == "0,6125", "after the reload: {kept:?}");

    // A reload in the middle of a word, before anything could be sent.
    browser.fill("input[name=\"z1.1\"]", "0,19").await?;
    browser.driver.refresh().await?;
    browser
        .wait("what was typed last", Duration::from_secs(5), async || {
            Ok((value("z1.1").await? == "0,19").then_some(()))
        })
        .await?;

    // The session ends behind the student's back.
    browser.driver.delete_all_cookies().await?;
    browser.fill("input[name=\"z1.2\"]", "-0,06").await?;
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    browser
        .wait("the sign-in page", Duration::from_secs(15), async || {
            Ok(browser.path().await?.starts_with("/sign-in").then_some(()))
        })
        .await?;
    browser.fill("#username", "agus").await?;
    browser.fill("#password", PASSWORD).await?;
    browser.click("main form button.primary").await?;
    browser
        .wait("the problem again", Duration::from_secs(15), async || {
            Ok(browser.path().await?.starts_with(&page).then_some(()))
        })
        .await?;
    browser
        .wait("everything typed", Duration::from_secs(5), async || {
            let all = [
                value("z1.0").await?,
                value("z1.1").await?,
                value("z1.2").await?,
            ];
            Ok((all == ["0,6125", "0,19", "-0,06"]).then_some(()))
        })
        .await?;
    mark(browser).await?;
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    see_live(browser, "WA").await
}
