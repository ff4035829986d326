//! A new coach writes problems by `docs/pack-format.md` alone: makes a pack, looks at
//! its preview while changing it, proves it, and a student solves it.

use crate::look::look_at_open;
use crate::steps::*;
use anyhow::{Context, Result, ensure};
use gradien_tests::browser::{APPEARS_WITHIN, Browser, Setup, is_there, with_browser};
use gradien_tests::server::Server;
use gradien_tests::{binaries, packs};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use thirtyfour::prelude::*;

const LAYER: &str = "ch2-leaky-layer";
const NEURON: &str = "ch2-one-neuron";

/// Only what the documentation says is done here.
fn documented(words: &str) -> &str {
    let docs = fs::read_to_string(packs::repository().join("docs/pack-format.md"));
    let docs = docs.expect("the documentation is there");
    assert!(docs.contains(words), "the documentation has no {words}");
    words
}

/// A command of the documentation, run in this folder, which must succeed.
fn gradien(folder: &Path, command: &str) -> Result<String> {
    let words = command
        .strip_prefix("gradien ")
        .context("a command of ours")?;
    // Words between quotation marks hold spaces.
    let mut all = Vec::new();
    for (index, part) in words.split('"').enumerate() {
        match index % 2 {
            0 => all.extend(part.split_whitespace()),
            _ => all.push(part),
        }
    }
    let done = Command::new(binaries::path("gradien"))
        .args(all)
        .current_dir(folder)
        .output()?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let told = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{command}:\n{said}\n{told}");
    Ok(said)
}

/// Puts one text in the place of another, which must be there.
fn change(file: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
    ensure!(text.contains(from), "{}: no {from}", file.display());
    fs::write(file, text.replace(from, to))?;
    Ok(())
}

fn append(file: &Path, text: &str) -> Result<()> {
    let before = fs::read_to_string(file)?;
    fs::write(file, format!("{before}\n{text}\n"))?;
    Ok(())
}

/// A running `gradien pack preview`.
struct Preview {
    child: Child,
    url: String,
}

impl Preview {
    fn start(folder: &Path, command: &str) -> Result<Preview> {
        binaries::guest();
        let words = command
            .strip_prefix("gradien ")
            .context("a command of ours")?;
        let mut child = Command::new(binaries::path("gradien"))
            .args(words.split_whitespace())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().context("a pipe")?;
        let mut lines = BufReader::new(stdout).lines();
        let mut preview = Preview {
            child,
            url: String::new(),
        };
        while preview.url.is_empty() {
            let line = lines.next().context("the preview ended")??;
            if let Some(url) = line.trim().strip_prefix("http://") {
                preview.url = format!("http://{url}");
            }
        }
        Ok(preview)
    }

    /// The address of the server, and the path of the link.
    fn parts(&self) -> Result<(&str, &str)> {
        let at = self.url.find("/preview/").context("a link")?;
        Ok(self.url.split_at(at))
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_new_coach_goes_from_pack_new_to_a_solved_problem() -> Result<()> {
    if !is_there() {
        return with_browser("", Setup::default(), async |browser| (browser, Ok(()))).await;
    }
    let place = tempfile::tempdir()?;
    gradien(
        place.path(),
        documented(
            "gradien pack new function packs/ch2-leaky-layer --title \"Lapisan dengan leaky ReLU\" --title-en \"A layer with leaky ReLU\"",
        ),
    )?;
    let preview = Preview::start(
        place.path(),
        documented("gradien pack preview packs/ch2-leaky-layer"),
    )?;
    let (base, link) = preview.parts()?;
    with_browser(base, Setup::default(), async |browser| {
        let result = write_a_function(&browser, place.path(), link).await;
        (browser, result)
    })
    .await?;
    drop(preview);

    write_an_answer(place.path())?;
    let packs = place.path().join("packs");
    documented("gradien serve --packs problems/packs --packs packs");
    let server = Server::start_with(&["--packs", packs.to_str().context("UTF-8")?]).await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let result = solve_both(&browser, &packs).await;
        (browser, result)
    })
    .await
}

