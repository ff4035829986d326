use super::*;
use crate::texts::{Part, TextFlaw};

fn outcome(verdict: Verdict, misconception: Option<&str>) -> Outcome {
    Outcome {
        verdict,
        score: Score::from_points(60),
        misconceptions: misconception.iter().map(|m| m.parse().unwrap()).collect(),
        flaws: Vec::new(),
    }
}

/// One of each.
fn all() -> Vec<Found> {
    let text = || "x".to_owned();
    let right = || outcome(Verdict::Accepted, None);
    let wrong = || outcome(Verdict::WrongAnswer, Some("relu"));
    vec![
        Found::NotPrepared { detail: text() },
        Found::Unreadable { detail: text() },
        Found::StatementEmpty,
        Found::NotTranslated,
        Found::PartsDiffer {
            part: Part::Heading,
            id: 1,
            en: 2,
        },
        Found::Text {
            what: TextFlaw::Image { address: text() },
        },
        Found::NoAccepted,
        Found::NoWrong,
        Found::Verdict {
            expected: right(),
            got: wrong(),
            message: Some(Message::CellEmpty),
        },
        Found::Diagnosis {
            expected: right(),
            got: wrong(),
        },
        Found::NotJudged { detail: text() },
        Found::FuelTight { fuel: 9, limit: 10 },
        Found::MemoryTight {
            bytes: 9 << 20,
            limit: 10 << 20,
        },
        Found::NotCalibrated,
        Found::MisconceptionSilent,
        Found::MisconceptionIsRight,
        Found::MisconceptionsAlike {
            other: "relu".parse().unwrap(),
        },
        Found::MisconceptionShape {
            detail: "gives “y” with shape [2], the field has [3]".into(),
        },
        Found::MisconceptionWithoutExample,
        Found::FlawWithoutExample { rule: text() },
        Found::RuleWithoutExample { rule: text() },
        Found::ToleranceTooTight {
            what: text(),
            excess: 1.5,
        },
        Found::ToleranceTooWide {
            what: text(),
            excess: 1.5,
        },
        Found::PrecisionFails {
            what: text(),
            detail: text(),
        },
        Found::JunkEarns {
            junk: Junk::Empty,
            score: Score::from_points(5),
        },
        Found::JunkUnexplained { junk: Junk::Huge },
        Found::JunkAlike {
            junk: Junk::Text,
            other: Junk::Bytes,
        },
        Found::DeviceMissing {
            device: "cuda".into(),
            reason: text(),
        },
        Found::DeviceExpectedDiffers { excess: 3.0 },
        Found::DeviceVerdictDiffers {
            device: "cuda".into(),
            expected: right(),
            got: wrong(),
        },
    ]
}

#[test]
fn every_finding_says_what_and_survives_the_wire() {
    let mut proof = Proof::bare("p".into(), "cpu", "");
    assert!(proof.is_proved());
    for found in all() {
        proof.find("problem.toml:3", found);
    }
    assert!(!proof.is_proved());
    let warnings = proof.findings.len() - proof.faults().count();
    assert!(warnings > 0);
    for finding in &proof.findings {
        let Localized { id, en } = &finding.text;
        let literal = matches!(finding.found, Found::Unreadable { .. });
        assert!(literal || (id.len() > 12 && en.len() > 12), "{id} {en}");
        assert_ne!(id, en);
    }
    let packed = rmp_serde::to_vec_named(&proof).unwrap();
    assert_eq!(rmp_serde::from_slice::<Proof>(&packed).unwrap(), proof);
    let json = serde_json::to_string(&proof).unwrap();
    assert_eq!(serde_json::from_str::<Proof>(&json).unwrap(), proof);
}

#[test]
fn a_warning_leaves_a_pack_proved() {
    let mut proof = Proof::bare("p".into(), "cpu", "");
    proof.find("", Found::NoWrong);
    assert!(proof.is_proved());
    proof.find("", Found::NoAccepted);
    assert!(!proof.is_proved());
}

#[test]
fn the_gap_lies_between_the_furthest_right_and_the_nearest_wrong() {
    let deviation = |what: &str, excess| Deviation {
        what: what.into(),
        excess,
    };
    let calibration = Calibration {
        right: vec![deviation("cpu float64", 0.0), deviation("cpu float32", 0.2)],
        wrong: vec![deviation("far", 1e12), deviation("near", 40.0)],
    };
    let (right, wrong) = calibration.gap();
    assert_eq!(right.unwrap().what, "cpu float32");
    assert_eq!(wrong.unwrap().what, "near");
    for (excess, text) in [
        (0.0, "0"),
        (0.0004, "4e-4"),
        (0.2, "0.20"),
        (105.4, "105"),
        (1e12, "> 10^12"),
    ] {
        assert_eq!(excess_text(excess), text);
    }
}
