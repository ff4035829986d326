//! Where an upload stands: what goes on, or how it ended and what can be done.

use super::proof::ProofView;
use crate::i18n::{Text, Texts};
use crate::pages::errors::PageError;
use crate::pages::visit::Visit;
use crate::services::Services;
use crate::services::problems::Status;
use crate::services::sessions::Viewer;
use crate::services::uploads::{Refusal, State, UploadView};
use askama::Template;

#[derive(Template)]
#[template(path = "parts/upload_state.html")]
pub struct UploadStatePart {
    t: Texts,
    csrf: String,
    id: String,
    /// As style sheets have it.
    class: &'static str,
    /// In one line.
    pub phase: String,
    explanation: String,
    under_way: bool,
    progress: Option<Progress>,
    /// What is wrong with the archive.
    refusal: Option<String>,
    proof: Option<ProofView>,
    can_be_tried_again: bool,
    can_be_kept: bool,
    draft: Option<Draft>,
}

struct Progress {
    done: u32,
    total: u32,
    text: String,
    what: String,
}

/// The version that came of it.
struct Draft {
    slug: String,
    hash: String,
    /// It may be published.
    publishable: bool,
    /// The published version that it would replace.
    published: Option<String>,
}

pub fn state_text(state: State) -> Text {
    match state {
        State::Unpacking => Text("upload-unpacking"),
        State::Proving => Text("upload-proving"),
        State::Refused => Text("upload-refused"),
        State::Unproved => Text("upload-unproved"),
        State::Installed => Text("upload-installed"),
        State::Discarded => Text("upload-discarded"),
        State::Interrupted => Text("upload-interrupted"),
        State::Failed => Text("upload-failed"),
    }
}

fn explanation(upload: &UploadView, t: Texts) -> String {
    let text = match upload.state {
        State::Unpacking => Text("upload-unpacking-note"),
        State::Proving => Text("upload-proving-note"),
        State::Refused => Text("upload-refused-note"),
        State::Unproved => Text("upload-unproved-note"),
        State::Installed if upload.sealed => Text("upload-sealed-note"),
        State::Installed => Text("upload-installed-note"),
        State::Discarded => Text("upload-discarded-note"),
        State::Interrupted => Text("upload-interrupted-note"),
        State::Failed => {
            let incident = upload.incident.clone().unwrap_or_default();
            return t.with("upload-failed-note", "incident", incident);
        }
    };
    t.get(text.0)
}

impl UploadStatePart {
    pub async fn new(
        upload: &UploadView,
        viewer: &Viewer,
        visit: &Visit,
        services: &Services,
    ) -> Result<UploadStatePart, PageError> {
        let t = visit.t;
        Ok(UploadStatePart {
            t,
            csrf: services.sessions.csrf_token(&visit.csrf_subject),
            id: upload.id.to_string(),
            class: upload.state.name(),
            phase: t.get(state_text(upload.state).0),
            explanation: explanation(upload, t),
            under_way: upload.state.is_under_way(),
            progress: upload.proving.as_ref().map(|proving| Progress {
                done: proving.done,
                total: proving.total.max(1),
                text: t.with_two(
                    "upload-progress",
                    ("done", i64::from(proving.done)),
                    ("total", i64::from(proving.total)),
                ),
                what: proving.what.clone(),
            }),
            refusal: upload.refusal.as_ref().map(|refusal| match refusal {
                Refusal::Archive { text } => text.get(t.language).to_owned(),
                Refusal::Elsewhere { slug } => t.with("upload-elsewhere", "slug", slug.clone()),
            }),
            proof: upload.proof.as_ref().map(|proof| ProofView::new(proof, t)),
            can_be_tried_again: upload.state.can_be_tried_again(),
            can_be_kept: upload.state == State::Unproved && !upload.sealed,
            draft: draft(upload, viewer, services).await?,
        })
    }
}

async fn draft(
    upload: &UploadView,
    viewer: &Viewer,
    services: &Services,
) -> Result<Option<Draft>, PageError> {
    let (State::Installed, Some((slug, hash))) = (upload.state, &upload.pack) else {
        return Ok(None);
    };
    let versions = services.problems.get_versions(viewer, slug).await?.versions;
    let own = versions.iter().find(|version| version.hash == *hash);
    let published = versions
        .iter()
        .find(|version| version.status == Status::Published && version.hash != *hash);
    Ok(Some(Draft {
        slug: slug.to_string(),
        hash: hash.to_string(),
        publishable: own.is_some_and(|version| version.is_publishable()),
        published: published.map(|version| version.hash.to_string()),
    }))
}
