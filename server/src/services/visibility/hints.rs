//! Which hints somebody sees, and which they may open next.

use super::Feedback;
use gradien_problems::given::Given;
use gradien_problems::{Localized, Pack, Score};

/// The hints of a problem as far as they are opened.
#[derive(Debug, Clone, PartialEq)]
pub struct VisibleHints {
    /// In the pack's order, from the first on.
    pub opened: Vec<VisibleHint>,
    /// `None`: all are opened.
    pub next: Option<NextHint>,
    /// How many the pack has.
    pub total: usize,
    /// Whether costs are taken from the score here.
    pub costs_count: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VisibleHint {
    /// Markdown with LaTeX between dollar signs.
    pub text: Localized,
    pub cost: Score,
}

/// What is told of a hint before it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextHint {
    /// Counted from 1.
    pub number: usize,
    pub cost: Score,
}

/// `None` where the pack has no hints or this place gives none: then nothing
/// may tell that there are any. `opened` of them were opened, the first ones;
/// `given` has the reader's numbers.
pub fn hints(
    feedback: Feedback,
    pack: &Pack,
    opened: usize,
    given: &[Given],
) -> Option<VisibleHints> {
    if !feedback.hints || pack.hints.is_empty() {
        return None;
    }
    let texts = pack.hints.iter().take(opened).map(|hint| VisibleHint {
        text: pack.fill_both(&hint.text, given),
        cost: hint.cost,
    });
    Some(VisibleHints {
        opened: texts.collect(),
        next: pack.hints.get(opened).map(|hint| NextHint {
            number: opened + 1,
            cost: hint.cost,
        }),
        total: pack.hints.len(),
        costs_count: feedback.hint_costs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn hints_come_one_by_one_and_not_where_none_are_given() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        let pack = Pack::load(&packs.join("ch5-gru-cell")).unwrap();
        let seen = |opened| hints(Feedback::PRACTICE, &pack, opened, &[]).unwrap();
        assert!(seen(0).opened.is_empty());
        let cost = |points| Some(Score::from_points(points));
        assert_eq!(seen(0).next.map(|next| next.cost), cost(0));
        assert_eq!(seen(1).opened[0].text, pack.hints[0].text);
        assert_eq!(seen(1).next.map(|next| next.cost), cost(5));
        assert_eq!(seen(3).next, None);
        // A version with fewer hints than were opened of an older one.
        assert_eq!(seen(9).opened.len(), 3);
        for opened in [0, 2] {
            assert_eq!(hints(Feedback::VERDICTS, &pack, opened, &[]), None);
        }
    }
}
