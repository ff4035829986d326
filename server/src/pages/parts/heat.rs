//! Arrays as small heat maps: the table of their values, each cell shaded by its
//! magnitude in one colour. The numbers say everything; the shade only helps the
//! eye to find where two arrays differ.
//!
//! Long arrays are abbreviated as NumPy does it, with dots for what is left out;
//! the element that is furthest off is always among those that stay.

use super::value::{ValueCell, ValueView};
use crate::i18n::Texts;
use gradien_problems::shown::ShownValue;

/// Shades, from none at all to the darkest.
const SHADES: f64 = 7.0;
/// Rows and columns up to this number are shown whole.
const WHOLE: usize = 12;
/// Of longer ones: how many at the beginning and at the end.
const HEAD: usize = 5;
const TAIL: usize = 3;
const FEWEST_DIGITS: usize = 6;
/// As many as a float64 ever needs.
const MOST_DIGITS: usize = 17;

/// What a program gave beside what is right.
pub struct Compared {
    pub got: ValueView,
    pub expected: ValueView,
    /// Absolute differences, where the two have one shape.
    pub difference: Option<ValueView>,
}

/// `worst` is a flat index in C order.
pub fn compared(
    got: &ShownValue,
    expected: &ShownValue,
    worst: Option<usize>,
    t: Texts,
) -> Compared {
    let digits = digits_that_tell(got, expected, worst);
    let difference = difference(got, expected).map(|value| {
        let mut view = heat(&value, worst, FEWEST_DIGITS, t);
        view.label = format!("{}, {}", t.get("difference"), view.type_text);
        view
    });
    Compared {
        got: heat(got, worst, digits, t),
        expected: heat(expected, worst, digits, t),
        difference,
    }
}

pub fn list(values: &[ShownValue], t: Texts) -> Vec<ValueView> {
    let views = values
        .iter()
        .map(|value| heat(value, None, FEWEST_DIGITS, t));
    views.collect()
}

fn heat(value: &ShownValue, worst: Option<usize>, digits: usize, t: Texts) -> ValueView {
    let mut view = ValueView::new(value, worst, t);
    let numbers: Vec<Option<f64>> = value.elements.iter().map(|text| number(text)).collect();
    let finite = numbers.iter().flatten().filter(|x| x.is_finite());
    let largest = finite.fold(0.0, |max: f64, x| max.max(x.abs()));
    let is_float = value.dtype.starts_with("float");
    let cells = view.rows.iter_mut().flatten().zip(&numbers);
    for (cell, number) in cells {
        let Some(number) = number else { continue };
        if let Some(shade) = shade(*number, largest) {
            let space = if cell.class.is_empty() { "" } else { " " };
            cell.class.push_str(&format!("{space}heat-{shade}"));
        }
        if is_float {
            let short = significant(*number, digits);
            if short != cell.text {
                cell.full = Some(std::mem::replace(&mut cell.text, short));
            }
        }
    }
    abbreviate(&mut view, worst, t);
    view
}

fn number(text: &str) -> Option<f64> {
    match text {
        "True" => Some(1.0),
        "False" => Some(0.0),
        text => text.parse().ok(),
    }
}

/// 1 to 7; `None` for what is nothing beside the largest.
fn shade(number: f64, largest: f64) -> Option<u32> {
    if !number.is_finite() {
        return Some(SHADES as u32);
    }
    let share = if largest > 0.0 {
        number.abs() / largest
    } else {
        0.0
    };
    let shade = (share * SHADES).round() as u32;
    (shade > 0).then_some(shade)
}

/// Absolute differences of two arrays that have one shape and the same number
/// of elements kept.
fn difference(got: &ShownValue, expected: &ShownValue) -> Option<ShownValue> {
    if got.shape != expected.shape || got.elements.len() != expected.elements.len() {
        return None;
    }
    let pairs = got.elements.iter().zip(&expected.elements);
    let elements = pairs.map(|(g, e)| {
        let off = (number(g)? - number(e)?).abs();
        Some(match off.is_nan() {
            true => "nan".to_owned(),
            false => format!("{off:?}"),
        })
    });
    Some(ShownValue {
        name: got.name.clone(),
        dtype: "float64".into(),
        shape: got.shape.clone(),
        elements: elements.collect::<Option<_>>()?,
        truncated: got.truncated,
    })
}

/// So many that the two values that are furthest apart do not look the same.
fn digits_that_tell(got: &ShownValue, expected: &ShownValue, worst: Option<usize>) -> usize {
    let at = |value: &ShownValue| number(value.elements.get(worst?)?);
    let (Some(got), Some(expected)) = (at(got), at(expected)) else {
        return FEWEST_DIGITS;
    };
    let tell = |digits: &usize| significant(got, *digits) != significant(expected, *digits);
    let digits = (FEWEST_DIGITS..MOST_DIGITS).find(tell);
    // One more, to see by how much.
    digits.map_or(MOST_DIGITS, |digits| match digits {
        FEWEST_DIGITS => digits,
        more => more + 1,
    })
}

