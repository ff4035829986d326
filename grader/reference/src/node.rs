//! Plain values on their way into and out of libtorch.
//!
//! Theory of operation. [`Plain`] is the Rust side: an ordinary tree. [`Node`]
//! owns its C++ twin. Everything unsafe about trees is in this file and rests on
//! three facts of the shim: constructors give a fresh node or null; `push` and
//! `insert` consume the item whatever happens; what `item`, `key` and `string`
//! give lives as long as the node it was asked of and is not changed meanwhile.
//! A `Node` is never changed after it was built, so shared borrows are enough.

use std::ffi::{c_char, c_int};
use std::fmt;
use std::ptr::NonNull;
use tch::Tensor;

use crate::ffi;

/// A value without any C++ in it but the tensors, which are reference counted.
#[derive(Debug)]
pub enum Plain {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(String),
    Tensor(Tensor),
    List(Vec<Plain>),
    Dict(Vec<(String, Plain)>),
}

/// There was no memory for a node.
#[derive(Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of memory")
    }
}

/// Owns a node of the shim.
pub struct Node(NonNull<ffi::Node>);

impl Node {
    /// Takes over a pointer that the shim has just handed out.
    ///
    /// # Safety
    /// `pointer` is null or a node that nobody else frees.
    pub unsafe fn from_raw(pointer: *mut ffi::Node) -> Option<Node> {
        NonNull::new(pointer).map(Node)
    }

    pub fn as_ptr(&self) -> *const ffi::Node {
        self.0.as_ptr()
    }

    pub fn build(plain: &Plain) -> Result<Node, OutOfMemory> {
        // SAFETY: the constructors read only what they are given, for the
        // length they are told, and return a fresh node or null.
        let made = unsafe {
            Node::from_raw(match plain {
                Plain::None => ffi::gr_none(),
                Plain::Bool(value) => ffi::gr_bool(c_int::from(*value)),
                Plain::Int(value) => ffi::gr_int(*value),
                Plain::Float(value) => ffi::gr_float(*value),
                Plain::String(text) => ffi::gr_string(text.as_ptr().cast::<c_char>(), text.len()),
                // tch's C_tensor is an at::Tensor; the shim takes its own share.
                Plain::Tensor(tensor) => ffi::gr_tensor(tensor.as_ptr().cast()),
                Plain::List(_) => ffi::gr_list(),
                Plain::Dict(_) => ffi::gr_dict(),
            })
        }
        .ok_or(OutOfMemory)?;
        match plain {
            Plain::List(items) => {
                for item in items {
                    let item = Node::build(item)?.into_raw();
                    // SAFETY: both are live; `item` is given away.
                    if unsafe { ffi::gr_list_push(made.0.as_ptr(), item) } != 0 {
                        return Err(OutOfMemory);
                    }
                }
            }
            Plain::Dict(entries) => {
                for (key, item) in entries {
                    let item = Node::build(item)?.into_raw();
                    let (key, length) = (key.as_ptr().cast::<c_char>(), key.len());
                    // SAFETY: as above; the key is copied.
                    if unsafe { ffi::gr_dict_insert(made.0.as_ptr(), key, length, item) } != 0 {
                        return Err(OutOfMemory);
                    }
                }
            }
            _ => {}
        }
        Ok(made)
    }

    pub fn read(&self) -> Result<Plain, OutOfMemory> {
        // SAFETY: the node is live for as long as `self` is.
        unsafe { read(self.0.as_ptr()) }
    }

    fn into_raw(self) -> *mut ffi::Node {
        let pointer = self.0.as_ptr();
        std::mem::forget(self);
        pointer
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // SAFETY: owned, and freed here only.
        unsafe { ffi::gr_free(self.0.as_ptr()) }
    }
}

/// # Safety
/// `node` is live.
unsafe fn read(node: *const ffi::Node) -> Result<Plain, OutOfMemory> {
    // SAFETY (all of this function): `node` is live and unchanged, indices stay
    // below its length, and an accessor is called only on the kind it belongs to.
    unsafe {
        Ok(match ffi::gr_kind_of(node) {
            ffi::BOOL => Plain::Bool(ffi::gr_as_int(node) != 0),
            ffi::INT => Plain::Int(ffi::gr_as_int(node)),
            ffi::FLOAT => Plain::Float(ffi::gr_as_float(node)),
            ffi::STRING => {
                let mut length = 0;
                let start = ffi::gr_as_string(node, &mut length);
                Plain::String(text(start, length))
            }
            ffi::TENSOR => {
                let tensor = ffi::gr_as_tensor(node);
                if tensor.is_null() {
                    return Err(OutOfMemory);
                }
                Plain::Tensor(Tensor::from_ptr(tensor.cast()))
            }
            ffi::LIST => {
                let items = (0..ffi::gr_length(node)).map(|i| read(ffi::gr_item(node, i)));
                Plain::List(items.collect::<Result<_, _>>()?)
            }
            ffi::DICT => {
                let entries = (0..ffi::gr_length(node)).map(|i| {
                    let mut length = 0;
                    let start = ffi::gr_key(node, i, &mut length);
                    Ok((text(start, length), read(ffi::gr_item(node, i))?))
                });
                Plain::Dict(entries.collect::<Result<_, _>>()?)
            }
            ffi::NONE => Plain::None,
            kind => unreachable!("the shim has no kind {kind}"),
        })
    }
}

/// # Safety
/// `start` points to `length` readable bytes.
unsafe fn text(start: *const c_char, length: usize) -> String {
    if length == 0 {
        return String::new();
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe { std::slice::from_raw_parts(start.cast::<u8>(), length) };
    String::from_utf8_lossy(bytes).into_owned()
}

impl Plain {
    /// The entry of a dict.
    pub fn find(&self, key: &str) -> Option<&Plain> {
        match self {
            Plain::Dict(entries) => entries
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn find_text(&self, key: &str) -> Option<&str> {
        match self.find(key) {
            Some(Plain::String(text)) => Some(text),
            _ => None,
        }
    }

    pub fn find_int(&self, key: &str) -> Option<i64> {
        match self.find(key) {
            Some(Plain::Int(value)) => Some(*value),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_survive_the_way_through_cpp() {
        let tree = Plain::Dict(vec![
            ("none".into(), Plain::None),
            ("yes".into(), Plain::Bool(true)),
            ("small".into(), Plain::Int(i64::MIN)),
            ("half".into(), Plain::Float(0.5)),
            ("".into(), Plain::String("é\0x".into())),
            (
                "list".into(),
                Plain::List(vec![Plain::List(vec![]), Plain::Int(1)]),
            ),
            (
                "tensor".into(),
                Plain::Tensor(Tensor::from_slice(&[1.5f64, -2.0])),
            ),
        ]);
        let back = Node::build(&tree).unwrap().read().unwrap();
        let Some(Plain::Tensor(tensor)) = back.find("tensor") else {
            panic!("{back:?}")
        };
        assert_eq!(Vec::<f64>::try_from(tensor).unwrap(), [1.5, -2.0]);
        assert_eq!(
            format!("{:?}", back.find("list")),
            "Some(List([List([]), Int(1)]))"
        );
        assert_eq!(back.find_text(""), Some("é\0x"));
        assert_eq!(back.find_int("small"), Some(i64::MIN));
        assert!(matches!(back.find("yes"), Some(Plain::Bool(true))));
        assert!(matches!(back.find("none"), Some(Plain::None)));
        assert!(matches!(back.find("half"), Some(Plain::Float(half)) if *half == 0.5));
    }
}
