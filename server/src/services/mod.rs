//! What Gradien does, apart from how it looks and where it is kept.
//!
//! Pages and workers call these; what a viewer may not see or do is refused
//! here ([`visibility`]), never in a page. Times are milliseconds since 1970, UTC.

pub mod accounts;
pub mod attempts;
pub mod blobs;
pub mod clock;
pub mod coaching;
pub mod drafts;
pub mod error;
pub mod events;
pub mod finals;
pub mod grader;
pub mod hints;
pub mod judgements;
pub mod preview;
pub mod problems;
pub mod progress;
pub mod rejudges;
pub mod runs;
pub mod secrets;
pub mod sessions;
pub mod submissions;
pub mod uploads;
pub mod variants;
pub mod visibility;

#[cfg(test)]
mod tests;

pub use error::ServiceError;
pub type Result<T> = std::result::Result<T, ServiceError>;

use crate::config::Config;
use crate::db::Database;
use clock::Clock;
use std::sync::Arc;

/// A file that came with a form is stored before the submission that refers to it;
/// this is longer than that can take by far.
const ORPHAN_MS: i64 = 24 * 3600 * 1000;

/// Everything that pages and workers may ask for. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub config: Arc<Config>,
    pub clock: Clock,
    pub accounts: accounts::Accounts,
    pub sessions: sessions::Sessions,
    pub coaching: coaching::Coaching,
    pub problems: problems::Problems,
    pub submissions: submissions::Submissions,
    pub drafts: drafts::Drafts,
    pub finals: finals::Finals,
    pub hints: hints::Hints,
    pub blobs: blobs::Blobs,
    pub runs: runs::Runs,
    pub variants: variants::Variants,
    pub uploads: uploads::Uploads,
    pub judgements: judgements::Judgements,
    pub rejudges: rejudges::Rejudges,
    pub events: events::Events,
    pub grader: grader::Grader,
    /// Of `gradien pack preview` alone.
    pub preview: Option<preview::Preview>,
    db: Database,
}

impl Services {
    /// Opens the data directory: makes it if it is new, brings the database up
    /// to date and reads the secrets.
    ///
    /// # Errors
    /// The directory or the database cannot be opened; the text says which.
    pub async fn open(config: Config) -> Result<Services> {
        Services::open_at(config, Clock::system()).await
    }

    /// As [`Services::open`], with a clock that a test can move.
    pub async fn open_at(config: Config, clock: Clock) -> Result<Services> {
        let config = Arc::new(config);
        secrets::create_data_folder(&config.data.data)?;
        let secrets = secrets::Secrets::load_or_create(&config.data.data)?;
        let db = Database::open(&config.data.database_url()).await?;
        let events = events::Events::new();
        let grader = grader::Grader::new(config.run_queue, config.run_slots, config.run_deadline());
        let accounts = accounts::Accounts::new(db.clone(), clock.clone(), config.sign_up);
        let sessions = sessions::Sessions::new(db.clone(), clock.clone(), &secrets);
        let problems = problems::Problems::new(db.clone(), clock.clone(), &config, grader.clone());
        problems.load_installed().await?;
        let submissions = submissions::Submissions::new(
            db.clone(),
            clock.clone(),
            problems.clone(),
            events.clone(),
        );
        let judgements = judgements::Judgements::new(
            db.clone(),
            clock.clone(),
            problems.clone(),
            events.clone(),
        );
        Ok(Services {
            finals: finals::Finals::new(
                db.clone(),
                clock.clone(),
                problems.clone(),
                submissions.clone(),
            ),
            accounts,
            sessions,
            blobs: blobs::Blobs::open(config.data.blobs_folder()).await?,
            drafts: drafts::Drafts::new(db.clone(), clock.clone()),
            hints: hints::Hints::new(db.clone(), clock.clone()),
            coaching: coaching::Coaching::new(db.clone(), problems.clone()),
            variants: variants::Variants::new(db.clone(), clock.clone()),
            uploads: uploads::Uploads::new(
                db.clone(),
                clock.clone(),
                &config,
                problems.clone(),
                grader.clone(),
            ),
            rejudges: rejudges::Rejudges::new(
                db.clone(),
                clock.clone(),
                problems.clone(),
                events.clone(),
            ),
            runs: runs::Runs::new(problems.clone(), grader.clone()),
            problems,
            submissions,
            judgements,
            events,
            grader,
            preview: None,
            config,
            clock,
            db,
        })
    }

    /// Puts everything on the disk and closes the database.
    pub async fn close(self) -> Result<()> {
        Ok(self.db.close().await?)
    }

    /// Removes uploaded files that belong to no submission and have for a day: of
    /// forms that were refused after their file had come. Gives their number.
    pub async fn remove_orphan_blobs(&self) -> Result<u64> {
        let before_ms = self.clock.now_ms() - ORPHAN_MS;
        let referred = self.submissions.list_blobs().await?;
        self.blobs.remove_orphans(&referred, before_ms).await
    }

    /// Whether the database answers, for `/health`.
    pub async fn check_database(&self) -> Result<()> {
        Ok(self.db.ping().await?)
    }
}
