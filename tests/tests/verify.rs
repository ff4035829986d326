//! `pack verify`, check by check: a pack that breaks just that, and what is found.
//! And `pack calibrate`.

use anyhow::{Context, Result};
use gradien_problems::proof::{Found, Junk, Severity};
use gradien_problems::protocol::{PackRef, Progress, Request, Response};
use gradien_problems::texts::{Part, TextFlaw};
use gradien_problems::{Pack, Proof};
use gradien_tests::proofs::{Collection, Copy, findings, pack, prove_all};
use gradien_tests::supervisor::Supervisor;

const HAND: &str = "ch5-convolution-hand";
const CODE: &str = "ch5-convolution-code";
const MANIFEST: &str = "problem.toml";
const EXPECTED: &str = "submissions/expected.toml";

/// How a pack is broken, and what must be found for that.
struct Broken {
    name: &'static str,
    from: &'static str,
    by: fn(&Copy) -> Result<()>,
    place: &'static str,
    found: fn(&Found) -> bool,
    severity: Severity,
}

fn fault(
    name: &'static str,
    from: &'static str,
    by: fn(&Copy) -> Result<()>,
    place: &'static str,
    found: fn(&Found) -> bool,
) -> Broken {
    Broken {
        name,
        from,
        by,
        place,
        found,
        severity: Severity::Fault,
    }
}

fn warning(
    name: &'static str,
    from: &'static str,
    by: fn(&Copy) -> Result<()>,
    place: &'static str,
    found: fn(&Found) -> bool,
) -> Broken {
    Broken {
        severity: Severity::Warning,
        ..fault(name, from, by, place, found)
    }
}

/// Proves all of them at once and looks for each one's finding.
fn check(broken: &[Broken]) -> Result<()> {
    let collection = Collection::new()?;
    for one in broken {
        let copy = collection.copy(one.from, one.name)?;
        (one.by)(&copy).with_context(|| one.name)?;
    }
    let (proofs, content) = prove_all(collection.path())?;
    assert_eq!(proofs.len(), broken.len());
    let is_fault = |one: &Broken| one.severity == Severity::Fault;
    assert_eq!(content, !broken.iter().any(is_fault));
    for one in broken {
        let proof = find(&proofs, one.name)?;
        let mut found = proof.findings.iter();
        let found = found.find(|finding| (one.found)(&finding.found));
        let finding = found.with_context(|| format!("not found: {}", findings(proof)))?;
        assert_eq!(finding.place, one.place, "{}", findings(proof));
        assert_eq!(finding.severity, one.severity, "{}", one.name);
        assert_eq!(proof.is_proved(), !is_fault(one), "{}", findings(proof));
        for text in [&finding.text.id, &finding.text.en] {
            assert!(text.len() > 20, "{}: {text}", one.name);
        }
        assert_ne!(finding.text.id, finding.text.en, "{}", one.name);
    }
    Ok(())
}

fn find<'a>(proofs: &'a [Proof], name: &str) -> Result<&'a Proof> {
    let mut proofs = proofs.iter();
    let proof = proofs.find(|proof| proof.slug == name);
    proof.with_context(|| format!("no proof of {name}"))
}

#[test]
fn a_pack_that_cannot_be_read_or_compiled_is_a_finding() -> Result<()> {
    check(&[
        fault(
            "key-misspelt",
            HAND,
            |copy| copy.edit(MANIFEST, "points =", "ponts =").map(drop),
            "problem.toml:32",
            |found| matches!(found, Found::Unreadable { detail } if detail.contains("did you mean `points`")),
        ),
        fault(
            "reference-broken",
            HAND,
            |copy| {
                copy.write(
                    "reference.py",
                    "def reference(I: Tensor, K: Tensor) -> Tensor:\n    return Q\n",
                )
                .map(drop)
            },
            "reference.py:2",
            |found| matches!(found, Found::NotPrepared { detail } if detail.contains('Q')),
        ),
        fault(
            "reference-raises",
            CODE,
            |copy| {
                copy.edit(
                    "reference.py",
                    "    # conv2d",
                    "    assert I.size(0) < 3, \"no\"\n    # conv2d",
                )
                .map(drop)
            },
            "reference.py:2",
            |found| matches!(found, Found::NotPrepared { .. }),
        ),
        fault(
            "checker-out-of-range",
            "ch1-perceptron-weights",
            |copy| {
                copy.edit("checker.py", "return 1.0, \"\"", "return 1.5, \"\"")
                    .map(drop)
            },
            "submissions/accepted/on_the_edge.toml",
            |found| matches!(found, Found::NotJudged { detail } if detail.contains("1.5 points")),
        ),
    ])
}

