//! The supervisor's children: started when needed, started anew when they die.
//!
//! A runner that dies in the middle of a job says nothing about the program: the
//! job is run once more by a fresh one. Dying twice on the same job is a fault of
//! ours and goes up as an error, for the worker to try elsewhere.
//!
//! The wall clock is a backstop, not a limit: where it expires, the job runs once
//! more alone — no other supervisor on this machine runs a program meanwhile — and
//! only that second result counts.

use crate::GraderError;
use crate::inspect::{self, InspectConfig};
use crate::prepare::Store;
use crate::reference::{Reference, ReferenceConfig};
use gradien_sandbox::client::{Runner, RunnerConfig, RunnerInfo, SandboxError};
use gradien_sandbox::job::{Job, Outcome, Status};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A reference process that nobody asked anything for so long is ended: it is
/// needed once per pack version and takes more memory than all else.
const REFERENCE_IDLE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone)]
pub struct ChildrenConfig {
    pub runner: PathBuf,
    pub reference: PathBuf,
    /// Reads foreign files; one process for each.
    pub inspect: InspectConfig,
    /// The guest image, compiled for this machine.
    pub guest: PathBuf,
    /// `libtorch_cuda.so`, where CUDA is to be used.
    pub cuda_library: Option<PathBuf>,
}

impl ChildrenConfig {
    /// The programs that stand beside this one.
    pub fn beside(executable: &Path, guest: PathBuf, cuda_library: Option<PathBuf>) -> Self {
        ChildrenConfig {
            runner: executable.with_file_name("gradien-runner"),
            reference: executable.with_file_name("gradien-reference"),
            inspect: InspectConfig::new(&executable.with_file_name("gradien-inspect")),
            guest,
            cuda_library,
        }
    }
}

pub struct Children {
    config: ChildrenConfig,
    store: Store,
    runner: Option<Runner>,
    reference: Option<(Reference, Instant)>,
    info: RunnerInfo,
}

impl Children {
    /// Starts a runner; the reference waits until it is needed.
    pub fn start(config: ChildrenConfig, store: Store) -> Result<Children, GraderError> {
        let runner = spawn_runner(&config)?;
        let info = runner.info().clone();
        Ok(Children {
            config,
            store,
            runner: Some(runner),
            reference: None,
            info,
        })
    }

    pub fn info(&self) -> &RunnerInfo {
        &self.info
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn inspect_config(&self) -> &InspectConfig {
        &self.config.inspect
    }

    /// Has a foreign file read. A process that dies of one says nothing yet: a
    /// fresh one tries once more.
    pub fn inspect(&self, request: &inspect::Request) -> Result<inspect::Reply, GraderError> {
        let first = inspect::inspect(&self.config.inspect, request);
        if let Err(error) = &first {
            let error = GraderError::chain_of(error);
            tracing::warn!(error, "a file could not be read; trying once more");
            return Ok(inspect::inspect(&self.config.inspect, request)?);
        }
        Ok(first?)
    }

    pub fn reference(&mut self) -> Result<&mut Reference, GraderError> {
        if self.reference.is_none() {
            let mut config = ReferenceConfig::new(&self.config.reference);
            config.cuda_library = self.config.cuda_library.clone();
            self.reference = Some((Reference::start(config)?, Instant::now()));
        }
        let (reference, used) = self
            .reference
            .as_mut()
            .unwrap_or_else(|| unreachable!("started above"));
        *used = Instant::now();
        Ok(reference)
    }

    /// Ends a reference that has been idle for long.
    pub fn tidy(&mut self) {
        if self
            .reference
            .as_ref()
            .is_some_and(|(_, used)| used.elapsed() > REFERENCE_IDLE)
        {
            self.reference = None;
        }
    }

    /// Runs a job. The status is never [`Status::SandboxFault`]: that is an error,
    /// and a [`Status::WallBackstop`] is one that came again when run alone.
    pub fn run(&mut self, job: &Job) -> Result<Outcome, GraderError> {
        let lock = self.store.alone_lock()?;
        let locked = |source| GraderError::Store {
            path: "alone.lock".into(),
            source,
        };
        lock.lock_shared().map_err(locked)?;
        let outcome = self.run_twice(job)?;
        if outcome.status != Status::WallBackstop {
            return Ok(outcome);
        }
        lock.unlock().map_err(locked)?;
        lock.lock().map_err(locked)?;
        tracing::warn!("the wall-time backstop expired; running the job again, alone");
        self.run_twice(job)
    }

    fn run_twice(&mut self, job: &Job) -> Result<Outcome, GraderError> {
        match self.run_once(job) {
            Ok(outcome) => Ok(outcome),
            Err(error) => {
                tracing::warn!(error = %error.chain(), "the runner failed; trying with a fresh one");
                self.run_once(job)
            }
        }
    }

    fn run_once(&mut self, job: &Job) -> Result<Outcome, GraderError> {
        let mut runner = match self.runner.take() {
            Some(runner) => runner,
            None => spawn_runner(&self.config)?,
        };
        // On an error the runner is dropped here, and with it its process.
        let outcome = runner.run(job)?;
        if let Status::SandboxFault { detail } = &outcome.status {
            return Err(GraderError::Runner(SandboxError::fault(detail.clone())));
        }
        self.runner = Some(runner);
        Ok(outcome)
    }
}

fn spawn_runner(config: &ChildrenConfig) -> Result<Runner, GraderError> {
    Ok(Runner::spawn(&RunnerConfig::new(
        &config.runner,
        &config.guest,
    ))?)
}
