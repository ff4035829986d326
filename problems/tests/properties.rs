//! The bodies of the fuzz targets as property tests: any text, texts of the signs
//! that mean something, and real files with a few of their bytes changed, which
//! reach further. `PROPTEST_CASES` says how many.

#[path = "../fuzz/bodies.rs"]
mod bodies;

use proptest::prelude::*;

const MANIFESTS: [&str; 5] = [
    include_str!("../packs/ch3-backprop-hand/problem.toml"),
    include_str!("../packs/ch5-gru-cell/problem.toml"),
    include_str!("../packs/ch3-mango-quality/problem.toml"),
    include_str!("../packs/ch3-spiral-mlp/problem.toml"),
    include_str!("../packs/ch1-perceptron-notebook/problem.toml"),
];

const LAYERS: &str = "
layers = [
    { kind = 'conv2d', out = 4, kernel = [3, 1], padding = 1, stride = 2, bias = false },
    { kind = 'batch_norm2d' }, { kind = 'relu', name = 'kept' }, { kind = 'dropout' },
    { kind = 'add', from = 'kept' }, { kind = 'max_pool2d', kernel = 2 },
    { kind = 'flatten' }, { kind = 'linear', out = 7 }, { kind = 'softmax' },
]
";
const RECURRENT: &str = "
layers = [
    { kind = 'embedding', count = 9, out = 6 },
    { kind = 'gru', hidden = 5, bidirectional = true }, { kind = 'last_step' },
    { kind = 'linear', out = 1 }, { kind = 'sigmoid' },
]
";
const STATEMENT: &str = include_str!("../packs/ch3-backprop-hand/statement/problem.en.md");
const FORMULA: &str =
    r"\begin{aligned} z &= \frac{1}{1 + e^{-x}} \\ \text{a<b & c} &= \hat y_i \end{aligned}";

/// A valid text with up to four of its bytes changed, one of its lines twice or not
/// at all, or text of any kind.
fn damaged(valid: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change = (0..valid.len(), any::<u8>());
    let changed = prop::collection::vec(change, 0..4).prop_map(move |changes| {
        let mut bytes = valid.as_bytes().to_vec();
        for (position, byte) in changes {
            bytes[position] = byte;
        }
        bytes
    });
    let moved = (0..valid.lines().count(), 0..3usize).prop_map(move |(chosen, times)| {
        let lines = valid.lines().enumerate();
        let lines = lines.flat_map(|(at, line)| {
            let times = if at == chosen { times } else { 1 };
            std::iter::repeat_n(format!("{line}\n"), times)
        });
        lines.collect::<String>().into_bytes()
    });
    prop_oneof![4 => changed, 3 => moved, 1 => prop::collection::vec(any::<u8>(), 0..300)]
}

/// Text of the signs that mean something to a reader.
fn signs(alphabet: &'static [u8], most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(alphabet), 0..most)
}

proptest! {
    #[test]
    fn whatever_is_typed_is_answered(typed in "\\PC{0,220}") {
        bodies::numbers(typed.as_bytes());
    }

    #[test]
    fn whatever_looks_like_a_number_is_answered(typed in signs(b"0123456789.,eE()+*/^- x[]explog", 60)) {
        bodies::numbers(&typed);
    }

    #[test]
    fn any_layers_are_answered(text in damaged(LAYERS)) {
        bodies::network(&text);
    }

    #[test]
    fn any_recurrent_layers_are_answered(text in damaged(RECURRENT)) {
        bodies::network(&text);
    }

    #[test]
    fn any_manifest_is_answered((text, _) in (0..MANIFESTS.len()).prop_flat_map(|at| (damaged(MANIFESTS[at]), Just(at)))) {
        bodies::manifest(&text);
    }

    #[test]
    fn any_statement_is_answered(text in damaged(STATEMENT)) {
        bodies::texts(&text);
    }

    #[test]
    fn any_formula_is_answered(text in damaged(FORMULA)) {
        bodies::texts(&text);
        bodies::texts(&[b"$$", &text[..], b"$$"].concat());
    }
}

/// What the damage is done to is sound, or the tests above would say little.
#[test]
fn valid_forms_are_read() {
    use gradien_problems::architecture::{Architecture, NetworkInput};
    for (text, shape, ids) in [(LAYERS, vec![2, 8, 8], false), (RECURRENT, vec![5], true)] {
        let read = Architecture::read(text, NetworkInput { shape, ids });
        read.unwrap_or_else(|fault| panic!("{fault}"));
        bodies::network(text.as_bytes());
    }
    for manifest in MANIFESTS {
        bodies::manifest(manifest.as_bytes());
    }
    bodies::texts(STATEMENT.as_bytes());
    bodies::texts(FORMULA.as_bytes());
}
