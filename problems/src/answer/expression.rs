//! Computes what a student types instead of a number: `3/7`, `1/(1+exp(-0.6))`.
//!
//! Theory of operation. Recursive descent over bytes, one function for each level
//! of precedence, evaluating as it goes:
//!
//! ```text
//! sum     = product (("+" | "-") product)*
//! product = signed (("*" | "/") signed)*
//! signed  = ("+" | "-")* power
//! power   = primary (("^" | "**") signed)?        so −2² is −4, as in mathematics
//! primary = number | name | name "(" sum ")" | "(" sum ")"
//! ```
//!
//! The text is short and every level of brackets or signs is counted, so neither
//! time nor the stack depends on who typed it. A comma is a decimal comma: every
//! function takes one argument, so it is never anything else.

use super::NumberError;

/// More than any exercise needs on one line.
pub const MAX_CHARS: usize = 200;
const MAX_DEPTH: usize = 40;

/// The value of an expression. Numbers are float64 throughout; dividing by zero
/// or leaving a function's domain gives [`NumberError::NotFinite`].
pub fn evaluate(text: &str) -> Result<f64, NumberError> {
    if text.chars().count() > MAX_CHARS {
        return Err(NumberError::TooLong);
    }
    let mut parser = Parser {
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
    };
    let value = parser.sum()?;
    parser.blanks();
    if parser.at < parser.bytes.len() {
        return Err(NumberError::NotANumber);
    }
    match value.is_finite() {
        true => Ok(value),
        false => Err(NumberError::NotFinite),
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

type Value = Result<f64, NumberError>;

impl Parser<'_> {
    fn blanks(&mut self) {
        while self.bytes.get(self.at).is_some_and(|b| *b == b' ') {
            self.at += 1;
        }
    }

    fn take(&mut self, symbol: &str) -> bool {
        self.blanks();
        let found = self.bytes[self.at..].starts_with(symbol.as_bytes());
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn sum(&mut self) -> Value {
        let mut value = self.product()?;
        loop {
            if self.take("+") {
                value += self.product()?;
            } else if self.take("-") {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Value {
        let mut value = self.signed()?;
        loop {
            if self.take("/") {
                value /= self.signed()?;
            } else if self.take("*") {
                value *= self.signed()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn signed(&mut self) -> Value {
        let mut sign = 1.0;
        loop {
            if self.take("-") {
                sign = -sign;
            } else if !self.take("+") {
                return Ok(sign * self.power()?);
            }
        }
    }

    fn power(&mut self) -> Value {
        let base = self.primary()?;
        if self.take("**") || self.take("^") {
            let exponent = self.deeper(Self::signed)?;
            return Ok(base.powf(exponent));
        }
        Ok(base)
    }

    fn primary(&mut self) -> Value {
        if self.take("(") {
            return self.closed();
        }
        self.blanks();
        match self.bytes.get(self.at) {
            Some(b'0'..=b'9' | b'.' | b',') => self.number(),
            Some(b) if b.is_ascii_alphabetic() => self.named(),
            _ => Err(NumberError::NotANumber),
        }
    }

    /// After an opening bracket.
    fn closed(&mut self) -> Value {
        let value = self.deeper(Self::sum)?;
        match self.take(")") {
            true => Ok(value),
            false => Err(NumberError::NotANumber),
        }
    }

    fn deeper(&mut self, inner: fn(&mut Self) -> Value) -> Value {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(NumberError::TooLong);
        }
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Value {
        let from = self.at;
        let mut digits = self.digits();
        if self
            .bytes
            .get(self.at)
            .is_some_and(|b| matches!(b, b'.' | b','))
        {
            self.at += 1;
            digits += self.digits();
        }
        // `2e` without digits is 2 followed by a name, which is refused there.
        let mark = self.at;
        if self
            .bytes
            .get(self.at)
            .is_some_and(|b| matches!(b, b'e' | b'E'))
        {
            self.at += 1;
            if self
                .bytes
                .get(self.at)
                .is_some_and(|b| matches!(b, b'+' | b'-'))
            {
                self.at += 1;
            }
            if self.digits() == 0 {
                self.at = mark;
            }
        }
        if self
            .bytes
            .get(self.at)
            .is_some_and(|b| matches!(b, b'.' | b','))
        {
            return Err(NumberError::ThousandsSeparator);
        }
        let text = String::from_utf8_lossy(&self.bytes[from..self.at]).replace(',', ".");
        match text.parse() {
            Ok(number) if digits > 0 => Ok(number),
            _ => Err(NumberError::NotANumber),
        }
    }

    fn named(&mut self) -> Value {
        let from = self.at;
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        while self.bytes.get(self.at).is_some_and(is_name) {
            self.at += 1;
        }
        let name = String::from_utf8_lossy(&self.bytes[from..self.at]).to_ascii_lowercase();
        match &*name {
            "pi" => return Ok(std::f64::consts::PI),
            "e" => return Ok(std::f64::consts::E),
            _ => {}
        }
        let Some(function) = find_function(&name) else {
            return Err(NumberError::UnknownName { name });
        };
        match self.take("(") {
            true => Ok(function(self.closed()?)),
            false => Err(NumberError::NotANumber),
        }
    }
}

/// One argument each; `log` and `ln` are natural, as in NumPy.
fn find_function(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "exp" => f64::exp,
        "log" | "ln" => f64::ln,
        "sqrt" => f64::sqrt,
        "tanh" => f64::tanh,
        "sigmoid" => |x| 1.0 / (1.0 + (-x).exp()),
        "relu" => |x| x.max(0.0),
        "abs" => f64::abs,
        "sin" => f64::sin,
        "cos" => f64::cos,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fractions_and_formulas_are_computed() {
        for (text, value) in [
            ("3/7", 3.0 / 7.0),
            ("1/(1+exp(-0.6))", 1.0 / (1.0 + (-0.6f64).exp())),
            ("1/(1+exp(-0,6))", 1.0 / (1.0 + (-0.6f64).exp())),
            ("2 * (3 - 5) + .5", -3.5),
            ("-2^2", -4.0),
            ("2**-1", 0.5),
            ("2^3^2", 512.0),
            ("8/2/2", 2.0),
            ("1-2-3", -4.0),
            ("1e-3*2", 0.002),
            ("sqrt(16) + ABS(-1)", 5.0),
            ("pi/e", std::f64::consts::PI / std::f64::consts::E),
            ("--3", 3.0),
            ("relu(-2) + sigmoid(0)", 0.5),
        ] {
            assert_eq!(evaluate(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_computed_says_why() {
        let unknown = |name: &str| NumberError::UnknownName { name: name.into() };
        for (text, error) in [
            ("1/0", NumberError::NotFinite),
            ("log(-1)", NumberError::NotFinite),
            ("exp(9999)", NumberError::NotFinite),
            ("sgn(1)", unknown("sgn")),
            ("z1 + 1", unknown("z1")),
            ("2x", NumberError::NotANumber),
            ("2e", NumberError::NotANumber),
            ("(1+2", NumberError::NotANumber),
            ("exp 2", NumberError::NotANumber),
            ("3/", NumberError::NotANumber),
            ("1.2.3/4", NumberError::ThousandsSeparator),
            (".", NumberError::NotANumber),
            ("", NumberError::NotANumber),
        ] {
            assert_eq!(evaluate(text), Err(error), "{text}");
        }
        assert_eq!(evaluate(&"(".repeat(100)), Err(NumberError::TooLong));
        assert_eq!(evaluate(&"1+".repeat(200)), Err(NumberError::TooLong));
        assert_eq!(evaluate(&"2^".repeat(90)), Err(NumberError::TooLong));
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_panics(text in "\\PC{0,220}") {
            let _ = evaluate(&text);
        }

        #[test]
        fn nothing_made_of_its_own_symbols_panics(text in "[0-9.,eE()+*/^ explogsqrt-]{0,220}") {
            let _ = evaluate(&text);
        }

        #[test]
        fn sums_and_quotients_are_those_of_float64(a in -1e3f64..1e3, b in 0.1f64..1e3) {
            prop_assert_eq!(evaluate(&format!("({a:?})/({b:?})")), Ok(a / b));
            prop_assert_eq!(evaluate(&format!("{a:?} - {b:?}")), Ok(a - b));
        }
    }
}
