//! A verdict as pages name and colour it.

use crate::i18n::{Text, Texts};
use gradien_problems::Verdict;

#[derive(Debug, Clone)]
pub struct VerdictView {
    pub code: &'static str,
    pub label: String,
    /// `ok`, `bad`, `ours` (our fault) or `idle` (nothing was run).
    pub class: &'static str,
}

impl VerdictView {
    pub fn new(verdict: Verdict, t: Texts) -> VerdictView {
        VerdictView {
            code: verdict.code(),
            label: t.get(label(verdict).0),
            class: match verdict {
                Verdict::Accepted => "ok",
                Verdict::JudgeError => "ours",
                Verdict::Skipped => "idle",
                _ => "bad",
            },
        }
    }
}

pub fn label(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Accepted => Text("verdict-ac"),
        Verdict::WrongAnswer => Text("verdict-wa"),
        Verdict::RuntimeError => Text("verdict-rte"),
        Verdict::CompileError => Text("verdict-ce"),
        Verdict::TimeLimit => Text("verdict-tle"),
        Verdict::WallTimeLimit => Text("verdict-wtl"),
        Verdict::MemoryLimit => Text("verdict-mle"),
        Verdict::OutputLimit => Text("verdict-ole"),
        Verdict::RuleViolation => Text("verdict-rv"),
        Verdict::JudgeError => Text("verdict-je"),
        Verdict::Skipped => Text("verdict-sk"),
    }
}

/// One sentence on what the verdict means.
pub fn explanation(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Accepted => Text("explain-ac"),
        Verdict::WrongAnswer => Text("explain-wa"),
        Verdict::RuntimeError => Text("explain-rte"),
        Verdict::CompileError => Text("explain-ce"),
        Verdict::TimeLimit => Text("explain-tle"),
        Verdict::WallTimeLimit => Text("explain-wtl"),
        Verdict::MemoryLimit => Text("explain-mle"),
        Verdict::OutputLimit => Text("explain-ole"),
        Verdict::RuleViolation => Text("explain-rv"),
        Verdict::JudgeError => Text("explain-je"),
        Verdict::Skipped => Text("explain-sk"),
    }
}
