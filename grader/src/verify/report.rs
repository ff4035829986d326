//! A proof for a person at a terminal: what is wrong first, then what was tried.

use gradien_problems::Language;
use gradien_problems::proof::{
    Calibration, DeviceComparison, MisconceptionMatrix, Outcome, Proof, ProvedExample, ProvedJunk,
    Severity, excess_text,
};
use std::io::{self, Write};

/// Deviations of wrong answers that are listed: the nearest.
const NEAREST: usize = 3;

pub(super) fn write(proof: &Proof, language: Language, out: &mut impl Write) -> io::Result<()> {
    let count = |severity| {
        let findings = proof.findings.iter();
        findings.filter(|one| one.severity == severity).count()
    };
    let (faults, warnings) = (count(Severity::Fault), count(Severity::Warning));
    let said = match (proof.is_proved(), language) {
        (true, Language::En) => "proved".to_owned(),
        (true, Language::Id) => "terbukti".to_owned(),
        (false, Language::En) => format!("NOT PROVED, faults: {faults}"),
        (false, Language::Id) => format!("BELUM TERBUKTI, kesalahan: {faults}"),
    };
    let warned = match (warnings, language) {
        (0, _) => String::new(),
        (_, Language::En) => format!(", warnings: {warnings}"),
        (_, Language::Id) => format!(", peringatan: {warnings}"),
    };
    let of = match (&proof.kind, proof.device.as_str()) {
        (Some(kind), device) if !device.is_empty() => format!(" ({kind}, {device})"),
        _ => String::new(),
    };
    writeln!(out, "{}{of}: {said}{warned}", proof.slug)?;
    for finding in &proof.findings {
        let mark = match finding.severity {
            Severity::Fault => "FAIL",
            Severity::Warning => "warn",
        };
        let text = finding.text.get(language).replace('\n', "\n         ");
        match &*finding.place {
            "" => writeln!(out, "  {mark}  {text}")?,
            place => writeln!(out, "  {mark}  {place}: {text}")?,
        }
    }
    let words = Words::of(language);
    if !proof.examples.is_empty() {
        examples(&proof.examples, words, out)?;
    }
    if let Some(matrix) = &proof.misconceptions {
        misconceptions(matrix, words, out)?;
    }
    if let Some(calibration) = &proof.tolerance {
        tolerance(calibration, words, out)?;
    }
    if !proof.junk.is_empty() {
        junk(&proof.junk, language, words, out)?;
    }
    if let Some(comparison) = &proof.devices {
        devices(comparison, language, words, out)?;
    }
    writeln!(out)
}

struct Words {
    examples: &'static str,
    expected: &'static str,
    got: &'static str,
    fuel: &'static str,
    misconceptions: &'static str,
    right: &'static str,
    pairs: &'static str,
    tolerance: &'static str,
    nearest: &'static str,
    junk: &'static str,
    devices: &'static str,
}

impl Words {
    fn of(language: Language) -> &'static Words {
        match language {
            Language::En => &Words {
                examples: "Examples",
                expected: "must get",
                got: "gets",
                fuel: "fuel",
                misconceptions: "Misconceptions: cases that tell the one in the row from the right answer and from the others; all cases:",
                right: "right",
                pairs: "Two at once that are found too:",
                tolerance: "Tolerance: deviations in multiples of what is allowed",
                nearest: "right up to 1, wrong beyond; gap from",
                junk: "Answers that are none",
                devices: "Devices",
            },
            Language::Id => &Words {
                examples: "Contoh",
                expected: "harus",
                got: "mendapat",
                fuel: "bahan bakar",
                misconceptions: "Miskonsepsi: banyaknya kasus yang membedakan baris ini dari jawaban benar dan dari yang lain; semua kasus:",
                right: "benar",
                pairs: "Dua sekaligus yang juga dikenali:",
                tolerance: "Toleransi: simpangan dalam kelipatan yang diizinkan",
                nearest: "benar sampai 1, salah di atasnya; celah dari",
                junk: "Jawaban yang bukan jawaban",
                devices: "Perangkat",
            },
        }
    }
}

