//! Packs as `gradien pack new` writes them prove themselves, with the real grader.

use anyhow::{Result, ensure};
use gradien_tests::binaries;
use std::path::Path;
use std::process::{Command, Output};

fn pack(words: &[&str], folder: &Path) -> Result<Output> {
    Ok(Command::new(binaries::path("gradien-grader"))
        .arg("pack")
        .args(words)
        .current_dir(folder)
        .output()?)
}

fn succeeded(done: &Output) -> Result<String> {
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let told = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{said}\n{told}");
    Ok(said)
}

#[test]
fn each_kind_of_new_pack_proves_itself() -> Result<()> {
    binaries::guest();
    let place = tempfile::tempdir()?;
    for kind in ["answer", "function", "prediction", "model", "notebook"] {
        succeeded(&pack(&["new", kind], place.path())?)?;
        let name = format!("new-{kind}");
        succeeded(&pack(&["verify", &name], place.path())?)?;
        // What was made is not written over.
        let again = pack(&["new", kind], place.path())?;
        ensure!(!again.status.success());
        let told = String::from_utf8_lossy(&again.stderr);
        ensure!(told.contains("something is there already"), "{told}");
    }
    Ok(())
}

/// A proof that could not fail would prove nothing.
#[test]
fn a_new_pack_with_a_mistake_is_not_proved() -> Result<()> {
    binaries::guest();
    let place = tempfile::tempdir()?;
    succeeded(&pack(&["new", "function", "ch2-wrong"], place.path())?)?;
    let reference = place.path().join("ch2-wrong/reference.py");
    let text = std::fs::read_to_string(&reference)?;
    std::fs::write(&reference, text.replace("torch.relu", "torch.tanh"))?;
    let done = pack(&["verify", "ch2-wrong"], place.path())?;
    ensure!(!done.status.success());
    let said = String::from_utf8_lossy(&done.stdout);
    ensure!(said.contains("accepted/matrix.py"), "{said}");
    Ok(())
}
