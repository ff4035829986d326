//! Sessions: who a browser belongs to.
//!
//! A sign-in starts a *family*: one session with a chain of refresh tokens. The
//! access token (15 minutes, signed) names the session, and every request looks
//! the session up, so ending it works at once. When the access token is over,
//! the refresh token is exchanged for a new pair and is used up. A used token
//! that comes again was stolen from, or by, the browser: then the whole family
//! ends. Two tabs that refresh in the same moment are no thieves, so a token
//! may come again for [`ROTATION_GRACE_MS`] after its first use.
//!
//! Refresh tokens are 256 random bits, of which only the hash is kept.

use super::accounts::User;
use super::clock::Clock;
use super::secrets::{Key, Secrets, random_token, token_hash};
use super::{Result, ServiceError};
use crate::db::entity::{refresh_token, session};
use crate::db::{self, Database, DbError};
use crate::ids::SessionId;
use hmac::{Hmac, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::sync::Arc;

pub const ACCESS_MS: i64 = 15 * 60 * 1000;
pub const REFRESH_MS: i64 = 30 * 24 * 3600 * 1000;
pub const ROTATION_GRACE_MS: i64 = 20 * 1000;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub user: User,
    pub session: SessionId,
}

/// What a browser is given to keep. Has no `Debug`, so that it cannot be logged.
pub struct Tokens {
    pub access: String,
    pub access_expires_at_ms: i64,
    pub refresh: String,
    pub refresh_expires_at_ms: i64,
    pub session: SessionId,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    /// The session's id.
    sid: String,
    /// Seconds since 1970.
    iat: i64,
    exp: i64,
}

#[derive(Clone)]
pub struct Sessions {
    db: Database,
    clock: Clock,
    keys: Arc<Keys>,
}

struct Keys {
    sign: EncodingKey,
    check: DecodingKey,
    csrf: Key,
}

impl Sessions {
    pub(super) fn new(db: Database, clock: Clock, secrets: &Secrets) -> Sessions {
        let keys = Keys {
            sign: EncodingKey::from_secret(&secrets.token_key),
            check: DecodingKey::from_secret(&secrets.token_key),
            csrf: secrets.csrf_key,
        };
        Sessions {
            db,
            clock,
            keys: Arc::new(keys),
        }
    }

    /// Starts a session for somebody who has just proved who they are.
    pub async fn issue(&self, user: &User) -> Result<Tokens> {
        let session = SessionId::random();
        let now_ms = self.clock.now_ms();
        let txn = self.db.begin_write().await?;
        let row = session::Model {
            id: session.to_string(),
            user_id: user.id.to_string(),
            created_at_ms: now_ms,
            revoked_at_ms: None,
        };
        db::sessions::create(&*txn, row).await?;
        let tokens = self.new_tokens(&txn, session, now_ms).await?;
        txn.commit().await?;
        Ok(tokens)
    }

    /// Exchanges a refresh token for a new pair.
    ///
    /// # Errors
    /// [`ServiceError::SessionOver`] if it is unknown, expired or was used
    /// before; in the last case the whole session ends.
    pub async fn rotate(&self, refresh: &str) -> Result<Tokens> {
        let now_ms = self.clock.now_ms();
        let hash = token_hash(refresh);
        let txn = self.db.begin_write().await?;
        let Some(token) = db::sessions::find_refresh_token(&*txn, &hash).await? else {
            return Err(ServiceError::SessionOver);
        };
        let id = &token.session_id;
        let session = db::sessions::find(&*txn, id).await?;
        let ended = session.is_none_or(|session| session.revoked_at_ms.is_some());
        if ended || token.expires_at_ms <= now_ms {
            return Err(ServiceError::SessionOver);
        }
        match token.used_at_ms {
            None => db::sessions::use_refresh_token(&*txn, &hash, now_ms).await?,
            Some(used_at_ms) if now_ms - used_at_ms <= ROTATION_GRACE_MS => {}
            Some(_) => {
                db::sessions::revoke(&*txn, id, now_ms).await?;
                txn.commit().await?;
                tracing::warn!(
                    session = id,
                    "a used refresh token came again; session ended"
                );
                return Err(ServiceError::SessionOver);
            }
        }
        let session = id
            .parse()
            .map_err(|_| DbError::Malformed { what: "session id" })?;
        let tokens = self.new_tokens(&txn, session, now_ms).await?;
        txn.commit().await?;
        Ok(tokens)
    }

