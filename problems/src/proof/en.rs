//! Findings in English.

use super::{Found, Outcome};
use crate::language::Language;
use crate::texts::Part;

pub(super) fn text(found: &Found) -> String {
    match found {
        Found::Unreadable { detail } => detail.clone(),
        Found::NotPrepared { detail } => format!("no case can be made of the pack: {detail}"),
        Found::StatementEmpty => {
            "the statement is empty; write the task, both in Indonesian and in English".into()
        }
        Found::NotTranslated => {
            "the statement is the same text in both languages; translate it".into()
        }
        Found::PartsDiffer { part, id, en } => format!(
            "the statements differ: {id} {} in Indonesian, {en} in English; has one been left out?",
            part_name(*part)
        ),
        Found::Text { what } => what.text(Language::En),
        Found::NoAccepted => {
            "no example gets all points; add one to submissions/accepted, or nobody knows that the problem can be solved".into()
        }
        Found::NoWrong => {
            "no example is wrong; add one to submissions/wrong_answer, or nobody knows that mistakes are found".into()
        }
        Found::Verdict { expected, got, message } => {
            let why = message.as_ref().map(|message| message.text(Language::En));
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            format!("must get {}, but gets {}{why}", points(expected), points(got))
        }
        Found::Diagnosis { expected, got } => {
            format!("must be diagnosed as {}, but is as {}", told(expected), told(got))
        }
        Found::NotJudged { detail } => format!("cannot be judged: {detail}"),
        Found::FuelTight { fuel, limit } => format!(
            "is accepted, but uses {fuel} of {limit} units of fuel, more than half; raise limits.fuel, `pack calibrate` does it"
        ),
        Found::MemoryTight { bytes, limit } => format!(
            "is accepted, but uses {} of {} MiB of memory; raise limits.memory_mib",
            bytes >> 20,
            limit >> 20
        ),
        Found::NotCalibrated => {
            "limits.fuel does not follow from a measurement on this guest; `gradien pack calibrate` makes one and writes it".into()
        }
        Found::MisconceptionSilent => {
            "gives no finite value for any case, so nobody can ever be told of it; does its function have the name and parameters of the right one?".into()
        }
        Found::MisconceptionIsRight => {
            "cannot be told from the right answer by any case; draw cases in which they differ, or remove it".into()
        }
        Found::MisconceptionsAlike { other } => format!(
            "no case tells it from misconceptions/{other}.py; draw cases in which they differ, or make one of the two"
        ),
        Found::MisconceptionShape { detail } => detail.clone(),
        Found::MisconceptionWithoutExample => {
            "no example submission has it; add one that must be told of it to submissions/expected.toml".into()
        }
        Found::FlawWithoutExample { rule } => format!(
            "no example submission has the flaw “{rule}”; add one with flaw = \"{rule}\" to submissions/expected.toml"
        ),
        Found::RuleWithoutExample { rule } => format!(
            "no example breaks the rule “{rule}”; add one to submissions/rule_violation, or the rule may forbid nothing"
        ),
        Found::ToleranceTooTight { what, excess } => format!(
            "the reference on {what} is off by {} times what the tolerance allows; widen the tolerance, or compute in an order that loses less",
            number(*excess)
        ),
        Found::ToleranceTooWide { what, excess } => format!(
            "{what} is wrong, but off by only {} times what the tolerance allows; narrow the tolerance, or draw cases in which it differs more",
            number(*excess)
        ),
        Found::PrecisionFails { what, detail } => {
            format!("the reference fails on {what}: {detail}")
        }
        Found::JunkEarns { junk, score } => format!(
            "a submission that is none ({}) earns {score} points",
            junk.text(Language::En)
        ),
        Found::JunkUnexplained { junk } => format!(
            "a submission that is none ({}) is refused without a word of why",
            junk.text(Language::En)
        ),
        Found::JunkAlike { junk, other } => format!(
            "two submissions that are none ({} and {}) get the same message",
            junk.text(Language::En),
            other.text(Language::En)
        ),
        Found::DeviceMissing { device, reason } => {
            format!("{device} was asked for and is not there: {reason}")
        }
        Found::DeviceExpectedDiffers { excess } => format!(
            "the right answers on the two devices differ by {} times what the tolerance allows",
            number(*excess)
        ),
        Found::DeviceVerdictDiffers { device, expected, got } => format!(
            "gets {} on the first device, but {} on {device}",
            points(expected),
            points(got)
        ),
    }
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Heading => "headings",
        Part::DisplayedFormula => "displayed formulas",
        Part::CodeBlock => "blocks of code",
        Part::Image => "images",
        Part::Table => "tables",
    }
}

fn points(outcome: &Outcome) -> String {
    format!("{} {}", outcome.verdict, outcome.score)
}

fn told(outcome: &Outcome) -> String {
    outcome.told().unwrap_or_else(|| "nothing".into())
}

fn number(excess: f64) -> String {
    super::excess_text(excess)
}
