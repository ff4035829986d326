use crate::services::accounts::Role;
use crate::services::clock::Clock;
use crate::services::submissions::{Filter, PageOf, SubmissionState};
use crate::services::{ServiceError, Services};
use crate::testing::{config, gru, program, site, slug};
use gradien_problems::protocol::{MAX_SOURCE_BYTES, RunInput, Submission};
use gradien_problems::{Score, Verdict};
use std::collections::BTreeMap;

const FIRST_PAGE: PageOf = PageOf {
    number: 0,
    size: 20,
};

fn answer(field: &str, cells: &[&str]) -> Submission {
    let cells = cells.iter().map(|&cell| cell.to_owned()).collect();
    Submission::Answer {
        variant: 0,
        fields: BTreeMap::from([(field.to_owned(), cells)]),
    }
}

/// Nothing is closed and nothing flushed: as if the process had been killed.
#[tokio::test]
async fn what_was_acknowledged_is_there_for_the_next_process() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let id = site.submit(&budi, "def gru_cell(): pass").await;
    let config = config(site.folder.path(), &[]);
    let next = Services::open_at(config, Clock::system()).await.unwrap();
    let seen = next.submissions.get(&budi, id).await.unwrap();
    assert!(matches!(seen.state, SubmissionState::Queued));
    assert_eq!(seen.content, program("def gru_cell(): pass"));
    assert_eq!(next.judgements.count_open().await.unwrap(), 1);
}

#[tokio::test]
async fn only_what_a_grader_can_make_something_of_is_taken() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let submissions = &site.services.submissions;
    let long = "#".repeat(MAX_SOURCE_BYTES + 1);
    let hand = slug("ch5-convolution-hand");
    for (problem, content, code) in [
        (gru(), program(" \n"), "SourceEmpty"),
        (gru(), program(&long), "SourceTooLong"),
        (gru(), answer("z1", &["1"]), "WrongKind"),
        (hand.clone(), program("x"), "WrongKind"),
        (hand.clone(), answer("nope", &["1"]), "AnswerMalformed"),
        (hand, answer("nope", &[&long]), "SourceTooLong"),
        (slug("no-such-problem"), program("x"), "NotFound"),
    ] {
        let refused = submissions.submit(&budi, &problem, content).await;
        let text = format!("{:?}", refused.unwrap_err());
        assert!(text.starts_with(code), "{text} for {code}");
    }
    assert_eq!(site.services.judgements.count_open().await.unwrap(), 0);
}

#[tokio::test]
async fn nobody_fills_the_queue_alone() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let ani = site.viewer("ani", Role::Student).await;
    for _ in 0..10 {
        site.submit(&budi, "x = 1").await;
    }
    let submissions = &site.services.submissions;
    let refused = submissions.submit(&budi, &gru(), program("x = 1")).await;
    assert!(matches!(refused, Err(ServiceError::TooManyWaiting { .. })));
    site.submit(&ani, "x = 1").await;
    site.judge(Verdict::WrongAnswer, 0, 0).await;
    site.submit(&budi, "x = 1").await;
}

#[tokio::test]
async fn anothers_submission_is_as_if_it_were_not_there() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let ani = site.viewer("ani", Role::Student).await;
    let coach = site.viewer("pelatih", Role::Coach).await;
    let id = site.submit(&budi, "x = 1").await;
    let submissions = &site.services.submissions;
    let hidden = submissions.get(&ani, id).await.unwrap_err();
    let absent = submissions
        .get(&ani, crate::ids::SubmissionId::random())
        .await;
    assert_eq!(hidden.to_string(), absent.unwrap_err().to_string());
    assert!(submissions.get_row(&ani, id).await.is_err());
    let seen = submissions.get(&coach, id).await.unwrap();
    assert_eq!(seen.author.unwrap().username, "budi");
    assert_eq!(submissions.get(&budi, id).await.unwrap().author, None);
    let all = submissions
        .list_own(&ani, &Filter::default(), FIRST_PAGE)
        .await;
    assert_eq!(all.unwrap().total, 0);
}

