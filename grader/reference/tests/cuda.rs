//! CUDA up to the first call of a device, with its real libraries in the locked
//! process. What a device itself does is compared by `pack verify --device cpu,cuda`.

mod setup;

use gradien_grader::model::{Model, ModelFault, Outcome, Request};
use gradien_grader::reference::{Device, FaultKind, Hello, Reference, ReferenceConfig};
use gradien_problems::architecture::{Architecture, NetworkInput};
use gradien_sandbox::array::Array;
use setup::{DEADLINE, call_one, config, evaluation, file, find_floats, gru_case, gru_cell, x};
use std::fs;
use std::path::PathBuf;

/// `None` where they were not set up; then it says so.
fn library() -> Option<PathBuf> {
    let library = std::env::var_os("GRADIEN_CUDA_LIBRARY").map(PathBuf::from);
    if library.is_none() {
        println!("SKIPPED: the CUDA libraries are not there; `cargo xtask setup --cuda` gets them");
    }
    library
}

fn with(library: PathBuf) -> ReferenceConfig {
    ReferenceConfig {
        cuda_library: Some(library),
        ..config()
    }
}

/// The libraries that the process has in memory, by their names.
fn mapped(pid: u32) -> Vec<String> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("our own child");
    let paths = maps.lines().filter_map(|line| line.split('/').next_back());
    paths
        .filter(|name| name.contains(".so"))
        .map(str::to_owned)
        .collect()
}

/// Seccomp filters and no new privileges, as the kernel says.
fn assert_locked(pid: u32) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("our own child");
    for line in ["Seccomp:\t2", "NoNewPrivs:\t1"] {
        assert!(status.contains(line), "{line}: {status}");
    }
}

fn assert_no_device(hello: &Hello) {
    assert_eq!(hello.best_device(), Device::Cpu);
    let reason = hello.cuda_absent.as_deref().expect("CUDA was asked for");
    assert_eq!(reason, "no CUDA device");
}

const GRU: &str = "
def cell(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    joined = torch.cat([h, x])
    z = torch.sigmoid(W_z @ joined + b_z)
    r = torch.sigmoid(W_r @ joined + b_r)
    return (1 - z) * h + z * torch.tanh(W_h @ torch.cat([r * h, x]) + b_h)
";

/// With all of CUDA loaded and no device, references are computed on the CPU behind
/// the same walls as without it, and a device that is asked for is refused.
#[test]
fn without_a_device_the_loaded_libraries_change_nothing() {
    let Some(library) = library() else { return };
    let mut reference = Reference::start(with(library)).unwrap_or_else(|e| panic!("{e:?}"));
    let pid = reference.find_pid().expect("it runs");
    let names = mapped(pid);
    for name in [
        "libtorch_cuda.so",
        "libc10_cuda.so",
        "libcudart.so",
        "libcublas.so",
        "libcudnn.so",
    ] {
        assert!(
            names.iter().any(|one| one.starts_with(name)),
            "{name}: {names:?}"
        );
    }
    assert_locked(pid);
    if reference.hello().cuda_devices > 0 {
        // `pack verify --device cpu,cuda` is the test then.
        assert_eq!(reference.hello().best_device(), Device::Cuda);
        return;
    }
    assert_no_device(reference.hello());
    let bare = Reference::start(config()).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(reference.hello().walls, bare.hello().walls);

    let case = gru_case(3, 4, 5);
    let returned = call_one(&mut reference, GRU, "cell", case.clone()).expect("on the CPU");
    for (ours, theirs) in find_floats(&returned).iter().zip(gru_cell(&case)) {
        assert!((ours - theirs).abs() < 1e-14, "{ours} {theirs}");
    }
    let mut asked = evaluation("one", "cell", vec![case]);
    asked.device = Device::Cuda;
    let error = reference.evaluate(asked, DEADLINE).unwrap_err();
    let fault = error.find_fault().expect("the question is at fault");
    assert_eq!(fault.kind, FaultKind::NoDevice);
    assert_eq!(
        reference.find_pid(),
        Some(pid),
        "it lived through all of it"
    );
}

#[test]
fn without_a_device_networks_run_on_the_cpu() {
    let Some(library) = library() else { return };
    let mut model = Model::start(with(library)).unwrap_or_else(|e| panic!("{e:?}"));
    if model.hello().cuda_devices > 0 {
        return;
    }
    assert_no_device(model.hello());
    let input = NetworkInput {
        shape: vec![3],
        ids: false,
    };
    let network = Architecture::read("layers = [{ kind = 'relu' }]", input).expect("a network");
    let mut request = Request {
        network: network.into(),
        // A header of no tensors.
        weights: [&2u64.to_le_bytes()[..], b"{}"].concat(),
        inputs: Array::from_f64(&[1, 3], &[-1.0, 0.0, 2.5]),
        batch: 1,
        device: Device::Cpu,
    };
    let outcome = model.evaluate(&request, DEADLINE).expect("it lives");
    let Outcome::Outputs { outputs, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(outputs.to_f64_vec(), [0.0, 0.0, 2.5]);
    request.device = Device::Cuda;
    let outcome = model.evaluate(&request, DEADLINE).expect("it lives");
    assert_eq!(outcome, Outcome::Failed(ModelFault::NoDevice));
}

/// A library that is none: the reason is told, and the CPU goes on.
#[test]
fn a_library_that_cannot_be_loaded_is_said() {
    let folder = std::env::temp_dir();
    for library in [folder.join("no-such-libtorch_cuda.so"), folder] {
        let mut reference = Reference::start(with(library.clone())).expect("the CPU goes on");
        let reason = reference
            .hello()
            .cuda_absent
            .clone()
            .expect("CUDA was asked for");
        let library = library.display().to_string();
        assert!(reason.contains(&library), "{reason}");
        let text = "def f(x: Tensor) -> Tensor:\n    return x + 1\n";
        reference
            .compile("u", vec![file("reference.py", text)], DEADLINE)
            .expect("it compiles");
        let asked = evaluation("u", "f", vec![x()]);
        let (cases, _) = reference.evaluate(asked, DEADLINE).expect("on the CPU");
        let returned = cases[0].as_ref().expect("a value");
        assert_eq!(find_floats(returned), [2.0, 3.0, 4.0]);
    }
}
