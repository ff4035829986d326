//! The pages. Each is a struct, a handler and its tests in one file, and one
//! entry in [`routes`]; the app is built from that list alone, so a page that is
//! not in it does not exist, and the test of access goes through the same list.

mod admin_link;
pub mod assets;
pub mod coach;
mod cookies;
mod error_page;
pub mod errors;
mod file_form;
mod final_choice;
pub mod forms;
pub mod frame;
mod head;
mod headers;
mod health;
mod hints;
mod home;
mod language;
pub mod limits;
pub mod parts;
mod preview;
pub mod problem;
mod problem_page;
mod run;
pub mod serve;
mod settings;
mod sign_in;
mod sign_out;
mod sign_up;
pub mod submission;
mod submissions;
mod submit;
mod theme;
mod typed;
pub mod upload;
mod variant;
pub mod visit;

use crate::api;
use actix_web::http::{Method, header};
use actix_web::{HttpResponse, guard, web};
use askama::Template;
use bytes::Bytes;
use errors::PageError;
use futures_util::Stream;

/// Who gets more than an invitation to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Everybody,
    /// Only somebody who is signed in. What exactly they may see is decided by
    /// `services::visibility`.
    SignedIn,
    /// Only coaches and administrators.
    Coach,
}

/// One address and method.
pub struct Page {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    /// Answers requests whose body is JSON; the same address may answer forms too.
    pub json: bool,
    handler: fn(Method) -> actix_web::Route,
}

macro_rules! page {
    ($method:ident $path:literal $access:ident $handler:path) => {
        page!($method $path $access $handler, false)
    };
    ($method:ident $path:literal $access:ident $handler:path, $json:literal) => {
        Page {
            method: Method::$method,
            path: $path,
            access: Access::$access,
            json: $json,
            handler: |method| web::method(method).to($handler),
        }
    };
}

