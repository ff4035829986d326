//! The frame of every page: its head, its navigation, who is signed in.

use super::assets::Assets;
use super::visit::Visit;
use crate::i18n::{Text, Texts};
use crate::services::Services;
use crate::services::accounts::{Role, Theme};
use crate::services::preview::Preview;
use actix_web::web;
use std::sync::Arc;

pub struct Frame {
    pub t: Texts,
    pub theme: Theme,
    pub person: Option<Person>,
    pub csrf: String,
    pub nonce: String,
    /// Where the language switch comes back to.
    pub here: String,
    /// Of `gradien pack preview`: what is shown, above every page.
    pub preview: Option<PreviewBar>,
    assets: Option<Arc<Assets>>,
}

pub struct PreviewBar {
    pub text: String,
    pub generation: u64,
    pub faults: Vec<String>,
}

impl PreviewBar {
    fn new(preview: &Preview, t: Texts) -> PreviewBar {
        let state = preview.state();
        let folder = preview.folder().display().to_string();
        PreviewBar {
            text: t.with("preview-of", "folder", folder),
            generation: state.generation,
            faults: state.shown.faults,
        }
    }
}

pub struct Person {
    pub display_name: String,
    /// Of staff alone.
    pub role: Option<String>,
}

impl Frame {
    pub fn new(visit: &Visit, services: &Services, assets: &web::Data<Assets>) -> Frame {
        Frame::with(visit, services, Some(assets))
    }

    /// For an error so early that there may be no assets.
    pub fn with(visit: &Visit, services: &Services, assets: Option<&web::Data<Assets>>) -> Frame {
        let t = visit.t;
        Frame {
            t,
            theme: visit.theme,
            person: visit.viewer.as_ref().map(|viewer| Person {
                display_name: viewer.user.display_name.clone(),
                role: role_text(viewer.user.role).map(|text| t.get(text.0)),
            }),
            csrf: services.sessions.csrf_token(&visit.csrf_subject),
            nonce: visit.nonce.clone(),
            here: visit.here.clone(),
            preview: services
                .preview
                .as_ref()
                .map(|preview| PreviewBar::new(preview, t)),
            assets: assets.map(|data| data.clone().into_inner()),
        }
    }

    /// The page answers a POST: what is switched to another language is `path`.
    pub fn at(mut self, path: String) -> Frame {
        self.here = path;
        self
    }

    pub fn is_at(&self, path: &str) -> bool {
        self.here.split('?').next() == Some(path)
    }

    /// The page, or one below it.
    pub fn is_below(&self, path: &str) -> bool {
        let here = self.here.split('?').next().unwrap_or_default();
        here.strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    pub fn asset(&self, name: &str) -> Option<String> {
        self.assets
            .as_ref()
            .and_then(|assets| assets.find_url(name))
    }

    pub fn stylesheets(&self) -> Vec<String> {
        self.assets
            .as_ref()
            .map(|assets| assets.stylesheets())
            .unwrap_or_default()
    }

    pub fn sign_in_url(&self) -> String {
        sign_in_url(&self.here)
    }
}

fn role_text(role: Role) -> Option<Text> {
    match role {
        Role::Student => None,
        Role::Coach => Some(Text("role-coach")),
        Role::Admin => Some(Text("role-admin")),
    }
}

/// The address of the sign-in page that leads back to `here`.
pub fn sign_in_url(here: &str) -> String {
    let goes_nowhere = ["/sign-in", "/sign-up", "/admin-link"]
        .iter()
        .any(|path| here.starts_with(path));
    if here == "/" || goes_nowhere {
        "/sign-in".to_owned()
    } else {
        let next: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
        format!("/sign-in?next={next}")
    }
}

/// `next` if it is a path of this site; anything else could lead elsewhere.
pub fn local_path(next: &str) -> Option<&str> {
    let local = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 500
        && !next.chars().any(|c| c.is_control() || c == '\\');
    local.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_leads_only_within_the_site() {
        for good in ["/", "/problems/x?lang=en", "/submissions?page=2"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "x",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\n/x",
            "\\\\evil",
            "javascript:alert(1)",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_way_back_is_encoded() {
        assert_eq!(
            sign_in_url("/problems/a?x=1&y=2"),
            "/sign-in?next=%2Fproblems%2Fa%3Fx%3D1%26y%3D2"
        );
        assert_eq!(sign_in_url("/sign-up"), "/sign-in");
    }
}
