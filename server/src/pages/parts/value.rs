//! An array or value as a table.

use crate::i18n::Texts;
use gradien_problems::shown::ShownValue;

#[derive(Debug, Clone)]
pub struct ValueView {
    pub name: Option<String>,
    /// `float64 (2, 3)`.
    pub type_text: String,
    /// What a screen reader calls the table.
    pub label: String,
    pub rows: Vec<Vec<ValueCell>>,
    /// Not every element is in `rows`.
    pub cut: bool,
    pub note: Option<String>,
}

#[derive(Debug, Clone)]
pub struct ValueCell {
    pub text: String,
    /// All digits, where `text` has fewer.
    pub full: Option<String>,
    /// Classes for the stylesheet: how dark, and whether it is the worst.
    pub class: String,
    /// The element that is furthest off.
    pub worst: bool,
}

impl ValueView {
    /// `worst` is a flat index in C order.
    pub fn new(value: &ShownValue, worst: Option<usize>, t: Texts) -> ValueView {
        let type_text = value.type_text();
        let name = value.name.clone();
        let label = match &name {
            Some(name) => format!("{name}, {type_text}"),
            None => format!("{}, {type_text}", t.get("value-result")),
        };
        let mut flat = 0;
        let rows: Vec<Vec<ValueCell>> = value
            .rows()
            .into_iter()
            .map(|row| {
                row.iter()
                    .map(|text| {
                        let is_worst = worst == Some(flat);
                        let cell = ValueCell {
                            text: text.clone(),
                            full: None,
                            class: if is_worst { "worst" } else { "" }.to_owned(),
                            worst: is_worst,
                        };
                        flat += 1;
                        cell
                    })
                    .collect()
            })
            .collect();
        let note = if value.truncated {
            Some(t.with("value-truncated", "n", flat as i64))
        } else if rows.is_empty() {
            Some(t.get("value-empty"))
        } else {
            None
        };
        ValueView {
            name,
            type_text,
            label,
            rows,
            cut: value.truncated || note.is_some(),
            note,
        }
    }

    pub fn list(values: &[ShownValue], t: Texts) -> Vec<ValueView> {
        values
            .iter()
            .map(|value| ValueView::new(value, None, t))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Language;

    #[test]
    fn the_worst_element_is_marked_where_it_stands() {
        let value = ShownValue {
            name: Some("h".into()),
            dtype: "float64".into(),
            shape: vec![2, 2],
            elements: ["1.0", "2.0", "3.0", "4.0"].map(String::from).to_vec(),
            truncated: false,
        };
        let view = ValueView::new(&value, Some(2), Texts::new(Language::Id));
        assert_eq!(view.rows.len(), 2);
        assert!(view.rows[1][0].worst && !view.rows[0][0].worst);
        assert_eq!(view.label, "h, float64 (2, 2)");
    }

    #[test]
    fn what_is_cut_or_empty_says_so() {
        let empty = ShownValue {
            name: None,
            dtype: "float64".into(),
            shape: vec![0],
            elements: vec![],
            truncated: false,
        };
        let t = Texts::new(Language::Id);
        assert!(ValueView::new(&empty, None, t).note.is_some());
        let cut = ShownValue {
            elements: vec!["1".into()],
            shape: vec![1000],
            truncated: true,
            ..empty
        };
        assert!(ValueView::new(&cut, None, t).note.unwrap().contains('1'));
    }
}
