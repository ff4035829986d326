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
use crate::model::{self, Model};
use crate::prepare::Store;
use crate::reference::{Reference, ReferenceConfig};
use gradien_sandbox::client::{Runner, RunnerConfig, RunnerInfo, SandboxError};
use gradien_sandbox::job::{Job, Outcome, Status};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A reference process that nobody asked anything for so long is ended: it is
/// needed once per pack version and takes more memory than all else.
const REFERENCE_IDLE: Duration = Duration::from_secs(30);
/// As much memory, and needed for every submission to a pack of kind `model`.
const MODEL_IDLE: Duration = Duration::from_secs(300);

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
    model: Option<(Model, Instant)>,
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
            model: None,
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
    pub fn inspect(&mut self, request: &inspect::Request) -> Result<inspect::Reply, GraderError> {
        self.twice(|children| Ok(inspect::inspect(&children.config.inspect, request)?))
    }

    pub fn reference(&mut self) -> Result<&mut Reference, GraderError> {
        let config = reference_config(&self.config);
        started(&mut self.reference, || Ok(Reference::start(config)?))
    }

    pub fn model(&mut self) -> Result<&mut Model, GraderError> {
        let config = reference_config(&self.config);
        started(&mut self.model, || Ok(Model::start(config)?))
    }

    /// Ends processes with libtorch that have been idle for long.
    pub fn tidy(&mut self) {
        self.reference
            .take_if(|(_, used)| used.elapsed() > REFERENCE_IDLE);
        self.model.take_if(|(_, used)| used.elapsed() > MODEL_IDLE);
    }

    /// Runs a network. An [`model::Outcome::Deadline`] is one that came again when
    /// it was run alone.
    pub fn evaluate(
        &mut self,
        request: &model::Request,
        deadline: Duration,
    ) -> Result<model::Outcome, GraderError> {
        self.unless_alone(
            |outcome: &model::Outcome| *outcome == model::Outcome::Deadline,
            |children| Ok(children.model()?.evaluate(request, deadline)?),
        )
    }

    /// Runs a job of one call; what [`run_all`](Self::run_all) says holds.
    pub fn run(&mut self, job: &Job) -> Result<Outcome, GraderError> {
        Ok(self.run_all(job)?.swap_remove(0))
    }

    /// Runs a job: an outcome for each call that was made, at least one. No status is
    /// [`Status::SandboxFault`]: that is an error, and a [`Status::WallBackstop`] is one
    /// that came again when the whole job was run alone.
    pub fn run_all(&mut self, job: &Job) -> Result<Vec<Outcome>, GraderError> {
        let expired = |outcome: &Outcome| outcome.status == Status::WallBackstop;
        self.unless_alone(
            |outcomes: &Vec<Outcome>| outcomes.iter().any(expired),
            |children| children.run_once(job),
        )
    }

    /// Beside other supervisors first; where the time of that `expired`, alone.
    fn unless_alone<T>(
        &mut self,
        expired: impl Fn(&T) -> bool,
        run: impl Fn(&mut Children) -> Result<T, GraderError>,
    ) -> Result<T, GraderError> {
        let lock = self.store.alone_lock()?;
        let locked = |source| GraderError::Store {
            path: "alone.lock".into(),
            source,
        };
        lock.lock_shared().map_err(locked)?;
        let outcome = self.twice(&run)?;
        if !expired(&outcome) {
            return Ok(outcome);
        }
        lock.unlock().map_err(locked)?;
        lock.lock().map_err(locked)?;
        tracing::warn!("the wall-time backstop expired; running it again, alone");
        self.twice(&run)
    }

    fn twice<T>(
        &mut self,
        run: impl Fn(&mut Children) -> Result<T, GraderError>,
    ) -> Result<T, GraderError> {
        match run(self) {
            Ok(outcome) => Ok(outcome),
            Err(error) => {
                tracing::warn!(error = %error.chain(), "a child failed; trying with a fresh one");
                run(self)
            }
        }
    }

    fn run_once(&mut self, job: &Job) -> Result<Vec<Outcome>, GraderError> {
        let mut runner = match self.runner.take() {
            Some(runner) => runner,
            None => spawn_runner(&self.config)?,
        };
        // On an error the runner is dropped here, and with it its process.
        let outcomes = runner.run_all(job)?;
        if let Some(detail) = outcomes.iter().find_map(Outcome::fault) {
            return Err(GraderError::Runner(SandboxError::fault(detail.to_owned())));
        }
        self.runner = Some(runner);
        Ok(outcomes)
    }
}

fn reference_config(config: &ChildrenConfig) -> ReferenceConfig {
    let mut reference = ReferenceConfig::new(&config.reference);
    reference.cuda_library = config.cuda_library.clone();
    reference
}

/// The process that is there, or a new one; it is in use from now on.
fn started<T>(
    slot: &mut Option<(T, Instant)>,
    start: impl FnOnce() -> Result<T, GraderError>,
) -> Result<&mut T, GraderError> {
    if slot.is_none() {
        *slot = Some((start()?, Instant::now()));
    }
    let (process, used) = slot
        .as_mut()
        .unwrap_or_else(|| unreachable!("started above"));
    *used = Instant::now();
    Ok(process)
}

fn spawn_runner(config: &ChildrenConfig) -> Result<Runner, GraderError> {
    Ok(Runner::spawn(&RunnerConfig::new(
        &config.runner,
        &config.guest,
    ))?)
}
