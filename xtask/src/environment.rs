//! What set-up hands to the programs: environment variables with the places of the
//! things in the cache.

use std::ffi::{OsStr, OsString};
use std::process::Command;

/// Names with their values, in the order they were set.
#[derive(Default)]
pub struct Environment {
    variables: Vec<(&'static str, OsString)>,
}

impl Environment {
    pub fn set(&mut self, name: &'static str, value: impl AsRef<OsStr>) {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.as_ref().to_owned()));
    }

    pub fn apply(&self, command: &mut Command) {
        for (name, value) in &self.variables {
            command.env(name, value);
        }
    }

    /// `export NAME='value'` lines for a shell.
    pub fn shell_lines(&self) -> String {
        self.variables
            .iter()
            .map(|(name, value)| {
                let value = value.to_string_lossy().replace('\'', r"'\''");
                format!("export {name}='{value}'\n")
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_set() {
        let mut environment = Environment::default();
        environment.set("LIBTORCH", "/old");
        environment.set("LIBTORCH", "/it's here");
        let script = format!("{}printf %s \"$LIBTORCH\"", environment.shell_lines());
        let said = crate::process::output(Command::new("sh").args(["-c", &script])).unwrap();
        assert_eq!(said, "/it's here");
    }
}
