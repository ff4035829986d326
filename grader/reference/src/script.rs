//! A compiled unit and what can be asked of it.
//!
//! Theory of operation of the unsafe part. [`Unit`] owns a `gr_unit`, frees it
//! once and is neither `Send` nor `Sync`, so the shim is entered by one thread
//! at a time. Pointers handed in are valid for the call only; what is handed
//! out (a result, a fault) is owned by the [`Node`] that takes it at once. The
//! shim catches every C++ exception, so nothing unwinds through these frames.

use gradien_grader::reference::{Fault, FaultKind, Parameter, Signature, SourceFile};
use std::ffi::{c_char, c_int};
use std::ptr::{self, NonNull};

use crate::ffi;
use crate::node::{Node, OutOfMemory, Plain};
use crate::place;
use crate::source::blank_preamble;

pub struct Unit {
    raw: NonNull<ffi::Unit>,
    files: Vec<String>,
    pub functions: Vec<Signature>,
}

impl Unit {
    /// Compiles the files into one namespace and checks every operator.
    pub fn compile(files: &[SourceFile]) -> Result<Unit, Fault> {
        let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
        let texts: Vec<String> = files
            .iter()
            .map(|file| blank_preamble(&file.text))
            .collect();
        let starts = |texts: &[String]| -> Vec<*const c_char> {
            texts.iter().map(|text| text.as_ptr().cast()).collect()
        };
        let lengths = |texts: &[String]| -> Vec<usize> { texts.iter().map(String::len).collect() };
        let mut unit = ptr::null_mut();
        let signatures = run(|signatures, fault| {
            // SAFETY: four arrays of `files.len()` entries that outlive the call.
            unsafe {
                ffi::gr_compile(
                    files.len(),
                    starts(&names).as_ptr(),
                    lengths(&names).as_ptr(),
                    starts(&texts).as_ptr(),
                    lengths(&texts).as_ptr(),
                    &mut unit,
                    signatures,
                    fault,
                )
            }
        })
        .map_err(|fault| to_fault(fault, &names))
        .map_err(|fault| match fault.kind {
            // The lexer and parts of the compiler throw plain exceptions.
            FaultKind::Runtime => Fault {
                kind: FaultKind::Compile,
                ..fault
            },
            _ => fault,
        })?;
        let raw = NonNull::new(unit).ok_or_else(no_memory)?;
        // From here on `unit` is freed by its owner.
        let mut unit = Unit {
            raw,
            files: names,
            functions: Vec::new(),
        };
        unit.functions = to_signatures(&signatures)?;
        Ok(unit)
    }

    pub fn find_function(&self, name: &str) -> Option<&Signature> {
        self.functions.iter().find(|function| function.name == name)
    }

    pub fn get_function(&self, name: &str) -> Result<&Signature, Fault> {
        self.find_function(name).ok_or_else(|| {
            let defined: Vec<&str> = self
                .functions
                .iter()
                .map(|function| &*function.name)
                .collect();
            let text = format!(
                "there is no function '{name}'; there are: {}",
                defined.join(", ")
            );
            Fault::new(FaultKind::UnknownFunction, text)
        })
    }

    /// Calls a function with positional arguments.
    pub fn call(&self, function: &str, arguments: Vec<Plain>) -> Result<Plain, Fault> {
        let arguments = Node::build(&Plain::List(arguments)).map_err(|OutOfMemory| no_memory())?;
        run(|result, fault| {
            // SAFETY: the unit is live, the name is `function.len()` bytes, the
            // arguments are a list node that outlives the call.
            unsafe {
                ffi::gr_call(
                    self.raw.as_ptr(),
                    function.as_ptr().cast(),
                    function.len(),
                    arguments.as_ptr(),
                    result,
                    fault,
                )
            }
        })
        .map_err(|fault| to_fault(fault, &self.files))
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        // SAFETY: owned, and freed here only.
        unsafe { ffi::gr_unit_free(self.raw.as_ptr()) }
    }
}

/// Runs an entry of the shim that gives a node or a fault.
fn run(
    entry: impl FnOnce(*mut *mut ffi::Node, *mut *mut ffi::Node) -> c_int,
) -> Result<Plain, Option<Plain>> {
    let (mut result, mut fault) = (ptr::null_mut(), ptr::null_mut());
    let failed = entry(&mut result, &mut fault) != 0;
    // SAFETY: the shim leaves null or a fresh node in each.
    let (result, fault) = unsafe { (Node::from_raw(result), Node::from_raw(fault)) };
    if failed {
        return Err(fault.and_then(|fault| fault.read().ok()));
    }
    result.ok_or(None)?.read().map_err(|OutOfMemory| None)
}