/// Waits until the page was loaded anew since [`mark`], and shows this.
async fn see_anew(browser: &Browser, selector: &str, words: &str) -> Result<()> {
    let what = format!("{words} in {selector}, without being asked");
    browser
        .wait(&what, APPEARS_WITHIN, async || {
            let same = browser
                .script("return window.isStillTheSame === true;", vec![])
                .await?;
            // The page may go away while it is looked at.
            let shown = browser.driver.find(By::Css(selector)).await;
            let shown = match shown {
                Ok(element) => element.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            Ok((same == false && shown.contains(words)).then_some(()))
        })
        .await?;
    mark(browser).await
}

async fn write_a_function(browser: &Browser, place: &Path, link: &str) -> Result<()> {
    let pack = place.join("packs").join(LAYER);
    browser.open(link).await?;
    browser.wait_for_path(&format!("/problems/{LAYER}")).await?;
    ensure!(
        browser
            .text("h1")
            .await?
            .contains("Lapisan dengan leaky ReLU")
    );
    // The samples come when the pack is prepared, and the page with them.
    browser.find(".sample").await?;
    mark(browser).await?;

    let statement = "\\max(0, z)";
    for language in ["id", "en"] {
        let file = pack.join(format!("statement/problem.{language}.md"));
        change(&file, documented(statement), documented("\\max(0.1 z, z)"))?;
    }
    see_anew(browser, ".statement", "0.1").await?;

    // A slip of the hand: told with file and line, and the page is still there.
    let manifest = pack.join("problem.toml");
    change(&manifest, "open_cases", "open_casez")?;
    see_anew(browser, ".preview", "problem.toml:").await?;
    let told = browser.text(".preview").await?;
    ensure!(told.contains("did you mean `open_cases`?"), "{told}");
    browser.find(".statement").await?;
    let mut faults = Vec::new();
    look_at_open(browser, "preview-broken-id", &mut faults).await?;
    browser.click("form.language button").await?;
    browser.find("html[lang=en]").await?;
    look_at_open(browser, "preview-broken-en", &mut faults).await?;
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    mark(browser).await?;
    change(&manifest, "open_casez", "open_cases")?;
    browser
        .wait("the page without a fault", APPEARS_WITHIN, async || {
            let found = browser.driver.find_all(By::Css(".preview .fault")).await;
            Ok(found.is_ok_and(|found| found.is_empty()).then_some(()))
        })
        .await?;

    for (from, to) in [
        (
            "reference.py",
            documented("misconceptions/relu_for_leaky.py"),
        ),
        (
            "submissions/accepted/matrix.py",
            documented("submissions/wrong_answer/relu_for_leaky.py"),
        ),
    ] {
        fs::copy(pack.join(from), pack.join(to))?;
    }
    append(
        &pack.join("misconceptions/text.toml"),
        "[relu_for_leaky]\nid = '''Ini ReLU biasa.'''\nen = '''This is plain ReLU.'''",
    )?;
    append(
        &pack.join("submissions/expected.toml"),
        documented(
            "\"wrong_answer/relu_for_leaky.py\" = { verdict = \"WA\", score = 0, misconception = \"relu_for_leaky\" }",
        ),
    )?;
    for (file, from, to) in [
        (
            "reference.py",
            "torch.relu(F.linear(x, W, b))",
            "F.leaky_relu(F.linear(x, W, b), 0.1)",
        ),
        (
            "misconceptions/bias_forgotten.py",
            "torch.relu(F.linear(x, W))",
            "F.leaky_relu(F.linear(x, W), 0.1)",
        ),
        ("submissions/accepted/loops.py", "else 0.0", "else 0.1 * z"),
    ] {
        change(&pack.join(file), documented(from), documented(to))?;
    }
    let (from, to) = (
        documented("np.maximum(0, z)"),
        documented("np.maximum(0.1 * z, z)"),
    );
    for file in [
        "accepted/matrix.py",
        "wrong_answer/bias_forgotten.py",
        "wrong_answer/rounded.py",
        "run_time_error/only_vectors.py",
    ] {
        change(&pack.join("submissions").join(file), from, to)?;
    }
    gradien(
        place,
        documented("gradien pack verify packs/ch2-leaky-layer"),
    )?;

    // The grader behind the preview is the real one, and judges what lies there now.
    let ready = "return document.querySelectorAll('.sample').length === 2;";
    browser
        .wait(
            "the samples of the new version",
            APPEARS_WITHIN,
            async || {
                let is_ready = browser.script(ready, vec![]).await;
                Ok(is_ready.is_ok_and(|ready| ready == true).then_some(()))
            },
        )
        .await?;
    mark(browser).await?;
    for (path, code) in [
        ("wrong_answer/relu_for_leaky.py", "WA"),
        ("accepted/loops.py", "AC"),
    ] {
        let program = fs::read_to_string(pack.join("submissions").join(path))?;
        write_program(browser, &program).await?;
        browser
            .click("form[data-submit] .actions button[type=submit]")
            .await?;
        see_live(browser, code).await?;
        let told = browser.text("[data-live]").await?;
        ensure!(told.contains("plain ReLU") == (code == "WA"), "{told}");
    }
    no_errors(browser).await?;
    let mut faults = Vec::new();
    look_at_open(browser, "preview-en", &mut faults).await?;
    ensure!(faults.is_empty(), "{}", faults.join("\n"));

    // The link was used up.
    browser.driver.delete_all_cookies().await?;
    browser.open(link).await?;
    let told = browser.text("main").await?;
    ensure!(
        told.contains("sudah dipakai") || told.contains("used already"),
        "{told}"
    );
    Ok(())
}

/// Another bias, and the numbers that follow from it.
fn write_an_answer(place: &Path) -> Result<()> {
    gradien(place, &format!("gradien pack new answer packs/{NEURON}"))?;
    let pack = place.join("packs").join(NEURON);
    change(&pack.join("problem.toml"), "value = 0.25", "value = 1.25")?;
    for language in ["id", "en"] {
        let file = pack.join(format!("statement/problem.{language}.md"));
        change(&file, "b = 0.25", "b = 1.25")?;
    }
    for (file, z, a, class) in [
        ("accepted/exact.toml", "0.75", "0.679", "one"),
        (
            "accepted/comma_and_expression.toml",
            "0,5*2 - 1,5 + 1,25",
            "1/(1+exp(-0.75))",
            "one",
        ),
        ("wrong_answer/bias_forgotten.toml", "-0.5", "0.378", "zero"),
        ("wrong_answer/tanh_for_sigmoid.toml", "0.75", "0.635", "one"),
        ("wrong_answer/slip.toml", "0.65", "0.657", "one"),
    ] {
        let text = format!("z = \"{z}\"\na = \"{a}\"\nclass = \"{class}\"\n");
        fs::write(pack.join("submissions").join(file), text)?;
    }
    gradien(place, &format!("gradien pack verify packs/{NEURON}"))?;
    Ok(())
}

/// The packs beside those that ship, solved by a student.
async fn solve_both(browser: &Browser, packs: &Path) -> Result<()> {
    sign_up(browser, "siti", &format!("/problems/{NEURON}")).await?;
    mark(browser).await?;
    for (z, a, class, code) in [
        ("-0,5", "0,378", "zero", "WA"),
        ("0,75", "0,679", "one", "AC"),
    ] {
        browser.fill("input[name=\"z.0\"]", z).await?;
        browser.fill("input[name=\"a.0\"]", a).await?;
        browser.click(&format!("input[value=\"{class}\"]")).await?;
        browser
            .click("form[data-submit] button[type=submit]")
            .await?;
        see_live(browser, code).await?;
        let told = browser.text("[data-live]").await?;
        ensure!(
            told.contains("Bias tidak ikut dijumlahkan") == (code == "WA"),
            "{told}"
        );
    }
    browser.open(&format!("/problems/{LAYER}")).await?;
    mark(browser).await?;
    let program = packs.join(LAYER).join("submissions/accepted/matrix.py");
    write_program(browser, &fs::read_to_string(program)?).await?;
    browser
        .click("form[data-submit] .actions button[type=submit]")
        .await?;
    see_live(browser, "AC").await?;
    // No preview here.
    let bars = browser.driver.find_all(By::Css("[data-preview]")).await?;
    ensure!(bars.is_empty());
    no_errors(browser).await
}
