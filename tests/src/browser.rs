//! A Chromium of one's own, driven through chromedriver.
//!
//! `GRADIEN_CHROMIUM` and `GRADIEN_CHROMEDRIVER` name the two programs and
//! `GRADIEN_AXE` the script of axe-core; without them there is nothing to drive
//! and a test says so. The browser reaches 127.0.0.1 and nothing else.

use crate::server::free_port;
use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// How long something may take to appear on a page; a judgement is waited for longer.
pub const APPEARS_WITHIN: Duration = Duration::from_secs(15);
pub const JUDGED_WITHIN: Duration = Duration::from_secs(120);

pub struct Browser {
    pub driver: WebDriver,
    base: String,
    chromedriver: Child,
    axe: String,
    _profile: tempfile::TempDir,
}

/// A browser as people set theirs up.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    pub javascript: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Setup { javascript: true }
    }
}

struct Programs {
    chromium: PathBuf,
    chromedriver: PathBuf,
    axe: PathBuf,
}

impl Programs {
    fn find() -> std::result::Result<Programs, String> {
        let file = |name: &str| {
            let path = PathBuf::from(std::env::var_os(name).unwrap_or_default());
            if path.is_file() {
                Ok(path)
            } else {
                Err(format!("{name} names no file"))
            }
        };
        Ok(Programs {
            chromium: file("GRADIEN_CHROMIUM")?,
            chromedriver: file("GRADIEN_CHROMEDRIVER")?,
            axe: file("GRADIEN_AXE")?,
        })
    }
}

/// Starts a browser at the server of this address, runs the test in it and ends
/// it. Where the machine has no browser, says so and does nothing.
pub async fn with_browser<F>(
    base: &str,
    setup: Setup,
    test: impl FnOnce(Browser) -> F,
) -> Result<()>
where
    F: Future<Output = (Browser, Result<()>)>,
{
    let browser = match Programs::find() {
        Ok(programs) => Browser::start(base, setup, &programs).await?,
        Err(why) => {
            println!("SKIPPED: browser test: {why}");
            return Ok(());
        }
    };
    let (browser, result) = test(browser).await;
    if result.is_err() {
        browser.describe().await;
    }
    browser.quit().await;
    result
}

/// Whether there is a browser to test with.
pub fn is_there() -> bool {
    Programs::find().is_ok()
}

impl Browser {
    async fn start(base: &str, setup: Setup, programs: &Programs) -> Result<Browser> {
        let port = free_port()?;
        let profile = tempfile::tempdir()?;
        let chromedriver = Command::new(&programs.chromedriver)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver does not start")?;
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(programs.chromium.to_str().context("a path in UTF-8")?)?;
        for argument in [
            "--headless=new",
            // The tests may run as root, where Chromium's sandbox refuses to.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--no-default-browser-check",
            "--force-device-scale-factor=1",
            "--window-size=1280,900",
            "--lang=id",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ] {
            capabilities.add_arg(argument)?;
        }
        let folder = profile.path().display();
        capabilities.add_arg(&format!("--user-data-dir={folder}"))?;
        if !setup.javascript {
            let block = json!({"profile.managed_default_content_settings.javascript": 2});
            capabilities.add_experimental_option("prefs", block)?;
        }
        capabilities.set("goog:loggingPrefs", json!({"browser": "ALL"}))?;
        let address = format!("http://127.0.0.1:{port}");
        let started = Instant::now();
        while reqwest::get(format!("{address}/status")).await.is_err() {
            ensure!(started.elapsed() < APPEARS_WITHIN, "chromedriver is silent");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let driver = WebDriver::new(&address, capabilities)
            .await
            .context("Chromium does not start")?;
        Ok(Browser {
            driver,
            base: base.to_owned(),
            chromedriver,
            axe: std::fs::read_to_string(&programs.axe)?,
            _profile: profile,
        })
    }

    async fn quit(mut self) {
        let _ = self.driver.quit().await;
        let _ = self.chromedriver.kill();
        let _ = self.chromedriver.wait();
    }

    /// What a failed test looked at last.
    async fn describe(&self) {
        if let Ok(url) = self.driver.current_url().await {
            eprintln!("--- at {url}");
        }
        if let Ok(text) = self.text("body").await {
            eprintln!("{text}\n---");
        }
        let _ = self.screenshot(&screenshots().join("failed.png")).await;
    }

    pub async fn open(&self, path: &str) -> Result<()> {
        self.driver.goto(format!("{}{path}", self.base)).await?;
        Ok(())
    }

    /// Path and query of the page that is open.
    pub async fn path(&self) -> Result<String> {
        let url = self.driver.current_url().await?.to_string();
        Ok(url.strip_prefix(&self.base).unwrap_or(&url).to_owned())
    }

    /// The first element of this kind, waiting for it to appear.
    pub async fn find(&self, css: &str) -> Result<WebElement> {
        self.wait(&format!("{css} to appear"), APPEARS_WITHIN, async || {
            Ok(self.driver.find(By::Css(css)).await.ok())
        })
        .await
    }

    pub async fn text(&self, css: &str) -> Result<String> {
        Ok(self.find(css).await?.text().await?)
    }

    pub async fn click(&self, css: &str) -> Result<()> {
        let element = self.find(css).await?;
        element.scroll_into_view().await?;
        element
            .click()
            .await
            .with_context(|| format!("click {css}"))?;
        Ok(())
    }

    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        let element = self.find(css).await?;
        element.clear().await?;
        element.send_keys(text).await?;
        Ok(())
    }

