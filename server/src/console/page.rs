//! What every page shares: the language, who is signed in, the form token, the way around.
//!
//! A page is a struct with a field `page: Page` and a template that extends `layout.html`. Handlers take a [`View`],
//! which knows the request, and make the [`Page`] from it.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse as _, Response};
use fluent_bundle::FluentValue;

use super::assets;
use crate::accounts::{Account, Session};
use crate::app::AppState;
use crate::config::{Config, HeadquartersWord};
use crate::http::extract::{Browser, Visitor};
use crate::http::problem::Problem;
use crate::i18n::{Locale, args};

/// What stands on every page of this server.
#[derive(Debug, Clone)]
pub struct Furniture {
    organisation: Arc<str>,
    headquarters: HeadquartersWord,
}

impl Furniture {
    /// From the settings.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self { organisation: config.organisation.as_str().into(), headquarters: config.headquarters_word }
    }
}

/// A request, as far as pages need to know it.
#[derive(Debug, Clone)]
pub struct View {
    /// The language to answer in.
    pub locale: Locale,
    /// Who is signed in.
    pub session: Option<Session>,
    furniture: Furniture,
    form_token: String,
    path_and_query: String,
}

impl FromRequestParts<AppState> for View {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Visitor(session) = Visitor::from_request_parts(parts, state).await?;
        let Ok(Browser(browser)) = Browser::from_request_parts(parts, state).await;
        let token = session.as_ref().map(|session| &session.token).or(browser.as_ref());
        Ok(Self {
            locale: parts.extensions.get().copied().unwrap_or_default(),
            furniture: state.furniture.clone(),
            form_token: token.map(|token| token.form_token()).unwrap_or_default(),
            path_and_query: parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            session,
        })
    }
}

impl View {
    /// A message in the reader's language.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        text(self.locale, &self.furniture, key, None)
    }

    /// The frame of a page, titled by a message.
    #[must_use]
    pub fn page(&self, title: &str) -> Page {
        Page {
            locale: self.locale,
            title: self.text(title),
            account: self.session.as_ref().map(|session| session.account.clone()),
            form_token: self.form_token.clone(),
            events: None,
            furniture: self.furniture.clone(),
            path_and_query: self.path_and_query.clone(),
        }
    }

    /// For a browser that is being told which one it is: forms of this answer are bound to that.
    #[must_use]
    pub(super) fn with_form_token(self, form_token: String) -> Self {
        Self { form_token, ..self }
    }
}

/// The frame around a page's own content.
#[derive(Debug, Clone)]
pub struct Page {
    /// The language.
    pub locale: Locale,
    /// What the page is about, in that language.
    pub title: String,
    /// Who is signed in.
    pub account: Option<Account>,
    /// The hidden field of every form on it; empty when the page can have no form.
    pub form_token: String,
    /// Where news about what it shows can be heard, for pages that offer to reload.
    pub events: Option<String>,
    furniture: Furniture,
    path_and_query: String,
}

/// A way to another page.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where to.
    pub href: &'static str,
    /// The message that names it.
    pub label: &'static str,
    /// Whether we are there.
    pub current: bool,
}

/// The ways around: address, label, who may go there.
const NAV: [(&str, &str, fn(&Account) -> bool); 3] = [
    ("/", "sites-title", |_| true),
    ("/accounts", "accounts-title", Account::administers),
    ("/account", "nav-account", |_| true),
];

impl Page {
    pub(super) fn bare(locale: Locale, furniture: &Furniture, path_and_query: &str, title: String) -> Self {
        Self {
            locale,
            title,
            account: None,
            form_token: String::new(),
            events: None,
            furniture: furniture.clone(),
            path_and_query: path_and_query.to_owned(),
        }
    }

    /// Listens for news at an address.
    #[must_use]
    pub fn live(self, events: impl Into<String>) -> Self {
        Self { events: Some(events.into()), ..self }
    }

    /// A message.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        text(self.locale, &self.furniture, key, None)
    }

    /// A message with one argument.
    #[must_use]
    pub fn t1<'a>(&self, key: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        text(self.locale, &self.furniture, key, Some((name, value.into())))
    }

    /// The organisation's name.
    #[must_use]
    pub fn organisation(&self) -> &str {
        &self.furniture.organisation
    }

    /// The ways around that are open to who is signed in.
    #[must_use]
    pub fn nav(&self) -> Vec<NavItem> {
        let Some(account) = &self.account else { return Vec::new() };
        let path = self.path_and_query.split('?').next().unwrap_or_default();
        let open = NAV.into_iter().filter(|(_, _, may)| may(account));
        open.map(|(href, label, _)| NavItem { href, label, current: is_within(path, href) }).collect()
    }

    /// The other language.
    #[must_use]
    pub const fn other(&self) -> Locale {
        match self.locale {
            Locale::Chinese => Locale::English,
            Locale::English => Locale::Chinese,
        }
    }

    /// This page in the other language.
    #[must_use]
    pub fn other_href(&self) -> String {
        let (path, query) = self.path_and_query.split_once('?').unwrap_or((&self.path_and_query, ""));
        let kept: String = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="))
            .map(|pair| format!("{pair}&"))
            .collect();
        format!("{path}?{kept}lang={}", self.other().tag())
    }

    /// The style sheet.
    #[must_use]
    pub fn css(&self) -> &'static str {
        assets::CSS.href()
    }

    /// The script.
    #[must_use]
    pub fn js(&self) -> &'static str {
        assets::JS.href()
    }

    /// The emblem.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        assets::ICON.href()
    }
}

/// Writes a page.
///
/// # Errors
/// When the template fails, which is a bug of ours.
pub fn render(page: &impl Template) -> Result<Response, Problem> {
    page.render().map(|html| Html(html).into_response()).map_err(|error| Problem::internal(&error))
}

fn text(locale: Locale, furniture: &Furniture, key: &str, extra: Option<(&str, FluentValue<'_>)>) -> String {
    let headquarters = match locale {
        Locale::Chinese => furniture.headquarters.chinese(),
        Locale::English => "headquarters",
    };
    locale.text(key, &args([("headquarters", headquarters.into())].into_iter().chain(extra)))
}

fn is_within(path: &str, section: &str) -> bool {
    path.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_language_keeps_the_filters() {
        let furniture = Furniture::new(&Config::default());
        let href = |path| Page::bare(Locale::English, &furniture, path, String::new()).other_href();
        assert_eq!(href("/sites"), "/sites?lang=zh-CN");
        assert_eq!(href("/sites?lang=en&state=late"), "/sites?state=late&lang=zh-CN");
    }

    #[test]
    fn a_section_is_current_below_itself_only() {
        assert!(
            is_within("/sites", "/sites")
                && is_within("/sites/1", "/sites")
                && !is_within("/sitesque", "/sites")
        );
    }
}
