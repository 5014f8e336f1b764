//! The words of pages, in Chinese and English. Words of the domain (kinds, states, rules) come from the core;
//! here is only what surrounds them.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

const CHINESE: &str = include_str!("../locales/zh-CN.ftl");
const ENGLISH: &str = include_str!("../locales/en.ftl");

/// A language that pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Locale {
    /// 简体中文, when nothing else is asked for.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Locale {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// What the language calls itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Chinese => "中文",
            Self::English => "English",
        }
    }

    /// The language of a tag such as `zh`, `zh-Hans-CN` or `en-GB`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The best language for an `Accept-Language` header: highest weight first, then the order written.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut wanted: Vec<(f32, Self)> = header.split(',').filter_map(weighted).collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map(|(_, locale)| *locale)
    }

    /// A message, or its key when there is no such message (a test forbids that).
    #[must_use]
    pub fn text(self, key: &str, args: &FluentArgs<'_>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, locale = self.tag(), "a text is missing");
            return key.to_owned();
        };
        bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned()
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> =
            LazyLock::new(|| [bundle(langid!("zh-CN"), CHINESE), bundle(langid!("en"), ENGLISH)]);
        match self {
            Self::Chinese => &BUNDLES[0],
            Self::English => &BUNDLES[1],
        }
    }
}

/// One argument for [`Locale::text`].
#[must_use]
pub fn args<'a>(pairs: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>) -> FluentArgs<'a> {
    pairs.into_iter().collect()
}

fn weighted(part: &str) -> Option<(f32, Locale)> {
    let mut pieces = part.split(';');
    let locale = Locale::of_tag(pieces.next()?)?;
    let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
    (weight > 0.0).then_some((weight, locale))
}

fn bundle(language: LanguageIdentifier, source: &str) -> FluentBundle<FluentResource> {
    let parsed = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| errors);
    let resource = parsed.expect("the texts are compiled in and a test parses them");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks are invisible characters; pages show those, and need none: both languages run left to right.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).expect("no key stands twice; a test checks it");
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Each message with everything it says, over all its lines.
    fn messages(source: &str) -> Vec<(&str, String)> {
        let mut messages: Vec<(&str, String)> = Vec::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            match (line.split_once(" = "), messages.last_mut()) {
                (Some((key, text)), _) if !line.starts_with(' ') => messages.push((key, text.to_owned())),
                (_, Some((_, text))) => text.push_str(line),
                (_, None) => (),
            }
        }
        messages
    }

    fn keys(source: &str) -> BTreeSet<&str> {
        messages(source).into_iter().map(|(key, _)| key).collect()
    }

    /// Which message uses which argument. English says "headquarters"; only Chinese needs the organisation's word.
    fn arguments(source: &str) -> BTreeSet<(&str, String)> {
        let mut found = BTreeSet::new();
        for (key, text) in messages(source) {
            let names =
                text.split('$').skip(1).map(|rest| rest.split([' ', '}', ')', ',']).next().unwrap_or(""));
            found.extend(names.filter(|name| *name != "headquarters").map(|name| (key, name.to_owned())));
        }
        found
    }

    /// Everything that could name a message: the crate's own code and templates.
    fn everything_in(folder: &Path, out: &mut String) {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                everything_in(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html") {
                out.push_str(&std::fs::read_to_string(&path).expect("text"));
            }
        }
    }

    fn code_and_templates() -> String {
        let mut text = String::new();
        for folder in ["src", "templates"] {
            everything_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut text);
        }
        text
    }

    #[test]
    fn both_languages_have_the_same_keys_and_parse() {
        assert_eq!(keys(CHINESE), keys(ENGLISH));
        for locale in Locale::ALL {
            assert!(keys(CHINESE).iter().all(|key| locale.bundle().has_message(key)), "{locale:?}");
        }
    }

    #[test]
    fn both_languages_use_the_same_arguments() {
        assert_eq!(arguments(CHINESE), arguments(ENGLISH));
    }

    #[test]
    fn every_key_in_templates_exists_and_every_message_is_used() {
        let text = code_and_templates();
        let keys = keys(CHINESE);
        for call in ["page.t(\"", "page.t1(\"", "view.text(\"", "view.page(\""] {
            for used in text.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                // The list of calls above is text too, and ends at a backslash.
                assert!(keys.contains(used) || used.ends_with('\\'), "no message {used}");
            }
        }
        for key in keys {
            assert!(text.contains(&format!("\"{key}\"")), "nobody says {key}");
        }
    }

    #[test]
    fn arguments_and_plurals_are_filled_in() {
        let seconds = |n: i64| Locale::English.text("login-wait", &args([("seconds", n.into())]));
        assert_eq!(seconds(1), "Too many tries. Try again in 1 second.");
        assert_eq!(seconds(12), "Too many tries. Try again in 12 seconds.");
    }

    #[test]
    fn the_header_is_weighed() {
        assert_eq!(Locale::accepted("en-GB,en;q=0.9,zh;q=0.8"), Some(Locale::English));
        assert_eq!(Locale::accepted("fr, en;q=0.2, zh-CN;q=0.7"), Some(Locale::Chinese));
        assert_eq!(Locale::accepted("en;q=0, fr"), None);
        assert_eq!(Locale::accepted(""), None);
    }
}
