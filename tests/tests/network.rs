//! Networks through the real supervisor and its real model process: every fault
//! of a file is listed, hostile files harm nobody, and reports repeat.

use gradien_problems::architecture::WeightFault;
use gradien_problems::message::NetworkFault;
use gradien_problems::protocol::{Submission, Upload};
use gradien_problems::report::Split;
use gradien_problems::{BlobHash, Language, Message, Pack, Report, Verdict};
use gradien_tests::packs;
use gradien_tests::supervisor::Supervisor;

const SPIRAL: &str = "ch3-spiral-mlp";

fn example(pack: &Pack, path: &str) -> Submission {
    let found = pack.submissions.iter().find(|one| one.path == path);
    found
        .unwrap_or_else(|| panic!("no {path}"))
        .submission
        .clone()
}

fn faults(report: &Report) -> &[WeightFault] {
    match &report.messages[..] {
        [
            Message::Network {
                what: NetworkFault::Weights { faults, .. },
            },
        ] => faults,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_tensor_that_does_not_fit_is_listed() {
    let store = tempfile::tempdir().unwrap();
    let mut supervisor = Supervisor::start(store.path()).unwrap();
    let pack = packs::load(SPIRAL);
    let mut judge = |path: &str| supervisor.judge(&pack, &example(&pack, path)).unwrap();
    for (name, listed) in [
        ("transposed", 2),
        ("one_layer_missing", 2),
        ("other_names", 12),
        // And that all of them begin so.
        ("inside_another_module", 13),
        ("cut_off", 1),
        ("torch_save", 1),
    ] {
        let report = judge(&format!("compile_error/{name}.safetensors"));
        assert_eq!(
            faults(&report).len(),
            listed,
            "{name}: {:?}",
            faults(&report)
        );
        for language in Language::ALL {
            let text = report.messages[0].text(language);
            assert_eq!(text.lines().count(), listed + 1, "{text}");
        }
    }
    let report = judge("wrong_answer/diverged.safetensors");
    assert!(matches!(
        faults(&report),
        [
            WeightFault::NotFinite { count: 1, .. },
            WeightFault::NotFinite { count: 3, .. }
        ]
    ));
    let report = judge("wrong_answer/huge.safetensors");
    assert!(matches!(faults(&report), [WeightFault::Huge { .. }, ..]));
}

#[test]
fn a_report_names_the_device_and_repeats() {
    let stores = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let pack = packs::load(SPIRAL);
    let mut first = Supervisor::start(stores[0].path()).unwrap();
    let reports: Vec<Report> = pack
        .submissions
        .iter()
        .map(|example| first.judge(&pack, &example.submission).unwrap())
        .collect();
    let mut second = Supervisor::start(stores[1].path()).unwrap();
    for (example, report) in pack.submissions.iter().zip(&reports).rev() {
        let again = second.judge(&pack, &example.submission).unwrap();
        assert_eq!(again, *report, "{}", example.path);
        assert!(["cpu", "cuda"].contains(&&*report.provenance.device));
        assert_eq!(report.provenance.guest, None, "no guest ran");
        if report.verdict == Verdict::Accepted {
            let splits: Vec<Split> = report.metrics.iter().map(|one| one.split).collect();
            assert_eq!(splits, [Split::A, Split::B]);
        }
    }
}

/// Lying headers, one after another, by the same process; then a good file.
#[test]
fn hostile_files_get_their_message_and_the_next_one_is_judged() {
    let store = tempfile::tempdir().unwrap();
    let mut supervisor = Supervisor::start(store.path()).unwrap();
    let pack = packs::load(SPIRAL);
    let raw = |header: &str, data: usize| {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.resize(bytes.len() + data, 0);
        bytes
    };
    let tensor = |name: &str, shape: &str, offsets: &str| {
        format!(r#""{name}":{{"dtype":"F32","shape":{shape},"data_offsets":{offsets}}}"#)
    };
    let one = |shape: &str, offsets: &str| format!("{{{}}}", tensor("0.weight", shape, offsets));
    let overlap = format!(
        "{{{},{}}}",
        tensor("0.weight", "[16,2]", "[0,128]"),
        tensor("0.bias", "[16]", "[64,128]")
    );
    let twice = format!("{{{0},{0}}}", tensor("0.weight", "[16,2]", "[0,128]"),);
    let control = one("[16,2]", "[0,128]").replace("0.weight", "\\u0000\\u202e<b>");
    for (what, bytes) in [
        ("one byte", vec![0]),
        ("a header of 2⁶⁴ − 1 bytes", vec![0xff; 64]),
        ("a header past the end", vec![64, 0, 0, 0, 0, 0, 0, 0, b'{']),
        ("no JSON", raw("{{{{", 0)),
        ("deep nesting", raw(&"[".repeat(60_000), 0)),
        ("bytes past the end", raw(&one("[16,2]", "[0,128]"), 8)),
        (
            "a shape that overflows",
            raw(&one("[4294967296,4294967296]", "[0,128]"), 128),
        ),
        (
            "a shape larger than its bytes",
            raw(&one("[1048576]", "[0,128]"), 128),
        ),
        ("a negative offset", raw(&one("[16,2]", "[-128,0]"), 128)),
        ("tensors that overlap", raw(&overlap, 128)),
        ("a name twice", raw(&twice, 128)),
        ("a name of control characters", raw(&control, 128)),
        ("a pickle", vec![0x80, 4, 0x95, b'.']),
    ] {
        let hash = BlobHash::of(&bytes);
        std::fs::write(supervisor.blobs().join(hash.as_str()), &bytes).unwrap();
        let submission = Submission::Model {
            file: Upload {
                name: "m.safetensors".into(),
                hash,
                bytes: bytes.len() as u64,
            },
            architecture: None,
        };
        let report = supervisor.judge(&pack, &submission).unwrap();
        assert_eq!(report.verdict, Verdict::CompileError, "{what}: {report:?}");
        assert!(!faults(&report).is_empty(), "{what}");
        let text = report.messages[0].text(Language::En);
        let hidden = |c: char| c.is_control() && c != '\n';
        assert!(!text.contains(hidden), "{what}: {text:?}");
    }
    let right = example(&pack, "accepted/trained.safetensors");
    let report = supervisor.judge(&pack, &right).unwrap();
    assert_eq!(report.verdict, Verdict::Accepted);
    // Layers of one's own where the pack has its own.
    let Submission::Model { file, .. } = right else {
        panic!("a network")
    };
    let layers = Some("layers = [{ kind = 'linear', out = 3 }]".to_owned());
    let submission = Submission::Model {
        file,
        architecture: layers,
    };
    let report = supervisor.judge(&pack, &submission).unwrap();
    assert!(matches!(
        &report.messages[..],
        [Message::Network {
            what: NetworkFault::LayersNotAsked
        }]
    ));
}
