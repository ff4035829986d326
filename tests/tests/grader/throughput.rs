//! Verdicts a second, as a worker asks for them.

use crate::{gru, rounds, told};
use gradien_problems::Verdict;
use gradien_tests::supervisor::Supervisor;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// Supervisors at work, one for each of the two cores of the goal.
const SLOTS: usize = 2;
const ROUND: Duration = Duration::from_secs(3);

#[test]
#[ignore = "a measurement"]
fn verdicts_a_second() {
    let (pack, submission) = gru();
    let store = tempfile::tempdir().unwrap();
    for slots in [1, SLOTS] {
        let mut supervisors: Vec<Supervisor> = (0..slots)
            .map(|_| {
                let mut supervisor = Supervisor::start(store.path()).unwrap();
                // The first one computes the expected values.
                for _ in 0..3 {
                    let report = supervisor.judge(&pack, &submission).unwrap();
                    assert_eq!(report.verdict, Verdict::Accepted);
                }
                supervisor
            })
            .collect();
        let mut rates = Vec::new();
        for _ in 0..rounds() {
            let begin = Barrier::new(slots);
            let counts = std::thread::scope(|scope| {
                let mut threads = Vec::new();
                for supervisor in &mut supervisors {
                    let (begin, pack, submission) = (&begin, &pack, &submission);
                    threads.push(scope.spawn(move || {
                        begin.wait();
                        let begun = Instant::now();
                        let mut count = 0u32;
                        while begun.elapsed() < ROUND {
                            let report = supervisor.judge(pack, submission).unwrap();
                            assert_eq!(report.verdict, Verdict::Accepted);
                            count += 1;
                        }
                        f64::from(count) / begun.elapsed().as_secs_f64()
                    }));
                }
                let rates = threads.into_iter().map(|thread| thread.join().unwrap());
                rates.sum::<f64>()
            });
            rates.push(counts);
        }
        told(
            &format!("verdicts on the GRU pack, {slots} supervisor(s)"),
            "a second",
            rates,
        );
    }
    println!("the goal: at least 40 a second on 2 cores");
}
