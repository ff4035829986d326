//! The real process, through the real client.

mod setup;

use gradien_grader::reference::{
    Batching, CheckCase, Device, Evaluation, FaultKind, Precision, ReferenceError,
};
use gradien_sandbox::array::{Array, DType, Named, Value};
use gradien_sandbox::job::Container;
use serde_json::json;
use setup::{DEADLINE, call_one, evaluation, file, find_floats, gru_case, gru_cell, named, start};
use std::time::{Duration, Instant};

const GRU: &str = r#""""The module's GRU cell (section 5.6), for one vector or a batch."""
import torch
import torch.nn.functional as F
from torch import Tensor


def gru_cell(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    joined = torch.cat([h, x], dim=-1)
    z = torch.sigmoid(F.linear(joined, W_z, b_z))
    r = torch.sigmoid(F.linear(joined, W_r, b_r))
    candidate = torch.tanh(F.linear(torch.cat([r * h, x], dim=-1), W_h, b_h))
    return (1 - z) * h + z * candidate


def gru_cells(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    joined = torch.cat([h, x], dim=-1).unsqueeze(-1)
    z = torch.sigmoid((W_z @ joined).squeeze(-1) + b_z)
    r = torch.sigmoid((W_r @ joined).squeeze(-1) + b_r)
    reset = torch.cat([r * h, x], dim=-1).unsqueeze(-1)
    candidate = torch.tanh((W_h @ reset).squeeze(-1) + b_h)
    return (1 - z) * h + z * candidate


def wrong_cells(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    return gru_cells(x, h, W_z, W_r, W_h, b_z, b_r, b_h) + 1e-8
"#;

#[test]
fn a_gru_cell_equals_the_formula_written_out_in_rust() {
    let mut reference = start();
    let functions = reference
        .compile("gru", vec![file("reference.py", GRU)], DEADLINE)
        .unwrap();
    let names: Vec<&str> = functions.iter().map(|function| &*function.name).collect();
    assert_eq!(names, ["gru_cell", "gru_cells", "wrong_cells"]);
    assert_eq!((functions[0].line, functions[0].parameters.len()), (7, 8));
    assert_eq!(functions[0].parameters[2].name, "W_z");

    let cases: Vec<Vec<Named>> = (0..20)
        .map(|seed| gru_case(seed, 3, 4 + seed % 2))
        .collect();
    let asked = evaluation("gru", "gru_cell", cases.clone());
    let (single, batching) = reference.evaluate(asked.clone(), DEADLINE).unwrap();
    assert_eq!(batching, Batching::Unused);
    for (case, returned) in cases.iter().zip(&single) {
        let expected = gru_cell(case);
        let floats = find_floats(returned.as_ref().unwrap());
        assert_eq!(floats.len(), expected.len());
        for (ours, theirs) in floats.iter().zip(&expected) {
            assert!((ours - theirs).abs() < 1e-14, "{ours} {theirs}");
        }
    }
    // The same request gives the same bytes.
    assert_eq!(
        reference.evaluate(asked.clone(), DEADLINE).unwrap().0,
        single
    );

    // Two shapes make two calls; first, middle and last of each are compared.
    let batched = Evaluation {
        batched: Some("gru_cells".into()),
        ..asked.clone()
    };
    let (together, batching) = reference.evaluate(batched, DEADLINE).unwrap();
    assert_eq!(
        batching,
        Batching::Used {
            calls: 2,
            compared: 6
        }
    );
    for (a, b) in single.iter().zip(&together) {
        let (a, b) = (
            find_floats(a.as_ref().unwrap()),
            find_floats(b.as_ref().unwrap()),
        );
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12));
    }
    // One that does not do what it claims is found out and changes nothing.
    let wrong = Evaluation {
        batched: Some("wrong_cells".into()),
        ..asked
    };
    let (alone, batching) = reference.evaluate(wrong, DEADLINE).unwrap();
    assert!(
        matches!(&batching, Batching::Refused { reason } if reason.contains("differs")),
        "{batching:?}"
    );
    assert_eq!(alone, single);
}

#[test]
fn gradients_of_a_reference_are_those_of_the_formula() {
    let text = "
def gradient(w, x, t):
    # loss = (sigmoid(w·x) - t)^2
    w = w.requires_grad_()
    loss = (torch.sigmoid(torch.dot(w, x)) - t) ** 2
    loss.backward()
    g = w.grad
    assert g is not None
    return loss, g
";
    let (w, x, t) = ([0.3, -0.2], [1.5, 2.0], 0.25);
    let case = vec![
        named("w", Array::from_f64(&[2], &w)),
        named("x", Array::from_f64(&[2], &x)),
        named("t", Array::scalar_f64(t)),
    ];
    let returned = call_one(&mut start(), text, "gradient", case).unwrap();
    assert_eq!(returned.container, Container::Tuple);
    let a = 1.0 / (1.0 + (-(w[0] * x[0] + w[1] * x[1])).exp());
    let slope = 2.0 * (a - t) * a * (1.0 - a);
    let Value::Array(gradient) = &returned.outputs[1].value else {
        panic!("{returned:?}")
    };
    for (ours, x) in gradient.to_f64_vec().iter().zip(x) {
        assert!((ours - slope * x).abs() < 1e-15, "{ours}");
    }
}

#[test]
fn arguments_and_results_of_every_form() {
    let text = "
def forms(n: int, s: float, flag: bool, words: List[str], v: List[float], table: Dict[str, int], maybe: Optional[Tensor], x: Tensor, k: int = 7):
    total = s
    for item in v:
        total += item
    for word in words:
        total += float(table[word])
    if maybe is not None:
        total += 1000.0
    return {'total': torch.tensor(total), 'n': torch.tensor(n + k), 'flag': torch.tensor(not flag), 'x': x.T}

def texts(x: Tensor) -> List[str]:
    return ['a', 'é']

def half(x: Tensor) -> Tensor:
    return torch.zeros(2, dtype=torch.float32) + x.float()
";
    let mut reference = start();
    let case = vec![
        named("n", Array::scalar_i64(2)),
        named("s", Array::scalar_i64(1)),
        named("flag", Array::from_bool(&[], &[false])),
        Named {
            name: "words".into(),
            value: Value::Json(json!(["b", "a"])),
        },
        named("v", Array::from_f32(&[2], &[0.5, 0.25])),
        Named {
            name: "table".into(),
            value: Value::Json(json!({"a": 10, "b": 20})),
        },
        Named {
            name: "maybe".into(),
            value: Value::Json(json!(null)),
        },
        named("x", Array::from_i64(&[2, 3], &[1, 2, 3, 4, 5, 6])),
    ];
    let returned = call_one(&mut reference, text, "forms", case.clone()).unwrap();
    assert_eq!(returned.container, Container::Dict);
    let outputs = &returned.outputs;
    assert_eq!(outputs[0], named("total", Array::scalar_f64(31.75)));
    assert_eq!(outputs[1], named("n", Array::scalar_i64(9)));
    assert_eq!(outputs[2], named("flag", Array::from_bool(&[], &[true])));
    assert_eq!(
        outputs[3],
        named("x", Array::from_i64(&[3, 2], &[1, 4, 2, 5, 3, 6]))
    );

    let x = vec![named("x", Array::from_f64(&[2], &[1.0, 2.0]))];
    let texts = call_one(&mut reference, text, "texts", x.clone()).unwrap();
    assert_eq!(texts.outputs[1].value, Value::Json(json!("é")));
    let half = call_one(&mut reference, text, "half", x).unwrap();
    let Value::Array(array) = &half.outputs[0].value else {
        panic!("{half:?}")
    };
    assert_eq!(array.dtype, DType::F32);

    // Nothing is converted that would lose something.
    let mut lossy = case.clone();
    lossy[0] = named("n", Array::scalar_f64(2.5));
    let fault = call_one(&mut reference, text, "forms", lossy).unwrap_err();
    assert_eq!(fault.kind, FaultKind::BadArguments);
    assert!(
        fault.reason.contains("parameter 'n' is declared int"),
        "{fault}"
    );
    let mut swapped = case.clone();
    swapped.swap(0, 1);
    let fault = call_one(&mut reference, text, "forms", swapped).unwrap_err();
    assert!(fault.reason.contains("in the order (s, n,"), "{fault}");
    let fault = call_one(&mut reference, text, "forms", case[..3].to_vec()).unwrap_err();
    assert!(
        fault.reason.contains("takes 9 arguments but was given 3"),
        "{fault}"
    );
}

#[test]
fn single_precision_is_single_throughout() {
    let text = "
def f(x: Tensor) -> Tensor:
    return x + torch.tensor(0.1) + torch.zeros(1)
";
    let mut reference = start();
    reference
        .compile("u", vec![file("reference.py", text)], DEADLINE)
        .unwrap();
    let case = vec![named("x", Array::from_f32(&[1], &[0.2]))];
    let mut asked = evaluation("u", "f", vec![case]);
    let (double, _) = reference.evaluate(asked.clone(), DEADLINE).unwrap();
    assert_eq!(
        find_floats(double[0].as_ref().unwrap()),
        [f64::from(0.2f32) + 0.1]
    );
    asked.precision = Precision::Single;
    let (single, _) = reference.evaluate(asked, DEADLINE).unwrap();
    assert_eq!(
        find_floats(single[0].as_ref().unwrap()),
        [f64::from(0.2f32 + 0.1f32)]
    );
}

#[test]
fn checkers_give_points_and_a_message() {
    let text = "
def check(inputs: Dict[str, Tensor], outputs: Dict[str, Tensor]) -> Tuple[float, str]:
    right = torch.allclose(inputs['x'] @ outputs['w'], torch.ones(2))
    if right:
        return 1.0, 'ok'
    return 0.0, 'no'

def by_name(x: Tensor, w: Tensor):
    return (x @ w).sum(), 'sum'

def broken(x: Tensor, w: Tensor):
    return w, w
";
    let mut reference = start();
    reference
        .compile("c", vec![file("checker.py", text)], DEADLINE)
        .unwrap();
    let case = |w: [f64; 2]| CheckCase {
        inputs: vec![named("x", Array::from_f64(&[2, 2], &[1.0, 0.0, 0.0, 2.0]))],
        outputs: vec![named("w", Array::from_f64(&[2], &w))],
    };
    let mut check = |function: &str, cases: Vec<CheckCase>| {
        reference
            .check("c", function, cases, Device::Cpu, DEADLINE)
            .unwrap()
    };
    let checked = check("check", vec![case([1.0, 0.5]), case([1.0, 1.0])]);
    let points: Vec<f64> = checked
        .iter()
        .map(|one| one.as_ref().unwrap().points)
        .collect();
    assert_eq!(points, [1.0, 0.0]);
    assert_eq!(checked[1].as_ref().unwrap().message, "no");
    assert_eq!(
        check("by_name", vec![case([3.0, 1.0])])[0]
            .as_ref()
            .unwrap()
            .points,
        5.0
    );
    let broken = check("broken", vec![case([1.0, 1.0])]);
    assert_eq!(broken[0].as_ref().unwrap_err().kind, FaultKind::BadResult);
}

#[test]
fn an_endless_reference_is_killed_and_the_next_request_works() {
    let text = "
def forever(x: Tensor) -> Tensor:
    while bool(x.sum() > -1):
        x = x * 1.0
    return x

def fine(x: Tensor) -> Tensor:
    return x + 1
";
    let mut reference = start();
    reference
        .compile("u", vec![file("reference.py", text)], DEADLINE)
        .unwrap();
    let pid = reference.find_pid().unwrap();
    let case = vec![named("x", Array::scalar_f64(1.0))];
    let begun = Instant::now();
    let error = reference
        .evaluate(
            evaluation("u", "forever", vec![case.clone()]),
            Duration::from_millis(300),
        )
        .unwrap_err();
    assert!(
        matches!(error, ReferenceError::Deadline { wall_ms: 300 }),
        "{error}"
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(reference.find_pid(), None);
    assert!(
        !std::path::Path::new(&format!("/proc/{pid}")).exists(),
        "it was killed and reaped"
    );

    let (cases, _) = reference
        .evaluate(evaluation("u", "fine", vec![case]), DEADLINE)
        .unwrap();
    assert_eq!(find_floats(cases[0].as_ref().unwrap()), [2.0]);
    assert_ne!(reference.find_pid(), Some(pid));
}

#[test]
fn a_killed_process_is_told_and_replaced() {
    let mut reference = start();
    reference
        .compile(
            "u",
            vec![file("reference.py", "def f(x):\n    return x\n")],
            DEADLINE,
        )
        .unwrap();
    let pid = reference.find_pid().unwrap();
    let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    let asked = || evaluation("u", "f", vec![vec![named("x", Array::scalar_f64(1.0))]]);
    let error = reference.evaluate(asked(), DEADLINE).unwrap_err();
    assert!(
        matches!(&error, ReferenceError::Died { status, .. } if status.contains("signal: 9")),
        "{error}"
    );
    assert!(reference.evaluate(asked(), DEADLINE).is_ok());
}

#[test]
fn functional_means_what_it_means_in_pytorch() {
    let text = "
def f(x: Tensor):
    table = torch.stack([x, 10 * x])
    rows = F.embedding(torch.tensor([1, 0]), table)
    loss = F.cross_entropy(table, torch.tensor([0, 1]), reduction='sum')
    total = F.mse_loss(x, torch.zeros(2), reduction='sum')
    normal = F.batch_norm(x[None], torch.ones(2), torch.full([2], 4.0), eps=0.0)
    return rows[0], loss, total, normal[0]
";
    let x = vec![named("x", Array::from_f64(&[2], &[1.0, 3.0]))];
    let returned = call_one(&mut start(), text, "f", x).unwrap();
    let output = |place: usize| match &returned.outputs[place].value {
        Value::Array(array) => array.to_f64_vec(),
        Value::Json(json) => panic!("{json}"),
    };
    assert_eq!(output(0), [10.0, 30.0]);
    // Rows (1, 3) of class 0 and (10, 30) of class 1: ln(1 + e^2) + ln(1 + e^-20).
    let loss = (1.0 + 2f64.exp()).ln() + (-20f64).exp().ln_1p();
    assert!((output(1)[0] - loss).abs() < 1e-12, "{:?}", output(1));
    assert_eq!(output(2), [10.0]);
    assert_eq!(output(3), [0.0, 1.0]);
}