#[test]
fn texts_are_looked_through_in_both_languages() -> Result<()> {
    const EN: &str = "statement/problem.en.md";
    const ID: &str = "statement/problem.id.md";
    check(&[
        fault(
            "formula-broken",
            HAND,
            |copy| copy.append(ID, "\n$\\nosuch{1}$\n").map(drop),
            "statement/problem.id.md:27",
            |found| {
                matches!(
                    found,
                    Found::Text {
                        what: TextFlaw::Formula { .. }
                    }
                )
            },
        ),
        fault(
            "image-dead",
            HAND,
            |copy| {
                copy.write(EN, &format!("![x](data/none.png)\n{}", copy.read(EN)?))
                    .map(drop)
            },
            "statement/problem.en.md:1",
            |found| matches!(found, Found::Text { what: TextFlaw::Image { address } } if address == "data/none.png"),
        ),
        fault(
            "link-dead",
            HAND,
            |copy| {
                copy.edit(
                    "misconceptions/text.toml",
                    "en = '''",
                    "en = '''[x](data/none.csv) ",
                )
                .map(drop)
            },
            "misconceptions/text.toml [kernel_flipped] en:1",
            |found| {
                matches!(
                    found,
                    Found::Text {
                        what: TextFlaw::Link { .. }
                    }
                )
            },
        ),
        fault(
            "dollar-in-hint",
            HAND,
            |copy| {
                copy.edit(MANIFEST, "Multiply element", "$5 Multiply element")
                    .map(drop)
            },
            "problem.toml hint 1 en",
            |found| {
                matches!(
                    found,
                    Found::Text {
                        what: TextFlaw::Dollar { .. }
                    }
                )
            },
        ),
        fault(
            "statement-empty",
            CODE,
            |copy| copy.write(EN, " \n").map(drop),
            "statement/problem.en.md",
            |found| *found == Found::StatementEmpty,
        ),
        fault(
            "not-translated",
            HAND,
            |copy| copy.write(EN, &copy.read(ID)?).map(drop),
            "statement/problem.en.md",
            |found| *found == Found::NotTranslated,
        ),
        warning(
            "part-lost",
            HAND,
            |copy| copy.append(ID, "\n$$x$$\n").map(drop),
            "statement",
            |found| matches!(found, Found::PartsDiffer { part: Part::DisplayedFormula, id, en } if *id == en + 1),
        ),
        warning(
            "other-problem-gone",
            HAND,
            |copy| copy.append(EN, "\n[x](/problems/ch9-gone)\n").map(drop),
            "statement/problem.en.md:27",
            |found| {
                matches!(
                    found,
                    Found::Text {
                        what: TextFlaw::Problem { .. }
                    }
                )
            },
        ),
    ])
}

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
fn misconceptions_must_be_told_apart() -> Result<()> {
    const TEXTS: &str = "misconceptions/text.toml";
    fn add(copy: &Copy, name: &str, source: &str) -> Result<()> {
        copy.write(&format!("misconceptions/{name}.py"), source)?;
        let text = format!("\n[{name}]\nid = \"Satu.\"\nen = \"One.\"\n");
        copy.append(TEXTS, &text).map(drop)
    }
    check(&[
        fault(
            "equals-right",
            CODE,
            |copy| add(copy, "right_after_all", &copy.read("reference.py")?),
            "misconceptions/right_after_all.py",
            |found| *found == Found::MisconceptionIsRight,
        ),
        fault(
            "equals-another",
            CODE,
            |copy| {
                add(
                    copy,
                    "turned",
                    &copy.read("misconceptions/kernel_flipped.py")?,
                )
            },
            "misconceptions/turned.py",
            |found| matches!(found, Found::MisconceptionsAlike { other } if other.as_str() == "kernel_flipped"),
        ),
        fault(
            "says-nothing",
            CODE,
            |copy| {
                add(
                    copy,
                    "other_name",
                    "def other(I: Tensor, K: Tensor) -> Tensor:\n    return I\n",
                )
            },
            "misconceptions/other_name.py",
            |found| *found == Found::MisconceptionSilent,
        ),
        fault(
            "wrong-shape",
            "ch1-perceptron-trace",
            |copy| {
                let cut = copy.read("misconceptions/bias_kept.py")?;
                let cut = cut.replace("\"steps\": steps,", "\"steps\": steps[1:],");
                add(copy, "a_row", &cut)
            },
            "misconceptions/a_row.py",
            |found| matches!(found, Found::MisconceptionShape { .. }),
        ),
        warning(
            "without-example",
            CODE,
            |copy| {
                add(
                    copy,
                    "negative",
                    "def reference(I: Tensor, K: Tensor) -> Tensor:\n    return -torch.conv2d(I[None, None], K[None, None])[0, 0]\n",
                )
            },
            "misconceptions/negative.py",
            |found| *found == Found::MisconceptionWithoutExample,
        ),
        warning(
            "flaw-without-example",
            "ch3-mango-quality",
            |copy| {
                copy.edit(EXPECTED, "\"wrong_answer/rows_shuffled.csv\" = { verdict = \"WA\", score = 0, flaw = \"shuffled\" }\n", "")?;
                std::fs::remove_file(
                    copy.folder
                        .join("submissions/wrong_answer/rows_shuffled.csv"),
                )?;
                Ok(())
            },
            MANIFEST,
            |found| matches!(found, Found::FlawWithoutExample { rule } if rule == "shuffled"),
        ),
    ])
}

