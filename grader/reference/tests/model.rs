//! Networks through the real process: what PyTorch gives for every kind of layer,
//! and files of weights that do not hold what they should.

use gradien_grader::model::{self, Model, ModelFault, NetworkText, Outcome, Request};
use gradien_grader::reference::{Device, ReferenceConfig};
use gradien_problems::architecture::{
    Architecture, Caps, KINDS, NetworkInput, OWN_KINDS, WeightFault,
};
use gradien_problems::language::Language;
use gradien_problems::pack::OwnNetwork;
use gradien_sandbox::array::Array;
use safetensors::tensor::{Dtype, TensorView, serialize};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(60);
/// `layers/generate.py` wrote it with PyTorch.
const TABLE: &str = include_str!("layers/table.json");

fn start() -> Model {
    let config = ReferenceConfig::new(env!("CARGO_BIN_EXE_gradien-reference"));
    Model::start(config).unwrap_or_else(|error| panic!("{error:?}"))
}

#[derive(Deserialize)]
struct Case {
    name: String,
    layers: String,
    ids: bool,
    shape: Vec<usize>,
    weights: String,
    inputs: Vec<f64>,
    outputs: Vec<f64>,
}

impl Case {
    fn request(&self) -> Request {
        let input = NetworkInput {
            shape: self.shape.clone(),
            ids: self.ids,
        };
        let shape = [&[2], &self.shape[..]].concat();
        let ids: Vec<i64> = self.inputs.iter().map(|&id| id as i64).collect();
        Request {
            network: Architecture::read(&self.layers, input)
                .unwrap_or_else(|fault| panic!("{}: {fault}", self.name))
                .into(),
            weights: hex::decode(&self.weights).unwrap(),
            inputs: match self.ids {
                true => Array::from_i64(&shape, &ids),
                false => Array::from_f64(&shape, &self.inputs),
            },
            batch: 2,
            device: Device::Cpu,
        }
    }
}

fn table() -> Vec<Case> {
    serde_json::from_str(TABLE).unwrap()
}

