//! Two misconceptions at once, where the pack wants them found.
//!
//! Of every two, the changes that they make to the reference are put together
//! ([`merge`]) and evaluated like a misconception of the pack's own. What cannot be put
//! together, fails, or cannot be told from the right answer or from one misconception is
//! left out: that is no fault of the pack, there is only nothing to find.

use super::Prepared;
use super::make::reference_file;
use super::merge::merge;
use super::wrong::{WrongReference, WrongValues, evaluate_source, says_more};
use crate::GraderError;
use crate::reference::{Device, Precision, Reference};
use gradien_problems::Pack;
use gradien_problems::ids::MisconceptionName;
use serde::{Deserialize, Serialize};

/// What two misconceptions give together, as [`PreparedMisconception`](super::PreparedMisconception) has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreparedPair {
    /// In the pack's order.
    pub names: [MisconceptionName; 2],
    pub subtasks: WrongValues,
}

/// Adds the pairs to what is prepared otherwise.
pub(super) fn add(
    pack: &Pack,
    prepared: &mut Prepared,
    reference: &mut Reference,
    device: Device,
    precision: Precision,
) -> Result<(), GraderError> {
    if !pack.combine_misconceptions {
        return Ok(());
    }
    let base = reference_file(pack).text;
    for (position, one) in pack.misconceptions.iter().enumerate() {
        for other in &pack.misconceptions[position + 1..] {
            let Some(source) = merge(&base, &one.source, &other.source) else {
                continue;
            };
            let names = [one.name.clone(), other.name.clone()];
            let wrong = WrongReference {
                unit: format!("{}/{}+{}", pack.hash, one.name, other.name),
                file: format!("{} + {}", one.file(), other.file()),
                source,
            };
            let cases = &prepared.subtasks;
            let subtasks = match evaluate_source(pack, wrong, cases, reference, device, precision) {
                Ok(subtasks) => subtasks,
                Err(GraderError::Reference(error)) if error.find_fault().is_some() => continue,
                Err(error) => return Err(error),
            };
            if says_more(pack, prepared, &subtasks) {
                prepared.pairs.push(PreparedPair { names, subtasks });
            }
        }
    }
    Ok(())
}
