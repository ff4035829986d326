//! Markdown with LaTeX → safe HTML, for statements.
//!
//! Raw HTML is shown as text. The highest headings of a text become the second
//! level, because the page's own title is the first and none may be left out. What is wide (tables, formulas on their own line) is put
//! in a box that scrolls by itself, so that the page does not on a phone.

use super::math::{MathError, to_mathml};
use super::{code, escape};
use gradien_problems::texts::{is_safe_address, markdown_options};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A statement, ready for a page.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    pub html: String,
    /// Formulas that are shown as code with a message because they cannot be read.
    pub math_errors: Vec<MathError>,
}

pub fn render(markdown: &str) -> Rendered {
    let options = markdown_options();
    let mut events = Vec::new();
    let mut math_errors = Vec::new();
    let mut block: Option<CodeText> = None;
    let highest = highest_heading(markdown, options);
    for event in Parser::new_ext(markdown, options) {
        if let Some(text) = &mut block {
            match event {
                Event::Text(more) => text.source.push_str(&more),
                Event::End(TagEnd::CodeBlock) => {
                    events.push(Event::Html(text.html().into()));
                    block = None;
                }
                _ => {}
            }
            continue;
        }
        match event {
            Event::Start(Tag::CodeBlock(kind)) => block = Some(CodeText::new(&kind)),
            Event::InlineMath(latex) => {
                events.push(math(&latex, false, &mut math_errors));
            }
            Event::DisplayMath(latex) => {
                events.push(math(&latex, true, &mut math_errors));
            }
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            // Images of packs have no address yet: their text is shown.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(Tag::Table(columns)) => {
                events.push(Event::Html("<div class=\"scroll\" tabindex=\"0\">".into()));
                events.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(Event::Html("</div>\n".into()));
            }
            other => events.push(safe(other, highest)),
        }
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    // The writer aligns columns by inline styles, which the policy forbids.
    for side in ["left", "center", "right"] {
        html = html.replace(
            &format!(" style=\"text-align: {side}\""),
            &format!(" class=\"align-{side}\""),
        );
    }
    Rendered { html, math_errors }
}

/// Headings as the page has them; addresses that are neither local nor `https:` lead nowhere.
fn safe(event: Event<'_>, highest: u8) -> Event<'_> {
    match event {
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: below_title(level, highest),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => {
            Event::End(TagEnd::Heading(below_title(level, highest)))
        }
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: if is_safe_address(&dest_url) {
                dest_url
            } else {
                CowStr::from("#")
            },
            title,
            id,
        }),
        other => other,
    }
}

/// The level of the highest heading of a text, 1 if it has none.
fn highest_heading(markdown: &str, options: Options) -> u8 {
    Parser::new_ext(markdown, options)
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(level as u8),
            _ => None,
        })
        .min()
        .unwrap_or(1)
}

fn below_title(level: HeadingLevel, highest: u8) -> HeadingLevel {
    let level = (level as u8 - highest + 2).min(6);
    HeadingLevel::try_from(usize::from(level)).unwrap_or(HeadingLevel::H6)
}

fn math<'a>(latex: &str, display: bool, errors: &mut Vec<MathError>) -> Event<'a> {
    let html = match to_mathml(latex, display) {
        Ok(mathml) if display => {
            format!("<span class=\"math-display\" tabindex=\"0\">{mathml}</span>")
        }
        Ok(mathml) => mathml,
        Err(error) => {
            let html = format!(
                "<code class=\"math-error\">{}</code> <small class=\"math-error\">({})</small>",
                escape(latex),
                escape(&error.reason)
            );
            errors.push(error);
            html
        }
    };
    Event::InlineHtml(html.into())
}

struct CodeText {
    python: bool,
    source: String,
}

impl CodeText {
    fn new(kind: &CodeBlockKind<'_>) -> CodeText {
        let python = match kind {
            CodeBlockKind::Fenced(info) => {
                matches!(info.split_whitespace().next(), Some("python" | "py"))
            }
            CodeBlockKind::Indented => false,
        };
        CodeText {
            python,
            source: String::new(),
        }
    }

    fn html(&self) -> String {
        if self.python {
            code::python_block(&self.source)
        } else {
            format!(
                "<pre class=\"code\" tabindex=\"0\"><code>{}</code></pre>\n",
                escape(&self.source)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_go_down_and_formulas_become_mathml() {
        let rendered = render("# Satu\n\nNilai $x^2$ dan\n\n$$\\frac{1}{2}$$\n\n## Dua\n");
        assert!(rendered.math_errors.is_empty());
        assert!(rendered.html.contains("<h2>Satu</h2>"), "{}", rendered.html);
        assert!(rendered.html.contains("<h3>Dua</h3>"));
        assert!(rendered.html.contains("<math><msup>"));
        assert!(
            rendered
                .html
                .contains("<span class=\"math-display\" tabindex=\"0\"><math display=\"block\">")
        );
    }

    #[test]
    fn the_highest_heading_comes_right_below_the_title() {
        for (markdown, html) in [
            ("## A\n\n### B", "<h2>A</h2>\n<h3>B</h3>\n"),
            ("### A\n\n## B", "<h3>A</h3>\n<h2>B</h2>\n"),
            ("# A\n\n###### B", "<h2>A</h2>\n<h6>B</h6>\n"),
        ] {
            assert_eq!(render(markdown).html, html);
        }
    }

    #[test]
    fn a_formula_that_cannot_be_read_is_shown_and_reported() {
        let rendered = render("Ini $\\nosuch<b>$ salah");
        assert_eq!(rendered.math_errors.len(), 1);
        assert!(
            rendered
                .html
                .contains("<code class=\"math-error\">\\nosuch&lt;b&gt;</code>")
        );
        assert!(!rendered.html.contains("<b>"));
    }

    #[test]
    fn tables_align_by_class_and_code_is_highlighted() {
        let rendered =
            render("| a | b |\n|:--|--:|\n| 1 | $z_1$ |\n\n```python\nreturn 1\n```\n\n    <b>\n");
        assert!(
            rendered.html.contains("class=\"align-right\""),
            "{}",
            rendered.html
        );
        assert!(!rendered.html.contains("style="));
        assert!(rendered.html.contains("hl-keyword"));
        assert!(rendered.html.contains("&lt;b&gt;"));
    }

    #[test]
    fn nothing_hostile_comes_through() {
        for markdown in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div onclick=\"x\">\n\ntext\n\n</div>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "[x](//evil.example)",
            "<javascript:alert(1)>",
            "![<script>](x\" onerror=\"alert(1))",
            "# x {onclick=alert(1)}",
            "```\"><script>alert(1)</script>\n</code></pre><script>\n```",
            "$\\text{<script>alert(1)</script>}$",
            "| <script> |\n|---|\n| <img onerror=x> |",
        ] {
            let html = render(markdown).html;
            let lower = html.to_lowercase();
            for bad in [
                "<script",
                "<img",
                "href=\"javascript",
                "href=\"data",
                "href=\"//",
                "<div onclick",
            ] {
                assert!(!lower.contains(bad), "{markdown}: {html}");
            }
        }
    }

    #[test]
    fn safe_links_stay() {
        let html = render("[a](/problems/x) [b](https://example.org/) [c](#d)").html;
        assert!(
            html.contains("href=\"/problems/x\"") && html.contains("href=\"https://example.org/\"")
        );
    }
}
