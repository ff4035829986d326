//! Submissions: handing in and looking at what came of it.

mod content;

use super::attempts::{self, Attempts};
use super::clock::Clock;
use super::events::Events;
use super::hints::{self, HintsUsed};
use super::judgements::Class;
use super::problems::{ProblemView, Problems};
use super::sessions::Viewer;
use super::variants;
use super::visibility::{self, Feedback, VisibleReport};
use super::{Result, ServiceError};
use crate::db::entity::{judgement, submission};
use crate::db::{self, Database, DbError};
use crate::ids::{SubmissionId, UserId};
use content::check_content;
use gradien_problems::pack::Pack;
use gradien_problems::protocol::{Progress, Submission};
use gradien_problems::{BlobHash, PackHash, PackSlug, Report, Score, Verdict};
use std::collections::HashSet;
use std::sync::Arc;

/// Submissions of one user that may wait at once.
const MAX_WAITING: u64 = 10;

/// A submission as its viewer may see it.
#[derive(Debug, Clone)]
pub struct SubmissionView {
    pub id: SubmissionId,
    /// The version that it is judged by, which need not be the present one.
    pub pack: Arc<Pack>,
    pub content: Submission,
    pub submitted_at_ms: i64,
    /// Who handed it in, where the viewer is staff and it is not their own.
    pub author: Option<Author>,
    /// Opened before it was handed in.
    pub hints: HintsUsed,
    pub state: SubmissionState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub username: String,
    pub display_name: String,
}

#[derive(Debug, Clone)]
pub enum SubmissionState {
    Queued,
    /// A grader has it. No progress yet: it has just begun.
    Judging {
        progress: Option<Progress>,
    },
    Judged {
        report: Box<VisibleReport>,
        judged_at_ms: i64,
    },
}

/// One line of a list.
#[derive(Debug, Clone)]
pub struct SubmissionRow {
    pub id: SubmissionId,
    pub pack: Arc<Pack>,
    pub submitted_at_ms: i64,
    pub max_score: Score,
    /// `None` while it waits or is being judged.
    pub outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub verdict: Verdict,
    pub score: Score,
    pub judged_at_ms: i64,
}

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub slug: Option<PackSlug>,
    pub verdict: Option<Verdict>,
}

/// Part of a list, counted from 0.
#[derive(Debug, Clone, Copy)]
pub struct PageOf {
    pub number: u64,
    pub size: u64,
}

#[derive(Debug, Clone)]
pub struct SubmissionPage {
    /// Newest first.
    pub rows: Vec<SubmissionRow>,
    /// Of all pages.
    pub total: u64,
}

#[derive(Clone)]
pub struct Submissions {
    db: Database,
    clock: Clock,
    problems: Problems,
    events: Events,
}

impl Submissions {
    pub(super) fn new(db: Database, clock: Clock, problems: Problems, events: Events) -> Self {
        Submissions {
            db,
            clock,
            problems,
            events,
        }
    }

    /// Hands in. When this returns, the submission and its place in the queue
    /// are on the disk, and nothing but the disk's loss can lose them.
    ///
    /// # Errors
    /// No such problem, another kind, empty, too long, too many of the viewer's
    /// wait already, or no attempt is left.
    pub async fn submit(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        content: Submission,
    ) -> Result<SubmissionId> {
        self.submit_to(viewer, slug, None, content).await
    }

