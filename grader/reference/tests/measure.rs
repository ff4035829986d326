//! Measures what references cost; on demand: `cargo test -p gradien-reference
//! --test measure -- --ignored --nocapture`.

mod setup;

use gradien_grader::reference::{Batching, Evaluation};
use setup::{DEADLINE, evaluation, file, find_floats, gru_case, start};
use std::time::Instant;

const GRU: &str = "
def cell(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    joined = torch.cat([h, x], dim=-1)
    z = torch.sigmoid(F.linear(joined, W_z, b_z))
    r = torch.sigmoid(F.linear(joined, W_r, b_r))
    candidate = torch.tanh(F.linear(torch.cat([r * h, x], dim=-1), W_h, b_h))
    return (1 - z) * h + z * candidate

def cells(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    joined = torch.cat([h, x], dim=-1).unsqueeze(-1)
    z = torch.sigmoid((W_z @ joined).squeeze(-1) + b_z)
    r = torch.sigmoid((W_r @ joined).squeeze(-1) + b_r)
    candidate = torch.tanh((W_h @ torch.cat([r * h, x], dim=-1).unsqueeze(-1)).squeeze(-1) + b_h)
    return (1 - z) * h + z * candidate
";

#[test]
#[ignore = "measures; says nothing about right and wrong"]
fn what_references_cost() {
    let mut starts: Vec<u64> = (0..5).map(|_| start().start_wall_ms()).collect();
    starts.sort_unstable();
    let mut reference = start();
    let hello = reference.hello().clone();
    println!("start: {} ms (median of 5)", starts[2]);
    println!("resident: {:.0} MB", hello.resident_bytes as f64 / 1e6);
    for wall in &hello.walls {
        println!("wall: {wall}");
    }

    let mut compiles: Vec<f64> = (0..20)
        .map(|i| {
            let begun = Instant::now();
            reference
                .compile(&format!("u{i}"), vec![file("reference.py", GRU)], DEADLINE)
                .unwrap();
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    println!("compile: first {:.1} ms", compiles[0]);
    compiles.sort_by(f64::total_cmp);
    println!("compile: {:.2} ms (median of 20)", compiles[10]);

    let cases: Vec<_> = (0..1000).map(|seed| gru_case(seed, 8, 16)).collect();
    let one = evaluation("u0", "cell", cases[..1].to_vec());
    let mut single: Vec<f64> = (0..50)
        .map(|_| {
            let begun = Instant::now();
            reference.evaluate(one.clone(), DEADLINE).unwrap();
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    single.sort_by(f64::total_cmp);
    println!(
        "one GRU case, round trip: {:.2} ms (median of 50)",
        single[25]
    );

    let all = evaluation("u0", "cell", cases);
    let begun = Instant::now();
    let (alone, _) = reference.evaluate(all.clone(), DEADLINE).unwrap();
    println!(
        "1000 GRU cases singly: {:.0} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    let begun = Instant::now();
    let batched = Evaluation {
        batched: Some("cells".into()),
        ..all
    };
    let (together, batching) = reference.evaluate(batched, DEADLINE).unwrap();
    println!(
        "1000 GRU cases batched: {:.0} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    assert!(matches!(batching, Batching::Used { .. }), "{batching:?}");
    let largest = alone.iter().zip(&together).flat_map(|(a, b)| {
        let (a, b) = (
            find_floats(a.as_ref().unwrap()),
            find_floats(b.as_ref().unwrap()),
        );
        a.into_iter()
            .zip(b)
            .map(|(a, b)| (a - b).abs())
            .collect::<Vec<_>>()
    });
    println!("largest difference: {:e}", largest.fold(0.0, f64::max));
}
