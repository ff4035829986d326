//! The C face of the shim; `shim/shim.h` says what each function does. Nothing
//! outside [`crate::node`], [`crate::script`] and [`crate::runtime`] calls it.

use std::ffi::{c_char, c_int, c_void};

#[repr(C)]
pub struct Node {
    opaque: [u8; 0],
}

#[repr(C)]
pub struct Unit {
    opaque: [u8; 0],
}

/// As `enum gr_kind`.
pub const NONE: c_int = 0;
pub const BOOL: c_int = 1;
pub const INT: c_int = 2;
pub const FLOAT: c_int = 3;
pub const STRING: c_int = 4;
pub const TENSOR: c_int = 5;
pub const LIST: c_int = 6;
pub const DICT: c_int = 7;

unsafe extern "C" {
    pub fn gr_none() -> *mut Node;
    pub fn gr_bool(value: c_int) -> *mut Node;
    pub fn gr_int(value: i64) -> *mut Node;
    pub fn gr_float(value: f64) -> *mut Node;
    pub fn gr_string(text: *const c_char, length: usize) -> *mut Node;
    pub fn gr_tensor(tensor: *const c_void) -> *mut Node;
    pub fn gr_list() -> *mut Node;
    pub fn gr_dict() -> *mut Node;
    pub fn gr_list_push(list: *mut Node, item: *mut Node) -> c_int;
    pub fn gr_dict_insert(
        dict: *mut Node,
        key: *const c_char,
        length: usize,
        item: *mut Node,
    ) -> c_int;

    pub fn gr_kind_of(node: *const Node) -> c_int;
    pub fn gr_as_int(node: *const Node) -> i64;
    pub fn gr_as_float(node: *const Node) -> f64;
    pub fn gr_as_string(node: *const Node, length: *mut usize) -> *const c_char;
    pub fn gr_as_tensor(node: *const Node) -> *mut c_void;
    pub fn gr_length(node: *const Node) -> usize;
    pub fn gr_item(node: *const Node, index: usize) -> *const Node;
    pub fn gr_key(node: *const Node, index: usize, length: *mut usize) -> *const c_char;
    pub fn gr_free(node: *mut Node);

    pub fn gr_load_cuda(library: *const c_char, fault: *mut *mut Node) -> c_int;
    pub fn gr_configure(fault: *mut *mut Node) -> c_int;
    pub fn gr_cuda_devices() -> c_int;
    pub fn gr_set_precision(single: c_int);

    pub fn gr_compile(
        count: usize,
        names: *const *const c_char,
        name_lengths: *const usize,
        texts: *const *const c_char,
        text_lengths: *const usize,
        unit: *mut *mut Unit,
        signatures: *mut *mut Node,
        fault: *mut *mut Node,
    ) -> c_int;
    pub fn gr_unit_free(unit: *mut Unit);
    pub fn gr_call(
        unit: *mut Unit,
        function: *const c_char,
        length: usize,
        arguments: *const Node,
        result: *mut *mut Node,
        fault: *mut *mut Node,
    ) -> c_int;

    #[cfg(test)]
    pub fn gr_list_operators(names: *mut *mut Node, fault: *mut *mut Node) -> c_int;
    #[cfg(test)]
    pub fn gr_list_allowed(names: *mut *mut Node, fault: *mut *mut Node) -> c_int;
}
