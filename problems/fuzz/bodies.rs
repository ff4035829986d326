//! What must hold for any text at all, shared by the fuzz targets and the property
//! tests. A body panics where it does not hold.

use gradien_problems::Language;
use gradien_problems::answer::{parse_number, parse_shape, typed_decimals};
use gradien_problems::architecture::{
    Architecture, NetworkInput, Role, TensorHeader, WeightFault, check_headers,
};
use gradien_problems::pack::{Pack, PackError};
use gradien_problems::texts::{count_parts, list_faults, to_mathml};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Longest message for people that a foreign text may cause.
const MAX_MESSAGE_CHARS: usize = 4_000;

/// What a student types into a cell.
pub fn numbers(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    let number = parse_number(&typed);
    if let Ok(number) = number {
        assert!(number.is_finite());
        // What is shown of a number is read as that number.
        let shown = format!("{number:e}");
        assert_eq!(parse_number(&shown), Ok(number), "{shown}");
        // Brackets lead a plain number through the other of the two readers, which
        // has a longest text and a deepest one.
        let bracketed = format!("({})", typed.trim());
        if let Ok(again) = parse_number(&bracketed) {
            assert!(again == number, "{bracketed}: {again} {number}");
        } else {
            assert!(typed.trim().len() >= 80, "{bracketed}");
        }
    }
    if let (Some(decimals), Ok(number)) = (typed_decimals(&typed), number) {
        // So many digits are enough to write it.
        let written = format!("{number:.*}", decimals as usize);
        assert_eq!(written.parse(), Ok(number), "{typed}");
    }
    if let Some(extents) = parse_shape(&typed) {
        assert!(extents.len() <= 8);
        let shown: Vec<String> = extents.iter().map(usize::to_string).collect();
        let shown = match extents.len() {
            0 => "()".to_owned(),
            _ => shown.join(","),
        };
        assert_eq!(parse_shape(&shown), Some(extents), "{typed}");
    }
}

/// The layers that a student declares, for inputs of each form.
pub fn network(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let inputs: [(&[usize], bool); 4] = [
        (&[6], false),
        (&[4, 3], false),
        (&[2, 8, 8], false),
        (&[5], true),
    ];
    for (shape, ids) in inputs {
        let shape = shape.to_vec();
        match Architecture::read(&text, NetworkInput { shape, ids }) {
            Ok(network) => check_network(&network),
            Err(fault) => {
                for language in Language::ALL {
                    short(&fault.text(language));
                }
            }
        }
    }
}

fn check_network(network: &Architecture) {
    let mut before = &network.input.shape;
    for layer in &network.layers {
        assert_eq!(&layer.input, before);
        before = &layer.output;
        assert!(layer.output.iter().all(|&length| length > 0));
    }
    let parameters = network.parameters();
    let names: BTreeSet<&str> = parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names.len(), parameters.len(), "each name once");
    let counts = parameters.iter().filter(|p| p.role == Role::Learned);
    let counts = counts.map(|p| {
        p.shape
            .iter()
            .map(|&length| length as u128)
            .product::<u128>()
    });
    let learned = u64::try_from(counts.sum::<u128>()).unwrap_or(u64::MAX);
    assert_eq!(network.cost().parameters, learned);
    assert!(
        network
            .layers
            .iter()
            .all(|layer| layer.pytorch().len() < 1_000)
    );

    // A file with just these tensors fits; one more, or one less, is named.
    let mut tensors: Vec<TensorHeader> = parameters
        .iter()
        .map(|parameter| TensorHeader {
            name: parameter.name.clone(),
            dtype: "F32".into(),
            shape: parameter.shape.clone(),
        })
        .collect();
    assert_eq!(check_headers(&parameters, &tensors), []);
    if let Some(first) = parameters.first().filter(|p| p.role != Role::Ignored) {
        let tensor = tensors.remove(0);
        let missing = WeightFault::Missing {
            name: first.name.clone(),
            shape: first.shape.clone(),
        };
        assert_eq!(check_headers(&parameters, &tensors), [missing]);
        tensors.push(tensor);
    }
    tensors.push(TensorHeader {
        name: "\u{202e}extra".into(),
        dtype: "F32".into(),
        shape: vec![1],
    });
    let faults = check_headers(&parameters, &tensors);
    assert!(
        matches!(&faults[..], [WeightFault::Extra { .. }]),
        "{faults:?}"
    );
}