fn examples(examples: &[ProvedExample], words: &Words, out: &mut impl Write) -> io::Result<()> {
    let width = examples.iter().map(|one| one.path.len()).max().unwrap_or(0);
    let (title, expected, got, fuel) = (words.examples, words.expected, words.got, words.fuel);
    writeln!(
        out,
        "  {title:<width$}        {expected:<12} {got:<12} {fuel}"
    )?;
    for one in examples {
        let mark = if one.is_right() { "ok  " } else { "FAIL" };
        let (expected, got) = (points(&one.expected), points(&one.got));
        let path = &one.path;
        write!(out, "    {mark}  {path:<width$}  {expected:<12} {got:<12}")?;
        if let Some(usage) = one.usage {
            let percent = usage.fuel as f64 * 100.0 / usage.fuel_limit.max(1) as f64;
            write!(out, " {} ({percent:.1} %)", usage.fuel)?;
        }
        if let Some(told) = one.got.told() {
            write!(out, " [{told}]")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn points(outcome: &Outcome) -> String {
    format!("{} {}", outcome.verdict, outcome.score)
}

fn misconceptions(
    matrix: &MisconceptionMatrix,
    words: &Words,
    out: &mut impl Write,
) -> io::Result<()> {
    let names = matrix.rows.iter().map(|row| row.name.as_str().len());
    let width = names.max().unwrap_or(0);
    writeln!(out, "  {} {}", words.misconceptions, matrix.cases)?;
    write!(out, "        {:<width$}  {:>7}", "", words.right)?;
    for number in 1..=matrix.rows.len() {
        write!(out, " {number:>4}")?;
    }
    writeln!(out)?;
    for (row, number) in matrix.rows.iter().zip(1..) {
        let name = row.name.as_str();
        write!(
            out,
            "    {number:>2}. {name:<width$}  {:>7}",
            row.from_right
        )?;
        for telling in &row.from_others {
            match telling {
                Some(telling) => write!(out, " {telling:>4}")?,
                None => write!(out, "    ·")?,
            }
        }
        writeln!(out)?;
    }
    if !matrix.pairs.is_empty() {
        writeln!(out, "  {}", words.pairs)?;
        for [one, other] in &matrix.pairs {
            writeln!(out, "    {one} + {other}")?;
        }
    }
    Ok(())
}

fn tolerance(calibration: &Calibration, words: &Words, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  {}", words.tolerance)?;
    let nearest = calibration.wrong.iter().take(NEAREST);
    for one in calibration.right.iter().chain(nearest) {
        writeln!(out, "    {:>8}  {}", excess_text(one.excess), one.what)?;
    }
    if let (Some(right), Some(wrong)) = calibration.gap() {
        let (right, wrong) = (excess_text(right.excess), excess_text(wrong.excess));
        writeln!(out, "    {} {right} … {wrong}", words.nearest)?;
    }
    Ok(())
}

fn junk(
    junk: &[ProvedJunk],
    language: Language,
    words: &Words,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "  {}", words.junk)?;
    for one in junk {
        let name = one.junk.text(language);
        let text = one.message.as_ref().map(|message| message.text(language));
        let text = text.unwrap_or_default();
        // Where the text is a list, its first item says what is wrong.
        let lines: Vec<&str> = text.lines().take(2).map(str::trim).collect();
        let line = lines.join(" ");
        let (verdict, score) = (one.verdict, one.score);
        writeln!(out, "    {name:<24}  {verdict:<4} {score:>4}  {line}")?;
    }
    Ok(())
}

fn devices(
    one: &DeviceComparison,
    language: Language,
    words: &Words,
    out: &mut impl Write,
) -> io::Result<()> {
    let (same, values) = (one.identical, one.values);
    let (agreeing, examples) = (one.agreeing, one.examples);
    let excess = excess_text(one.excess);
    writeln!(out, "  {}: {}", words.devices, one.devices.join(", "))?;
    match language {
        Language::En => writeln!(
            out,
            "    right answers: {same} of {values} numbers are the same to the last bit, the others differ by at most {excess} times what is allowed\n    examples: {agreeing} of {examples} get the same verdict, score and diagnosis"
        ),
        Language::Id => writeln!(
            out,
            "    jawaban benar: {same} dari {values} bilangan sama sampai bit terakhir, selebihnya berbeda paling banyak {excess} kali yang diizinkan\n    contoh: {agreeing} dari {examples} mendapat putusan, nilai, dan diagnosis yang sama"
        ),
    }
}
