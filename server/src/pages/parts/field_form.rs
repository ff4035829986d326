//! The form of one field of kind `answer`: a grid of cells, a table of steps, or
//! options to choose from. What it sends is named `field.index`.

use crate::i18n::{Text, Texts};
use gradien_problems::Language;
use gradien_problems::answer::accepted_deviation;
use gradien_problems::pack::{Choice, Entry, Field, Precision, Trace};
use gradien_problems::protocol::Submission;

pub struct FieldForm {
    pub name: String,
    pub label: String,
    pub points: String,
    /// What is accepted, said beside the field.
    pub note: String,
    pub body: FieldBody,
}

pub enum FieldBody {
    Grid(Grid),
    Options(Options),
}

pub struct Grid {
    pub columns: usize,
    /// A trace's: what stands above the columns. Empty: no head.
    pub head: Vec<String>,
    pub rows: Vec<GridRow>,
    /// Characters that a cell has room for.
    pub size: usize,
}

pub struct GridRow {
    /// A trace's: its step and what is given.
    pub heads: Vec<String>,
    pub cells: Vec<CellForm>,
}

pub struct CellForm {
    pub index: usize,
    pub row: usize,
    pub column: usize,
    pub label: String,
    pub value: String,
}

pub struct Options {
    pub multiple: bool,
    pub options: Vec<OptionForm>,
}

pub struct OptionForm {
    pub index: usize,
    pub name: String,
    pub text: String,
    pub chosen: bool,
}

impl FieldForm {
    /// `checked`: a checker judges it, and many values may be right.
    pub fn new(field: &Field, checked: bool, content: Option<&Submission>, t: Texts) -> FieldForm {
        let typed = match content {
            Some(Submission::Answer { fields, .. }) => fields.get(field.name.as_str()),
            _ => None,
        };
        let value = |index: usize| {
            let cells = typed.map(Vec::as_slice).unwrap_or_default();
            cells.get(index).cloned().unwrap_or_default()
        };
        FieldForm {
            name: field.name.to_string(),
            label: field.label.get(t.language).to_owned(),
            points: t.with("points", "n", i64::from(field.points)),
            note: match checked {
                true => t.get("precision-any"),
                false => note(field, t),
            },
            body: match &field.entry {
                Entry::Choice(choice) => FieldBody::Options(options(choice, value, t)),
                _ => FieldBody::Grid(grid(field, value, t)),
            },
        }
    }
}

fn options(choice: &Choice, value: impl Fn(usize) -> String, t: Texts) -> Options {
    let options = choice.options.iter().enumerate().map(|(position, option)| {
        let index = if choice.multiple { position } else { 0 };
        OptionForm {
            index,
            name: option.name.to_string(),
            text: option.text.get(t.language).to_owned(),
            chosen: value(index) == option.name.as_str(),
        }
    });
    Options {
        multiple: choice.multiple,
        options: options.collect(),
    }
}

fn grid(field: &Field, value: impl Fn(usize) -> String, t: Texts) -> Grid {
    let (row_count, columns) = field.grid();
    let trace = field.entry.find_trace();
    let name = field.name.as_str();
    let cell = |row: usize, column: usize| {
        let index = row * columns + column;
        let label = match trace.and_then(|trace| trace.columns.get(column)) {
            Some(known) => t.with_two(
                "cell-of-step",
                ("column", known.label.clone()),
                ("row", row as i64 + 1),
            ),
            None => cell_label(name, row_count, columns, index, t),
        };
        CellForm {
            index,
            row,
            column,
            label,
            value: value(index),
        }
    };
    let rows = (0..row_count).map(|row| GridRow {
        heads: row_heads(trace, row),
        cells: (0..columns).map(|column| cell(row, column)).collect(),
    });
    Grid {
        columns,
        head: head(trace, t),
        rows: rows.collect(),
        size: if field.entry == Entry::Shape { 14 } else { 8 },
    }
}

