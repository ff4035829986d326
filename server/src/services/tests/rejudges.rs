//! Rejudges: what is held back, what counts when, and what is left out.

use super::versions::{changed, proved};
use crate::ids::{RejudgeId, SubmissionId};
use crate::services::ServiceError;
use crate::services::accounts::Role;
use crate::services::judgements::Worker;
use crate::services::rejudges::{Outcome, Scope, State};
use crate::services::sessions::Viewer;
use crate::services::submissions::SubmissionState;
use crate::testing::{Site, gru, report, site};
use gradien_problems::{PackHash, Score, Verdict};

struct Place {
    site: Site,
    coach: Viewer,
    budi: Viewer,
    /// Of another version than the published one.
    new: PackHash,
}

async fn place() -> Place {
    let site = site(&[]).await;
    let coach = site.viewer("pelatih", Role::Coach).await;
    let budi = site.viewer("budi", Role::Student).await;
    let copy = tempfile::tempdir().unwrap();
    let folder = changed(
        copy.path(),
        "ch5-gru-cell",
        "ch5-gru-cell",
        ("560_001", "3"),
    );
    let problems = &site.services.problems;
    let (_, new) = problems
        .install_draft(&coach, &folder, proved())
        .await
        .unwrap();
    Place {
        site,
        coach,
        budi,
        new,
    }
}

impl Place {
    async fn begin(&self, scope: Scope) -> Result<RejudgeId, ServiceError> {
        let rejudges = &self.site.services.rejudges;
        rejudges.create(&self.coach, &gru(), &self.new, scope).await
    }

    async fn seen(&self, id: SubmissionId) -> (Verdict, PackHash) {
        let submissions = &self.site.services.submissions;
        let view = submissions.get(&self.budi, id).await.unwrap();
        let SubmissionState::Judged { report, .. } = view.state else {
            panic!("not judged")
        };
        (report.verdict, view.pack.hash.clone())
    }

    async fn best(&self) -> Score {
        let problems = &self.site.services.problems;
        let own = problems.own_progress(&self.budi, &gru()).await.unwrap();
        own.earned
    }
}

#[tokio::test]
async fn new_outcomes_count_only_when_they_are_applied() {
    let place = place().await;
    let old = place.site.services.problems.get(None, &gru()).unwrap();
    let old = old.pack.hash.clone();
    let one = place.site.submit(&place.budi, "x = 1").await;
    place.site.judge(Verdict::WrongAnswer, 10, 0).await;
    let two = place.site.submit(&place.budi, "x = 2").await;
    place.site.judge(Verdict::WrongAnswer, 0, 5).await;
    assert_eq!(place.best().await, Score::from_points(15));

    let id = place.begin(Scope::All).await.unwrap();
    let again = place.begin(Scope::All).await;
    assert!(matches!(again, Err(ServiceError::RejudgeOpen)));
    let rejudges = &place.site.services.rejudges;
    place.site.judge(Verdict::Accepted, 40, 40).await;
    let early = rejudges.apply(&place.coach, id).await;
    assert!(matches!(early, Err(ServiceError::RejudgeUnfinished)));
    place.site.judge(Verdict::WrongAnswer, 0, 5).await;
    assert!(place.site.lease(&Worker::embedded()).await.is_none());

    // Nothing has changed for anybody else.
    for submission in [one, two] {
        let seen = place.seen(submission).await;
        assert_eq!(seen, (Verdict::WrongAnswer, old.clone()));
    }
    assert_eq!(place.best().await, Score::from_points(15));
    let view = rejudges.get(&place.coach, id).await.unwrap();
    let outcome = |verdict, points| {
        Some(Outcome {
            verdict,
            score: Score::from_points(points),
        })
    };
    let first = &view.comparisons[0];
    assert_eq!((first.submission, first.author.as_str()), (one, "budi"));
    assert_eq!(first.before, outcome(Verdict::WrongAnswer, 10));
    assert_eq!(first.after, outcome(Verdict::Accepted, 80));
    assert!(first.has_changed() && !view.comparisons[1].has_changed());

    rejudges.apply(&place.coach, id).await.unwrap();
    assert_eq!(
        place.seen(one).await,
        (Verdict::Accepted, place.new.clone())
    );
    assert_eq!(place.seen(two).await.0, Verdict::WrongAnswer);
    assert_eq!(place.best().await, Score::from_points(70));
    // What was before is still known, and nothing is applied twice.
    let view = rejudges.get(&place.coach, id).await.unwrap();
    assert_eq!(view.row.state, State::Applied);
    assert_eq!(
        view.comparisons[0].before,
        outcome(Verdict::WrongAnswer, 10)
    );
    let twice = rejudges.apply(&place.coach, id).await;
    assert!(matches!(twice, Err(ServiceError::NotFound { .. })));
}

