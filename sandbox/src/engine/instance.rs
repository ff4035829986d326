//! Runs one job in one fresh instance.

use super::define;
use super::guest::{Guest, GuestError};
use super::response::{Response, read_response};
use super::wasi::{Exit, Files, HasWasi, OutputLimit, Wasi};
use super::watchdog::Watchdog;
use crate::array::Value;
use crate::job::{Exception, Job, Outcome, Phase, Status};
use serde_json::json;
use std::time::Duration;
use wasmtime::{
    Error, InstancePre, Linker, Memory, ResourceLimiter, Result, Store, Trap, TypedFunc,
};

/// Tables hold function pointers; an interpreter does not grow them.
const MAX_TABLE_ELEMENTS: usize = 100_000;

/// What a store holds beside the instance.
pub struct HostState {
    wasi: Wasi,
    limiter: Limiter,
}

impl HasWasi for HostState {
    fn wasi(&mut self) -> &mut Wasi {
        &mut self.wasi
    }
}

/// Caps linear memory and remembers that it had to, and what was given.
pub struct Limiter {
    memory_bytes: usize,
    denied: bool,
    /// Growth since the start. A limiter cannot reach the store's fuel, so the debt is
    /// taken when the job ends; the memory limit bounds it.
    grown_bytes: u64,
}

/// Fuel for memory that is grown, and so made and cleared by the kernel: one unit for
/// eight bytes, as for what host functions move.
const GROWN_BYTES_PER_FUEL: u64 = 8;

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, now: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        let allowed = desired <= self.memory_bytes;
        self.denied |= !allowed;
        // An instance's first memory is the snapshot's: it grows from nothing.
        if allowed && now > 0 {
            self.grown_bytes += (desired - now) as u64;
        }
        Ok(allowed)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        Ok(desired <= MAX_TABLE_ELEMENTS)
    }
}

/// A guest ready to run jobs, one at a time.
pub struct Executor {
    guest: Guest,
    pre: InstancePre<HostState>,
    watchdog: Watchdog,
}

impl Executor {
    /// Starts the watchdog's thread; call it before the process is locked.
    pub fn new(guest: Guest) -> Result<Executor, GuestError> {
        Executor::link(guest).map_err(GuestError::Engine)
    }

    fn link(guest: Guest) -> Result<Executor> {
        let mut linker = Linker::new(&guest.engine);
        define::<HostState>(&mut linker, &guest.module)?;
        let pre = linker.instantiate_pre(&guest.module)?;
        let watchdog = Watchdog::start(guest.engine.clone()).map_err(Error::new)?;
        Ok(Executor {
            guest,
            pre,
            watchdog,
        })
    }

    pub fn guest_hash(&self) -> &str {
        &self.guest.guest_hash
    }

    /// Never fails: what is ours to blame becomes [`Status::SandboxFault`]. The calling
    /// thread's stack has room for [`HOST_STACK_BYTES`](super::HOST_STACK_BYTES).
    pub fn run(&self, job: &Job) -> Outcome {
        let fault = |error: Error| {
            Outcome::of_status(Status::SandboxFault {
                detail: format!("{error:#}"),
            })
        };
        let mut store = match self.store(job) {
            Ok(store) => store,
            Err(error) => return fault(error),
        };
        let entry = match self.instantiate(&mut store) {
            Ok(entry) => entry,
            Err(error) => return fault(error),
        };
        let armed = self.watchdog.arm(Duration::from_millis(job.limits.wall_ms));
        let response = entry.run(&mut store, job);
        drop(armed);
        let peak_memory_bytes = entry.memory.data_size(&store) as u64;
        let left = store.get_fuel().unwrap_or(0);
        let debt = store.data().limiter.grown_bytes / GROWN_BYTES_PER_FUEL;
        let response = response.unwrap_or_else(|error| of_trap(&error, &store.data().limiter));
        let mut response = memory_first(response, &store.data().limiter);
        if debt > left && self.guest.metered && may_owe(&response.status) {
            response = Response::of_status(Status::OutOfFuel);
        }
        let fuel = match response.status {
            Status::OutOfFuel => job.limits.fuel,
            _ => (job.limits.fuel.saturating_sub(left) + debt).min(job.limits.fuel),
        };
        let HostState { wasi, .. } = store.into_data();
        Outcome {
            status: response.status,
            outputs: response.outputs,
            container: response.container,
            fuel,
            peak_memory_bytes,
            stdout_truncated: wasi.stdout.truncated,
            stderr_truncated: wasi.stderr.truncated,
            stdout: wasi.stdout.bytes,
            stderr: wasi.stderr.bytes,
        }
    }

    fn instantiate(&self, store: &mut Store<HostState>) -> Result<Entry> {
        let instance = self.pre.instantiate(&mut *store)?;
        Entry::find(&instance, store)
    }

    fn store(&self, job: &Job) -> Result<Store<HostState>> {
        let limits = &job.limits;
        let state = HostState {
            wasi: Wasi::new(job.seed, limits.output_bytes, Files::default()),
            limiter: Limiter {
                memory_bytes: usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX),
                denied: false,
                grown_bytes: 0,
            },
        };
        let mut store = Store::new(&self.guest.engine, state);
        store.limiter(|state| &mut state.limiter);
        if self.guest.metered {
            store.set_fuel(limits.fuel)?;
        }
        // The watchdog moves the epoch once, when the wall clock has run out.
        store.set_epoch_deadline(1);
        Ok(store)
    }
}

