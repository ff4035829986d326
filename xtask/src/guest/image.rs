//! The last steps: link, gather the Python library, start once, save.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::toolchain::Toolchain;
use super::{numpy, python};
use crate::cache::{self, Cache};
use crate::workspace::Workspace;
use crate::{checksum, process, progress};

const RECIPE: &str = "1";
pub const FILE: &str = "python.wasm";
pub const GUEST: &str = "sandbox/guest";
/// Where the snapshot's sum is pinned.
const SUM: &str = "sandbox/guest/snapshot.sha256";
/// What the snapshot depends on beyond the guest's own folder.
const SNAPSHOT_SOURCES: [&str; 15] = [
    "sandbox/kernels/src/elementary.rs",
    "sandbox/kernels/src/exp.rs",
    "sandbox/kernels/src/log.rs",
    "sandbox/kernels/src/memory.rs",
    "sandbox/kernels/src/powers.rs",
    "sandbox/kernels/src/product.rs",
    "sandbox/kernels/src/tanh.rs",
    "sandbox/snapshot/Cargo.toml",
    "sandbox/snapshot/src/main.rs",
    "sandbox/src/engine/kernels.rs",
    "sandbox/src/engine/wasi/files.rs",
    "sandbox/src/engine/wasi/memory.rs",
    "sandbox/src/engine/wasi/mod.rs",
    "sandbox/src/engine/wasi/rest.rs",
    "sandbox/src/engine/wasi/streams.rs",
];

pub struct Parts {
    pub toolchain: Toolchain,
    pub host: PathBuf,
    pub python: PathBuf,
    pub numpy: PathBuf,
}

/// Names the image: everything that goes into it.
pub fn key(workspace: &Workspace) -> Result<String> {
    let mut parts = vec![RECIPE.into(), numpy::key().into_bytes()];
    let guest = workspace.root().join(GUEST);
    let mut names: Vec<PathBuf> = fs::read_dir(&guest)
        .with_context(|| format!("cannot read {}", guest.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    names.retain(|path| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        matches!(extension, Some("c" | "h" | "py"))
    });
    names.extend(SNAPSHOT_SOURCES.map(|path| workspace.root().join(path)));
    names.sort();
    for path in names {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        parts.push(name.into_owned().into_bytes());
        parts.push(fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
    }
    Ok(cache::key_of(parts))
}

/// `python.wasm` in a folder of its own, with the pinned sum.
pub fn ensure(cache: &Cache, workspace: &Workspace, parts: &Parts, key: &str) -> Result<PathBuf> {
    let folder = cache.step("guest", key, |dir| {
        workspace.build_programs(cache, &["gradien-snapshot"], Duration::from_secs(120))?;
        let scratch = cache.scratch("guest-image", key)?;
        let task = progress::task("guest: linking", Duration::from_secs(60));
        let linked = link(cache, workspace, parts, &scratch)?;
        task.done();
        let task = progress::task("guest: starting and saving it", Duration::from_secs(20));
        let library = gather(cache, workspace, parts, &scratch)?;
        let image = dir.join(FILE);
        let mut command = Command::new(workspace.binary("gradien-snapshot"));
        command.arg(&linked).arg(&library).arg(&image);
        process::run(cache, "guest-image", &mut command)?;
        require_pinned(workspace, &image)?;
        cache.remove_scratch("guest-image", key)?;
        task.done();
        Ok(())
    })?;
    Ok(folder.join(FILE))
}

/// Fails unless the snapshot has the sum that the repository states.
pub fn require_pinned(workspace: &Workspace, image: &Path) -> Result<()> {
    let pinned = fs::read_to_string(workspace.root().join(SUM))
        .with_context(|| format!("cannot read {SUM}"))?;
    let pinned = pinned.trim();
    let found = checksum::sha256_of(image)?;
    if found == pinned {
        return Ok(());
    }
    bail!(
        "the guest {} has SHA-256 {found}, and {pinned} is pinned in {SUM}. Whoever \
         changed the guest on purpose writes the new sum there; otherwise something of this \
         machine has reached the build: please report it with the logs guest-*.log",
        image.display()
    )
}

pub fn link(
    cache: &Cache,
    workspace: &Workspace,
    parts: &Parts,
    scratch: &Path,
) -> Result<PathBuf> {
    let guest = workspace.root().join(GUEST);
    let mut objects = Vec::new();
    for name in ["guest", "cblas", "elementary"] {
        let object = scratch.join(format!("{name}.o"));
        let mut command = Command::new(parts.toolchain.program("wasm-cc"));
        command
            .args(python::WASM_FLAGS.split(' '))
            .arg("-ffp-contract=off")
            .arg(format!("-ffile-prefix-map={}=/guest", guest.display()))
            .arg("-I")
            .arg(parts.python.join("include/python3.13"))
            .arg("-c")
            .arg(guest.join(format!("{name}.c")))
            .arg("-o")
            .arg(&object);
        process::run(
            cache,
            "guest-image",
            parts.toolchain.prepare(&mut command, scratch),
        )?;
        objects.push(object);
    }
    objects.extend(list_sorted(&parts.numpy.join("objects"))?);
    let linked = scratch.join("linked.wasm");
    let mut command = Command::new(parts.toolchain.program("wasm-c++"));
    command
        .args(["-mexec-model=reactor", "-O3", "-s"])
        // As much stack as the host gives.
        .args(["-z", "stack-size=8388608", "-Wl,--initial-memory=67108864"])
        .arg("-o")
        .arg(&linked)
        .args(&objects);
    for library in [
        "libpython3.13.a",
        "libmpdec.a",
        "libHacl_Hash_SHA2.a",
        "libexpat.a",
    ] {
        command.arg(parts.python.join("lib").join(library));
    }
    command.args([
        "-lwasi-emulated-signal",
        "-lwasi-emulated-getpid",
        "-lwasi-emulated-process-clocks",
        "-lm",
    ]);
    process::run(
        cache,
        "guest-image",
        parts.toolchain.prepare(&mut command, scratch),
    )?;
    Ok(linked)
}

/// The Python library as one archive.
fn gather(cache: &Cache, workspace: &Workspace, parts: &Parts, scratch: &Path) -> Result<PathBuf> {
    let guest = workspace.root().join(GUEST);
    let library = scratch.join("python.zip");
    let mut command = Command::new(parts.host.join("bin/python3.13"));
    command
        .arg("-I")
        .arg(guest.join("pack_library.py"))
        .arg(&library)
        .arg(parts.host.join("lib/python3.13"))
        .arg(parts.numpy.join("numpy"))
        .arg(&guest);
    process::run(cache, "guest-image", super::fixed_environment(&mut command))?;
    Ok(library)
}

fn list_sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.sort();
    Ok(paths)
}