    /// As [`Submissions::submit`]; where a version is named, judged by that one, as a
    /// coach tries it.
    ///
    /// # Errors
    /// As there, and as [`Problems::get_to_try`].
    pub async fn submit_to(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        version: Option<&PackHash>,
        content: Submission,
    ) -> Result<SubmissionId> {
        let problem = self.problems.get_to_try(Some(viewer), slug, version);
        let pack = problem.await?.pack;
        check_content(&pack, &content)?;
        let id = SubmissionId::random();
        let now_ms = self.clock.now_ms();
        let content_json = serde_json::to_string(&content)
            .map_err(|error| ServiceError::internal(format!("submission: {error}")))?;
        let row = submission::Model {
            id: id.to_string(),
            user_id: viewer.user.id.to_string(),
            slug: slug.to_string(),
            pack_hash: pack.hash.to_string(),
            content_json,
            submitted_at_ms: now_ms,
            judged_at_ms: None,
            verdict: None,
            score_hundredths: 0,
            max_score_hundredths: pack.max_score().hundredths() as i32,
        };
        let judgement = judgement::Model::queued(
            row.id.clone(),
            Class::Practice as i32,
            row.pack_hash.clone(),
            now_ms,
        );
        let txn = self.db.begin_write().await?;
        if db::submissions::count_waiting(&*txn, &row.user_id).await? >= MAX_WAITING {
            return Err(ServiceError::TooManyWaiting { limit: MAX_WAITING });
        }
        // Staff try their problems as often as they need to.
        if !viewer.user.role.is_staff()
            && attempts::count(&*txn, &row.user_id, &row.slug, pack.attempts)
                .await?
                .are_spent()
        {
            return Err(ServiceError::AttemptsUsed);
        }
        if let Submission::Answer { variant, .. } = content
            && !variants::was_given(&*txn, viewer, &pack, variant).await?
        {
            return Err(ServiceError::VariantNotGiven);
        }
        db::submissions::create(&*txn, row).await?;
        db::judgements::create(&*txn, judgement).await?;
        txn.commit().await?;
        self.events.work_arrived();
        Ok(id)
    }

    /// How many of the viewer's attempts at this problem are used.
    pub async fn attempts(&self, viewer: &Viewer, problem: &ProblemView) -> Result<Attempts> {
        let pack = &problem.pack;
        let user = viewer.user.id.to_string();
        attempts::count(self.db.read(), &user, pack.slug.as_str(), pack.attempts).await
    }

    /// # Errors
    /// [`ServiceError::NotFound`] also where it is there, but not for this viewer.
    pub async fn get(&self, viewer: &Viewer, id: SubmissionId) -> Result<SubmissionView> {
        let not_found = ServiceError::NotFound { what: "submission" };
        let text = id.to_string();
        let Some(row) = db::submissions::find(self.db.read(), &text).await? else {
            return Err(not_found);
        };
        let owner: UserId = row.user_id.parse().map_err(|_| malformed("user id"))?;
        let sight = visibility::sight_of_submission(viewer, owner).ok_or(not_found)?;
        let pack = self.pack_of(&row)?;
        let content: Submission =
            serde_json::from_str(&row.content_json).map_err(|_| malformed("submission"))?;
        let judgement = db::submissions::find_judgement(self.db.read(), &text).await?;
        let state = match judgement {
            Some(judgement::Model {
                report_json: Some(json),
                done_at_ms,
                ..
            }) => {
                let report: Report =
                    serde_json::from_str(&json).map_err(|_| malformed("report"))?;
                let attempts =
                    attempts::count(self.db.read(), &row.user_id, &row.slug, pack.attempts).await?;
                let feedback = Feedback {
                    // Who has no attempt left cannot guess any more.
                    choices: attempts.are_spent(),
                    part_b: db::finals::find_opened(self.db.read(), &row.slug)
                        .await?
                        .is_some(),
                    ..Feedback::PRACTICE
                };
                SubmissionState::Judged {
                    report: Box::new(visibility::report_with(
                        feedback, sight, &report, &pack, &content,
                    )),
                    judged_at_ms: done_at_ms.unwrap_or(row.submitted_at_ms),
                }
            }
            Some(judgement) if judgement.state == db::judgements::LEASED => {
                SubmissionState::Judging {
                    progress: self.events.find_progress(id),
                }
            }
            _ => SubmissionState::Queued,
        };
        Ok(SubmissionView {
            id,
            pack,
            content,
            submitted_at_ms: row.submitted_at_ms,
            author: self.author(viewer, owner).await?,
            hints: hints::used_before(&self.db, owner, &row.slug, row.submitted_at_ms).await?,
            state,
        })
    }

