//! The engine with small modules of our own instead of the guest: what traps, caps
//! and lies become. Each module is what a guest could do at its worst.

#![cfg(feature = "engine")]

mod modules;

use gradien_sandbox::engine::HOST_STACK_BYTES;
use gradien_sandbox::job::{Exception, Limits, Outcome, Status};
use modules::{LIMITS, executor, job, module, run, run_with};
use proptest::prelude::*;

/// Answers with `header` and `payload`.
fn answer(header: &str, payload: &str) -> Outcome {
    let length = header.len();
    let total = 4 + length + payload.len() / 3;
    let escaped = header.replace('\\', "\\\\").replace('"', "\\\"");
    let prefix: String = (length as u32)
        .to_le_bytes()
        .iter()
        .map(|byte| format!("\\{byte:02x}"))
        .collect();
    run(
        "",
        &format!(r#"(data (i32.const 1024) "{prefix}{escaped}{payload}")"#),
        &format!("i64.const {}", (1024u64 << 32) | total as u64),
    )
}

fn exception(outcome: &Outcome) -> &Exception {
    match &outcome.status {
        Status::Exception(exception) => exception,
        other => panic!("{other:?}"),
    }
}

const FD_WRITE: &str = r#"(import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))"#;
const OK: &str = r#"{"status":"ok","container":"single","outputs":[]}"#;

#[test]
fn an_honest_answer_arrives() {
    let outcome = answer(OK, "");
    assert_eq!(outcome.status, Status::Ok);
    assert_eq!(outcome.peak_memory_bytes, 16 << 16);
}

#[test]
fn loops_end_with_the_fuel_exactly() {
    let outcome = run("", "", "(loop br 0) i64.const 0");
    assert_eq!(outcome.status, Status::OutOfFuel);
    assert_eq!(outcome.fuel, LIMITS.fuel);
}

#[test]
fn fuel_is_the_same_in_every_run() {
    let text = module(
        "",
        "",
        "(local $i i32)
         (loop (local.set $i (i32.add (local.get $i) (i32.const 1)))
               (br_if 0 (i32.lt_u (local.get $i) (i32.const 1000))))
         i64.const 0",
    );
    let first = run_with(&text, LIMITS).fuel;
    assert!(first > 3000);
    assert!((0..20).all(|_| run_with(&text, LIMITS).fuel == first));
}

/// What the engine's theory of operation says of bulk operations.
#[test]
fn bulk_memory_is_charged_by_its_length() {
    let fill = |bytes: u32| {
        let body = format!(
            "(memory.fill (i32.const 0) (i32.const 1) (i32.const {bytes}))
             (memory.copy (i32.const 0) (i32.const 1) (i32.const {bytes})) i64.const 0"
        );
        run("", "", &body).fuel
    };
    assert_eq!(fill(500_000) - fill(100_000), 2 * 400_000);
}

/// 64 KiB a page, one unit for eight bytes; what is refused costs nothing.
#[test]
fn memory_that_grows_is_charged_by_its_length() {
    let grow = |pages: u32| {
        run(
            "",
            "",
            &format!("(drop (memory.grow (i32.const {pages}))) i64.const 0"),
        )
    };
    let (none, some, refused) = (grow(0), grow(10), grow(1000));
    assert_eq!(some.fuel - none.fuel, 10 * (64 << 10) / 8);
    assert_eq!(refused.fuel, none.fuel);
    let poor = Limits {
        fuel: 1_000,
        ..LIMITS
    };
    let text = module("", "", "(drop (memory.grow (i32.const 10))) i64.const 0");
    let outcome = run_with(&text, poor);
    assert_eq!((outcome.status, outcome.fuel), (Status::OutOfFuel, 1_000));
}

#[test]
fn the_wall_clock_stops_what_fuel_does_not() {
    let limits = Limits {
        fuel: u64::MAX / 4,
        wall_ms: 100,
        ..LIMITS
    };
    let outcome = run_with(&module("", "", "(loop br 0) i64.const 0"), limits);
    assert_eq!(outcome.status, Status::WallBackstop);
}

#[test]
fn a_late_alarm_does_not_hit_the_next_job() {
    let loops = module("", "", "(loop br 0) i64.const 0");
    std::thread::Builder::new()
        .stack_size(HOST_STACK_BYTES)
        .spawn(move || {
            let executor = executor(&loops);
            for _ in 0..3 {
                let short = Limits {
                    fuel: u64::MAX / 4,
                    wall_ms: 20,
                    ..LIMITS
                };
                assert_eq!(executor.run(&job(short)).status, Status::WallBackstop);
                assert_eq!(executor.run(&job(LIMITS)).status, Status::OutOfFuel);
            }
        })
        .expect("a thread")
        .join()
        .expect("no panic");
}

#[test]
fn memory_is_denied_beyond_the_limit() {
    // 3 MiB more would make 4; 4 MiB more would not fit.
    let grow = |pages: u32| {
        run(
            "",
            "",
            &format!(
                "(if (i32.eq (memory.grow (i32.const {pages})) (i32.const -1)) (then unreachable)) i64.const 0"
            ),
        )
    };
    assert!(matches!(grow(48).status, Status::BadReturn { .. }));
    assert_eq!(grow(48).peak_memory_bytes, 4 << 20);
    assert_eq!(grow(49).status, Status::OutOfMemory);
}

#[test]
fn requests_that_find_no_memory_run_out_of_it() {
    let text = r#"(module (memory (export "memory") 1)
        (func (export "gradien_alloc") (param i32) (result i32) i32.const 0)
        (func (export "gradien_run") (param i32 i32) (result i64) i64.const 0))"#;
    assert_eq!(run_with(text, LIMITS).status, Status::OutOfMemory);
}

