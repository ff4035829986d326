//! `gradien pack preview`: the page of a pack that is being written, with the real
//! grader behind it, on this machine alone and with nothing kept.

use super::serve::Running;
use super::start_log;
use crate::config::{Config, DataConfig};
use crate::services::Services;
use crate::services::preview::Preview;
use anyhow::{Context, ensure};
use clap::{Args, FromArgMatches, Parser};
use gradien_problems::Language;
use gradien_problems::pack::MANIFEST_FILE;
use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Show a pack in the browser while it is written
#[derive(Parser)]
#[command(name = "gradien pack preview")]
struct Arguments {
    /// The pack's folder
    folder: PathBuf,
    /// Address to listen on, of this machine alone [default: a free port]
    #[arg(long, default_value = "127.0.0.1:0", hide_default_value = true)]
    listen: SocketAddr,
    /// Language of the pages at first: id or en
    #[arg(long, default_value = "id", value_parser = language)]
    language: Language,
    /// Further settings, as of `gradien serve`
    #[arg(last = true)]
    settings: Vec<OsString>,
}

fn language(tag: &str) -> Result<Language, &'static str> {
    tag.parse().map_err(|()| "expected id or en")
}

/// `words` begins with `preview`.
pub fn preview(words: &[OsString]) -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse_from(words);
    start_log("warn");
    super::block_on(run(arguments))
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    ensure!(
        arguments.listen.ip().is_loopback(),
        "a preview is for this machine alone: listen on 127.0.0.1"
    );
    let shown = arguments.folder.display();
    let folder = arguments
        .folder
        .canonicalize()
        .with_context(|| format!("{shown} cannot be opened"))?;
    ensure!(
        folder.join(MANIFEST_FILE).is_file(),
        "{shown} is no pack: it has no {MANIFEST_FILE}; `gradien pack new` makes one"
    );
    let listener = TcpListener::bind(arguments.listen)
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    // Goes away with everything in it when the preview ends.
    let data = tempfile::tempdir().context("there is no place for temporary files")?;
    let config = config(data.path(), listener.local_addr()?, &arguments.settings)?;
    ensure!(
        config.guest.is_some(),
        "no guest image is named, so nothing could be judged; `gradien doctor` says what is missing"
    );
    let mut services = Services::open(config).await?;
    let (preview, token) = Preview::open(&services, &folder, arguments.language).await?;
    services.preview = Some(preview.clone());
    let watching = tokio::spawn(preview.watch(services.clone()));
    let running = Running::start(&services, listener)?;
    println!("Pratinjau / preview (sekali pakai / valid once):");
    println!("  {}/preview/enter/{token}", services.config.public_url());
    let stopped = running.until_stopped(services).await;
    watching.abort();
    stopped
}

/// As `gradien serve` would read it, on an empty data folder and without any other
/// pack.
fn config(data: &Path, listen: SocketAddr, settings: &[OsString]) -> anyhow::Result<Config> {
    let own = ["gradien", "--judge-slots", "1"].map(OsString::from);
    let words = own.into_iter().chain(settings.iter().cloned());
    let command = Config::augment_args(clap::Command::new("gradien"));
    let matches = command.get_matches_from(words);
    Ok(Config {
        data: DataConfig {
            data: data.to_owned(),
            database: None,
        },
        listen,
        public_url: None,
        behind_proxy: false,
        packs: Vec::new(),
        ..Config::from_arg_matches(&matches)?
    })
}