fn outputs(outcome: Outcome) -> Array {
    match outcome {
        Outcome::Outputs { outputs, .. } => outputs,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kind_of_layer_gives_what_pytorch_gives() {
    let mut model = start();
    let mut seen = BTreeSet::new();
    let mut largest = 0.0f64;
    for case in table() {
        let request = case.request();
        let got = outputs(model.evaluate(&request, DEADLINE).unwrap());
        let values = got.to_f64_vec();
        assert_eq!(values.len(), case.outputs.len(), "{}", case.name);
        for (got, expected) in values.iter().zip(&case.outputs) {
            let off = (got - expected).abs() / expected.abs().max(1.0);
            assert!(off < 1e-6, "{}: {got} for {expected}", case.name);
            largest = largest.max(off);
        }
        // The same question gives the same bytes; one by one it gives nearly so.
        assert_eq!(outputs(model.evaluate(&request, DEADLINE).unwrap()), got);
        let single = Request {
            batch: 1,
            ..request
        };
        let single = outputs(model.evaluate(&single, DEADLINE).unwrap());
        for (one, two) in single.to_f64_vec().iter().zip(&values) {
            assert!((one - two).abs() < 1e-6, "{}", case.name);
        }
        let list: toml::Table = toml::from_str(&case.layers).unwrap();
        for layer in list["layers"].as_array().unwrap() {
            seen.insert(layer["kind"].as_str().unwrap().to_owned());
        }
    }
    println!("largest difference: {largest:e}");
    let known: BTreeSet<String> = KINDS
        .iter()
        .chain(&OWN_KINDS)
        .map(|k| (*k).into())
        .collect();
    assert_eq!(seen, known, "every kind is in the table");
}

/// `[[layers]]`: a linear layer of 2 → 2.
fn linear() -> Architecture {
    let input = NetworkInput {
        shape: vec![2],
        ids: false,
    };
    Architecture::read("[[layers]]\nkind = 'linear'\nout = 2", input).unwrap()
}

fn ask(weights: Vec<u8>) -> Request {
    Request {
        network: linear().into(),
        weights,
        inputs: Array::from_f64(&[3, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        batch: 8,
        device: Device::Cpu,
    }
}

/// A file of one element type whose weights are `[[1, 2], [3, 4]]` and bias `[5, x]`.
fn file(dtype: Dtype, size: usize, last: f64) -> Vec<u8> {
    let bytes = |values: &[f64]| -> Vec<u8> {
        let one = |&value: &f64| match dtype {
            Dtype::F64 => value.to_le_bytes().to_vec(),
            Dtype::F32 => (value as f32).to_le_bytes().to_vec(),
            // The upper half of a float32.
            Dtype::BF16 => (value as f32).to_le_bytes()[2..].to_vec(),
            _ => vec![0; size],
        };
        values.iter().flat_map(one).collect()
    };
    let (weight, bias) = (bytes(&[1.0, 2.0, 3.0, 4.0]), bytes(&[5.0, last]));
    let view = |shape: &[usize], data| TensorView::new(dtype, shape.to_vec(), data).unwrap();
    let tensors = [
        ("0.weight", view(&[2, 2], &weight[..])),
        ("0.bias", view(&[2], &bias[..])),
    ];
    serialize(tensors, None).unwrap()
}

#[test]
fn weights_of_every_float_type_are_taken() {
    let mut model = start();
    for (dtype, size) in [(Dtype::F32, 4), (Dtype::F64, 8), (Dtype::BF16, 2)] {
        let got = outputs(
            model
                .evaluate(&ask(file(dtype, size, 6.0)), DEADLINE)
                .unwrap(),
        );
        assert_eq!(
            got.to_f64_vec(),
            [10.0, 17.0, 16.0, 31.0, 22.0, 45.0],
            "{dtype:?}"
        );
    }
    let zeros = outputs(
        model
            .evaluate(&ask(file(Dtype::F16, 2, 0.0)), DEADLINE)
            .unwrap(),
    );
    assert_eq!(zeros.to_f64_vec(), [0.0; 6]);
}

fn faults(model: &mut Model, weights: Vec<u8>) -> Vec<WeightFault> {
    match model.evaluate(&ask(weights), DEADLINE).unwrap() {
        Outcome::Weights { faults, .. } => faults,
        other => panic!("{other:?}"),
    }
}

#[test]
fn weights_that_cannot_be_summed_have_their_own_message() {
    let mut model = start();
    for (value, part) in [
        (f64::NAN, "1 value(s) that are NaN or infinite"),
        (f64::NEG_INFINITY, "1 value(s) that are NaN or infinite"),
        (1e7, "as large as 1.000e7"),
        (1e300, "as large as 1.000e300"),
    ] {
        let faults = faults(&mut model, file(Dtype::F64, 8, value));
        let texts: Vec<String> = faults
            .iter()
            .map(|fault| fault.text(Language::En))
            .collect();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(texts[0].starts_with("`0.bias` has"), "{texts:?}");
        assert!(texts[0].contains(part), "{texts:?}");
    }
}

/// A header that is not what the bytes are, before and after a good file: each
/// has its message and the process lives on.
#[test]
fn lying_headers_are_told_and_harm_nothing() {
    let raw = |header: &str, data: usize| {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.resize(bytes.len() + data, 0);
        bytes
    };
    let tensor = |shape: &str, offsets: &str| {
        format!(r#"{{"0.weight":{{"dtype":"F32","shape":{shape},"data_offsets":{offsets}}}}}"#)
    };
    let mut model = start();
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("seven bytes", vec![0; 7]),
        ("a header of 2⁶⁴ − 1 bytes", vec![0xff; 64]),
        (
            "a header of 100 MB",
            [&(100_000_000u64).to_le_bytes()[..], b"{}"].concat(),
        ),
        (
            "a header longer than the file",
            [&64u64.to_le_bytes()[..], b"{}"].concat(),
        ),
        (
            "a header that is no text",
            [&4u64.to_le_bytes()[..], &[0x7b, 0xff, 0xfe, 0x7d]].concat(),
        ),
        ("a header that is no JSON", raw("{", 0)),
        ("offsets past the end", raw(&tensor("[2,2]", "[0,16]"), 4)),
        ("offsets backwards", raw(&tensor("[2,2]", "[16,0]"), 16)),
        (
            "a shape larger than its bytes",
            raw(&tensor("[2,200]", "[0,16]"), 16),
        ),
        (
            "a shape that overflows",
            raw(&tensor("[18446744073709551615,2]", "[0,16]"), 16),
        ),
        ("a negative length", raw(&tensor("[-2,2]", "[0,16]"), 16)),
        (
            "bytes that no tensor has",
            raw(&tensor("[2,2]", "[0,16]"), 64),
        ),
        (
            "tensors that overlap",
            raw(
                r#"{"0.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"0.bias":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#,
                16,
            ),
        ),
        (
            "an unknown type",
            raw(
                r#"{"0.weight":{"dtype":"PICKLE","shape":[],"data_offsets":[0,0]}}"#,
                0,
            ),
        ),
        ("deep nesting", raw(&"[".repeat(100_000), 0)),
    ] {
        let found = faults(&mut model, bytes);
        assert!(
            matches!(&found[..], [WeightFault::Unreadable { pickled: false, .. }]),
            "{what}: {found:?}"
        );
    }
    for pickle in [&b"PK\x03\x04rest"[..], &[0x80, 2, b'.'], &[0x80, 4, 0x95]] {
        let found = faults(&mut model, pickle.to_vec());
        assert!(
            found[0].text(Language::En).contains("save_file"),
            "{found:?}"
        );
    }
    // An empty axis passes the crate; the shapes do not.
    let empty = raw(&tensor("[0,18446744073709551615]", "[0,0]"), 0);
    assert!(matches!(
        faults(&mut model, empty)[0],
        WeightFault::Shape { .. }
    ));
    let got = outputs(
        model
            .evaluate(&ask(file(Dtype::F32, 4, 6.0)), DEADLINE)
            .unwrap(),
    );
    assert_eq!(got.to_f64_vec()[0], 10.0);
}

/// A student's list of layers: text that is read in the locked process.
#[test]
fn written_layers_are_run_or_the_fault_in_them_is_told() {
    let mut model = start();
    let own = OwnNetwork {
        input: NetworkInput {
            shape: vec![2],
            ids: false,
        },
        output: vec![2],
        caps: Caps {
            parameters: 6,
            flops: 10,
            activation_bytes: 16,
        },
    };
    let mut of = |text: &str| {
        let request = Request {
            network: model::Network::Written(NetworkText {
                text: text.into(),
                own: own.clone(),
            }),
            ..ask(file(Dtype::F32, 4, 6.0))
        };
        model.evaluate(&request, DEADLINE).unwrap()
    };
    let got = outputs(of("layers = [{ kind = 'linear', out = 2 }]"));
    assert_eq!(got.to_f64_vec()[..2], [10.0, 17.0]);
    for (text, part) in [
        ("layers = [{ kind = 'linear', out = 3 }]", "(2,)"),
        (
            "layers = [{ kind = 'linear', out = 2 }, { kind = 'relu' }]",
            "12",
        ),
        ("layers = [{ kind = 'lineer', out = 2 }]", "lineer"),
        (
            "layers = [{ kind = 'linear', out = 1048576 }, { kind = 'linear', out = 2 }]",
            "6",
        ),
        ("layers = 7", "line 1"),
        ("\u{0}", "line 1"),
        (&"[".repeat(100_000), "line 1"),
        (&"a.".repeat(50_000), "line 1"),
        ("", "layer"),
    ] {
        let Outcome::Layers(fault) = of(text) else {
            panic!("{text:.80}")
        };
        let told = fault.text(Language::En);
        assert!(told.contains(part), "{text:.80}: {told}");
    }
    outputs(of("layers = [{ kind = 'linear', out = 2 }]"));
}

/// Bounds are PyTorch's: ±1/√2 for two inputs.
#[test]
fn weights_as_they_start_are_known() {
    let mut model = start();
    let tensors = |weight: f32, bias: f32| {
        let weight: Vec<u8> = [weight; 4].iter().flat_map(|w| w.to_le_bytes()).collect();
        let bias: Vec<u8> = [bias; 2].iter().flat_map(|b| b.to_le_bytes()).collect();
        let view =
            |shape: &[usize], data| TensorView::new(Dtype::F32, shape.to_vec(), data).unwrap();
        let tensors = [
            ("0.weight", view(&[2, 2], &weight[..])),
            ("0.bias", view(&[2], &bias[..])),
        ];
        serialize(tensors, None).unwrap()
    };
    for (weight, bias, expected) in [
        (0.707_106_77, -0.7, true),
        (0.71, 0.0, false),
        (0.1, -0.71, false),
    ] {
        let outcome = model
            .evaluate(&ask(tensors(weight, bias)), DEADLINE)
            .unwrap();
        assert!(
            matches!(outcome, Outcome::Outputs { as_initialised, .. } if as_initialised == expected),
            "{weight} {bias}"
        );
    }
}

#[test]
fn many_foreign_tensors_are_counted_and_the_first_are_named() {
    let names: Vec<String> = (0..2000).map(|i| format!("t{i}")).collect();
    let tensors = names.iter().map(|name| {
        let view = TensorView::new(Dtype::F32, vec![1], &[0; 4]).unwrap();
        (name.as_str(), view)
    });
    let bytes = serialize(tensors, None).unwrap();
    match start().evaluate(&ask(bytes), DEADLINE).unwrap() {
        Outcome::Weights { faults, more } => {
            assert_eq!((faults.len(), more), (100, 1902));
            assert!(matches!(&faults[0], WeightFault::Missing { name, .. } if name == "0.weight"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn inputs_that_do_not_fit_are_the_callers_fault() {
    let mut model = start();
    let words = table()
        .into_iter()
        .find(|case| case.name == "words")
        .unwrap();
    let mut request = words.request();
    request.inputs = Array::from_i64(&[1, 5], &[0, 1, 6, 0, 0]);
    assert_eq!(
        model.evaluate(&request, DEADLINE).unwrap(),
        Outcome::Failed(ModelFault::UnknownId { id: 6, count: 6 })
    );
    request.inputs = Array::from_f64(&[1, 5], &[0.0; 5]);
    let outcome = model.evaluate(&request, DEADLINE).unwrap();
    assert!(
        matches!(outcome, Outcome::Failed(ModelFault::Inputs { .. })),
        "{outcome:?}"
    );
    request.inputs = Array::from_i64(&[1, 4], &[0; 4]);
    let outcome = model.evaluate(&request, DEADLINE).unwrap();
    assert!(
        matches!(outcome, Outcome::Failed(ModelFault::Inputs { .. })),
        "{outcome:?}"
    );
    request = ask(file(Dtype::F32, 4, 6.0));
    request.device = Device::Cuda;
    if model.hello().cuda_devices == 0 {
        assert_eq!(
            model.evaluate(&request, DEADLINE).unwrap(),
            Outcome::Failed(ModelFault::NoDevice)
        );
    }
}

/// A network that fits the caps of nobody: memory and time end, the process does
/// or does not, and the next request is answered.
#[test]
fn greed_and_slowness_meet_their_limits() {
    let config = ReferenceConfig {
        memory_bytes: 256 << 20,
        ..ReferenceConfig::new(env!("CARGO_BIN_EXE_gradien-reference"))
    };
    let mut model = Model::start(config).unwrap();
    let network = |layers: &str, shape: &[usize]| {
        let input = NetworkInput {
            shape: shape.to_vec(),
            ids: false,
        };
        model::Network::from(Architecture::read(layers, input).unwrap())
    };
    // 512 MiB of outputs from one number.
    let mut greedy = ask(serialize(Vec::<(&str, TensorView<'_>)>::new(), None).unwrap());
    greedy.network = network(
        "[[layers]]\nkind = 'adaptive_avg_pool2d'\nsize = [16384, 8192]\n[[layers]]\nkind = 'adaptive_avg_pool2d'\nsize = 1",
        &[1, 1, 1],
    );
    greedy.inputs = Array::from_f64(&[1, 1, 1, 1], &[1.0]);
    assert_eq!(
        model.evaluate(&greedy, DEADLINE).unwrap(),
        Outcome::Failed(ModelFault::OutOfMemory)
    );
    let mut slow = greedy.clone();
    let pool = "[[layers]]\nkind = 'max_pool2d'\nkernel = 511\nstride = 1\npadding = 255\n";
    slow.network = network(&pool.repeat(60), &[1, 2000, 2000]);
    slow.inputs = Array::from_f64(&[1, 1, 2000, 2000], &vec![1.0; 4_000_000]);
    let begun = Instant::now();
    let outcome = model.evaluate(&slow, Duration::from_millis(500)).unwrap();
    assert_eq!(outcome, Outcome::Deadline);
    assert!(begun.elapsed() < Duration::from_secs(20));
    let got = outputs(
        model
            .evaluate(&ask(file(Dtype::F32, 4, 6.0)), DEADLINE)
            .unwrap(),
    );
    assert_eq!(got.to_f64_vec()[1], 17.0);
}
