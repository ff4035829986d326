//! The cookies, all out of reach of scripts.

use crate::services::accounts::Theme;
use crate::services::sessions::Tokens;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use gradien_problems::Language;

pub const ACCESS: &str = "gradien_access";
pub const REFRESH: &str = "gradien_refresh";
/// Binds the forms of a browser that is not signed in.
pub const VISITOR: &str = "gradien_visitor";
pub const LANGUAGE: &str = "gradien_language";
pub const THEME: &str = "gradien_theme";

fn cookie(name: &'static str, value: String, https: bool, max_age: Duration) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .finish()
}

pub fn tokens(tokens: &Tokens, now_ms: i64, https: bool) -> [Cookie<'static>; 2] {
    let until = |at_ms: i64| Duration::milliseconds((at_ms - now_ms).max(0));
    [
        cookie(
            ACCESS,
            tokens.access.clone(),
            https,
            until(tokens.access_expires_at_ms),
        ),
        cookie(
            REFRESH,
            tokens.refresh.clone(),
            https,
            until(tokens.refresh_expires_at_ms),
        ),
    ]
}

pub fn forget_tokens(https: bool) -> [Cookie<'static>; 2] {
    [ACCESS, REFRESH].map(|name| cookie(name, String::new(), https, Duration::ZERO))
}

pub fn visitor(value: String, https: bool) -> Cookie<'static> {
    cookie(VISITOR, value, https, Duration::days(30))
}

pub fn language(language: Language, https: bool) -> Cookie<'static> {
    cookie(
        LANGUAGE,
        language.tag().to_owned(),
        https,
        Duration::days(365),
    )
}

pub fn theme(theme: Theme, https: bool) -> Cookie<'static> {
    cookie(THEME, theme.name().to_owned(), https, Duration::days(365))
}
