//! Python with highlighting, as lines of `<span>`s with classes.
//!
//! Sources are hostile: they are only parsed, by a parser that recovers from
//! anything, and what is long is shown plain.

use super::escape_into;
use std::sync::LazyLock;
use tree_sitter_highlight::{HighlightConfiguration, Highlighter, HtmlRenderer};

/// Longer sources are shown without colours: parsing costs time.
const MAX_HIGHLIGHTED_BYTES: usize = 64 << 10;

/// Capture names of the grammar, and the class of each.
const NAMES: [(&str, &str); 11] = [
    ("comment", "class=\"hl-comment\""),
    ("constant", "class=\"hl-constant\""),
    ("constructor", "class=\"hl-type\""),
    ("function", "class=\"hl-function\""),
    ("function.builtin", "class=\"hl-builtin\""),
    ("keyword", "class=\"hl-keyword\""),
    ("number", "class=\"hl-number\""),
    ("operator", "class=\"hl-operator\""),
    ("string", "class=\"hl-string\""),
    ("escape", "class=\"hl-escape\""),
    ("type", "class=\"hl-type\""),
];

static PYTHON: LazyLock<HighlightConfiguration> = LazyLock::new(|| {
    let mut configuration = HighlightConfiguration::new(
        tree_sitter_python::LANGUAGE.into(),
        "python",
        tree_sitter_python::HIGHLIGHTS_QUERY,
        "",
        "",
    )
    .expect("the grammar's own query fits the grammar");
    configuration.configure(&NAMES.map(|(name, _)| name));
    configuration
});

/// The lines of a Python source as HTML, each complete in itself and without its
/// line end. A final line end makes no empty line.
pub fn python_lines(source: &str) -> Vec<String> {
    if source.is_empty() {
        return Vec::new();
    }
    let source = normalised(source);
    if source.len() <= MAX_HIGHLIGHTED_BYTES
        && let Some(lines) = highlighted(&source)
    {
        return lines;
    }
    source.lines().map(plain_line).collect()
}

/// As [`python_lines`], of a text that is no Python.
pub fn plain_lines(source: &str) -> Vec<String> {
    normalised(source).lines().map(plain_line).collect()
}

/// NUL has no place in HTML, and the renderer drops what is not UTF-8 alone.
fn normalised(source: &str) -> String {
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    source.replace('\0', "\u{FFFD}")
}

fn plain_line(line: &str) -> String {
    let mut html = String::new();
    escape_into(line, &mut html);
    html
}

fn highlighted(source: &str) -> Option<Vec<String>> {
    let mut highlighter = Highlighter::new();
    let events = highlighter
        .highlight(&PYTHON, source.as_bytes(), None, None, |_| None)
        .ok()?;
    let mut renderer = HtmlRenderer::new();
    renderer
        .render(events, source.as_bytes(), &|highlight, out| {
            out.extend_from_slice(NAMES[highlight.0].1.as_bytes());
        })
        .ok()?;
    Some(
        renderer
            .lines()
            .map(|line| line.trim_end_matches('\n').to_owned())
            .collect(),
    )
}

/// A whole source as `<pre>` for a statement, without line numbers.
pub fn python_block(source: &str) -> String {
    format!(
        "<pre class=\"code\" tabindex=\"0\"><code>{}</code></pre>\n",
        python_lines(source).join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_gets_classes_and_no_styles() {
        let lines = python_lines("def f(x):\n    return np.tanh(x) + 1  # rumus\n");
        assert_eq!(lines.len(), 2);
        assert!(
            lines[0].contains("<span class=\"hl-keyword\">def</span>"),
            "{lines:?}"
        );
        assert!(lines[1].contains("hl-number"), "{lines:?}");
        assert!(lines[1].contains("hl-comment"), "{lines:?}");
        assert!(!lines.concat().contains("style="));
    }

    #[test]
    fn spans_are_closed_on_every_line() {
        for line in python_lines("x = '''a\nb\n<b>'''\n") {
            assert_eq!(
                line.matches("<span").count(),
                line.matches("</span>").count(),
                "{line}"
            );
        }
    }

    #[test]
    fn hostile_sources_are_escaped_whatever_the_parser_makes_of_them() {
        for source in [
            "<script>alert(1)</script>",
            "'</code></pre><script>alert(1)</script>",
            "# <img src=x onerror=alert(1)>",
            "\"\"\"<svg onload=alert(1)>",
            "def def def ((((<b>",
            "\0<b>\0",
            "é<i>日本</i>",
        ] {
            let html = python_lines(source).join("\n");
            for tag in ["<script", "<img", "<svg", "<b>", "<i>", "</code", "</pre"] {
                assert!(!html.contains(tag), "{source:?}: {html}");
            }
        }
    }

    #[test]
    fn long_sources_are_shown_plain_and_whole() {
        let source = "x = 1 < 2\n".repeat(10_000);
        let lines = python_lines(&source);
        assert_eq!(lines.len(), 10_000);
        assert_eq!(lines[9_999], "x = 1 &lt; 2");
    }

    #[test]
    fn the_number_of_lines_is_that_of_the_source() {
        for (source, count) in [
            ("", 0),
            ("a", 1),
            ("a\n", 1),
            ("a\n\nb", 3),
            ("a\r\nb\rc", 3),
        ] {
            assert_eq!(python_lines(source).len(), count, "{source:?}");
        }
    }
}