#[test]
fn deep_recursion_is_an_exception() {
    let outcome = run("", "", "local.get 0 local.get 1 call $run");
    assert_eq!(exception(&outcome).kind, "RecursionError");
}

#[test]
fn other_traps_are_crashes_of_the_interpreter() {
    for body in [
        "unreachable",
        "(drop (i32.load (i32.const -4))) i64.const 0",
        "(drop (i32.div_u (i32.const 1) (i32.const 0))) i64.const 0",
    ] {
        assert_eq!(
            exception(&run("", "", body)).kind,
            "InterpreterCrash",
            "{body}"
        );
    }
}

#[test]
fn exits_are_exceptions() {
    let import = r#"(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"#;
    let outcome = run(import, "", "(call $exit (i32.const 0)) i64.const 0");
    assert_eq!(exception(&outcome).kind, "SystemExit");
}

#[test]
fn floods_are_cut_at_the_cap() {
    // One buffer of 300 bytes at address 0, over and over.
    let data = r#"(data (i32.const 16) "\00\00\00\00\2c\01\00\00")"#;
    for (fd, stdout, stderr) in [(1, 1000, 0), (2, 0, 1000)] {
        let body = format!(
            "(loop (drop (call $write (i32.const {fd}) (i32.const 16) (i32.const 1) (i32.const 32))) br 0) i64.const 0"
        );
        let outcome = run(FD_WRITE, data, &body);
        assert_eq!(outcome.status, Status::OutputLimit);
        assert_eq!(
            (outcome.stdout.len(), outcome.stderr.len()),
            (stdout, stderr)
        );
        assert_eq!(
            (outcome.stdout_truncated, outcome.stderr_truncated),
            (fd == 1, fd == 2)
        );
    }
}

