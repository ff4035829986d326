//! How deep a formula nests, before anything reads it.
//!
//! Theory of operation. The converter calls itself for every level, some 3 KB of stack
//! each, and a stack that is full ends the whole process. So levels are counted first,
//! never too few: a bracket of whatever kind opens one until it is closed, and a
//! command, `^` or `_` one until something that takes no argument follows, for it may
//! take what comes next as its argument (`\hat\hat x`). Commands in a row that take
//! none (`\alpha\beta`) are counted too, which no formula of people gets near.

/// A thread's 2 MiB hold more than 600.
pub const MAX_DEPTH: usize = 100;

const OPENING: [&str; 2] = ["left", "begin"];
const CLOSING: [&str; 2] = ["right", "end"];

/// At least as many levels as the converter goes down.
pub fn depth(latex: &str) -> usize {
    let bytes = latex.as_bytes();
    // What stood before each open bracket, and the bracket; all of it; what stands
    // before the next sign.
    let (mut open, mut sum, mut waiting) = (Vec::new(), 0usize, 0usize);
    let (mut at, mut deepest) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let word = match byte {
            b'\\' => {
                let letters = bytes[at..].iter().take_while(|b| b.is_ascii_alphabetic());
                let length = letters.count();
                let word = &latex[at..at + length];
                // `\,` is one sign; what follows it may have several bytes.
                at += length.max(usize::from(bytes.get(at).is_some_and(u8::is_ascii)));
                Some(word)
            }
            _ => None,
        };
        match (word, byte) {
            (Some(word), _) if OPENING.contains(&word) => {
                open_one(&mut open, &mut sum, &mut waiting)
            }
            (Some(word), _) if CLOSING.contains(&word) => {
                close_one(&mut open, &mut sum, &mut waiting)
            }
            (Some(_), _) | (None, b'^' | b'_') => waiting += 1,
            (None, b'{' | b'[') => open_one(&mut open, &mut sum, &mut waiting),
            (None, b'}' | b']') => close_one(&mut open, &mut sum, &mut waiting),
            (None, byte) if byte.is_ascii_whitespace() => {}
            (None, _) => waiting = 0,
        }
        deepest = deepest.max(sum + waiting);
    }
    deepest
}

fn open_one(open: &mut Vec<usize>, sum: &mut usize, waiting: &mut usize) {
    let levels = *waiting + 1;
    open.push(levels);
    *sum += levels;
    *waiting = 0;
}

fn close_one(open: &mut Vec<usize>, sum: &mut usize, waiting: &mut usize) {
    *sum -= open.pop().unwrap_or(0);
    *waiting = 0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_counted_until_they_are_closed() {
        for (latex, levels) in [
            ("x + y", 0),
            (r"\alpha + \beta", 1),
            ("x^{(1)}_{ij}", 2),
            (r"\frac{1}{1 + e^{-x}}", 3),
            (r"\hat\hat x", 2),
            (r"\hat{\hat{x}}", 4),
            (r"\left( \frac{a}{b} \right)", 3),
            (r"\sqrt[3]{x}", 2),
            (r"\begin{matrix} a & b \\ c & d \end{matrix}", 2),
            ("}}}x", 0),
            ("\\é\\", 1),
        ] {
            assert_eq!(depth(latex), levels, "{latex}");
        }
    }
}
