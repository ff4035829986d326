//! Judges a notebook: its code cells, read in a locked process, are one program;
//! that is judged as a function is, or run again with hidden data.

use super::cases::Programs;
use super::{function, refused};
use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::Children;
use crate::inspect::{Cell, Reply, Request};
use crate::prepare::Prepared;
use gradien_problems::pack::NotebookKind;
use gradien_problems::protocol::{MAX_NOTEBOOK_BYTES, Progress, Upload};
use gradien_problems::report::{Provenance, SubtaskReport};
use gradien_problems::{Pack, Report, Score, Verdict};

#[allow(
    clippy::too_many_arguments,
    reason = "what a judgement needs, and the file"
)]
pub fn judge(
    pack: &Pack,
    kind: &NotebookKind,
    prepared: &Prepared,
    file: &Upload,
    blobs: &Blobs,
    children: &mut Children,
    provenance: Provenance,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, GraderError> {
    let bytes = blobs.read(file, MAX_NOTEBOOK_BYTES)?;
    let cells = match children.inspect(&Request::Notebook { bytes })? {
        Reply::Notebook { cells } => cells,
        Reply::Faults { faults, more } => {
            let subtasks = not_run(kind);
            return Ok(refused(pack, file, faults, more, subtasks, provenance));
        }
        Reply::Table(_) => return Err(GraderError::Pack("another answer".into())),
    };
    let source = program(&cells);
    let programs = Programs {
        function: &kind.function,
        source: &source,
        data: kind.data.as_deref(),
    };
    let judged = function::judge(pack, prepared, programs, children, progress)?;
    let mut report = judged.into_report(pack, provenance);
    report.program = Some(source);
    Ok(report)
}

/// The cells one after the other, each under its number, so that a line of the
/// whole leads back to its cell.
fn program(cells: &[Cell]) -> String {
    let mut source = String::new();
    for Cell {
        number,
        source: cell,
    } in cells
    {
        source.push_str(&format!("# In [{number}]\n{}\n\n", cell.trim_end()));
    }
    source
}

fn not_run(kind: &NotebookKind) -> Vec<SubtaskReport> {
    let subtasks = kind.function.subtasks.iter();
    subtasks
        .map(|subtask| SubtaskReport {
            name: subtask.name.clone(),
            verdict: Verdict::Skipped,
            score: Score::ZERO,
            max_score: Score::from_points(subtask.points),
            cases: Vec::new(),
            cells: Vec::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lead_back_to_their_cells() {
        let cell = |number, source: &str| Cell {
            number,
            source: source.into(),
        };
        let source = program(&[cell(2, "import numpy as np\n\n"), cell(5, "x = 1")]);
        assert_eq!(
            source,
            "# In [2]\nimport numpy as np\n\n# In [5]\nx = 1\n\n"
        );
    }
}
