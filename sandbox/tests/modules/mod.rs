//! Small modules of WebAssembly text, run as a guest.

#![allow(dead_code, reason = "each test uses a part of it")]

use gradien_sandbox::engine::{Executor, Guest, HOST_STACK_BYTES, engine};
use gradien_sandbox::job::{Job, Limits, Outcome};
use wasmtime::Module;

pub const LIMITS: Limits = Limits {
    fuel: 10_000_000,
    memory_bytes: 4 << 20,
    output_bytes: 1000,
    result_bytes: 1 << 16,
    wall_ms: 20_000,
};

pub fn job(limits: Limits) -> Job {
    Job {
        modules: vec![],
        call: None,
        seed: 1,
        limits,
        again: vec![],
    }
}

/// A module with a page of memory for itself, requests from 64 KiB on, and `body` as
/// its run function.
pub fn module(imports: &str, rest: &str, body: &str) -> String {
    format!(
        r#"(module
            {imports}
            (memory (export "memory") 16)
            {rest}
            (func (export "gradien_alloc") (param i32) (result i32) i32.const 65536)
            (func $run (export "gradien_run") (param i32 i32) (result i64) {body}))"#
    )
}

pub fn executor(text: &str) -> Executor {
    let engine = engine().expect("an engine");
    let wasm = wat::parse_str(text).expect("valid text");
    let module = Module::new(&engine, wasm).expect("a module");
    Executor::new(Guest {
        engine,
        module,
        guest_hash: "test".into(),
        metered: true,
    })
    .expect("an executor")
}

/// On a thread with the stack that programs may use.
pub fn run_with(text: &str, limits: Limits) -> Outcome {
    let text = text.to_owned();
    std::thread::Builder::new()
        .stack_size(HOST_STACK_BYTES)
        .spawn(move || executor(&text).run(&job(limits)))
        .expect("a thread")
        .join()
        .expect("no panic")
}

pub fn run(imports: &str, rest: &str, body: &str) -> Outcome {
    run_with(&module(imports, rest, body), LIMITS)
}