/// The guest's exports.
struct Entry {
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    run: TypedFunc<(u32, u32), u64>,
}

impl Entry {
    fn find(instance: &wasmtime::Instance, store: &mut Store<HostState>) -> Result<Entry> {
        let memory = instance
            .get_memory(&mut *store, "memory")
            .ok_or_else(|| Error::msg("the guest exports no memory"))?;
        Ok(Entry {
            memory,
            alloc: instance.get_typed_func(&mut *store, "gradien_alloc")?,
            run: instance.get_typed_func(&mut *store, "gradien_run")?,
        })
    }

    fn run(&self, store: &mut Store<HostState>, job: &Job) -> Result<Response> {
        let request = encode_request(job)?;
        let length = u32::try_from(request.len())?;
        let address = self.alloc.call(&mut *store, length)?;
        let place = address as usize;
        if place == 0 || self.memory.write(&mut *store, place, &request).is_err() {
            // The allocator gave nothing: the request does not fit the memory limit.
            return Ok(Response::of_status(Status::OutOfMemory));
        }
        let packed = self.run.call(&mut *store, (address, length))?;
        let (start, length) = ((packed >> 32) as usize, (packed & 0xffff_ffff) as usize);
        let memory = self.memory.data(&*store);
        let bytes = start
            .checked_add(length)
            .and_then(|end| memory.get(start..end));
        Ok(read_response(
            bytes.unwrap_or_default(),
            job.limits.result_bytes,
        ))
    }
}

/// `u32` header length, JSON header, then the arrays, each at a multiple of 8.
fn encode_request(job: &Job) -> Result<Vec<u8>> {
    let mut payload = Vec::new();
    let mut describe = |value: &Value| match value {
        Value::Json(json) => json!({"kind": "json", "json": json}),
        Value::Array(array) => {
            payload.resize(payload.len().next_multiple_of(8), 0);
            let offset = payload.len();
            payload.extend_from_slice(&array.data);
            json!({"kind": "array", "dtype": array.dtype.code(), "shape": array.shape, "offset": offset})
        }
    };
    let call = job.call.as_ref();
    let args: Vec<_> = call
        .map(|call| call.args.iter())
        .into_iter()
        .flatten()
        .map(|arg| json!({"name": arg.name, "value": describe(&arg.value)}))
        .collect();
    let header = json!({
        "seed": job.seed,
        "modules": job.modules,
        "call": call.map(|call| json!({"module": call.module, "function": call.function})),
        "args": args,
        "max_output_bytes": job.limits.result_bytes,
    });
    let header = serde_json::to_vec(&header)?;
    let mut request = u32::try_from(header.len())?.to_le_bytes().to_vec();
    request.extend_from_slice(&header);
    request.extend_from_slice(&payload);
    Ok(request)
}

/// Whether a debt that cannot be paid changes what is told: not where the machine or
/// we are to blame, nor where another limit was reached first.
fn may_owe(status: &Status) -> bool {
    !matches!(
        status,
        Status::WallBackstop
            | Status::SandboxFault { .. }
            | Status::OutOfMemory
            | Status::OutputLimit
    )
}

/// What an interpreter of 32 bits says where one of 64 bits would run out of memory:
/// the beginnings of messages of CPython and NumPy.
const TOO_LARGE_TO_ADDRESS: [(&str, &str); 4] = [
    ("ValueError", "array is too big"),
    ("ValueError", "Maximum allowed dimension exceeded"),
    ("ValueError", "Maximum allowed size exceeded"),
    (
        "OverflowError",
        "cannot fit 'int' into an index-sized integer",
    ),
];

/// A program whose interpreter said that it ran out of memory, or whose response is
/// unreadable after it was refused memory, ran out of memory.
fn memory_first(response: Response, limiter: &Limiter) -> Response {
    let out_of_memory = match &response.status {
        Status::Exception(Exception { kind, message, .. }) => {
            // CPython's parser also raises it, where the source nests too deep; NumPy
            // raises a subclass of its own.
            kind == "MemoryError" && (limiter.denied || !message.starts_with("Parser stack"))
                || kind == "_ArrayMemoryError"
                || TOO_LARGE_TO_ADDRESS
                    .iter()
                    .any(|(of, text)| kind == of && message.starts_with(text))
        }
        Status::BadReturn { reason, .. } => limiter.denied && reason == "malformed",
        _ => false,
    };
    if out_of_memory {
        Response::of_status(Status::OutOfMemory)
    } else {
        response
    }
}

/// What a trap says of the program.
fn of_trap(error: &Error, limiter: &Limiter) -> Response {
    let exception = |kind: &str, message: &str| {
        Status::Exception(Exception {
            kind: kind.into(),
            message: message.into(),
            phase: Phase::Call,
            frames: Vec::new(),
        })
    };
    let status = if error.is::<OutputLimit>() {
        Status::OutputLimit
    } else if let Some(Exit(code)) = error.downcast_ref::<Exit>() {
        exception("SystemExit", &code.to_string())
    } else {
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => Status::OutOfFuel,
            Some(Trap::Interrupt) => Status::WallBackstop,
            Some(Trap::StackOverflow) => {
                exception("RecursionError", "the machine's stack is exhausted")
            }
            Some(_) if limiter.denied => Status::OutOfMemory,
            // The interpreter itself broke: `abort`, or memory that is not there.
            Some(trap) => exception("InterpreterCrash", &trap.to_string()),
            None => Status::SandboxFault {
                detail: format!("{error:#}"),
            },
        }
    };
    Response::of_status(status)
}
