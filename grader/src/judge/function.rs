//! Judges a Python function: case by case, subtask by subtask.
//!
//! Expected values stay on this side: the job that goes to the runner has inputs
//! only, and what comes back is compared here.

use super::cases::{Programs, prints, verdict_of};
use super::diagnose::{self, Candidates, MAX_FURTHER};
use super::rules::broken_rules;
use super::series::Series;
use crate::GraderError;
use crate::children::Children;
use crate::compare::{Difference, compare, fit};
use crate::prepare::{CheckerUnit, Judgement, Prepared, PreparedCase};
use crate::show::{show_expected, show_named, show_outputs};
use gradien_problems::message::Message;
use gradien_problems::pack::{CaseScoring, FunctionKind, Subtask};
use gradien_problems::protocol::Progress;
use gradien_problems::report::{
    CaseDetail, CaseReport, Diagnosis, Provenance, SubtaskReport, Usage, Worst,
};
use gradien_problems::{Pack, Report, Score, Verdict};
use gradien_sandbox::job::{Outcome, Status};

/// Parts of a case's points are counted in millionths.
const PART_UNITS: f64 = 1e6;

/// Longest print of a shown case that is kept, in characters.
const MAX_PRINT_CHARS: usize = 8_000;

pub struct Judged {
    subtasks: Vec<SubtaskReport>,
    messages: Vec<Message>,
    diagnoses: Vec<Diagnosis>,
    usage: Usage,
    /// Set where the program could not be run at all.
    whole: Option<Verdict>,
}

impl Judged {
    pub fn into_report(self, pack: &Pack, provenance: Provenance) -> Report {
        let folded = Verdict::fold(self.subtasks.iter().map(|subtask| subtask.verdict));
        let verdict = self.whole.unwrap_or(folded);
        Report {
            score: self.subtasks.iter().map(|subtask| subtask.score).sum(),
            subtasks: self.subtasks,
            messages: self.messages,
            diagnoses: self.diagnoses,
            usage: Some(self.usage),
            ..Report::bare(verdict, pack.max_score(), provenance)
        }
    }
}

pub fn judge(
    pack: &Pack,
    prepared: &Prepared,
    programs: Programs<'_>,
    children: &mut Children,
    progress: &mut dyn FnMut(Progress),
) -> Result<Judged, GraderError> {
    let (function, source) = (programs.function, programs.source);
    let total = function.subtasks.iter().map(|subtask| subtask.cases).sum();
    let mut run = Run {
        pack,
        programs: &programs,
        children,
        checker: None,
        progress,
        done: 0,
        total,
        judged: Judged {
            subtasks: Vec::new(),
            messages: Vec::new(),
            diagnoses: Vec::new(),
            usage: Usage {
                fuel: 0,
                fuel_limit: function.limits.fuel,
                memory_bytes: 0,
                memory_limit_bytes: function.limits.memory_bytes,
            },
            whole: None,
        },
    };
    // What may not be used is found before anything runs.
    if let Some(message) = broken_rules(function, source, run.children)? {
        run.judged.whole = Some(Verdict::RuleViolation);
        run.judged.messages.push(message);
    }
    let mut found = Vec::new();
    for (index, (subtask, cases)) in function.subtasks.iter().zip(&prepared.subtasks).enumerate() {
        let mut candidates = Candidates::new(function, prepared, index);
        run.subtask(subtask, cases, &mut candidates)?;
        let names = candidates.find_diagnosis();
        found.push((subtask.name.clone(), names.to_vec()));
    }
    if let Some(checker) = run.checker.take() {
        checker.forget(run.children.reference()?)?;
    }
    run.judged.diagnoses = diagnose::group(&prepared.misconceptions, &found);
    Ok(run.judged)
}

struct Run<'a> {
    pack: &'a Pack,
    programs: &'a Programs<'a>,
    children: &'a mut Children,
    /// Compiled when the first case needs it.
    checker: Option<CheckerUnit<'a>>,
    progress: &'a mut dyn FnMut(Progress),
    done: u32,
    total: u32,
    judged: Judged,
}

