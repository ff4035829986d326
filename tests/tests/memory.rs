//! Expected values are nowhere in the process that runs a submission: its memory is
//! searched for them while a program runs.
//!
//! A pack's reference is made to answer one number that nobody would come upon. Two
//! finds prove the search: the supervisor, which compares, has that number; the runner
//! has another one, which the submission itself writes into an array.

use anyhow::{Context, Result, ensure};
use gradien_problems::Pack;
use gradien_problems::protocol::Submission;
use gradien_tests::supervisor::Supervisor;
use gradien_tests::{packs, processes};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

const SLUG: &str = "ch5-gru-cell";
/// What the reference answers, and what the submission holds.
const EXPECTED: f64 = f64::from_bits(0x3f4d_9c1b_6a57_e8d3);
const CONTROL: f64 = f64::from_bits(0x3f4b_71e6_93c8_5d2f);
/// Read at once; windows may lie across two reads, so they overlap.
const READ_BYTES: usize = 4 << 20;
const SCANS: usize = 5;

/// Eight bytes of a number: as a float64, and as the first digits of its text.
fn needles(number: f64) -> [[u8; 8]; 2] {
    let digits: String = format!("{number:e}").replace('.', "");
    let text = digits.as_bytes()[1..9].try_into().expect("digits");
    [number.to_le_bytes(), text]
}

/// How often each number's bytes lie in what the process can read.
fn count(pid: u32, numbers: &[f64]) -> Result<Vec<usize>> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let memory = File::open(format!("/proc/{pid}/mem"))?;
    let wanted: Vec<_> = numbers.iter().map(|&number| needles(number)).collect();
    let mut counts = vec![0; numbers.len()];
    let mut buffer = vec![0; READ_BYTES];
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().context("a range")?, fields.next());
        if !rights.is_some_and(|rights| rights.starts_with('r')) {
            continue;
        }
        let (from, to) = range.split_once('-').context("a range")?;
        let (mut at, end) = (u64::from_str_radix(from, 16)?, u64::from_str_radix(to, 16)?);
        while at < end {
            let length = buffer.len().min((end - at) as usize);
            // Pages of the kernel's own cannot be read; nothing of ours is in them.
            let Ok(read) = memory.read_at(&mut buffer[..length], at) else {
                break;
            };
            for window in buffer[..read].windows(8) {
                for (needles, count) in wanted.iter().zip(&mut counts) {
                    *count += usize::from(needles.iter().any(|needle| needle == window));
                }
            }
            if read < 8 || at + read as u64 == end {
                break;
            }
            at += read as u64 - 7;
        }
    }
    Ok(counts)
}

/// The pack with a reference that answers [`EXPECTED`] everywhere, and fuel enough to
/// be looked at for a while.
fn planted_pack(folder: &Path) -> Result<Pack> {
    copy(&packs::folder().join(SLUG), folder)?;
    let reference = fs::read_to_string(folder.join("reference.py"))?;
    // Of the functions that give a right answer; those that give its steps return lists.
    let mut answers = false;
    let reference: String = reference
        .lines()
        .map(|line| {
            if line.starts_with("def ") {
                answers = line.trim_end().ends_with("-> Tensor:");
            }
            match answers && line.trim_start().starts_with("return ") {
                true => format!("    return h * 0.0 + {EXPECTED:e}\n"),
                false => format!("{line}\n"),
            }
        })
        .collect();
    fs::write(folder.join("reference.py"), reference)?;
    let manifest = fs::read_to_string(folder.join("problem.toml"))?;
    let fuel = manifest
        .lines()
        .find(|line| line.starts_with("fuel = "))
        .context("a limit")?;
    fs::write(
        folder.join("problem.toml"),
        manifest.replace(fuel, "fuel = 100_000_000_000"),
    )?;
    Ok(Pack::load(folder)?)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => drop(fs::copy(entry.path(), &target)?),
        }
    }
    Ok(())
}

#[test]
fn expected_values_are_nowhere_in_the_runner() -> Result<()> {
    let (folder, store) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let pack = planted_pack(&folder.path().join(SLUG))?;
    let mut supervisor = Supervisor::start(store.path())?;
    let pid = supervisor.pid();
    let names = "x, h, W_z, W_r, W_h, b_z, b_r, b_h";
    let source = format!(
        "import numpy as np\n\n\ndef gru_cell({names}):\n    kept = np.full(4096, {CONTROL:e})\n    while True:\n        pass\n"
    );
    let submission = Submission::Function { source };
    std::thread::scope(|scope| {
        let judging = scope.spawn(|| supervisor.judge(&pack, &submission));
        let searched = search(pid);
        // It would go on for every case; what there was to see was seen.
        processes::kill_hard(pid);
        let judged = judging.join().expect("no panic");
        searched.with_context(|| format!("the judgement: {judged:?}"))
    })
}

fn search(supervisor: u32) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(120);
    let mut scans = 0;
    while scans < SCANS {
        ensure!(Instant::now() < until, "no runner was seen at work");
        std::thread::sleep(Duration::from_millis(50));
        let below = processes::below(supervisor);
        let Some(runner) = below.iter().find(|one| one.name == "gradien-runner") else {
            continue;
        };
        let counts = match count(runner.pid, &[EXPECTED, CONTROL]) {
            Ok(counts) => counts,
            Err(error) if error.to_string().contains("Permission denied") => {
                // The runner lets nobody look into it but root.
                println!("SKIPPED: only root may search the runner's memory");
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        ensure!(counts[0] == 0, "the runner holds an expected value");
        // Not yet at work, where it does not hold the submission's own number.
        if counts[1] >= 4096 {
            scans += 1;
        }
    }
    let counts = count(supervisor, &[EXPECTED])?;
    ensure!(counts[0] > 0, "the search does not find what is there");
    Ok(())
}
