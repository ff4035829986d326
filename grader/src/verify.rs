//! `pack verify`: a pack proves itself by its example submissions.

use crate::GraderError;
use crate::blobs::Blobs;
use crate::children::Children;
use crate::judge::judge;
use crate::prepare::Prepared;
use gradien_problems::report::Usage;
use gradien_problems::{Language, Pack, Report};
use std::io::{self, Write};
use std::path::Path;

/// An accepted solution must leave at least half of the fuel.
const HEAD_ROOM: u64 = 2;

/// Judges every example and writes one line for each. `false` where one did not
/// get its verdict or score, or an accepted one came too near the limit.
pub fn verify(
    folder: &Path,
    children: &mut Children,
    out: &mut impl Write,
) -> Result<bool, GraderError> {
    let pack = Pack::load(folder)?;
    let prepared = Prepared::find_or_make(&pack, children, || {})?;
    let written = |source| GraderError::Store {
        path: "standard output".into(),
        source,
    };
    writeln!(
        out,
        "{} ({}, {})",
        pack.slug,
        pack.kind.name(),
        prepared.device
    )
    .map_err(written)?;
    let blobs = Blobs::of_examples(&pack)?;
    let mut proved = true;
    for example in &pack.submissions {
        let report = judge(
            &pack,
            &prepared,
            &example.submission,
            &blobs,
            children,
            &mut |_| {},
        )?;
        let mut diagnosed = report.diagnoses.iter().map(|one| &one.misconception);
        let right = report.verdict == example.verdict
            && report.score == example.score
            && diagnosed.next() == example.misconception.as_ref()
            && diagnosed.next().is_none()
            && example.has_its_flaw(&pack.kind, &report);
        let tight = example.score == pack.max_score()
            && report
                .usage
                .is_some_and(|usage| usage.fuel * HEAD_ROOM > usage.fuel_limit);
        proved &= right && !tight;
        let line = Line {
            path: &example.path,
            report: &report,
            right,
            tight,
        };
        line.write(example.verdict.code(), &example.score.to_string(), out)
            .map_err(written)?;
    }
    Ok(proved)
}

struct Line<'a> {
    path: &'a str,
    report: &'a Report,
    right: bool,
    tight: bool,
}

impl Line<'_> {
    fn write(&self, verdict: &str, score: &str, out: &mut impl Write) -> io::Result<()> {
        let Line {
            path,
            report,
            right,
            tight,
        } = self;
        let mark = if *right && !*tight { "ok  " } else { "FAIL" };
        let (got, points) = (report.verdict.code(), report.score.to_string());
        write!(out, "  {mark} {path:<48} {got:<4} {points:>6}")?;
        if let Some(Usage {
            fuel, fuel_limit, ..
        }) = report.usage
        {
            write!(
                out,
                "  fuel {fuel} ({:.1} %)",
                fuel as f64 * 100.0 / fuel_limit as f64
            )?;
        }
        writeln!(out)?;
        if !right {
            writeln!(out, "       expected {verdict} {score}")?;
            for diagnosis in &report.diagnoses {
                writeln!(out, "       diagnosed {}", diagnosis.misconception)?;
            }
            let cases = report.subtasks.iter().flat_map(|subtask| &subtask.cases);
            let mut messages = report
                .messages
                .iter()
                .chain(cases.filter_map(|c| c.message.as_ref()));
            if let Some(message) = messages.next() {
                writeln!(
                    out,
                    "       {}",
                    message.text(Language::En).replace('\n', "\n       ")
                )?;
            }
        }
        if *tight {
            writeln!(
                out,
                "       uses more than half of the fuel: raise limits.fuel"
            )?;
        }
        Ok(())
    }
}