#[tokio::test]
async fn own_submissions_are_listed_newest_first_and_filtered() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let first = site.submit(&budi, "x = 1").await;
    site.judge(Verdict::WrongAnswer, 40, 0).await;
    site.clock.advance_ms(1000);
    let second = site.submit(&budi, "x = 2").await;
    let submissions = &site.services.submissions;
    let list = |filter: Filter, page| async move {
        let page = submissions.list_own(&budi, &filter, page).await.unwrap();
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        (ids, page.total, page.rows)
    };
    let (ids, total, rows) = list(Filter::default(), FIRST_PAGE).await;
    assert_eq!((ids, total), (vec![second, first], 2));
    assert_eq!(rows[0].outcome, None);
    let outcome = rows[1].outcome.unwrap();
    assert_eq!(outcome.verdict, Verdict::WrongAnswer);
    assert_eq!(outcome.score, Score::from_points(40));
}

#[tokio::test]
async fn the_best_of_every_subtask_counts() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let ani = site.viewer("ani", Role::Student).await;
    for (viewer, verdict, single, batch) in [
        (&budi, Verdict::WrongAnswer, 40, 0),
        (&budi, Verdict::WrongAnswer, 0, 30),
        // More than the pack gives for it: a report of an older version.
        (&ani, Verdict::WrongAnswer, 99, 0),
        (&ani, Verdict::CompileError, 0, 0),
    ] {
        site.submit(viewer, "x = 1").await;
        site.judge(verdict, single, batch).await;
    }
    let problems = &site.services.problems;
    for (viewer, best, attempts) in [(&budi, 70, 2), (&ani, 40, 1)] {
        let own = problems
            .own_progress(viewer, &problems.get(None, &gru()).unwrap())
            .await
            .unwrap();
        assert_eq!(own.best, Score::from_points(best));
        assert_eq!(own.attempts, attempts);
        assert!(!own.solved());
    }
    let chapters = problems.list_by_chapter(Some(&budi)).await.unwrap();
    let numbers: Vec<_> = chapters.iter().map(|chapter| chapter.number).collect();
    assert!(numbers.is_sorted() && numbers.contains(&3), "{numbers:?}");
    let fifth = chapters.iter().find(|chapter| chapter.number == 5).unwrap();
    let sections: Vec<_> = fifth.problems.iter().map(|p| &*p.pack.section).collect();
    let (first, last) = (sections.first().copied(), sections.last().copied());
    assert_eq!((first, last), (Some("5.1.3"), Some("5.6")));
    let anonymous = problems.list_by_chapter(None).await.unwrap();
    assert!(
        anonymous
            .iter()
            .flat_map(|c| &c.problems)
            .all(|p| p.own.is_none())
    );
}

/// A problem's policy holds for what was handed in before it, too.
#[tokio::test]
async fn the_policy_of_a_problem_says_which_submissions_count() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    for (verdict, single, batch) in [
        (Verdict::WrongAnswer, 40, 0),
        (Verdict::WrongAnswer, 0, 30),
        (Verdict::WrongAnswer, 10, 25),
        // No attempt, so not the last one either.
        (Verdict::CompileError, 0, 0),
    ] {
        site.submit(&budi, "x = 1").await;
        site.judge(verdict, single, batch).await;
        site.clock.advance_ms(1000);
    }
    let problems = &site.services.problems;
    let shipped = problems.get(None, &gru()).unwrap().pack;
    let copy = tempfile::tempdir().unwrap();
    let folder = copy.path().join("ch5-gru-cell");
    super::super::problems::folders::copy_folder(&shipped.folder, &folder).unwrap();
    let manifest = folder.join("problem.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    for (policy, points) in [("max", 40), ("last", 35), ("best_subtasks", 70)] {
        let with = format!("scoring = \"{policy}\"\n{text}");
        std::fs::write(&manifest, with).unwrap();
        problems.install_folder(&folder).await.unwrap();
        let own = problems
            .own_progress(&budi, &problems.get(None, &gru()).unwrap())
            .await
            .unwrap();
        assert_eq!(own.best, Score::from_points(points), "{policy}");
        assert_eq!(own.attempts, 3, "{policy}");
        let chapters = problems.list_by_chapter(Some(&budi)).await.unwrap();
        let mut listed = chapters.iter().flat_map(|chapter| &chapter.problems);
        let listed = listed.find(|problem| problem.pack.slug == gru()).unwrap();
        assert_eq!(listed.own.unwrap().best, own.best, "{policy}");
        let coach = site.viewer(&format!("pelatih-{points}"), Role::Coach).await;
        let class = site.services.coaching.class(&coach).await.unwrap();
        let place = class.problems.iter().position(|pack| pack.slug == gru());
        assert_eq!(class.students[0].progress[place.unwrap()].best, own.best);
    }
    std::fs::write(&manifest, format!("scoring = \"best\"\n{text}")).unwrap();
    let refused = problems.install_folder(&folder).await.unwrap_err();
    let cause = std::error::Error::source(&refused).map(ToString::to_string);
    let said = format!("{refused}: {cause:?}");
    assert!(said.contains("best_subtasks"), "{said}");
}

