//! What a reference may carry besides functions, so that it is also a module
//! that Python runs: a docstring at the top and imports of the names that are
//! there anyway. TorchScript's parser knows neither. They are blanked, not cut,
//! so that line numbers stay.

/// Import lines that mean here what they mean in Python. Compared without
/// surrounding blanks and trailing comments.
const IMPORTS: [&str; 8] = [
    "from __future__ import annotations",
    "import math",
    "import torch",
    "import torch.nn.functional as F",
    "from torch import Tensor",
    "from torch.nn import functional as F",
    "import torch.nn as nn",
    "import typing",
];

/// The names that TorchScript knows from `typing`.
const TYPING: [&str; 6] = ["Any", "Dict", "List", "Optional", "Tuple", "Union"];

/// The text with its module docstring and allowed imports blanked. Anything
/// else at the top level is left for the compiler to refuse.
pub fn blank_preamble(text: &str) -> String {
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n");
    let text = blank_docstring(&text);
    let lines = text
        .split('\n')
        .map(|line| if is_allowed_import(line) { "" } else { line });
    let mut blanked = lines.collect::<Vec<_>>().join("\n");
    // The parser wants a newline at the end of the last statement.
    if !blanked.ends_with('\n') {
        blanked.push('\n');
    }
    blanked
}

fn is_allowed_import(line: &str) -> bool {
    // Only at the top level: an indented one is inside a function or a string.
    if line.starts_with([' ', '\t']) {
        return false;
    }
    let statement = line.split('#').next().unwrap_or_default().trim_end();
    if IMPORTS.contains(&statement) {
        return true;
    }
    statement
        .strip_prefix("from typing import ")
        .is_some_and(|names| {
            let names = names.trim().trim_start_matches('(').trim_end_matches(')');
            names.split(',').all(|name| TYPING.contains(&name.trim()))
        })
}

/// A text in triple quotes that comes before any code.
fn blank_docstring(text: &str) -> String {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            start += line.len();
            continue;
        }
        break;
    }
    let rest = &text[start..];
    for quotes in ["\"\"\"", "'''"] {
        if let Some(body) = rest.strip_prefix(quotes)
            && let Some(length) = body.find(quotes)
        {
            let end = start + quotes.len() + length + quotes.len();
            let newlines: String = text[start..end].chars().filter(|&c| c == '\n').collect();
            return format!("{}{newlines}{}", &text[..start], &text[end..]);
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers() {
        let text = "# c\n\"\"\"One\nTwo.\n\"\"\"\nimport torch  # really\nfrom typing import (List, Tuple)\n\ndef f(x):\n    import torch\n    return x";
        let blanked = blank_preamble(text);
        assert_eq!(
            blanked,
            "# c\n\n\n\n\n\n\ndef f(x):\n    import torch\n    return x\n"
        );
    }

    #[test]
    fn other_imports_and_code_stay_for_the_compiler() {
        for line in [
            "import os",
            "from typing import List, NamedTuple",
            "import torch, os",
            "x = 1",
            "from torch import save",
            "import torch; import os",
        ] {
            assert_eq!(blank_preamble(line), format!("{line}\n"), "{line}");
        }
        // Not closed: left as it is.
        assert_eq!(blank_preamble("\"\"\"open"), "\"\"\"open\n");
        assert_eq!(
            blank_preamble("\u{feff}def f():\r\n    pass\r\n"),
            "def f():\n    pass\n"
        );
    }
}
