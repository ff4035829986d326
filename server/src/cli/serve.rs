//! `gradien serve`: everything on one machine.

use super::start_log;
use crate::config::Config;
use crate::pages;
use crate::services::Services;
use crate::services::secrets::create_data_folder;
use crate::worker::Pool;
use actix_web::dev::ServerHandle;
use anyhow::Context;
use std::fs::{File, TryLockError};
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

const CLEANING: Duration = Duration::from_secs(3600);

pub fn serve(config: Config) -> anyhow::Result<ExitCode> {
    start_log("info,sqlx=warn,actix_server=warn");
    super::block_on(run(config))
}

async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let _lock = lock(&config.data.data)?;
    let listener = TcpListener::bind(config.listen)
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let services = Services::open(config).await?;
    let given_back = services.judgements.release_embedded().await?;
    let open = services.judgements.count_open().await?;
    if open > 0 {
        tracing::info!(open, given_back, "judgements wait from before");
    }
    let interrupted = services.uploads.interrupt().await?;
    if interrupted > 0 {
        tracing::warn!(
            interrupted,
            "uploads were broken off; a coach can try them again"
        );
    }
    for folder in &services.config.packs {
        let installed = services.problems.install_folder(folder).await;
        let what = || format!("the packs in {} cannot be installed", folder.display());
        let installed = installed.with_context(what)?;
        if installed.is_empty() {
            tracing::warn!(folder = %folder.display(), "no pack lies there");
        }
    }
    services.problems.resume_preparing();
    let running = Running::start(&services, listener)?;
    greet(&services).await?;
    running.until_stopped(services).await
}

/// Pages and workers of a server.
pub(super) struct Running {
    pool: Pool,
    cleaning: JoinHandle<()>,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Answers from now on.
    pub fn start(services: &Services, listener: TcpListener) -> anyhow::Result<Running> {
        let pool = Pool::start(services);
        let cleaning = tokio::spawn(clean(services.clone()));
        let server = pages::serve::serve(services.clone(), listener)?;
        Ok(Running {
            pool,
            cleaning,
            handle: server.handle(),
            serving: tokio::spawn(server),
        })
    }

    /// Until a signal ends it; what runs is finished or given back then.
    pub async fn until_stopped(mut self, services: Services) -> anyhow::Result<ExitCode> {
        let (mut interrupted, mut terminated) = (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        );
        let mut failed = None;
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
            ended = &mut self.serving => failed = Some(ended),
        }
        tracing::info!("stopping: what runs is finished or given back");
        services.events.stop();
        let stopping = async {
            tokio::join!(self.pool.stop(), self.handle.stop(true));
        };
        tokio::select! {
            () = stopping => {}
            _ = interrupted.recv() => {
                tracing::warn!("asked twice: stopping at once");
                return Ok(ExitCode::FAILURE);
            }
        }
        self.cleaning.abort();
        services.close().await?;
        if let Some(ended) = failed {
            ended??;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A server that was killed while it started a child leaves the lock with that child
/// until it has become another program.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// One server for a data folder: another's running judgements must not be taken
/// for those of a dead process. The lock goes with the process, however it ends.
fn lock(data: &Path) -> anyhow::Result<File> {
    create_data_folder(data)?;
    let path = data.join("serve.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("{} cannot be opened", path.display()))?;
    let patience = Instant::now() + LOCK_PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < patience => {
                thread::sleep(LOCK_PAUSE);
            }
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "another gradien serve uses the data folder {}",
                data.display()
            ),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", path.display()));
            }
        }
    }
}

/// The address, and the link for the first administrator while there is none.
/// Printed and not logged: a log is kept, and the link is a key.
async fn greet(services: &Services) -> anyhow::Result<()> {
    let url = services.config.public_url();
    println!("Gradien: {url}");
    if let Some(token) = services.accounts.renew_admin_link().await? {
        println!("Administrator pertama / first administrator (sekali pakai / valid once):");
        println!("  {url}/admin-link/{token}");
    }
    Ok(())
}

async fn clean(services: Services) {
    loop {
        match services.sessions.remove_expired().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "sessions that were over are removed"),
            Err(error) => tracing::error!(%error, "old sessions could not be removed"),
        }
        match services.remove_orphan_blobs().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "uploaded files of no submission are removed"),
            Err(error) => tracing::error!(%error, "uploaded files could not be cleaned"),
        }
        match services.uploads.remove_old().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "uploads that nobody decided on are removed"),
            Err(error) => tracing::error!(%error, "old uploads could not be removed"),
        }
        tokio::time::sleep(CLEANING).await;
    }
}
