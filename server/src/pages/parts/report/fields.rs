//! The fields of a hand computation, each with what was typed and whether it is right.

use super::score_of;
use crate::i18n::Texts;
use crate::pages::parts::field_form::{head, row_heads, typed_text};
use crate::pages::parts::message::message_html;
use crate::services::visibility::VisibleSubtask;
use gradien_problems::pack::Field;
use gradien_problems::report::CellReport;
use gradien_problems::{Message, Verdict};

/// A field of a hand computation.
pub struct FieldView {
    pub title: String,
    /// Above the columns of a trace; else empty.
    pub head: Vec<String>,
    /// What was chosen, where the field is a choice; `rows` are empty then.
    pub chosen: Vec<CellView>,
    pub rows: Vec<FieldRow>,
    /// HTML, each with the place of its cell in front.
    pub messages: Vec<String>,
    pub score_text: String,
}

pub struct FieldRow {
    /// In front of a trace's row: its step and what is given.
    pub heads: Vec<String>,
    pub cells: Vec<CellView>,
}

pub struct CellView {
    pub typed: String,
    pub class: &'static str,
    /// The verdict in a word, so that colour is not the only sign.
    pub mark: String,
}

pub(super) fn field_view(part: &VisibleSubtask, field: Option<&Field>, t: Texts) -> FieldView {
    let title = field
        .map(|field| field.label.get(t.language).to_owned())
        .unwrap_or_else(|| part.name.to_string());
    let (rows, columns) = field.map_or((1, part.cells.len()), Field::grid);
    let mut messages = Vec::new();
    for (index, cell) in part.cells.iter().enumerate() {
        // A cell that is only wrong or empty says so in the grid itself.
        let Some(message) = cell.message.as_ref().filter(|m| says_more(m)) else {
            continue;
        };
        // What follows from earlier values, or waits, is said once, not for every cell.
        let once = matches!(message, Message::CellCarried { .. } | Message::CellWithheld);
        let place = match once {
            true => None,
            false => place_text(rows, columns, index, t),
        };
        let html = message_html(message, t.language);
        let html = match place {
            Some(place) => html.replacen("<p>", &format!("<p><strong>{place}</strong>: "), 1),
            None => html,
        };
        if !once || !messages.contains(&html) {
            messages.push(html);
        }
    }
    let trace = field.and_then(|field| field.entry.find_trace());
    let cell = |cell: &CellReport| {
        let view = cell_view(cell, t);
        let typed = field.map(|field| typed_text(field, &view.typed, t));
        CellView {
            typed: typed.unwrap_or(view.typed),
            ..view
        }
    };
    let is_choice = field.is_some_and(|field| field.entry.find_choice().is_some());
    let chosen = match is_choice {
        true => chosen(&part.cells).map(cell).collect(),
        false => Vec::new(),
    };
    let cells = if is_choice { &[][..] } else { &part.cells };
    let rows = cells.chunks(columns.max(1)).enumerate();
    FieldView {
        chosen,
        title,
        head: head(trace, t),
        rows: rows
            .map(|(row, cells)| FieldRow {
                heads: row_heads(trace, row),
                cells: cells.iter().map(cell).collect(),
            })
            .collect(),
        messages,
        score_text: score_of(part.score, part.max_score, t),
    }
}

/// The options that were chosen; where none was, one empty cell that says so.
fn chosen(cells: &[CellReport]) -> impl Iterator<Item = &CellReport> {
    let is_chosen = |cell: &&CellReport| !cell.typed.trim().is_empty();
    let none = !cells.iter().any(|cell| is_chosen(&cell));
    let first = none.then(|| cells.first()).flatten();
    cells.iter().filter(is_chosen).chain(first)
}

fn says_more(message: &Message) -> bool {
    !matches!(message, Message::CellWrong | Message::CellEmpty)
}

fn place_text(rows: usize, columns: usize, index: usize, t: Texts) -> Option<String> {
    match (rows, columns) {
        (1, 1) => None,
        (1, _) => Some(t.with("cell-number", "n", index as i64 + 1)),
        _ => Some(t.with_two(
            "cell-place",
            ("row", (index / columns) as i64 + 1),
            ("column", (index % columns) as i64 + 1),
        )),
    }
}

fn cell_view(cell: &CellReport, t: Texts) -> CellView {
    let (class, mark) = match cell.verdict {
        Verdict::Accepted => ("right", t.get("cell-right")),
        _ if matches!(cell.message, Some(Message::CellCarried { .. })) => {
            ("carried", t.get("cell-carried"))
        }
        Verdict::Skipped => ("withheld", t.get("cell-withheld")),
        _ if cell.typed.trim().is_empty() => ("empty", t.get("cell-empty")),
        _ => ("wrong", t.get("cell-wrong")),
    };
    CellView {
        typed: cell.typed.clone(),
        class,
        mark,
    }
}
