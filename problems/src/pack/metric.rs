//! Metrics by name, and what each of them compares.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::borrow::Cow;

/// Longest list of classes.
pub(super) const MAX_CLASSES: usize = 100;

/// In TOML by name: `"f1_macro"`, `"top_3"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Metric {
    Accuracy,
    BalancedAccuracy,
    PrecisionMacro,
    PrecisionMicro,
    PrecisionWeighted,
    RecallMacro,
    RecallMicro,
    RecallWeighted,
    F1Macro,
    F1Micro,
    F1Weighted,
    /// Mean over classes of intersection over union.
    Iou,
    RocAuc,
    LogLoss,
    TopK(usize),
    Mse,
    Rmse,
    Mae,
    Mape,
    R2,
}

/// What a metric compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compares {
    Classes,
    Probabilities,
    Numbers,
}

impl Metric {
    /// Without `top_k`, whose k is free.
    pub const NAMED: [(&'static str, Metric); 19] = [
        ("accuracy", Metric::Accuracy),
        ("balanced_accuracy", Metric::BalancedAccuracy),
        ("precision_macro", Metric::PrecisionMacro),
        ("precision_micro", Metric::PrecisionMicro),
        ("precision_weighted", Metric::PrecisionWeighted),
        ("recall_macro", Metric::RecallMacro),
        ("recall_micro", Metric::RecallMicro),
        ("recall_weighted", Metric::RecallWeighted),
        ("f1_macro", Metric::F1Macro),
        ("f1_micro", Metric::F1Micro),
        ("f1_weighted", Metric::F1Weighted),
        ("iou", Metric::Iou),
        ("roc_auc", Metric::RocAuc),
        ("log_loss", Metric::LogLoss),
        ("mse", Metric::Mse),
        ("rmse", Metric::Rmse),
        ("mae", Metric::Mae),
        ("mape", Metric::Mape),
        ("r2", Metric::R2),
    ];

    pub fn name(self) -> String {
        if let Metric::TopK(k) = self {
            return format!("top_{k}");
        }
        let named = Self::NAMED.iter().find(|(_, metric)| *metric == self);
        named.map_or_else(String::new, |(name, _)| (*name).to_owned())
    }

    pub fn compares(self) -> Compares {
        match self {
            Metric::RocAuc | Metric::LogLoss | Metric::TopK(_) => Compares::Probabilities,
            Metric::Mse | Metric::Rmse | Metric::Mae | Metric::Mape | Metric::R2 => {
                Compares::Numbers
            }
            _ => Compares::Classes,
        }
    }

    pub fn lower_is_better(self) -> bool {
        matches!(
            self,
            Metric::LogLoss | Metric::Mse | Metric::Rmse | Metric::Mae | Metric::Mape
        )
    }
}

impl TryFrom<String> for Metric {
    type Error = String;
    fn try_from(name: String) -> Result<Metric, String> {
        if let Some(k) = name.strip_prefix("top_").and_then(|k| k.parse().ok())
            && (1..=MAX_CLASSES).contains(&k)
        {
            return Ok(Metric::TopK(k));
        }
        let known = Self::NAMED.iter().find(|(known, _)| *known == name);
        known.map(|(_, metric)| *metric).ok_or_else(|| {
            let names: Vec<&str> = Self::NAMED.iter().map(|(name, _)| *name).collect();
            format!(
                "unknown metric “{name}”; expected one of {}, top_<k>",
                names.join(", ")
            )
        })
    }
}

impl JsonSchema for Metric {
    fn schema_name() -> Cow<'static, str> {
        "Metric".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let named: Vec<&str> = Self::NAMED.iter().map(|(name, _)| *name).collect();
        json_schema!({
            "description": "A metric by its name; `top_3` and the like with a number of their own.",
            "anyOf": [
                { "enum": named },
                { "type": "string", "pattern": "^top_[1-9][0-9]*$" },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_known_by_their_names() {
        for (name, metric) in Metric::NAMED {
            assert_eq!(Metric::try_from(name.to_owned()), Ok(metric));
            assert_eq!(metric.name(), name);
        }
        assert_eq!(Metric::try_from("top_3".to_owned()), Ok(Metric::TopK(3)));
        assert!(Metric::try_from("top_0".to_owned()).is_err());
    }
}
