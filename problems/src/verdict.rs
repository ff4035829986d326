//! Verdicts, by the names that contest systems share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a judgement says of a submission, a subtask or a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Verdict {
    /// Accepted.
    #[serde(rename = "AC")]
    Accepted,
    /// Wrong answer: values, shape, dtype or container are not what was asked.
    #[serde(rename = "WA")]
    WrongAnswer,
    /// Run-time error: the program raised, or the function is missing.
    #[serde(rename = "RTE")]
    RuntimeError,
    /// Compile error: the source is not Python. Costs no attempt.
    #[serde(rename = "CE")]
    CompileError,
    /// Time limit: the fuel ran out.
    #[serde(rename = "TLE")]
    TimeLimit,
    /// Wall-time limit: the backstop expired twice, the second time alone.
    #[serde(rename = "WTL")]
    WallTimeLimit,
    /// Memory limit.
    #[serde(rename = "MLE")]
    MemoryLimit,
    /// Output limit.
    #[serde(rename = "OLE")]
    OutputLimit,
    /// Rule violation: the source uses what the problem forbids. It was not run;
    /// costs no attempt.
    #[serde(rename = "RV")]
    RuleViolation,
    /// Judge error: our fault, never the student's. Costs no attempt.
    #[serde(rename = "JE")]
    JudgeError,
    /// Not run, because a subtask that it depends on was not solved.
    #[serde(rename = "SK")]
    Skipped,
}

impl Verdict {
    pub const ALL: [Verdict; 11] = [
        Verdict::Accepted,
        Verdict::WrongAnswer,
        Verdict::RuntimeError,
        Verdict::CompileError,
        Verdict::TimeLimit,
        Verdict::WallTimeLimit,
        Verdict::MemoryLimit,
        Verdict::OutputLimit,
        Verdict::RuleViolation,
        Verdict::JudgeError,
        Verdict::Skipped,
    ];

    /// The short code that tables show.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Accepted => "AC",
            Verdict::WrongAnswer => "WA",
            Verdict::RuntimeError => "RTE",
            Verdict::CompileError => "CE",
            Verdict::TimeLimit => "TLE",
            Verdict::WallTimeLimit => "WTL",
            Verdict::MemoryLimit => "MLE",
            Verdict::OutputLimit => "OLE",
            Verdict::RuleViolation => "RV",
            Verdict::JudgeError => "JE",
            Verdict::Skipped => "SK",
        }
    }

    pub fn from_code(code: &str) -> Option<Verdict> {
        Verdict::ALL
            .into_iter()
            .find(|verdict| verdict.code() == code)
    }

    /// The folder of a pack's `submissions/` whose programs get this verdict,
    /// by the names of the ICPC problem package format.
    pub fn folder(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::WrongAnswer => "wrong_answer",
            Verdict::RuntimeError => "run_time_error",
            Verdict::CompileError => "compile_error",
            Verdict::TimeLimit => "time_limit_exceeded",
            Verdict::WallTimeLimit => "wall_time_limit_exceeded",
            Verdict::MemoryLimit => "memory_limit_exceeded",
            Verdict::OutputLimit => "output_limit_exceeded",
            Verdict::RuleViolation => "rule_violation",
            Verdict::JudgeError => "judge_error",
            Verdict::Skipped => "skipped",
        }
    }

    /// Whether the attempt is given back to the student.
    pub fn refunds_attempt(self) -> bool {
        matches!(
            self,
            Verdict::CompileError | Verdict::RuleViolation | Verdict::JudgeError
        )
    }

    /// The verdict of a whole is that of its first part that was not accepted;
    /// parts that were skipped say nothing of themselves.
    pub fn fold(parts: impl IntoIterator<Item = Verdict>) -> Verdict {
        let mut whole = None;
        for part in parts {
            match part {
                Verdict::JudgeError => return Verdict::JudgeError,
                Verdict::Skipped => {}
                Verdict::Accepted => whole = whole.or(Some(Verdict::Accepted)),
                other if matches!(whole, None | Some(Verdict::Accepted)) => whole = Some(other),
                _ => {}
            }
        }
        whole.unwrap_or(Verdict::Skipped)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{self, *};

    #[test]
    fn codes_are_distinct_and_round_trip() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::from_code(verdict.code()), Some(verdict));
            let json = serde_json::to_string(&verdict).unwrap();
            assert_eq!(json, format!("\"{}\"", verdict.code()));
        }
    }

    #[test]
    fn the_first_fault_names_the_whole() {
        for (parts, whole) in [
            (vec![Accepted, Accepted], Accepted),
            (vec![Accepted, WrongAnswer, TimeLimit], WrongAnswer),
            (vec![TimeLimit, WrongAnswer], TimeLimit),
            (vec![WrongAnswer, JudgeError], JudgeError),
            (vec![Accepted, Skipped], Accepted),
            (vec![WrongAnswer, Skipped], WrongAnswer),
            (vec![Skipped], Skipped),
            (vec![], Skipped),
        ] {
            assert_eq!(Verdict::fold(parts.clone()), whole, "{parts:?}");
        }
    }
}
