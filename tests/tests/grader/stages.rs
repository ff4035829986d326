//! Where the time of a verdict goes: the same calls as the supervisor makes, one
//! stage after another, over all cases of the GRU pack.

use crate::{gru, reference_config, rounds, timed, told};
use gradien_grader::compare::compare;
use gradien_grader::judge::{Programs, Series, call_job, case_seed};
use gradien_grader::prepare::{Store, draw, make};
use gradien_grader::reference::Reference;
use gradien_problems::protocol::Submission;
use gradien_sandbox::client::{Runner, RunnerConfig};
use gradien_sandbox::job::Status;
use gradien_tests::binaries;

#[test]
#[ignore = "a measurement"]
fn stages_of_a_verdict() {
    let (pack, submission) = gru();
    let Submission::Function { source } = &submission else {
        panic!("a program")
    };
    let function = pack.kind.find_function().expect("a function pack");
    let cases: u32 = function.subtasks.iter().map(|subtask| subtask.cases).sum();
    println!(
        "GRU pack: {} subtasks, {cases} cases",
        function.subtasks.len()
    );

    let mut reference = Reference::start(reference_config()).unwrap();
    println!(
        "reference process, once: {} ms to start",
        reference.start_wall_ms()
    );
    let config = RunnerConfig::new(&binaries::path("gradien-runner"), &binaries::guest());
    let (start, runner) = timed(|| Runner::spawn(&config).unwrap());
    let mut runner = runner;
    println!("runner process, once: {start:.0} ms to start");
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let programs = Programs {
        function,
        source,
        data: None,
    };

    let mut prepared = make(&pack, &mut reference).unwrap();
    let [
        mut drawn,
        mut referred,
        mut recorded,
        mut found,
        mut ran,
        mut ran_in_rows,
        mut compared,
    ] = [const { Vec::new() }; 7];
    for _ in 0..rounds() {
        drawn.push(
            timed(|| {
                for subtask in &function.subtasks {
                    for index in 0..subtask.cases {
                        draw::draw_case(function, subtask, index).unwrap();
                    }
                }
            })
            .0,
        );
        let (time, made) = timed(|| make(&pack, &mut reference).unwrap());
        prepared = made;
        // It draws before it asks, and asks every misconception too.
        referred.push(time - drawn[drawn.len() - 1]);
        recorded.push(timed(|| store.record(&pack.hash, &prepared).unwrap()).0);
        found.push(timed(|| store.find(&pack.hash).unwrap().expect("just kept")).0);
        let (mut in_sandbox, mut in_compare) = (0.0, 0.0);
        for (subtask, cases) in function.subtasks.iter().zip(&prepared.subtasks) {
            for (index, case) in cases.iter().enumerate() {
                let call = programs.call(subtask, case.inputs.clone());
                let seed = case_seed(&pack.hash, subtask.name.as_str(), index as u32);
                let job = call_job(programs.modules(), call, seed, function.limits);
                let (time, outcome) = timed(|| runner.run(&job).unwrap());
                in_sandbox += time;
                assert_eq!(outcome.status, Status::Ok);
                let (time, agrees) = timed(|| {
                    let (outputs, container) = (&outcome.outputs, outcome.container);
                    let tolerance = function.tolerance;
                    compare(
                        &function.outputs,
                        tolerance,
                        container,
                        outputs,
                        &case.expected,
                    )
                });
                in_compare += time;
                assert!(agrees.is_ok());
            }
        }
        ran.push(in_sandbox);
        let mut in_rows = 0.0;
        for (subtask, cases) in function.subtasks.iter().zip(&prepared.subtasks) {
            let job = Series::new(&pack, &programs, subtask, cases).job_from(0);
            let (time, outcomes) = timed(|| runner.run_all(&job).unwrap());
            in_rows += time;
            assert_eq!(outcomes.len(), cases.len(), "a row has ended early");
        }
        ran_in_rows.push(in_rows);
        compared.push(in_compare);
    }
    let misconceptions = prepared.misconceptions.len();
    println!("once for each pack version:");
    told("  draw all cases", "ms", drawn);
    told(
        &format!("  reference and {misconceptions} misconceptions, all cases"),
        "ms",
        referred,
    );
    told("  store: write and flush", "ms", recorded);
    println!("once for each start of a supervisor:");
    told("  store: read and check", "ms", found);
    println!("for each verdict:");
    let sandbox = told("  sandbox: every case in a fresh instance", "ms", ran);
    told(
        "  sandbox: the cases of a subtask in a row",
        "ms",
        ran_in_rows,
    );
    told("  compare", "ms", compared);
    println!(
        "  sandbox for one case: {:.3} ms",
        sandbox / f64::from(cases)
    );
}