struct JudgedCase {
    report: CaseReport,
    outcome: Outcome,
    /// Of 1.
    points: f64,
}

/// What the outcome of a case is worth.
struct Worth {
    verdict: Verdict,
    message: Option<Message>,
    worst: Option<Worst>,
    points: f64,
}

impl Run<'_> {
    fn subtask(
        &mut self,
        subtask: &Subtask,
        cases: &[PreparedCase],
        candidates: &mut Candidates<'_>,
    ) -> Result<(), GraderError> {
        let max_score = Score::from_points(subtask.points);
        let unmet = subtask.requires.iter().any(|name| {
            let mut earlier = self.judged.subtasks.iter();
            earlier.any(|other| other.name == *name && other.verdict != Verdict::Accepted)
        });
        let mut series = Series::new(self.pack, self.programs, subtask, cases);
        let mut reports = Vec::new();
        let mut points = 0.0;
        if !unmet {
            for (index, case) in cases.iter().enumerate() {
                if self.judged.whole.is_some() {
                    break;
                }
                let judged = self.case(&mut series, subtask, index, case)?;
                points += judged.points;
                candidates.observe(index, case, &judged.outcome);
                let failed = judged.report.verdict != Verdict::Accepted;
                reports.push(judged.report);
                if failed && subtask.scoring == CaseScoring::All {
                    self.further(&series, cases, index + 1, candidates)?;
                    break;
                }
            }
        }
        // A program that could not be run at all has one message, not one per case.
        if self.judged.whole.is_some() {
            reports.clear();
        }
        let accepted = reports
            .iter()
            .filter(|case| case.verdict == Verdict::Accepted)
            .count();
        let score = match subtask.scoring {
            CaseScoring::All if accepted == cases.len() => max_score,
            CaseScoring::All => Score::ZERO,
            // A checker may give a case a part of its points.
            CaseScoring::Proportional => max_score.share(
                (points * PART_UNITS).round() as usize,
                cases.len() * PART_UNITS as usize,
            ),
        };
        let verdict = Verdict::fold(reports.iter().map(|case| case.verdict));
        self.done += (cases.len() - reports.len()) as u32;
        (self.progress)(Progress::Subtask {
            name: subtask.name.clone(),
            verdict,
        });
        self.judged.subtasks.push(SubtaskReport {
            name: subtask.name.clone(),
            verdict,
            score,
            max_score,
            cases: reports,
            cells: Vec::new(),
        });
        Ok(())
    }

    /// Runs cases that nobody is shown, as long as they can tell whether a
    /// misconception that explains what was seen explains the rest.
    fn further(
        &mut self,
        series: &Series<'_>,
        cases: &[PreparedCase],
        from: usize,
        candidates: &mut Candidates<'_>,
    ) -> Result<(), GraderError> {
        let mut left = MAX_FURTHER;
        for (index, case) in cases.iter().enumerate().skip(from) {
            if left == 0 {
                break;
            }
            if candidates.wants(index, case) {
                // A mistake may hang on what the program keeps in its variables.
                let outcome = series.run_alone(index, self.children)?;
                self.count(&outcome);
                candidates.observe(index, case, &outcome);
                left -= 1;
            }
        }
        Ok(())
    }

    fn count(&mut self, outcome: &Outcome) {
        let usage = &mut self.judged.usage;
        usage.fuel = usage.fuel.max(outcome.fuel);
        usage.memory_bytes = usage.memory_bytes.max(outcome.peak_memory_bytes);
    }

    fn case(
        &mut self,
        series: &mut Series<'_>,
        subtask: &Subtask,
        index: usize,
        case: &PreparedCase,
    ) -> Result<JudgedCase, GraderError> {
        let mut ran = series.run(index, self.children)?;
        let mut worth = self.worth(subtask, case, &ran.outcome)?;
        if worth.verdict != Verdict::Accepted && !ran.fresh {
            ran.outcome = series.run_again(index, &ran.outcome, self.children)?;
            worth = self.worth(subtask, case, &ran.outcome)?;
        }
        let outcome = ran.outcome;
        self.count(&outcome);
        self.done += 1;
        (self.progress)(Progress::Running {
            done: self.done,
            total: self.total,
        });
        if concerns_whole(self.programs.function, &outcome.status, worth.verdict) {
            self.judged.whole = Some(worth.verdict);
            self.judged.messages.extend(worth.message.clone());
        }
        let index = index as u32;
        let open = index < subtask.open_cases;
        let verdict = worth.verdict;
        let detail = (open && verdict != Verdict::Accepted)
            .then(|| detail(subtask, case, &outcome, worth.worst));
        let report = CaseReport {
            index,
            verdict,
            open,
            fuel: outcome.fuel,
            message: worth.message,
            detail,
        };
        Ok(JudgedCase {
            report,
            outcome,
            points: worth.points,
        })
    }

    /// The verdict of an outcome, and what it earns.
    fn worth(
        &mut self,
        subtask: &Subtask,
        case: &PreparedCase,
        outcome: &Outcome,
    ) -> Result<Worth, GraderError> {
        if let Some(verdict) = verdict_of(&outcome.status) {
            return Ok(Worth {
                verdict,
                message: self.programs.message(&outcome.status, &subtask.entry),
                worst: None,
                points: 0.0,
            });
        }
        Ok(match self.compare(subtask, case, outcome)? {
            Ok(judgement) => Worth {
                verdict: match judgement.is_full() {
                    true => Verdict::Accepted,
                    false => Verdict::WrongAnswer,
                },
                message: judgement.message,
                worst: None,
                points: judgement.points,
            },
            Err(difference) => Worth {
                verdict: Verdict::WrongAnswer,
                message: Some(difference.message),
                worst: difference.worst,
                points: 0.0,
            },
        })
    }

    /// What the outputs of a case are worth, against the reference or by the checker.
    fn compare(
        &mut self,
        subtask: &Subtask,
        case: &PreparedCase,
        outcome: &Outcome,
    ) -> Result<Result<Judgement, Box<Difference>>, GraderError> {
        let (specs, container, outputs) = (&subtask.outputs, outcome.container, &outcome.outputs);
        let Some(check) = &subtask.check else {
            let tolerance = self.programs.function.tolerance;
            let compared = compare(specs, tolerance, container, outputs, &case.expected);
            return Ok(compared.map(|()| Judgement {
                points: 1.0,
                message: None,
            }));
        };
        let outputs = match fit(specs, container, outputs, &case.expected) {
            Ok(outputs) => outputs,
            Err(difference) => return Ok(Err(difference)),
        };
        let reference = self.children.reference()?;
        if self.checker.is_none() {
            self.checker = CheckerUnit::compile(self.pack, &[check], reference)?;
        }
        let Some(checker) = &self.checker else {
            return Err(GraderError::Pack("there is no checker.py".into()));
        };
        let judgement = checker.check(check, case.inputs.clone(), outputs, reference)?;
        Ok(Ok(judgement))
    }
}

/// The same for every case, whatever its inputs: not Python, or no such function.
fn concerns_whole(function: &FunctionKind, status: &Status, verdict: Verdict) -> bool {
    // Where several functions are asked for, the others may be there.
    let missing = matches!(status, Status::MissingFunction { .. });
    verdict == Verdict::CompileError || (missing && function.entries().len() == 1)
}

fn detail(
    subtask: &Subtask,
    case: &PreparedCase,
    outcome: &Outcome,
    worst: Option<Worst>,
) -> CaseDetail {
    let (stdout, stderr) = prints(outcome);
    let cut = |text: String| text.chars().take(MAX_PRINT_CHARS).collect();
    CaseDetail {
        inputs: show_named(&case.inputs),
        expected: show_expected(subtask, &case.expected),
        got: show_outputs(&outcome.outputs),
        worst,
        steps: show_named(&case.steps),
        stdout: cut(stdout),
        stderr: cut(stderr),
    }
}
