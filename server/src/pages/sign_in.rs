//! Signing in, and coming back to what was being done.
//!
//! When a session is over while something is submitted, the submit page hands
//! what was typed here as [`KeptWork`]; it rides along in the form, and once the
//! person is known it becomes their draft. So nothing is lost without a script.

use super::assets::Assets;
use super::errors::{ErrorCode, ErrorView, PageError};
use super::forms::Form;
use super::frame::{self, Frame};
use super::limits::{Action, RateLimits};
use super::visit::{Visit, token_cookies};
use super::{html, see_other};
use crate::services::sessions::Viewer;
use crate::services::{ServiceError, Services};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::PackSlug;
use gradien_problems::protocol::Submission;
use serde::{Deserialize, Serialize};

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
pub struct SignInPage {
    frame: Frame,
    error: Option<ErrorView>,
    /// JSON of a [`KeptWork`].
    kept: Option<String>,
    next: String,
    username: String,
    sign_up_open: bool,
    sign_up_url: String,
}

/// What was typed when the session was over.
#[derive(Serialize, Deserialize)]
pub struct KeptWork {
    pub slug: PackSlug,
    pub content: Submission,
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    next: String,
}

impl SignInPage {
    pub fn new(
        visit: &Visit,
        services: &Services,
        assets: &web::Data<Assets>,
        next: &str,
    ) -> SignInPage {
        let next = frame::local_path(next).unwrap_or("/").to_owned();
        let encoded: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        SignInPage {
            frame: Frame::new(visit, services, assets).at(frame::sign_in_url(&next)),
            error: None,
            kept: None,
            sign_up_url: format!("/sign-up?next={encoded}"),
            next,
            username: String::new(),
            sign_up_open: services.accounts.sign_up_open(),
        }
    }

    pub fn keeping(mut self, work: &KeptWork) -> SignInPage {
        self.kept = serde_json::to_string(work).ok();
        self
    }

    pub fn respond(&self, status: StatusCode) -> Result<HttpResponse, PageError> {
        html(status, self)
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
    SignInPage::new(&visit, &services, &assets, &query.next).respond(StatusCode::OK)
}

pub async fn post(
    Form(form): Form,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    let (username, next) = (form.text("username"), form.text("next"));
    let kept = form.find("kept").filter(|kept| !kept.is_empty());
    let checked = match limits.check(Action::SignIn {
        address: visit.address,
        username,
    }) {
        Ok(()) => services
            .accounts
            .verify_password(username, form.text("password"))
            .await
            .map_err(PageError::from),
        Err(error) => Err(error),
    };
    let user = match checked {
        Ok(user) => user,
        Err(error)
            if matches!(
                error.code,
                ErrorCode::WrongCredentials | ErrorCode::RateLimited
            ) =>
        {
            let mut page = SignInPage::new(&visit, &services, &assets, next);
            page.error = Some(ErrorView::new(error.code, visit.t));
            page.username = username.chars().take(64).collect();
            page.kept = kept.map(str::to_owned);
            let mut answer = page.respond(error.code.status())?;
            if let Some(seconds) = error.retry_after_s {
                answer
                    .headers_mut()
                    .insert(header::RETRY_AFTER, seconds.into());
            }
            return Ok(answer);
        }
        Err(error) => return Err(error),
    };
    let tokens = services.sessions.issue(&user).await?;
    let mut next = frame::local_path(next).unwrap_or("/").to_owned();
    if let Some(work) = kept.and_then(|kept| serde_json::from_str::<KeptWork>(kept).ok()) {
        let viewer = Viewer {
            user,
            session: tokens.session,
        };
        match keep(&services, &viewer, &work).await {
            Ok(_) => next = format!("/problems/{}?kept", work.slug),
            Err(error) => {
                tracing::warn!(%error, "what was typed before signing in could not be kept")
            }
        }
    }
    let mut answer = see_other(&next);
    for cookie in token_cookies(&tokens, &services) {
        let _ = answer.add_cookie(&cookie);
    }
    Ok(answer)
}

/// What was typed before signing in becomes the draft.
async fn keep(services: &Services, viewer: &Viewer, work: &KeptWork) -> Result<(), ServiceError> {
    let problem = services.problems.get(Some(viewer), &work.slug)?;
    services
        .drafts
        .save(viewer, &problem, &work.content)
        .await?;
    Ok(())
}
