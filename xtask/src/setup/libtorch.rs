//! libtorch, assembled from wheels of the Python package index into a folder of the
//! form that torch-sys wants; no Python is needed to run it.
//!
//! There is no CPU-only wheel for Linux on x86-64 at the index, so one that carries
//! CUDA is fetched and only its CPU half is kept: 530 MB come, 410 MB stay.
//! `libtorch_cpu.so` needs two small CUDA libraries at load even where there is no
//! GPU; they are wheels of their own. The wheel's `libtorch.so` would drag in the CUDA
//! half, so a linker script stands in its place; it names nothing but the CPU half.
//!
//! The CUDA half is a folder of its own, never seen by the linker: the reference
//! process opens it at its start where it is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cache::Cache;
use crate::pip::{self, Pin};
use crate::{process, progress};

/// What `tch` 0.24 asks for.
pub const VERSION: &str = "2.11.0";

/// Any Python's wheel would do: the libraries in it are the same.
const TORCH: Pin = Pin {
    name: "torch",
    version: VERSION,
    file: "torch-2.11.0-cp312-cp312-manylinux_2_28_x86_64.whl",
    sha256: "0f68f4ac6d95d12e896c3b7a912b5871619542ec54d3649cf48cc1edd4dd2756",
};

const CUPTI: Pin = Pin {
    name: "nvidia-cuda-cupti",
    version: "13.0.85",
    file: "nvidia_cuda_cupti-13.0.85-py3-none-manylinux_2_25_x86_64.whl",
    sha256: "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8",
};

const CUDA_RUNTIME: Pin = Pin {
    name: "nvidia-cuda-runtime",
    version: "13.0.96",
    file: "nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    sha256: "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548",
};

/// Part of the folder's contents that is not in its name; a change of it must change
/// the key.
const CPU_KEY: &str = "2.11.0-cpu";

/// The folder for `LIBTORCH`, assembled if it is not there.
pub fn ensure(cache: &Cache) -> Result<PathBuf> {
    let folder = assemble_cpu(cache)?;
    // Half a gigabyte that nothing needs any more.
    drop_wheel(cache, &TORCH);
    Ok(folder)
}

fn assemble_cpu(cache: &Cache) -> Result<PathBuf> {
    require_platform()?;
    cache.step("libtorch", CPU_KEY, |dir| {
        cache.require_free(1_600_000_000, "libtorch")?;
        let wheel = fetch_torch(cache)?;
        let task = progress::task(
            format!("libtorch {VERSION}: unpacking the CPU half"),
            Duration::from_secs(20),
        );
        unpack_cpu(cache, &wheel, dir)?;
        task.done();
        Ok(())
    })
}

pub(super) fn fetch_torch(cache: &Cache) -> Result<PathBuf> {
    let task = progress::task(
        format!("libtorch {VERSION}: fetching the wheel (530 MB)"),
        Duration::from_secs(60),
    );
    let wheel = pip::wheel(cache, &TORCH)?;
    task.done();
    Ok(wheel)
}

fn unpack_cpu(cache: &Cache, wheel: &Path, dir: &Path) -> Result<()> {
    const LIBRARIES: [&str; 3] = ["libtorch_cpu.so", "libc10.so", "libgomp.so.1"];
    let unpacked = dir.join("unpacked");
    let is_library = |name: &str| {
        LIBRARIES
            .iter()
            .any(|library| name.strip_prefix("torch/lib/") == Some(library))
    };
    pip::unzip(wheel, &unpacked, |name| {
        name.starts_with("torch/include/") || is_library(name) || is_licence(name)
    })?;
    let libraries = dir.join("lib");
    fs::create_dir(&libraries)?;
    fs::rename(unpacked.join("torch/include"), dir.join("include"))
        .context("the wheel of torch has no headers")?;
    for library in LIBRARIES {
        take(&unpacked.join("torch/lib").join(library), &libraries)?;
    }
    for (pin, library) in [
        (&CUPTI, "libcupti.so.13"),
        (&CUDA_RUNTIME, "libcudart.so.13"),
    ] {
        let wheel = pip::wheel(cache, pin)?;
        let inside = format!("nvidia/cu13/lib/{library}");
        pip::unzip(&wheel, &unpacked, |name| name == inside || is_licence(name))?;
        take(&unpacked.join(&inside), &libraries)?;
    }
    keep_licences(&unpacked, &dir.join("licences"))?;
    fs::remove_dir_all(&unpacked)?;

    // The name that -lgomp looks for, where the compiler has no own.
    std::os::unix::fs::symlink("libgomp.so.1", libraries.join("libgomp.so"))?;
    fs::write(
        libraries.join("libtorch.so"),
        "INPUT ( AS_NEEDED ( libtorch_cpu.so ) )\n",
    )?;
    // Without it torch-sys would not check the version.
    fs::write(dir.join("build-version"), format!("{VERSION}\n"))?;
    strip(cache, &libraries.join("libtorch_cpu.so"))
}