/// What stands above the columns of a trace, those that are given included.
pub fn head(trace: Option<&Trace>, t: Texts) -> Vec<String> {
    let Some(trace) = trace else {
        return Vec::new();
    };
    let given = trace.given.iter().map(|given| given.label.clone());
    let typed = trace.columns.iter().map(|column| column.label.clone());
    std::iter::once(t.get("trace-step"))
        .chain(given)
        .chain(typed)
        .collect()
}

/// The number of a step and what is given for it.
pub fn row_heads(trace: Option<&Trace>, row: usize) -> Vec<String> {
    let Some(trace) = trace else {
        return Vec::new();
    };
    let given = trace.given.iter();
    let given = given.map(|given| given.values.get(row).cloned().unwrap_or_default());
    std::iter::once((row + 1).to_string())
        .chain(given)
        .collect()
}

/// What was typed as a reader sees it: the text of an option for its name.
pub fn typed_text(field: &Field, typed: &str, t: Texts) -> String {
    let option = field.entry.find_choice().and_then(|choice| {
        let mut options = choice.options.iter();
        options.find(|option| option.name.as_str() == typed)
    });
    match option {
        Some(option) => option.text.get(t.language).to_owned(),
        None => typed.to_owned(),
    }
}

fn cell_label(name: &str, rows: usize, columns: usize, index: usize, t: Texts) -> String {
    let column = (index % columns.max(1)) as i64 + 1;
    match (rows, columns) {
        (1, 1) => t.with("cell-single", "field", name.to_owned()),
        (1, _) => t.with_two(
            "cell-column",
            ("field", name.to_owned()),
            ("column", column),
        ),
        _ => t.with_three(
            "cell-row-column",
            ("field", name.to_owned()),
            ("row", (index / columns) as i64 + 1),
            ("column", column),
        ),
    }
}

fn note(field: &Field, t: Texts) -> String {
    match &field.entry {
        Entry::Number | Entry::Integer => precision(field.precision(0), t),
        Entry::Shape => t.get("precision-shape"),
        Entry::Choice(choice) => {
            let key = if choice.multiple {
                Text("choose-any")
            } else {
                Text("choose-one")
            };
            match choice.withheld {
                true => format!("{} {}", t.get(key.0), t.get("choice-withheld")),
                false => t.get(key.0),
            }
        }
        Entry::Trace(trace) => {
            // Columns that are accepted alike are named together.
            let mut told: Vec<(String, Vec<&str>)> = Vec::new();
            for column in &trace.columns {
                let text = precision(column.precision, t);
                match told.iter_mut().find(|(known, _)| *known == text) {
                    Some((_, labels)) => labels.push(&column.label),
                    None => told.push((text, vec![&column.label])),
                }
            }
            let told = told.into_iter();
            let told = told.map(|(text, labels)| format!("{}: {text}", labels.join(", ")));
            told.collect::<Vec<_>>().join(" ")
        }
    }
}

