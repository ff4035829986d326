//! What the tests do over and over: sign up, write, wait for a verdict.

use anyhow::{Result, ensure};
use gradien_problems::pack::{Kind, Pack};
use gradien_problems::protocol::Submission;
use gradien_tests::browser::{Browser, JUDGED_WITHIN};
use gradien_tests::packs;
use gradien_tests::student::PASSWORD;
use thirtyfour::prelude::*;

pub const FEEDFORWARD: &str = "ch3-feedforward-hand";
pub const CONVOLUTION: &str = "ch5-convolution-hand";
pub const GRU: &str = "ch5-gru-cell";

pub fn example(pack: &Pack, path: &str) -> Submission {
    let found = pack.submissions.iter().find(|one| one.path == path);
    let found = found.unwrap_or_else(|| panic!("{}: no example {path}", pack.slug));
    found.submission.clone()
}

/// Name and text of every cell, in the order of the page.
pub fn cells(slug: &str, path: &str) -> Vec<(String, String)> {
    let pack = packs::load(slug);
    let mut cells = gradien_tests::student::form_fields(&example(&pack, path));
    if let Kind::Answer(answer) = &pack.kind {
        cells.sort_by_key(|(name, _)| {
            let (field, _) = name.split_once('.').unwrap_or((name, ""));
            answer
                .fields
                .iter()
                .position(|one| one.name.as_str() == field)
        });
    }
    cells
}

pub fn source(path: &str) -> String {
    match example(&packs::load(GRU), path) {
        Submission::Function { source } => source,
        _ => panic!("{path} is no program"),
    }
}

pub async fn sign_up(browser: &Browser, username: &str, next: &str) -> Result<()> {
    browser.open(&format!("/sign-up?next={next}")).await?;
    browser.fill("#username", username).await?;
    browser.fill("#display_name", "Siti Rahma").await?;
    browser.fill("#password", PASSWORD).await?;
    browser.click("main form button.primary").await?;
    browser.wait_for_path(next).await
}

/// Marks the page that is open; a reload or another page would lose the mark.
pub async fn mark(browser: &Browser) -> Result<()> {
    browser
        .script("window.isStillTheSame = true;", vec![])
        .await?;
    Ok(())
}

/// Waits until the live region shows this verdict, without the page having been
/// loaded anew since [`mark`].
pub async fn see_live(browser: &Browser, code: &str) -> Result<()> {
    let what = format!("the verdict {code} in the live region");
    browser
        .wait(&what, JUDGED_WITHIN, async || {
            let shown = browser
                .script(
                    "return document.querySelector('[data-live] .verdict abbr')?.textContent ?? '';",
                    vec![],
                )
                .await?;
            Ok((shown == code).then_some(()))
        })
        .await?;
    let same = browser
        .script("return window.isStillTheSame === true;", vec![])
        .await?;
    ensure!(same == true, "the page was loaded anew");
    Ok(())
}

/// Replaces what the code editor holds, through the clipboard.
pub async fn write_program(browser: &Browser, source: &str) -> Result<()> {
    browser.click(".editor:not(.small) .cm-content").await?;
    browser.press_control("a").await?;
    browser.paste(source).await?;
    let field = browser
        .driver
        .find(By::Css("textarea[name=source]"))
        .await?;
    let kept = field.prop("value").await?.unwrap_or_default();
    ensure!(
        kept.trim_end() == source.trim_end(),
        "the field holds {kept}"
    );
    Ok(())
}

pub async fn no_errors(browser: &Browser) -> Result<()> {
    let errors = browser.take_errors().await?;
    ensure!(errors.is_empty(), "the browser complains: {errors:#?}");
    Ok(())
}

/// The page refreshes itself until the verdict is there.
pub async fn see_on_submission_page(browser: &Browser, code: &str) -> Result<()> {
    browser
        .wait(&format!("the verdict {code}"), JUDGED_WITHIN, async || {
            if !browser.path().await?.starts_with("/submissions/") {
                return Ok(None);
            }
            let badge = browser.driver.find(By::Css(".report .verdict abbr")).await;
            let Ok(badge) = badge else { return Ok(None) };
            // Gone if the page refreshed itself in between.
            Ok(badge
                .text()
                .await
                .ok()
                .filter(|shown| shown == code)
                .map(|_| ()))
        })
        .await
}
