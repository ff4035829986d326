//! Forms as they are sent, with the token that proves that one of our pages for
//! this reader made them. Nothing is read from a form without that check.

use super::errors::{ErrorCode, PageError};
use super::visit::Visit;
use crate::services::Services;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

/// A program of 256 KiB may be three times as long when encoded.
pub const MAX_FORM_BYTES: usize = 1 << 20;
pub const MAX_JSON_BYTES: usize = 1 << 20;
const CSRF_HEADER: &str = "x-csrf-token";

/// Names and values in the order of the form.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value by this name, or nothing.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// As [`Fields::find`]; what is missing is empty.
    pub fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// A URL-encoded form whose token was checked.
pub struct Form(pub Fields);

/// A URL-encoded form whose token was **not** checked yet: for submitting and
/// running, which must not lose what was typed when the session is over.
pub struct UncheckedForm(Fields);

impl UncheckedForm {
    pub fn check(self, visit: &Visit, services: &Services) -> Result<Fields, PageError> {
        if services
            .sessions
            .csrf_valid(&visit.csrf_subject, self.0.text("csrf"))
        {
            Ok(self.0)
        } else {
            Err(ErrorCode::FormExpired.into())
        }
    }

    /// To be shown again to whoever sent it, and to nothing else.
    pub fn unchecked(&self) -> &Fields {
        &self.0
    }
}

/// A JSON body whose token, in the header, was checked.
pub struct CheckedJson<T>(pub T);

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;

impl FromRequest for UncheckedForm {
    type Error = PageError;
    type Future = Extraction<UncheckedForm>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if req.content_type() != "application/x-www-form-urlencoded" {
            return Box::pin(async { Err(ErrorCode::UnsupportedMedia.into()) });
        }
        let body = web::Form::<Vec<(String, String)>>::from_request(req, payload);
        Box::pin(async move {
            match body.await {
                Ok(form) => Ok(UncheckedForm(Fields(form.into_inner()))),
                Err(error) => Err(code_of(&error).into()),
            }
        })
    }
}

impl FromRequest for Form {
    type Error = PageError;
    type Future = Extraction<Form>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = UncheckedForm::from_request(req, payload);
        let (visit, services) = reader(req);
        Box::pin(async move {
            let form = body.await?;
            let (visit, services) = (visit?, services?);
            Ok(Form(form.check(&visit, &services)?))
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for CheckedJson<T> {
    type Error = PageError;
    type Future = Extraction<CheckedJson<T>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if req.content_type() != "application/json" {
            return Box::pin(async { Err(ErrorCode::UnsupportedMedia.into()) });
        }
        let token = req
            .headers()
            .get(CSRF_HEADER)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let (visit, services) = reader(req);
        let body = web::Json::<T>::from_request(req, payload);
        Box::pin(async move {
            if !services?.sessions.csrf_valid(&visit?.csrf_subject, &token) {
                return Err(ErrorCode::FormExpired.into());
            }
            match body.await {
                Ok(json) => Ok(CheckedJson(json.into_inner())),
                Err(error) => Err(code_of(&error).into()),
            }
        })
    }
}

type Reader = (
    Result<Visit, PageError>,
    Result<web::Data<Services>, PageError>,
);

fn reader(req: &HttpRequest) -> Reader {
    let missing = || PageError::from(ErrorCode::Internal);
    (
        req.extensions().get::<Visit>().cloned().ok_or_else(missing),
        req.app_data::<web::Data<Services>>()
            .cloned()
            .ok_or_else(missing),
    )
}

fn code_of(error: &actix_web::Error) -> ErrorCode {
    super::errors::code_of_status(error.as_response_error().status_code())
}