/// What deviation is accepted.
fn precision(precision: Precision, t: Texts) -> String {
    if precision.integer {
        return t.get("precision-integer");
    }
    let deviation = accepted_deviation(precision.decimals, precision.slack_units);
    // Enough digits for half a unit and for quarters of one.
    let digits = precision.decimals as usize + 3;
    let text = format!("{deviation:.digits$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let text = match t.language {
        Language::Id => text.replace('.', ","),
        Language::En => text.to_owned(),
    };
    match precision.decimals {
        0 if deviation < 1.0 => t.get("precision-integer"),
        0 => t.with("precision-integer-loose", "deviation", text),
        decimals => t.with_two("precision", ("deviation", text), ("n", i64::from(decimals))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Localized;
    use gradien_problems::pack::{ChoiceOption, GivenColumn, TraceColumn};

    fn text(text: &str) -> Localized {
        Localized {
            id: text.into(),
            en: text.into(),
        }
    }

    fn field(shape: &[usize], decimals: u32, slack_units: f64) -> Field {
        Field {
            carry: None,
            entry: Entry::Number,
            name: "z1".parse().unwrap(),
            label: text("z"),
            shape: shape.to_vec(),
            points: 30,
            decimals,
            slack_units,
        }
    }

    fn grid_of(form: FieldForm) -> Grid {
        match form.body {
            FieldBody::Grid(grid) => grid,
            FieldBody::Options(_) => panic!("options"),
        }
    }

    fn trace() -> Field {
        let column = |label: &str, integer| TraceColumn {
            label: label.into(),
            precision: Precision {
                decimals: 1,
                slack_units: 0.0,
                integer,
            },
        };
        Field {
            entry: Entry::Trace(Trace {
                given: vec![GivenColumn {
                    label: "x".into(),
                    values: vec!["7".into(), "8".into()],
                }],
                columns: vec![column("z", false), column("y", true), column("w", false)],
            }),
            ..field(&[2, 3], 0, 0.0)
        }
    }

    #[test]
    fn cells_are_named_for_screen_readers() {
        let t = Texts::new(Language::Id);
        let labels = |field: Field| {
            grid_of(FieldForm::new(&field, false, None, t))
                .rows
                .into_iter()
                .flat_map(|row| row.cells)
                .map(|cell| cell.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(labels(field(&[], 3, 0.0)), ["z1"]);
        assert_eq!(labels(field(&[2], 3, 0.0)), ["z1 kolom 1", "z1 kolom 2"]);
        assert_eq!(labels(field(&[2, 1], 3, 0.0))[1], "z1 baris 2 kolom 1");
        assert_eq!(labels(trace())[4], "y langkah 2");
    }

    #[test]
    fn the_accepted_deviation_is_said_in_the_language() {
        for (decimals, slack, language, part) in [
            (3, 0.0, Language::Id, "0,0005."),
            (3, 0.5, Language::En, "0.001 off."),
            (3, 1.0, Language::Id, "0,0015."),
            (0, 0.0, Language::Id, "Bilangan bulat."),
            (0, 1.0, Language::En, "1.5"),
        ] {
            let text = note(&field(&[], decimals, slack), Texts::new(language));
            assert!(text.contains(part), "{text}");
        }
        let told = note(&trace(), Texts::new(Language::En));
        assert!(
            told.contains("z, w: ") && told.contains("y: A whole number."),
            "{told}"
        );
    }

    #[test]
    fn a_draft_fills_the_cells_that_it_has() {
        let draft = |cells: &[&str]| Submission::Answer {
            variant: 0,
            fields: [(
                "z1".to_owned(),
                cells.iter().map(|c| (*c).to_owned()).collect(),
            )]
            .into(),
        };
        let t = Texts::new(Language::Id);
        let form = FieldForm::new(&field(&[2], 3, 0.0), false, Some(&draft(&["0,6"])), t);
        let row = &grid_of(form).rows[0];
        assert_eq!((&*row.cells[0].value, &*row.cells[1].value), ("0,6", ""));

        let option = |name: &str| ChoiceOption {
            name: name.parse().unwrap(),
            text: text(name),
        };
        for (multiple, cells, chosen) in [
            (false, &["b"][..], [false, true]),
            (true, &["a", "b"], [true, true]),
            (true, &["", "b"], [false, true]),
        ] {
            let field = Field {
                entry: Entry::Choice(Choice {
                    options: vec![option("a"), option("b")],
                    multiple,
                    withheld: true,
                }),
                ..field(&[], 0, 0.0)
            };
            let FieldBody::Options(form) =
                FieldForm::new(&field, false, Some(&draft(cells)), t).body
            else {
                panic!("a grid")
            };
            let told: Vec<bool> = form.options.iter().map(|option| option.chosen).collect();
            assert_eq!(told, chosen, "{cells:?}");
        }
    }

    #[test]
    fn a_trace_has_its_steps_and_what_is_given_in_front() {
        let grid = grid_of(FieldForm::new(
            &trace(),
            false,
            None,
            Texts::new(Language::En),
        ));
        assert_eq!(grid.head, ["Step", "x", "z", "y", "w"]);
        assert_eq!(grid.rows[1].heads, ["2", "8"]);
        assert_eq!(grid.rows[1].cells.len(), 3);
    }
}
