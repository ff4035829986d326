//! What a program uses, read from its text in a sandbox of its own: for rules such
//! as "without `numpy.convolve`".
//!
//! Theory of operation. Only Python can say what a Python text means, and a parser
//! is no place for a stranger's bytes outside the walls. So a look is a job like any
//! other: a module of ours (`syntax.py`) runs in a fresh instance and is given the
//! program as a *string*, which it parses and never compiles or runs. What it answers
//! is the parser's word, since no line of the student's had a chance to speak.
//!
//! A look is a help for honest students and a fence for lazy ones, not a wall: a
//! program can build a name out of numbers. What cannot be followed is told as such
//! (`.name`: an attribute of something unknown; `numpy.?`: an unknown attribute of
//! NumPy), so that a rule may refuse it.

use crate::array::Named;
use crate::array::Value;
use crate::job::{Call, Job, Limits, Module, Outcome, Status};
use serde::Deserialize;

/// One thing that a program uses at one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// Counted from 1.
    pub line: u32,
    /// With aliases resolved: `numpy.linalg.norm`, `sorted`, `.sort`, `numpy.?`, `for`.
    pub path: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `import` or `from … import`.
    Import,
    /// Called where it stands.
    Call,
    /// Read in any other way.
    Name,
    /// A piece of syntax: `for`, `while`, `comprehension`, `lambda`, `class`, `try`,
    /// `global`, `nonlocal`, `match`, `@`.
    Construct,
}

impl Use {
    /// Whether a rule of a pack's author speaks of this: the same path, anything below
    /// it, or the same name reached by another way through the same package
    /// (`numpy.lib.convolve` for the rule `numpy.convolve`).
    pub fn is(&self, rule: &str) -> bool {
        let path = self.plain_path();
        if path == rule || path.starts_with(&format!("{rule}.")) {
            return true;
        }
        let ends = |path: &str| {
            let (package, rest) = path.split_once('.')?;
            let name = rest.rsplit('.').next()?;
            (!package.is_empty()).then(|| (package.to_owned(), name.to_owned()))
        };
        ends(rule).is_some_and(|rule| ends(path) == Some(rule))
    }

    /// Whether what a rule speaks of could be reached here without its name standing
    /// in the text: by running a text, by a name that is computed, by the table of a
    /// module's names. Rules of syntax can be broken in texts that are run alone.
    pub fn hides(&self, rule: &str) -> bool {
        let path = self.plain_path();
        let below = |road: &&str| {
            path.strip_prefix(*road)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if RUNS_TEXT.iter().any(&below) {
            return true;
        }
        if !rule.starts_with(|c: char| c.is_alphabetic() || matches!(c, '.' | '_')) {
            return false;
        }
        let Some((package, _)) = rule.split_once('.') else {
            return false;
        };
        if path.starts_with('?') || path.starts_with(".?") {
            return true;
        }
        let of_package = |name: &str| path == format!("{package}.{name}");
        REACHES_ANY_NAME.iter().any(below)
            || (!package.is_empty()
                && (path.starts_with(&format!("{package}.?"))
                    || path.starts_with(&format!("{package}.__dict__"))
                    || of_package("__getattribute__")
                    || of_package("__getattr__")))
    }

    fn plain_path(&self) -> &str {
        let path = self.path.as_str();
        path.strip_prefix("builtins.")
            .or_else(|| path.strip_prefix("__builtins__."))
            .unwrap_or(path)
    }
}

/// What runs a text, or code made from one.
const RUNS_TEXT: [&str; 8] = [
    "eval",
    "exec",
    "compile",
    "code",
    "marshal",
    "pickle",
    "runpy",
    "types.CodeType",
];

/// What gives any object by a name that is computed, or by no name at all.
const REACHES_ANY_NAME: [&str; 7] = [
    "operator.attrgetter",
    "operator.methodcaller",
    "sys.modules.get",
    "sys.modules.values",
    "sys.modules.items",
    "gc",
    "inspect",
];

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LookError {
    #[error("line {line}: {message}")]
    NotPython { message: String, line: u32 },
    #[error("the program is too long or too deeply nested to be looked at")]
    TooComplex,
    /// Ours, or a machine out of time.
    #[error("the look at the program failed: {0}")]
    Failed(String),
}

/// A look costs what parsing costs; these bounds let a source of a megabyte through.
const LIMITS: Limits = Limits {
    fuel: 20_000_000_000,
    memory_bytes: 512 << 20,
    output_bytes: 1 << 10,
    result_bytes: 8 << 20,
    wall_ms: 60_000,
};

/// The job that looks at `source` without running it.
pub fn look_job(source: &str) -> Job {
    Job {
        modules: vec![Module {
            name: "syntax".into(),
            filename: "syntax.py".into(),
            source: include_str!("syntax.py").into(),
        }],
        call: Some(Call {
            module: "syntax".into(),
            function: "look".into(),
            args: vec![Named {
                name: "source".into(),
                value: Value::Json(source.into()),
            }],
        }),
        seed: 0,
        limits: LIMITS,
        again: Vec::new(),
    }
}

/// What the look found, in the order of lines.
pub fn uses(outcome: &Outcome) -> Result<Vec<Use>, LookError> {
    match &outcome.status {
        Status::Ok => {}
        Status::OutOfFuel | Status::OutOfMemory => return Err(LookError::TooComplex),
        Status::BadReturn { reason, .. } if reason == "too_large" => {
            return Err(LookError::TooComplex);
        }
        other => return Err(LookError::Failed(format!("{other:?}"))),
    }
    let [output] = outcome.outputs.as_slice() else {
        return Err(LookError::Failed("one value was expected".into()));
    };
    let Value::Json(json) = &output.value else {
        return Err(LookError::Failed("no JSON was answered".into()));
    };
    let unreadable = |error: serde_json::Error| LookError::Failed(error.to_string());
    match output.key.as_deref() {
        Some("uses") => {
            let rows = Vec::<(u32, String, Kind)>::deserialize(json).map_err(unreadable)?;
            let uses = rows
                .into_iter()
                .map(|(line, path, kind)| Use { line, path, kind });
            Ok(uses.collect())
        }
        Some("error") => {
            let (kind, message, line) =
                <(String, String, u32)>::deserialize(json).map_err(unreadable)?;
            Err(match kind.as_str() {
                "syntax" => LookError::NotPython { message, line },
                _ => LookError::TooComplex,
            })
        }
        _ => Err(LookError::Failed("an unknown answer".into())),
    }
}
