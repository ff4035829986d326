//! `pack verify`, check by check: a pack that breaks just that, and what is found.
//! And `pack calibrate`.

mod apart;
mod examples;
mod texts;

use anyhow::{Context, Result};
use gradien_problems::proof::{Found, Severity};
use gradien_problems::protocol::{PackRef, Progress, Request, Response};
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
            "problem.toml:33",
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
