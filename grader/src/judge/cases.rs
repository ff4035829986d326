//! One case: what is sent to the runner, and what its outcome means.

use super::rerun;
use gradien_problems::message::{BadReturn, Frame, Message};
use gradien_problems::pack::{FunctionKind, Limits, Subtask};
use gradien_problems::{PackHash, Verdict};
use gradien_sandbox::array::Named;
use gradien_sandbox::job::{self, Call, Exception, Job, Module, Outcome, Phase, Status};
use sha2::{Digest, Sha256};

const SOLUTION: &str = "solution";
const DRIVER: &str = "driver";
/// More than any output of an exercise.
const RESULT_BYTES: u64 = 32 << 20;

/// The modules of a submission, and how to call them.
pub struct Programs<'a> {
    pub function: &'a FunctionKind,
    pub source: &'a str,
    /// Where the program is run again with hidden data: the module that has it.
    pub data: Option<&'a str>,
}

impl Programs<'_> {
    pub fn modules(&self) -> Vec<Module> {
        let mut modules = vec![module(SOLUTION, self.source)];
        modules.extend(
            self.function
                .driver
                .as_ref()
                .map(|driver| module(DRIVER, driver)),
        );
        modules
    }

    /// The student's function, or the driver's that the subtask names.
    pub fn call(&self, subtask: &Subtask, args: Vec<Named>) -> Call {
        let (module, function) = match &subtask.driver {
            Some(function) => (DRIVER, function),
            None => (SOLUTION, &subtask.entry),
        };
        Call {
            module: module.into(),
            function: function.clone(),
            args,
        }
    }
}

impl Programs<'_> {
    /// What a case of the subtask runs.
    pub fn case_job(&self, subtask: &Subtask, inputs: &[Named], seed: u64) -> Job {
        let (modules, call) = match self.data {
            Some(data) => rerun::modules(self, data, subtask, inputs),
            None => (self.modules(), self.call(subtask, inputs.to_vec())),
        };
        call_job(modules, call, seed, self.function.limits)
    }

    /// What to tell the student of an outcome of `entry` that is no result.
    pub fn message(&self, status: &Status, entry: &str) -> Option<Message> {
        let rerun = self.data.and_then(|_| rerun::find_message(self, status));
        rerun.or_else(|| message_of(status, &self.function.limits, entry))
    }
}

pub fn module(name: &str, source: &str) -> Module {
    Module {
        name: name.into(),
        filename: format!("{name}.py"),
        source: source.into(),
    }
}

pub fn call_job(modules: Vec<Module>, call: Call, seed: u64, limits: Limits) -> Job {
    Job {
        modules,
        call: Some(call),
        seed,
        limits: job::Limits {
            fuel: limits.fuel,
            memory_bytes: limits.memory_bytes,
            output_bytes: limits.output_bytes,
            result_bytes: RESULT_BYTES,
            wall_ms: limits.wall_ms,
        },
        again: Vec::new(),
    }
}

/// The guest's randomness: from the pack's content and the case, never from the
/// judgement, so that a rejudge sees the same.
pub fn case_seed(pack: &PackHash, subtask: &str, index: u32) -> u64 {
    let digest = Sha256::digest(format!("{pack}/{subtask}/{index}"));
    digest
        .iter()
        .take(8)
        .fold(0, |seed, &byte| seed << 8 | u64::from(byte))
}

/// The verdict of an outcome; `None` where the outputs have to be compared.
pub fn verdict_of(status: &Status) -> Option<Verdict> {
    Some(match status {
        Status::Ok => return None,
        Status::Exception(Exception {
            phase: Phase::Compile,
            frames,
            ..
        }) if frames.iter().all(|frame| frame.file == "solution.py") => Verdict::CompileError,
        Status::Exception(_) | Status::MissingFunction { .. } => Verdict::RuntimeError,
        Status::BadReturn { .. } => Verdict::WrongAnswer,
        Status::OutOfFuel => Verdict::TimeLimit,
        Status::WallBackstop => Verdict::WallTimeLimit,
        Status::OutOfMemory => Verdict::MemoryLimit,
        Status::OutputLimit => Verdict::OutputLimit,
        Status::SandboxFault { .. } => Verdict::JudgeError,
    })
}

