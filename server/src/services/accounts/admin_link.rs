//! The link that makes the first administrator.
//!
//! Each start without an administrator makes a new one and forgets the old, so
//! a link that was seen in an old log is worth nothing. Only its hash is kept.
//! It is used up in the transaction that creates the account.

use super::{Accounts, Password, Role, SignUp, User, random_token, taken};
use crate::db;
use crate::services::secrets::token_hash;
use crate::services::{Result, ServiceError};

impl Accounts {
    /// A new link's token while there is no administrator, else `None`. The
    /// caller shows it once, to the operator alone.
    pub async fn renew_admin_link(&self) -> Result<Option<String>> {
        let token = random_token()?;
        let txn = self.db.begin_write().await?;
        db::admin_links::delete_all(&*txn).await?;
        if db::users::count_with_role(&*txn, Role::Admin.name()).await? > 0 {
            txn.commit().await?;
            return Ok(None);
        }
        db::admin_links::create(&*txn, &token_hash(&token), self.clock.now_ms()).await?;
        txn.commit().await?;
        Ok(Some(token))
    }

    /// Whether this token would be taken now; for showing the form.
    pub async fn admin_link_valid(&self, token: &str) -> Result<bool> {
        Ok(!self.has_admin().await?
            && db::admin_links::exists(self.db.read(), &token_hash(token)).await?)
    }

    /// Makes the first administrator and uses the link up.
    ///
    /// # Errors
    /// [`ServiceError::AdminLinkInvalid`], or what is wrong with the form; then
    /// the link still holds.
    pub async fn redeem_admin_link(&self, token: &str, form: SignUp) -> Result<User> {
        // Hashing a password is dear, so a stranger's guess does not get there.
        if !self.admin_link_valid(token).await? {
            return Err(ServiceError::AdminLinkInvalid);
        }
        let user = self.new_user(&form, Role::Admin)?;
        let hash = Password::parse(form.password)?.hash().await?;
        let txn = self.db.begin_write().await?;
        let deleted = db::admin_links::delete(&*txn, &token_hash(token)).await?;
        if !deleted || db::users::count_with_role(&*txn, Role::Admin.name()).await? > 0 {
            return Err(ServiceError::AdminLinkInvalid);
        }
        db::users::create(&*txn, user.to_row(hash))
            .await
            .map_err(taken)?;
        txn.commit().await?;
        tracing::info!(user = %user.id, "first administrator created");
        Ok(user)
    }
}
