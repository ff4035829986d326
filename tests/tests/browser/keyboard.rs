//! Without a mouse.

use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, Setup, with_browser};
use gradien_tests::server::Server;
use gradien_tests::student::PASSWORD;
use serde_json::json;
use thirtyfour::prelude::*;

#[tokio::test]
async fn the_keyboard_alone_is_enough() -> Result<()> {
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = by_keyboard(&browser).await;
        (browser, result)
    })
    .await
}

/// Presses Tab until the element with the focus matches; a trap would never let
/// it come.
async fn tab_to(browser: &Browser, css: &str) -> Result<()> {
    for _ in 0..150 {
        browser.press(Key::Tab).await?;
        let there = browser
            .script(
                "return document.activeElement.matches(arguments[0]);",
                vec![json!(css)],
            )
            .await?;
        if there == true {
            return Ok(());
        }
        let in_editor = browser
            .script(
                "return document.activeElement.matches('.cm-content');",
                vec![],
            )
            .await?;
        if in_editor == true {
            browser.press(Key::Escape).await?;
        }
    }
    anyhow::bail!("150 presses of Tab do not lead to {css}")
}

async fn by_keyboard(browser: &Browser) -> Result<()> {
    browser.open("/").await?;
    browser.press(Key::Tab).await?;
    let first = browser
        .script("return document.activeElement.className;", vec![])
        .await?;
    ensure!(
        first == "skip",
        "the first stop is {first}, not the skip link"
    );
    tab_to(browser, "a.sign-in").await?;
    browser.press(Key::Enter).await?;
    browser.find("#username").await?;
    tab_to(browser, "main a[href^=\"/sign-up\"]").await?;
    browser.press(Key::Enter).await?;
    browser.find("#display_name").await?;
    for (field, text) in [
        ("#username", "budi"),
        ("#display_name", "Budi"),
        ("#password", PASSWORD),
    ] {
        tab_to(browser, field).await?;
        browser.type_keys(text).await?;
    }
    browser.press(Key::Enter).await?;
    browser.wait_for_path("/").await?;

    tab_to(browser, &format!("a[href=\"/problems/{FEEDFORWARD}\"]")).await?;
    browser.press(Key::Enter).await?;
    browser.find("form[data-submit]").await?;
    mark(browser).await?;
    for (name, text) in cells(FEEDFORWARD, "accepted/exact.toml") {
        tab_to(browser, &format!("input[name=\"{name}\"]")).await?;
        browser.type_keys(&text).await?;
    }
    // In the last cell of a form that is full, Enter sends it.
    browser.press(Key::Enter).await?;
    see_live(browser, "AC").await?;

    // Into the editor, and out of it again to the button.
    browser.open(&format!("/problems/{GRU}")).await?;
    browser.find(".cm-content").await?;
    mark(browser).await?;
    tab_to(browser, ".editor:not(.small) .cm-content").await?;
    browser.press_control("a").await?;
    browser.type_keys("def gru_cell(*a):\nreturn a[1]").await?;
    let field = browser
        .driver
        .find(By::Css("textarea[name=source]"))
        .await?;
    let kept = field.prop("value").await?.unwrap_or_default();
    ensure!(
        kept == "def gru_cell(*a):\n    return a[1]",
        "the editor indents and closes brackets: {kept:?}"
    );
    browser.press(Key::Escape).await?;
    tab_to(browser, "form[data-submit] .actions button[type=submit]").await?;
    browser.press(Key::Enter).await?;
    see_live(browser, "WA").await?;
    no_errors(browser).await
}
