//! A pack's example submissions.

use super::model::Kind;
use crate::ids::MisconceptionName;
use crate::message::Message;
use crate::protocol::Submission;
use crate::report::Report;
use crate::score::Score;
use crate::verdict::Verdict;

/// An example of the pack's `submissions/`, with what it must get.
#[derive(Debug, Clone)]
pub struct ExampleSubmission {
    /// Path below `submissions/`: `wrong_answer/pytorch_reset.py`.
    pub path: String,
    pub submission: Submission,
    pub verdict: Verdict,
    pub score: Score,
    /// Those that must be diagnosed, in the pack's order; no others may be.
    pub misconceptions: Vec<MisconceptionName>,
    /// The rule of the flaw that must be told of; `None`: none may be.
    pub flaw: Option<String>,
}

impl ExampleSubmission {
    /// Whether the report tells of the flaw that it must tell of, and of no other.
    pub fn has_its_flaw(&self, kind: &Kind, report: &Report) -> bool {
        let told = report.messages.iter().filter_map(|message| match message {
            Message::Flaw { text, .. } => Some(text),
            _ => None,
        });
        let expected = kind.flaws().into_iter();
        let expected = expected.filter(|(rule, _)| Some(*rule) == self.flaw.as_deref());
        told.eq(expected.map(|(_, text)| text))
    }
}