#[test]
fn the_tolerance_must_lie_between_right_and_wrong() -> Result<()> {
    fn tolerance(copy: &Copy, rtol: &str, atol: &str) -> Result<()> {
        copy.edit(
            MANIFEST,
            "rtol = 1e-5\natol = 1e-6",
            &format!("rtol = {rtol}\natol = {atol}"),
        )?;
        Ok(())
    }
    check(&[
        fault(
            "too-tight-for-float32",
            CODE,
            |copy| tolerance(copy, "1e-12", "0.0"),
            MANIFEST,
            |found| matches!(found, Found::ToleranceTooTight { what, excess } if what == "cpu float32" && *excess > 1e3),
        ),
        warning(
            "too-wide-for-one",
            CODE,
            |copy| {
                let near = "def reference(I: Tensor, K: Tensor) -> Tensor:\n    return torch.conv2d(I[None, None], K[None, None])[0, 0] * (1 + 1.5e-5)\n";
                copy.write("misconceptions/near.py", near)?;
                copy.append(
                    "misconceptions/text.toml",
                    "\n[near]\nid = \"Satu.\"\nen = \"One.\"\n",
                )?;
                tolerance(copy, "1e-5", "0.0")
            },
            MANIFEST,
            |found| matches!(found, Found::ToleranceTooWide { what, .. } if what == "misconceptions/near.py"),
        ),
    ])
}

#[test]
fn answers_that_are_none_get_no_point_and_their_own_words() -> Result<()> {
    check(&[
        // An empty list is the right answer, so one is accepted.
        fault(
            "empty-is-right",
            "ch6-vocabulary",
            |copy| {
                let nothing = "\n\ndef nothing(sentences: List[str]) -> List[int]:\n    \
                    none: List[int] = []\n    return none\n";
                copy.append("reference.py", nothing)?;
                copy.edit(
                    MANIFEST,
                    "reference = \"count_words\"",
                    "reference = \"nothing\"",
                )
                .map(drop)
            },
            "submissions",
            |found| {
                matches!(
                    found,
                    Found::JunkEarns {
                        junk: Junk::Empty,
                        ..
                    }
                )
            },
        ),
        // The pack's own code stands in front of the judge's words.
        fault(
            "driver-swallows-words",
            CODE,
            |copy| {
                let driver = "import numpy as np\nimport solution\n\n\n\
                    def strict(I, K):\n    S = solution.conv2d(I, K)\n    \
                    if np.shape(S) != (I.shape[0] - K.shape[0] + 1, I.shape[1] - K.shape[1] + 1):\n        \
                    raise ValueError(\"no\")\n    return S\n";
                copy.write("driver.py", driver)?;
                copy.edit(
                    MANIFEST,
                    "open_cases = 2",
                    "open_cases = 2\ndriver = \"strict\"",
                )
                .map(drop)
            },
            "submissions",
            |found| matches!(found, Found::JunkAlike { .. }),
        ),
    ])
}

