//! The one-time link that makes the first administrator, printed at the first start.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::forms::Form;
use super::frame::Frame;
use super::html;
use super::limits::{Action, RateLimits};
use super::sign_up::{SignUpPage, filled, refuse, signed_in};
use super::visit::Visit;
use crate::services::Services;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

fn page(visit: &Visit, services: &Services, assets: &web::Data<Assets>, token: &str) -> SignUpPage {
    let path = format!("/admin-link/{token}");
    SignUpPage {
        frame: Frame::new(visit, services, assets).at(path.clone()),
        heading: visit.t.get("admin-link-heading"),
        lead: visit.t.get("admin-link-lead"),
        error: None,
        action: path,
        next: "/".to_owned(),
        username: String::new(),
        display_name: String::new(),
        admin: true,
    }
}

/// Only what a token of ours can look like is put into a page.
fn parse_token(text: &str) -> Result<&str, PageError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if (16..=128).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text)
    } else {
        Err(ErrorCode::AdminLinkInvalid.into())
    }
}

pub async fn get(
    path: web::Path<String>,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let token = parse_token(&path)?;
    if !services.accounts.admin_link_valid(token).await? {
        return Err(ErrorCode::AdminLinkInvalid.into());
    }
    html(StatusCode::OK, &page(&visit, &services, &assets, token))
}

pub async fn post(
    path: web::Path<String>,
    Form(form): Form,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    limits.check(Action::SignUp {
        address: visit.address,
    })?;
    let token = parse_token(&path)?;
    match services
        .accounts
        .redeem_admin_link(token, filled(&form, &visit))
        .await
    {
        Ok(user) => signed_in(&services, &user, "/").await,
        Err(error) => {
            let page = page(&visit, &services, &assets, token);
            refuse(page, &form, error.into(), &visit)
        }
    }
}
