//! Measurements, run on demand by `cargo xtask bench`: what a student waits for
//! and what a camp's machine needs. They print figures and fail only where
//! something does not work at all.

use anyhow::{Context, Result, ensure};
use gradien_problems::protocol::Submission;
use gradien_tests::browser::{Setup, with_browser};
use gradien_tests::packs;
use gradien_tests::processes::{self, Memory};
use gradien_tests::server::Server;
use gradien_tests::student::{PASSWORD, Student};
use std::collections::BTreeMap;
use std::time::Duration;

const SLUG: &str = "ch5-gru-cell";
const ROUNDS: usize = 50;
/// Longer than the rate limit lets a student be, over so many rounds.
const PAUSE: Duration = Duration::from_millis(3_100);

fn accepted() -> Submission {
    let pack = packs::load(SLUG);
    let path = "accepted/last_axis.py";
    let found = pack.submissions.iter().find(|one| one.path == path);
    found
        .unwrap_or_else(|| panic!("no {path}"))
        .submission
        .clone()
}

/// Sorted; 0 is the fastest.
fn quantile(sorted: &[Duration], share: f64) -> Duration {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

fn print_times(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |share| quantile(&times, share).as_secs_f64() * 1e3;
    println!(
        "{what}: median {:.0} ms, fastest {:.0} ms, 90 % within {:.0} ms, slowest {:.0} ms ({} times)",
        ms(0.5),
        ms(0.0),
        ms(0.9),
        ms(1.0),
        times.len()
    );
}

/// From sending the form to the event that carries the verdict.
#[tokio::test]
#[ignore = "a measurement"]
async fn verdict_over_http() -> Result<()> {
    let server = Server::start().await?;
    let student = Student::sign_up(&server.url(), "siti").await?;
    let csrf = student.csrf(&format!("/problems/{SLUG}")).await?;
    let submission = accepted();
    let mut times = Vec::new();
    for round in 0..ROUNDS + 3 {
        let sent = student.submit_with(SLUG, &submission, &csrf).await?;
        let judged = student.wait_judged(&sent.id).await?;
        let took = sent.sent_at.elapsed();
        ensure!(judged.verdict == "AC", "{}", judged.html);
        // The first ones start graders and compute expected values.
        if round >= 3 {
            times.push(took);
        }
    }
    print_times("submit to verdict, GRU pack, over HTTP", times);
    Ok(())
}

/// From the click to the verdict in the page, as the page's own clock tells.
#[tokio::test]
#[ignore = "a measurement"]
async fn verdict_in_the_browser() -> Result<()> {
    let server = Server::start().await?;
    let student = Student::sign_up(&server.url(), "siti").await?;
    let Submission::Function { source } = accepted() else {
        anyhow::bail!("a function pack's example is a function")
    };
    let draft = serde_json::json!({"kind": "function", "source": source});
    student.put_draft(SLUG, &draft).await?;
    with_browser(&server.url(), Setup::default(), async |browser| {
        let measured = async {
            browser
                .open(&format!("/sign-in?next=/problems/{SLUG}"))
                .await?;
            browser.fill("#username", "siti").await?;
            browser.fill("#password", PASSWORD).await?;
            browser.click("main form button.primary").await?;
            browser.find(".editor .cm-content").await?;
            let mut times = Vec::new();
            for round in 0..ROUNDS + 3 {
                let took = browser
                    .driver
                    .execute_async(CLICK_AND_WATCH, vec![])
                    .await?;
                let took = took.json().as_f64().context("no verdict in the page")?;
                if round >= 3 {
                    times.push(Duration::from_secs_f64(took / 1e3));
                }
                // A student may not submit faster for long.
                tokio::time::sleep(PAUSE).await;
            }
            print_times("click to verdict, GRU pack, in Chromium", times);
            Ok(())
        };
        let result = measured.await;
        (browser, result)
    })
    .await
}

/// Clicks on *Submit* and gives the milliseconds until a new report stands in
/// the live region and has been painted.
const CLICK_AND_WATCH: &str = "
    const done = arguments[0];
    const live = document.querySelector('[data-live]');
    const before = live.querySelector('.report');
    const started = performance.now();
    const watch = new MutationObserver(() => {
        const report = live.querySelector('.report');
        if (!report || report === before) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
    });
    watch.observe(live, {childList: true, subtree: true});
    document.querySelector('form[data-submit] .actions button[type=submit]').click();
";

/// The largest of each process while it works, by name.
#[tokio::test]
#[ignore = "a measurement"]
async fn memory_of_each_process() -> Result<()> {
    let server = Server::start().await?;
    let student = Student::sign_up(&server.url(), "siti").await?;
    let csrf = student.csrf(&format!("/problems/{SLUG}")).await?;
    let submission = accepted();
    let mut largest: BTreeMap<String, BTreeMap<u32, Memory>> = BTreeMap::new();
    for _ in 0..10 {
        let sent = student.submit_with(SLUG, &submission, &csrf).await?;
        let judged = student.wait_judged(&sent.id);
        tokio::pin!(judged);
        loop {
            let mut family = vec![("gradien".to_owned(), server.pid())];
            for process in processes::below(server.pid()) {
                family.push((process.name, process.pid));
            }
            for (name, pid) in family {
                let Some(now) = processes::memory(pid) else {
                    continue;
                };
                let kept = largest.entry(name).or_default().entry(pid).or_default();
                kept.rss_bytes = kept.rss_bytes.max(now.rss_bytes);
                kept.pss_bytes = kept.pss_bytes.max(now.pss_bytes);
            }
            tokio::select! {
                judged = &mut judged => {
                    ensure!(judged?.verdict == "AC");
                    break;
                }
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
            }
        }
    }
    ensure!(largest.len() > 2, "graders were seen: {largest:?}");
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    for (name, processes) in &largest {
        for memory in processes.values() {
            println!(
                "{name}: RSS {:.1} MiB, PSS {:.1} MiB",
                mib(memory.rss_bytes),
                mib(memory.pss_bytes)
            );
        }
    }
    Ok(())
}