#[tokio::test]
async fn drafts_are_ones_own_and_the_last_counts() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let ani = site.viewer("ani", Role::Student).await;
    let drafts = &site.services.drafts;
    let gru = site.services.problems.get(None, &gru()).unwrap();
    assert_eq!(drafts.find(&budi, &gru).await.unwrap(), None);
    drafts.save(&budi, &gru, &program("x = 1")).await.unwrap();
    let at = drafts.save(&budi, &gru, &program("x = 2")).await.unwrap();
    let draft = drafts.find(&budi, &gru).await.unwrap().unwrap();
    assert_eq!((draft.content, draft.saved_at_ms), (program("x = 2"), at));
    assert_eq!(drafts.find(&ani, &gru).await.unwrap(), None);
    let long = program(&"é".repeat(MAX_SOURCE_BYTES + 1));
    let refused = drafts.save(&budi, &gru, &long).await;
    assert!(matches!(refused, Err(ServiceError::DraftTooLong { .. })));
}

#[tokio::test]
async fn a_changed_pack_is_another_version_and_old_submissions_keep_theirs() {
    let site = site(&[]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let id = site.submit(&budi, "x = 1").await;
    let problems = &site.services.problems;
    let before = problems.get(None, &gru()).unwrap().pack;

    let copy = tempfile::tempdir().unwrap();
    let folder = copy.path().join("ch5-gru-cell");
    super::super::problems::folders::copy_folder(&before.folder, &folder).unwrap();
    let manifest = folder.join("problem.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("560_001", "560_002")).unwrap();
    problems.install_folder(&folder).await.unwrap();

    let after = problems.get(None, &gru()).unwrap().pack;
    assert_ne!(after.hash, before.hash);
    let seen = site.services.submissions.get(&budi, id).await.unwrap();
    assert_eq!(seen.pack.hash, before.hash);
    let leased = site
        .lease(&crate::services::judgements::Worker::embedded())
        .await;
    assert_eq!(leased.unwrap().pack.hash, before.hash);
}

#[tokio::test]
async fn runs_are_for_programs_and_one_at_a_time() {
    let site = site(&["--run-deadline-s", "1"]).await;
    let budi = site.viewer("budi", Role::Student).await;
    let runs = &site.services.runs;
    let run = |problem, source: &str| {
        runs.run(&budi, problem, None, source.to_owned(), RunInput::Samples)
    };
    let hand = slug("ch5-convolution-hand");
    assert!(matches!(
        run(&hand, "x").await,
        Err(ServiceError::WrongKind)
    ));
    let program = gru();
    assert!(matches!(
        run(&program, " ").await,
        Err(ServiceError::SourceEmpty)
    ));
    // No grader is there: the first waits until its deadline.
    let (first, second) = tokio::join!(run(&program, "x"), run(&program, "x"));
    assert!(matches!(first, Err(ServiceError::RunTimedOut { .. })));
    assert!(matches!(second, Err(ServiceError::Busy)));
}

#[tokio::test]
async fn uploads_of_no_submission_go_after_a_day_and_others_stay() {
    let site = site(&[]).await;
    let ani = site.viewer("ani", Role::Student).await;
    let notebook = slug("ch1-perceptron-notebook");
    let mut uploads = Vec::new();
    for content in [b"one".as_slice(), b"two"] {
        let mut incoming = site.services.blobs.begin(100).await.unwrap();
        incoming.write(content).await.unwrap();
        uploads.push(incoming.finish("a.ipynb").await.unwrap());
    }
    let content = Submission::Notebook {
        file: uploads[0].clone(),
    };
    let submitted = site.services.submissions.submit(&ani, &notebook, content);
    submitted.await.unwrap();
    assert_eq!(site.services.remove_orphan_blobs().await.unwrap(), 0);
    site.clock.advance_ms(25 * 3600 * 1000);
    assert_eq!(site.services.remove_orphan_blobs().await.unwrap(), 1);
    assert!(site.services.blobs.read(&uploads[0]).await.is_ok());
    assert!(site.services.blobs.read(&uploads[1]).await.is_err());
}
