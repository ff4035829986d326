//! Gradien as people meet it: in Chromium, with mouse, keyboard and clipboard,
//! with and without JavaScript, on a phone and on a projector.

use anyhow::{Result, ensure};
use gradien_problems::pack::{Kind, Pack};
use gradien_problems::protocol::Submission;
use gradien_tests::browser::{Browser, JUDGED_WITHIN, Setup, is_there, screenshots, with_browser};
use gradien_tests::packs;
use gradien_tests::server::Server;
use gradien_tests::student::PASSWORD;
use serde_json::json;
use std::time::Duration;
use thirtyfour::prelude::*;

const FEEDFORWARD: &str = "ch3-feedforward-hand";
const CONVOLUTION: &str = "ch5-convolution-hand";
const GRU: &str = "ch5-gru-cell";

fn example(pack: &Pack, path: &str) -> Submission {
    let found = pack.submissions.iter().find(|one| one.path == path);
    let found = found.unwrap_or_else(|| panic!("{}: no example {path}", pack.slug));
    found.submission.clone()
}

/// Name and text of every cell, in the order of the page.
fn cells(slug: &str, path: &str) -> Vec<(String, String)> {
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

fn source(path: &str) -> String {
    match example(&packs::load(GRU), path) {
        Submission::Function { source } => source,
        _ => panic!("{path} is no program"),
    }
}

async fn sign_up(browser: &Browser, username: &str, next: &str) -> Result<()> {
    browser.open(&format!("/sign-up?next={next}")).await?;
    browser.fill("#username", username).await?;
    browser.fill("#display_name", "Siti Rahma").await?;
    browser.fill("#password", PASSWORD).await?;
    browser.click("main form button.primary").await?;
    browser.wait_for_path(next).await
}

/// Marks the page that is open; a reload or another page would lose the mark.
async fn mark(browser: &Browser) -> Result<()> {
    browser
        .script("window.isStillTheSame = true;", vec![])
        .await?;
    Ok(())
}

/// Waits until the live region shows this verdict, without the page having been
/// loaded anew since [`mark`].
async fn see_live(browser: &Browser, code: &str) -> Result<()> {
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
async fn write_program(browser: &Browser, source: &str) -> Result<()> {
    browser.click(".editor:not(.small) .cm-content").await?;
    browser
        .driver
        .action_chain()
        .key_down(Key::Control)
        .send_keys("a")
        .key_up(Key::Control)
        .perform()
        .await?;
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

async fn no_errors(browser: &Browser) -> Result<()> {
    let errors = browser.take_errors().await?;
    ensure!(errors.is_empty(), "the browser complains: {errors:#?}");
    Ok(())
}

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
    browser
        .driver
        .action_chain()
        .key_down(Key::Control)
        .send_keys("a")
        .key_up(Key::Control)
        .perform()
        .await?;
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

/// The page refreshes itself until the verdict is there.
async fn see_on_submission_page(browser: &Browser, code: &str) -> Result<()> {
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

/// Every page in both languages: axe-core finds nothing, nothing sticks out on a
/// phone, and pictures of all of it lie in `target/screenshots`.
#[tokio::test]
async fn every_page_is_accessible_and_fits_every_screen() -> Result<()> {
    if !is_there() {
        return with_browser("", Setup::default(), async |browser| (browser, Ok(()))).await;
    }
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = look_at_every_page(&browser).await;
        (browser, result)
    })
    .await
}

async fn look_at_every_page(browser: &Browser) -> Result<()> {
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

async fn look_at(
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

async fn look_at_open(browser: &Browser, name: &str, faults: &mut Vec<String>) -> Result<()> {
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