fn no_memory() -> Fault {
    Fault::new(FaultKind::OutOfMemory, "out of memory")
}

/// A fault of the shim (`None`: not even that could be described) as one of ours.
fn to_fault(fault: Option<Plain>, files: &[String]) -> Fault {
    let Some(fault) = fault else {
        return no_memory();
    };
    let detail = fault
        .find_text("message")
        .unwrap_or_default()
        .trim_end()
        .to_owned();
    let kind = match fault.find_text("kind") {
        Some("compile") => FaultKind::Compile,
        Some("forbidden_operator") => FaultKind::ForbiddenOperator,
        Some("unknown_function") => FaultKind::UnknownFunction,
        Some("bad_arguments") => FaultKind::BadArguments,
        Some("bad_result") => FaultKind::BadResult,
        Some("raised") => FaultKind::Raised,
        Some("out_of_memory") => FaultKind::OutOfMemory,
        _ => FaultKind::Runtime,
    };
    let reason = match kind {
        FaultKind::Raised => match (fault.find_text("type"), fault.find_text("reason")) {
            (Some(class), Some(reason)) => format!("{class}: {reason}"),
            (None, Some(reason)) => reason.to_owned(),
            _ => place::reason_in(&detail),
        },
        _ => place::reason_in(&detail),
    };
    let told = fault.find_text("file").map(|file| {
        (
            file.to_owned(),
            fault.find_int("line").and_then(|line| line.try_into().ok()),
        )
    });
    let place = told.or_else(|| {
        let innermost = matches!(
            kind,
            FaultKind::Raised | FaultKind::Runtime | FaultKind::OutOfMemory
        );
        place::find_in(&detail, files, innermost).map(|(file, line)| (file, Some(line)))
    });
    let (file, line) = match place {
        Some((file, line)) => (Some(file), line),
        None => (None, None),
    };
    Fault {
        kind,
        reason,
        detail,
        file,
        line,
    }
}

fn to_signatures(list: &Plain) -> Result<Vec<Signature>, Fault> {
    let broken = || Fault::new(FaultKind::Compile, "the compiler gave no signature");
    let Plain::List(items) = list else {
        return Err(broken());
    };
    let text = |of: &Plain, key: &str| of.find_text(key).map(str::to_owned).ok_or_else(broken);
    items
        .iter()
        .map(|item| {
            let Some(Plain::List(parameters)) = item.find("parameters") else {
                return Err(broken());
            };
            let parameters = parameters.iter().map(|parameter| {
                Ok(Parameter {
                    name: text(parameter, "name")?,
                    type_name: text(parameter, "type")?,
                    optional: matches!(parameter.find("default"), Some(Plain::Bool(true))),
                })
            });
            Ok(Signature {
                name: text(item, "name")?,
                file: text(item, "file")?,
                line: item
                    .find_int("line")
                    .and_then(|line| line.try_into().ok())
                    .unwrap_or(0),
                parameters: parameters.collect::<Result<_, Fault>>()?,
                returns: text(item, "returns")?,
            })
        })
        .collect()
}

#[cfg(test)]
pub fn list_operators() -> (Vec<String>, Vec<String>) {
    let texts = |list: Result<Plain, Option<Plain>>| -> Vec<String> {
        let Ok(Plain::List(items)) = list else {
            panic!("no list")
        };
        items
            .into_iter()
            .map(|item| match item {
                Plain::String(text) => text,
                other => panic!("{other:?}"),
            })
            .collect()
    };
    // SAFETY: out-parameters only.
    unsafe {
        (
            texts(run(|names, fault| ffi::gr_list_operators(names, fault))),
            texts(run(|names, fault| ffi::gr_list_allowed(names, fault))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// A name on the allow-list that libtorch does not have is a slip, and one
    /// that a later libtorch renames should be noticed. The nodes of the
    /// language itself are not in the registry.
    #[test]
    fn the_allow_list_names_operators_that_exist() {
        let (known, allowed) = list_operators();
        let known: HashSet<&str> = known.iter().map(String::as_str).collect();
        let unknown: Vec<&str> = allowed
            .iter()
            .map(String::as_str)
            .filter(|name| name.starts_with("aten::") && !known.contains(name))
            .collect();
        assert_eq!(unknown, Vec::<&str>::new());
        let distinct: HashSet<&String> = allowed.iter().collect();
        assert_eq!(distinct.len(), allowed.len(), "a name stands twice");
        for dangerous in [
            "save",
            "from_file",
            "warn",
            "rand",
            "empty",
            "set_",
            "as_strided",
        ] {
            assert!(
                !allowed.contains(&format!("aten::{dangerous}")),
                "{dangerous}"
            );
        }
    }
}
