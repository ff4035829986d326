//! Finds the lines of a cell that are commands of the notebook, not Python:
//! `%matplotlib inline`, `!pip install …`, `%%time`, `x = !ls`, `np.dot?`.
//!
//! Theory of operation. `%` at the beginning of a line may also go on with an
//! expression of the line before, or stand in a text. So the source is read once
//! with what Python needs to know where a statement begins: open brackets,
//! strings with their quotes, comments, and a backslash at a line's end. Nothing
//! else of the language matters here, and what is no Python at all is for the
//! interpreter to complain of.

/// The numbers of these lines, counted from 1.
pub fn list(source: &str) -> Vec<usize> {
    // A command of the whole cell: what follows is its text.
    if source.trim_start().starts_with("%%") {
        let before = source.len() - source.trim_start().len();
        return vec![1 + source[..before].matches('\n').count()];
    }
    let mut scanner = Scanner::default();
    let mut found = Vec::new();
    for (line, number) in source.split('\n').zip(1..) {
        if scanner.begins_statement() && is_command(line) {
            found.push(number);
            continue;
        }
        scanner.read(line);
    }
    found
}

fn is_command(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with(['%', '!', '?']) {
        return true;
    }
    // `x = !ls`: no Python has these two together, but a text or comment may.
    let assigned = line.split_once('=').is_some_and(|(name, value)| {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ',' | ' ' | '.');
        name.chars().all(is_name) && value.trim_start().starts_with(['%', '!'])
    });
    let asks = line.ends_with('?') && !line.contains(['#', '\'', '"']);
    assigned || asks
}

#[derive(Default)]
struct Scanner {
    depth: usize,
    /// The quotes that end the string that is open.
    string: Option<&'static str>,
    joined: bool,
}

impl Scanner {
    fn begins_statement(&self) -> bool {
        self.depth == 0 && self.string.is_none() && !self.joined
    }

    fn read(&mut self, line: &str) {
        self.joined = false;
        let mut rest = line;
        while let Some(next) = rest.chars().next() {
            let mut length = next.len_utf8();
            if next == '\\' {
                // Whatever follows is taken with it; at the end, the next line.
                let after = rest[1..].chars().next();
                self.joined = after.is_none();
                length += after.map_or(0, char::len_utf8);
            } else if let Some(quotes) = self.string {
                if rest.starts_with(quotes) {
                    self.string = None;
                    length = quotes.len();
                }
            } else {
                match next {
                    '#' => return,
                    '(' | '[' | '{' => self.depth += 1,
                    ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                    '\'' | '"' => {
                        let quotes = ["'''", "\"\"\"", "'", "\""];
                        self.string = quotes.into_iter().find(|quotes| rest.starts_with(quotes));
                        length = self.string.map_or(1, str::len);
                    }
                    _ => {}
                }
            }
            rest = &rest[length..];
        }
        // A string in single quotes ends with its line, unless that is joined.
        if self.string.is_some_and(|quotes| quotes.len() == 1) && !self.joined {
            self.string = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn commands_are_found_and_python_is_left_alone() {
        for (source, lines) in [
            ("%matplotlib inline\nimport numpy", vec![1]),
            ("import os\n!pip install torch\n  %time f()", vec![2, 3]),
            ("\n%%bash\nls\n!x", vec![2]),
            ("files = !ls\nt = %timeit -o f()", vec![1, 2]),
            ("np.dot?\n?np", vec![1, 2]),
            ("x = (a\n% b)\n%y", vec![3]),
            ("x = a \\\n% b\n", vec![]),
            ("'''\n%no\n!no\n'''\n%yes", vec![5]),
            ("\"\"\"it's\n%no\"\"\"\n%yes", vec![3]),
            ("s = 'it\\'s (' # (\n%yes", vec![2]),
            ("s = 'open\n%yes", vec![2]),
            ("s = 'joined\\\n%no'\n%yes", vec![3]),
            ("f(x % 2 == 0)  # why?\nprint('%d' % 3)", vec![]),
            ("a = b != c\nd = '!x'", vec![]),
            ("print('why?')", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(list(source), lines, "{source:?}");
        }
    }
}
