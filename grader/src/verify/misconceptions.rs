//! Misconceptions against the right answer and against each other; and whether each
//! of them, each flaw and each rule has an example that shows it.

use crate::prepare::{Confusion, Prepared, confusions, matrix};
use gradien_problems::Pack;
use gradien_problems::ids::MisconceptionName;
use gradien_problems::proof::{Found, Proof};

pub(super) fn check(pack: &Pack, prepared: &Prepared, proof: &mut Proof) {
    let file = |name: &MisconceptionName| format!("misconceptions/{name}.py");
    for confusion in confusions(pack, prepared) {
        match confusion {
            Confusion::Silent { name } => proof.find(file(&name), Found::MisconceptionSilent),
            Confusion::Right { name } => proof.find(file(&name), Found::MisconceptionIsRight),
            Confusion::Alike { name, other } => {
                proof.find(file(&name), Found::MisconceptionsAlike { other });
            }
            Confusion::Shape { name, what } => {
                let detail = format!("gives {what}");
                proof.find(file(&name), Found::MisconceptionShape { detail });
            }
        }
    }
    if !pack.misconceptions.is_empty() {
        proof.misconceptions = Some(matrix(pack, prepared));
    }
    for one in &pack.misconceptions {
        let mut examples = pack.submissions.iter();
        if !examples.any(|example| example.misconceptions.contains(&one.name)) {
            proof.find(one.file(), Found::MisconceptionWithoutExample);
        }
    }
    for (rule, _) in pack.kind.flaws() {
        let mut examples = pack.submissions.iter();
        if !examples.any(|example| example.flaw.as_deref() == Some(rule)) {
            let rule = rule.to_owned();
            proof.find("problem.toml", Found::FlawWithoutExample { rule });
        }
    }
}
