//! Landlock: no file but those named, and those for reading only; but for the one
//! folder that an archive is unpacked into.

use super::{Policy, Walls};
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use std::path::Path;

const NEWEST: ABI = ABI::V6;

pub fn restrict(policy: &Policy, walls: &mut Walls) {
    let state = match build(policy) {
        Ok(RulesetStatus::FullyEnforced) => Ok("landlock, all of it".into()),
        Ok(RulesetStatus::PartiallyEnforced) => Ok("landlock, as much as this kernel has".into()),
        Ok(RulesetStatus::NotEnforced) => Err("this kernel has no landlock".into()),
        Err(error) => Err(error.to_string()),
    };
    walls.note("files", state);
}

fn build(policy: &Policy) -> Result<RulesetStatus, RulesetError> {
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    if let Policy::Reference {
        read_paths,
        device_paths,
    } = policy
    {
        for path in read_paths {
            ruleset = allow(
                ruleset,
                path,
                AccessFs::from_read(NEWEST) & !AccessFs::Execute,
            )?;
        }
        for path in device_paths {
            let access = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::IoctlDev;
            ruleset = allow(ruleset, path, access)?;
        }
    }
    if let Policy::Unpack { folder, .. } = policy {
        ruleset = allow(ruleset, folder, unpacking())?;
    }
    Ok(ruleset.restrict_self()?.ruleset)
}

/// Plain files and folders can be made and read: no links, no devices, no moving.
fn unpacking() -> landlock::BitFlags<AccessFs> {
    AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
}

/// A path that is not there needs no permission.
fn allow(
    ruleset: landlock::RulesetCreated,
    path: &Path,
    access: landlock::BitFlags<AccessFs>,
) -> Result<landlock::RulesetCreated, RulesetError> {
    let Ok(opened) = PathFd::new(path) else {
        return Ok(ruleset);
    };
    let access = if path.is_dir() {
        access
    } else {
        access & AccessFs::from_file(NEWEST)
    };
    ruleset.add_rule(PathBeneath::new(opened, access))
}
