//! `gradien user …`: accounts from the command line. A password is typed at a
//! prompt or piped in; it is never an argument, which everybody on the machine
//! could read.

use super::{block_on, start_log};
use crate::config::{Config, DataConfig};
use crate::services::Services;
use crate::services::accounts::{Role, SignUp};
use anyhow::{Context, bail};
use clap::{Args, FromArgMatches, Subcommand};
use gradien_problems::Language;
use std::io::{IsTerminal, stdin};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Action {
    /// Make an account; asks for its password, or reads it from standard input
    Create {
        username: String,
        /// What others see [default: the user name]
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        #[arg(long, value_enum, default_value_t = Role::Student)]
        role: Role,
    },
    /// Change what somebody may do
    SetRole {
        username: String,
        #[arg(value_enum)]
        role: Role,
    },
    /// Change a password and end the account's sessions
    SetPassword { username: String },
}

pub fn act(data: &DataConfig, action: Action) -> anyhow::Result<ExitCode> {
    start_log("warn");
    let config = config_for(data)?;
    block_on(async {
        let services = Services::open(config).await?;
        let accounts = &services.accounts;
        match action {
            Action::Create {
                username,
                display_name,
                role,
            } => {
                let form = SignUp {
                    display_name: display_name.unwrap_or_else(|| username.clone()),
                    username,
                    password: read_password()?,
                    language: Language::default(),
                };
                let user = accounts.create(form, role).await?;
                println!("{} ({}) created", user.username, user.role);
            }
            Action::SetRole { username, role } => {
                accounts.set_role(&username, role).await?;
                println!("{username} is {role} now");
            }
            Action::SetPassword { username } => {
                accounts.set_password(&username, read_password()?).await?;
                println!("the password of {username} is changed, its sessions have ended");
            }
        }
        services.close().await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// All settings but the data folder's at their defaults.
fn config_for(data: &DataConfig) -> anyhow::Result<Config> {
    let command = Config::augment_args(clap::Command::new("gradien"));
    let mut config = Config::from_arg_matches(&command.try_get_matches_from(["gradien"])?)?;
    config.data = data.clone();
    Ok(config)
}

fn read_password() -> anyhow::Result<String> {
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().read_line(&mut line).context("no password came")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let first = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Again: ")? != first {
        bail!("the two passwords differ");
    }
    Ok(first)
}
