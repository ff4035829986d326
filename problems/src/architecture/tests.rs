use super::*;
use crate::language::Language;

fn input(shape: &[usize]) -> NetworkInput {
    NetworkInput {
        shape: shape.to_vec(),
        ids: false,
    }
}

/// One `[[layers]]` for each text of keys.
fn list(layers: &[&str]) -> String {
    let tables = layers.iter().map(|keys| format!("[[layers]]\n{keys}\n"));
    tables.collect()
}

fn read(layers: &[&str], shape: &[usize]) -> Result<Architecture, ArchitectureFault> {
    Architecture::read(&list(layers), input(shape))
}

#[test]
fn shapes_go_from_layer_to_layer() {
    for (layer, from, to) in [
        (
            "kind = 'conv2d'\nout = 8\nkernel = 3",
            &[1, 8, 9][..],
            &[8, 6, 7][..],
        ),
        (
            "kind = 'conv2d'\nout = 8\nkernel = [3, 1]\nstride = 2\npadding = [1, 0]",
            &[1, 8, 9],
            &[8, 4, 5],
        ),
        (
            "kind = 'conv1d'\nout = 4\nkernel = 3\ndilation = 2\ngroups = 2",
            &[2, 9],
            &[4, 5],
        ),
        (
            "kind = 'conv_transpose2d'\nout = 3\nkernel = 3\nstride = 2\npadding = 1\noutput_padding = 1",
            &[4, 5, 5],
            &[3, 10, 10],
        ),
        ("kind = 'max_pool2d'\nkernel = 2", &[3, 7, 8], &[3, 3, 4]),
        (
            "kind = 'avg_pool1d'\nkernel = 3\nstride = 1\npadding = 1",
            &[3, 7],
            &[3, 7],
        ),
        (
            "kind = 'adaptive_avg_pool2d'\nsize = 1",
            &[3, 7, 8],
            &[3, 1, 1],
        ),
        ("kind = 'linear'\nout = 10", &[5, 4], &[5, 10]),
        (
            "kind = 'gru'\nhidden = 6\nbidirectional = true",
            &[5, 4],
            &[5, 12],
        ),
        ("kind = 'last_step'", &[5, 4], &[4]),
        ("kind = 'flatten'", &[2, 3, 4], &[24]),
        ("kind = 'unflatten'\nshape = [2, 3]", &[6], &[2, 3]),
        ("kind = 'softmax'", &[6], &[6]),
        ("kind = 'layer_norm'\naxes = 2", &[2, 6], &[2, 6]),
        ("kind = 'dropout'\np = 0.3", &[6], &[6]),
    ] {
        let network = read(&[layer], from).unwrap_or_else(|fault| panic!("{layer}: {fault}"));
        assert_eq!(network.output(), to, "{layer}");
    }
}

#[test]
fn parameters_have_the_names_of_a_state_dict() {
    let network = read(
        &[
            "kind = 'conv2d'\nout = 8\nkernel = 3\npadding = 1",
            "kind = 'batch_norm2d'",
            "kind = 'relu'",
            "kind = 'flatten'",
            "kind = 'linear'\nname = 'head'\nout = 10\nbias = false",
        ],
        &[1, 4, 4],
    )
    .unwrap();
    let parameters = network.parameters();
    let named: Vec<(&str, &[usize])> = parameters.iter().map(|p| (&*p.name, &*p.shape)).collect();
    assert_eq!(
        named,
        [
            ("0.weight", &[8, 1, 3, 3][..]),
            ("0.bias", &[8]),
            ("1.weight", &[8]),
            ("1.bias", &[8]),
            ("1.running_mean", &[8]),
            ("1.running_var", &[8]),
            ("1.num_batches_tracked", &[]),
            ("head.weight", &[10, 128]),
        ]
    );
    // 72 + 8 + 16 + 1280: statistics are not counted.
    assert_eq!(network.cost().parameters, 1376);
}

#[test]
fn stacked_recurrent_layers_name_their_directions() {
    let network = read(
        &["kind = 'lstm'\nname = 'encoder'\nhidden = 5\nnum_layers = 2\nbidirectional = true"],
        &[7, 3],
    )
    .unwrap();
    let parameters = network.parameters();
    assert_eq!(parameters.len(), 16);
    let find = |name: &str| {
        let found = parameters.iter().find(|p| p.name == name);
        found.unwrap_or_else(|| panic!("{name}")).shape.clone()
    };
    assert_eq!(find("encoder.weight_ih_l0"), [20, 3]);
    assert_eq!(find("encoder.weight_hh_l0_reverse"), [20, 5]);
    assert_eq!(find("encoder.weight_ih_l1_reverse"), [20, 10]);
    assert_eq!(find("encoder.bias_hh_l1"), [20]);
}