/// Every address of the server.
pub fn routes() -> Vec<Page> {
    vec![
        page!(GET "/" Everybody home::get),
        page!(GET "/problems/{slug}" Everybody problem::get),
        page!(POST "/problems/{slug}/submit" SignedIn submit::post),
        page!(POST "/problems/{slug}/run" SignedIn api::run::post, true),
        page!(POST "/problems/{slug}/run" SignedIn run::post),
        page!(PUT "/problems/{slug}/draft" SignedIn api::draft::put, true),
        page!(POST "/problems/{slug}/hints" SignedIn hints::post),
        page!(POST "/problems/{slug}/variant" SignedIn variant::post),
        page!(POST "/problems/{slug}/upload" SignedIn upload::post),
        page!(GET "/problems/{slug}/data/{name}" Everybody upload::data),
        page!(GET "/submissions/{id}/file" SignedIn upload::file),
        page!(POST "/submissions/{id}/final" SignedIn final_choice::post),
        page!(GET "/submissions" SignedIn submissions::get),
        page!(GET "/submissions/{id}" SignedIn submission::get),
        page!(GET "/submissions/{id}/events" SignedIn api::events::get),
        page!(GET "/coach" Coach coach::problems::get),
        page!(GET "/coach/problems/{slug}" Coach coach::problem::get),
        page!(POST "/coach/problems/{slug}/publish" Coach coach::problem::publish),
        page!(POST "/coach/problems/{slug}/withdraw" Coach coach::problem::withdraw),
        page!(GET "/coach/problems/{slug}/versions/{version}/download" Coach coach::problem::download),
        page!(GET "/coach/problems/{slug}/changes" Coach coach::changes::get),
        page!(GET "/coach/problems/{slug}/insight" Coach coach::insight::get),
        page!(GET "/coach/upload" Coach coach::upload::get),
        page!(POST "/coach/upload" Coach coach::upload::post),
        page!(GET "/coach/uploads/{id}" Coach coach::upload::one),
        page!(GET "/coach/uploads/{id}/events" Coach api::uploads::get),
        page!(POST "/coach/uploads/{id}/retry" Coach coach::upload::retry),
        page!(POST "/coach/uploads/{id}/keep" Coach coach::upload::keep),
        page!(POST "/coach/uploads/{id}/discard" Coach coach::upload::discard),
        page!(POST "/coach/problems/{slug}/seal" Coach coach::problem::seal),
        page!(POST "/coach/problems/{slug}/rejudges" Coach coach::rejudge::post),
        page!(GET "/coach/rejudges/{id}" Coach coach::rejudge::get),
        page!(GET "/coach/rejudges/{id}/events" Coach api::rejudges::get),
        page!(POST "/coach/rejudges/{id}/apply" Coach coach::rejudge::apply),
        page!(POST "/coach/rejudges/{id}/discard" Coach coach::rejudge::discard),
        page!(GET "/coach/problems/{slug}/versions/{version}" Coach coach::version::get),
        page!(GET "/coach/problems/{slug}/finals" Coach coach::finals::get),
        page!(POST "/coach/problems/{slug}/finals/open" Coach coach::finals::open),
        page!(GET "/coach/class" Coach coach::class::get),
        page!(GET "/coach/class.csv" Coach coach::class::csv),
        page!(GET "/sign-in" Everybody sign_in::get),
        page!(POST "/sign-in" Everybody sign_in::post),
        page!(GET "/sign-up" Everybody sign_up::get),
        page!(POST "/sign-up" Everybody sign_up::post),
        page!(POST "/sign-out" Everybody sign_out::post),
        page!(GET "/settings" SignedIn settings::get),
        page!(POST "/settings" SignedIn settings::post),
        page!(POST "/language" Everybody language::post),
        page!(POST "/theme" Everybody theme::post),
        page!(GET "/admin-link/{token}" Everybody admin_link::get),
        page!(POST "/admin-link/{token}" Everybody admin_link::post),
        page!(GET "/static/{hash}/{name:.*}" Everybody assets::get),
        page!(GET "/health" Everybody health::get),
        page!(GET "/preview" Everybody preview::get),
        page!(GET "/preview/enter/{token}" Everybody preview::enter),
        page!(GET "/preview/events" Everybody preview::events),
    ]
}

/// Mounts every page.
pub fn configure(app: &mut web::ServiceConfig) {
    for page in routes() {
        let route = (page.handler)(page.method.clone());
        let route = if page.json {
            route.guard(guard::fn_guard(|context| {
                context
                    .head()
                    .headers()
                    .get("content-type")
                    .and_then(|value| value.to_str().ok())
                    .is_some_and(|value| value.starts_with("application/json"))
            }))
        } else {
            route
        };
        app.route(page.path, route);
        if page.method == Method::GET {
            // As GET; the middleware leaves the body out.
            app.route(page.path, (page.handler)(Method::HEAD));
        }
    }
    app.default_service(web::to(error_page::not_found));
}

/// A page as an answer.
fn html(
    status: actix_web::http::StatusCode,
    page: &impl Template,
) -> Result<HttpResponse, PageError> {
    let body = page.render().map_err(|error| {
        crate::services::ServiceError::internal(format!("a template cannot be printed: {error}"))
    })?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(body))
}

/// A part of a page as text, for scripts and event streams.
pub fn fragment(part: &impl Template) -> Result<String, PageError> {
    part.render().map_err(|error| {
        crate::services::ServiceError::internal(format!("a template cannot be printed: {error}"))
            .into()
    })
}

/// After a form: the browser gets the next page, and reloading sends nothing twice.
fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((actix_web::http::header::LOCATION, path))
        .finish()
}

/// The answer that carries server-sent events.
pub fn event_stream<S>(body: S) -> HttpResponse
where
    S: Stream<Item = Result<Bytes, PageError>> + 'static,
{
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Proxies that gather answers would hold every event back.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body)
}