/// With so many significant digits, in Python's manner: `0.647`, `1.2e-05`.
fn significant(number: f64, digits: usize) -> String {
    if number == 0.0 || !number.is_finite() {
        return gradien_problems::shown::float_text(number);
    }
    let scientific = format!("{number:.*e}", digits - 1);
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse::<i32>().ok())
        .unwrap_or(0);
    if !(-4..16).contains(&exponent) {
        let (mantissa, _) = scientific.split_once('e').unwrap_or((&scientific, ""));
        let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let decimals = (digits as i32 - 1 - exponent).max(1) as usize;
    let fixed = format!("{number:.decimals$}");
    let trimmed = fixed.trim_end_matches('0');
    match trimmed.ends_with('.') {
        true => format!("{trimmed}0"),
        false => trimmed.to_owned(),
    }
}

/// Leaves out the middle of what is long.
fn abbreviate(view: &mut ValueView, worst: Option<usize>, t: Texts) {
    let width = view.rows.first().map_or(0, Vec::len).max(1);
    let (height, cells) = (
        view.rows.len(),
        view.rows.iter().map(Vec::len).sum::<usize>(),
    );
    let rows = kept(height, worst.map(|flat| flat / width));
    let columns = kept(width, worst.map(|flat| flat % width));
    let dots = |text: &str| ValueCell {
        text: text.to_owned(),
        full: None,
        class: "gap".to_owned(),
        worst: false,
    };
    let mut shown = 0;
    let mut abbreviated = Vec::new();
    for row in &rows {
        let Some(row) = row.and_then(|row| view.rows.get(row)) else {
            abbreviated.push(columns.iter().map(|_| dots("⋮")).collect());
            continue;
        };
        let cells = columns.iter().filter_map(|column| match column {
            None => Some(dots("…")),
            Some(column) => row.get(*column).cloned(),
        });
        let cells: Vec<ValueCell> = cells.collect();
        shown += cells.iter().filter(|cell| cell.class != "gap").count();
        abbreviated.push(cells);
    }
    view.rows = abbreviated;
    if shown < cells {
        view.cut = true;
        view.note = Some(t.get("value-abbreviated"));
    }
}

/// The places that stay of `length`, `None` for a gap between them.
fn kept(length: usize, worst: Option<usize>) -> Vec<Option<usize>> {
    let stays = |place: usize| {
        length <= WHOLE
            || place < HEAD
            || place + TAIL >= length
            || worst.is_some_and(|worst| place.abs_diff(worst) <= 1)
    };
    let mut kept = Vec::new();
    for place in 0..length {
        if stays(place) {
            kept.push(Some(place));
        } else if kept.last().is_some_and(Option::is_some) {
            kept.push(None);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Language;

    fn array(shape: &[usize], elements: &[f64]) -> ShownValue {
        ShownValue {
            name: Some("h".into()),
            dtype: "float64".into(),
            shape: shape.to_vec(),
            elements: elements.iter().map(|x| format!("{x:?}")).collect(),
            truncated: false,
        }
    }

    #[test]
    fn numbers_are_shortened_in_pythons_manner() {
        for (number, text) in [
            (0.123_456_789, "0.123457"),
            (12.0, "12.0"),
            (-0.5, "-0.5"),
            (0.0, "0.0"),
            (1.234_567_8e-7, "1.23457e-07"),
            (6.02e23, "6.02e+23"),
            (123_456_789.0, "123456789.0"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(significant(number, 6), text);
        }
    }

    #[test]
    fn shades_follow_the_magnitude_and_the_worst_is_marked() {
        let (got, right) = (
            array(&[3], &[0.0, -1.0, 0.5]),
            array(&[3], &[0.0, 1.0, 0.5]),
        );
        let t = Texts::new(Language::En);
        let view = compared(&got, &right, Some(1), t);
        let classes = |view: &ValueView| -> Vec<String> {
            view.rows[0].iter().map(|cell| cell.class.clone()).collect()
        };
        assert_eq!(classes(&view.got), ["", "worst heat-7", "heat-4"]);
        let difference = view.difference.unwrap();
        assert_eq!(classes(&difference), ["", "worst heat-7", ""]);
        assert_eq!(difference.rows[0][1].text, "2.0");
        assert!(
            compared(&got, &array(&[1], &[0.0]), None, t)
                .difference
                .is_none()
        );
    }

    #[test]
    fn values_that_differ_late_are_shown_with_the_digits_that_tell() {
        let (got, right) = (array(&[1], &[0.123_456_78]), array(&[1], &[0.123_456_91]));
        let view = compared(&got, &right, Some(0), Texts::new(Language::En));
        assert_ne!(view.got.rows[0][0].text, view.expected.rows[0][0].text);
    }

    #[test]
    fn long_arrays_keep_their_ends_and_the_worst() {
        let long = array(&[40], &[0.25; 40]);
        let view = heat(&long, Some(20), 6, Texts::new(Language::En));
        let texts: Vec<&str> = view.rows[0].iter().map(|cell| &*cell.text).collect();
        assert_eq!(texts.len(), 5 + 1 + 3 + 1 + 3, "{texts:?}");
        assert!(view.cut && view.note.is_some() && view.rows[0][7].worst);
        assert_eq!(kept(12, None).len(), 12);
        let nothing = heat(&array(&[0], &[]), None, 6, Texts::new(Language::En));
        assert!(nothing.rows.is_empty());
    }
}
