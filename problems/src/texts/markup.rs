//! A wall behind the converter: a page takes its markup as it is, and it writes some
//! arguments (of `\operatorname`) without escaping them.

const ELEMENTS: [&str; 27] = [
    "math",
    "menclose",
    "merror",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
];

/// Whether nothing but elements of mathematics stands in it, none of which acts or
/// leads anywhere.
pub fn is_mathematics(markup: &str) -> bool {
    let mut tags = markup.split('<');
    tags.next().is_none_or(|before| before.trim().is_empty()) && tags.all(is_harmless)
}

/// What follows a `<`.
fn is_harmless(tag: &str) -> bool {
    let Some((inside, _)) = tag.split_once('>') else {
        return false;
    };
    let inside = inside.trim_start_matches('/').trim_end_matches('/');
    let mut parts = inside.split_ascii_whitespace();
    let known = parts.next().is_some_and(|name| ELEMENTS.contains(&name));
    let acts = |part: &str| {
        let part = part.to_ascii_lowercase();
        ["on", "href", "xlink", "src", "id="]
            .iter()
            .any(|name| part.starts_with(name))
    };
    known && !parts.any(acts)
}

#[cfg(test)]
mod tests {
    use super::is_mathematics;

    #[test]
    fn only_mathematics_passes() {
        for (markup, passes) in [
            ("<math><mi>x</mi><mo lspace=\"0\">&lt;</mo></math>", true),
            (
                "<math display=\"block\"><mspace width=\"1em\"/></math>",
                true,
            ),
            ("<math><mi>Re<U</mi></math>", false),
            ("<math><mi><img src=x onerror=alert(1)></mi></math>", false),
            ("<math><mi ONCLICK=\"alert(1)\">x</mi></math>", false),
            (
                "<math><mi href=\"javascript:alert(1)\">x</mi></math>",
                false,
            ),
            ("<math><annotation-xml></annotation-xml></math>", false),
            ("<script>alert(1)</script>", false),
        ] {
            assert_eq!(is_mathematics(markup), passes, "{markup}");
        }
    }
}