/// A `problem.toml`, in the folder of a pack that has the files of its kind.
pub fn manifest(bytes: &[u8]) {
    thread_local! {
        static FOLDERS: [(&'static str, TempDir); 5] = KINDS.map(|(kind, pack)| {
            (kind, copy_of(pack))
        });
    }
    let text = String::from_utf8_lossy(bytes);
    FOLDERS.with(|folders| {
        // The kind that it names, however it is spelt; any will do for the rest.
        let named = folders.iter().find(|(kind, _)| text.contains(kind));
        let (_, folder) = named.unwrap_or(&folders[0]);
        fs::write(folder.path().join("problem.toml"), bytes).expect("a temporary file");
        check_pack(Pack::load_as(folder.path(), "ch1-any"), &text);
    });
}

/// With quotes, as a manifest has them.
const KINDS: [(&str, &str); 5] = [
    ("\"function\"", "ch5-gru-cell"),
    ("\"answer\"", "ch3-backprop-hand"),
    ("\"prediction\"", "ch3-mango-quality"),
    ("\"model\"", "ch3-spiral-mlp"),
    ("\"notebook\"", "ch1-perceptron-notebook"),
];

fn check_pack(read: Result<Pack, PackError>, text: &str) {
    let pack = match read {
        Ok(pack) => pack,
        Err(fault) => {
            short(&fault.to_string());
            if let PackError::Invalid { place, .. } = fault
                && place.file == Path::new("problem.toml")
                && let Some(line) = place.line
            {
                assert!(1 <= line && line <= 1 + text.matches('\n').count());
            }
            return;
        }
    };
    let points: u64 = pack.parts().map(|(_, points)| u64::from(points)).sum();
    assert_eq!(u64::from(pack.max_score().hundredths()), 100 * points);
    let names: BTreeSet<&str> = pack.parts().map(|(name, _)| name).collect();
    assert_eq!(
        names.len(),
        pack.parts().count(),
        "each part has a name of its own"
    );
    for example in &pack.submissions {
        assert!(
            pack.folder
                .join("submissions")
                .join(&example.path)
                .is_file()
        );
    }
    assert!((1..=9).contains(&pack.chapter));
}

fn copy_of(pack: &str) -> TempDir {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let packs = above
        .map(|folder| folder.join("packs"))
        .find(|folder| folder.is_dir());
    let from = packs.expect("packs of this repository").join(pack);
    let to = tempfile::tempdir().expect("a temporary folder");
    copy(&from, to.path());
    to
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a pack of this repository") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => {
                fs::create_dir(&to).expect("a temporary folder");
                copy(&entry.path(), &to);
            }
            false => {
                fs::copy(entry.path(), &to).expect("a temporary file");
            }
        }
    }
}

/// A statement: Markdown with LaTeX.
pub fn texts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines = 1 + text.matches('\n').count();
    for fault in list_faults(&text, |_| false, |_| false) {
        assert!(1 <= fault.line && fault.line <= lines);
        for language in Language::ALL {
            short(&fault.what.text(language));
        }
    }
    count_parts(&text);
    for display in [false, true] {
        match to_mathml(&text, display) {
            Ok(markup) => check_markup(&markup),
            Err(error) => assert!(error.start <= text.len()),
        }
    }
}

/// A page takes the markup as it is: nothing but mathematics may stand in it.
fn check_markup(markup: &str) {
    for tag in markup.split('<').skip(1) {
        let name = tag.trim_start_matches('/');
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        assert!(ELEMENTS.contains(&&name[..length]), "<{tag}");
        let attributes = tag.split('>').next().unwrap_or_default();
        assert!(!attributes.contains(" on"), "<{tag}");
        assert!(!attributes.contains("href"), "<{tag}");
    }
}

/// What a formula is made of, without `semantics` and `annotation`.
const ELEMENTS: [&str; 28] = [
    "math",
    "menclose",
    "merror",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
];

fn short(message: &str) {
    assert!(message.chars().count() < MAX_MESSAGE_CHARS, "{message}");
}
