//! A new account. Signing up signs in.

use super::assets::Assets;
use super::errors::{ErrorCode, ErrorView, PageError};
use super::forms::{Fields, Form};
use super::frame::{self, Frame};
use super::limits::{Action, RateLimits};
use super::visit::{Visit, token_cookies};
use super::{html, see_other};
use crate::services::Services;
use crate::services::accounts::{SignUp, User};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "pages/sign_up.html")]
pub struct SignUpPage {
    pub frame: Frame,
    pub heading: String,
    pub lead: String,
    pub error: Option<ErrorView>,
    pub action: String,
    pub next: String,
    pub username: String,
    pub display_name: String,
    /// The first administrator's page, which has no way to sign in.
    pub admin: bool,
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    next: String,
}

fn page(visit: &Visit, services: &Services, assets: &web::Data<Assets>, next: &str) -> SignUpPage {
    SignUpPage {
        frame: Frame::new(visit, services, assets).at("/sign-up".to_owned()),
        heading: visit.t.get("sign-up"),
        lead: visit.t.get("sign-up-lead"),
        error: None,
        action: "/sign-up".to_owned(),
        next: frame::local_path(next).unwrap_or("/").to_owned(),
        username: String::new(),
        display_name: String::new(),
        admin: false,
    }
}

pub async fn get(
    visit: Visit,
    query: web::Query<Query>,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    if visit.viewer.is_some() {
        return Ok(see_other(frame::local_path(&query.next).unwrap_or("/")));
    }
    if !services.accounts.sign_up_open() {
        return Err(ErrorCode::SignUpClosed.into());
    }
    html(
        StatusCode::OK,
        &page(&visit, &services, &assets, &query.next),
    )
}

pub async fn post(
    Form(form): Form,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    limits.check(Action::SignUp {
        address: visit.address,
    })?;
    match services.accounts.sign_up(filled(&form, &visit)).await {
        Ok(user) => signed_in(&services, &user, form.text("next")).await,
        Err(error) => {
            let page = page(&visit, &services, &assets, form.text("next"));
            refuse(page, &form, error.into(), &visit)
        }
    }
}

pub fn filled(form: &Fields, visit: &Visit) -> SignUp {
    SignUp {
        username: form.text("username").to_owned(),
        display_name: form.text("display_name").to_owned(),
        password: form.text("password").to_owned(),
        language: visit.t.language,
    }
}

pub async fn signed_in(
    services: &Services,
    user: &User,
    next: &str,
) -> Result<HttpResponse, PageError> {
    let tokens = services.sessions.issue(user).await?;
    let mut answer = see_other(frame::local_path(next).unwrap_or("/"));
    for cookie in token_cookies(&tokens, services) {
        let _ = answer.add_cookie(&cookie);
    }
    Ok(answer)
}

/// The form again, with what was typed but the password, and what is wrong.
pub fn refuse(
    mut page: SignUpPage,
    form: &Fields,
    error: PageError,
    visit: &Visit,
) -> Result<HttpResponse, PageError> {
    let by_the_form = matches!(
        error.code,
        ErrorCode::UsernameTaken
            | ErrorCode::UsernameInvalid
            | ErrorCode::DisplayNameInvalid
            | ErrorCode::PasswordInvalid
    );
    if !by_the_form {
        return Err(error);
    }
    page.error = Some(ErrorView::new(error.code, visit.t));
    page.username = form.text("username").chars().take(64).collect();
    page.display_name = form.text("display_name").chars().take(100).collect();
    html(error.code.status(), &page)
}
