//! Runs one job in one fresh instance: a call, or several in a row.

use super::define;
use super::guest::{Guest, GuestError};
use super::request::{encode_request, seed_of};
use super::response::{Response, read_response};
use super::wasi::{Exit, Files, HasWasi, OutputLimit, Wasi};
use super::watchdog::Watchdog;
use crate::array::Value;
use crate::job::{Exception, Job, Outcome, Output, Phase, SHARED_FUEL, Status};
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

    /// The first call's outcome. Never fails: what is ours to blame becomes
    /// [`Status::SandboxFault`]. The calling thread's stack has room for
    /// [`HOST_STACK_BYTES`](super::HOST_STACK_BYTES).
    pub fn run(&self, job: &Job) -> Outcome {
        match self.begin(job) {
            Ok((mut store, entry)) => self.call(&mut store, &entry, job, 0),
            Err(error) => fault(&error),
        }
    }

    /// As [`run`](Self::run), and then the further calls: an outcome for each that was
    /// made, at least one.
    pub fn run_all(&self, job: &Job) -> Vec<Outcome> {
        let (mut store, entry) = match self.begin(job) {
            Ok(begun) => begun,
            Err(error) => return vec![fault(&error)],
        };
        let mut outcomes = Vec::new();
        let (mut result_bytes, mut fuel) = (0, 0);
        for turn in 0..=job.again.len() {
            let outcome = self.call(&mut store, &entry, job, turn);
            result_bytes += outcome.outputs.iter().map(size_of_output).sum::<u64>();
            fuel += outcome.fuel;
            let goes_on = outcome.status == Status::Ok
                && result_bytes <= job.limits.result_bytes
                && fuel <= SHARED_FUEL;
            outcomes.push(outcome);
            if !goes_on {
                break;
            }
        }
        outcomes
    }

    fn begin(&self, job: &Job) -> Result<(Store<HostState>, Entry)> {
        let mut store = self.store(job);
        self.renew(&mut store, job, 0)?;
        let entry = self.instantiate(&mut store)?;
        Ok((store, entry))
    }

    /// One call: the job's own, or, from 1 on, one of those after it.
    fn call(&self, store: &mut Store<HostState>, entry: &Entry, job: &Job, turn: usize) -> Outcome {
        let limits = &job.limits;
        let renewed = match turn {
            0 => Ok(()),
            _ => self.renew(store, job, turn),
        };
        let response = renewed.and_then(|()| {
            let _armed = self.watchdog.arm(Duration::from_millis(limits.wall_ms));
            entry.run(store, job, turn)
        });
        let peak_memory_bytes = entry.memory.data_size(&*store) as u64;
        let left = store.get_fuel().unwrap_or(0);
        let state = store.data_mut();
        let debt = state.limiter.grown_bytes / GROWN_BYTES_PER_FUEL;
        let response = response.unwrap_or_else(|error| of_trap(&error, &state.limiter));
        let mut response = memory_first(response, &state.limiter);
        if debt > left && self.guest.metered && may_owe(&response.status) {
            response = Response::of_status(Status::OutOfFuel);
        }
        let fuel = match response.status {
            Status::OutOfFuel => limits.fuel,
            _ => (limits.fuel.saturating_sub(left) + debt).min(limits.fuel),
        };
        let (stdout, stderr) = state.wasi.take_output();
        Outcome {
            status: response.status,
            outputs: response.outputs,
            container: response.container,
            fuel,
            peak_memory_bytes,
            stdout_truncated: stdout.truncated,
            stderr_truncated: stderr.truncated,
            stdout: stdout.bytes,
            stderr: stderr.bytes,
        }
    }

    /// Gives a call the limits and the randomness that are its own.
    fn renew(&self, store: &mut Store<HostState>, job: &Job, turn: usize) -> Result<()> {
        if self.guest.metered {
            store.set_fuel(job.limits.fuel)?;
        }
        // The watchdog moves the epoch once, when the wall clock has run out.
        store.set_epoch_deadline(1);
        let state = store.data_mut();
        state.limiter.denied = false;
        state.limiter.grown_bytes = 0;
        state.wasi.reseed(seed_of(job, turn));
        Ok(())
    }

    fn instantiate(&self, store: &mut Store<HostState>) -> Result<Entry> {
        let instance = self.pre.instantiate(&mut *store)?;
        Entry::find(&instance, store)
    }

    fn store(&self, job: &Job) -> Store<HostState> {
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
        store
    }
}

fn fault(error: &Error) -> Outcome {
    Outcome::of_status(Status::SandboxFault {
        detail: format!("{error:#}"),
    })
}

/// Of a text or a structure, its encoding's.
fn size_of_output(output: &Output) -> u64 {
    let bytes = match &output.value {
        Value::Array(array) => array.data.len(),
        Value::Json(json) => json.to_string().len(),
    };
    bytes as u64
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

    fn run(&self, store: &mut Store<HostState>, job: &Job, turn: usize) -> Result<Response> {
        let request = encode_request(job, turn)?;
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