#[test]
fn writing_is_charged_by_its_length() {
    let write = |bytes: u32| {
        let length: String = bytes
            .to_le_bytes()
            .iter()
            .map(|byte| format!("\\{byte:02x}"))
            .collect();
        let data = format!(r#"(data (i32.const 16) "\00\00\00\00{length}")"#);
        let body = "(drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 32))) i64.const 0";
        run_with(
            &module(FD_WRITE, &data, body),
            Limits {
                output_bytes: 1 << 20,
                ..LIMITS
            },
        )
        .fuel
    };
    assert_eq!(write(800_000) - write(0), 100_000);
}

#[test]
fn answers_that_lie_are_bad_returns() {
    let lies = [
        "i64.const 0",
        "i64.const -1",
        "i64.const 0x7fffffff00000010",
        "i64.const 0x0000000000000003",
        "i64.const 0x00100000ffffffff",
    ];
    for body in lies {
        let outcome = run("", "", body);
        assert!(
            matches!(outcome.status, Status::BadReturn { .. }),
            "{body}: {:?}",
            outcome.status
        );
    }
}

#[test]
fn booleans_and_overlaps_are_answered() {
    let value = r#"{"value":{"kind":"array","dtype":"|b1","shape":[2],"offset":0}}"#;
    let one = format!(r#"{{"status":"ok","container":"single","outputs":[{value}]}}"#);
    assert_eq!(answer(&one, "\\07\\00").status, Status::Ok);
    let two = format!(r#"{{"status":"ok","container":"tuple","outputs":[{value},{value}]}}"#);
    assert!(matches!(
        answer(&two, "\\07\\00").status,
        Status::BadReturn { .. }
    ));
}

#[test]
fn an_import_that_is_unknown_answers_not_supported() {
    let import = r#"(import "wasi_snapshot_preview1" "sock_accept"
        (func $accept (param i32 i32 i32) (result i32)))"#;
    let body = "(if (i32.ne (call $accept (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 58)) (then unreachable)) i64.const 0";
    assert!(matches!(
        run(import, "", body).status,
        Status::BadReturn { .. }
    ));
}

#[test]
fn waiting_moves_the_clock_and_takes_no_time() {
    let imports = r#"
        (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get" (func $now (param i32 i64 i32) (result i32)))"#;
    // A subscription to a clock at 1000, relative, for 2^50 ns (13 days).
    let rest = r#"(data (i32.const 1024) "\00\00\00\00\00\00\04\00")"#;
    let body = "
        (drop (call $now (i32.const 0) (i64.const 0) (i32.const 0)))
        (if (call $poll (i32.const 1000) (i32.const 2000) (i32.const 1) (i32.const 3000)) (then unreachable))
        (drop (call $now (i32.const 0) (i64.const 0) (i32.const 8)))
        (if (i64.lt_u (i64.sub (i64.load (i32.const 8)) (i64.load (i32.const 0))) (i64.const 0x4000000000000))
            (then unreachable))
        (if (i32.ne (i32.load (i32.const 3000)) (i32.const 1)) (then unreachable))
        i64.const 0";
    assert!(matches!(
        run(imports, rest, body).status,
        Status::BadReturn { .. }
    ));
}

#[test]
fn randomness_hangs_on_the_seed_alone() {
    let imports = format!(
        r#"{FD_WRITE}(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))"#
    );
    let rest = r#"(data (i32.const 100) "\00\00\00\00\20\00\00\00")"#;
    let body = "(drop (call $random (i32.const 0) (i32.const 32)))
        (drop (call $write (i32.const 1) (i32.const 100) (i32.const 1) (i32.const 200))) i64.const 0";
    let text = module(&imports, rest, body);
    let bytes = run_with(&text, LIMITS).stdout;
    assert_eq!(bytes.len(), 32);
    assert_eq!(run_with(&text, LIMITS).stdout, bytes);
}

/// Every function of the WASI shim, called with whatever numbers.
const SHIM: [(&str, &str); 20] = [
    ("fd_write", "i32 i32 i32 i32"),
    ("fd_read", "i32 i32 i32 i32"),
    ("fd_pread", "i32 i32 i32 i64 i32"),
    ("fd_seek", "i32 i64 i32 i32"),
    ("fd_tell", "i32 i32"),
    ("fd_close", "i32"),
    ("fd_fdstat_get", "i32 i32"),
    ("fd_filestat_get", "i32 i32"),
    ("fd_prestat_get", "i32 i32"),
    ("fd_prestat_dir_name", "i32 i32 i32"),
    ("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32"),
    ("path_filestat_get", "i32 i32 i32 i32 i32"),
    ("path_readlink", "i32 i32 i32 i32 i32 i32"),
    ("args_sizes_get", "i32 i32"),
    ("environ_get", "i32 i32"),
    ("environ_sizes_get", "i32 i32"),
    ("clock_res_get", "i32 i32"),
    ("clock_time_get", "i32 i64 i32"),
    ("random_get", "i32 i32"),
    ("poll_oneoff", "i32 i32 i32 i32"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn wild_pointers_are_answered(
        function in 0..SHIM.len(),
        numbers in prop::collection::vec(
            prop_oneof![0i64..8, 0i64..70_000, Just(-1), Just(1 << 20), Just((1 << 20) - 4), any::<i64>()],
            9,
        ),
    ) {
        let (name, parameters) = SHIM[function];
        let import = format!(
            r#"(import "wasi_snapshot_preview1" "{name}" (func $f (param {parameters}) (result i32)))"#
        );
        let pushes: String = parameters
            .split(' ')
            .zip(&numbers)
            .map(|(kind, number)| match kind {
                "i32" => format!("i32.const {} ", *number as i32),
                _ => format!("i64.const {number} "),
            })
            .collect();
        let outcome = run(&import, "", &format!("{pushes} call $f drop i64.const 0"));
        // Nothing of this may be called ours.
        prop_assert!(!matches!(outcome.status, Status::SandboxFault { .. }), "{:?}", outcome.status);
    }
}
