//! How far a judgement has come.

use crate::i18n::{Text, Texts};
use askama::Template;
use gradien_problems::protocol::Progress;

#[derive(Template)]
#[template(path = "parts/pending.html")]
pub struct PendingPart {
    pub pending: PendingView,
}

pub struct PendingView {
    pub phase: String,
    pub progress: Option<ProgressView>,
    pub note: String,
}

pub struct ProgressView {
    pub done: u32,
    pub total: u32,
    pub text: String,
}

/// Where a submission without a report stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    Queued,
    Judging,
    At(Progress),
}

impl Phase {
    /// The word that scripts get.
    pub fn name(&self) -> &'static str {
        match self {
            Phase::Queued => "queued",
            Phase::Judging => "judging",
            // A proof is of a pack; no submission is in it.
            Phase::At(Progress::Preparing | Progress::Proving { .. }) => "preparing",
            Phase::At(Progress::Running { .. }) => "running",
            Phase::At(Progress::Subtask { .. }) => "subtask",
        }
    }

    pub fn text(&self) -> Text {
        match self {
            Phase::Queued => Text("phase-queued"),
            Phase::Judging => Text("phase-judging"),
            Phase::At(Progress::Preparing | Progress::Proving { .. }) => Text("phase-preparing"),
            Phase::At(Progress::Running { .. }) => Text("phase-running"),
            Phase::At(Progress::Subtask { .. }) => Text("phase-subtask"),
        }
    }

    pub fn counts(&self) -> Option<(u32, u32)> {
        match self {
            Phase::At(Progress::Running { done, total }) => Some((*done, *total)),
            _ => None,
        }
    }
}

impl PendingView {
    pub fn new(phase: &Phase, t: Texts) -> PendingView {
        PendingView {
            phase: t.get(phase.text().0),
            progress: phase.counts().map(|(done, total)| ProgressView {
                done,
                total: total.max(1),
                text: t.with_two(
                    "progress-cases",
                    ("done", i64::from(done)),
                    ("total", i64::from(total)),
                ),
            }),
            note: t.get("pending-note"),
        }
    }
}
