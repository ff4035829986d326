//! Reads the shape of an array as a student types it.

/// More axes than any array of the course has.
const MAX_AXES: usize = 8;
const MAX_CHARS: usize = 60;

/// `(32, 10)`, `(10,)`, `[32, 10]`, `32 x 10`, `32×10`, `32, 10`, `()`: the extents.
/// `None` where it is none of these.
pub fn parse_shape(typed: &str) -> Option<Vec<usize>> {
    let typed = typed.trim();
    if typed.is_empty() || typed.chars().count() > MAX_CHARS {
        return None;
    }
    let inside = [('(', ')'), ('[', ']')]
        .into_iter()
        .find_map(|(open, close)| {
            let inside = typed.strip_prefix(open)?;
            inside.strip_suffix(close)
        });
    let bracketed = inside.is_some();
    let inside = inside.unwrap_or(typed).trim();
    if inside.is_empty() {
        return bracketed.then(Vec::new);
    }
    let inside = inside.strip_suffix(',').unwrap_or(inside);
    let extents = inside.split([',', 'x', 'X', '×', '*']).map(|part| {
        let part = part.trim();
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    });
    let extents: Vec<usize> = extents.collect::<Option<_>>()?;
    (extents.len() <= MAX_AXES).then_some(extents)
}

#[cfg(test)]
mod tests {
    use super::parse_shape;

    #[test]
    fn shapes_are_read_as_people_write_them() {
        for (typed, shape) in [
            ("(32, 10)", Some(vec![32, 10])),
            (" (32,10) ", Some(vec![32, 10])),
            ("(10,)", Some(vec![10])),
            ("10", Some(vec![10])),
            ("[3, 4, 5]", Some(vec![3, 4, 5])),
            ("32 x 10", Some(vec![32, 10])),
            ("32×10", Some(vec![32, 10])),
            ("28*28*1", Some(vec![28, 28, 1])),
            ("()", Some(vec![])),
            ("", None),
            ("(32, 10", None),
            ("32, , 10", None),
            ("(a, 10)", None),
            ("(-1, 10)", None),
            ("(3.5, 1)", None),
            ("(99999999999999999999999, 1)", None),
            ("1,1,1,1,1,1,1,1,1", None),
        ] {
            assert_eq!(parse_shape(typed), shape, "{typed}");
        }
    }
}
