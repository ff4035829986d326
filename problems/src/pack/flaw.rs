//! Flaws of kinds `prediction` and `model`: mistakes that show in what is handed
//! in, with the texts that teach.

use super::model::Kind;
use super::prediction::FlawRule;
use crate::language::Localized;

impl Kind {
    /// The rules by their names in TOML, with what is told, in the pack's order.
    pub fn flaws(&self) -> Vec<(&'static str, &Localized)> {
        match self {
            Kind::Prediction(prediction) => {
                let name = |rule| match rule {
                    FlawRule::Constant => "constant",
                    FlawRule::FittedToA => "fitted_to_a",
                    FlawRule::Shuffled => "shuffled",
                };
                let flaws = prediction.flaws.iter();
                flaws.map(|flaw| (name(flaw.rule), &flaw.text)).collect()
            }
            Kind::Model(model) => {
                let flaws = model.flaws.iter();
                flaws.map(|flaw| (flaw.rule.name(), &flaw.text)).collect()
            }
            Kind::Answer(_) | Kind::Function(_) | Kind::Notebook(_) => Vec::new(),
        }
    }
}