#[test]
fn a_device_that_is_not_there_is_said_and_fails() -> Result<()> {
    let folder = gradien_tests::packs::folder().join(HAND);
    let folder = folder.to_str().context("a path in UTF-8")?;
    for devices in ["cuda", "cpu,cuda"] {
        let output = pack(&["verify", folder, "--device", devices, "--json"])?;
        assert!(!output.status.success(), "{devices}");
        let proofs: Vec<Proof> = serde_json::from_slice(&output.stdout)?;
        let missing = |found: &Found| matches!(found, Found::DeviceMissing { device, .. } if device == "cuda");
        assert!(
            proofs[0].faults().any(|one| missing(&one.found)),
            "{devices}"
        );
    }
    let twice = pack(&["verify", folder, "--device", "cpu,cpu", "--json"])?;
    let proofs: Vec<Proof> = serde_json::from_slice(&twice.stdout)?;
    let compared = proofs[0].devices.as_ref().context("two were compared")?;
    assert_eq!(compared.devices, ["cpu", "cpu"]);
    assert!(compared.values >= 9);
    assert_eq!(
        (compared.excess, compared.identical),
        (0.0, compared.values)
    );
    assert_eq!(compared.agreeing, compared.examples);
    let unknown = pack(&["verify", folder, "--device", "tpu"])?;
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("expected cpu or cuda"));
    Ok(())
}

/// As the server asks: sound packs, packs that are broken, and folders that are no
/// pack are all answered with a proof.
#[test]
fn a_supervisor_proves_packs() -> Result<()> {
    let store = tempfile::tempdir()?;
    let mut supervisor = Supervisor::start(store.path())?;
    let collection = Collection::new()?;
    let sound = collection.copy(HAND, "sound")?;
    let loaded = Pack::load(&sound.folder)?;
    let mut ask = |folder: &std::path::Path| -> Result<(Proof, Vec<Progress>)> {
        let pack = PackRef {
            hash: loaded.hash.clone(),
            folder: folder.to_path_buf(),
        };
        match supervisor.ask(&Request::Verify { pack })? {
            (Response::Proved { proof }, progress) => Ok((*proof, progress)),
            (other, _) => anyhow::bail!("instead of a proof: {other:?}"),
        }
    };
    let (proof, progress) = ask(&sound.folder)?;
    assert!(proof.is_proved(), "{}", findings(&proof));
    assert_eq!(proof.hash.as_ref(), Some(&loaded.hash));
    assert_eq!(proof.examples.len(), loaded.submissions.len());
    let steps: Vec<(u32, u32)> = progress
        .iter()
        .filter_map(|one| match one {
            Progress::Proving { done, total, .. } => Some((*done, *total)),
            _ => None,
        })
        .collect();
    assert!(steps.len() > proof.examples.len(), "{steps:?}");
    assert!(steps.is_sorted(), "{steps:?}");
    assert!(steps.iter().all(|(done, total)| done < total), "{steps:?}");

    let broken = collection.copy(HAND, "broken")?;
    broken.edit(MANIFEST, "points =", "ponts =")?;
    for folder in [broken.folder, collection.path().join("nowhere")] {
        let (proof, _) = ask(&folder)?;
        assert!(!proof.is_proved());
        assert_eq!(proof.hash, None);
        assert!(matches!(proof.findings[0].found, Found::Unreadable { .. }));
    }
    Ok(())
}

#[test]
fn a_person_reads_what_is_wrong_in_either_language() -> Result<()> {
    let collection = Collection::new()?;
    let copy = collection.copy(CODE, "to-be-read")?;
    copy.edit(EXPECTED, "score = 60 }", "score = 40 }")?;
    let folder = copy.folder.to_str().context("a path in UTF-8")?;
    for (language, parts) in [
        (
            "en",
            [
                "NOT PROVED",
                "must get WA 40, but gets WA 60",
                "Misconceptions",
                "0 of 1 packs proved",
            ],
        ),
        (
            "id",
            [
                "BELUM TERBUKTI",
                "harus mendapat WA 40, tetapi mendapat WA 60",
                "Miskonsepsi",
                "0 dari 1 paket terbukti",
            ],
        ),
    ] {
        let output = pack(&["verify", folder, "--language", language])?;
        let told = String::from_utf8(output.stdout)?;
        for part in parts {
            assert!(told.contains(part), "{part}:\n{told}");
        }
    }
    Ok(())
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