#[test]
fn costs_are_those_counted_by_hand() {
    // 2·8·8·8·9 + 512 for the convolution, 512 for relu, 2·512·10 + 10.
    let network = read(
        &[
            "kind = 'conv2d'\nout = 8\nkernel = 3\npadding = 1",
            "kind = 'relu'",
            "kind = 'flatten'",
            "kind = 'linear'\nout = 10",
        ],
        &[1, 8, 8],
    )
    .unwrap();
    let cost = network.cost();
    assert_eq!(cost.flops, 9216 + 512 + 512 + 10240 + 10);
    assert_eq!(cost.parameters, 80 + 5130);
    // The relu's input and output.
    assert_eq!(cost.activation_bytes, (512 + 512) * 4);
    // A kept output is there as well: what is added, what it is added to, the sum.
    let residual = read(
        &[
            "kind = 'linear'\nname = 'a'\nout = 100",
            "kind = 'relu'",
            "kind = 'linear'\nout = 100",
            "kind = 'add'\nfrom = 'a'",
        ],
        &[100],
    )
    .unwrap();
    assert_eq!(residual.cost().activation_bytes, 300 * 4);
    assert!(residual.layers[0].is_kept && !residual.layers[1].is_kept);
    // One gate row: 2·(3 + 4) for its products and 4 for the rest; 3·4 rows, 5 steps.
    let gru = read(&["kind = 'gru'\nhidden = 4"], &[5, 3]).unwrap();
    assert_eq!(gru.cost().flops, 5 * 12 * (2 * 7 + 4));
}

#[test]
fn what_does_not_fit_names_the_layer_and_what_was_expected() {
    for (layers, shape, part) in [
        (
            &["kind = 'conv3d'"][..],
            &[3][..],
            "layer 0 (conv3d): unknown kind",
        ),
        (
            &["kind = 'relu'", "kind = 'linear'"],
            &[3],
            "layer 1 (linear): “out” is missing",
        ),
        (
            &["kind = 'linear'\nout = 2\noutput = 3"],
            &[3],
            "unknown key “output”; this kind has name, kind, out, bias",
        ),
        (
            &["kind = 'linear'\nout = 0"],
            &[3],
            "must be an integer from 1 to",
        ),
        (
            &["kind = 'linear'\nout = 'x'"],
            &[3],
            "must be an integer from 1 to",
        ),
        (
            &["kind = 'conv2d'\nname = 'c'\nout = 1\nkernel = 3"],
            &[8, 8],
            "layer 0 “c” (conv2d): expected (channels, height, width), got (8, 8)",
        ),
        (
            &["kind = 'conv2d'\nout = 1\nkernel = 9"],
            &[1, 8, 8],
            "the kernel covers 9 but the axis with its padding has only 8",
        ),
        (
            &["kind = 'conv2d'\nout = 1\nkernel = [3]"],
            &[1, 8, 8],
            "or a list of 2",
        ),
        (
            &["kind = 'conv1d'\nout = 3\nkernel = 1\ngroups = 2"],
            &[2, 8],
            "must divide 2 input and 3 output",
        ),
        (
            &["kind = 'max_pool1d'\nkernel = 3\npadding = 2"],
            &[2, 8],
            "at most half of the kernel: 1",
        ),
        (
            &["kind = 'conv_transpose1d'\nout = 1\nkernel = 1\npadding = 9"],
            &[1, 4],
            "leaves nothing",
        ),
        (
            &["kind = 'conv_transpose1d'\nout = 1\nkernel = 2\noutput_padding = 1"],
            &[1, 4],
            "less than 1",
        ),
        (
            &["kind = 'gru'\nhidden = 3"],
            &[8],
            "expected (steps, features), got (8,)",
        ),
        (
            &["kind = 'rnn'\nhidden = 3\nnonlinearity = 'gelu'"],
            &[8, 2],
            "one of tanh, relu",
        ),
        (
            &["kind = 'unflatten'\nshape = [3, 3]"],
            &[8],
            "8 elements do not fill (3, 3)",
        ),
        (
            &["kind = 'embedding'\ncount = 5\nout = 2"],
            &[8],
            "it looks up integers",
        ),
        (
            &["kind = 'softmax'\naxis = 2"],
            &[8, 2],
            "one of the 2 axes",
        ),
        (
            &["kind = 'add'\nfrom = 'later'"],
            &[8],
            "there is no “later” before this layer; expected one of input",
        ),
        (
            &["kind = 'linear'\nout = 2", "kind = 'add'\nfrom = 'input'"],
            &[8],
            "“input” gives (8,), which cannot be added to (2,)",
        ),
        (
            &["kind = 'relu'\nname = 'a'", "kind = 'relu'\nname = 'a'"],
            &[8],
            "is taken",
        ),
        (&["kind = 'relu'\nname = 'a b'"], &[8], "1 to 64 letters"),
        (
            &["kind = 'relu'\nname = '1'", "kind = 'relu'"],
            &[8],
            "is taken",
        ),
        (&[], &[8], "there is no layer"),
    ] {
        let fault = read(layers, shape).expect_err(part);
        let text = fault.text(Language::En);
        assert!(text.contains(part), "{text}");
        assert_ne!(fault.text(Language::Id), text);
    }
    let broken = Architecture::read("[[layers]]\nkind = ", input(&[1])).unwrap_err();
    assert!(
        broken.to_string().starts_with("line 2 is no TOML"),
        "{broken}"
    );
}