    /// Ends the session of this refresh token, if it is one.
    pub async fn revoke(&self, refresh: &str) -> Result<()> {
        let txn = self.db.begin_write().await?;
        if let Some(token) = db::sessions::find_refresh_token(&*txn, &token_hash(refresh)).await? {
            db::sessions::revoke(&*txn, &token.session_id, self.clock.now_ms()).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// Ends the session of a viewer: signing out.
    pub async fn end(&self, viewer: &Viewer) -> Result<()> {
        let txn = self.db.begin_write().await?;
        db::sessions::revoke(&*txn, &viewer.session.to_string(), self.clock.now_ms()).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Whose access token this is.
    ///
    /// # Errors
    /// [`ServiceError::SessionOver`] if it is forged or expired, or its session
    /// has ended.
    pub async fn authenticate(&self, access: &str) -> Result<Viewer> {
        // The clock is ours, so that a test can move it.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let claims = jsonwebtoken::decode::<Claims>(access, &self.keys.check, &validation)
            .map_err(|_| ServiceError::SessionOver)?
            .claims;
        if claims.exp * 1000 <= self.clock.now_ms() {
            return Err(ServiceError::SessionOver);
        }
        let session: SessionId = claims.sid.parse().map_err(|_| ServiceError::SessionOver)?;
        let row = db::sessions::find_user(self.db.read(), &session.to_string())
            .await?
            .ok_or(ServiceError::SessionOver)?;
        let user = User::from_row(row)?;
        Ok(Viewer { user, session })
    }

    async fn new_tokens(
        &self,
        txn: &db::WriteTransaction,
        session: SessionId,
        now_ms: i64,
    ) -> Result<Tokens> {
        let claims = Claims {
            sid: session.to_string(),
            iat: now_ms / 1000,
            exp: (now_ms + ACCESS_MS) / 1000,
        };
        let access = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.keys.sign)
            .map_err(|error| ServiceError::internal(format!("signing failed: {error}")))?;
        let refresh = random_token()?;
        let refresh_expires_at_ms = now_ms + REFRESH_MS;
        let row = refresh_token::Model {
            hash: token_hash(&refresh),
            session_id: session.to_string(),
            created_at_ms: now_ms,
            expires_at_ms: refresh_expires_at_ms,
            used_at_ms: None,
        };
        db::sessions::create_refresh_token(&**txn, row).await?;
        Ok(Tokens {
            access,
            access_expires_at_ms: claims.exp * 1000,
            refresh,
            refresh_expires_at_ms,
            session,
        })
    }

    /// The token that a form of this subject carries: the session's id, or a
    /// random cookie of a browser that is not signed in.
    pub fn csrf_token(&self, subject: &str) -> String {
        hex::encode(self.csrf_mac(subject).finalize().into_bytes())
    }

    /// Whether the form came from our page for this subject; takes the same
    /// time whatever differs.
    pub fn csrf_valid(&self, subject: &str, token: &str) -> bool {
        let Ok(bytes) = hex::decode(token) else {
            return false;
        };
        self.csrf_mac(subject).verify_slice(&bytes).is_ok()
    }

    fn csrf_mac(&self, subject: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.keys.csrf)
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(subject.as_bytes());
        mac
    }

    /// Forgets refresh tokens and sessions that are long over.
    pub async fn remove_expired(&self) -> Result<u64> {
        let txn = self.db.begin_write().await?;
        let removed = db::sessions::delete_expired(&*txn, self.clock.now_ms()).await?;
        txn.commit().await?;
        Ok(removed)
    }
}
