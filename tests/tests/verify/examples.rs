//! Example submissions, and the limits that follow from them.

use crate::{CODE, EXPECTED, HAND, MANIFEST, check, fault, warning};
use anyhow::{Context, Result};
use gradien_problems::proof::Found;
use gradien_problems::{Pack, Proof};
use gradien_tests::proofs::{Collection, pack};

#[test]
fn examples_must_be_there_and_get_what_they_must() -> Result<()> {
    check(&[
        fault(
            "none-accepted",
            HAND,
            |copy| copy.without_examples("accepted").map(drop),
            EXPECTED,
            |found| *found == Found::NoAccepted,
        ),
        warning(
            "none-wrong",
            "ch6-tokens-to-ids",
            |copy| {
                for name in std::fs::read_dir(copy.folder.join("submissions"))? {
                    let name = name?.file_name().into_string().unwrap_or_default();
                    if name != "accepted" && name != "expected.toml" {
                        copy.without_examples(&name)?;
                    }
                }
                Ok(())
            },
            EXPECTED,
            |found| *found == Found::NoWrong,
        ),
        fault(
            "score-wrong",
            HAND,
            |copy| {
                copy.edit(EXPECTED, "score = 88.88", "score = 77.77")
                    .map(drop)
            },
            "submissions/wrong_answer/one_slip.toml",
            |found| matches!(found, Found::Verdict { got, .. } if got.score.to_string() == "88.88"),
        ),
        fault(
            "diagnosis-wrong",
            HAND,
            |copy| {
                copy.edit(EXPECTED, ", misconception = \"kernel_flipped\"", "")
                    .map(drop)
            },
            "submissions/wrong_answer/kernel_flipped.toml",
            |found| matches!(found, Found::Diagnosis { got, .. } if got.told().as_deref() == Some("kernel_flipped")),
        ),
        fault(
            "flaw-wrong",
            "ch3-mango-quality",
            |copy| {
                copy.edit(EXPECTED, ", flaw = \"shuffled\"", ", flaw = \"constant\"")
                    .map(drop)
            },
            "submissions/wrong_answer/rows_shuffled.csv",
            |found| matches!(found, Found::Diagnosis { .. }),
        ),
        fault(
            "rule-for-nothing",
            CODE,
            |copy| {
                copy.edit(MANIFEST, "\"np.fft\"]", "\"np.fft\", \"np.convolv\"]")
                    .map(drop)
            },
            MANIFEST,
            |found| matches!(found, Found::RuleWithoutExample { rule } if rule == "np.convolv"),
        ),
        warning(
            "not-calibrated",
            CODE,
            |copy| {
                let manifest = with_fuel(&copy.read(MANIFEST)?, 7_000_000_000);
                copy.write(MANIFEST, &manifest).map(drop)
            },
            MANIFEST,
            |found| *found == Found::NotCalibrated,
        ),
        fault(
            "fuel-tight",
            CODE,
            |copy| {
                copy.write(
                    MANIFEST,
                    &with_fuel(&copy.read(MANIFEST)?, slowest()? * 3 / 2),
                )
                .map(drop)
            },
            "submissions/accepted/four_loops.py",
            |found| matches!(found, Found::FuelTight { .. }),
        ),
    ])
}

/// What the slowest accepted example of [`CODE`] uses.
fn slowest() -> Result<u64> {
    let folder = gradien_tests::packs::folder().join(CODE);
    let folder = folder.to_str().context("a path in UTF-8")?;
    let output = pack(&["verify", folder, "--json"])?;
    let proofs: Vec<Proof> = serde_json::from_slice(&output.stdout)?;
    let examples = proofs.iter().flat_map(|proof| &proof.examples);
    let accepted = examples.filter(|example| example.path.starts_with("accepted/"));
    let fuel = accepted
        .filter_map(|example| Some(example.usage?.fuel))
        .max();
    fuel.context("no accepted example was run")
}

fn with_fuel(manifest: &str, fuel: u64) -> String {
    let lines = manifest.lines().map(|line| match line {
        line if line.starts_with("fuel = ") => format!("fuel = {fuel}"),
        line => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn limits_follow_from_the_slowest_accepted_example() -> Result<()> {
    let collection = Collection::new()?;
    let copy = collection.copy(CODE, "measured")?;
    let folder = copy.folder.to_str().context("a path in UTF-8")?;
    // The author's own: nothing says how it was chosen.
    let manifest = with_fuel(&copy.read(MANIFEST)?, 3_000_000_000);
    let bare = manifest
        .lines()
        .filter(|line| !line.starts_with("calibrated"));
    let bare = format!("{}\n", bare.collect::<Vec<_>>().join("\n"));
    copy.write(MANIFEST, &bare)?;
    let check = pack(&["calibrate", folder, "--check"])?;
    assert!(!check.status.success());
    assert_eq!(copy.read(MANIFEST)?, bare, "a check changes nothing");

    assert!(
        pack(&["calibrate", folder, "--multiple", "20"])?
            .status
            .success()
    );
    let written = copy.read(MANIFEST)?;
    assert!(pack(&["calibrate", folder, "--check"])?.status.success());
    assert!(pack(&["calibrate", folder])?.status.success());
    assert_eq!(copy.read(MANIFEST)?, written, "what follows is left alone");
    let kept = |text: &str| {
        let lines = text.lines().map(str::to_owned);
        lines
            .filter(|line| !line.starts_with("calibrated") && !line.starts_with("fuel"))
            .collect::<Vec<_>>()
    };
    assert_eq!(kept(&written), kept(&bare));
    let loaded = Pack::load(&copy.folder)?;
    let function = loaded.kind.find_function().context("it runs a program")?;
    let calibrated = function.calibrated.as_ref().context("it was calibrated")?;
    assert_eq!(calibrated.multiple, 20);
    // Other seeds of the guest's randomness, hence not the same to the last unit.
    let ratio = calibrated.fuel as f64 / slowest()? as f64;
    assert!((0.99..1.01).contains(&ratio), "{ratio}");
    assert_eq!(function.limits.fuel, calibrated.limit());

    // A limit, a measurement or a guest of another time does not follow.
    for (from, to) in [
        (
            format!("fuel = {}", grouped(calibrated.limit())),
            "fuel = 5_000_000_000".to_owned(),
        ),
        (
            format!("fuel = {},", grouped(calibrated.fuel)),
            "fuel = 7,".to_owned(),
        ),
        (calibrated.guest.clone(), "0".repeat(64)),
    ] {
        copy.write(MANIFEST, &written)?;
        copy.edit(MANIFEST, &from, &to)?;
        let check = pack(&["calibrate", folder, "--check"])?;
        assert!(!check.status.success(), "{to}");
    }
    Ok(())
}

fn grouped(number: u64) -> String {
    let digits = number.to_string().into_bytes();
    let groups = digits.rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join("_")
}
