//! Text of packs and students becomes HTML that is safe to put in a page.
//!
//! Everything here is pure: text in, HTML out. What comes out holds no script, no
//! inline style and no address but local and `https:` ones, whatever went in.

pub mod code;
pub mod markdown;
pub mod math;

/// Escapes text for element content and for attribute values in double quotes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    escape_into(text, &mut escaped);
    escaped
}

fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}
