//! What somebody chooses for themselves: language, time zone, appearance.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::forms::Form;
use super::frame::Frame;
use super::visit::{SignedIn, Visit};
use super::{cookies, html, see_other};
use crate::i18n::{Text, Zone};
use crate::services::Services;
use crate::services::accounts::{Preferences, Theme};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use gradien_problems::Language;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "pages/settings.html")]
struct SettingsPage {
    frame: Frame,
    saved: bool,
    username: String,
    languages: Vec<Choice>,
    zones: Vec<Choice>,
    themes: Vec<Choice>,
}

/// An option of a list.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    saved: Option<String>,
}

pub async fn get(
    SignedIn(viewer): SignedIn,
    visit: Visit,
    query: web::Query<Query>,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let chosen = &viewer.user.preferences;
    let page = SettingsPage {
        frame: Frame::new(&visit, &services, &assets),
        saved: query.saved.is_some(),
        username: viewer.user.username.clone(),
        languages: Language::ALL
            .map(|language| Choice {
                value: language.tag().to_owned(),
                label: t.get(language_name(language).0),
                selected: language == chosen.language,
            })
            .into(),
        zones: Zone::ALL
            .map(|zone| Choice {
                value: zone.name().to_owned(),
                label: t.get(zone_label(zone).0),
                selected: zone == visit.zone,
            })
            .into(),
        themes: Theme::ALL
            .map(|theme| Choice {
                value: theme.name().to_owned(),
                label: t.get(theme_label(theme).0),
                selected: theme == chosen.theme,
            })
            .into(),
    };
    html(StatusCode::OK, &page)
}

pub async fn post(
    SignedIn(viewer): SignedIn,
    Form(form): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let preferences = Preferences {
        language: form
            .text("language")
            .parse()
            .map_err(|()| ErrorCode::BadRequest)?,
        zone: Zone::find(form.text("zone"))
            .ok_or(ErrorCode::BadRequest)?
            .name()
            .to_owned(),
        theme: form
            .text("theme")
            .parse()
            .map_err(|_| ErrorCode::BadRequest)?,
    };
    services
        .accounts
        .set_preferences(&viewer, &preferences)
        .await?;
    let mut answer = see_other("/settings?saved");
    let cookie = cookies::language(preferences.language, services.config.https());
    let _ = answer.add_cookie(&cookie);
    Ok(answer)
}

fn language_name(language: Language) -> Text {
    match language {
        Language::Id => Text("language-id"),
        Language::En => Text("language-en"),
    }
}

fn zone_label(zone: Zone) -> Text {
    match zone {
        Zone::Jakarta => Text("zone-wib"),
        Zone::Makassar => Text("zone-wita"),
        Zone::Jayapura => Text("zone-wit"),
    }
}

fn theme_label(theme: Theme) -> Text {
    match theme {
        Theme::Auto => Text("theme-auto"),
        Theme::Light => Text("theme-light"),
        Theme::Dark => Text("theme-dark"),
    }
}
