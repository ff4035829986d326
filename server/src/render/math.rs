//! LaTeX → MathML, on the server, so that formulas need no script.
//!
//! The converter writes a few `style` attributes (alignment of columns, rules of
//! arrays). The pages' Content-Security-Policy forbids inline styles, so each
//! declaration that is known becomes a class whose rule stands in [`stylesheet`],
//! and any other is dropped: colours and sizes are the stylesheet's to choose.

pub use gradien_problems::texts::MathError;

/// Declaration without spaces → class.
const CLASSES: [(&str, &str); 15] = [
    ("text-align:left", "m-left"),
    ("text-align:right", "m-right"),
    ("padding-left:0", "m-pl0"),
    ("padding-right:0", "m-pr0"),
    ("padding-left:1em", "m-pl1"),
    ("padding-left:0.1em", "m-pl01"),
    ("padding-right:0.1em", "m-pr01"),
    ("border-left:0.05emsolidcurrentcolor", "m-bl"),
    ("border-right:0.05emsolidcurrentcolor", "m-br"),
    ("border-top:0.05emsolidcurrentcolor", "m-bt"),
    ("border-bottom:0.05emsolidcurrentcolor", "m-bb"),
    ("border-top:0.05emdashedcurrentcolor", "m-btd"),
    ("border-bottom:0.05emdashedcurrentcolor", "m-bbd"),
    ("width:100%", "m-w100"),
    ("width:50%", "m-w50"),
];

/// The rules of the classes that formulas use.
pub fn stylesheet() -> &'static str {
    "math .m-left{text-align:left;justify-items:start}\n\
     math .m-right{text-align:right;justify-items:end}\n\
     math .m-pl0{padding-left:0}\n\
     math .m-pr0{padding-right:0}\n\
     math .m-pl1{padding-left:1em}\n\
     math .m-pl01{padding-left:.1em}\n\
     math .m-pr01{padding-right:.1em}\n\
     math .m-bl{border-left:.05em solid currentcolor}\n\
     math .m-br{border-right:.05em solid currentcolor}\n\
     math .m-bt{border-top:.05em solid currentcolor}\n\
     math .m-bb{border-bottom:.05em solid currentcolor}\n\
     math .m-btd{border-top:.05em dashed currentcolor}\n\
     math .m-bbd{border-bottom:.05em dashed currentcolor}\n\
     math .m-w100,math.m-w100{width:100%}\n\
     math .m-w50{width:50%}\n"
}

/// One formula as MathML; `display` sets it on its own line.
pub fn to_mathml(latex: &str, display: bool) -> Result<String, MathError> {
    let mathml = gradien_problems::texts::to_mathml(latex, display)?;
    Ok(styles_to_classes(&mathml))
}

/// Replaces every `style="…"` inside tags by `class="…"`, and gathers with it the
/// class that the tag may have.
fn styles_to_classes(mathml: &str) -> String {
    let mut out = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>').map(|at| open + at + 1) else {
            break;
        };
        out.push_str(&rest[..open]);
        push_tag(&rest[open..close], &mut out);
        rest = &rest[close..];
    }
    out.push_str(rest);
    out
}

fn push_tag(tag: &str, out: &mut String) {
    let Some((before, after)) = tag.split_once(" style=\"") else {
        out.push_str(tag);
        return;
    };
    let (style, after) = after.split_once('"').unwrap_or((after, ""));
    out.push_str(before);
    let classes: Vec<&str> = style
        .split(';')
        .filter_map(|declaration| {
            let plain: String = declaration.split_whitespace().collect();
            CLASSES
                .iter()
                .find(|(known, _)| *known == plain)
                .map(|(_, class)| *class)
        })
        .collect();
    if !classes.is_empty() {
        out.push_str(" class=\"");
        out.push_str(&classes.join(" "));
        out.push('"');
    }
    out.push_str(after);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the module's chapters write.
    const FORMULAS: [&str; 14] = [
        r"z^{(1)} = W^{(1)} x + b^{(1)}",
        r"\sigma(z) = \frac{1}{1 + e^{-z}}",
        r"\tilde h_t = \tanh(W_h [r_t \odot h_{t-1}, x_t] + b_h)",
        r"\begin{bmatrix} 0{,}1 & -0{,}2 \\ 1 & 0 \end{bmatrix}^{\top}",
        r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}",
        r"\begin{cases} 1 & x \ge 0 \\ 0 & \text{lainnya} \end{cases}",
        r"\begin{aligned} z &= Wx + b \\ a &= \sigma(z) \end{aligned}",
        r"\begin{array}{l|cr} a & b & c \\ \hline 1 & 2 & 3 \end{array}",
        r"\mathbf{x} \in \mathbb{R}^{n \times m}",
        r"\operatorname{ReLU}(z) = \max(0, z)",
        r"\frac{\partial L}{\partial w_{ij}}",
        r"\sum_{i=1}^{n} \lVert y_i - \hat y_i \rVert_2^2",
        r"\mathcal{L} = -\log p_\theta(y \mid x)",
        r"\underbrace{a + b}_{n} \cdot \sqrt[3]{x}",
    ];

    #[test]
    fn formulas_of_the_module_become_mathml_without_styles() {
        for latex in FORMULAS {
            for display in [false, true] {
                let mathml = to_mathml(latex, display).unwrap_or_else(|e| panic!("{e}"));
                assert!(mathml.starts_with("<math") && mathml.ends_with("</math>"));
                assert!(!mathml.contains(" style="), "{latex}: {mathml}");
            }
        }
    }

    #[test]
    fn alignment_survives_as_classes_that_have_rules() {
        let mathml = to_mathml(FORMULAS[7], true).unwrap();
        assert!(mathml.contains("class=\"m-left m-br\""), "{mathml}");
        assert!(mathml.contains("m-bt"), "{mathml}");
        for (_, class) in CLASSES {
            assert!(
                stylesheet().contains(&format!(".{class}{{"))
                    || stylesheet().contains(&format!(".{class},"))
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_says_where() {
        let error = to_mathml(r"x + \nosuch{1}", false).unwrap_err();
        assert_eq!(error.start, 4);
        assert!(error.reason.contains("nosuch"), "{error}");
        assert!(to_mathml(r"\frac{1}{", false).is_err());
        assert!(to_mathml(r"\href{javascript:alert(1)}{x}", false).is_err());
    }

    #[test]
    fn text_in_formulas_is_escaped_and_keeps_what_looks_like_a_style() {
        let mathml = to_mathml(r#"\text{<img src=x> style="a"}"#, false).unwrap();
        assert!(!mathml.contains("<img"), "{mathml}");
        assert!(mathml.contains("style="), "the text itself stays: {mathml}");
    }

    #[test]
    fn colours_are_dropped() {
        assert!(
            !to_mathml(r"\color{red} x", false)
                .unwrap()
                .contains(" style")
        );
    }
}
