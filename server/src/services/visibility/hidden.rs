//! What may be said of a hidden case.
//!
//! The name of an exception, the name of a function and a line's text come from
//! the running program, which can make them up from its inputs
//! (`type(str(x[0]), (Exception,), {})`, `code.replace(co_name=…)`). They are
//! passed on only as far as they stand in the source that was handed in, or are
//! Python's own; line texts are taken from that source, not from the report.

use super::Fault;
use gradien_problems::Message;
use gradien_problems::message::Frame;
use gradien_problems::protocol::Submission;
use std::collections::HashSet;

/// Exceptions of Python and NumPy.
const EXCEPTIONS: [&str; 44] = [
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BaseExceptionGroup",
    "BlockingIOError",
    "BufferError",
    "EOFError",
    "Exception",
    "ExceptionGroup",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "GeneratorExit",
    "ImportError",
    "IndentationError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LinAlgError",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "RecursionError",
    "ReferenceError",
    "RuntimeError",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SystemError",
    "SystemExit",
    "TabError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "ValueError",
    "ZeroDivisionError",
];

/// The words and lines of what was handed in.
pub struct Words<'a> {
    words: HashSet<&'a str>,
    lines: Vec<&'a str>,
}

impl<'a> Words<'a> {
    /// `program` is what a notebook's cells make.
    pub fn of(submission: &'a Submission, program: Option<&'a str>) -> Words<'a> {
        let source = match submission {
            Submission::Function { source } => source.as_str(),
            Submission::Notebook { .. } => program.unwrap_or_default(),
            Submission::Answer { .. }
            | Submission::Prediction { .. }
            | Submission::Model { .. } => "",
        };
        let words = source.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        Words {
            words: words.filter(|word| !word.is_empty()).collect(),
            lines: source.lines().collect(),
        }
    }

    /// Of a message about a hidden case: what of it may be said, else which
    /// kind of fault it was.
    pub fn message(&self, message: &Message) -> (Option<Message>, Option<Fault>) {
        let fault = match message {
            // Says nothing of the inputs, or only what the pack tells anyway.
            Message::SyntaxError { .. }
            | Message::OutOfFuel { .. }
            | Message::WallLimit { .. }
            | Message::OutOfMemory { .. }
            | Message::OutputLimit { .. }
            // Read from the source alone, before anything ran.
            | Message::RulesBroken { .. }
            | Message::NotLookedThrough
            | Message::Exited
            | Message::InterpreterCrashed
            | Message::ReturnedNothing { .. }
            | Message::VariableMissing { .. }
            | Message::FileFaults { .. }
            // A text of the pack's, but which one tells of the hidden inputs no more
            // than the verdict does.
            | Message::Checked { .. }
            | Message::Network { .. }
            | Message::Flaw { .. }
            | Message::JudgeError { .. } => return (Some(message.clone()), None),
            Message::Exception { kind, frames, .. } => {
                return (Some(self.exception(kind, frames)), None);
            }
            Message::FunctionMissing { function, defined } => {
                let defined = defined.iter().filter(|name| self.has(name));
                let message = Message::FunctionMissing {
                    function: function.clone(),
                    defined: defined.cloned().collect(),
                };
                return (Some(message), None);
            }
            Message::BadReturn { .. } => Some(Fault::BadReturn),
            Message::WrongContainer { .. } => Some(Fault::Container),
            Message::WrongShape { .. } => Some(Fault::Shape),
            Message::WrongKind { .. } => Some(Fault::NumberKind),
            Message::NotFinite { .. } => Some(Fault::NotFinite),
            Message::WrongValues { .. } | Message::WrongJson { .. } => Some(Fault::Values),
            Message::LessPrecise { .. } => Some(Fault::LessPrecise),
            // Not about a case of a program.
            Message::CellEmpty
            | Message::CellNotANumber { .. }
            | Message::CellThousandsSeparator { .. }
            | Message::CellNotFinite { .. }
            | Message::CellTooLong
            | Message::CellWrong
            | Message::CellNotWhole { .. }
            | Message::CellNotAShape { .. }
            | Message::CellNotAnOption { .. }
            | Message::CellWithheld
            | Message::CellLessPrecise { .. }
            | Message::CellUnknownName { .. }
            | Message::CellCarried { .. }
            | Message::FieldShape { .. }
            | Message::InputMissing { .. } => None,
        };
        (None, fault)
    }

    fn exception(&self, kind: &str, frames: &[Frame]) -> Message {
        let known = EXCEPTIONS.contains(&kind) || self.has(kind);
        Message::Exception {
            kind: if known { kind } else { "Exception" }.to_owned(),
            detail: String::new(),
            frames: frames
                .iter()
                .filter_map(|frame| self.frame(frame))
                .collect(),
        }
    }

    fn frame(&self, frame: &Frame) -> Option<Frame> {
        let at = usize::try_from(frame.line).ok()?.checked_sub(1)?;
        let text = self.lines.get(at)?;
        if frame.file != "solution.py" {
            return None;
        }
        let own = frame.function.split('.').all(|part| {
            self.has(part)
                || matches!(
                    part,
                    "<module>" | "<lambda>" | "<locals>" | "<listcomp>" | "<genexpr>"
                )
        });
        Some(Frame {
            file: frame.file.clone(),
            line: frame.line,
            function: if own {
                frame.function.clone()
            } else {
                String::new()
            },
            text: text.trim().to_owned(),
        })
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}
