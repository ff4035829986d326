//! Runs the cases of a subtask, several to an instance where the pack leaves it so.
//!
//! Theory of operation. A fresh instance costs more than a small call in it. So the
//! cases from the one that is asked for on go to the runner together, which calls the
//! function again and again until a call ends badly or enough was used; what comes back
//! for later cases waits until they are asked for.
//!
//! A program that keeps things in its variables may fail in a row where each case alone
//! would not. So a failure counts only if the case also fails in a fresh instance: the
//! first of a row had one, and any other is [run again](Series::run_again), alone. Where that
//! gives something else, the program is not one for rows, and its further cases get
//! fresh instances. All of this hangs on the program and the pack alone, so the same
//! submission is run in the same way each time.

use super::cases::{Programs, case_seed};
use crate::GraderError;
use crate::children::Children;
use crate::prepare::PreparedCase;
use gradien_problems::Pack;
use gradien_problems::pack::{Isolation, Subtask};
use gradien_sandbox::array::{Named, Value};
use gradien_sandbox::job::{Again, Job, Outcome};

/// Inputs that go to the runner together; one case may have more.
const INPUT_BYTES: usize = 32 << 20;

pub struct Series<'a> {
    pack: &'a Pack,
    programs: &'a Programs<'a>,
    subtask: &'a Subtask,
    cases: &'a [PreparedCase],
    in_rows: bool,
    /// Of later cases, by their number.
    waiting: Vec<Option<Outcome>>,
}

/// What a program did with a case.
pub struct Ran {
    pub outcome: Outcome,
    /// No other case came before it in its instance.
    pub fresh: bool,
}

impl<'a> Series<'a> {
    pub fn new(
        pack: &'a Pack,
        programs: &'a Programs<'a>,
        subtask: &'a Subtask,
        cases: &'a [PreparedCase],
    ) -> Series<'a> {
        Series {
            pack,
            programs,
            subtask,
            cases,
            // Hidden data are a module of the program, another one for each case.
            in_rows: programs.function.isolation == Isolation::Subtask && programs.data.is_none(),
            waiting: cases.iter().map(|_| None).collect(),
        }
    }

    /// What the program does with a case.
    pub fn run(&mut self, index: usize, children: &mut Children) -> Result<Ran, GraderError> {
        if let Some(outcome) = self.waiting[index].take() {
            return Ok(Ran {
                outcome,
                fresh: false,
            });
        }
        let mut outcomes = children.run_all(&self.job_from(index))?;
        let later = outcomes.split_off(1);
        for (waiting, outcome) in self.waiting[index + 1..].iter_mut().zip(later) {
            *waiting = Some(outcome);
        }
        Ok(Ran {
            outcome: outcomes.swap_remove(0),
            fresh: true,
        })
    }

    /// What it does with a case in a fresh instance.
    pub fn run_alone(&self, index: usize, children: &mut Children) -> Result<Outcome, GraderError> {
        children.run(&self.job(index))
    }

    /// The same, after it did `in_row` in an instance that had other cases before.
    pub fn run_again(
        &mut self,
        index: usize,
        in_row: &Outcome,
        children: &mut Children,
    ) -> Result<Outcome, GraderError> {
        let alone = self.run_alone(index, children)?;
        let same = |a: &Outcome, b: &Outcome| {
            (&a.status, a.container, &a.outputs) == (&b.status, b.container, &b.outputs)
        };
        if !same(in_row, &alone) {
            self.in_rows = false;
            self.waiting.fill_with(|| None);
        }
        Ok(alone)
    }

    /// A case, and as many after it as may follow in its instance.
    pub fn job_from(&self, index: usize) -> Job {
        let mut job = self.job(index);
        if self.in_rows {
            job.again = self.row_after(index);
        }
        job
    }

    fn job(&self, index: usize) -> Job {
        let inputs = &self.cases[index].inputs;
        self.programs
            .case_job(self.subtask, inputs, self.seed(index))
    }

    fn seed(&self, index: usize) -> u64 {
        case_seed(&self.pack.hash, self.subtask.name.as_str(), index as u32)
    }

    /// The cases that may follow one in its instance.
    fn row_after(&self, index: usize) -> Vec<Again> {
        let mut bytes = size_of(&self.cases[index].inputs);
        let later = (index + 1)..self.cases.len();
        later
            .take_while(|&later| {
                bytes += size_of(&self.cases[later].inputs);
                bytes <= INPUT_BYTES
            })
            .map(|later| Again {
                args: self.cases[later].inputs.clone(),
                seed: self.seed(later),
            })
            .collect()
    }
}

fn size_of(inputs: &[Named]) -> usize {
    let sizes = inputs.iter().map(|input| match &input.value {
        Value::Array(array) => array.data.len(),
        Value::Json(json) => json.to_string().len(),
    });
    sizes.sum()
}
