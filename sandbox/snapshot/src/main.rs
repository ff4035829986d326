//! `gradien-snapshot LINKED.wasm PYTHON.zip OUT.wasm`
//!
//! Instantiates the linked guest under the runner's own WASI, with one read-only
//! file — the Python library, at `/lib/python.zip` — calls `gradien_init`, and
//! writes the module anew with its memory as it then is. Nothing else reaches the
//! guest: the clock stands, randomness is fixed, there is no environment. So the
//! same inputs give the same snapshot, byte for byte, on any machine.

use gradien_sandbox::engine::{Files, HOST_STACK_BYTES, HasWasi, Wasi, define};
use std::future::Future;
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};
use wasmparser::ValType;
use wasmtime::error::Context as _;
use wasmtime::{Config, Engine, Instance, Linker, Module, OptLevel, Result, Store, Val, bail};
use wasmtime_wizer::{InstanceState, SnapshotVal, Wizer};

const LIBRARY_PATH: &str = "/lib/python.zip";
const INIT_FUNCTION: &str = "gradien_init";
const STACK_BYTES: usize = 8 << 20;
const PRINT_BYTES: u64 = 1 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, linked, library, out] = &arguments[..] else {
        eprintln!("usage: gradien-snapshot LINKED.wasm PYTHON.zip OUT.wasm");
        return ExitCode::from(2);
    };
    // The main thread's stack may be smaller than what the guest is allowed.
    let made = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(HOST_STACK_BYTES)
            .spawn_scoped(scope, || snapshot(linked, library, out))
            .map(|thread| thread.join())
    });
    match made {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(error))) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
        // A panic has spoken for itself.
        Ok(Err(_)) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("no thread: {error}");
            ExitCode::FAILURE
        }
    }
}

struct State(Wasi);

impl HasWasi for State {
    fn wasi(&mut self) -> &mut Wasi {
        &mut self.0
    }
}

fn snapshot(linked: &str, library: &str, out: &str) -> Result<()> {
    let wasm = std::fs::read(linked).with_context(|| linked.to_owned())?;
    let library_bytes = std::fs::read(library).with_context(|| library.to_owned())?;
    let files = Files::new(vec![(LIBRARY_PATH.to_owned(), library_bytes)]);

    let mut wizer = Wizer::new();
    wizer.init_func(INIT_FUNCTION);
    let (context, instrumented) = wizer.instrument(&wasm)?;

    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::None)
        .max_wasm_stack(STACK_BYTES)
        // Unused, but wasmtime wants it to be no smaller.
        .async_stack_size(STACK_BYTES);
    let engine = Engine::new(&config)?;
    let module = Module::new(&engine, &instrumented)?;
    let mut linker = Linker::new(&engine);
    define::<State>(&mut linker, &module)?;
    let mut store = Store::new(&engine, State(Wasi::new(0, PRINT_BYTES, files)));
    let instance = linker.instantiate(&mut store, &module)?;
    let started = initialise(&instance, &mut store);
    let wasi = &store.data().0;
    for printed in [&wasi.stdout.bytes, &wasi.stderr.bytes] {
        eprint!("{}", String::from_utf8_lossy(printed));
    }
    started?;
    let mut state = Initialised { store, instance };
    let snapshot = ready(wizer.snapshot(&context, &mut state))?;
    std::fs::write(out, snapshot).with_context(|| out.to_owned())
}

fn initialise(instance: &Instance, store: &mut Store<State>) -> Result<()> {
    for name in ["_initialize", INIT_FUNCTION] {
        let function = instance.get_typed_func::<(), ()>(&mut *store, name)?;
        function
            .call(&mut *store, ())
            .with_context(|| format!("calling {name}"))?;
    }
    Ok(())
}

/// What the snapshot is taken of. Its "futures" have nothing to wait for.
struct Initialised {
    store: Store<State>,
    instance: Instance,
}

impl InstanceState for Initialised {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let global = self.instance.get_global(&mut self.store, name);
        match global.map(|global| global.get(&mut self.store)) {
            Some(Val::I32(value)) => SnapshotVal::I32(value),
            Some(Val::I64(value)) => SnapshotVal::I64(value),
            Some(Val::F32(value)) => SnapshotVal::F32(value),
            Some(Val::F64(value)) => SnapshotVal::F64(value),
            Some(Val::V128(value)) => SnapshotVal::V128(value.as_u128()),
            other => panic!("global {name} cannot be saved: {other:?}"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        match self.instance.get_memory(&mut self.store, name) {
            Some(memory) => contents(memory.data(&self.store)),
            None => panic!("there is no memory {name}"),
        }
    }
}

fn ready<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => bail!("the snapshot waits for something that is not there"),
    }
}
