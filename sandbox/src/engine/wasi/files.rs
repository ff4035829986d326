//! Read-only files, where there are any, and "no" to everything else about a path.

use super::memory::{Guest, charge_list, with};
use super::streams::filestat;
use super::{
    BADF, FAULT, FILETYPE_DIRECTORY, FILETYPE_REGULAR, FIRST_FILE_FD, HasWasi, INVAL, MAX_LIST,
    MODULE, NOENT, OpenFile, ROFS, ROOT_FD, SUCCESS,
};
use std::sync::Arc;
use wasmtime::{Caller, Linker, Result};

/// Fills the buffers from `position` on; gives back how many bytes.
fn read_at(
    guest: &mut Guest,
    content: &[u8],
    buffers: &[(i32, u32)],
    position: u64,
) -> Option<u32> {
    let mut start = usize::try_from(position).ok()?.min(content.len());
    let mut total = 0;
    for &(pointer, length) in buffers {
        let count = (length as usize).min(content.len() - start);
        let place = guest.slice_mut(pointer, count as u32)?;
        place.copy_from_slice(&content[start..start + count]);
        start += count;
        total += count as u32;
    }
    Some(total)
}

pub fn define<T: HasWasi>(linker: &mut Linker<T>) -> Result<()> {
    linker.func_wrap(
        MODULE,
        "fd_read",
        |mut caller: Caller<'_, T>, fd: i32, list: i32, count: u32, out: i32| {
            charge_list(&mut caller, count)?;
            with(&mut caller, |guest, wasi| {
                if fd == 0 {
                    return Ok(guest.write(out, &0u32.to_le_bytes()));
                }
                let Some(buffers) = guest.buffers(list, count) else {
                    return Ok(INVAL);
                };
                let files = Arc::clone(&wasi.files);
                let Some(open) = wasi.find_open(fd) else {
                    return Ok(BADF);
                };
                let content = &files[open.file].1;
                let Some(read) = read_at(guest, content, &buffers, open.position) else {
                    return Ok(FAULT);
                };
                open.position += u64::from(read);
                Ok(guest.write(out, &read.to_le_bytes()))
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_pread",
        |mut caller: Caller<'_, T>, fd: i32, list: i32, count: u32, offset: i64, out: i32| {
            charge_list(&mut caller, count)?;
            with(&mut caller, |guest, wasi| {
                let Some(buffers) = guest.buffers(list, count) else {
                    return Ok(INVAL);
                };
                let files = Arc::clone(&wasi.files);
                let Some(open) = wasi.find_open(fd) else {
                    return Ok(BADF);
                };
                match read_at(guest, &files[open.file].1, &buffers, offset as u64) {
                    Some(read) => Ok(guest.write(out, &read.to_le_bytes())),
                    None => Ok(FAULT),
                }
            })
        },
    )?;
    linker.func_wrap(MODULE, "fd_close", |mut caller: Caller<'_, T>, fd: i32| {
        let index = fd
            .checked_sub(FIRST_FILE_FD)
            .and_then(|index| usize::try_from(index).ok());
        let place = index.and_then(|index| caller.data_mut().wasi().open.get_mut(index));
        match place.and_then(Option::take) {
            Some(_) => SUCCESS,
            None if (0..=2).contains(&fd) => SUCCESS,
            None => BADF,
        }
    })?;
    linker.func_wrap(
        MODULE,
        "fd_prestat_get",
        |mut caller: Caller<'_, T>, fd: i32, out: i32| {
            with(&mut caller, |guest, _| {
                // A folder whose name is one byte long.
                let stat = [0u32.to_le_bytes(), 1u32.to_le_bytes()].concat();
                Ok(if fd == ROOT_FD {
                    guest.write(out, &stat)
                } else {
                    BADF
                })
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_prestat_dir_name",
        |mut caller: Caller<'_, T>, fd: i32, out: i32, length: u32| {
            with(&mut caller, |guest, _| {
                let fits = fd == ROOT_FD && length >= 1;
                Ok(if fits { guest.write(out, b"/") } else { BADF })
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "path_open",
        |mut caller: Caller<'_, T>,
         _fd: i32,
         _lookup: i32,
         path: i32,
         length: u32,
         open_flags: i32,
         rights: i64,
         _inheriting: i64,
         _fd_flags: i32,
         out: i32| {
            with(&mut caller, |guest, wasi| {
                const CREATE_OR_TRUNCATE: i32 = 1 | 8;
                const RIGHT_WRITE: i64 = 1 << 6;
                let Some(path) = guest.slice(path, length.min(MAX_LIST)) else {
                    return Ok(FAULT);
                };
                let file = wasi.find_file(path);
                if open_flags & CREATE_OR_TRUNCATE != 0
                    || (file.is_some() && rights & RIGHT_WRITE != 0)
                {
                    return Ok(ROFS);
                }
                let Some(file) = file else { return Ok(NOENT) };
                let fd = FIRST_FILE_FD + wasi.open.len() as i32;
                wasi.open.push(Some(OpenFile { file, position: 0 }));
                Ok(guest.write(out, &fd.to_le_bytes()))
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "path_filestat_get",
        |mut caller: Caller<'_, T>, _fd: i32, _flags: i32, path: i32, length: u32, out: i32| {
            with(&mut caller, |guest, wasi| {
                let Some(path) = guest.slice(path, length.min(MAX_LIST)) else {
                    return Ok(FAULT);
                };
                let stat = match wasi.find_file(path) {
                    Some(file) => filestat(FILETYPE_REGULAR, wasi.content(file).len()),
                    None if wasi.is_folder(path) => filestat(FILETYPE_DIRECTORY, 0),
                    None => return Ok(NOENT),
                };
                Ok(guest.write(out, &stat))
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "path_readlink",
        |_: i32, _: i32, _: i32, _: i32, _: i32, _: i32| -> i32 { NOENT },
    )?;
    for name in [
        "path_create_directory",
        "path_unlink_file",
        "path_remove_directory",
    ] {
        linker.func_wrap(MODULE, name, |_: i32, _: i32, _: i32| -> i32 { ROFS })?;
    }
    Ok(())
}
