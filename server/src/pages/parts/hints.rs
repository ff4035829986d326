//! The hints of a problem: those that are open, and what the next one costs.

use crate::i18n::{Texts, score};
use crate::render::markdown;
use crate::services::visibility::{VisibleHint, VisibleHints};
use gradien_problems::Score;

pub struct HintsView {
    pub opened: Vec<HintView>,
    pub next: Option<NextView>,
    /// How opening them is counted.
    pub note: String,
}

pub struct HintView {
    pub number: usize,
    pub title: String,
    /// HTML.
    pub text: String,
}

pub struct NextView {
    pub number: usize,
    pub button: String,
}

impl HintsView {
    pub fn new(hints: &VisibleHints, t: Texts) -> HintsView {
        let counted = |cost: Score| hints.costs_count && cost > Score::ZERO;
        let title = |number: usize, hint: &VisibleHint| match counted(hint.cost) {
            true => t.with_two(
                "hint-title-cost",
                ("n", number as i64),
                ("points", score(hint.cost, t.language)),
            ),
            false => t.with("hint-title", "n", number as i64),
        };
        let opened = hints.opened.iter().zip(1..).map(|(hint, number)| HintView {
            number,
            title: title(number, hint),
            text: markdown::render(hint.text.get(t.language)).html,
        });
        HintsView {
            opened: opened.collect(),
            next: hints.next.map(|next| NextView {
                number: next.number,
                button: match counted(next.cost) {
                    true => t.with_three(
                        "hint-open-cost",
                        ("n", next.number as i64),
                        ("total", hints.total as i64),
                        ("points", score(next.cost, t.language)),
                    ),
                    false => t.with_two(
                        "hint-open-free",
                        ("n", next.number as i64),
                        ("total", hints.total as i64),
                    ),
                },
            }),
            note: match hints.costs_count {
                true => t.get("hints-note"),
                false => t.get("hints-note-free"),
            },
        }
    }
}
