//! What a text is made of, to see whether a translation has lost something.

use super::markdown_options;
use pulldown_cmark::{Event, Parser, Tag};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parts that a text has in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Heading,
    DisplayedFormula,
    CodeBlock,
    Image,
    Table,
}

/// How often each part stands in a text; those that do not are left out.
pub fn count_parts(markdown: &str) -> BTreeMap<Part, u32> {
    let mut counts = BTreeMap::new();
    for event in Parser::new_ext(markdown, markdown_options()) {
        let part = match event {
            Event::DisplayMath(_) => Part::DisplayedFormula,
            Event::Start(Tag::Heading { .. }) => Part::Heading,
            Event::Start(Tag::CodeBlock(_)) => Part::CodeBlock,
            Event::Start(Tag::Image { .. }) => Part::Image,
            Event::Start(Tag::Table(_)) => Part::Table,
            _ => continue,
        };
        *counts.entry(part).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_by_sort() {
        let text = "# A\n\n$x$ $$y$$\n\n## B\n\n```\n# no heading\n```\n\n| a |\n|---|\n| 1 |\n";
        let counts = count_parts(text);
        let expected = [
            (Part::Heading, 2),
            (Part::DisplayedFormula, 1),
            (Part::CodeBlock, 1),
            (Part::Table, 1),
        ];
        assert_eq!(counts, BTreeMap::from(expected));
    }
}