    async fn author(&self, viewer: &Viewer, owner: UserId) -> Result<Option<Author>> {
        if owner == viewer.user.id {
            return Ok(None);
        }
        let user = db::users::find(self.db.read(), &owner.to_string()).await?;
        Ok(user.map(|user| Author {
            username: user.username,
            display_name: user.display_name,
        }))
    }

    fn pack_of(&self, row: &submission::Model) -> Result<Arc<Pack>> {
        let hash: PackHash = row.pack_hash.parse().map_err(|_| malformed("pack hash"))?;
        let slug: PackSlug = row.slug.parse().map_err(|_| malformed("pack name"))?;
        self.problems.version(&hash, &slug)
    }

    /// The viewer's own, newest first.
    pub async fn list_own(
        &self,
        viewer: &Viewer,
        filter: &Filter,
        page: PageOf,
    ) -> Result<SubmissionPage> {
        let columns = db::submissions::Filter {
            slug: filter.slug.as_ref().map(PackSlug::as_str),
            verdict: filter.verdict.map(Verdict::code),
        };
        let user = viewer.user.id.to_string();
        let offset = page.number.saturating_mul(page.size);
        let (rows, total) =
            db::submissions::list_of_user(self.db.read(), &user, columns, offset, page.size)
                .await?;
        let rows = rows
            .iter()
            .map(|row| self.row(row))
            .collect::<Result<_>>()?;
        Ok(SubmissionPage { rows, total })
    }

    /// Whether the viewer handed it in; not whether they may see it.
    pub async fn is_own(&self, viewer: &Viewer, id: SubmissionId) -> Result<bool> {
        let row = db::submissions::find(self.db.read(), &id.to_string()).await?;
        Ok(row.is_some_and(|row| row.user_id == viewer.user.id.to_string()))
    }

    /// The files that any submission refers to.
    pub async fn list_blobs(&self) -> Result<HashSet<BlobHash>> {
        let contents = db::submissions::list_with_files(self.db.read()).await?;
        let mut blobs = HashSet::new();
        for content in contents {
            let content: Submission =
                serde_json::from_str(&content).map_err(|_| malformed("submission"))?;
            blobs.extend(content.find_upload().map(|upload| upload.hash.clone()));
        }
        Ok(blobs)
    }

    /// One line of the list, for a submission that may be seen.
    ///
    /// # Errors
    /// As [`Submissions::get`].
    pub async fn get_row(&self, viewer: &Viewer, id: SubmissionId) -> Result<SubmissionRow> {
        let not_found = ServiceError::NotFound { what: "submission" };
        let Some(row) = db::submissions::find(self.db.read(), &id.to_string()).await? else {
            return Err(not_found);
        };
        let owner: UserId = row.user_id.parse().map_err(|_| malformed("user id"))?;
        visibility::sight_of_submission(viewer, owner).ok_or(not_found)?;
        self.row(&row)
    }

    fn row(&self, row: &submission::Model) -> Result<SubmissionRow> {
        let outcome = match (&row.verdict, row.judged_at_ms) {
            (Some(code), Some(judged_at_ms)) => Some(Outcome {
                verdict: Verdict::from_code(code).ok_or(malformed("verdict"))?,
                score: score(row.score_hundredths),
                judged_at_ms,
            }),
            _ => None,
        };
        Ok(SubmissionRow {
            id: row.id.parse().map_err(|_| malformed("submission id"))?,
            pack: self.pack_of(row)?,
            submitted_at_ms: row.submitted_at_ms,
            max_score: score(row.max_score_hundredths),
            outcome,
        })
    }
}

fn malformed(what: &'static str) -> DbError {
    DbError::Malformed { what }
}

fn score(hundredths: i32) -> Score {
    Score::from_hundredths(u32::try_from(hundredths).unwrap_or(0))
}
