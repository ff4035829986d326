//! References one case at a time against all of them as one batch, and on a GPU
//! where there is one.

use crate::{gru, reference_config, rounds, timed, told};
use gradien_grader::prepare::draw;
use gradien_grader::reference::{Batching, Device, Evaluation, Precision, Reference, SourceFile};
use gradien_problems::pack::Subtask;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(120);
const CASES: u32 = 1000;
/// Batches of this many cases make the million.
const LARGE: u32 = 10_000;
/// As the pack's reference, over a first axis of cases whose weights differ.
const BATCHED: &str = "
def batched(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    joined = torch.cat([h, x], dim=-1).unsqueeze(-1)
    z = torch.sigmoid((W_z @ joined).squeeze(-1) + b_z)
    r = torch.sigmoid((W_r @ joined).squeeze(-1) + b_r)
    candidate = torch.tanh((W_h @ torch.cat([r * h, x], dim=-1).unsqueeze(-1)).squeeze(-1) + b_h)
    return (1 - z) * h + z * candidate
";

#[test]
#[ignore = "a measurement"]
fn batched_against_single() {
    let (pack, _) = gru();
    let function = pack.kind.find_function().expect("a function pack");
    // One shape, so that the cases can be stacked.
    let subtask = &function.subtasks[0];
    let fixed = Subtask {
        dims: subtask
            .dims
            .keys()
            .map(|name| (name.clone(), (8, 8)))
            .collect(),
        ..subtask.clone()
    };
    let cases = |count: u32| {
        let drawn =
            (0..count).map(|index| draw::draw_case(function, &fixed, index).unwrap().inputs);
        drawn.collect::<Vec<_>>()
    };
    let mut reference = Reference::start(reference_config()).unwrap();
    let file = SourceFile {
        name: "reference.py".into(),
        text: format!("{}\n{BATCHED}", pack.reference),
    };
    reference.compile("bench", vec![file], DEADLINE).unwrap();
    let ask = |cases, device, batched: bool| Evaluation {
        unit: "bench".into(),
        function: subtask.reference.clone(),
        cases,
        device,
        precision: Precision::Double,
        batched: batched.then(|| "batched".into()),
    };
    let all = cases(CASES);
    let (mut single, mut together, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds() {
        let alone = ask(all.clone(), Device::Cpu, false);
        let one = timed(|| reference.evaluate(alone, DEADLINE).unwrap()).0;
        let batched = ask(all.clone(), Device::Cpu, true);
        let (two, (_, batching)) = timed(|| reference.evaluate(batched, DEADLINE).unwrap());
        assert!(matches!(batching, Batching::Used { .. }), "{batching:?}");
        single.push(one);
        together.push(two);
        ratios.push(one / two);
    }
    told(&format!("{CASES} GRU cells, one by one, CPU"), "ms", single);
    told(
        &format!("{CASES} GRU cells, one batch, CPU"),
        "ms",
        together,
    );
    told("  ratio", "times", ratios);
    if reference.hello().cuda_devices == 0 {
        println!("10^6 GRU cells, CPU against CUDA: no device");
        return;
    }
    let large = cases(LARGE);
    let mut taken = [0.0; 2];
    for _ in 0..1_000_000 / LARGE {
        for (taken, device) in taken.iter_mut().zip([Device::Cpu, Device::Cuda]) {
            let batch = ask(large.clone(), device, true);
            *taken += timed(|| reference.evaluate(batch, DEADLINE).unwrap()).0;
        }
    }
    println!(
        "10^6 GRU cells: CPU {:.0} ms, CUDA {:.0} ms, ratio {:.2}",
        taken[0],
        taken[1],
        taken[0] / taken[1]
    );
}
