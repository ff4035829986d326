//! The words of the pages, in both languages, and numbers and times as each
//! language writes them.
//!
//! Texts are Fluent messages in `server/locales/<tag>.ftl`, compiled in. A test
//! proves that both files have the same keys with the same variables, that every
//! key that a template or a page asks for exists, and that none is left over.

mod number;
mod zone;

pub use number::{decimal, grouped, mebibytes, score, seconds};
pub use zone::{Zone, machine_time, show_time};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use gradien_problems::Language;
use std::sync::LazyLock;
use unic_langid::langid;

const INDONESIAN: &str = include_str!("../../locales/id.ftl");
const ENGLISH: &str = include_str!("../../locales/en.ftl");

struct Bundles {
    id: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

static BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles {
    id: bundle(langid!("id"), INDONESIAN),
    en: bundle(langid!("en"), ENGLISH),
});

fn bundle(tag: unic_langid::LanguageIdentifier, text: &str) -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(text.to_owned())
        .unwrap_or_else(|(_, errors)| panic!("the {tag} texts do not parse: {errors:?}"));
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks would be seen in attributes and copied text.
    bundle.set_use_isolating(false);
    bundle
        .add_resource(resource)
        .unwrap_or_else(|errors| panic!("a text stands twice: {errors:?}"));
    bundle
}

/// A key that code chooses; written so that the test of keys finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(pub &'static str);

/// The texts of one language. Small enough to be handed around by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    pub language: Language,
}

impl Texts {
    pub fn new(language: Language) -> Texts {
        Texts { language }
    }

    pub fn get(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// With one variable filled in.
    pub fn with<'a>(&self, key: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value);
        self.format(key, Some(&args))
    }

    pub fn with_two<'a>(
        &self,
        key: &str,
        (first, first_value): (&'a str, impl Into<FluentValue<'a>>),
        (second, second_value): (&'a str, impl Into<FluentValue<'a>>),
    ) -> String {
        let mut args = FluentArgs::new();
        args.set(first, first_value);
        args.set(second, second_value);
        self.format(key, Some(&args))
    }

    pub fn with_three<'a>(
        &self,
        key: &str,
        (first, first_value): (&'a str, impl Into<FluentValue<'a>>),
        (second, second_value): (&'a str, impl Into<FluentValue<'a>>),
        (third, third_value): (&'a str, impl Into<FluentValue<'a>>),
    ) -> String {
        let mut args = FluentArgs::new();
        args.set(first, first_value);
        args.set(second, second_value);
        args.set(third, third_value);
        self.format(key, Some(&args))
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = match self.language {
            Language::Id => &BUNDLES.id,
            Language::En => &BUNDLES.en,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "a text is missing");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text lacks a variable");
        }
        text.into_owned()
    }
}

#[cfg(test)]
mod tests;
