//! Answers to HEAD: the head that GET would have, its length too, and no body.

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

/// As long as the body that it stands for, and empty.
struct Absent(BodySize);

impl MessageBody for Absent {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

/// Leaves the body out. A stream ends with it: nobody would read it.
pub fn without_body(answer: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
    answer.map_body(|_, body| match body.size() {
        BodySize::Sized(bytes) => BoxBody::new(Absent(BodySize::Sized(bytes))),
        BodySize::None | BodySize::Stream => BoxBody::new(()),
    })
}
