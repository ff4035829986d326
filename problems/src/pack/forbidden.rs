//! `must_not_use`: names that a student's program may not use, where the point of
//! the problem is to write them.

const MAX_RULES: usize = 40;

/// Pieces of syntax that a rule may name.
const CONSTRUCTS: [&str; 10] = [
    "for",
    "while",
    "comprehension",
    "lambda",
    "class",
    "try",
    "global",
    "nonlocal",
    "match",
    "@",
];

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forbidden {
    /// As the pack's author wrote it and students read it: `np.convolve`.
    pub written: String,
    /// In full: `numpy.convolve`.
    pub path: String,
}

/// # Errors
/// The rule that is neither a dotted name, an attribute nor a piece of syntax.
pub(super) fn forbidden(rules: &[String]) -> Result<Vec<Forbidden>, String> {
    if rules.len() > MAX_RULES {
        return Err(format!("must_not_use may list at most {MAX_RULES} names"));
    }
    let mut known: Vec<Forbidden> = Vec::new();
    for written in rules {
        let path = match written.strip_prefix("np.") {
            Some(rest) => format!("numpy.{rest}"),
            None => written.clone(),
        };
        let name = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        let dotted = path.strip_prefix('.').unwrap_or(&path);
        if !CONSTRUCTS.contains(&&*path) && !dotted.split('.').all(name) {
            return Err(format!(
                "must_not_use: “{written}” is no name such as \"np.convolve\", no attribute such as \".sort\", and none of {}",
                CONSTRUCTS.join(", ")
            ));
        }
        if known.iter().any(|other| other.path == path) {
            return Err(format!("must_not_use: “{written}” stands twice"));
        }
        known.push(Forbidden {
            written: written.clone(),
            path,
        });
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_names_attributes_or_syntax() {
        let rules = ["np.convolve", "sorted", ".sort", "for", "@"].map(String::from);
        let paths: Vec<String> = forbidden(&rules)
            .unwrap()
            .into_iter()
            .map(|rule| rule.path)
            .collect();
        assert_eq!(paths, ["numpy.convolve", "sorted", ".sort", "for", "@"]);
        for bad in ["", "np.", "np..x", "a b", "1x", "+"] {
            assert!(forbidden(&[bad.to_owned()]).is_err(), "{bad}");
        }
        let twice = ["np.convolve", "numpy.convolve"].map(String::from);
        assert!(forbidden(&twice).is_err());
    }
}
