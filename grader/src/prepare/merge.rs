//! Two wrong references as one with both mistakes.
//!
//! Theory of operation. A wrong reference is `reference.py` with a small change. Function
//! by function, the changes of both are found (the shortest ones, by words and signs, in
//! Myers' sense) and made together, where they are in different places; where they touch,
//! nobody could say what both at once would be. A function that only one of the two has
//! is taken as it is: it may call those that the other changes. What comes out is text;
//! only running it shows whether it means anything.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;
use std::ops::Range;

/// A source with the changes that `one` and `other` make to `base`; `None` where they
/// are not independent.
pub fn merge(base: &str, one: &str, other: &str) -> Option<String> {
    let [base, one, other] = [base, one, other].map(functions);
    let mut names: Vec<&str> = one.keys().chain(other.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    let mut merged = Vec::new();
    for name in names {
        merged.push(match (base.get(name), one.get(name), other.get(name)) {
            (Some(base), Some(one), Some(other)) => merge_function(base, one, other)?,
            (None, Some(one), Some(other)) if one != other => return None,
            (_, Some(only), _) | (_, None, Some(only)) => (*only).to_owned(),
            (_, None, None) => unreachable!("the names are of these two"),
        });
    }
    Some(merged.join("\n\n\n") + "\n")
}

/// The functions of a source by their names, without comments between them.
fn functions(source: &str) -> BTreeMap<&str, &str> {
    let mut starts: Vec<usize> = source
        .match_indices("\ndef ")
        .map(|(at, _)| at + 1)
        .collect();
    if source.starts_with("def ") {
        starts.insert(0, 0);
    }
    let ends = starts.iter().skip(1).copied().chain([source.len()]);
    let texts = starts.iter().zip(ends).map(|(&start, end)| {
        let mut text = source[start..end].trim_end();
        while let Some((before, last)) = text.rsplit_once('\n')
            && last.starts_with('#')
        {
            text = before.trim_end();
        }
        let name = text["def ".len()..].split('(').next().unwrap_or_default();
        (name.trim(), text)
    });
    texts.collect()
}

fn merge_function(base: &str, one: &str, other: &str) -> Option<String> {
    let base = words(base);
    let (one, other) = (words(one), words(other));
    let mut changes = changes(&base, &one);
    for change in self::changes(&base, &other) {
        if changes.contains(&change) {
            continue;
        }
        if changes.iter().any(|known| known.touches(&change)) {
            return None;
        }
        changes.push(change);
    }
    changes.sort_by_key(|change| change.at.start);
    let mut merged = String::new();
    let mut done = 0;
    for change in changes {
        merged.extend(base[done..change.at.start].iter().copied());
        merged.extend(change.by.iter().copied());
        done = change.at.end;
    }
    merged.extend(base[done..].iter().copied());
    Some(merged)
}

/// Words of the base that are replaced; none where something is put in between.
#[derive(PartialEq)]
struct Change<'a> {
    at: Range<usize>,
    by: &'a [&'a str],
}

impl Change<'_> {
    fn touches(&self, other: &Change<'_>) -> bool {
        self.at.start <= other.at.end && other.at.start <= self.at.end
    }
}

fn changes<'a>(base: &[&str], changed: &'a [&'a str]) -> Vec<Change<'a>> {
    let operations = capture_diff_slices(Algorithm::Myers, base, changed);
    let changes = operations
        .iter()
        .filter(|one| !matches!(one, DiffOp::Equal { .. }));
    changes
        .map(|one| Change {
            at: one.old_range(),
            by: &changed[one.new_range()],
        })
        .collect()
}

/// Names and numbers whole, every other sign by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_word = |sign: char| sign.is_alphanumeric() || sign == '_';
        let length = match rest.find(|sign| !in_word(sign)) {
            Some(0) => first.len_utf8(),
            Some(length) => length,
            None => rest.len(),
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "# A neuron.\ndef reference(x: Tensor, W: Tensor, b: Tensor) -> Tensor:\n    \
                        return torch.sigmoid(F.linear(x, W, b))\n";

    #[test]
    fn changes_of_one_line_are_made_together() {
        let no_bias = BASE.replace(", W, b))", ", W))");
        let tanh = BASE.replace("sigmoid", "tanh");
        let both = merge(BASE, &no_bias, &tanh).expect("independent");
        assert!(
            both.contains("    return torch.tanh(F.linear(x, W))"),
            "{both}"
        );
        assert!(both.starts_with("def reference("), "{both}");
        assert_eq!(merge(BASE, &tanh, &no_bias), Some(both));
    }

    #[test]
    fn changes_that_touch_are_no_pair() {
        let tanh = BASE.replace("sigmoid", "tanh");
        let relu = BASE.replace("sigmoid", "relu");
        assert_eq!(merge(BASE, &tanh, &relu), None);
        // One puts something in where the other takes something away.
        let scaled = BASE.replace(", W, b)", ", W, 2.0 * b)");
        let no_bias = BASE.replace(", W, b))", ", W))");
        assert_eq!(merge(BASE, &scaled, &no_bias), None);
    }

    #[test]
    fn functions_that_only_one_has_are_taken_as_they_are() {
        let base = format!(
            "{BASE}\n\n# Over time.\ndef last(x: Tensor) -> Tensor:\n    return reference(x[-1])\n"
        );
        let tanh = BASE.replace("sigmoid", "tanh");
        let first = "def last(x: Tensor) -> Tensor:\n    return reference(x[0])\n";
        let both = merge(&base, &tanh, first).expect("independent");
        assert!(
            both.contains("torch.tanh") && both.contains("reference(x[0])"),
            "{both}"
        );
        assert!(!both.contains('#'), "{both}");
        // A helper of the same name, and not the same.
        let [one, other] = ["1", "2"].map(|n| format!("{tanh}\n\ndef helper():\n    return {n}\n"));
        assert_eq!(merge(&base, &one, &other), None);
    }

    #[test]
    fn words_are_the_text_again() {
        for text in ["", "é_1 = [a.b, 2.5e-3]\n\t# ∂z\n", BASE] {
            assert_eq!(words(text).concat(), text);
        }
    }
}
