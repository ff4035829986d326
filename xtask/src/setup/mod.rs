//! What must be on the machine before Gradien can be built, served and tested.
//!
//! Every part is a step in the cache, so what is there is not made again and an
//! interrupted set-up goes on. Two things take minutes: the guest (CPython and NumPy
//! compiled to WebAssembly) and our own build. They run beside each other, and beside
//! the downloads.

pub mod chromium;
pub mod compiled_guest;
pub mod cuda;
pub mod libtorch;
pub mod node;
pub mod sklearn;
pub mod web;

use std::path::PathBuf;
use std::thread;

use anyhow::{Result, anyhow};

use crate::cache::Cache;
use crate::environment::Environment;
use crate::guest;
use crate::progress;
use crate::workspace::Workspace;

/// What is asked for beyond what serving needs.
#[derive(Clone, Copy, Default)]
pub struct Extra {
    /// libtorch with CUDA.
    pub cuda: bool,
    /// A browser for the tests.
    pub browser: bool,
    /// scikit-learn, to check metrics against.
    pub sklearn: bool,
}

/// What the set-up of a machine with two cores takes on the disk: downloads, built
/// parts, and room to build in.
const NEEDED_BYTES: u64 = 6_000_000_000;

/// Brings the machine to where Gradien can be built and run, calling `build` with the
/// environment as far as building needs it (`LIBTORCH`) while the guest is made.
pub fn ensure(
    cache: &Cache,
    workspace: &Workspace,
    extra: Extra,
    build: impl FnOnce(&Environment) -> Result<()>,
) -> Result<Environment> {
    if cache.find_step("state", FINISHED).is_none() {
        cache.require_free(NEEDED_BYTES, "the first set-up")?;
        progress::say(&format!(
            "First set-up: about 20 minutes on two cores, later runs take seconds. \
             It can be interrupted and goes on. Cache: {}",
            cache.root().display()
        ));
    }
    let mut environment = Environment::default();
    let guest = thread::scope(|scope| {
        let guest = scope.spawn(|| told(make_guest(cache, workspace)));
        let rest = told(make_rest(cache, workspace, extra, &mut environment))
            .and_then(|()| told(build(&environment)));
        let guest = guest
            .join()
            .unwrap_or_else(|_| Err(anyhow!("making the guest panicked")));
        rest.and(guest)
    })?;
    environment.set("GRADIEN_GUEST", guest);
    environment.set("GRADIEN_PACKS", workspace.root().join("problems/packs"));
    cache.step("state", FINISHED, |_| Ok(()))?;
    Ok(environment)
}

/// Marks a cache that was whole once; only the announcement depends on it.
const FINISHED: &str = "first-set-up";

fn make_guest(cache: &Cache, workspace: &Workspace) -> Result<PathBuf> {
    let snapshot = guest::ensure(cache, workspace)?;
    compiled_guest::ensure(cache, workspace, &snapshot)
}

fn make_rest(
    cache: &Cache,
    workspace: &Workspace,
    extra: Extra,
    environment: &mut Environment,
) -> Result<()> {
    if extra.cuda {
        cuda::ensure(cache)?;
    }
    environment.set("LIBTORCH", libtorch::ensure(cache)?);
    // Asked for once is enough: it is used from then on.
    if let Some(library) = cuda::find_library(cache) {
        environment.set("GRADIEN_CUDA_LIBRARY", library);
    }
    let web = web::ensure(cache, workspace.root())?;
    environment.set("GRADIEN_WEB", web.assets);
    environment.set("GRADIEN_AXE", web.axe);
    if extra.browser
        && let Some(chromium) = chromium::ensure(cache)?
    {
        environment.set("GRADIEN_CHROMIUM", chromium.browser);
        environment.set("GRADIEN_CHROMEDRIVER", chromium.driver);
    }
    if extra.sklearn
        && let Some(folder) = sklearn::find(cache)
    {
        environment.set("GRADIEN_SKLEARN", folder);
    }
    Ok(())
}

/// Shows an error at once, since the other half may go on for minutes before it is
/// returned; what is returned then does not repeat it.
fn told<T>(result: Result<T>) -> Result<T> {
    result.map_err(|error| {
        progress::say(&format!("error: {error:#}"));
        anyhow!("set-up did not finish, see above; the same command goes on from there")
    })
}
