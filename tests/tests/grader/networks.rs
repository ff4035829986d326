//! What a network of a student costs: from the process's start to outputs.

use crate::{reference_config, rounds, timed, told};
use gradien_grader::model::{Model, Outcome, Request};
use gradien_grader::reference::Device;
use gradien_problems::architecture::{Architecture, NetworkInput};
use gradien_sandbox::array::Array;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(300);
const IMAGES: usize = 10_000;
/// As in the module's study of MNIST: two convolutions and two linear layers.
const CNN: &str = "
layers = [
    { kind = 'conv2d', out = 32, kernel = 3, padding = 1 }, { kind = 'relu' }, { kind = 'max_pool2d', kernel = 2 },
    { kind = 'conv2d', out = 64, kernel = 3, padding = 1 }, { kind = 'relu' }, { kind = 'max_pool2d', kernel = 2 },
    { kind = 'flatten' }, { kind = 'linear', out = 128 }, { kind = 'relu' }, { kind = 'linear', out = 10 },
]
";

#[test]
#[ignore = "a measurement"]
fn a_network_of_the_size_of_mnist() {
    let input = NetworkInput {
        shape: vec![1, 28, 28],
        ids: false,
    };
    let network = Architecture::read(CNN, input).unwrap();
    let cost = network.cost();
    let (start, mut model) = timed(|| Model::start(reference_config()).unwrap());
    println!("model process, once: {start:.0} ms to start");
    println!(
        "CNN: {} parameters, {:.1} MFLOP for each of {IMAGES} images",
        cost.parameters,
        cost.flops as f64 / 1e6
    );
    // Values of a fixed pattern: what they are changes no time.
    let pattern = |count: usize| -> Vec<f32> {
        let value = |index: usize| ((index * 7919) % 201) as f32 / 1000.0 - 0.1;
        (0..count).map(value).collect()
    };
    let mut request = Request {
        weights: safetensors(&network, pattern),
        network: network.into(),
        inputs: Array::from_f32(&[IMAGES, 1, 28, 28], &pattern(IMAGES * 784)),
        batch: 256,
        device: Device::Cpu,
    };
    let mut run = |device| {
        request.device = device;
        let (time, outcome) = timed(|| model.evaluate(&request, DEADLINE).unwrap());
        assert!(matches!(outcome, Outcome::Outputs { .. }), "{outcome:?}");
        time
    };
    // A CPU takes seconds for one.
    let of_cpu = (0..rounds().min(3)).map(|_| run(Device::Cpu)).collect();
    let cpu = told("CNN over all images, CPU", "ms", of_cpu);
    if reference_has_cuda() {
        let of_cuda = (0..rounds()).map(|_| run(Device::Cuda)).collect();
        let cuda = told("CNN over all images, CUDA", "ms", of_cuda);
        println!("  ratio {:.2}", cpu / cuda);
    } else {
        println!("CNN over all images, CUDA: no device");
    }
}

fn reference_has_cuda() -> bool {
    let model = Model::start(reference_config()).unwrap();
    model.hello().cuda_devices > 0
}

/// A file of all parameters: a header of names, shapes and offsets, then values.
fn safetensors(network: &Architecture, values: impl Fn(usize) -> Vec<f32>) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    let mut data = Vec::new();
    for parameter in network.parameters() {
        let begin = data.len();
        let count = parameter.shape.iter().product();
        data.extend(values(count).iter().flat_map(|value| value.to_le_bytes()));
        let tensor = serde_json::json!({
            "dtype": "F32", "shape": parameter.shape, "data_offsets": [begin, data.len()],
        });
        header.insert(parameter.name, tensor);
    }
    let header = serde_json::Value::Object(header).to_string();
    let length = (header.len() as u64).to_le_bytes();
    [&length[..], header.as_bytes(), &data].concat()
}
