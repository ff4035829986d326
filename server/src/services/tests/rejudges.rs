//! Rejudges: what is held back, what counts when, and what is left out.

use super::versions::{changed, proved};
use crate::ids::{RejudgeId, SubmissionId};
use crate::services::ServiceError;
use crate::services::accounts::Role;
use crate::services::judgements::Worker;
use crate::services::rejudges::{AnsweredVariant, Outcome, Scope, State};
use crate::services::sessions::Viewer;
use crate::services::submissions::SubmissionState;
use crate::testing::{Site, gru, report, site};
use gradien_problems::given::Given;
use gradien_problems::pack::{Kind, Pack};
use gradien_problems::protocol::{Request, Response, Submission};
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
        let problem = problems.get(Some(&self.budi), &gru()).unwrap();
        let own = problems.own_progress(&self.budi, &problem).await.unwrap();
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

const HAND: &str = "ch5-convolution-hand";

/// Three variants of a pack whose image holds one number everywhere.
fn variants(pack: &Pack, numbers: [f64; 3]) -> Vec<Vec<Given>> {
    let Kind::Answer(answer) = &pack.kind else {
        panic!("another kind")
    };
    let variant = |number: f64| {
        let mut given = answer.given();
        given[0].elements.fill(number);
        given
    };
    numbers.map(variant).into()
}

/// Answers the grader's tasks until both versions have their variants.
async fn prepare(site: &Site, versions: &[(&Pack, [f64; 3])]) {
    let mut left = versions.len();
    while left > 0 {
        let task = site.services.grader.next_task().await.unwrap();
        let Request::Prepare { pack: asked } = &task.request else {
            panic!("{:?}", task.request)
        };
        let version = versions.iter().find(|(pack, _)| pack.hash == asked.hash);
        let response = Response::Prepared {
            samples: Vec::new(),
            variants: version.map_or(Vec::new(), |(pack, numbers)| variants(pack, *numbers)),
        };
        task.answer.send(Ok(response)).unwrap();
        left -= usize::from(version.is_some());
    }
}

#[tokio::test]
async fn an_answer_is_not_judged_by_a_version_with_other_numbers() {
    let site = site(&[]).await;
    let coach = site.viewer("pelatih", Role::Coach).await;
    let (problems, hand) = (&site.services.problems, crate::testing::slug(HAND));
    let old = problems.get(None, &hand).unwrap().pack;
    let copy = tempfile::tempdir().unwrap();
    let folder = changed(copy.path(), HAND, HAND, ("cost = 10", "cost = 11"));
    let drafted = problems.install_draft(&coach, &folder, proved()).await;
    let (_, new) = drafted.unwrap();
    let rejudges = &site.services.rejudges;
    let mut submissions = Vec::new();
    for variant in 0..3 {
        let fields = [("S".to_owned(), vec!["7".to_owned()])].into();
        let answer = Submission::Answer { fields, variant };
        let handed_in = site.services.submissions.submit(&coach, &hand, answer);
        submissions.push(handed_in.await.unwrap());
        judge(&site, Verdict::WrongAnswer).await;
    }
    // Whose numbers it has cannot be told before they are drawn.
    let early = rejudges.create(&coach, &hand, &new, Scope::All).await;
    assert!(matches!(early, Err(ServiceError::PackUnready)), "{early:?}");
    let pack = problems.version(&new, &hand).unwrap();
    prepare(&site, &[(&old, [1.0, 2.0, 3.0]), (&pack, [1.0, 2.5, 3.0])]).await;

    for hash in [&old.hash, &new] {
        let mut drawn = 0;
        while drawn == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            let version = problems.get_to_try(Some(&coach), &hand, Some(hash)).await;
            drawn = version.unwrap().variants.len();
        }
    }
    let id = rejudges
        .create(&coach, &hand, &new, Scope::All)
        .await
        .unwrap();
    let begun = rejudges.get(&coach, id).await.unwrap();
    assert_eq!((begun.row.done, begun.row.total), (0, 2));
    let refused: Vec<_> = begun.comparisons.iter().map(|one| &one.refused).collect();
    let answered = AnsweredVariant {
        number: 1,
        version: old.hash.clone(),
    };
    assert_eq!(refused, [&None, &Some(answered), &None]);
    for _ in 0..2 {
        judge(&site, Verdict::Accepted).await;
    }
    assert!(site.lease(&Worker::embedded()).await.is_none());
    rejudges.apply(&coach, id).await.unwrap();
    let ended = rejudges.get(&coach, id).await.unwrap();
    let after: Vec<_> = ended
        .comparisons
        .iter()
        .map(|one| one.after.map(|after| after.verdict))
        .collect();
    let accepted = Some(Verdict::Accepted);
    assert_eq!(after, [accepted, None, accepted]);
    for (submission, hash) in submissions.into_iter().zip([&new, &old.hash, &new]) {
        let view = site.services.submissions.get(&coach, submission).await;
        assert_eq!(view.unwrap().pack.hash, *hash);
    }
}

async fn judge(site: &Site, verdict: Verdict) {
    let leased = site.lease(&Worker::embedded()).await.unwrap();
    let outcome = report(&leased, verdict, 0, 0);
    let judgements = &site.services.judgements;
    judgements.record(&leased, &outcome).await.unwrap();
}
