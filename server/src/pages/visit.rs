//! Who asks, and how they read: found once for every request, before any page.
//!
//! The access cookie names the viewer. When it is over, the refresh cookie is
//! exchanged here, and the answer carries the new pair, so that no page knows of
//! it. Whatever a page answers gets its security headers here, and every error is
//! printed here in the reader's language.

use super::assets::Assets;
use super::cookies;
use super::errors::{ErrorCode, PageError, code_of_status};
use super::head;
use super::headers;
use super::{error_page, frame};
use crate::i18n::{Texts, Zone};
use crate::services::accounts::Theme;
use crate::services::sessions::{Tokens, Viewer};
use crate::services::{ServiceError, Services};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use gradien_problems::Language;
use std::future::{Ready, ready};
use std::net::IpAddr;
use uuid::Uuid;

/// One request's reader.
#[derive(Debug, Clone)]
pub struct Visit {
    pub viewer: Option<Viewer>,
    /// What forged-request tokens are bound to: the session's id, or a random
    /// cookie of a browser that is not signed in.
    pub csrf_subject: String,
    pub t: Texts,
    pub zone: Zone,
    pub theme: Theme,
    /// Names the request in the log and on error pages.
    pub request: String,
    /// Lets the editor's own style elements through the policy.
    pub nonce: String,
    /// Path and query, to come back to.
    pub here: String,
    pub address: Option<IpAddr>,
    pub wants_json: bool,
}

impl FromRequest for Visit {
    type Error = PageError;
    type Future = Ready<Result<Visit, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visit = req.extensions().get::<Visit>().cloned();
        ready(visit.ok_or_else(|| {
            ServiceError::internal("the middleware that finds the reader is not there").into()
        }))
    }
}

/// Somebody who is signed in; others are asked to.
pub struct SignedIn(pub Viewer);

impl FromRequest for SignedIn {
    type Error = PageError;
    type Future = Ready<Result<SignedIn, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let viewer = req
            .extensions()
            .get::<Visit>()
            .and_then(|visit| visit.viewer.clone());
        ready(
            viewer
                .map(SignedIn)
                .ok_or_else(|| ErrorCode::SignInRequired.into()),
        )
    }
}

/// The middleware.
pub async fn middleware(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let bodiless = req.method() == Method::HEAD;
    let res = answered(req, next).await?;
    Ok(match bodiless {
        true => {
            let (req, answer) = res.into_parts();
            ServiceResponse::new(req, head::without_body(answer))
        }
        false => res,
    })
}

async fn answered(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let https = services(&req).config.https();
    if req.path().starts_with("/static/") || req.path() == "/health" {
        let mut res = next.call(req).await?.map_into_boxed_body();
        headers::insert(res.headers_mut(), None, https);
        return Ok(res);
    }
    let found = find_visit(&req).await;
    let (visit, new_cookies) = match found {
        Ok(found) => found,
        Err(error) => {
            // The database failed before we knew who asks: anonymous, but told.
            let visit = anonymous(&req);
            let answer = print_error(&req, &visit, &error);
            let mut res = req.into_response(answer);
            headers::insert(res.headers_mut(), Some(&visit.nonce), https);
            return Ok(res);
        }
    };
    let refused = !is_safe(req.method()) && !headers::same_origin(req.headers());
    req.extensions_mut().insert(visit.clone());
    let res = if refused {
        let answer = print_error(&req, &visit, &ErrorCode::FormExpired.into());
        req.into_response(answer)
    } else {
        next.call(req).await?.map_into_boxed_body()
    };
    let mut res = printed(res, &visit);
    headers::insert(res.headers_mut(), Some(&visit.nonce), https);
    for cookie in new_cookies {
        let already = res
            .response()
            .cookies()
            .any(|own| own.name() == cookie.name());
        if !already {
            let _ = res.response_mut().add_cookie(&cookie);
        }
    }
    Ok(res)
}

/// Replaces an error that a page or the framework gave by its print.
fn printed(res: ServiceResponse<BoxBody>, visit: &Visit) -> ServiceResponse<BoxBody> {
    let status = res.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return res;
    }
    let Some(error) = res.response().error() else {
        return res;
    };
    let answer = match error.as_error::<PageError>() {
        Some(error) => print_error_for(res.request(), visit, error),
        None => print_error_for(res.request(), visit, &code_of_status(status).into()),
    };
    res.into_response(answer)
}

fn print_error(req: &ServiceRequest, visit: &Visit, error: &PageError) -> HttpResponse {
    print_error_for(req.request(), visit, error)
}

fn print_error_for(req: &HttpRequest, visit: &Visit, error: &PageError) -> HttpResponse {
    if error.code == ErrorCode::Internal {
        let chain: Vec<String> = std::iter::successors(
            error
                .cause
                .as_ref()
                .map(|cause| cause as &dyn std::error::Error),
            |error| error.source(),
        )
        .map(ToString::to_string)
        .collect();
        tracing::error!(
            request = visit.request,
            path = req.path(),
            error = chain.join(": "),
            "a page failed"
        );
    }
    let reads = is_safe(req.method()) && !visit.wants_json;
    if error.code == ErrorCode::SignInRequired && reads {
        return HttpResponse::SeeOther()
            .insert_header((header::LOCATION, frame::sign_in_url(&visit.here)))
            .finish();
    }
    let assets = req.app_data::<web::Data<Assets>>();
    error_page::respond(services_of(req), assets, visit, error)
}

