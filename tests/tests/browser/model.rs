//! Weights of a network are handed in as a file: what is wrong with it is a list,
//! what was learned is a number.

use crate::steps::*;
use anyhow::{Context, Result, ensure};
use gradien_tests::browser::{Browser, Setup, with_browser};
use gradien_tests::packs;
use gradien_tests::server::Server;
use thirtyfour::prelude::*;

pub const SPIRAL: &str = "ch3-spiral-mlp";

#[tokio::test]
async fn weights_that_do_not_fit_are_listed_and_right_ones_accepted() -> Result<()> {
    let server = Server::start().await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = hand_in(&browser).await;
        (browser, result)
    })
    .await
}

/// Chooses an example's file in the form of the problem and sends it.
pub async fn upload(browser: &Browser, slug: &str, example: &str) -> Result<()> {
    browser.open(&format!("/problems/{slug}")).await?;
    let file = packs::folder().join(slug).join("submissions").join(example);
    let file = file.to_str().context("a path that is no text")?;
    browser.find("#file").await?.send_keys(file).await?;
    browser.click("#work button.primary").await
}

async fn hand_in(browser: &Browser) -> Result<()> {
    sign_up(browser, "siti", &format!("/problems/{SPIRAL}")).await?;

    // The network that is asked for, with every tensor of it.
    let rows = browser.driver.find_all(By::Css("table.layers tbody tr"));
    ensure!(rows.await?.len() == 5);
    let network = browser.text("section.network").await?;
    for part in [
        "nn.Linear(16, 16)",
        "0.weight (16, 2)",
        "4.bias (3,)",
        "371",
    ] {
        ensure!(network.contains(part), "{part}: {network}");
    }
    let download = browser
        .find("a[download][href$=\"/data/train.csv\"]")
        .await?;
    ensure!(download.text().await? == "train.csv");

    upload(browser, SPIRAL, "compile_error/transposed.safetensors").await?;
    see_on_submission_page(browser, "CE").await?;
    let faults = browser.driver.find_all(By::Css("ul.faults li")).await?;
    let mut texts = Vec::new();
    for fault in &faults {
        texts.push(fault.text().await?);
    }
    // The square one in the middle is as large either way round.
    ensure!(texts.len() == 2, "{texts:?}");
    for (text, tensor, shape) in [
        (&texts[0], "0.weight", "(16, 2)"),
        (&texts[1], "4.weight", "(3, 16)"),
    ] {
        ensure!(text.contains(tensor) && text.contains(shape), "{text}");
        ensure!(text.contains("tertranspos"), "{text}");
    }

    upload(browser, SPIRAL, "wrong_answer/unnormalised.safetensors").await?;
    see_on_submission_page(browser, "WA").await?;
    let report = browser.text(".report").await?;
    ensure!(report.contains("sentimeter"), "{report}");
    ensure!(report.contains("24,56"), "{report}");

    upload(browser, SPIRAL, "accepted/trained.safetensors").await?;
    see_on_submission_page(browser, "AC").await?;
    let metrics = browser.text("table.metrics").await?;
    ensure!(
        metrics.contains("accuracy") && metrics.contains("1,0000"),
        "{metrics}"
    );
    // Split B is not for students in practice.
    let lines = browser.driver.find_all(By::Css("table.metrics tbody tr"));
    ensure!(lines.await?.len() == 1);
    no_errors(browser).await
}
