//! The guest image on disk: a snapshot, and its compilation for this machine.
//!
//! Beside the compiled image `X.cwasm` stands `X.json` with the SHA-256 of the
//! snapshot it was made from: that hash is part of every verdict. The name does not
//! hang on the extension, so an image may be compiled under another one and renamed.

use super::config::{engine, sandbox_version, unmetered_engine};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use wasmtime::{Engine, Module};

#[derive(Debug, thiserror::Error)]
pub enum GuestError {
    #[error("{}: cannot be read or written", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: cannot be used; compile the guest image again", .path.display())]
    Unusable {
        path: PathBuf,
        source: wasmtime::Error,
    },
    #[error("{}: was compiled by version {found}, this is {expected}; compile the guest image again", .path.display())]
    OtherVersion {
        path: PathBuf,
        found: String,
        expected: String,
    },
    #[error("{}: does not say which snapshot it was made from", .path.display())]
    NoPassport {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error("the engine cannot be set up")]
    Engine(#[source] wasmtime::Error),
    #[error("the snapshot cannot be compiled")]
    Compile(#[source] wasmtime::Error),
}

/// What stands beside a compiled image.
#[derive(Debug, Serialize, Deserialize)]
struct Passport {
    guest_hash: String,
    sandbox_version: String,
}

/// A guest ready to be instantiated.
pub struct Guest {
    pub engine: Engine,
    pub module: Module,
    /// SHA-256 of the snapshot.
    pub guest_hash: String,
    /// Whether its code counts fuel: always, but in a measurement.
    pub metered: bool,
}

impl Guest {
    /// Maps a compiled image. The file is trusted: it is native code of our own
    /// making, like the program that loads it.
    pub fn load(path: &Path) -> Result<Guest, GuestError> {
        let passport_path = passport_path(path);
        let text = fs::read(&passport_path).map_err(|source| GuestError::File {
            path: passport_path.clone(),
            source,
        })?;
        let passport: Passport =
            serde_json::from_slice(&text).map_err(|source| GuestError::NoPassport {
                path: passport_path,
                source,
            })?;
        let expected = sandbox_version();
        if passport.sandbox_version != expected {
            let found = passport.sandbox_version;
            return Err(GuestError::OtherVersion {
                path: path.into(),
                found,
                expected,
            });
        }
        let engine = engine().map_err(GuestError::Engine)?;
        // SAFETY: the file was written by `compile` below, next to its passport; wasmtime
        // itself refuses one of another version, CPU or configuration.
        let module = unsafe { Module::deserialize_file(&engine, path) }.map_err(|source| {
            GuestError::Unusable {
                path: path.into(),
                source,
            }
        })?;
        Ok(Guest {
            engine,
            module,
            guest_hash: passport.guest_hash,
            metered: true,
        })
    }

    /// Compiles a snapshot to code that counts no fuel, to measure what counting
    /// costs. It takes a minute and is kept nowhere; a runner cannot be told to use it.
    pub fn without_fuel(snapshot: &Path) -> Result<Guest, GuestError> {
        let wasm = fs::read(snapshot).map_err(|source| GuestError::File {
            path: snapshot.into(),
            source,
        })?;
        let engine = unmetered_engine().map_err(GuestError::Engine)?;
        let module = Module::new(&engine, &wasm).map_err(GuestError::Compile)?;
        Ok(Guest {
            engine,
            module,
            guest_hash: hex::encode(Sha256::digest(&wasm)),
            metered: false,
        })
    }
}

/// Compiles a snapshot for this machine, whole or not at all.
pub fn compile(snapshot: &Path, out: &Path) -> Result<(), GuestError> {
    let file = |path: &Path| {
        let path = path.to_path_buf();
        move |source| GuestError::File { path, source }
    };
    let wasm = fs::read(snapshot).map_err(file(snapshot))?;
    let passport = Passport {
        guest_hash: hex::encode(Sha256::digest(&wasm)),
        sandbox_version: sandbox_version(),
    };
    let engine = engine().map_err(GuestError::Engine)?;
    let compiled = engine
        .precompile_module(&wasm)
        .map_err(GuestError::Compile)?;
    let text = serde_json::to_vec_pretty(&passport).unwrap_or_default();
    let half = out.with_extension("half");
    fs::write(&half, compiled).map_err(file(&half))?;
    let passport_path = passport_path(out);
    fs::write(&passport_path, text).map_err(file(&passport_path))?;
    fs::rename(&half, out).map_err(file(out))
}

fn passport_path(path: &Path) -> PathBuf {
    path.with_extension("json")
}
