//! What the tests of services and workers stand on: a data folder of one's own
//! with the repository's packs, and a clock that can be moved.

use crate::config::Config;
use crate::ids::SubmissionId;
use crate::services::Services;
use crate::services::accounts::{Role, SignUp, User};
use crate::services::clock::Clock;
use crate::services::judgements::{Leased, Worker};
use crate::services::sessions::Viewer;
use clap::{Args, FromArgMatches};
use gradien_problems::protocol::Submission;
use gradien_problems::report::{Provenance, SubtaskReport};
use gradien_problems::{Language, PackSlug, Report, Score, Verdict};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub const LEASE: Duration = Duration::from_secs(30);
pub const PASSWORD: &str = "kuda lumping";

pub struct Site {
    pub services: Services,
    pub clock: Clock,
    pub folder: tempfile::TempDir,
}

/// A server's services on an empty data folder; further flags as to `serve`.
pub async fn site(flags: &[&str]) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::system();
    let config = config(folder.path(), flags);
    let services = Services::open_at(config, clock.clone()).await.unwrap();
    services.problems.install_folder(&packs()).await.unwrap();
    Site {
        services,
        clock,
        folder,
    }
}

pub fn config(data: &Path, flags: &[&str]) -> Config {
    let command = Config::augment_args(clap::Command::new("gradien"));
    let data = data.to_str().unwrap();
    let all = ["gradien", "--data", data].into_iter();
    let matches = command.get_matches_from(all.chain(flags.iter().copied()));
    Config::from_arg_matches(&matches).unwrap()
}

pub fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs")
}

pub fn slug(text: &str) -> PackSlug {
    text.parse().unwrap()
}

pub fn gru() -> PackSlug {
    slug("ch5-gru-cell")
}

pub fn program(source: &str) -> Submission {
    Submission::Function {
        source: source.into(),
    }
}

pub fn form(username: &str) -> SignUp {
    SignUp {
        username: username.into(),
        display_name: username.into(),
        password: PASSWORD.into(),
        language: Language::Id,
    }
}

/// Two subtasks of the GRU problem with these points.
pub fn report(leased: &Leased, verdict: Verdict, single: u32, batch: u32) -> Report {
    let subtask = |name: &str, points| SubtaskReport {
        name: name.parse().unwrap(),
        verdict,
        score: Score::from_points(points),
        max_score: Score::from_points(40),
        cases: vec![],
        cells: vec![],
    };
    Report {
        score: Score::from_points(single + batch),
        subtasks: vec![subtask("single", single), subtask("batch", batch)],
        ..Report::bare(
            verdict,
            Score::from_points(100),
            Provenance::not_run(leased.pack.hash.clone(), "cpu"),
        )
    }
}

impl Site {
    pub async fn user(&self, username: &str, role: Role) -> User {
        let accounts = &self.services.accounts;
        accounts.create(form(username), role).await.unwrap()
    }

    pub async fn viewer(&self, username: &str, role: Role) -> Viewer {
        let user = self.user(username, role).await;
        let tokens = self.services.sessions.issue(&user).await.unwrap();
        let sessions = &self.services.sessions;
        sessions.authenticate(&tokens.access).await.unwrap()
    }

    pub async fn submit(&self, viewer: &Viewer, source: &str) -> SubmissionId {
        let submissions = &self.services.submissions;
        submissions
            .submit(viewer, &gru(), program(source))
            .await
            .unwrap()
    }

    pub async fn lease(&self, worker: &Worker) -> Option<Leased> {
        self.services.judgements.lease(worker, LEASE).await.unwrap()
    }

    /// Judges the next of the queue with this outcome.
    pub async fn judge(&self, verdict: Verdict, single: u32, batch: u32) {
        let leased = self.lease(&Worker::embedded()).await.unwrap();
        let report = report(&leased, verdict, single, batch);
        self.services
            .judgements
            .record(&leased, &report)
            .await
            .unwrap();
    }
}
