//! Accounts: signing up, passwords, roles, preferences, the first administrator.

mod admin_link;
mod names;
mod password;

use super::clock::Clock;
use super::secrets::random_token;
use super::sessions::Viewer;
use super::{Result, ServiceError};
use crate::config::SignUpMode;
use crate::db::entity::user as row;
use crate::db::{self, Database, DbError};
use crate::ids::UserId;
use gradien_problems::Language;
use std::fmt;
use std::str::FromStr;

pub use names::{DisplayName, Username};
pub use password::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Password};

/// What somebody may do; each may do what those before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Role {
    Student,
    Coach,
    Admin,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Student, Role::Coach, Role::Admin];

    pub fn name(self) -> &'static str {
        match self {
            Role::Student => "student",
            Role::Coach => "coach",
            Role::Admin => "admin",
        }
    }

    /// Coaches and administrators see everybody's submissions in full.
    pub fn is_staff(self) -> bool {
        self >= Role::Coach
    }
}

/// How the pages look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the reader's system is set.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// The text is not the name of one of the choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the choices")]
pub struct UnknownChoice;

macro_rules! by_name {
    ($($type:ty),*) => {$(
        impl FromStr for $type {
            type Err = UnknownChoice;
            fn from_str(name: &str) -> std::result::Result<Self, UnknownChoice> {
                Self::ALL.into_iter().find(|one| one.name() == name).ok_or(UnknownChoice)
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    )*};
}
by_name!(Role, Theme);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    pub role: Role,
    pub preferences: Preferences,
    pub created_at_ms: i64,
}

impl User {
    pub(super) fn from_row(row: row::Model) -> db::Result<User> {
        let malformed = |what| DbError::Malformed { what };
        Ok(User {
            id: row.id.parse().map_err(|_| malformed("user id"))?,
            username: row.username,
            display_name: row.display_name,
            role: row.role.parse().map_err(|_| malformed("role"))?,
            preferences: Preferences {
                language: row.language.parse().map_err(|()| malformed("language"))?,
                zone: row.zone,
                theme: row.theme.parse().map_err(|_| malformed("theme"))?,
            },
            created_at_ms: row.created_at_ms,
        })
    }

    fn to_row(&self, password_hash: String) -> row::Model {
        row::Model {
            id: self.id.to_string(),
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            password_hash,
            role: self.role.name().into(),
            language: self.preferences.language.tag().into(),
            zone: self.preferences.zone.clone(),
            theme: self.preferences.theme.name().into(),
            created_at_ms: self.created_at_ms,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    pub language: Language,
    /// A name of the database of time zones; which can be chosen is for the
    /// pages to say.
    pub zone: String,
    pub theme: Theme,
}

pub const DEFAULT_ZONE: &str = "Asia/Jakarta";

impl Default for Preferences {
    fn default() -> Self {
        Preferences {
            language: Language::default(),
            zone: DEFAULT_ZONE.into(),
            theme: Theme::default(),
        }
    }
}

/// What a form for a new account holds, as typed.
pub struct SignUp {
    pub username: String,
    pub display_name: String,
    pub password: String,
    pub language: Language,
}

#[derive(Clone)]
pub struct Accounts {
    db: Database,
    clock: Clock,
    mode: SignUpMode,
}

impl Accounts {
    pub(super) fn new(db: Database, clock: Clock, mode: SignUpMode) -> Accounts {
        Accounts { db, clock, mode }
    }

    pub fn sign_up_open(&self) -> bool {
        self.mode == SignUpMode::Open
    }

    /// A new student.
    ///
    /// # Errors
    /// Signing up is closed, a field is not well-formed, or the name is taken.
    pub async fn sign_up(&self, form: SignUp) -> Result<User> {
        if !self.sign_up_open() {
            return Err(ServiceError::SignUpClosed);
        }
        self.create(form, Role::Student).await
    }

    /// A new account with any role; for administrators and the command line.
    pub async fn create(&self, form: SignUp, role: Role) -> Result<User> {
        let user = self.new_user(&form, role)?;
        let hash = Password::parse(form.password)?.hash().await?;
        let txn = self.db.begin_write().await?;
        db::users::create(&*txn, user.to_row(hash))
            .await
            .map_err(taken)?;
        txn.commit().await?;
        tracing::info!(user = %user.id, role = %user.role, "account created");
        Ok(user)
    }

    fn new_user(&self, form: &SignUp, role: Role) -> Result<User> {
        Ok(User {
            id: UserId::random(),
            username: Username::parse(&form.username)?.to_string(),
            display_name: DisplayName::parse(&form.display_name)?.to_string(),
            role,
            preferences: Preferences {
                language: form.language,
                ..Preferences::default()
            },
            created_at_ms: self.clock.now_ms(),
        })
    }

    /// Who this is, if the password is right. An unknown name takes as long as
    /// a wrong password.
    ///
    /// # Errors
    /// [`ServiceError::WrongCredentials`] whichever of the two is wrong.
    pub async fn verify_password(&self, username: &str, password: &str) -> Result<User> {
        let name = username.trim().to_lowercase();
        let found = db::users::find_by_name(self.db.read(), &name).await?;
        let hash = found.as_ref().map(|row| row.password_hash.clone());
        let right = password::verify(password.to_owned(), hash).await?;
        match found {
            Some(row) if right => Ok(User::from_row(row)?),
            _ => Err(ServiceError::WrongCredentials),
        }
    }

    pub async fn find(&self, username: &str) -> Result<Option<User>> {
        let name = username.trim().to_lowercase();
        let found = db::users::find_by_name(self.db.read(), &name).await?;
        Ok(found.map(User::from_row).transpose()?)
    }

    pub async fn find_by_id(&self, id: UserId) -> Result<Option<User>> {
        let found = db::users::find(self.db.read(), &id.to_string()).await?;
        Ok(found.map(User::from_row).transpose()?)
    }

    async fn get(&self, username: &str) -> Result<User> {
        self.find(username)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })
    }

    /// Changes what somebody may do, from their next request on.
    pub async fn set_role(&self, username: &str, role: Role) -> Result<()> {
        let user = self.get(username).await?;
        let txn = self.db.begin_write().await?;
        db::users::set_role(&*txn, &user.id.to_string(), role.name()).await?;
        txn.commit().await?;
        tracing::info!(user = %user.id, %role, "role changed");
        Ok(())
    }

    /// A new password; every session of the account ends.
    pub async fn set_password(&self, username: &str, password: String) -> Result<()> {
        let user = self.get(username).await?;
        let hash = Password::parse(password)?.hash().await?;
        let now_ms = self.clock.now_ms();
        let txn = self.db.begin_write().await?;
        let id = user.id.to_string();
        db::users::set_password_hash(&*txn, &id, &hash).await?;
        db::sessions::revoke_all_of(&*txn, &id, now_ms).await?;
        txn.commit().await?;
        tracing::info!(user = %user.id, "password changed, sessions ended");
        Ok(())
    }

    pub async fn set_preferences(&self, viewer: &Viewer, preferences: &Preferences) -> Result<()> {
        let txn = self.db.begin_write().await?;
        let id = viewer.user.id.to_string();
        let Preferences {
            language,
            zone,
            theme,
        } = preferences;
        db::users::set_preferences(&*txn, &id, language.tag(), zone, theme.name()).await?;
        txn.commit().await?;
        Ok(())
    }

    pub async fn has_admin(&self) -> Result<bool> {
        Ok(db::users::count_with_role(self.db.read(), Role::Admin.name()).await? > 0)
    }
}

fn taken(error: db::DbError) -> ServiceError {
    if error.is_unique_violation() {
        ServiceError::UsernameTaken
    } else {
        error.into()
    }
}
