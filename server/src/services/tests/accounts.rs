use crate::services::ServiceError;
use crate::services::accounts::{Preferences, Role, Theme};
use crate::testing::{PASSWORD, form, site};
use gradien_problems::Language;

#[tokio::test]
async fn a_new_account_is_a_students_and_its_name_is_taken() {
    let site = site(&[]).await;
    let accounts = &site.services.accounts;
    let user = accounts.sign_up(form("Budi")).await.unwrap();
    assert_eq!((user.username.as_str(), user.role), ("budi", Role::Student));
    let again = accounts.sign_up(form("BUDI")).await;
    assert!(matches!(again, Err(ServiceError::UsernameTaken)));
    let short = crate::services::accounts::SignUp {
        password: "1234567".into(),
        ..form("ani")
    };
    let short = accounts.sign_up(short).await;
    assert!(matches!(short, Err(ServiceError::PasswordLength { .. })));
}

#[tokio::test]
async fn signing_up_can_be_closed() {
    let site = site(&["--sign-up", "closed"]).await;
    let refused = site.services.accounts.sign_up(form("budi")).await;
    assert!(matches!(refused, Err(ServiceError::SignUpClosed)));
    site.user("budi", Role::Student).await;
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_told_alike() {
    let site = site(&[]).await;
    let accounts = &site.services.accounts;
    site.user("budi", Role::Student).await;
    let user = accounts.verify_password(" Budi ", PASSWORD).await.unwrap();
    assert_eq!(user.username, "budi");
    for (name, password) in [("budi", "kuda terbang"), ("tono", PASSWORD), ("", "")] {
        let refused = accounts.verify_password(name, password).await;
        assert!(matches!(refused, Err(ServiceError::WrongCredentials)));
    }
}

#[tokio::test]
async fn preferences_and_roles_reach_the_next_request() {
    let site = site(&[]).await;
    let user = site.user("budi", Role::Student).await;
    let sessions = &site.services.sessions;
    let tokens = sessions.issue(&user).await.unwrap();
    let viewer = sessions.authenticate(&tokens.access).await.unwrap();
    let wanted = Preferences {
        language: Language::En,
        zone: "Asia/Jayapura".into(),
        theme: Theme::Dark,
    };
    let accounts = &site.services.accounts;
    accounts.set_preferences(&viewer, &wanted).await.unwrap();
    accounts.set_role("budi", Role::Coach).await.unwrap();
    let viewer = sessions.authenticate(&tokens.access).await.unwrap();
    assert_eq!(viewer.user.preferences, wanted);
    assert_eq!(viewer.user.role, Role::Coach);
    let nobody = accounts.set_role("tono", Role::Admin).await;
    assert!(matches!(nobody, Err(ServiceError::NotFound { .. })));
}

#[tokio::test]
async fn the_first_administrators_link_works_once_and_is_new_at_each_start() {
    let site = site(&["--sign-up", "closed"]).await;
    let accounts = &site.services.accounts;
    let old = accounts.renew_admin_link().await.unwrap().unwrap();
    let token = accounts.renew_admin_link().await.unwrap().unwrap();
    let refused = accounts.redeem_admin_link(&old, form("tono")).await;
    assert!(matches!(refused, Err(ServiceError::AdminLinkInvalid)));

    // A form that is not right does not use it up.
    let bad = accounts.redeem_admin_link(&token, form("x")).await;
    assert!(matches!(bad, Err(ServiceError::UsernameInvalid)));
    let (one, other) = tokio::join!(
        accounts.redeem_admin_link(&token, form("kepala")),
        accounts.redeem_admin_link(&token, form("tono")),
    );
    let made: Vec<_> = [one, other].into_iter().flatten().collect();
    assert_eq!(made.len(), 1, "used by two at once");
    assert_eq!(made[0].role, Role::Admin);
    let again = accounts.redeem_admin_link(&token, form("lain")).await;
    assert!(matches!(again, Err(ServiceError::AdminLinkInvalid)));
    assert_eq!(accounts.renew_admin_link().await.unwrap(), None);
}