/// What to tell the student of an outcome that is no result.
pub fn message_of(status: &Status, limits: &Limits, entry: &str) -> Option<Message> {
    Some(match status {
        Status::Ok => return None,
        Status::Exception(exception) => exception_message(exception),
        Status::OutOfFuel => Message::OutOfFuel { limit: limits.fuel },
        Status::WallBackstop => Message::WallLimit {
            limit_ms: limits.wall_ms,
        },
        Status::OutOfMemory => Message::OutOfMemory {
            limit_bytes: limits.memory_bytes,
        },
        Status::OutputLimit => Message::OutputLimit {
            limit_bytes: limits.output_bytes,
        },
        Status::MissingFunction { function, defined } => Message::FunctionMissing {
            function: function.clone(),
            defined: defined.clone(),
        },
        Status::BadReturn {
            reason, type_name, ..
        } => match reason.as_str() {
            "none" => Message::ReturnedNothing {
                function: entry.to_owned(),
            },
            reason => Message::BadReturn {
                type_name: type_name.clone(),
                reason: match reason {
                    "object_dtype" => BadReturn::ObjectDtype,
                    "unsupported_type" => BadReturn::UnsupportedType,
                    "too_large" => BadReturn::TooLarge,
                    _ => BadReturn::Malformed,
                },
            },
        },
        Status::SandboxFault { .. } => return None,
    })
}

fn exception_message(exception: &Exception) -> Message {
    let last = exception.frames.last();
    if exception.phase == Phase::Compile {
        return Message::SyntaxError {
            detail: exception.message.clone(),
            line: last.map(|frame| frame.line),
            text: last.map(|frame| frame.text.clone()).unwrap_or_default(),
        };
    }
    if exception.kind == "SystemExit" {
        return Message::Exited;
    }
    // A trap has no frames; a student's own class of that name has.
    if exception.kind == "InterpreterCrash" && exception.frames.is_empty() {
        return Message::InterpreterCrashed;
    }
    // The driver is the pack's; the student sees their own lines.
    let own = exception
        .frames
        .iter()
        .filter(|frame| frame.file != "driver.py");
    Message::Exception {
        kind: exception.kind.clone(),
        detail: exception.message.clone(),
        frames: own
            .map(|frame| Frame {
                file: frame.file.clone(),
                line: frame.line,
                function: frame.function.clone(),
                text: frame.text.clone(),
            })
            .collect(),
    }
}

/// Prints as text, bytes that are not UTF-8 replaced.
pub fn prints(outcome: &Outcome) -> (String, String) {
    (outcome.stdout_lossy(), outcome.stderr_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exception(kind: &str, phase: Phase, file: &str) -> Status {
        Status::Exception(Exception {
            kind: kind.into(),
            message: "m".into(),
            phase,
            frames: vec![job::Frame {
                file: file.into(),
                line: 2,
                function: "f".into(),
                text: "x".into(),
            }],
        })
    }

    fn bad(reason: &str) -> Status {
        Status::BadReturn {
            reason: reason.into(),
            type_name: "T".into(),
            detail: String::new(),
        }
    }

    #[test]
    fn every_status_has_a_verdict_and_a_message() {
        let limits = Limits {
            fuel: 1,
            memory_bytes: 1,
            output_bytes: 1,
            wall_ms: 1,
        };
        let missing = Status::MissingFunction {
            function: "f".into(),
            defined: vec![],
        };
        for (status, verdict) in [
            (
                exception("SyntaxError", Phase::Compile, "solution.py"),
                Verdict::CompileError,
            ),
            (
                exception("ValueError", Phase::Import, "solution.py"),
                Verdict::RuntimeError,
            ),
            (
                exception("SystemExit", Phase::Call, "solution.py"),
                Verdict::RuntimeError,
            ),
            (missing, Verdict::RuntimeError),
            (bad("none"), Verdict::WrongAnswer),
            (bad("object_dtype"), Verdict::WrongAnswer),
            (bad("something new"), Verdict::WrongAnswer),
            (Status::OutOfFuel, Verdict::TimeLimit),
            (Status::WallBackstop, Verdict::WallTimeLimit),
            (Status::OutOfMemory, Verdict::MemoryLimit),
            (Status::OutputLimit, Verdict::OutputLimit),
        ] {
            assert_eq!(verdict_of(&status), Some(verdict), "{status:?}");
            assert!(message_of(&status, &limits, "f").is_some(), "{status:?}");
        }
        assert_eq!(verdict_of(&Status::Ok), None);
    }

    #[test]
    fn the_packs_own_lines_are_not_shown() {
        let limits = Limits {
            fuel: 1,
            memory_bytes: 1,
            output_bytes: 1,
            wall_ms: 1,
        };
        let status = exception("ValueError", Phase::Call, "driver.py");
        let Some(Message::Exception { frames, .. }) = message_of(&status, &limits, "f") else {
            panic!("another message");
        };
        assert!(frames.is_empty());
    }

    #[test]
    fn seeds_differ_by_case_and_are_fixed() {
        let pack: PackHash = "0".repeat(64).parse().unwrap();
        assert_eq!(case_seed(&pack, "a", 0), case_seed(&pack, "a", 0));
        assert_ne!(case_seed(&pack, "a", 0), case_seed(&pack, "a", 1));
        assert_ne!(case_seed(&pack, "a", 0), case_seed(&pack, "b", 0));
    }
}
