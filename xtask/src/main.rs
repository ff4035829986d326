//! Developer commands, as `cargo xtask …`.
//!
//! `setup` fills the cache, `serve` and `test` do so first; see `setup/mod.rs` for its
//! parts and `cache.rs` for how a step is done once and shared between clones.

mod bench;
mod cache;
mod checksum;
mod debian;
mod deny;
mod environment;
mod guest;
mod pip;
mod process;
mod progress;
mod setup;
mod test;
mod workspace;

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cache::Cache;
use crate::environment::Environment;
use crate::setup::Extra;
use crate::workspace::Workspace;

const HELP: &str = "\
cargo xtask COMMAND

  serve [ARGUMENTS…]   set up, build and start Gradien; ARGUMENTS go to `gradien serve`
  test [FILTER]        set up, build, and run every check and test; with FILTER only the
                       tests whose name contains it
  setup [--cuda] [--browser]
                       fill the cache: libtorch (with CUDA if asked), the Python guest,
                       the front-end packages, a browser for the tests; then build
  guest                build the Python guest alone and print where its snapshot lies
  numpy-tests [PART…]  run NumPy's own tests inside the guest, or these parts of them
  env                  print what plain cargo needs: eval \"$(cargo xtask env)\"
  bench [FILTER]       set up, build, and run the measurements; `bench sandbox` measures
                       the sandbox against this machine's own Python and NumPy,
                       `bench grader` verdicts a second and what each stage costs
  clean-cache          remove the cache of all clones

The cache is $GRADIEN_CACHE, else $XDG_CACHE_HOME/gradien, else ~/.cache/gradien.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    match command.as_str() {
        "help" | "--help" | "-h" => print!("{HELP}"),
        "setup" => setup(rest)?,
        "serve" => serve(rest)?,
        "test" => return test(rest),
        "guest" => guest_alone()?,
        "numpy-tests" => return numpy_tests(rest),
        "env" => env()?,
        "bench" => bench::run(rest)?,
        "clean-cache" => clean_cache()?,
        other => bail!("there is no command {other}\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Sets up and builds every program.
fn set_up_and_build(cache: &Cache, workspace: &Workspace, extra: Extra) -> Result<Environment> {
    let environment = setup::ensure(cache, workspace, extra, |environment| {
        workspace.build_all(cache, environment)
    })?;
    Ok(environment)
}

fn setup(arguments: &[String]) -> Result<()> {
    let mut extra = Extra::default();
    for argument in arguments {
        match argument.as_str() {
            "--cuda" => extra.cuda = true,
            "--browser" => extra.browser = true,
            other => bail!("setup has no option {other}\n\n{HELP}"),
        }
    }
    let cache = Cache::open()?;
    let workspace = Workspace::find()?;
    set_up_and_build(&cache, &workspace, extra)?;
    progress::say(&format!("ready; the cache is {}", cache.root().display()));
    Ok(())
}

/// Replaces this process by the server, so that signals and the exit code are its own.
fn serve(arguments: &[String]) -> Result<()> {
    let cache = Cache::open()?;
    let workspace = Workspace::find()?;
    let environment = set_up_and_build(&cache, &workspace, Extra::default())?;
    let mut command = Command::new(workspace.binary("gradien"));
    command.arg("serve").args(arguments);
    environment.apply(&mut command);
    Err(command.exec()).with_context(|| format!("cannot start {:?}", command.get_program()))
}

fn test(filter: &[String]) -> Result<ExitCode> {
    let cache = Cache::open()?;
    let workspace = Workspace::find()?;
    let mut tally = test::Tally::default();
    let extra = Extra {
        browser: true,
        sklearn: true,
        ..Extra::default()
    };
    let environment = setup::ensure(&cache, &workspace, extra, |environment| {
        workspace.build_tests(&cache, environment)
    })?;
    if filter.is_empty() {
        test::check_sources(&mut tally, &cache, &workspace, &environment);
    }
    test::run_tests(&mut tally, &workspace, &environment, filter)?;
    tally.print();
    Ok(if tally.all_passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Fills the cache too, without building: nothing but the exports goes to the output.
fn env() -> Result<()> {
    let cache = Cache::open()?;
    let workspace = Workspace::find()?;
    let extra = Extra {
        browser: true,
        sklearn: true,
        ..Extra::default()
    };
    let environment = setup::ensure(&cache, &workspace, extra, |_| Ok(()))?;
    print!("{}", environment.shell_lines());
    Ok(())
}

fn numpy_tests(parts: &[String]) -> Result<ExitCode> {
    guest::run_numpy_tests(&Cache::open()?, &Workspace::find()?, parts)
}

fn guest_alone() -> Result<()> {
    let cache = Cache::open()?;
    let workspace = Workspace::find()?;
    println!("{}", guest::ensure(&cache, &workspace)?.display());
    Ok(())
}

fn clean_cache() -> Result<()> {
    let cache = Cache::open()?;
    cache.clean()?;
    println!("emptied {}", cache.root().display());
    Ok(())
}