#[tokio::test]
async fn what_is_discarded_changes_nothing_and_leaves_the_queue() {
    let place = place().await;
    let one = place.site.submit(&place.budi, "x = 1").await;
    place.site.judge(Verdict::Accepted, 40, 40).await;
    place.site.submit(&place.budi, "x = 2").await;
    place.site.judge(Verdict::Accepted, 40, 40).await;
    let id = place.begin(Scope::All).await.unwrap();
    let worker = Worker::embedded();
    let leased = place.site.lease(&worker).await.unwrap();
    let rejudges = &place.site.services.rejudges;
    rejudges.discard(&place.coach, id).await.unwrap();
    // One waited and is gone; the other comes to its end in vain.
    assert!(place.site.lease(&worker).await.is_none());
    let report = report(&leased, Verdict::WrongAnswer, 0, 0);
    let judgements = &place.site.services.judgements;
    judgements.record(&leased, &report).await.unwrap();
    assert_eq!(place.seen(one).await.0, Verdict::Accepted);
    let late = rejudges.apply(&place.coach, id).await;
    assert!(matches!(late, Err(ServiceError::NotFound { .. })));
    place.begin(Scope::One(one)).await.unwrap();
}

#[tokio::test]
async fn a_fault_of_ours_is_shown_and_left_out() {
    let place = place().await;
    let one = place.site.submit(&place.budi, "x = 1").await;
    place.site.judge(Verdict::Accepted, 40, 40).await;
    let id = place.begin(Scope::OfOtherVersions).await.unwrap();
    let leased = place.site.lease(&Worker::embedded()).await.unwrap();
    let judgements = &place.site.services.judgements;
    judgements
        .fail(&leased, "made for a test", false)
        .await
        .unwrap();
    let rejudges = &place.site.services.rejudges;
    let view = rejudges.get(&place.coach, id).await.unwrap();
    assert!(view.comparisons[0].is_fault());
    rejudges.apply(&place.coach, id).await.unwrap();
    assert_eq!(place.seen(one).await.0, Verdict::Accepted);
    assert_eq!(place.best().await, Score::from_points(70));
}

#[tokio::test]
async fn practice_goes_before_and_rejudges_are_for_coaches_alone() {
    let place = place().await;
    place.site.submit(&place.budi, "x = 1").await;
    // What waits for its first judgement is not judged twice.
    let nothing = place.begin(Scope::All).await;
    assert!(matches!(nothing, Err(ServiceError::NotFound { .. })));
    place.site.judge(Verdict::Accepted, 40, 40).await;
    place.begin(Scope::All).await.unwrap();
    let practice = place.site.submit(&place.budi, "x = 2").await;
    let leased = place.site.lease(&Worker::embedded()).await.unwrap();
    assert_eq!(leased.submission, practice);
    let rejudges = &place.site.services.rejudges;
    let refused = rejudges
        .create(&place.budi, &gru(), &place.new, Scope::All)
        .await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
    let refused = rejudges.list(&place.budi, &gru()).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
}

#[tokio::test]
async fn a_coach_tries_a_draft_and_students_do_not_know_of_it() {
    let place = place().await;
    let submissions = &place.site.services.submissions;
    let program = || crate::testing::program("x = 1");
    let version = Some(&place.new);
    let refused = submissions
        .submit_to(&place.budi, &gru(), version, program())
        .await;
    assert!(matches!(refused, Err(ServiceError::NotFound { .. })));
    let tried = submissions
        .submit_to(&place.coach, &gru(), version, program())
        .await
        .unwrap();
    let leased = place.site.lease(&Worker::embedded()).await.unwrap();
    assert_eq!(leased.submission, tried);
    assert_eq!(leased.pack.hash, place.new);
    let other = "0".repeat(64).parse().unwrap();
    let problems = &place.site.services.problems;
    let nowhere = problems
        .get_to_try(Some(&place.coach), &gru(), Some(&other))
        .await;
    assert!(matches!(nowhere, Err(ServiceError::NotFound { .. })));
}
