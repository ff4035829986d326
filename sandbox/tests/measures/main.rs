//! `cargo xtask bench sandbox`: what a judgement costs, against the machine's own
//! Python in the same run. Nothing is asserted of a time: machines differ.
//!
//! Each file of `bodies/` is run by both, and timed by what its thread had of the
//! processor, so that other programs do not count: a first line names its row, a second says
//! how many turns make a measurement. What is told is the time of that many turns
//! less the time of none, so that start and set-up count on neither side; rounds
//! alternate between the two, and the middle of the rounds' ratios is told with the
//! distance between their quartiles. Fuel is on but where the column says otherwise.

mod memory;
mod native;
#[path = "../setup/mod.rs"]
mod setup;

use gradien_sandbox::array::{Array, Named};
use gradien_sandbox::client::Runner;
use gradien_sandbox::engine::{Executor, Guest, HOST_STACK_BYTES};
use gradien_sandbox::job::{Job, Limits, Status};
use native::Native;
use setup::{call, config, find_guest};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

const LIMITS: Limits = Limits {
    fuel: u64::MAX / 4,
    memory_bytes: 512 << 20,
    output_bytes: 1 << 20,
    result_bytes: 1 << 20,
    wall_ms: 600_000,
};
const TRIVIAL: &str = "import numpy as np\n\ndef f(x):\n    return x + 1.0\n";

/// A middle value and the distance between the quartiles.
struct Spread {
    median: f64,
    iqr: f64,
}

fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    Spread {
        median: at(0.5),
        iqr: at(0.75) - at(0.25),
    }
}

fn rounds() -> usize {
    let asked = std::env::var("GRADIEN_BENCH_ROUNDS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(9)
}

struct Body {
    path: PathBuf,
    source: String,
    row: String,
    turns: i64,
}

fn list_bodies() -> Vec<Body> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/measures/bodies");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let source = fs::read_to_string(&path).expect("readable");
        let field = |name: &str| {
            let line = source.lines().find_map(|line| line.strip_prefix(name));
            line.expect("a header").to_owned()
        };
        let (row, turns) = (field("# row: "), field("# turns: ").parse().expect("turns"));
        Body {
            path,
            row,
            turns,
            source,
        }
    };
    paths.into_iter().map(read).collect()
}

/// Seconds of the processor that this thread has had.
fn processor_seconds() -> f64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the kernel writes to the structure that it is given.
    let done = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut now) };
    assert_eq!(done, 0, "every Linux has this clock");
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Seconds of one job.
fn seconds(executor: &Executor, job: &Job) -> f64 {
    let begun = processor_seconds();
    let outcome = executor.run(job);
    let elapsed = processor_seconds() - begun;
    let fine = match job.limits.fuel {
        0 => Status::OutOfFuel,
        _ => Status::Ok,
    };
    let done = matches!(&outcome.status, Status::BadReturn { reason, .. } if reason == "none");
    assert!(done || outcome.status == fine, "{:?}", outcome.status);
    elapsed
}

fn job(body: &Body, turns: i64) -> Job {
    let turns = Named {
        name: "turns".into(),
        value: Array::scalar_i64(turns).into(),
    };
    call(&body.source, "run", vec![turns], LIMITS)
}

