//! Access to a guest's memory, and fuel for what a function does there.

use super::{FAULT, HasWasi, MAX_LIST, SUCCESS, Wasi};
use wasmtime::{Caller, Error, Extern, Memory, Result};

/// A guest's memory while one function runs.
pub struct Guest<'a> {
    bytes: &'a mut [u8],
}

impl Guest<'_> {
    pub fn slice(&self, pointer: i32, length: u32) -> Option<&[u8]> {
        let start = pointer as u32 as usize;
        self.bytes.get(start..start.checked_add(length as usize)?)
    }

    pub fn slice_mut(&mut self, pointer: i32, length: u32) -> Option<&mut [u8]> {
        let start = pointer as u32 as usize;
        self.bytes
            .get_mut(start..start.checked_add(length as usize)?)
    }

    fn read_u32(&self, pointer: i32) -> Option<u32> {
        Some(u32::from_le_bytes(self.slice(pointer, 4)?.try_into().ok()?))
    }

    #[must_use]
    pub fn write(&mut self, pointer: i32, bytes: &[u8]) -> i32 {
        match self.slice_mut(pointer, bytes.len() as u32) {
            Some(place) => {
                place.copy_from_slice(bytes);
                SUCCESS
            }
            None => FAULT,
        }
    }

    /// The buffers of a scatter or gather list.
    pub fn buffers(&self, list: i32, count: u32) -> Option<Vec<(i32, u32)>> {
        if count > MAX_LIST {
            return None;
        }
        let list = list as u32;
        (0..count)
            .map(|index| {
                let entry = list.checked_add(index * 8)?;
                let pointer = self.read_u32(entry as i32)?;
                let length = self.read_u32(entry.checked_add(4)? as i32)?;
                Some((pointer as i32, length))
            })
            .collect()
    }
}

pub fn find_memory<T>(caller: &mut Caller<'_, T>) -> Result<Memory> {
    match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => Ok(memory),
        _ => Err(Error::msg("the guest exports no memory")),
    }
}

/// Runs `body` with the guest's memory and the WASI state side by side.
pub fn with<T: HasWasi>(
    caller: &mut Caller<'_, T>,
    body: impl FnOnce(&mut Guest, &mut Wasi) -> Result<i32>,
) -> Result<i32> {
    let memory = find_memory(caller)?;
    let (bytes, state) = memory.data_and_store_mut(caller);
    body(&mut Guest { bytes }, state.wasi())
}

/// Fuel for bytes that compiled code does not count: one unit for eight of them.
pub fn charge<T>(caller: &mut Caller<'_, T>, bytes: u64) -> Result<()> {
    charge_units(caller, bytes / 8)
}

pub fn charge_units<T>(caller: &mut Caller<'_, T>, units: u64) -> Result<()> {
    // The snapshot tool counts none.
    let Ok(left) = caller.get_fuel() else {
        return Ok(());
    };
    match left.checked_sub(units) {
        Some(rest) => caller.set_fuel(rest),
        None => {
            caller.set_fuel(0)?;
            Err(wasmtime::Trap::OutOfFuel.into())
        }
    }
}

/// Fuel for reading a list of that many entries, be they empty.
pub fn charge_list<T>(caller: &mut Caller<'_, T>, entries: u32) -> Result<()> {
    charge(caller, u64::from(entries.min(MAX_LIST)) * 8)
}
