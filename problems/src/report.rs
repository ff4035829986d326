//! What a judgement found. A report is complete; what of it a viewer may see
//! is decided where it is shown, never here.

use crate::given::Given;
use crate::ids::{MisconceptionName, PackHash, SubtaskName};
use crate::message::Message;
use crate::score::Score;
use crate::shown::ShownValue;
use crate::steps::StepReport;
use crate::verdict::Verdict;
use serde::{Deserialize, Serialize};

/// The whole result of one judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub verdict: Verdict,
    pub score: Score,
    pub max_score: Score,
    /// In the pack's order. For kind `answer` each field is one.
    pub subtasks: Vec<SubtaskReport>,
    /// What concerns the submission as a whole: it did not compile, the
    /// function is missing. Empty where cases speak for themselves.
    pub messages: Vec<Message>,
    /// In the order of the pack's misconceptions.
    #[serde(default)]
    pub diagnoses: Vec<Diagnosis>,
    /// Kind `answer`, in the order of the pack's trace; empty where it has none
    /// or everything is right.
    #[serde(default)]
    pub steps: Vec<StepReport>,
    /// Kinds `prediction` and `model`: what was measured, unrounded.
    #[serde(default)]
    pub metrics: Vec<MetricValue>,
    /// `None` where nothing was run (kind `answer`).
    pub usage: Option<Usage>,
    pub provenance: Provenance,
    /// Kind `notebook`: the program that its code cells make, to whose lines
    /// messages refer.
    #[serde(default)]
    pub program: Option<String>,
    /// Kind `answer`, where the pack has variants: which one was judged.
    #[serde(default)]
    pub variant: Option<JudgedVariant>,
}

/// The numbers that a hand computation began with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedVariant {
    /// The first is 0.
    pub number: u32,
    pub given: Vec<Given>,
}

impl Report {
    /// With no points and nothing said: what a judgement adds to.
    pub fn bare(verdict: Verdict, max_score: Score, provenance: Provenance) -> Report {
        Report {
            verdict,
            score: Score::ZERO,
            max_score,
            subtasks: Vec::new(),
            messages: Vec::new(),
            diagnoses: Vec::new(),
            steps: Vec::new(),
            metrics: Vec::new(),
            usage: None,
            provenance,
            program: None,
            variant: None,
        }
    }
}

/// One metric over one part of the hidden rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricValue {
    /// As the pack names it: `f1_macro`.
    pub name: String,
    pub split: Split,
    /// `None` where it is not defined or not finite.
    pub value: Option<f64>,
}

/// The parts that hidden rows are divided into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Split {
    /// Shown at once.
    A,
    /// Shown after the close of a contest; in practice to staff alone.
    B,
}

/// A misconception that the submission agrees with wherever it differs from the
/// right answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    pub misconception: MisconceptionName,
    /// The subtasks, for kind `answer` the fields, that it explains.
    pub subtasks: Vec<SubtaskName>,
}

/// What was judged by what: the same three give the same report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    pub pack: PackHash,
    /// SHA-256 of the guest image; `None` where nothing was run.
    pub guest: Option<String>,
    pub sandbox_version: Option<String>,
    /// `cpu` or `cuda`: where the expected values were computed.
    pub device: String,
}

impl Provenance {
    /// Of a judgement that ran no program.
    pub fn not_run(pack: PackHash, device: &str) -> Provenance {
        Provenance {
            pack,
            guest: None,
            sandbox_version: None,
            device: device.into(),
        }
    }
}

/// The largest use over all cases, and its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub fuel: u64,
    pub fuel_limit: u64,
    pub memory_bytes: u64,
    pub memory_limit_bytes: u64,
}

impl Usage {
    /// Fuel as a share of the limit, in steps of 5 % rounded up: coarse, so
    /// that it tells nothing of the hidden inputs.
    pub fn fuel_percent(&self) -> u32 {
        let percent = (u128::from(self.fuel) * 100).div_ceil(u128::from(self.fuel_limit.max(1)));
        (percent.div_ceil(5) * 5).min(100) as u32
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubtaskReport {
    pub name: SubtaskName,
    pub verdict: Verdict,
    pub score: Score,
    pub max_score: Score,
    /// Kind `function`: in the order in which they were run. Cases after the
    /// first failure of an all-or-nothing subtask are not run and not listed.
    pub cases: Vec<CaseReport>,
    /// Kind `answer`: one per cell of the field, in C order.
    pub cells: Vec<CellReport>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseReport {
    /// Counted from 0 within the subtask.
    pub index: u32,
    pub verdict: Verdict,
    /// The pack sets this case aside to be shown in full in practice.
    pub open: bool,
    /// Fuel units that the case used.
    pub fuel: u64,
    pub message: Option<Message>,
    /// Kept for open cases that failed.
    pub detail: Option<CaseDetail>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseDetail {
    pub inputs: Vec<ShownValue>,
    pub expected: Vec<ShownValue>,
    pub got: Vec<ShownValue>,
    /// Flat index (C order) of the element that is furthest off, and in which output.
    pub worst: Option<Worst>,
    /// Intermediate values of the right computation.
    #[serde(default)]
    pub steps: Vec<ShownValue>,
    pub stdout: String,
    pub stderr: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worst {
    pub output: usize,
    pub flat_index: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellReport {
    pub verdict: Verdict,
    /// What the student typed, as typed (capped).
    pub typed: String,
    pub message: Option<Message>,
}

/// What *Run* gives back: no verdict, no score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    pub cases: Vec<RunCase>,
    /// The source does not compile, the function is missing, or the given
    /// input does not fit.
    pub messages: Vec<Message>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunCase {
    pub inputs: Vec<ShownValue>,
    pub returned: Vec<ShownValue>,
    /// What the reference gives on a visible sample; absent on own input.
    pub expected: Option<Vec<ShownValue>>,
    /// On a visible sample: whether the returned values agree.
    pub agrees: Option<bool>,
    pub message: Option<Message>,
    pub stdout: String,
    pub stderr: String,
    pub usage: Usage,
}

/// A visible sample as the problem's page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub subtask: SubtaskName,
    pub inputs: Vec<ShownValue>,
    pub expected: Vec<ShownValue>,
}

#[cfg(test)]
mod tests {
    use super::Usage;

    #[test]
    fn fuel_is_shown_in_steps_of_five_percent() {
        for (fuel, shown) in [(0, 0), (1, 5), (50, 50), (51, 55), (100, 100), (130, 100)] {
            let usage = Usage {
                fuel,
                fuel_limit: 100,
                memory_bytes: 0,
                memory_limit_bytes: 1,
            };
            assert_eq!(usage.fuel_percent(), shown);
        }
    }
}
