//! `GET /submissions/{id}/events`: a submission as it is judged, as server-sent
//! events.
//!
//! Theory of operation: a stream subscribes to the hub first and reads the
//! submission then, so nothing falls between. Every change that concerns it makes
//! it read the submission again, through the same visibility as the page; so a
//! stream never says what the page would not, a reconnect starts with the present
//! state, and a stream that fell behind only skips steps. It reads again also
//! without being told, now and then: the judgement may come from another machine.
//! The stream ends with `judged`.

use crate::ids::SubmissionId;
use crate::ids::UserId;
use crate::pages::errors::PageError;
use crate::pages::parts::handed_in::handed_in_html;
use crate::pages::parts::pending::{PendingPart, PendingView, Phase};
use crate::pages::parts::row::row;
use crate::pages::submission::{live, parse_id, phase_of};
use crate::pages::visit::{SignedIn, Visit};
use crate::pages::{event_stream, fragment};
use crate::services::Services;
use crate::services::events::{Change, SubmissionEvent};
use crate::services::sessions::Viewer;
use crate::services::submissions::SubmissionState;
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use futures_util::stream;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

/// Open streams of one person: some tabs, not a flood.
const MAX_PER_USER: usize = 8;
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often the submission is read without being told.
const REREAD: Duration = Duration::from_secs(3);
/// After this long the browser connects anew: sessions end, and so do streams.
const MAX_AGE: Duration = Duration::from_secs(10 * 60);

/// Who has how many streams open.
#[derive(Default)]
pub struct Streams(Mutex<HashMap<UserId, usize>>);

/// Counts one stream for as long as it lives.
pub(super) struct Ticket {
    streams: web::Data<Streams>,
    user: UserId,
}

impl Ticket {
    pub(super) fn take(streams: &web::Data<Streams>, user: UserId) -> Result<Ticket, PageError> {
        let mut open = streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_default();
        if *count >= MAX_PER_USER {
            return Err(PageError::rate_limited(10));
        }
        *count += 1;
        Ok(Ticket {
            streams: streams.clone(),
            user,
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut open = self
            .streams
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

pub async fn get(
    path: web::Path<String>,
    SignedIn(viewer): SignedIn,
    visit: Visit,
    services: web::Data<Services>,
    streams: web::Data<Streams>,
) -> Result<HttpResponse, PageError> {
    let id = parse_id(&path)?;
    let ticket = Ticket::take(&streams, viewer.user.id)?;
    let events = services.events.subscribe();
    // Refused here, before the stream begins, where it is not for this viewer.
    services.submissions.get(&viewer, id).await?;
    let now = Instant::now();
    let watcher = Watcher {
        id,
        viewer,
        visit,
        services,
        events,
        last: None,
        next_beat: now + HEARTBEAT,
        ends: now + MAX_AGE,
        first: true,
        done: false,
        _ticket: ticket,
    };
    let body = stream::unfold(watcher, |mut watcher| async move {
        let frame = watcher.next().await?;
        Some((Ok::<_, PageError>(frame), watcher))
    });
    Ok(event_stream(body))
}

struct Watcher {
    id: SubmissionId,
    viewer: Viewer,
    visit: Visit,
    services: web::Data<Services>,
    events: Receiver<SubmissionEvent>,
    /// What was sent last: the same state is not sent twice.
    last: Option<Phase>,
    next_beat: Instant,
    ends: Instant,
    first: bool,
    done: bool,
    _ticket: Ticket,
}

impl Watcher {
    /// The next piece of the stream; `None` ends it.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.done || Instant::now() >= self.ends {
                return None;
            }
            if self.first || self.wait().await {
                self.first = false;
                match self.present().await {
                    Ok(Some(frame)) => return Some(frame),
                    Ok(None) => {}
                    Err(error) => {
                        tracing::warn!(%error, submission = %self.id, "an event stream ends early");
                        return None;
                    }
                }
            }
            if Instant::now() >= self.next_beat {
                self.next_beat = Instant::now() + HEARTBEAT;
                return Some(Bytes::from_static(b": .\n\n"));
            }
        }
    }

    /// Until there may be something new (true) or a heartbeat is due (false).
    async fn wait(&mut self) -> bool {
        let reread = Instant::now() + REREAD;
        let events = self.services.events.clone();
        loop {
            tokio::select! {
                event = self.events.recv() => match event {
                    Ok(SubmissionEvent { submission, change }) if submission == self.id => {
                        // Progress comes often; its newest is what is read.
                        if !matches!(change, Change::Progress(_)) || self.events.is_empty() {
                            return true;
                        }
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return true,
                    // The server is stopping.
                    Err(RecvError::Closed) => { self.done = true; return false; }
                },
                () = events.stopped() => { self.done = true; return false; }
                () = tokio::time::sleep_until(reread) => return true,
                () = tokio::time::sleep_until(self.next_beat) => return false,
            }
        }
    }

    /// The event of the present state, if it is not the one that was sent last.
    async fn present(&mut self) -> Result<Option<Bytes>, PageError> {
        let submission = self.services.submissions.get(&self.viewer, self.id).await?;
        let t = self.visit.t;
        if let SubmissionState::Judged { report, .. } = &submission.state {
            self.done = true;
            let (_, html) = live(&submission, t)?;
            let handed_in =
                handed_in_html(&submission, &self.viewer, &self.visit, &self.services).await?;
            let line = self
                .services
                .submissions
                .get_row(&self.viewer, self.id)
                .await?;
            let data = serde_json::json!({
                "html": html,
                "handed_in": handed_in,
                "row": row(&line, false, &self.visit)?,
                "verdict": report.verdict.code(),
                "score": report.score.to_string(),
                "max_score": report.max_score.to_string(),
            });
            return Ok(Some(event("judged", &data)));
        }
        let phase = phase_of(&submission.state);
        if self.last.as_ref() == Some(&phase) {
            return Ok(None);
        }
        let (done, total) = phase.counts().unzip();
        let pending = PendingPart {
            pending: PendingView::new(&phase, t),
        };
        let data = serde_json::json!({
            "html": fragment(&pending)?,
            "phase": phase.name(),
            "done": done,
            "total": total,
        });
        self.last = Some(phase);
        Ok(Some(event("progress", &data)))
    }
}

/// JSON has no line ends outside of strings, and escapes them inside.
pub(super) fn event(name: &str, data: &serde_json::Value) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_person_are_bounded_and_given_back() {
        let streams = web::Data::new(Streams::default());
        let user = UserId::random();
        let mut tickets: Vec<_> = (0..MAX_PER_USER)
            .map(|_| Ticket::take(&streams, user).unwrap())
            .collect();
        assert!(Ticket::take(&streams, user).is_err());
        assert!(Ticket::take(&streams, UserId::random()).is_ok());
        tickets.pop();
        assert!(Ticket::take(&streams, user).is_ok());
        tickets.clear();
        assert!(streams.0.lock().unwrap().is_empty());
    }

    #[test]
    fn an_event_is_one_line_of_data_whatever_is_in_it() {
        let frame = event(
            "judged",
            &serde_json::json!({ "html": "a\n\nevent: x\r\n" }),
        );
        let text = std::str::from_utf8(&frame).unwrap();
        assert_eq!(text.matches('\n').count(), 3, "{text:?}");
    }
}
