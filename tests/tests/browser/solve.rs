//! A new student solves packs and sees the verdicts arrive.

use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, JUDGED_WITHIN, Setup, with_browser};
use gradien_tests::server::Server;
use gradien_tests::student::PASSWORD;
use thirtyfour::prelude::*;

#[tokio::test]
async fn a_new_student_solves_all_three_and_sees_it_live() -> Result<()> {
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = solve_everything(&browser).await;
        (browser, result)
    })
    .await
}

async fn solve_everything(browser: &Browser) -> Result<()> {
    browser.open("/").await?;
    browser.click("a.sign-in").await?;
    browser.click("main a[href^=\"/sign-up\"]").await?;
    browser.fill("#username", "siti").await?;
    browser.fill("#display_name", "Siti Rahma").await?;
    browser.fill("#password", PASSWORD).await?;
    browser.click("main form button.primary").await?;
    browser.wait_for_path("/").await?;
    no_errors(browser).await?;

    // By hand: typed cell by cell, first wrong, then right.
    browser
        .click(&format!("a[href=\"/problems/{FEEDFORWARD}\"]"))
        .await?;
    browser.find("form[data-submit]").await?;
    mark(browser).await?;
    for (path, code) in [
        ("wrong_answer/tanh_for_sigmoid.toml", "WA"),
        ("accepted/decimal_comma.toml", "AC"),
    ] {
        for (name, text) in cells(FEEDFORWARD, path) {
            browser
                .fill(&format!("input[name=\"{name}\"]"), &text)
                .await?;
        }
        browser
            .click("form[data-submit] button[type=submit]")
            .await?;
        see_live(browser, code).await?;
    }
    let rows = browser
        .driver
        .find_all(By::Css("[data-submissions] tr"))
        .await?;
    ensure!(rows.len() == 2, "{} rows of own submissions", rows.len());
    no_errors(browser).await?;

    // A grid: pasted from a spreadsheet, tabs and lines, decimal commas and all.
    browser.open(&format!("/problems/{CONVOLUTION}")).await?;
    mark(browser).await?;
    for (table, code) in [
        ("-3\t1\t6\n0\t2\t7\n4\t0\t-1\n", "WA"),
        ("3\t-1\t-6\r\n0\t-2,0\t-7\r\n-4\t0\t1", "AC"),
    ] {
        browser
            .click("table[data-grid=S] input[data-row=\"0\"][data-col=\"0\"]")
            .await?;
        browser.paste(table).await?;
        let last = browser.find("input[name=\"S.8\"]").await?;
        let last = last.prop("value").await?.unwrap_or_default();
        ensure!(
            last == if code == "AC" { "1" } else { "-1" },
            "the last cell is {last}"
        );
        browser
            .click("form[data-submit] button[type=submit]")
            .await?;
        see_live(browser, code).await?;
    }
    no_errors(browser).await?;

    // A program, in English this time.
    browser.open("/").await?;
    browser.click("form.language button").await?;
    browser.find("html[lang=en]").await?;
    browser.open(&format!("/problems/{GRU}")).await?;
    mark(browser).await?;
    for (path, code) in [
        ("wrong_answer/reset_as_in_pytorch.py", "WA"),
        ("compile_error/colon_missing.py", "CE"),
        ("run_time_error/open_passwd.py", "RTE"),
    ] {
        write_program(browser, &source(path)).await?;
        browser
            .click("form[data-submit] .actions button[type=submit]")
            .await?;
        see_live(browser, code).await?;
    }
    write_program(browser, &source("accepted/with_prints.py")).await?;
    browser.click("[data-run-button]").await?;
    browser
        .wait("the result of the run", JUDGED_WITHIN, async || {
            let shown = browser.text("[data-run-output]").await?;
            Ok(shown.contains("x (2,) h (3,)").then_some(()))
        })
        .await?;
    let rows = browser
        .driver
        .find_all(By::Css("[data-submissions] tr"))
        .await?;
    ensure!(rows.len() == 3, "a run is no submission");
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    see_live(browser, "AC").await?;
    ensure!(browser.text("[data-live]").await?.contains("Accepted"));
    no_errors(browser).await?;

    // And the home page knows.
    browser.open("/").await?;
    let progress = browser.text(".progress-total").await?;
    ensure!(progress.contains("300"), "{progress}");
    Ok(())
}
