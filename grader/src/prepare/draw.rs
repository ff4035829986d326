//! Draws the inputs of a case from the pack's declaration.
//!
//! Every drawn thing — each dimension, each input — has a ChaCha8 stream of its
//! own, keyed by SHA-256 over the pack's seed, the case and the thing's name. So
//! adding an input or a case changes no other, and nothing here depends on the
//! machine, on libtorch or on the device. Normal numbers come from `rand_distr`
//! over the pure Rust `libm`: the same bits everywhere.

use crate::GraderError;
use gradien_problems::pack::{
    AnswerKind, Dims, Distribution, Extent, FunctionKind, Input, InputDType, InputValue,
    OutputKind, OutputSpec, SampleSpec, Subtask,
};
use gradien_sandbox::array::{Array, Named, Value};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution as _, Normal, Uniform};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// More elements than any exercise needs in one input.
const MAX_ELEMENTS: usize = 4 << 20;

/// What a stream is keyed by, besides the name of the thing drawn.
struct Source {
    seed: u64,
    /// `case`, `sample` and `variant` never share a stream.
    role: &'static str,
    subtask: String,
    index: u64,
}

impl Source {
    fn stream(&self, what: &str, name: &str) -> ChaCha8Rng {
        let mut hasher = Sha256::new();
        let seed = self.seed.to_le_bytes();
        let index = self.index.to_le_bytes();
        let parts: [&[u8]; 6] = [
            &seed,
            self.role.as_bytes(),
            self.subtask.as_bytes(),
            &index,
            what.as_bytes(),
            name.as_bytes(),
        ];
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        ChaCha8Rng::from_seed(hasher.finalize().into())
    }
}

/// A case before anything is computed.
pub struct Drawn {
    /// In the order of the parameters.
    pub inputs: Vec<Named>,
    pub dims: BTreeMap<String, usize>,
}

/// Hidden case `index` of `subtask`.
pub fn draw_case(
    function: &FunctionKind,
    subtask: &Subtask,
    index: u32,
) -> Result<Drawn, GraderError> {
    let source = Source {
        seed: function.case_seed,
        role: "case",
        subtask: subtask.name.to_string(),
        index: index.into(),
    };
    let dims = draw_dims(&source, &subtask.dims)?;
    let inputs = draw_inputs(function, subtask, &source, &dims)?;
    Ok(Drawn { inputs, dims })
}

/// A visible sample.
pub fn draw_sample(
    function: &FunctionKind,
    subtask: &Subtask,
    sample: &SampleSpec,
) -> Result<Drawn, GraderError> {
    let source = Source {
        seed: function.seed,
        role: "sample",
        subtask: subtask.name.to_string(),
        index: sample.seed,
    };
    let inputs = draw_inputs(function, subtask, &source, &sample.dims)?;
    Ok(Drawn {
        inputs,
        dims: sample.dims.clone(),
    })
}

fn draw_dims(source: &Source, dims: &Dims) -> Result<BTreeMap<String, usize>, GraderError> {
    dims.iter()
        .map(|(name, &(low, high))| {
            let uniform = Uniform::new_inclusive(low as u64, high as u64)
                .map_err(|_| GraderError::Pack(format!("dims.{name} is an empty range")))?;
            let drawn = uniform.sample(&mut source.stream("dim", name));
            Ok((name.clone(), drawn as usize))
        })
        .collect()
}

fn draw_inputs(
    function: &FunctionKind,
    subtask: &Subtask,
    source: &Source,
    dims: &BTreeMap<String, usize>,
) -> Result<Vec<Named>, GraderError> {
    subtask
        .inputs
        .iter()
        .map(|name| {
            let known = function.inputs.iter().find(|input| input.name == *name);
            let input = known.ok_or_else(|| GraderError::Pack(format!("no input “{name}”")))?;
            let value: Value = match &input.value {
                InputValue::Fixed { .. } | InputValue::Json(_) => fixed(input)?,
                InputValue::OneOf(values) => {
                    let mut rng = source.stream("input", input.name.as_str());
                    Value::Json(draw_json(&mut rng, values, 1)?.remove(0))
                }
                InputValue::ListOf { length, items } => {
                    let whose = format!("input “{}”", input.name);
                    let shape = resolve(std::slice::from_ref(length), dims, &whose)?;
                    let mut rng = source.stream("input", input.name.as_str());
                    Value::Json(serde_json::Value::Array(draw_json(
                        &mut rng, items, shape[0],
                    )?))
                }
                InputValue::Drawn {
                    shape,
                    distribution,
                } => {
                    let shape = subtask.shapes.get(&input.name).unwrap_or(shape);
                    let shape = resolve(shape, dims, &format!("input “{}”", input.name))?;
                    let count: usize = shape.iter().product();
                    let mut rng = source.stream("input", input.name.as_str());
                    let values = draw_values(&mut rng, *distribution, count)?;
                    array(input.dtype, &shape, &values).into()
                }
            };
            Ok(Named {
                name: input.name.to_string(),
                value,
            })
        })
        .collect()
}

