//! Passwords: argon2id on threads of their own, few at a time, because each
//! hashing takes 19 MiB and some tens of milliseconds of a core on purpose.

use crate::services::{Result, ServiceError};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::fmt;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

pub const MIN_PASSWORD_CHARS: usize = 8;
pub const MAX_PASSWORD_CHARS: usize = 256;

/// Hashings at once; more would starve the pages and the graders.
static HASHINGS: Semaphore = Semaphore::const_new(2);

/// What an unknown name's password is compared with, so that it takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody has this password").ok());

/// A password that is long enough. It is never shown, logged or kept.
pub struct Password(String);

impl Password {
    pub fn parse(typed: String) -> Result<Password> {
        let (min, max) = (MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS);
        if (min..=max).contains(&typed.chars().count()) {
            Ok(Password(typed))
        } else {
            Err(ServiceError::PasswordLength { min, max })
        }
    }

    /// As a PHC string, with a salt of its own.
    pub async fn hash(self) -> Result<String> {
        on_a_thread(move || hash(&self.0)).await?
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

fn hash(password: &str) -> Result<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| ServiceError::internal(format!("a password could not be hashed: {error}")))
}

/// Whether the password has this hash. With no hash the answer is no, after as
/// much work as with one.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    if password.chars().count() > MAX_PASSWORD_CHARS {
        return Ok(false);
    }
    on_a_thread(move || {
        let known = hash.is_some();
        let Some(hash) = hash.or_else(|| NOBODY.clone()) else {
            return false;
        };
        let Ok(parsed) = PasswordHash::new(&hash) else {
            tracing::error!("a stored password hash is malformed");
            return false;
        };
        let right = Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        right && known
    })
    .await
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let permit = HASHINGS
        .acquire()
        .await
        .map_err(|_| ServiceError::internal("the password threads are gone"))?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(permit);
    done.map_err(|_| ServiceError::internal("a password thread panicked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_is_told_from_wrong_ones() {
        let password = || Password::parse("kuda lumping".into()).unwrap();
        let first = password().hash().await.unwrap();
        let second = password().hash().await.unwrap();
        assert!(first.starts_with("$argon2id$v=19$"), "{first}");
        assert_ne!(first, second, "each hash has its own salt");
        assert!(
            verify("kuda lumping".into(), Some(first.clone()))
                .await
                .unwrap()
        );
        assert!(!verify("kuda  lumping".into(), Some(first)).await.unwrap());
        assert!(
            !verify("nobody has this password".into(), None)
                .await
                .unwrap()
        );
    }

    #[test]
    fn short_and_endless_passwords_are_refused_and_none_is_printed() {
        assert!(Password::parse("1234567".into()).is_err());
        assert!(Password::parse("x".repeat(257)).is_err());
        let shown = format!("{:?}", Password::parse("rahasia-besar".into()).unwrap());
        assert!(!shown.contains("rahasia"));
    }
}
