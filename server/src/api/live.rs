//! What coaches watch, as server-sent events: uploads and rejudges.
//!
//! Few people watch, and what they see is small, so a stream simply looks now and
//! then, through the same eyes as the page, and sends what has changed. A reconnect
//! starts with the present state. The events are those of a submission
//! ([`super::events`]), so that one script follows all: `progress`, then `judged`.

use super::events::{Streams, Ticket, event};
use crate::pages::errors::PageError;
use crate::pages::event_stream;
use crate::services::Services;
use crate::services::sessions::Viewer;
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use futures_util::stream;
use std::time::Duration;
use tokio::time::Instant;

const LOOK: Duration = Duration::from_millis(400);
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After this long the browser connects anew: sessions end, and so do streams.
const MAX_AGE: Duration = Duration::from_secs(10 * 60);

/// What the page would show now.
pub struct Present {
    pub html: String,
    /// Said aloud when it changes.
    pub phase: String,
    /// Nothing will change any more.
    pub over: bool,
}

/// Streams what `look` sees until it is over. The first look is taken before the
/// stream begins: what may not be seen is refused.
pub async fn stream<F>(
    viewer: &Viewer,
    services: web::Data<Services>,
    streams: &web::Data<Streams>,
    look: impl Fn() -> F + 'static,
) -> Result<HttpResponse, PageError>
where
    F: Future<Output = Result<Present, PageError>>,
{
    let ticket = Ticket::take(streams, viewer.user.id)?;
    look().await?;
    let now = Instant::now();
    let watcher = Watcher {
        look,
        services,
        last: String::new(),
        next_beat: now + HEARTBEAT,
        ends: now + MAX_AGE,
        over: false,
        _ticket: ticket,
    };
    let body = stream::unfold(watcher, |mut watcher| async move {
        let frame = watcher.next().await?;
        Some((Ok::<_, PageError>(frame), watcher))
    });
    Ok(event_stream(body))
}

struct Watcher<L> {
    look: L,
    services: web::Data<Services>,
    /// What was sent last.
    last: String,
    next_beat: Instant,
    ends: Instant,
    over: bool,
    _ticket: Ticket,
}

impl<L, F> Watcher<L>
where
    L: Fn() -> F,
    F: Future<Output = Result<Present, PageError>>,
{
    /// The next piece of the stream; `None` ends it.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.over || Instant::now() >= self.ends {
                return None;
            }
            let present = match (self.look)().await {
                Ok(present) => present,
                Err(error) => {
                    tracing::warn!(%error, "an event stream ends early");
                    return None;
                }
            };
            self.over = present.over;
            if present.over || present.html != self.last {
                let name = if present.over { "judged" } else { "progress" };
                let data = serde_json::json!({ "html": present.html, "phase": present.phase });
                self.last = present.html;
                return Some(event(name, &data));
            }
            if Instant::now() >= self.next_beat {
                self.next_beat = Instant::now() + HEARTBEAT;
                return Some(Bytes::from_static(b": .\n\n"));
            }
            tokio::select! {
                () = self.services.events.stopped() => return None,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}
