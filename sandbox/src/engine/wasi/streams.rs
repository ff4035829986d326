//! Standard output and error: capped buffers, and what can be asked of a descriptor.

use super::memory::{Guest, charge, charge_list, with};
use super::{
    BADF, EPOCH_NS, FAULT, HasWasi, INVAL, MODULE, OpenFile, OutputLimit, ROOT_FD, SPIPE, Wasi,
};
use wasmtime::{Caller, Error, Linker, Result};

/// A capped buffer.
#[derive(Default)]
pub struct Sink {
    pub bytes: Vec<u8>,
    pub(super) limit: usize,
    pub truncated: bool,
}

impl Sink {
    /// What was written, leaving nothing behind but the cap.
    pub(super) fn take(&mut self) -> Sink {
        let limit = self.limit;
        std::mem::replace(
            self,
            Sink {
                limit,
                ..Sink::default()
            },
        )
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), OutputLimit> {
        let room = self.limit - self.bytes.len();
        self.bytes
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            self.truncated = true;
            return Err(OutputLimit);
        }
        Ok(())
    }
}

pub fn define<T: HasWasi>(linker: &mut Linker<T>) -> Result<()> {
    linker.func_wrap(
        MODULE,
        "fd_write",
        |mut caller: Caller<'_, T>, fd: i32, list: i32, count: u32, written: i32| {
            charge_list(&mut caller, count)?;
            let mut total = 0u32;
            let errno = with(&mut caller, |guest, wasi| {
                let Some(buffers) = guest.buffers(list, count) else {
                    return Ok(INVAL);
                };
                let Some(sink) = wasi.sink(fd) else {
                    return Ok(BADF);
                };
                for (pointer, length) in buffers {
                    let Some(bytes) = guest.slice(pointer, length) else {
                        return Ok(FAULT);
                    };
                    sink.write(bytes).map_err(Error::new)?;
                    total = total.saturating_add(length);
                }
                Ok(guest.write(written, &total.to_le_bytes()))
            })?;
            charge(&mut caller, total.into())?;
            Ok(errno)
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_fdstat_get",
        |mut caller: Caller<'_, T>, fd: i32, out: i32| {
            with(&mut caller, |guest, wasi| {
                let Some(filetype) = wasi.filetype(fd) else {
                    return Ok(BADF);
                };
                // Type, flags, then all rights: nothing hangs on them here.
                let mut stat = [0u8; 24];
                stat[0] = filetype;
                stat[8..].fill(0xff);
                Ok(guest.write(out, &stat))
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_filestat_get",
        |mut caller: Caller<'_, T>, fd: i32, out: i32| {
            with(&mut caller, |guest, wasi| {
                let Some(filetype) = wasi.filetype(fd) else {
                    return Ok(BADF);
                };
                let file = wasi.find_open(fd).map(|open| open.file);
                let size = file.map_or(0, |file| wasi.content(file).len());
                Ok(guest.write(out, &filestat(filetype, size)))
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_seek",
        |mut caller: Caller<'_, T>, fd: i32, offset: i64, whence: i32, out: i32| {
            with(&mut caller, |guest, wasi| {
                seek(guest, wasi, fd, offset, whence, out)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_tell",
        |mut caller: Caller<'_, T>, fd: i32, out: i32| {
            with(&mut caller, |guest, wasi| seek(guest, wasi, fd, 0, 1, out))
        },
    )?;
    Ok(())
}

fn seek(
    guest: &mut Guest,
    wasi: &mut Wasi,
    fd: i32,
    offset: i64,
    whence: i32,
    out: i32,
) -> Result<i32> {
    if (0..=ROOT_FD).contains(&fd) {
        return Ok(SPIPE);
    }
    let Some(OpenFile { file, position }) = wasi.find_open(fd) else {
        return Ok(BADF);
    };
    let (file, position) = (*file, *position);
    let from = match whence {
        0 => 0,
        1 => position,
        2 => wasi.content(file).len() as u64,
        _ => return Ok(INVAL),
    };
    let Some(position) = from.checked_add_signed(offset) else {
        return Ok(INVAL);
    };
    if let Some(open) = wasi.find_open(fd) {
        open.position = position;
    }
    Ok(guest.write(out, &position.to_le_bytes()))
}

pub fn filestat(filetype: u8, size: usize) -> [u8; 64] {
    let mut stat = [0u8; 64];
    stat[16] = filetype;
    stat[24..32].copy_from_slice(&1u64.to_le_bytes());
    stat[32..40].copy_from_slice(&(size as u64).to_le_bytes());
    // Times of a file are when the clock starts.
    for time in stat[40..].chunks_exact_mut(8) {
        time.copy_from_slice(&EPOCH_NS.to_le_bytes());
    }
    stat
}