fn measure_bodies(metered: &Executor, unmetered: Option<&Executor>) {
    println!(
        "\n{:<50} {:>10} {:>10} {:>7} {:>7} {:>9}",
        "same body in both", "native ms", "guest ms", "ratio", "IQR", "fuel cost"
    );
    for body in list_bodies() {
        let mut native = Native::find(&body.path);
        let (whole, none) = (job(&body, body.turns), job(&body, 0));
        let net = |executor: &Executor| seconds(executor, &whole) - seconds(executor, &none);
        let (mut theirs, mut ours, mut ratios, mut costs) = (vec![], vec![], vec![], vec![]);
        for _ in 0..rounds() {
            let mine = net(metered);
            ours.push(mine * 1e3);
            if let Some(native) = &mut native {
                let its = native.seconds(body.turns) - native.seconds(0);
                theirs.push(its * 1e3);
                ratios.push(mine / its);
            }
            if let Some(unmetered) = unmetered {
                costs.push(mine / net(unmetered));
            }
        }
        let text = |values: Vec<f64>, digits: usize| match values.is_empty() {
            true => ("-".to_owned(), "-".to_owned()),
            false => {
                let Spread { median, iqr } = spread(values);
                (format!("{median:.digits$}"), format!("{iqr:.digits$}"))
            }
        };
        let (ratio, iqr) = text(ratios, 2);
        println!(
            "{:<50} {:>10} {:>10} {:>7} {:>7} {:>9}",
            format!("{} (x{})", body.row, body.turns),
            text(theirs, 2).0,
            text(ours, 2).0,
            ratio,
            iqr,
            text(costs, 2).0
        );
    }
}

fn told(name: &str, values: Vec<f64>) {
    let count = values.len();
    let Spread { median, iqr } = spread(values);
    println!("{name:<58} {median:>9.3} ms  IQR {iqr:.3}  of {count}");
}

fn measure_starts(executor: &Executor, guest: &Path) {
    let x = vec![Named {
        name: "x".into(),
        value: Array::from_f64(&[2], &[1.0, 2.0]).into(),
    }];
    let trivial = call(TRIVIAL, "f", x, LIMITS);
    let unfed = Job {
        limits: Limits { fuel: 0, ..LIMITS },
        ..trivial.clone()
    };
    let times = |job: &Job| (0..300).map(|_| seconds(executor, job) * 1e3).collect();
    println!();
    told("fresh instance, made, entered and dropped", times(&unfed));
    told("whole trivial judgement inside the runner", times(&trivial));
    let mut runner = Runner::spawn(&config(guest)).expect("the runner starts");
    let piped = (0..300).map(|_| {
        let begun = Instant::now();
        let outcome = runner.run(&trivial).expect("an outcome");
        assert_eq!(outcome.status, Status::Ok);
        begun.elapsed().as_secs_f64() * 1e3
    });
    told("the same through the runner's pipe", piped.collect());
    for (name, bubblewrap) in [
        ("python3 -c 'import numpy', a process", false),
        ("the same in bubblewrap", true),
    ] {
        let times: Vec<_> = (0..rounds())
            .map_while(|_| native::find_process_time(bubblewrap))
            .map(|time| time.as_secs_f64() * 1e3)
            .collect();
        match times.is_empty() {
            true => println!("{name:<58} not on this machine"),
            false => told(name, times),
        }
    }
}

#[test]
#[ignore = "a measurement"]
fn sandbox_against_native_python() {
    let Some(path) = find_guest() else { return };
    let version = native::find_version();
    println!(
        "native: {}",
        version
            .as_deref()
            .unwrap_or("no python3 with NumPy on this machine")
    );
    let guest = Guest::load(&path).expect("the guest loads");
    println!("guest:  {}", guest.guest_hash);
    let measure = move || {
        let metered = Executor::new(guest).expect("an executor");
        measure_starts(&metered, &path);
        memory::measure(&path);
        let snapshot = path.with_file_name("python.wasm");
        let unmetered = match snapshot.is_file() {
            true => {
                let guest = Guest::without_fuel(&snapshot).expect("the snapshot compiles");
                Some(Executor::new(guest).expect("an executor"))
            }
            false => None,
        };
        measure_bodies(&metered, unmetered.as_ref());
        match unmetered {
            Some(_) => println!("fuel cost: the guest's time over its time compiled without fuel"),
            None => println!("fuel cost: no snapshot lies at {}", snapshot.display()),
        }
    };
    std::thread::Builder::new()
        .stack_size(HOST_STACK_BYTES)
        .spawn(measure)
        .expect("a thread")
        .join()
        .expect("no panic");
}
