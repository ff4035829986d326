//! The web server: every page, on one listening socket, until it is stopped.

use super::assets::Assets;
use super::forms::{MAX_FORM_BYTES, MAX_JSON_BYTES};
use super::limits::RateLimits;
use super::visit;
use crate::api::events::Streams;
use crate::services::Services;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpServer, body::BoxBody, web};
use std::net::TcpListener;
use std::time::Duration;

/// What all pages share: made once, handed to every thread of the server.
#[derive(Clone)]
pub struct Shared {
    pub services: web::Data<Services>,
    pub assets: web::Data<Assets>,
    pub limits: web::Data<RateLimits>,
    pub streams: web::Data<Streams>,
}

impl Shared {
    /// # Errors
    /// The folder of the built editor cannot be read.
    pub fn new(services: Services) -> std::io::Result<Shared> {
        let assets = Assets::load(services.config.web.as_deref())?;
        Ok(Shared {
            services: web::Data::new(services),
            assets: web::Data::new(assets),
            limits: web::Data::new(RateLimits::new()),
            streams: web::Data::new(Streams::default()),
        })
    }
}

/// The app: what is tested is what is served.
pub fn app(
    shared: &Shared,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .app_data(shared.services.clone())
        .app_data(shared.assets.clone())
        .app_data(shared.limits.clone())
        .app_data(shared.streams.clone())
        .app_data(web::FormConfig::default().limit(MAX_FORM_BYTES))
        .app_data(web::JsonConfig::default().limit(MAX_JSON_BYTES))
        .wrap(from_fn(visit::middleware))
        .configure(super::configure)
}

/// Starts to serve. The caller awaits the [`Server`] and stops it by its handle;
/// signals are the caller's too.
///
/// # Errors
/// The socket or the folder of the built editor cannot be used.
pub fn serve(services: Services, listener: TcpListener) -> std::io::Result<Server> {
    let shutdown_s = services.config.shutdown_s;
    let shared = Shared::new(services)?;
    let server = HttpServer::new(move || app(&shared))
        .workers(2)
        .client_request_timeout(Duration::from_secs(15))
        .shutdown_timeout(shutdown_s)
        .disable_signals()
        .listen(listener)?
        .run();
    Ok(server)
}
