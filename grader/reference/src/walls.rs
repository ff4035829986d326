//! What the process gives up, and what it keeps where CUDA is in use.

use gradien_sandbox::lockdown::{self, LockdownError, Policy, Walls};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Locks the process. On the CPU everything is loaded by now and no file is kept.
/// With CUDA, cuDNN and the driver open libraries and device nodes when they feel
/// like it; so their folders stay readable and the nodes usable, and nothing else.
pub fn raise(cuda_library: Option<&Path>) -> Result<Walls, LockdownError> {
    let (read_paths, device_paths) = match cuda_library {
        None => (Vec::new(), Vec::new()),
        Some(library) => (list_late_paths(library), list_device_nodes()),
    };
    lockdown::apply(&Policy::Reference {
        read_paths,
        device_paths,
    })
}

/// Limits private writable memory to `bytes` beyond what there is now. An
/// allocation past it fails and becomes an exception of the reference. Not for a
/// process with CUDA, whose driver reserves far more than it uses.
pub fn limit_memory(bytes: u64) -> io::Result<()> {
    let limit = find_data_bytes()?.saturating_add(bytes);
    let hard = getrlimit(Resource::Data).maximum.unwrap_or(u64::MAX);
    let both = Some(limit.min(hard));
    setrlimit(
        Resource::Data,
        Rlimit {
            current: both,
            maximum: both,
        },
    )?;
    Ok(())
}

/// `VmData` of `/proc/self/status`: what RLIMIT_DATA counts.
fn find_data_bytes() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kib: Option<u64> = status.lines().find_map(|line| {
        line.strip_prefix("VmData:")?
            .trim()
            .strip_suffix(" kB")?
            .parse()
            .ok()
    });
    kib.map(|kib| kib << 10)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The folders of the libraries that are in memory now, the CUDA folder as a
/// whole, and what the driver asks the kernel about the machine.
fn list_late_paths(library: &Path) -> Vec<PathBuf> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let mut folders: Vec<PathBuf> = maps
        .lines()
        .filter_map(|line| line.split_ascii_whitespace().nth(5))
        .filter(|path| path.contains(".so"))
        .filter_map(|path| Path::new(path).parent().map(Path::to_owned))
        .collect();
    // <folder>/torch/lib/libtorch_cuda.so beside <folder>/nvidia.
    folders.extend(library.ancestors().nth(3).map(Path::to_owned));
    for path in [
        "/proc/self",
        "/proc/driver/nvidia",
        "/proc/devices",
        "/sys/devices",
        "/sys/bus/pci",
    ] {
        folders.push(path.into());
    }
    folders.retain(|folder| !folder.as_os_str().is_empty());
    folders.sort();
    folders.dedup();
    folders
}

fn list_device_nodes() -> Vec<PathBuf> {
    let names = fs::read_dir("/dev")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut nodes: Vec<PathBuf> = names
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("nvidia"))
        })
        .collect();
    nodes.push("/dev/shm".into());
    nodes.sort();
    nodes
}
