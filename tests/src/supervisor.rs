//! A grader supervisor of one's own, spoken to as a worker does: frames of a
//! `u32` little-endian length and MessagePack, one request at a time.

use crate::binaries;
use anyhow::{Context, Result, bail, ensure};
use gradien_problems::Pack;
use gradien_problems::protocol::{
    Hello, MAX_FRAME_BYTES, PackRef, Progress, Request, Response, Submission,
};
use gradien_problems::report::Report;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Beyond everything that one request may take on a busy machine.
const ANSWER_WITHIN: Duration = Duration::from_secs(300);

pub struct Supervisor {
    child: Child,
    stdin: ChildStdin,
    responses: Receiver<Result<Response>>,
    /// The files of example submissions, as a server would keep uploads.
    blobs: tempfile::TempDir,
    pub hello: Hello,
}

impl Supervisor {
    /// `store` is the folder in which expected outputs are kept.
    pub fn start(store: &Path) -> Result<Supervisor> {
        binaries::guest();
        let mut child = Command::new(binaries::path("gradien-grader"))
            .arg("supervise")
            .arg("--store")
            .arg(store)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the supervisor does not start")?;
        let stdin = child.stdin.take().context("no pipe to the supervisor")?;
        let mut stdout = child.stdout.take().context("no pipe from it")?;
        let (sender, responses) = sync_channel(64);
        // Ends with the pipe, so with the supervisor.
        std::thread::spawn(move || {
            loop {
                let response = read_frame(&mut stdout);
                let last = response.is_err();
                if sender.send(response).is_err() || last {
                    return;
                }
            }
        });
        let mut supervisor = Supervisor {
            child,
            stdin,
            responses,
            blobs: tempfile::tempdir()?,
            hello: Hello {
                protocol_version: 0,
                guest_hash: String::new(),
                sandbox_version: String::new(),
                walls: Vec::new(),
            },
        };
        match supervisor.next()? {
            Response::Hello(hello) => supervisor.hello = hello,
            other => bail!("the supervisor opened with {other:?}"),
        }
        Ok(supervisor)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The folder of uploads: each file is named by its hash.
    pub fn blobs(&self) -> &Path {
        self.blobs.path()
    }

    /// The final response and what came before it.
    pub fn ask(&mut self, request: &Request) -> Result<(Response, Vec<Progress>)> {
        let packed = rmp_serde::to_vec_named(request)?;
        self.stdin.write_all(&(packed.len() as u32).to_le_bytes())?;
        self.stdin.write_all(&packed)?;
        self.stdin.flush()?;
        let mut progress = Vec::new();
        loop {
            match self.next()? {
                Response::Progress(one) => progress.push(one),
                last => return Ok((last, progress)),
            }
        }
    }

    pub fn judge(&mut self, pack: &Pack, submission: &Submission) -> Result<Report> {
        for example in &pack.submissions {
            if let Some(upload) = example.submission.find_upload() {
                let from = pack.folder.join("submissions").join(&example.path);
                std::fs::copy(from, self.blobs.path().join(upload.hash.as_str()))?;
            }
        }
        let pack = PackRef {
            hash: pack.hash.clone(),
            folder: pack.folder.clone(),
        };
        let request = Request::Judge {
            pack,
            submission: submission.clone(),
            blobs: self.blobs.path().to_path_buf(),
        };
        match self.ask(&request)?.0 {
            Response::Judged { report } => Ok(*report),
            other => bail!("instead of a report: {other:?}"),
        }
    }

    fn next(&mut self) -> Result<Response> {
        match self.responses.recv_timeout(ANSWER_WITHIN) {
            Ok(response) => response,
            Err(RecvTimeoutError::Timeout) => bail!("no answer in {ANSWER_WITHIN:?}"),
            Err(RecvTimeoutError::Disconnected) => bail!("the supervisor is gone"),
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_frame(stdout: &mut ChildStdout) -> Result<Response> {
    let mut length = [0; 4];
    stdout.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    ensure!(length <= MAX_FRAME_BYTES, "a frame of {length} bytes");
    let mut frame = vec![0; length];
    stdout.read_exact(&mut frame)?;
    Ok(rmp_serde::from_slice(&frame)?)
}