    /// Repeats `look` until it gives something.
    pub async fn wait<T>(
        &self,
        what: &str,
        within: Duration,
        look: impl AsyncFn() -> Result<Option<T>>,
    ) -> Result<T> {
        let started = Instant::now();
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            if started.elapsed() > within {
                bail!("waited {within:?} in vain for {what}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    pub async fn wait_for_path(&self, path: &str) -> Result<()> {
        self.wait(&format!("the page {path}"), APPEARS_WITHIN, async || {
            Ok((self.path().await? == path).then_some(()))
        })
        .await
    }

    pub async fn script(&self, code: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.driver.execute(code, arguments).await?.json().clone())
    }

    /// Puts text on the clipboard, as copying it from elsewhere does, and pastes
    /// it into the element that has the focus, with the keys that people use.
    pub async fn paste(&self, text: &str) -> Result<()> {
        let grant = json!({
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
            "origin": self.base,
        });
        self.driver
            .cdp()
            .send_raw("Browser.grantPermissions", grant)
            .await?;
        let copied = self
            .driver
            .execute_async(
                "const done = arguments[1]; \
                 navigator.clipboard.writeText(arguments[0]).then(() => done(null), e => done(String(e)));",
                vec![json!(text)],
            )
            .await?;
        ensure!(copied.json().is_null(), "copying: {}", copied.json());
        self.press_control("v").await
    }

    /// Control and a letter, whatever has the focus.
    pub async fn press_control(&self, letter: &str) -> Result<()> {
        let keys = self.driver.action_chain().key_down(Key::Control);
        let keys = keys.send_keys(letter).key_up(Key::Control);
        Ok(keys.perform().await?)
    }

    /// One press of a key, whatever has the focus.
    pub async fn press(&self, key: Key) -> Result<()> {
        let keys = self.driver.action_chain().key_down(key.clone()).key_up(key);
        Ok(keys.perform().await?)
    }

    /// Keys as a person types them, whatever has the focus.
    pub async fn type_keys(&self, text: &str) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(text).perform().await?)
    }

    /// Drags a file or folder of this machine onto an element and lets it go, as a
    /// person does out of a file manager.
    pub async fn drop_file(&self, selector: &str, path: &Path) -> Result<()> {
        let place = self
            .script(
                "const box = document.querySelector(arguments[0]); \
                 box.scrollIntoView({block: 'center', behavior: 'instant'}); \
                 const { x, y, width, height } = box.getBoundingClientRect(); \
                 return [x + width / 2, y + height / 2];",
                vec![json!(selector)],
            )
            .await?;
        let data = json!({"items": [], "files": [path], "dragOperationsMask": 1});
        for step in ["dragEnter", "dragOver", "drop"] {
            let event = json!({"type": step, "x": place[0], "y": place[1], "data": data});
            self.driver
                .cdp()
                .send_raw("Input.dispatchDragEvent", event)
                .await?;
        }
        Ok(())
    }

    /// Width in CSS pixels, as a phone or a projector has it; and the colours
    /// that the system asks for.
    pub async fn look_like(&self, width: u32, height: u32, dark: bool) -> Result<()> {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        let cdp = self.driver.cdp();
        cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        cdp.send_raw("Emulation.setEmulatedMedia", media).await?;
        // A bar that takes width away would make every picture narrower.
        let hidden = json!({"hidden": true});
        cdp.send_raw("Emulation.setScrollbarsHidden", hidden)
            .await?;
        Ok(())
    }

    /// The whole page, however long, as PNG.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        // Fonts come late; a picture of the fallback would mislead.
        self.driver
            .execute_async(
                "document.fonts.ready.then(() => arguments[0](null));",
                vec![],
            )
            .await?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let size = self
            .script(
                "const d = document.documentElement; \
                 return [d.clientWidth, Math.max(d.scrollHeight, window.innerHeight)];",
                vec![],
            )
            .await?;
        let clip = json!({
            "x": 0, "y": 0, "scale": 1, "width": size[0], "height": size[1],
        });
        let options = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let picture = self
            .driver
            .cdp()
            .send_raw("Page.captureScreenshot", options)
            .await?;
        let data = picture["data"].as_str().context("no picture")?;
        std::fs::write(file, STANDARD.decode(data)?)?;
        Ok(())
    }

    /// What axe-core finds on the page: rule, help and the elements concerned.
    pub async fn find_barriers(&self) -> Result<Vec<String>> {
        let there = self.script("return typeof window.axe;", vec![]).await?;
        if there != "object" {
            self.driver.execute(self.axe.as_str(), vec![]).await?;
        }
        let found = self
            .driver
            .execute_async(
                "const done = arguments[0]; \
                 axe.run(document, {resultTypes: ['violations']}) \
                    .then(r => done(r.violations), e => done(String(e)));",
                vec![],
            )
            .await?;
        let Value::Array(violations) = found.json() else {
            bail!("axe-core failed: {}", found.json());
        };
        Ok(violations
            .iter()
            .map(|one| {
                let nodes = one["nodes"].as_array().into_iter().flatten();
                let nodes: Vec<String> = nodes
                    .map(|node| format!("{} ({})", node["target"], node["failureSummary"]))
                    .collect();
                format!("{}: {} at {}", one["id"], one["help"], nodes.join("; "))
            })
            .collect())
    }

    /// Whether something sticks out to the right, so that a phone scrolls sideways.
    pub async fn find_overflow(&self) -> Result<Vec<String>> {
        let wide = self
            .script(
                "const width = document.documentElement.clientWidth; \
                 if (document.scrollingElement.scrollWidth <= width) return []; \
                 return [...document.querySelectorAll('body *')] \
                   .filter(e => e.getBoundingClientRect().right > width + 1) \
                   .slice(0, 5).map(e => e.outerHTML.slice(0, 120));",
                vec![],
            )
            .await?;
        let wide = wide.as_array().cloned().unwrap_or_default();
        Ok(wide.iter().map(Value::to_string).collect())
    }

    /// Errors that the browser logged since the last call: scripts that failed,
    /// files that are missing, what the content policy blocked.
    pub async fn take_errors(&self) -> Result<Vec<String>> {
        let entries = self.driver.browser_log().await?;
        Ok(entries
            .into_iter()
            .filter(|entry| entry.level == "SEVERE")
            .map(|entry| entry.message)
            .collect())
    }
}

/// Where the pictures go: `target/screenshots`.
pub fn screenshots() -> PathBuf {
    crate::packs::repository().join("target/screenshots")
}
