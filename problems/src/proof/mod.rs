//! What `pack verify` finds out about a pack: what is wrong with it, and the
//! tables that show what was tried.
//!
//! A [`Proof`] is data, like a report: who shows it chooses the language.

mod en;
mod found;
mod id;
mod junk;

pub use found::{Found, excess_text};
pub use junk::Junk;

use crate::ids::{MisconceptionName, PackHash};
use crate::language::{Language, Localized};
use crate::message::Message;
use crate::report::Usage;
use crate::score::Score;
use crate::verdict::Verdict;
use serde::{Deserialize, Serialize};

/// All that was found out about one pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The name of the pack's folder, which need not be one that a pack may have.
    pub slug: String,
    /// `None` where the folder cannot be read as a pack; so are the next two.
    pub hash: Option<PackHash>,
    pub kind: Option<String>,
    pub title: Option<Localized>,
    /// `cpu` or `cuda`: where the right answers were computed.
    pub device: String,
    /// SHA-256 of the guest image that ran the programs.
    pub guest: String,
    /// Faults and warnings in the order in which they were found.
    pub findings: Vec<Finding>,
    /// In the order of their paths.
    pub examples: Vec<ProvedExample>,
    pub misconceptions: Option<MisconceptionMatrix>,
    pub tolerance: Option<Calibration>,
    pub junk: Vec<ProvedJunk>,
    /// Where two devices were asked for: how they compare.
    pub devices: Option<DeviceComparison>,
}

impl Proof {
    /// With nothing tried and nothing found.
    pub fn bare(slug: String, device: &str, guest: &str) -> Proof {
        Proof {
            slug,
            hash: None,
            kind: None,
            title: None,
            device: device.into(),
            guest: guest.into(),
            findings: Vec::new(),
            examples: Vec::new(),
            misconceptions: None,
            tolerance: None,
            junk: Vec::new(),
            devices: None,
        }
    }

    /// Whether nothing is wrong; warnings leave a pack proved.
    pub fn is_proved(&self) -> bool {
        self.faults().next().is_none()
    }

    pub fn faults(&self) -> impl Iterator<Item = &Finding> {
        let mut findings = self.findings.iter();
        std::iter::from_fn(move || findings.find(|one| one.severity == Severity::Fault))
    }

    /// Adds what was found at a place of the pack.
    pub fn find(&mut self, place: impl Into<String>, found: Found) {
        self.findings.push(Finding::new(place, found));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The pack is not proved.
    Fault,
    /// Worth a look.
    Warning,
}

/// One thing that is wrong, or could be better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub severity: Severity,
    /// A file of the pack, with a line where one is known: `problem.toml:12`.
    pub place: String,
    /// What and what to do, for people.
    pub text: Localized,
    /// The same for programs.
    pub found: Found,
}

impl Finding {
    pub fn new(place: impl Into<String>, found: Found) -> Finding {
        Finding {
            severity: found.severity(),
            place: place.into(),
            text: Localized {
                id: found.text(Language::Id),
                en: found.text(Language::En),
            },
            found,
        }
    }
}

/// What an example submission got, beside what it must get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProvedExample {
    /// Below `submissions/`.
    pub path: String,
    pub expected: Outcome,
    pub got: Outcome,
    /// The first message of the report: why it was not accepted.
    pub message: Option<Message>,
    /// `None` where nothing was run.
    pub usage: Option<Usage>,
}

impl ProvedExample {
    pub fn is_right(&self) -> bool {
        self.expected == self.got
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub verdict: Verdict,
    pub score: Score,
    /// Misconceptions that are diagnosed, in the pack's order.
    pub misconceptions: Vec<MisconceptionName>,
    /// The rules of the flaws that are told of; of an expectation at most one.
    pub flaws: Vec<String>,
}

impl Outcome {
    /// The names of what was diagnosed; `None` where nothing was.
    pub fn told(&self) -> Option<String> {
        let names = self.misconceptions.iter().map(MisconceptionName::as_str);
        let names: Vec<&str> = names.chain(self.flaws.iter().map(String::as_str)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// In how many cases each misconception differs from the right answer and from
/// each other one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MisconceptionMatrix {
    /// Of the pack, over all subtasks.
    pub cases: u32,
    pub rows: Vec<MisconceptionRow>,
    /// Two at once that are found too.
    #[serde(default)]
    pub pairs: Vec<[MisconceptionName; 2]>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MisconceptionRow {
    pub name: MisconceptionName,
    /// Cases that it says something of.
    pub says: u32,
    /// Of these, those that tell it from the right answer.
    pub from_right: u32,
    /// For each misconception in the order of the rows: cases that tell the two
    /// apart. `None` where no case has values of both, and for itself.
    pub from_others: Vec<Option<u32>>,
}

/// How far right and wrong values lie from the right answer, in multiples of what
/// the tolerance allows; capped at [`Calibration::MAX_EXCESS`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The reference on each device and in each precision: at most 1 is allowed.
    pub right: Vec<Deviation>,
    /// Misconceptions and wrong examples, those that are nearest first: more than
    /// 1 is needed.
    pub wrong: Vec<Deviation>,
}

impl Calibration {
    /// Not a number, another shape, a whole number that differs.
    pub const MAX_EXCESS: f64 = 1e12;

    /// The furthest of the right values and the nearest of the wrong ones.
    pub fn gap(&self) -> (Option<&Deviation>, Option<&Deviation>) {
        let by_excess = |one: &&Deviation, other: &&Deviation| one.excess.total_cmp(&other.excess);
        (
            self.right.iter().max_by(by_excess),
            self.wrong.iter().min_by(by_excess),
        )
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// `cpu float32`, `misconceptions/relu.py`, `submissions/wrong_answer/x.py`.
    pub what: String,
    pub excess: f64,
}

/// What an answer that is none got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProvedJunk {
    pub junk: Junk,
    pub verdict: Verdict,
    pub score: Score,
    pub message: Option<Message>,
}

/// The same pack on two devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceComparison {
    /// In the order of the request: `["cpu", "cuda"]`.
    pub devices: Vec<String>,
    /// Expected values that were compared.
    pub values: u64,
    /// The largest difference between two of them, in multiples of what the
    /// tolerance allows.
    pub excess: f64,
    /// Expected values that are the same to the last bit.
    pub identical: u64,
    /// Example submissions judged on both.
    pub examples: u32,
    /// Of these, those with the same verdict and score.
    pub agreeing: u32,
}

#[cfg(test)]
mod tests;
