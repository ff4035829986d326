//! The CUDA half of libtorch, for machines with an NVIDIA driver; only if asked for.
//!
//! 2.4 GB come from the Python package index, 3.3 GB stay. The files keep the places
//! that they have in their wheels: each library finds the others by paths relative to
//! its own. `libtorch_cpu.so` and the CUDA runtime are the ones of the CPU folder,
//! which are in memory already when the reference process opens this half.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::cache::Cache;
use crate::pip::{self, Pin};
use crate::progress;
use crate::setup::libtorch;

const KEY: &str = "2.11.0-cuda13.0";

/// Of torch's own libraries those that need CUDA.
const TORCH_LIBRARIES: [&str; 5] = [
    "libtorch_cuda.so",
    "libtorch_cuda_linalg.so",
    "libtorch_nvshmem.so",
    "libc10_cuda.so",
    "libcaffe2_nvrtc.so",
];

const fn pin(
    name: &'static str,
    version: &'static str,
    file: &'static str,
    sha256: &'static str,
) -> Pin {
    Pin {
        name,
        version,
        file,
        sha256,
    }
}

/// What torch 2.11.0 asks for, in the versions that it asks for.
const NVIDIA: [Pin; 12] = [
    pin(
        "nvidia-cublas",
        "13.1.0.3",
        "nvidia_cublas-13.1.0.3-py3-none-manylinux_2_27_x86_64.whl",
        "ee8722c1f0145ab246bccb9e452153b5e0515fd094c3678df50b2a0888b8b171",
    ),
    pin(
        "nvidia-cuda-nvrtc",
        "13.0.88",
        "nvidia_cuda_nvrtc-13.0.88-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
        "ad9b6d2ead2435f11cbb6868809d2adeeee302e9bb94bcf0539c7a40d80e8575",
    ),
    pin(
        "nvidia-cudnn-cu13",
        "9.19.0.56",
        "nvidia_cudnn_cu13-9.19.0.56-py3-none-manylinux_2_27_x86_64.whl",
        "d20e1734305e9d68889a96e3f35094d733ff1f83932ebe462753973e53a572bf",
    ),
    pin(
        "nvidia-cufft",
        "12.0.0.61",
        "nvidia_cufft-12.0.0.61-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "6c44f692dce8fd5ffd3e3df134b6cdb9c2f72d99cf40b62c32dde45eea9ddad3",
    ),
    pin(
        "nvidia-cufile",
        "1.15.1.6",
        "nvidia_cufile-1.15.1.6-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "08a3ecefae5a01c7f5117351c64f17c7c62efa5fffdbe24fc7d298da19cd0b44",
    ),
    pin(
        "nvidia-curand",
        "10.4.0.35",
        "nvidia_curand-10.4.0.35-py3-none-manylinux_2_27_x86_64.whl",
        "1aee33a5da6e1db083fe2b90082def8915f30f3248d5896bcec36a579d941bfc",
    ),
    pin(
        "nvidia-cusolver",
        "12.0.4.66",
        "nvidia_cusolver-12.0.4.66-py3-none-manylinux_2_27_x86_64.whl",
        "0a759da5dea5c0ea10fd307de75cdeb59e7ea4fcb8add0924859b944babf1112",
    ),
    pin(
        "nvidia-cusparse",
        "12.6.3.3",
        "nvidia_cusparse-12.6.3.3-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "2b3c89c88d01ee0e477cb7f82ef60a11a4bcd57b6b87c33f789350b59759360b",
    ),
    pin(
        "nvidia-cusparselt-cu13",
        "0.8.0",
        "nvidia_cusparselt_cu13-0.8.0-py3-none-manylinux2014_x86_64.whl",
        "25e30a8a7323935d4ad0340b95a0b69926eee755767e8e0b1cf8dd85b197d3fd",
    ),
    pin(
        "nvidia-nccl-cu13",
        "2.28.9",
        "nvidia_nccl_cu13-2.28.9-py3-none-manylinux_2_18_x86_64.whl",
        "e4553a30f34195f3fa1da02a6da3d6337d28f2003943aa0a3d247bbc25fefc42",
    ),
    pin(
        "nvidia-nvjitlink",
        "13.0.88",
        "nvidia_nvjitlink-13.0.88-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
        "13a74f429e23b921c1109976abefacc69835f2f433ebd323d3946e11d804e47b",
    ),
    pin(
        "nvidia-nvshmem-cu13",
        "3.4.5",
        "nvidia_nvshmem_cu13-3.4.5-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "290f0a2ee94c9f3687a02502f3b9299a9f9fe826e6d0287ee18482e78d495b80",
    ),
];

/// The path of `libtorch_cuda.so`, for `GRADIEN_CUDA_LIBRARY`, where it was set up.
pub fn find_library(cache: &Cache) -> Option<PathBuf> {
    let folder = cache.find_step("libtorch", KEY)?;
    Some(folder.join("torch/lib/libtorch_cuda.so"))
}

/// Fills the folder if it is not there. Call it before [`libtorch::ensure`], which throws away the wheel
/// that both are taken from.
pub fn ensure(cache: &Cache) -> Result<()> {
    cache.step("libtorch", KEY, |dir| {
        cache.require_free(6_500_000_000, "libtorch with CUDA")?;
        let torch = libtorch::fetch_torch(cache)?;
        let task = progress::task(
            "CUDA libraries: fetching (1.9 GB) and unpacking",
            Duration::from_secs(180),
        );
        let found = pip::unzip(&torch, dir, |name| {
            let library = name.strip_prefix("torch/lib/");
            library.is_some_and(|library| TORCH_LIBRARIES.contains(&library))
        })?;
        if found != TORCH_LIBRARIES.len() {
            bail!(
                "the wheel of torch has {found} of {} CUDA libraries",
                TORCH_LIBRARIES.len()
            );
        }
        for pin in &NVIDIA {
            task.note(pin.name);
            let wheel = pip::wheel(cache, pin)?;
            pip::unzip(&wheel, dir, |name| {
                name.contains(".so") || libtorch::is_licence(name)
            })?;
            // Each is dropped when it is unpacked: the disk never holds all of both.
            libtorch::drop_wheel(cache, pin);
        }
        libtorch::keep_licences(dir, &dir.join("licences"))?;
        remove_metadata(dir)?;
        task.done();
        Ok(())
    })?;
    libtorch::drop_wheel_if_assembled(cache);
    Ok(())
}

/// What is left of the packages' metadata when their licences have been taken.
fn remove_metadata(dir: &Path) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "dist-info") {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}
