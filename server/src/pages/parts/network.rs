//! A network as a table: what its layers are, and which tensors a file of its
//! weights holds.

use crate::i18n::{Texts, grouped};
use gradien_problems::architecture::{Architecture, Caps, Role};
use gradien_problems::pack::{ModelKind, Network};
use gradien_problems::shown::shape_text;

pub struct NetworkTable {
    pub layers: Vec<LayerRow>,
    /// Parameters and cost, by name.
    pub facts: Vec<(String, String)>,
}

pub struct LayerRow {
    /// What its tensors' names begin with.
    pub name: String,
    pub pytorch: String,
    /// The shape that it gives for one example.
    pub output: String,
    /// Names and shapes.
    pub tensors: Vec<String>,
}

impl NetworkTable {
    /// `None` where the layers are the student's.
    pub fn find(kind: &ModelKind, t: Texts) -> Option<NetworkTable> {
        match &kind.network {
            Network::Declared(network) => Some(NetworkTable::new(network, t)),
            Network::Own(_) => None,
        }
    }

    fn new(network: &Architecture, t: Texts) -> NetworkTable {
        let parameters = network.parameters();
        let layers = network.layers.iter().map(|layer| {
            let begin = format!("{}.", layer.name);
            let own = parameters.iter().filter(|parameter| {
                parameter.role != Role::Ignored && parameter.name.starts_with(&begin)
            });
            LayerRow {
                name: layer.name.clone(),
                pytorch: layer.pytorch(),
                output: shape_text(&layer.output),
                tensors: own
                    .map(|one| format!("{} {}", one.name, shape_text(&one.shape)))
                    .collect(),
            }
        });
        let cost = network.cost();
        let of_cost = Caps {
            parameters: cost.parameters,
            flops: cost.flops,
            activation_bytes: cost.activation_bytes,
        };
        NetworkTable {
            layers: layers.collect(),
            facts: cost_facts(&of_cost, t),
        }
    }
}

/// What a network costs, or may cost.
pub fn cost_facts(cost: &Caps, t: Texts) -> Vec<(String, String)> {
    let number = |number| grouped(number, t.language);
    vec![
        (t.get("network-parameters"), number(cost.parameters)),
        (t.get("network-flops"), number(cost.flops)),
        (
            t.get("network-activations"),
            t.with("bytes", "n", number(cost.activation_bytes)),
        ),
    ]
}