async fn find_visit(
    req: &ServiceRequest,
) -> Result<(Visit, Vec<actix_web::cookie::Cookie<'static>>), PageError> {
    let services = services(req);
    let https = services.config.https();
    let mut visit = anonymous(req);
    let mut new_cookies = Vec::new();
    if let Some(access) = req.cookie(cookies::ACCESS) {
        visit.viewer = over_to_none(services.sessions.authenticate(access.value()).await)?;
    }
    if visit.viewer.is_none()
        && let Some(refresh) = req.cookie(cookies::REFRESH)
    {
        match over_to_none(services.sessions.rotate(refresh.value()).await)? {
            Some(tokens) => {
                visit.viewer = over_to_none(services.sessions.authenticate(&tokens.access).await)?;
                new_cookies.extend(token_cookies(&tokens, services));
            }
            None => new_cookies.extend(cookies::forget_tokens(https)),
        }
    }
    match &visit.viewer {
        Some(viewer) => {
            visit.csrf_subject = viewer.session.to_string();
            let preferences = &viewer.user.preferences;
            visit.t = Texts::new(preferences.language);
            visit.zone = Zone::find(&preferences.zone).unwrap_or_default();
            visit.theme = preferences.theme;
        }
        None if req.cookie(cookies::VISITOR).is_none() => {
            new_cookies.push(cookies::visitor(visit.csrf_subject.clone(), https));
        }
        None => {}
    }
    // `?lang=` wins for this page, and is remembered where nobody is signed in.
    if let Some(language) = query_language(req) {
        visit.t = Texts::new(language);
        if visit.viewer.is_none() {
            new_cookies.push(cookies::language(language, https));
        }
    }
    Ok((visit, new_cookies))
}

pub fn token_cookies(
    tokens: &Tokens,
    services: &Services,
) -> [actix_web::cookie::Cookie<'static>; 2] {
    cookies::tokens(tokens, services.clock.now_ms(), services.config.https())
}

/// A session that is over is no error: the reader is not signed in.
fn over_to_none<T>(result: Result<T, ServiceError>) -> Result<Option<T>, PageError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(ServiceError::SessionOver) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn anonymous(req: &ServiceRequest) -> Visit {
    let language = req
        .cookie(cookies::LANGUAGE)
        .and_then(|cookie| cookie.value().parse::<Language>().ok())
        .unwrap_or_default();
    let theme = req
        .cookie(cookies::THEME)
        .and_then(|cookie| cookie.value().parse::<Theme>().ok())
        .unwrap_or_default();
    let visitor = req
        .cookie(cookies::VISITOR)
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit()))
        .unwrap_or_else(random_hex);
    Visit {
        viewer: None,
        csrf_subject: visitor,
        t: Texts::new(language),
        zone: Zone::default(),
        theme,
        request: random_hex(),
        nonce: random_hex(),
        here: here(req),
        address: address(req),
        wants_json: wants_json(req),
    }
}

fn random_hex() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Path and query of the page to come back to, without the language, which the
/// reader may be about to change. What is sent to has often no page of its own.
fn here(req: &ServiceRequest) -> String {
    let query: Vec<&str> = req
        .query_string()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="))
        .collect();
    let path = match is_safe(req.method()) {
        true => req.path(),
        false => page_of(req.path()),
    };
    let here = if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    };
    frame::local_path(&here).unwrap_or("/").to_owned()
}

/// The page that has the form which is sent to `path`.
fn page_of(path: &str) -> &str {
    const OF_PROBLEM: [&str; 6] = ["/submit", "/upload", "/run", "/draft", "/hints", "/variant"];
    let of_problem = match path.starts_with("/problems/") {
        true => OF_PROBLEM
            .iter()
            .find_map(|action| path.strip_suffix(action)),
        false => None,
    };
    match (of_problem, path) {
        (Some(problem), _) => problem,
        (None, "/sign-out" | "/language" | "/theme") => "/",
        (None, other) => other,
    }
}

fn query_language(req: &ServiceRequest) -> Option<Language> {
    req.query_string()
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(|tag| tag.parse().ok())
}

fn address(req: &ServiceRequest) -> Option<IpAddr> {
    let peer = req.peer_addr().map(|address| address.ip());
    if !services(req).config.behind_proxy {
        return peer;
    }
    // Of the addresses that proxies add, only the last is from our own.
    req.headers()
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse().ok())
        .or(peer)
}

/// Scripts and event streams get errors as JSON.
fn wants_json(req: &ServiceRequest) -> bool {
    let names = |name: header::HeaderName, media: &str| {
        req.headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains(media))
    };
    names(header::ACCEPT, "application/json")
        || names(header::ACCEPT, "text/event-stream")
        || names(header::CONTENT_TYPE, "application/json")
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn services(req: &ServiceRequest) -> &Services {
    services_of(req.request())
}

fn services_of(req: &HttpRequest) -> &Services {
    req.app_data::<web::Data<Services>>()
        .expect("every app is built with its services")
        .get_ref()
}

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn what_is_sent_to_leads_back_to_its_page() {
        for (path, page) in [
            ("/problems/x/submit", "/problems/x"),
            ("/problems/x/run", "/problems/x"),
            ("/problems/x/upload", "/problems/x"),
            ("/coach/upload", "/coach/upload"),
            ("/settings", "/settings"),
            ("/language", "/"),
        ] {
            assert_eq!(page_of(path), page);
        }
    }
}
