//! `must_not_use`: looks through a program's text before anything of it runs.
//!
//! The look is a job of its own: a fresh instance parses the text and never runs it
//! (`gradien_sandbox::syntax`). It follows imports, other names, `getattr` with a
//! known name and the like. What it cannot follow *and* could reach the forbidden
//! name (`eval`, `getattr(np, name)`, `np.__dict__`) is refused as such. Out of
//! reach remain: a module handed on as an argument and asked for an attribute that
//! the pack does not forbid as `.name`, and the same computation written by hand —
//! which is what the problem asks for.

use crate::GraderError;
use crate::children::Children;
use gradien_problems::message::{Breach, BrokenRule, Message};
use gradien_problems::pack::FunctionKind;
use gradien_sandbox::syntax::{LookError, Use, look_job, uses};

/// Places that are told; one per line and rule.
const MAX_PLACES: usize = 5;
const MAX_LINE_CHARS: usize = 120;

/// What to tell a student whose program breaks the pack's rules. A text that is not
/// Python breaks none: the first case says so.
pub fn broken_rules(
    function: &FunctionKind,
    source: &str,
    children: &mut Children,
) -> Result<Option<Message>, GraderError> {
    if function.must_not_use.is_empty() {
        return Ok(None);
    }
    let outcome = children.run(&look_job(source))?;
    match uses(&outcome) {
        Ok(uses) => Ok(message(function, source, &uses)),
        Err(LookError::NotPython { .. }) => Ok(None),
        Err(LookError::TooComplex) => Ok(Some(Message::NotLookedThrough)),
        Err(error @ LookError::Failed(_)) => Err(error.into()),
    }
}

fn message(function: &FunctionKind, source: &str, uses: &[Use]) -> Option<Message> {
    let lines: Vec<&str> = source.lines().collect();
    let mut places: Vec<BrokenRule> = Vec::new();
    for one in uses {
        let rules = &function.must_not_use;
        let used = rules.iter().find(|rule| one.is(&rule.path));
        let hidden = || rules.iter().find(|rule| one.hides(&rule.path));
        let (rule, breach) = match used {
            Some(rule) => (rule, Breach::Used),
            None => match hidden() {
                Some(rule) => (
                    rule,
                    Breach::CannotBeFollowed {
                        found: readable(&one.path),
                    },
                ),
                None => continue,
            },
        };
        let at = usize::try_from(one.line).unwrap_or(0).saturating_sub(1);
        let text = lines.get(at).map_or("", |line| line.trim());
        let place = BrokenRule {
            line: one.line,
            text: text.chars().take(MAX_LINE_CHARS).collect(),
            rule: rule.written.clone(),
            breach,
        };
        let told = |other: &BrokenRule| other.line == place.line && other.rule == place.rule;
        if !places.iter().any(told) {
            places.push(place);
        }
    }
    places.sort_by_key(|place| place.line);
    places.truncate(MAX_PLACES);
    (!places.is_empty()).then_some(Message::RulesBroken { places })
}

/// A path as a student would write it; `?` stands for a name that is computed.
fn readable(path: &str) -> String {
    match path.strip_suffix(".?") {
        Some("") => "getattr(…, …)".into(),
        Some(owner) => format!("getattr({owner}, …)"),
        None if path == "?" => "import …".into(),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Pack;
    use gradien_problems::pack::Kind;
    use gradien_sandbox::syntax::Kind as UseKind;
    use std::path::Path;

    #[test]
    fn places_are_told_once_by_line_with_the_line_itself() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        let pack = Pack::load(&packs.join("ch5-convolution-code")).unwrap();
        let Kind::Function(function) = &pack.kind else {
            panic!("another kind")
        };
        let used = |line, path: &str| Use {
            line,
            path: path.into(),
            kind: UseKind::Name,
        };
        let source = "import numpy as np\nf = getattr(np, n)\n  y = np.convolve(a, b)\n";
        let said = message(
            function,
            source,
            &[
                used(3, "numpy.convolve"),
                used(2, "numpy.?"),
                used(3, "numpy.convolve"),
                used(1, "numpy"),
            ],
        );
        let Some(Message::RulesBroken { places }) = said else {
            panic!("no rule is broken")
        };
        let told: Vec<_> = places
            .iter()
            .map(|place| (place.line, place.text.as_str(), &place.breach))
            .collect();
        let hidden = Breach::CannotBeFollowed {
            found: "getattr(numpy, …)".into(),
        };
        assert_eq!(
            told,
            [
                (2, "f = getattr(np, n)", &hidden),
                (3, "y = np.convolve(a, b)", &Breach::Used)
            ]
        );
        assert_eq!(message(function, source, &[used(1, "numpy.sum")]), None);
    }
}
