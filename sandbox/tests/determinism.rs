//! One job, a thousand times, while every core is busy: the same bytes each time.

mod setup;

use gradien_sandbox::array::{Array, Named};
use gradien_sandbox::client::Runner;
use gradien_sandbox::job::{Limits, Status};
use rmp_serde::to_vec;
use setup::{call, config, find_guest};
use std::sync::atomic::{AtomicBool, Ordering};

const RUNS: usize = 1_000;

/// Whatever could differ from run to run, in few instructions.
const SOURCE: &str = "
import random, secrets, time
import numpy as np

class Thing:
    pass

def f(x):
    print(Thing(), id(Thing()), hash('text'), {'a', 'b', 'c'})
    print(time.time(), time.perf_counter(), random.random(), secrets.token_hex(4))
    kept = np.empty(6 << 20)
    return np.tanh(x @ x.T) + np.random.rand(), np.random.default_rng().normal(size=3)
";

#[test]
fn a_thousand_runs_on_busy_cores_are_one() {
    let Some(guest) = find_guest() else { return };
    let numbers: Vec<f64> = (0..64).map(|n| f64::from(n) / 7.0).collect();
    let args = vec![Named {
        name: "x".into(),
        value: Array::from_f64(&[8, 8], &numbers).into(),
    }];
    let job = call(SOURCE, "f", args, Limits::default());
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let (job, config, done) = (&job, &config(&guest), &AtomicBool::new(false));
    let run = move |count: usize| {
        let mut runner = Runner::spawn(config).expect("the runner starts");
        let mut answers = Vec::new();
        for _ in 0..count {
            let outcome = runner.run(job).expect("an outcome");
            assert_eq!(outcome.status, Status::Ok);
            answers.push(to_vec(&outcome).expect("bytes"));
            answers.dedup();
        }
        (answers, runner.run(job).expect("an outcome"))
    };
    std::thread::scope(|scope| {
        // Two programs for each core: runners, and as many that only take its time.
        for _ in 0..cores {
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let share = RUNS.div_ceil(cores);
        let runs: Vec<_> = (0..cores)
            .map(|_| scope.spawn(move || run(share)))
            .collect();
        let mut answers = Vec::new();
        for run in runs {
            let (mut bytes, last) = run.join().expect("no panic");
            answers.append(&mut bytes);
            // The bytes are of what is told to matter.
            assert!(last.fuel > 0 && last.stdout.len() > 100 && last.outputs.len() == 2);
            assert!(last.peak_memory_bytes > 64 << 20);
        }
        done.store(true, Ordering::Relaxed);
        answers.dedup();
        assert_eq!(answers.len(), 1, "{} different answers", answers.len());
    });
}
