//! Statements, titles and every other text.

use crate::{CODE, HAND, MANIFEST, check, fault, warning};
use anyhow::Result;
use gradien_problems::proof::Found;
use gradien_problems::texts::{Part, TextFlaw};

#[test]
fn texts_are_looked_through_in_both_languages() -> Result<()> {
    const EN: &str = "statement/problem.en.md";
    const ID: &str = "statement/problem.id.md";
    check(&[
        fault(
            "formula-broken",
            HAND,
            |copy| copy.append(ID, "\n$\\nosuch{1}$\n").map(drop),
            "statement/problem.id.md:27",
            |found| {
                matches!(
                    found,
                    Found::Text {
                        what: TextFlaw::Formula { .. }
                    }
                )
            },
        ),
        fault(
            "image-dead",
            HAND,
            |copy| {
                copy.write(EN, &format!("![x](data/none.png)\n{}", copy.read(EN)?))
                    .map(drop)
            },
            "statement/problem.en.md:1",
            |found| matches!(found, Found::Text { what: TextFlaw::Image { address } } if address == "data/none.png"),
        ),
        fault(
            "link-dead",
            HAND,
            |copy| {
                copy.edit(
                    "misconceptions/text.toml",
                    "en = '''",
                    "en = '''[x](data/none.csv) ",
                )
                .map(drop)
            },
            "misconceptions/text.toml [kernel_flipped] en:1",
            |found| {
                matches!(
                    found,
                    Found::Text {
                        what: TextFlaw::Link { .. }
                    }
                )
            },
        ),
        fault(
            "dollar-in-hint",
            HAND,
            |copy| {
                copy.edit(MANIFEST, "Multiply element", "$5 Multiply element")
                    .map(drop)
            },
            "problem.toml hint 1 en",
            |found| {
                matches!(
                    found,
                    Found::Text {
                        what: TextFlaw::Dollar { .. }
                    }
                )
            },
        ),
        fault(
            "statement-empty",
            CODE,
            |copy| copy.write(EN, " \n").map(drop),
            "statement/problem.en.md",
            |found| *found == Found::StatementEmpty,
        ),
        fault(
            "not-translated",
            HAND,
            |copy| copy.write(EN, &copy.read(ID)?).map(drop),
            "statement/problem.en.md",
            |found| *found == Found::NotTranslated,
        ),
        warning(
            "part-lost",
            HAND,
            |copy| copy.append(ID, "\n$$x$$\n").map(drop),
            "statement",
            |found| matches!(found, Found::PartsDiffer { part: Part::DisplayedFormula, id, en } if *id == en + 1),
        ),
        warning(
            "other-problem-gone",
            HAND,
            |copy| copy.append(EN, "\n[x](/problems/ch9-gone)\n").map(drop),
            "statement/problem.en.md:27",
            |found| {
                matches!(
                    found,
                    Found::Text {
                        what: TextFlaw::Problem { .. }
                    }
                )
            },
        ),
    ])
}
