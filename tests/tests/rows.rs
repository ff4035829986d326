//! Cases that follow one another in an instance are judged as each is alone.

use anyhow::{Result, ensure};
use gradien_problems::protocol::Submission;
use gradien_problems::report::CaseReport;
use gradien_problems::{Pack, Report, Verdict};
use gradien_tests::packs;
use gradien_tests::supervisor::Supervisor;

/// The pack as it ships, and a copy whose cases have instances of their own.
fn both(slug: &str) -> Result<(Pack, Pack, tempfile::TempDir)> {
    let folder = tempfile::tempdir()?;
    let change = ("[function]\n", "[function]\nisolation = \"case\"\n");
    let copy = packs::changed_copy(folder.path(), slug, slug, change);
    Ok((packs::load(slug), Pack::load(&copy)?, folder))
}

/// What a student and a coach see, without fuel, which the first case of a row pays.
fn seen(report: &Report) -> impl PartialEq + std::fmt::Debug + use<> {
    let case = |case: &CaseReport| (case.verdict, case.message.clone(), case.detail.clone());
    let subtasks: Vec<_> = report
        .subtasks
        .iter()
        .map(|one| {
            let cases: Vec<_> = one.cases.iter().map(case).collect();
            (one.verdict, one.score, cases)
        })
        .collect();
    let messages = (report.messages.clone(), report.diagnoses.clone());
    (report.verdict, report.score, subtasks, messages)
}

#[test]
fn examples_are_judged_the_same_in_rows_and_alone() -> Result<()> {
    for slug in ["ch5-gru-cell", "ch6-vocabulary"] {
        let (in_rows, alone, _folder) = both(slug)?;
        let store = tempfile::tempdir()?;
        let mut supervisor = Supervisor::start(store.path())?;
        for (row, single) in in_rows.submissions.iter().zip(&alone.submissions) {
            let row_report = supervisor.judge(&in_rows, &row.submission)?;
            let single_report = supervisor.judge(&alone, &single.submission)?;
            assert_eq!(seen(&row_report), seen(&single_report), "{}", row.path);
            if row_report.verdict == Verdict::Accepted {
                // It did run in a row: the second case did not start the program.
                let fuel = |report: &Report| report.subtasks[0].cases[1].fuel;
                assert!(fuel(&row_report) < fuel(&single_report), "{}", row.path);
            }
        }
    }
    Ok(())
}

/// An accepted program that counts its calls, and does `line` before it goes on rightly.
fn counting(pack: &Pack, line: &str) -> Result<Submission> {
    let mut examples = pack.submissions.iter();
    let example = examples.find(|one| one.verdict == Verdict::Accepted);
    let Some(Submission::Function { source }) = example.map(|one| &one.submission) else {
        anyhow::bail!("no accepted program");
    };
    let counting = format!(
        "import random\nimport numpy as np\n\ncalls = 0\n\n\ndef conv2d(I, K):\n    global calls\n    \
         calls += 1\n    {line}\n    return rightly(I, K)\n\n\ndef rightly("
    );
    let source = source.replacen("def conv2d(", &counting, 1);
    ensure!(source.contains("rightly"), "no function conv2d");
    Ok(Submission::Function { source })
}

#[test]
fn a_program_that_fails_only_after_other_cases_is_accepted() -> Result<()> {
    let (in_rows, alone, _folder) = both("ch5-convolution-code")?;
    for line in [
        "if calls > 1: return I",
        "if calls > 1: raise ValueError(calls)",
        "if calls % 3 == 0: raise SystemExit",
        "np.random.seed = random.seed = None",
        "while calls > 2: pass",
    ] {
        let submission = counting(&in_rows, line)?;
        let store = tempfile::tempdir()?;
        let mut supervisor = Supervisor::start(store.path())?;
        let report = supervisor.judge(&in_rows, &submission)?;
        assert_eq!(report.verdict, Verdict::Accepted, "{line}: {report:?}");
        assert_eq!(report.score, in_rows.max_score());
        assert_eq!(
            seen(&report),
            seen(&supervisor.judge(&alone, &submission)?),
            "{line}"
        );
        // The same again, down to the fuel.
        assert_eq!(report, supervisor.judge(&in_rows, &submission)?, "{line}");
    }
    Ok(())
}