/// 451 MB become 358: local symbols that only a debugger would miss. Where there is
/// no `strip` the library stays as it is.
fn strip(cache: &Cache, library: &Path) -> Result<()> {
    let Some(program) = process::find_program("strip") else {
        return Ok(());
    };
    let mut command = Command::new(program);
    command.arg("--strip-unneeded").arg(library);
    process::run(cache, "libtorch-strip", &mut command)
}

fn require_platform() -> Result<()> {
    if cfg!(all(
        target_os = "linux",
        target_arch = "x86_64",
        target_env = "gnu"
    )) {
        return Ok(());
    }
    bail!(
        "libtorch is set up for Linux on x86-64 with glibc only, and this is {} on {}",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

pub(super) fn is_licence(name: &str) -> bool {
    name.contains(".dist-info/licenses/")
}

/// Moves a file that must be there into a folder, under its own name.
fn take(file: &Path, folder: &Path) -> Result<()> {
    let name = file.file_name().context("a file has a name")?;
    fs::rename(file, folder.join(name))
        .with_context(|| format!("{} is not in its wheel", name.to_string_lossy()))
}

/// `<package>-<version>.dist-info/licenses` becomes `<into>/<package>-<version>`.
pub(super) fn keep_licences(unpacked: &Path, into: &Path) -> Result<()> {
    fs::create_dir_all(into)?;
    for entry in fs::read_dir(unpacked)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(package) = name.strip_suffix(".dist-info") {
            fs::rename(entry.path().join("licenses"), into.join(package))?;
        }
    }
    Ok(())
}

pub(super) fn drop_wheel(cache: &Cache, pin: &Pin) {
    // It is only a copy; where it cannot be removed nothing is lost but space.
    let _ = fs::remove_file(cache.downloads().join(pin.file));
}

/// Drops the wheel of torch unless the CPU folder is still to be made from it.
pub(super) fn drop_wheel_if_assembled(cache: &Cache) {
    if cache.find_step("libtorch", CPU_KEY).is_some() {
        drop_wheel(cache, &TORCH);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_and_libraries_are_told_from_the_rest() {
        assert!(is_licence("torch-2.11.0.dist-info/licenses/LICENSE"));
        assert!(!is_licence("torch/lib/libtorch_cpu.so"));
    }

    #[test]
    fn a_library_that_a_wheel_lacks_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = take(&folder.path().join("libx.so"), folder.path()).unwrap_err();
        assert!(
            error.to_string().contains("libx.so is not in its wheel"),
            "{error}"
        );
    }

    #[test]
    fn licences_are_kept_by_package() {
        let folder = tempfile::tempdir().unwrap();
        let unpacked = folder.path().join("u");
        fs::create_dir_all(unpacked.join("p-1.dist-info/licenses")).unwrap();
        fs::write(unpacked.join("p-1.dist-info/licenses/LICENSE"), "text").unwrap();
        keep_licences(&unpacked, &folder.path().join("l")).unwrap();
        assert_eq!(
            fs::read_to_string(folder.path().join("l/p-1/LICENSE")).unwrap(),
            "text"
        );
    }
}
