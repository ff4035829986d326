//! A message of the grader as HTML.

use crate::render::{escape, markdown};
use gradien_problems::{Language, Message};

/// The first line is a sentence, in which `` `code` `` becomes `<code>`; further
/// lines (a traceback, a line of source) keep their spaces.
///
/// Lines of the student's program that it names stand in `data-lines`, for the
/// editor to mark.
pub fn message_html(message: &Message, language: Language) -> String {
    let text = message.text(language);
    let html = match message {
        // The pack's words, with its mathematics.
        Message::Flaw { .. } => markdown::render(&text).html,
        message if message.is_list() => list_html(&text),
        _ => text_html(&text),
    };
    match named_lines(message).as_slice() {
        [] => html,
        lines => {
            let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
            html.replacen("<p>", &format!("<p data-lines=\"{}\">", lines.join(" ")), 1)
        }
    }
}

/// The line that cannot be read, or the innermost of the student's lines in a
/// traceback: where the program stopped.
pub fn named_lines(message: &Message) -> Vec<u32> {
    match message {
        Message::SyntaxError { line, .. } => line.iter().copied().collect(),
        Message::Exception { frames, .. } => frames
            .iter()
            .rfind(|frame| frame.file == "solution.py")
            .map(|frame| frame.line)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// The first line is a sentence, every other an item.
fn list_html(text: &str) -> String {
    let (sentence, items) = text.split_once('\n').unwrap_or((text, ""));
    let items: Vec<String> = items
        .lines()
        .map(|item| format!("<li>{}</li>", inline_html(item.trim())))
        .collect();
    format!(
        "<p>{}</p><ul class=\"faults\">{}</ul>",
        inline_html(sentence),
        items.concat()
    )
}

fn text_html(text: &str) -> String {
    let (sentence, rest) = match text.split_once('\n') {
        Some((sentence, rest)) => (sentence, rest),
        None => (text, ""),
    };
    let mut html = format!("<p>{}</p>", inline_html(sentence));
    if !rest.is_empty() {
        html.push_str(&format!("<pre tabindex=\"0\">{}</pre>", escape(rest)));
    }
    html
}

/// `` `code` `` becomes `<code>`, everything else text.
fn inline_html(text: &str) -> String {
    let mut html = String::new();
    let parts: Vec<&str> = text.split('`').collect();
    for (i, part) in parts.iter().enumerate() {
        // An odd part stands between two marks, but for the last one if the
        // second mark is missing.
        let code = i % 2 == 1 && i + 1 < parts.len();
        match (code, i % 2 == 1) {
            (true, _) => html.push_str(&format!("<code>{}</code>", escape(part))),
            (false, true) => html.push_str(&format!("`{}", escape(part))),
            (false, false) => html.push_str(&escape(part)),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::message::{FileFault, Frame};

    #[test]
    fn marks_become_code_and_lines_stay_lines() {
        for (text, html) in [
            (
                "Fungsi `f` tidak ada.",
                "<p>Fungsi <code>f</code> tidak ada.</p>",
            ),
            ("a ` b", "<p>a ` b</p>"),
            (
                "E: x\n  file, 3\n    y",
                "<p>E: x</p><pre tabindex=\"0\">  file, 3\n    y</pre>",
            ),
            ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ] {
            assert_eq!(text_html(text), html);
        }
    }

    #[test]
    fn faults_of_a_file_are_a_list() {
        assert_eq!(
            list_html("“m” < 1.\n  `0.weight` <b>\n  … and 2 more."),
            "<p>“m” &lt; 1.</p><ul class=\"faults\"><li><code>0.weight</code> &lt;b&gt;</li><li>… and 2 more.</li></ul>"
        );
    }

    #[test]
    fn the_line_where_a_program_stopped_is_named() {
        let frame = |file: &str, line| Frame {
            file: file.into(),
            line,
            function: "f".into(),
            text: String::new(),
        };
        let message = Message::Exception {
            kind: "ValueError".into(),
            detail: "<p>".into(),
            frames: vec![
                frame("solution.py", 9),
                frame("solution.py", 4),
                frame("driver.py", 2),
            ],
        };
        let html = message_html(&message, Language::En);
        assert!(
            html.starts_with("<p data-lines=\"4\">ValueError: &lt;p&gt;"),
            "{html}"
        );
        let plain = message_html(&Message::Exited, Language::En);
        assert!(plain.starts_with("<p>"));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_a_list() {
        let message = Message::FileFaults {
            name: "a.csv".into(),
            faults: vec![
                FileFault::NotUtf8 { line: 3 },
                FileFault::NotANumber {
                    line: 7,
                    column: "p".into(),
                    text: "<b>".into(),
                },
            ],
            more: 2,
        };
        let html = message_html(&message, Language::En);
        assert_eq!(html.matches("<li>").count(), 3, "{html}");
        assert!(html.contains("<li>Line 7, column “p”: “&lt;b&gt;” is not a number.</li>"));
        assert!(html.contains("<li>… and 2 more.</li>"));
    }

    #[test]
    fn what_a_program_says_is_only_ever_text() {
        let message = Message::Exception {
            kind: "<script>".into(),
            detail: "`</code><img src=x onerror=alert(1)>`\n</pre><script>".into(),
            frames: Vec::new(),
        };
        for language in Language::ALL {
            let html = message_html(&message, language);
            assert!(
                !html.contains("<script") && !html.contains("<img"),
                "{html}"
            );
        }
    }
}
