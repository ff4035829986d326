//! How WebAssembly is compiled and run. Whatever is set here is part of what a
//! compiled guest is compatible with.

use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Result,
};

/// The whole address space of a 32-bit memory: no access can leave it.
const RESERVATION_BYTES: u64 = 4 << 30;
/// A constant offset of an access stays within the guard.
const GUARD_BYTES: u64 = 2 << 30;
/// The snapshot's memory, which is mapped as one image.
const DENSE_IMAGE_BYTES: u64 = 256 << 20;
/// CPython's own recursion limit strikes first.
const WASM_STACK_BYTES: usize = 8 << 20;
/// Stack of a thread that runs programs: theirs and, below it, the host's functions.
pub const HOST_STACK_BYTES: usize = 4 * WASM_STACK_BYTES;
/// One job at a time, and one slot for the next while the last is torn down.
const SLOTS: u32 = 2;
const TABLE_ELEMENTS: usize = 100_000;

/// The engine of a runner.
pub fn engine() -> Result<Engine> {
    Engine::new(&config())
}

/// The same without fuel, for measuring what fuel costs. Nothing that reads a job
/// makes one.
pub(super) fn unmetered_engine() -> Result<Engine> {
    let mut config = config();
    config.consume_fuel(false);
    Engine::new(&config)
}

fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(SLOTS)
        .total_memories(SLOTS)
        .total_tables(SLOTS)
        .table_elements(TABLE_ELEMENTS)
        .max_core_instance_size(4 << 20)
        .max_memory_size(RESERVATION_BYTES as usize);
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_opt_level(OptLevel::Speed)
        .memory_init_cow(true)
        .memory_guaranteed_dense_image_size(DENSE_IMAGE_BYTES)
        .memory_reservation(RESERVATION_BYTES)
        .memory_guard_size(GUARD_BYTES)
        .max_wasm_stack(WASM_STACK_BYTES)
        // Unused, but wasmtime wants it to be no smaller.
        .async_stack_size(HOST_STACK_BYTES)
        .wasm_relaxed_simd(false);
    config
}

/// Names whatever could change an outcome besides the guest.
pub fn sandbox_version() -> String {
    format!("{}+wasmtime48", env!("CARGO_PKG_VERSION"))
}