#[test]
fn absurd_sizes_are_refused_before_anything_is_made() {
    for layers in [
        &["kind = 'linear'\nout = 9000000000000000000"][..],
        &["kind = 'unflatten'\nshape = [1048576, 1048576, 1048576]"],
        &["kind = 'rnn'\nhidden = 8\nnum_layers = 1000000"],
        &[
            "kind = 'linear'\nout = 1048576",
            "kind = 'unflatten'\nshape = [1, 1048576]",
            "kind = 'conv_transpose1d'\nout = 1048576\nkernel = 1048576",
        ],
    ] {
        read(layers, &[1, 8]).expect_err("too large");
    }
    // Fits by its shapes, but not under any cap: the count does not wrap around.
    let wide = "kind = 'conv2d'\nout = 1048576\nkernel = 1024\npadding = 1024";
    let network = read(
        &[
            wide,
            "kind = 'adaptive_avg_pool2d'\nsize = 1",
            "kind = 'linear'\nout = 1048576",
        ],
        &[1, 1, 1],
    );
    assert!(network.is_err(), "1048576 channels of 1026 × 1026");
    let network = read(
        &[
            "kind = 'linear'\nout = 1048576",
            "kind = 'linear'\nout = 1048576",
        ],
        &[8],
    )
    .unwrap();
    let caps = Caps {
        parameters: 1 << 24,
        flops: u64::MAX,
        activation_bytes: u64::MAX,
    };
    let fault = network.check_caps(&caps).unwrap_err().to_string();
    assert!(fault.contains("parameters; at most 16777216"), "{fault}");
}

#[test]
fn ids_are_looked_up_before_anything_counts_with_them() {
    let ids = NetworkInput {
        shape: vec![6],
        ids: true,
    };
    let layers = [
        "kind = 'embedding'\ncount = 9\nout = 4",
        "kind = 'gru'\nhidden = 3",
        "kind = 'last_step'",
    ];
    let network = Architecture::read(&list(&layers), ids.clone()).unwrap();
    assert_eq!(network.output(), [3]);
    let fault = Architecture::read(&list(&layers[1..]), ids).unwrap_err();
    assert!(
        fault.to_string().contains("an embedding must come first"),
        "{fault}"
    );
}

#[test]
fn every_tensor_that_does_not_fit_is_listed() {
    let network = read(
        &[
            "kind = 'linear'\nout = 3",
            "kind = 'relu'",
            "kind = 'linear'\nout = 2",
        ],
        &[4],
    )
    .unwrap();
    let header = |name: &str, dtype: &str, shape: &[usize]| TensorHeader {
        name: name.into(),
        dtype: dtype.into(),
        shape: shape.to_vec(),
    };
    let parameters = network.parameters();
    let right: Vec<TensorHeader> = parameters
        .iter()
        .map(|p| header(&p.name, "F32", &p.shape))
        .collect();
    assert_eq!(check_headers(&parameters, &right), []);
    let faults = check_headers(
        &parameters,
        &[
            header("0.weight", "F32", &[4, 3]),
            header("0.bias", "I64", &[3]),
            header("fc2.weight", "F32", &[2, 3]),
        ],
    );
    let texts: Vec<String> = faults
        .iter()
        .map(|fault| fault.text(Language::En))
        .collect();
    assert_eq!(
        texts,
        [
            "`0.weight` must have shape (3, 4), not (4, 3); it is transposed: PyTorch keeps the outputs first",
            "`0.bias` must be of one of F16, BF16, F32, F64, not I64",
            "`2.weight` of shape (2, 3) is missing",
            "`2.bias` of shape (2,) is missing",
            "`fc2.weight` of shape (2, 3) belongs to no layer",
        ]
    );
    let wrapped: Vec<TensorHeader> = right
        .iter()
        .map(|tensor| header(&format!("net.{}", tensor.name), "F32", &tensor.shape))
        .collect();
    let faults = check_headers(&parameters, &wrapped);
    assert_eq!(
        faults[0],
        WeightFault::Prefix {
            prefix: "net.".into()
        }
    );
    assert_eq!(faults.len(), 1 + 4 + 4);
    for fault in faults {
        assert_ne!(fault.text(Language::Id), fault.text(Language::En));
    }
}
