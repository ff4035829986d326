//! Jobs of several calls: what passes from one to the next, what does not, and where a
//! row ends.

mod setup;

use gradien_sandbox::array::{Array, Named, Value};
use gradien_sandbox::job::{Again, Job, Limits, Outcome, SHARED_FUEL, Status};
use setup::{call, find_runner};

fn number(value: f64) -> Vec<Named> {
    vec![Named {
        name: "x".into(),
        value: Array::scalar_f64(value).into(),
    }]
}

/// A call of `f` with 1, 2, … in one instance, each with a seed of its own.
fn row(source: &str, calls: u64, limits: Limits) -> Job {
    let mut job = call(source, "f", number(1.0), limits);
    job.again = (2..=calls)
        .map(|n| Again {
            args: number(n as f64),
            seed: 100 + n,
        })
        .collect();
    job
}

fn values(outcomes: &[Outcome]) -> Vec<&Value> {
    let outputs = outcomes.iter().flat_map(|outcome| &outcome.outputs);
    outputs.map(|output| &output.value).collect()
}

#[test]
fn a_program_keeps_its_variables_and_each_call_has_its_own_output() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let source = "
import numpy as np
seen = []
print('once')

def f(x):
    seen.append(float(x))
    print(len(seen))
    return np.array(seen)
";
    let outcomes = runner
        .run_all(&row(source, 3, Limits::default()))
        .expect("outcomes");
    let expected: Vec<Value> = [&[1.0][..], &[1.0, 2.0], &[1.0, 2.0, 3.0]]
        .map(|seen| Array::from_f64(&[seen.len()], seen).into())
        .into();
    assert_eq!(values(&outcomes), expected.iter().collect::<Vec<_>>());
    let printed: Vec<_> = outcomes.iter().map(Outcome::stdout_lossy).collect();
    assert_eq!(printed, ["once\n1\n", "2\n", "3\n"]);
    // The modules are executed in the first call alone.
    assert!(outcomes[1].fuel < outcomes[0].fuel / 2);
}

#[test]
fn randomness_begins_anew_with_each_call() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let source = "
import random
import numpy as np

def f(x):
    return np.array([random.random(), np.random.rand(), np.random.default_rng().random()])
";
    let job = row(source, 3, Limits::default());
    let together = runner.run_all(&job).expect("outcomes");
    for (again, in_row) in job.again.iter().zip(&together[1..]) {
        let mut alone = call(source, "f", again.args.clone(), Limits::default());
        alone.seed = again.seed;
        let alone = runner.run(&alone).expect("an outcome");
        assert_eq!(alone.outputs, in_row.outputs);
    }
    assert_ne!(together[1].outputs, together[2].outputs);
    assert_eq!(runner.run_all(&job).expect("outcomes"), together);
}

#[test]
fn each_call_has_the_whole_fuel_and_the_first_bad_end_is_the_last() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let limits = Limits {
        fuel: 80_000_000,
        ..Limits::default()
    };
    // Each call takes most of the fuel; the third is without end.
    let source = "
def f(x):
    for _ in range(150_000):
        pass
    while x == 3:
        pass
    return x
";
    let outcomes = runner.run_all(&row(source, 5, limits)).expect("outcomes");
    let statuses: Vec<_> = outcomes.iter().map(|outcome| &outcome.status).collect();
    assert_eq!(statuses, [&Status::Ok, &Status::Ok, &Status::OutOfFuel]);
    assert!(outcomes[1].fuel > limits.fuel / 10);
    assert_eq!(outcomes[2].fuel, limits.fuel);

    let source = "def f(x):\n    return 1 // int(x - 2)";
    let outcomes = runner
        .run_all(&row(source, 4, Limits::default()))
        .expect("outcomes");
    assert_eq!(outcomes.len(), 2);
    assert!(matches!(outcomes[1].status, Status::Exception(_)));
}

#[test]
fn much_fuel_or_many_results_end_a_row() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let source = "
def f(x):
    for _ in range(300_000):
        pass
    return x
";
    let outcomes = runner
        .run_all(&row(source, 50, Limits::default()))
        .expect("outcomes");
    let fuel: u64 = outcomes.iter().map(|outcome| outcome.fuel).sum();
    let last = outcomes.last().expect("an outcome");
    assert_eq!(last.status, Status::Ok);
    assert!((2..50).contains(&outcomes.len()));
    assert!(fuel > SHARED_FUEL && fuel - last.fuel <= SHARED_FUEL);

    let limits = Limits {
        result_bytes: 1 << 20,
        ..Limits::default()
    };
    let source = "import numpy as np\ndef f(x):\n    return np.zeros(50_000)";
    let outcomes = runner.run_all(&row(source, 9, limits)).expect("outcomes");
    assert_eq!(outcomes.len(), 3);
    assert!(outcomes.iter().all(|outcome| outcome.status == Status::Ok));
}

#[test]
fn requests_do_not_pile_up_in_the_instance() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let big = || {
        vec![Named {
            name: "x".into(),
            value: Array::from_f64(&[250_000], &vec![1.0; 250_000]).into(),
        }]
    };
    let mut job = call("def f(x):\n    return x[0]", "f", big(), Limits::default());
    job.again = (0..20).map(|seed| Again { args: big(), seed }).collect();
    let outcomes = runner.run_all(&job).expect("outcomes");
    assert_eq!(outcomes.len(), 21);
    assert_eq!(
        outcomes[2].peak_memory_bytes,
        outcomes[20].peak_memory_bytes
    );
}

#[test]
fn a_broken_interpreter_never_becomes_a_fault_of_ours() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    for harm in [
        "np.random.seed = None",
        "random.seed = lambda *_: 1 / 0",
        "json.dumps = json.loads = None",
        "sys.modules.clear()",
        "sys.modules['gradien_harness'].__dict__.clear()",
        "sys.modules['gradien_harness'].answer = lambda *_: ({}, b'')",
        "sys.stdout = sys.stderr = None",
        "sys.setrecursionlimit(30)",
        "builtins.__dict__.clear()",
        "builtins.callable = lambda _: False",
        "gc.get_objects()[-1:]; [g.clear() for g in gc.get_objects() if type(g) is dict and len(g) < 3]",
        "kept.append(sys._getframe().f_back.f_back.f_locals['request'])",
        "kept[:] = [sys._getframe().f_back.f_back.f_locals['_loaded'].clear()]",
        "threading.Thread = None; np.ndarray = None; np.frombuffer = None",
    ] {
        let source = format!(
            "import builtins, gc, json, random, sys, threading\nimport numpy as np\nkept = []\n\
             def f(x):\n    for view in kept:\n        view and bytes(view[:64])\n    {harm}\n    return x\n"
        );
        let honest = row("def f(x):\n    return x + 1", 2, Limits::default());
        let before = runner.run_all(&honest).expect("outcomes");
        let job = row(&source, 3, Limits::default());
        let first = runner.run_all(&job).expect("outcomes");
        assert!(
            first.iter().all(|outcome| outcome.fault().is_none()),
            "{harm}"
        );
        assert_eq!(runner.run_all(&job).expect("outcomes"), first, "{harm}");
        assert_eq!(runner.run_all(&honest).expect("outcomes"), before, "{harm}");
        println!("{harm}: {:?}", first.last().map(|last| &last.status));
    }
}
