//! Files that are handed in: a wrong one, whose faults are all shown, then a right
//! one, for predictions and for a notebook.

use crate::look::look_at_open;
use crate::steps::*;
use anyhow::{Result, ensure};
use gradien_tests::browser::{Browser, Setup, with_browser};
use gradien_tests::packs;
use gradien_tests::server::Server;

const PREDICTIONS: &str = "ch3-mango-quality";
const NOTEBOOK: &str = "ch1-perceptron-notebook";

#[tokio::test]
async fn wrong_files_are_explained_and_right_ones_accepted() -> Result<()> {
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = hand_in_files(&browser).await;
        (browser, result)
    })
    .await
}

async fn hand_in_files(browser: &Browser) -> Result<()> {
    let mut faults = Vec::new();
    let page = format!("/problems/{PREDICTIONS}");
    sign_up(browser, "siti", &page).await?;
    look_at_open(browser, "prediction-problem", &mut faults).await?;

    let shown = hand_in(
        browser,
        PREDICTIONS,
        "compile_error/several_mistakes.csv",
        "CE",
    )
    .await?;
    for part in [
        "several_mistakes.csv",
        "Baris 5, kolom “label”: “ya”",
        "1 id tidak memiliki baris",
        "“m9999”",
        "1 id memiliki lebih dari satu baris",
        "tidak dihitung",
    ] {
        ensure!(shown.contains(part), "no “{part}” in {shown}");
    }
    look_at_open(browser, "prediction-faults", &mut faults).await?;

    let shown = hand_in(browser, PREDICTIONS, "wrong_answer/rows_shuffled.csv", "WA").await?;
    ensure!(shown.contains("tidak dengan id-nya"), "{shown}");
    let shown = hand_in(
        browser,
        PREDICTIONS,
        "wrong_answer/two_hidden_neurons.csv",
        "WA",
    )
    .await?;
    ensure!(shown.contains("61,16"), "{shown}");
    let partial = browser.path().await?;

    let shown = hand_in(
        browser,
        PREDICTIONS,
        "accepted/mlp_from_spreadsheet.csv",
        "AC",
    )
    .await?;
    for part in ["f1_macro", "0,889", "Bagian", "bagian B disimpan", "100"] {
        ensure!(shown.contains(part), "no “{part}” in {shown}");
    }
    // Of part B nothing.
    ensure!(!shown.contains("0,928"), "{shown}");
    look_at_open(browser, "prediction-accepted", &mut faults).await?;

    // The best is the final one, until another is chosen.
    let best = browser.path().await?;
    browser.open(&best).await?;
    let choice = browser.text(".final-choice").await?;
    ensure!(choice.contains("terbaik pada bagian A"), "{choice}");
    browser.open(&partial).await?;
    browser.click(".final-choice button").await?;
    browser
        .wait("the choice to be kept", APPEARS, async || {
            let choice = browser.text(".final-choice").await.unwrap_or_default();
            Ok(choice.contains("Ini kiriman akhirmu").then_some(()))
        })
        .await?;
    browser.open(&best).await?;
    let choice = browser.text(".final-choice").await?;
    ensure!(choice.contains("memilih kiriman lain"), "{choice}");
    no_errors(browser).await?;

    // A notebook.
    browser.open(&format!("/problems/{NOTEBOOK}")).await?;
    look_at_open(browser, "notebook-problem", &mut faults).await?;
    let shown = hand_in(browser, NOTEBOOK, "compile_error/magics.ipynb", "CE").await?;
    for part in [
        "Sel 2, baris 1: “%matplotlib inline”",
        "Sel 2, baris 2: “!pip install numpy”",
    ] {
        ensure!(shown.contains(part), "no “{part}” in {shown}");
    }
    look_at_open(browser, "notebook-faults", &mut faults).await?;
    let shown = hand_in(
        browser,
        NOTEBOOK,
        "wrong_answer/bias_not_trained.ipynb",
        "WA",
    )
    .await?;
    ensure!(shown.contains("Biasmu tetap 0"), "{shown}");
    look_at_open(browser, "notebook-wrong", &mut faults).await?;
    let shown = hand_in(
        browser,
        NOTEBOOK,
        "run_time_error/variable_missing.ipynb",
        "RTE",
    )
    .await?;
    ensure!(
        shown.contains("tidak meninggalkan variabel predictions"),
        "{shown}"
    );
    hand_in(browser, NOTEBOOK, "accepted/from_colab.ipynb", "AC").await?;
    // Its program stands on the page that is made after the verdict.
    let judged = browser.path().await?;
    browser.open(&judged).await?;
    let program = browser.text(".source").await?;
    ensure!(program.contains("# In [3]"), "{program}");
    no_errors(browser).await?;
    ensure!(faults.is_empty(), "{faults:#?}");
    Ok(())
}

const APPEARS: std::time::Duration = gradien_tests::browser::APPEARS_WITHIN;

/// Chooses the example's file, sends it, and gives the text of the report.
async fn hand_in(browser: &Browser, slug: &str, path: &str, code: &str) -> Result<String> {
    browser.open(&format!("/problems/{slug}")).await?;
    let file = packs::folder().join(slug).join("submissions").join(path);
    let input = browser.find("input[type=file]").await?;
    input.send_keys(file.display().to_string()).await?;
    browser.click("#work button[type=submit]").await?;
    see_on_submission_page(browser, code).await?;
    browser.text(".report").await
}
