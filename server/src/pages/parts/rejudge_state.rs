//! How far a rejudge is, and what can be done about it.

use crate::i18n::{Text, Texts};
use crate::pages::visit::Visit;
use crate::services::Services;
use crate::services::rejudges::{RejudgeRow, State};
use askama::Template;

#[derive(Template)]
#[template(path = "parts/rejudge_state.html")]
pub struct RejudgeStatePart {
    t: Texts,
    csrf: String,
    id: String,
    state: State,
    done: u64,
    total: u64,
    text: String,
}

impl RejudgeStatePart {
    pub fn new(rejudge: &RejudgeRow, visit: &Visit, services: &Services) -> RejudgeStatePart {
        let t = visit.t;
        RejudgeStatePart {
            t,
            csrf: services.sessions.csrf_token(&visit.csrf_subject),
            id: rejudge.id.to_string(),
            state: rejudge.state,
            done: rejudge.done,
            total: rejudge.total,
            text: t.with_two(
                "rejudge-progress",
                ("done", rejudge.done as i64),
                ("total", rejudge.total as i64),
            ),
        }
    }

    /// Judgements are still to come.
    pub fn is_pending(&self) -> bool {
        self.state == State::Open && self.done < self.total
    }

    fn is_ready(&self) -> bool {
        self.state == State::Open && self.done == self.total
    }
}

pub fn state_text(state: State) -> Text {
    match state {
        State::Open => Text("rejudge-open"),
        State::Applied => Text("rejudge-applied"),
        State::Discarded => Text("rejudge-discarded"),
    }
}
