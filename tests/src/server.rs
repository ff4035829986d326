//! A `gradien serve` of one's own: a free port on the loopback, a data folder
//! that goes away with it, every process of it ended at the end.

use crate::{binaries, packs, processes};
use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const READY_WITHIN: Duration = Duration::from_secs(60);
const STOPPED_WITHIN: Duration = Duration::from_secs(10);

pub struct Server {
    child: Option<Child>,
    port: u16,
    data: tempfile::TempDir,
    extra: Vec<String>,
}

impl Server {
    /// Starts with an empty data folder and the packs of the repository, and
    /// waits until it answers.
    pub async fn start() -> Result<Server> {
        Server::start_with(&[]).await
    }

    /// As [`Server::start`], with further arguments to `gradien serve`.
    pub async fn start_with(extra: &[&str]) -> Result<Server> {
        binaries::guest();
        let mut server = Server {
            child: None,
            port: free_port()?,
            data: tempfile::tempdir()?,
            extra: extra.iter().map(|&one| one.to_owned()).collect(),
        };
        server.run().await?;
        Ok(server)
    }

    /// Starts the server again on the same data and port.
    pub async fn run(&mut self) -> Result<()> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_file())?;
        let child = Command::new(binaries::path("gradien"))
            .arg("serve")
            .arg("--data")
            .arg(self.data.path().join("data"))
            .arg("--listen")
            .arg(format!("127.0.0.1:{}", self.port))
            .arg("--packs")
            .arg(packs::folder())
            .args(&self.extra)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("the server does not start")?;
        self.child = Some(child);
        let started = Instant::now();
        let health = format!("{}/health", self.url());
        loop {
            if let Ok(answer) = reqwest::get(&health).await
                && answer.status().is_success()
            {
                return Ok(());
            }
            if let Some(status) = self.child.as_mut().and_then(|c| c.try_wait().transpose()) {
                bail!("the server ended ({}):\n{}", status?, self.log());
            }
            if started.elapsed() > READY_WITHIN {
                bail!("no answer within {READY_WITHIN:?}:\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Gives somebody another role, as `gradien user set-role` does beside a server.
    pub fn set_role(&self, username: &str, role: &str) -> Result<()> {
        let done = Command::new(binaries::path("gradien"))
            .args(["user", "set-role", username, role])
            .arg("--data")
            .arg(self.data.path().join("data"))
            .output()?;
        let said = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "no new role: {said}");
        Ok(())
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn data(&self) -> PathBuf {
        self.data.path().join("data")
    }

    pub fn pid(&self) -> u32 {
        self.child.as_ref().map(Child::id).unwrap_or_default()
    }

    /// All that the server has printed so far, over restarts.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.data.path().join("serve.log")
    }

    /// Processes below the server whose executable has this name.
    pub fn children(&self, name: &str) -> Vec<u32> {
        processes::below(self.pid())
            .into_iter()
            .filter(|process| process.name == name)
            .map(|process| process.pid)
            .collect()
    }

    /// `kill -9` of the server alone; its children are left to notice.
    pub fn kill_hard(&mut self) -> Result<()> {
        let mut child = self.child.take().context("the server is not running")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Asks the server to end, as Ctrl-C does, and waits for it.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        let group = Pid::from_child(&child);
        kill_process(group, Signal::TERM)?;
        let asked = Instant::now();
        while child.try_wait()?.is_none() {
            if asked.elapsed() > STOPPED_WITHIN {
                child.kill()?;
                child.wait()?;
                let _ = kill_process_group(group, Signal::KILL);
                bail!("the server did not end within {STOPPED_WITHIN:?} of SIGTERM");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let from = log.len().saturating_sub(8_000);
            let from = (from..log.len()).find(|&at| log.is_char_boundary(at));
            eprintln!(
                "--- end of the server's log ---\n{}",
                &log[from.unwrap_or(0)..]
            );
        }
        let family = processes::below(self.pid());
        let _ = self.stop();
        for process in family {
            if is_still(&process) {
                processes::kill_hard(process.pid);
            }
        }
    }
}

/// Whether the process is still there under the same name: numbers are reused.
fn is_still(process: &processes::Process) -> bool {
    let command = fs::read(format!("/proc/{}/cmdline", process.pid)).unwrap_or_default();
    let executable = command.split(|&byte| byte == 0).next().unwrap_or_default();
    Path::new(&*String::from_utf8_lossy(executable))
        .file_name()
        .is_some_and(|name| name.to_string_lossy() == process.name)
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
