//! scikit-learn for the outside check of the metrics: a test alone uses it, by the
//! machine's own Python. The wheels are unpacked and nothing is installed.
//!
//! There are wheels for the Pythons of today's Debian and Ubuntu; elsewhere, or
//! without a network, the check says that it is skipped.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::cache::Cache;
use crate::pip::{self, Pin};
use crate::{process, progress};

/// Part of the key: bump to unpack anew.
const RECIPE: &str = "1.9.1-1";

const PURE: &[Pin] = &[
    Pin {
        name: "cloudpickle",
        version: "3.1.3",
        file: "cloudpickle-3.1.3-py3-none-any.whl",
        sha256: "1654f4f18e416447210a63c5c25a135d65a292156aa5fa519dfa4baf7726dddb",
    },
    Pin {
        name: "joblib",
        version: "1.6.0",
        file: "joblib-1.6.0-py3-none-any.whl",
        sha256: "3dbbf9f6e4b592a2357b854608e980fe6390d131d7a82f011a377ef2ebef7aba",
    },
    Pin {
        name: "narwhals",
        version: "2.29.0",
        file: "narwhals-2.29.0-py3-none-any.whl",
        sha256: "1c69b3dc30240f6e848c5a673cafc86affa44184ecce721e25b7194663ad10dc",
    },
    Pin {
        name: "threadpoolctl",
        version: "3.8.0",
        file: "threadpoolctl-3.8.0-py3-none-any.whl",
        sha256: "f1b49c82704d50f13ffae019c727b0fa4f6791a58f48f06a09c45face1be66da",
    },
];

const CP311: &[Pin] = &[
    Pin {
        name: "numpy",
        version: "2.4.6",
        file: "numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "89cd468399cfd2504718f0ba50e410dca55a170b61a02ad92bb18c8a65186e93",
    },
    Pin {
        name: "scikit-learn",
        version: "1.9.1",
        file: "scikit_learn-1.9.1-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "52a0703bbc07ad27f560fa63fa68e4c54dd735bfbbf65b4dd3c225dc7547b6df",
    },
    Pin {
        name: "scipy",
        version: "1.17.1",
        file: "scipy-1.17.1-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "43af8d1f3bea642559019edfe64e9b11192a8978efbd1539d7bc2aaa23d92de4",
    },
];

const CP312: &[Pin] = &[
    Pin {
        name: "numpy",
        version: "2.4.6",
        file: "numpy-2.4.6-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "90f9849678c75fe7afa2d348ac842c168b0a4d3d61919687216dfc547976d853",
    },
    Pin {
        name: "scikit-learn",
        version: "1.9.1",
        file: "scikit_learn-1.9.1-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "e5d7b18a5b9dca241a74695f3275fa4c895a9dadc72b3d8df5fa9d1083c9b83e",
    },
    Pin {
        name: "scipy",
        version: "1.17.1",
        file: "scipy-1.17.1-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "02ae3b274fde71c5e92ac4d54bc06c42d80e399fec704383dcd99b301df37458",
    },
];

const CP313: &[Pin] = &[
    Pin {
        name: "numpy",
        version: "2.4.6",
        file: "numpy-2.4.6-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "a7830bab239b79cda9c08c2da014761cafb48da6150e1da17ac06283f43b6089",
    },
    Pin {
        name: "scikit-learn",
        version: "1.9.1",
        file: "scikit_learn-1.9.1-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "55e79d6e9b0923f1a978179822bd43d7f5543f45e970a00fe861f43486380aba",
    },
    Pin {
        name: "scipy",
        version: "1.17.1",
        file: "scipy-1.17.1-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        sha256: "581b2264fc0aa555f3f435a5944da7504ea3a065d7029ad60e7c3d1ae09c5464",
    },
];

/// The folder for `PYTHONPATH`, or `None` and a line that says why there is none.
pub fn find(cache: &Cache) -> Option<PathBuf> {
    match ensure(cache) {
        Ok(folder) => Some(folder),
        Err(error) => {
            progress::say(&format!(
                "note: no scikit-learn to check metrics against: {error:#}"
            ));
            None
        }
    }
}

fn ensure(cache: &Cache) -> Result<PathBuf> {
    let python = process::get_program("python3")?;
    let tag = process::output(Command::new(&python).args(["-I", "-c", TAG]))?;
    let pins = match tag.trim() {
        "cp311-x86_64" => CP311,
        "cp312-x86_64" => CP312,
        "cp313-x86_64" => CP313,
        other => bail!("there are no wheels here for {other}"),
    };
    let key = format!("{RECIPE}-{}", tag.trim());
    cache.step("sklearn", &key, |folder| {
        unpack(cache, &python, pins, folder)
    })
}

const TAG: &str =
    "import platform, sys\nprint('cp%d%d-%s' % (*sys.version_info[:2], platform.machine()))";

fn unpack(cache: &Cache, python: &Path, pins: &[Pin], folder: &Path) -> Result<()> {
    let task = progress::task(
        "scikit-learn for the check of the metrics",
        Duration::from_secs(30),
    );
    cache.require_free(500_000_000, "scikit-learn")?;
    for pin in PURE.iter().chain(pins) {
        let wheel = pip::wheel(cache, pin)?;
        pip::unzip(&wheel, folder, |_| true)?;
    }
    // Tells now, not in the middle of a test, that a library is missing.
    process::output(
        Command::new(python)
            .args(["-c", "import sklearn.metrics"])
            .env("PYTHONPATH", folder),
    )?;
    task.done();
    Ok(())
}