/// The values that a hand computation declares.
pub fn declared(answer: &AnswerKind) -> Result<Vec<Named>, GraderError> {
    let inputs = answer.inputs.iter().map(|input| {
        Ok(Named {
            name: input.name.to_string(),
            value: fixed(input)?,
        })
    });
    inputs.collect()
}

/// Candidate `index` for a variant: the declared values, with new ones for every
/// element of what varies.
pub fn draw_variant(answer: &AnswerKind, seed: u64, index: u64) -> Result<Vec<Named>, GraderError> {
    let source = Source {
        seed,
        role: "variant",
        subtask: String::new(),
        index,
    };
    let mut inputs = declared(answer)?;
    for (input, named) in answer.inputs.iter().zip(&mut inputs) {
        let (Some(values), InputValue::Fixed { shape, elements }) = (&input.varies, &input.value)
        else {
            continue;
        };
        let uniform = Uniform::new(0, values.len() as u64)
            .map_err(|_| GraderError::Pack("there is nothing to draw from".into()))?;
        let mut rng = source.stream("input", input.name.as_str());
        let drawn: Vec<f64> = elements
            .iter()
            .map(|_| values[uniform.sample(&mut rng) as usize])
            .collect();
        named.value = array(input.dtype, shape, &drawn).into();
    }
    Ok(inputs)
}

/// The value of an input that has one.
pub fn fixed(input: &Input) -> Result<Value, GraderError> {
    match &input.value {
        InputValue::Fixed { shape, elements } => Ok(array(input.dtype, shape, elements).into()),
        InputValue::Json(json) => Ok(Value::Json(json.clone())),
        InputValue::Drawn { .. } | InputValue::OneOf(_) | InputValue::ListOf { .. } => Err(
            GraderError::Pack(format!("input “{}” has no fixed value", input.name)),
        ),
    }
}

/// So many of `values`, each drawn alike.
fn draw_json(
    rng: &mut ChaCha8Rng,
    values: &[serde_json::Value],
    count: usize,
) -> Result<Vec<serde_json::Value>, GraderError> {
    let uniform = Uniform::new(0, values.len() as u64)
        .map_err(|_| GraderError::Pack("there is nothing to draw from".into()))?;
    let drawn = (0..count).map(|_| values[uniform.sample(rng) as usize].clone());
    Ok(drawn.collect())
}

/// What a checked case must return, as zeros: its shape and kind.
pub fn template(spec: &OutputSpec, dims: &BTreeMap<String, usize>) -> Result<Array, GraderError> {
    let shape = spec.shape.as_deref().unwrap_or_default();
    let shape = resolve(shape, dims, &format!("output “{}”", spec.name))?;
    let zeros = vec![0.0; shape.iter().product()];
    let dtype = match spec.kind {
        OutputKind::Float => InputDType::Float64,
        OutputKind::Integer => InputDType::Int64,
        OutputKind::Boolean => InputDType::Bool,
        OutputKind::Json => {
            let what = format!("output “{}”: a checker is given arrays, no json", spec.name);
            return Err(GraderError::Pack(what));
        }
    };
    Ok(array(dtype, &shape, &zeros))
}

fn resolve(
    shape: &[Extent],
    dims: &BTreeMap<String, usize>,
    whose: &str,
) -> Result<Vec<usize>, GraderError> {
    let fail = |what: &str| GraderError::Pack(format!("{whose}: {what}"));
    let shape: Vec<usize> = shape
        .iter()
        .map(|extent| {
            extent
                .resolve(dims)
                .ok_or_else(|| fail("its shape has an unknown dimension"))
        })
        .collect::<Result<_, _>>()?;
    let count = shape
        .iter()
        .try_fold(1usize, |count, &extent| count.checked_mul(extent));
    match count {
        Some(count) if count <= MAX_ELEMENTS => Ok(shape),
        _ => Err(fail("its shape is too large")),
    }
}

