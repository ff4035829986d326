use crate::services::ServiceError;
use crate::services::accounts::Role;
use crate::services::sessions::{ACCESS_MS, REFRESH_MS, ROTATION_GRACE_MS};
use crate::testing::site;
use jsonwebtoken::{EncodingKey, Header, encode};

macro_rules! assert_over {
    ($result:expr) => {
        assert!(matches!($result, Err(ServiceError::SessionOver)));
    };
}

#[tokio::test]
async fn an_access_token_lasts_a_quarter_of_an_hour_and_is_renewed() {
    let site = site(&[]).await;
    let sessions = &site.services.sessions;
    let user = site.user("budi", Role::Student).await;
    let first = sessions.issue(&user).await.unwrap();
    let viewer = sessions.authenticate(&first.access).await.unwrap();
    assert_eq!((viewer.user, viewer.session), (user, first.session));

    site.clock.advance_ms(ACCESS_MS);
    assert_over!(sessions.authenticate(&first.access).await);
    let second = sessions.rotate(&first.refresh).await.unwrap();
    assert_eq!(second.session, first.session);
    assert_ne!(second.refresh, first.refresh);
    sessions.authenticate(&second.access).await.unwrap();

    site.clock.advance_ms(REFRESH_MS);
    assert_over!(sessions.rotate(&second.refresh).await);
    assert_eq!(sessions.remove_expired().await.unwrap(), 1);
}

#[tokio::test]
async fn a_used_refresh_token_that_comes_again_ends_the_session() {
    let site = site(&[]).await;
    let sessions = &site.services.sessions;
    let user = site.user("budi", Role::Student).await;
    let first = sessions.issue(&user).await.unwrap();
    let second = sessions.rotate(&first.refresh).await.unwrap();
    // Two tabs at once.
    let tab = sessions.rotate(&first.refresh).await.unwrap();
    sessions.authenticate(&tab.access).await.unwrap();

    site.clock.advance_ms(ROTATION_GRACE_MS + 1);
    assert_over!(sessions.rotate(&first.refresh).await);
    for tokens in [second, tab] {
        assert_over!(sessions.authenticate(&tokens.access).await);
        assert_over!(sessions.rotate(&tokens.refresh).await);
    }
    // Another browser of the same user is not touched.
    let elsewhere = sessions.issue(&user).await.unwrap();
    sessions.authenticate(&elsewhere.access).await.unwrap();
}

#[tokio::test]
async fn ending_a_session_works_at_once() {
    let site = site(&[]).await;
    let sessions = &site.services.sessions;
    let user = site.user("budi", Role::Student).await;
    let (out, forgotten, kept) = (
        sessions.issue(&user).await.unwrap(),
        sessions.issue(&user).await.unwrap(),
        sessions.issue(&user).await.unwrap(),
    );
    let viewer = sessions.authenticate(&out.access).await.unwrap();
    sessions.end(&viewer).await.unwrap();
    sessions.revoke(&forgotten.refresh).await.unwrap();
    sessions.revoke("no token of ours").await.unwrap();
    for ended in [out, forgotten] {
        assert_over!(sessions.authenticate(&ended.access).await);
        assert_over!(sessions.rotate(&ended.refresh).await);
    }
    sessions.authenticate(&kept.access).await.unwrap();

    let accounts = &site.services.accounts;
    accounts
        .set_password("budi", "gatot kaca".into())
        .await
        .unwrap();
    assert_over!(sessions.authenticate(&kept.access).await);
    accounts
        .verify_password("budi", "gatot kaca")
        .await
        .unwrap();
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let site = site(&[]).await;
    let sessions = &site.services.sessions;
    let user = site.user("budi", Role::Student).await;
    let tokens = sessions.issue(&user).await.unwrap();
    let claims = serde_json::json!({
        "sid": tokens.session.to_string(), "iat": 0, "exp": 9_999_999_999_i64,
    });
    let other_key = EncodingKey::from_secret(b"not the server's key, but as long");
    let forged = encode(&Header::default(), &claims, &other_key).unwrap();
    // {"alg":"none","typ":"JWT"} with the same claims and no signature.
    let body = forged.split('.').nth(1).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.");
    let cut = &tokens.access[..tokens.access.len() - 1];
    for token in [forged.as_str(), &unsigned, cut, "", "a.b.c"] {
        assert_over!(sessions.authenticate(token).await);
    }
    // A refresh token is no access token, and what is kept of one is neither.
    assert_over!(sessions.authenticate(&tokens.refresh).await);
    let kept = crate::services::secrets::token_hash(&tokens.refresh);
    assert_over!(sessions.rotate(&kept).await);
}

#[tokio::test]
async fn form_tokens_hold_for_their_own_subject_alone() {
    let site = site(&[]).await;
    let sessions = &site.services.sessions;
    let token = sessions.csrf_token("one");
    assert!(sessions.csrf_valid("one", &token));
    assert!(!sessions.csrf_valid("other", &token));
    for bad in ["", "00", "zz", &token[..62]] {
        assert!(!sessions.csrf_valid("one", bad));
    }
}
