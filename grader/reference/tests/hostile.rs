//! References that fail, are greedy or never end: each gets its own clear fault,
//! and the caller and the next reference are none the worse for it.

mod setup;

use gradien_grader::reference::{FaultKind, Reference, ReferenceConfig, ReferenceError};
use gradien_sandbox::array::Array;
use setup::{DEADLINE, config, evaluation, file, find_floats, named, start, x};
use std::io::Write;
use std::process::{Command, Stdio};

/// A fault of one case leaves the other cases of the request alone.
#[test]
fn one_bad_case_spoils_no_other() {
    let text = "
def f(x):
    assert x.sum() > 0, 'not positive'
    return x.sum()

def many(x):
    assert bool((x.sum(-1) > 0).all()), 'not positive'
    return x.sum(-1)
";
    let mut reference = start();
    reference
        .compile("u", vec![file("reference.py", text)], DEADLINE)
        .unwrap();
    let case = |sum: f64| vec![named("x", Array::from_f64(&[1], &[sum]))];
    let mut asked = evaluation("u", "f", vec![case(1.0), case(-1.0), case(3.0)]);
    asked.batched = Some("many".into());
    let (cases, _) = reference.evaluate(asked, DEADLINE).unwrap();
    assert_eq!(find_floats(cases[0].as_ref().unwrap()), [1.0]);
    assert_eq!(cases[1].as_ref().unwrap_err().kind, FaultKind::Raised);
    assert_eq!(find_floats(cases[2].as_ref().unwrap()), [3.0]);
}

/// A list that grows without end meets the limit of the process: an exception
/// where it can be one, else the death of the process, never of the caller.
#[test]
fn greed_meets_its_limit() {
    let text = "
def grow(x):
    kept: List[Tensor] = []
    while len(kept) < 100000:
        kept.append(torch.ones([1000000]) * len(kept))
    return kept[0]

def words(x) -> str:
    text = 'aaaaaaaaaaaaaaaa'
    for i in range(60):
        text = text + text
    return text

def fine(x):
    return x + 1
";
    let mut reference = Reference::start(ReferenceConfig {
        memory_bytes: 256 << 20,
        ..config()
    })
    .unwrap();
    reference
        .compile("u", vec![file("reference.py", text)], DEADLINE)
        .unwrap();
    for function in ["grow", "words"] {
        match reference.evaluate(evaluation("u", function, vec![x()]), DEADLINE) {
            Ok((cases, _)) => {
                let fault = cases[0].as_ref().unwrap_err();
                assert_eq!(fault.kind, FaultKind::OutOfMemory, "{function}: {fault:?}");
            }
            Err(error) => assert!(
                matches!(error, ReferenceError::Died { .. }),
                "{function}: {error}"
            ),
        }
        let (cases, _) = reference
            .evaluate(evaluation("u", "fine", vec![x()]), DEADLINE)
            .unwrap();
        assert_eq!(find_floats(cases[0].as_ref().unwrap()), [2.0, 3.0, 4.0]);
    }
}

#[test]
fn the_walls_stand() {
    let reference = start();
    let walls = &reference.hello().walls;
    assert!(
        walls.iter().any(|wall| wall.starts_with("seccomp: ")),
        "{walls:?}"
    );
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", reference.find_pid().unwrap())).unwrap();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_ascii_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(
        (
            &*field("Seccomp:"),
            &*field("NoNewPrivs:"),
            &*field("Threads:")
        ),
        ("2", "1", "1")
    );
}

#[test]
fn a_missing_program_is_an_error_of_the_start() {
    let Err(error) = Reference::start(ReferenceConfig::new("/nonexistent/gradien-reference"))
    else {
        panic!("it started");
    };
    assert!(matches!(error, ReferenceError::Start { .. }), "{error}");
}

/// A length beyond the cap and bytes that are no request end the process; it
/// neither waits for the bytes nor makes room for them.
#[test]
fn frames_are_capped_and_checked() {
    for bytes in [
        &u32::MAX.to_le_bytes()[..],
        &[3, 0, 0, 0, 0xc1, 0xc1, 0xc1][..],
    ] {
        let mut child = Command::new(config().binary)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(bytes).unwrap();
        // The pipe stays open: a process that waited for more would hang here.
        let output = child.wait_with_output().unwrap();
        drop(stdin);
        assert_eq!(output.status.code(), Some(1), "{bytes:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("frame"), "{said}");
    }
}
