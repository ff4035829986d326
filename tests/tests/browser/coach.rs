//! A coach sends a broken pack and reads what is wrong, sends the mended folder,
//! publishes it, and a student solves it; then everything is judged anew.

use crate::look::look_at_open;
use crate::steps::*;
use anyhow::{Context, Result, ensure};
use gradien_tests::browser::{Browser, JUDGED_WITHIN, Setup, is_there, with_browser};
use gradien_tests::server::Server;
use gradien_tests::student::PASSWORD;
use gradien_tests::{binaries, packs};
use std::fs;
use std::path::Path;
use std::process::Command;

const NEW: &str = "ch5-konvolusi-baru";

#[tokio::test]
async fn a_coach_mends_a_pack_and_a_student_solves_it() -> Result<()> {
    if !is_there() {
        return with_browser("", Setup::default(), async |browser| (browser, Ok(()))).await;
    }
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = go(&browser, &server).await;
        (browser, result)
    })
    .await
}

async fn go(browser: &Browser, server: &Server) -> Result<()> {
    let mut faults = Vec::new();
    let copy = tempfile::tempdir()?;
    let title = ("Konvolusi dengan tangan", "Konvolusi, soal baru");
    let folder = packs::changed_copy(copy.path(), CONVOLUTION, NEW, title);
    sign_up(browser, "ani", "/").await?;
    server.set_role("ani", "coach")?;
    sign_in(browser, "ani", "/coach/upload").await?;
    look_at_open(browser, "upload-id", &mut faults).await?;
    browser.open("/coach/upload?lang=en").await?;
    look_at_open(browser, "upload-en", &mut faults).await?;
    browser.open("/coach/upload").await?;

    // The example has one slip and gets 88.88 points, whatever this says.
    let expected = folder.join("submissions/expected.toml");
    let right = fs::read_to_string(&expected)?;
    ensure!(right.contains("score = 88.88"));
    fs::write(&expected, right.replace("score = 88.88", "score = 77.77"))?;
    let zip = exported(&folder)?;
    browser.find("#file").await?.send_keys(&zip).await?;
    browser.click("form.pack-upload button.primary").await?;
    wait_for_end(browser, "unproved").await?;
    let findings = browser.text("ul.findings").await?;
    for part in ["one_slip.toml", "77.77", "88.88", "harus mendapat"] {
        ensure!(findings.contains(part), "no “{part}” in {findings}");
    }
    look_at_open(browser, "upload-unproved-id", &mut faults).await?;
    let place = browser.path().await?;
    browser.open(&format!("{place}?lang=en")).await?;
    look_at_open(browser, "upload-unproved-en", &mut faults).await?;
    browser.open(&place).await?;
    no_errors(browser).await?;

    fs::write(&expected, right)?;
    browser.open("/coach/upload").await?;
    drop_folder(browser, &folder).await?;
    browser.click("form.pack-upload button.primary").await?;
    wait_for_end(browser, "installed").await?;
    look_at_open(browser, "upload-installed-id", &mut faults).await?;
    no_errors(browser).await?;
    browser.click(".upload-state button[name=version]").await?;
    let own = format!("/coach/problems/{NEW}");
    browser.wait_for_path(&own).await?;

    browser.driver.delete_all_cookies().await?;
    let problem = format!("/problems/{NEW}");
    sign_up(browser, "siti", &problem).await?;
    for (name, text) in cells(CONVOLUTION, "accepted/whole_map.toml") {
        browser
            .fill(&format!("input[name=\"{name}\"]"), &text)
            .await?;
    }
    mark(browser).await?;
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    see_live(browser, "AC").await?;

    sign_in(browser, "ani", &own).await?;
    look_at_open(browser, "coach-problem-rejudge-id", &mut faults).await?;
    browser.click("button[name=scope][value=all]").await?;
    browser
        .find("[data-live=\"\"] form[action$=\"/apply\"] button.primary")
        .await?;
    look_at_open(browser, "rejudge-id", &mut faults).await?;
    let place = browser.path().await?;
    browser.open(&format!("{place}?lang=en")).await?;
    look_at_open(browser, "rejudge-en", &mut faults).await?;
    browser
        .click("form[action$=\"/apply\"] button.primary")
        .await?;
    browser.find(".status.applied").await?;
    no_errors(browser).await?;
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

async fn sign_in(browser: &Browser, username: &str, next: &str) -> Result<()> {
    browser.driver.delete_all_cookies().await?;
    browser.open(&format!("/sign-in?next={next}")).await?;
    browser.fill("#username", username).await?;
    browser.fill("#password", PASSWORD).await?;
    browser.click("main form button.primary").await?;
    browser.wait_for_path(next).await
}

fn exported(folder: &Path) -> Result<String> {
    let file = folder.with_extension("zip");
    let done = Command::new(binaries::path("gradien-grader"))
        .args(["pack", "export"])
        .arg(folder)
        .arg("-o")
        .arg(&file)
        .status()?;
    ensure!(done.success(), "no export");
    Ok(file.to_str().context("a path that is no text")?.to_owned())
}

/// The live region shows this end.
async fn wait_for_end(browser: &Browser, state: &str) -> Result<()> {
    let shown = format!("document.querySelector('.upload-state.{state}') !== null");
    browser
        .wait(&format!("the end {state}"), JUDGED_WITHIN, async || {
            let there = browser.script(&format!("return {shown};"), vec![]).await?;
            Ok((there == true).then_some(()))
        })
        .await
}

/// Drops the folder on the form, which makes an archive of it.
async fn drop_folder(browser: &Browser, folder: &Path) -> Result<()> {
    browser.drop_file("[data-drop]", folder).await?;
    let said = format!("{NEW}.zip");
    browser
        .wait("the file's name", JUDGED_WITHIN, async || {
            let text = browser.text("[data-said]").await?;
            Ok(text.contains(&said).then_some(()))
        })
        .await
}
