//! A file's tensors against those that a network has. Everything that does not
//! fit is listed, so that one look is enough.

use super::fault::shape;
use super::parameters::{Parameter, Role};
use crate::language::Language;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a safetensors header says of one tensor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorHeader {
    pub name: String,
    /// As safetensors writes it: `F32`, `BF16`, `I64`.
    pub dtype: String,
    pub shape: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum WeightFault {
    /// The bytes are no safetensors file; `pickled` where they are a zip or a
    /// pickle, as `torch.save` writes.
    Unreadable {
        pickled: bool,
        detail: String,
    },
    Missing {
        name: String,
        shape: Vec<usize>,
    },
    Extra {
        name: String,
        shape: Vec<usize>,
    },
    Shape {
        name: String,
        expected: Vec<usize>,
        got: Vec<usize>,
    },
    DType {
        name: String,
        got: String,
    },
    /// All names would fit without this.
    Prefix {
        prefix: String,
    },
    NotFinite {
        name: String,
        count: u64,
    },
    Huge {
        name: String,
        largest: f64,
        limit: f64,
    },
}

/// Element types of weights.
pub const WEIGHT_DTYPES: [&str; 4] = ["F16", "BF16", "F32", "F64"];

/// Missing ones first, in the network's order, then what is extra.
pub fn check_headers(parameters: &[Parameter], tensors: &[TensorHeader]) -> Vec<WeightFault> {
    let by_name: BTreeMap<&str, &TensorHeader> = tensors
        .iter()
        .map(|tensor| (&*tensor.name, tensor))
        .collect();
    let wanted: BTreeSet<&str> = parameters.iter().map(|p| &*p.name).collect();
    let mut faults = Vec::new();
    if let Some(prefix) = find_prefix(parameters, tensors) {
        faults.push(WeightFault::Prefix { prefix });
    }
    for parameter in parameters {
        match by_name.get(&*parameter.name) {
            None if parameter.role == Role::Ignored => {}
            None => faults.push(WeightFault::Missing {
                name: parameter.name.clone(),
                shape: parameter.shape.clone(),
            }),
            Some(_) if parameter.role == Role::Ignored => {}
            Some(tensor) if tensor.shape != parameter.shape => faults.push(WeightFault::Shape {
                name: parameter.name.clone(),
                expected: parameter.shape.clone(),
                got: tensor.shape.clone(),
            }),
            Some(tensor) if !WEIGHT_DTYPES.contains(&&*tensor.dtype) => {
                faults.push(WeightFault::DType {
                    name: parameter.name.clone(),
                    got: tensor.dtype.clone(),
                });
            }
            Some(_) => {}
        }
    }
    let extra = tensors.iter().filter(|t| !wanted.contains(&*t.name));
    faults.extend(extra.map(|tensor| WeightFault::Extra {
        name: tensor.name.clone(),
        shape: tensor.shape.clone(),
    }));
    faults
}

/// `model.` where every name is one of the network's behind it.
fn find_prefix(parameters: &[Parameter], tensors: &[TensorHeader]) -> Option<String> {
    let first = parameters.first()?;
    let tensor = tensors
        .iter()
        .find_map(|t| t.name.strip_suffix(&*first.name))?;
    let wanted: BTreeSet<&str> = parameters.iter().map(|p| &*p.name).collect();
    let all = tensors.iter().all(|t| {
        t.name
            .strip_prefix(tensor)
            .is_some_and(|rest| wanted.contains(rest))
    });
    (all && tensor.ends_with('.')).then(|| tensor.to_owned())
}

/// A name as it may stand in a message: cut, and without control characters.
fn shown(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .take(81)
        .collect();
    match clean.chars().count() {
        81 => clean.chars().take(80).chain(['…']).collect(),
        _ => clean,
    }
}

impl WeightFault {
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::En => self.en(),
            Language::Id => self.id(),
        }
    }

    fn en(&self) -> String {
        match self {
            WeightFault::Unreadable { pickled: true, .. } => "this is a file of torch.save (pickle), which can hold a program and is never opened; save with `from safetensors.torch import save_file; save_file(model.state_dict(), \"model.safetensors\")`".into(),
            WeightFault::Unreadable { detail, .. } => {
                format!("this is no safetensors file: {}", shown(detail))
            }
            WeightFault::Missing { name, shape: of } => {
                format!("`{name}` of shape {} is missing", shape(of))
            }
            WeightFault::Extra { name, shape: of } => format!(
                "`{}` of shape {} belongs to no layer",
                shown(name),
                shape(of)
            ),
            WeightFault::Shape { name, expected, got } => {
                let turned = is_turned(expected, got);
                let turned = if turned { "; it is transposed: PyTorch keeps the outputs first" } else { "" };
                format!("`{name}` must have shape {}, not {}{turned}", shape(expected), shape(got))
            }
            WeightFault::DType { name, got } => format!(
                "`{name}` must be of one of {}, not {}",
                WEIGHT_DTYPES.join(", "),
                shown(got)
            ),
            WeightFault::Prefix { prefix } => format!(
                "every name begins with `{0}`, as when the network is a part of another module; save the state_dict of that part, such as `whole.{1}.state_dict()`",
                shown(prefix),
                shown(prefix.trim_end_matches('.'))
            ),
            WeightFault::NotFinite { name, count } => format!(
                "`{name}` has {count} value(s) that are NaN or infinite; training diverged: try a smaller learning rate"
            ),
            WeightFault::Huge { name, largest, limit } => format!(
                "`{name}` has a value as large as {largest:.3e}; at most {limit:.0e} is allowed, and more overflows in the sums"
            ),
        }
    }

    fn id(&self) -> String {
        match self {
            WeightFault::Unreadable { pickled: true, .. } => "ini berkas torch.save (pickle), yang dapat berisi program dan tidak pernah dibuka; simpan dengan `from safetensors.torch import save_file; save_file(model.state_dict(), \"model.safetensors\")`".into(),
            WeightFault::Unreadable { detail, .. } => {
                format!("ini bukan berkas safetensors: {}", shown(detail))
            }
            WeightFault::Missing { name, shape: of } => {
                format!("`{name}` berbentuk {} belum ada", shape(of))
            }
            WeightFault::Extra { name, shape: of } => format!(
                "`{}` berbentuk {} bukan milik lapisan mana pun",
                shown(name),
                shape(of)
            ),
            WeightFault::Shape { name, expected, got } => {
                let turned = is_turned(expected, got);
                let turned = if turned { "; ini tertranspos: PyTorch menaruh keluaran lebih dulu" } else { "" };
                format!("`{name}` harus berbentuk {}, bukan {}{turned}", shape(expected), shape(got))
            }
            WeightFault::DType { name, got } => format!(
                "`{name}` harus bertipe salah satu dari {}, bukan {}",
                WEIGHT_DTYPES.join(", "),
                shown(got)
            ),
            WeightFault::Prefix { prefix } => format!(
                "semua nama diawali `{0}`, seperti bila jaringan ini bagian dari modul lain; simpan state_dict bagian itu saja, misalnya `semua.{1}.state_dict()`",
                shown(prefix),
                shown(prefix.trim_end_matches('.'))
            ),
            WeightFault::NotFinite { name, count } => format!(
                "`{name}` berisi {count} nilai NaN atau tak hingga; pelatihan divergen: coba learning rate yang lebih kecil"
            ),
            WeightFault::Huge { name, largest, limit } => format!(
                "`{name}` berisi nilai sebesar {largest:.3e}; paling besar {limit:.0e}, lebih dari itu penjumlahan meluap"
            ),
        }
    }
}

fn is_turned(expected: &[usize], got: &[usize]) -> bool {
    matches!((expected, got), ([a, b], [c, d]) if a == d && b == c && a != b)
}
