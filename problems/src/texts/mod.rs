//! The texts that authors of packs write: Markdown with LaTeX between dollar
//! signs. How they are read stands here, so that the pages and `pack verify`
//! agree on what can be read; how they look is the pages' affair.

mod depth;
mod fault;
mod markup;
mod parts;

pub use fault::{TextFault, TextFlaw};
pub use parts::{Part, count_parts};

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use pulldown_cmark::{Event, Options, Parser, Tag};
use std::panic::{self, AssertUnwindSafe};
use std::sync::LazyLock;

/// What the converter cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{latex}`: {reason}")]
pub struct MathError {
    pub latex: String,
    /// In English, from the converter; it speaks to authors of packs.
    pub reason: String,
    /// Where in `latex` it stands, in bytes.
    pub start: usize,
}

const UNSET: &str = "it cannot be set; a `&` or `\\\\` inside braces, a fraction or \\left … \\right is the usual cause";

/// What of Markdown is read beyond the common core.
pub fn markdown_options() -> Options {
    Options::ENABLE_MATH | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

/// One formula as MathML; `display` sets it on its own line. The markup may have
/// `style` attributes.
pub fn to_mathml(latex: &str, display: bool) -> Result<String, MathError> {
    static CONVERTER: LazyLock<LatexToMathML> = LazyLock::new(|| {
        LatexToMathML::new(MathCoreConfig::default())
            .expect("a configuration without macros has none that cannot be read")
    });
    let mode = match display {
        true => MathDisplay::Block,
        false => MathDisplay::Inline,
    };
    let unread = |reason: String, start: usize| MathError {
        latex: latex.to_owned(),
        reason,
        start,
    };
    if depth::depth(latex) > depth::MAX_DEPTH {
        let reason = format!("it is nested deeper than {} levels", depth::MAX_DEPTH);
        return Err(unread(reason, 0));
    }
    // The converter panics at a `&` or `\\` of a table within braces, and what a
    // coach writes must not end a request. It keeps no state between formulas.
    let convert = || CONVERTER.convert_with_local_state(latex, mode);
    match panic::catch_unwind(AssertUnwindSafe(convert)) {
        Ok(Ok(converted)) if markup::is_mathematics(&converted.mathml) => Ok(converted.mathml),
        Ok(Ok(_)) => Err(unread(
            "it would put other signs than mathematics into the page".into(),
            0,
        )),
        Ok(Err(error)) => Err(unread(error.error_message(), error.0.start)),
        Err(_) => Err(unread(UNSET.into(), 0)),
    }
}

/// Whether a page makes a link of it: within the site, or `https:`.
pub fn is_safe_address(address: &str) -> bool {
    let local = address.starts_with('#')
        || (address.starts_with('/') && !address.starts_with("//") && !address.contains('\\'));
    local || address.starts_with("https://")
}

/// More are not told: whoever mends these looks again.
const MAX_FAULTS: usize = 100;

/// The first so many formulas that cannot be read, formulas that were not closed, and addresses
/// that lead nowhere. `has_file` knows the pack's files by their path, `has_pack`
/// the packs beside it by their names.
pub fn list_faults(
    markdown: &str,
    has_file: impl Fn(&str) -> bool,
    has_pack: impl Fn(&str) -> bool,
) -> Vec<TextFault> {
    let parser = Parser::new_ext(markdown, markdown_options()).into_offset_iter();
    let mut faults = Vec::new();
    for (event, range) in parser {
        let what = match &event {
            Event::InlineMath(latex) => math_fault(latex, false),
            Event::DisplayMath(latex) => math_fault(latex, true),
            Event::Text(text) if text.contains('$') => Some(TextFlaw::Dollar { text: cut(text) }),
            Event::Text(text) if text.contains('\\') => {
                Some(TextFlaw::Backslash { text: cut(text) })
            }
            Event::Start(Tag::Image { dest_url, .. }) if !has_file(dest_url) => {
                let address = dest_url.to_string();
                Some(TextFlaw::Image { address })
            }
            Event::Start(Tag::Link { dest_url, .. }) => link_fault(dest_url, &has_pack),
            Event::Html(text) | Event::InlineHtml(text) if !text.trim().is_empty() => {
                Some(TextFlaw::Html { text: cut(text) })
            }
            _ => None,
        };
        if let Some(what) = what {
            let before = &markdown.as_bytes()[..range.start];
            let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
            faults.push(TextFault { line, what });
            if faults.len() == MAX_FAULTS {
                break;
            }
        }
    }
    faults
}

fn math_fault(latex: &str, display: bool) -> Option<TextFlaw> {
    let error = to_mathml(latex, display).err()?;
    Some(TextFlaw::Formula {
        latex: cut(latex),
        reason: error.reason,
    })
}

fn link_fault(address: &str, has_pack: impl Fn(&str) -> bool) -> Option<TextFlaw> {
    if !is_safe_address(address) {
        let address = address.to_owned();
        return Some(TextFlaw::Link { address });
    }
    let slug = address.strip_prefix("/problems/")?;
    let slug = slug.split(['/', '#', '?']).next().unwrap_or_default();
    (!has_pack(slug)).then(|| TextFlaw::Problem {
        address: address.to_owned(),
    })
}

fn cut(text: &str) -> String {
    let mut cut: String = text.trim().chars().take(60).collect();
    if cut.len() < text.trim().len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn faults(markdown: &str) -> Vec<(usize, String)> {
        let faults = list_faults(
            markdown,
            |file| file == "data/graph.png",
            |slug| slug == "ch1-here",
        );
        let told = |fault: TextFault| (fault.line, fault.what.text(Language::En));
        faults.into_iter().map(told).collect()
    }

    #[test]
    fn what_is_sound_has_no_faults() {
        let text = "# A\n\nLet $x^2$ be.\n\n$$\\frac{1}{2}$$\n\n![a graph](data/graph.png)\n\n\
                    [b](https://example.org) [c](#d) [e](/problems/ch1-here) `a\\b $`\n\n| a | $b$ |\n|--|--|\n| 1 | 2 |\n";
        assert_eq!(faults(text), []);
    }

    #[test]
    fn a_formula_that_the_converter_breaks_at_is_a_fault() {
        for latex in [
            r"\begin{matrix} \left( a & b \right) \end{matrix}",
            r"\begin{matrix} {a \\ b} \end{matrix}",
            r"\begin{matrix} \frac{a & b}{c} \end{matrix}",
        ] {
            let error = to_mathml(latex, true).unwrap_err();
            assert_eq!(
                (error.latex.as_str(), error.reason.as_str()),
                (latex, UNSET)
            );
        }
    }

    #[test]
    fn no_formula_brings_elements_of_its_own() {
        for latex in [
            r"\operatorname{<img src=x onerror=alert(1)>}",
            r"\operatorname{Re<U}(z)",
        ] {
            assert!(to_mathml(latex, false).is_err(), "{latex}");
        }
        let escaped = to_mathml(r"\text{a <b> c} < 1", false).unwrap();
        assert!(!escaped.contains("<b>"), "{escaped}");
    }

    /// Each of these ended the process when it was converted on an ordinary thread.
    #[test]
    fn a_formula_of_any_depth_is_answered() {
        for [before, after] in [
            ["{", "}"],
            [r"\frac1{", "}"],
            [r"\left(", r"\right)"],
            ["x^{", "}"],
            [r"\sqrt", ""],
            [r"\sqrt[", "]x"],
            [r"\hat", ""],
            [r"\begin{matrix}", r"\end{matrix}"],
            [
                r"\begin{cases}\frac{\sqrt{\hat{\left(",
                r"\right)}}}{2}\end{cases}",
            ],
        ] {
            let deep = |levels| [&before.repeat(levels), "x", &after.repeat(levels)].concat();
            let error = to_mathml(&deep(10_000), true).unwrap_err();
            assert!(
                error.reason.contains("nested"),
                "{before}: {}",
                error.reason
            );
            // As deep as any is let through.
            let levels = (1..=100).rev().map(deep);
            let mut allowed = levels.filter(|latex| depth::depth(latex) <= depth::MAX_DEPTH);
            let deepest = allowed.next().expect("some depth is allowed");
            if let Err(error) = to_mathml(&deepest, true) {
                assert!(
                    !error.reason.contains("nested"),
                    "{before}: {}",
                    error.reason
                );
            }
        }
    }

    #[test]
    fn each_fault_has_its_line() {
        for (markdown, line, what) in [
            ("a\n\nb $\\nosuch{1}$", 3, "nosuch"),
            ("costs $5", 1, "dollar sign"),
            ("a\n\\frac b", 2, "backslash"),
            ("![x](data/other.png)", 1, "data/other.png"),
            ("![x](https://example.org/x.png)", 1, "no image"),
            ("a\n\n[x](data/x.csv)", 3, "leads nowhere"),
            ("[x](javascript:alert(1))", 1, "leads nowhere"),
            ("[x](/problems/ch1-gone)", 1, "not there"),
            ("a <b>c</b>", 1, "HTML"),
        ] {
            let found = faults(markdown);
            assert!(!found.is_empty(), "{markdown}");
            assert_eq!(found[0].0, line, "{markdown}");
            assert!(found[0].1.contains(what), "{}", found[0].1);
        }
    }
}
