//! Clock, waiting, randomness, the end, and an empty environment.

use super::memory::{Guest, charge, charge_list, with};
use super::{CLOCK_STEP_NS, Exit, FAULT, HasWasi, INVAL, MAX_LIST, MODULE, NOTSUP, SUCCESS, Wasi};
use rand_chacha::rand_core::RngCore;
use wasmtime::{Caller, Error, Linker, Result};

/// Waiting costs nothing and moves the clock to where the wait would end: of the
/// clocks asked for, the first to ring is answered.
fn wait(guest: &mut Guest, wasi: &mut Wasi, list: i32, events: i32, count: u32, out: i32) -> i32 {
    const SUBSCRIPTION_BYTES: u32 = 48;
    const CLOCK: u8 = 0;
    const ABSOLUTE: u8 = 1;
    if count == 0 || count > MAX_LIST {
        return INVAL;
    }
    let mut first: Option<(u64, [u8; 8])> = None;
    for index in 0..count {
        let Some(at) = (list as u32).checked_add(index * SUBSCRIPTION_BYTES) else {
            return FAULT;
        };
        let Some(subscription) = guest.slice(at as i32, SUBSCRIPTION_BYTES) else {
            return FAULT;
        };
        if subscription[8] != CLOCK {
            return NOTSUP;
        }
        let word = |from: usize| -> [u8; 8] {
            subscription[from..from + 8].try_into().unwrap_or_default()
        };
        let timeout = u64::from_le_bytes(word(24));
        let rings = match subscription[40] & ABSOLUTE {
            ABSOLUTE => timeout,
            _ => wasi.clock_ns.saturating_add(timeout),
        };
        if first.is_none_or(|(earliest, _)| rings < earliest) {
            first = Some((rings, word(0)));
        }
    }
    let Some((rings, user_data)) = first else {
        return INVAL;
    };
    wasi.clock_ns = wasi.clock_ns.max(rings);
    let mut event = [0u8; 32];
    event[..8].copy_from_slice(&user_data);
    event[10] = CLOCK;
    guest
        .write(events, &event)
        .max(guest.write(out, &1u32.to_le_bytes()))
}

pub fn define<T: HasWasi>(linker: &mut Linker<T>) -> Result<()> {
    for name in ["args_get", "environ_get"] {
        linker.func_wrap(MODULE, name, |_: i32, _: i32| -> i32 { SUCCESS })?;
    }
    for name in ["args_sizes_get", "environ_sizes_get"] {
        linker.func_wrap(
            MODULE,
            name,
            |mut caller: Caller<'_, T>, count: i32, size: i32| {
                with(&mut caller, |guest, _| {
                    let zero = 0u32.to_le_bytes();
                    Ok(guest.write(count, &zero).max(guest.write(size, &zero)))
                })
            },
        )?;
    }
    linker.func_wrap(
        MODULE,
        "clock_res_get",
        |mut caller: Caller<'_, T>, _id: i32, out: i32| {
            with(&mut caller, |guest, _| {
                Ok(guest.write(out, &CLOCK_STEP_NS.to_le_bytes()))
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "clock_time_get",
        |mut caller: Caller<'_, T>, _id: i32, _precision: i64, out: i32| {
            with(&mut caller, |guest, wasi| {
                wasi.clock_ns = wasi.clock_ns.saturating_add(CLOCK_STEP_NS);
                Ok(guest.write(out, &wasi.clock_ns.to_le_bytes()))
            })
        },
    )?;
    linker.func_wrap(MODULE, "sched_yield", || -> i32 { SUCCESS })?;
    linker.func_wrap(
        MODULE,
        "poll_oneoff",
        |mut caller: Caller<'_, T>, list: i32, events: i32, count: u32, out: i32| {
            charge_list(&mut caller, count)?;
            with(&mut caller, |guest, wasi| {
                Ok(wait(guest, wasi, list, events, count, out))
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "random_get",
        |mut caller: Caller<'_, T>, out: i32, length: u32| {
            charge(&mut caller, length.into())?;
            with(&mut caller, |guest, wasi| {
                let Some(place) = guest.slice_mut(out, length) else {
                    return Ok(FAULT);
                };
                wasi.random.fill_bytes(place);
                Ok(SUCCESS)
            })
        },
    )?;
    linker.func_wrap(MODULE, "proc_exit", |code: i32| -> Result<()> {
        Err(Error::new(Exit(code)))
    })?;
    Ok(())
}