fn draw_values(
    rng: &mut ChaCha8Rng,
    distribution: Distribution,
    count: usize,
) -> Result<Vec<f64>, GraderError> {
    let bad = |_| GraderError::Pack("a distribution has impossible parameters".into());
    Ok(match distribution {
        Distribution::Uniform { low, high } => {
            let uniform = Uniform::new(low, high).map_err(|_| bad(()))?;
            (0..count).map(|_| uniform.sample(rng)).collect()
        }
        Distribution::Normal { mean, std } => {
            let normal = Normal::new(mean, std).map_err(|_| bad(()))?;
            (0..count).map(|_| normal.sample(rng)).collect()
        }
        Distribution::Integers { low, high } => {
            let uniform = Uniform::new_inclusive(low, high).map_err(|_| bad(()))?;
            (0..count).map(|_| uniform.sample(rng) as f64).collect()
        }
    })
}

fn array(dtype: InputDType, shape: &[usize], values: &[f64]) -> Array {
    match dtype {
        InputDType::Float64 => Array::from_f64(shape, values),
        InputDType::Float32 => {
            Array::from_f32(shape, &values.iter().map(|&x| x as f32).collect::<Vec<_>>())
        }
        InputDType::Int64 => {
            Array::from_i64(shape, &values.iter().map(|&x| x as i64).collect::<Vec<_>>())
        }
        InputDType::Bool => {
            Array::from_bool(shape, &values.iter().map(|&x| x != 0.0).collect::<Vec<_>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(index: u64) -> Source {
        Source {
            seed: 7,
            role: "case",
            subtask: "all".into(),
            index,
        }
    }

    #[test]
    fn streams_are_fixed_and_independent() {
        let normal = Distribution::Normal {
            mean: 0.0,
            std: 1.0,
        };
        let draw =
            |index, name| draw_values(&mut source(index).stream("input", name), normal, 3).unwrap();
        assert_eq!(draw(0, "x"), draw(0, "x"));
        assert_ne!(draw(0, "x"), draw(1, "x"));
        assert_ne!(draw(0, "x"), draw(0, "y"));
        // Golden bits: a change here changes every pack's cases.
        let bits: Vec<u64> = draw(0, "x").iter().map(|x| x.to_bits()).collect();
        assert_eq!(bits, GOLDEN, "{bits:#x?}");
    }

    const GOLDEN: [u64; 3] = [0xbfdb15631f24c093, 0x3fef9962f57a5212, 0xbfe3d729f79c0587];

    #[test]
    fn a_seed_for_cases_changes_them_and_no_sample() {
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../problems/packs/ch5-gru-cell"
        );
        let pack = gradien_problems::Pack::load(std::path::Path::new(folder)).unwrap();
        let public = pack.kind.find_function().unwrap();
        let mut sealed = public.clone();
        sealed.case_seed = 9;
        let (subtask, sample) = (&public.subtasks[0], &public.samples[0]);
        let case = |function: &FunctionKind| draw_case(function, subtask, 0).unwrap().inputs;
        assert_ne!(case(public), case(&sealed));
        let of = |name: &gradien_problems::SubtaskName| {
            let found = public.subtasks.iter().find(|one| one.name == *name);
            found.unwrap()
        };
        let shown = |function: &FunctionKind| {
            let drawn = draw_sample(function, of(&sample.subtask), sample);
            drawn.unwrap().inputs
        };
        assert_eq!(shown(public), shown(&sealed));
    }

    #[test]
    fn values_stay_in_their_ranges() {
        let mut rng = source(0).stream("input", "x");
        let uniform = Distribution::Uniform {
            low: -2.0,
            high: 3.0,
        };
        assert!(
            draw_values(&mut rng, uniform, 500)
                .unwrap()
                .iter()
                .all(|x| (-2.0..3.0).contains(x))
        );
        let integers = Distribution::Integers { low: -1, high: 1 };
        let drawn = draw_values(&mut rng, integers, 100).unwrap();
        for value in [-1.0, 0.0, 1.0] {
            assert!(drawn.contains(&value));
        }
        let dims = draw_dims(&source(0), &Dims::from([("n".into(), (2, 4))])).unwrap();
        assert!((2..=4).contains(&dims["n"]));
    }
}
