//! The way into one site's pages: signed in, within the account's scope, and the site exists. Otherwise all look alike.

use std::fmt::Display;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use dutylog_core::base::{Millis, SiteId};
use dutylog_core::records::calendar::Zone;
use dutylog_core::records::{Capabilities, Capability};

use super::{SiteFrame, Tab, address};
use crate::accounts::{self, Account, Role};
use crate::app::AppState;
use crate::console::words::Words;
use crate::console::{Page, View};
use crate::http::extract::{Barred, SignedIn};
use crate::http::problem::{Problem, catalogue};
use crate::ledger::{MayEnter, SiteScope};
use crate::views::Board;

/// A site that the reader may see, and how its pages are written for them.
#[derive(Debug)]
pub(in crate::console) struct OpenSite {
    /// The right to read it.
    pub(in crate::console) scope: SiteScope,
    /// Its names.
    pub(in crate::console) board: Board,
    /// The reader's language on the site's clock.
    pub(in crate::console) words: Words,
    /// Who reads.
    pub(in crate::console) account: Account,
    /// When, by the server's clock.
    pub(in crate::console) now: Millis,
    /// What the reader's posts at the site allow now.
    capabilities: Capabilities,
    /// How many chains have forked and wait for somebody's word.
    forks: usize,
    /// How far the log was folded when the page was made.
    seen: u64,
    view: View,
}

impl MayEnter for accounts::SiteScope {
    fn may_enter(&self, site: SiteId) -> bool {
        self.includes(&site)
    }
}

impl FromRequestParts<AppState> for OpenSite {
    type Rejection = Barred;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Barred> {
        let signed_in = <SignedIn as FromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        let view = View::from_request_parts(parts, state).await?;
        let scope = entered(parts, state, signed_in.account()).await?;
        let board = state.views.board(scope).await.map_err(Problem::from)?;
        let words = words(&view, &board);
        let account = signed_in.0.account;
        let (now, person) = (state.clock.now_ms(), account.person);
        let known = state.projector.known(scope, |known| {
            let open = known.forks().keys().filter(|chain| !known.is_frozen(**chain)).count();
            (known.now().capabilities(person, now), open)
        });
        let (capabilities, forks) = known.await.map_err(Problem::from)?;
        let seen = *state.projector.subscribe(scope).borrow();
        Ok(Self { scope, words, board, account, now, capabilities, forks, seen, view })
    }
}

async fn entered(parts: &mut Parts, state: &AppState, account: &Account) -> Result<SiteScope, Problem> {
    let params = RawPathParams::from_request_parts(parts, state).await;
    let params = params.map_err(|_| catalogue::not_found())?;
    let named = params.iter().find(|(name, _)| *name == "site").and_then(|(_, text)| text.parse().ok());
    let site = named.ok_or_else(catalogue::not_found)?;
    let there = state.api.ledger().sites().await.map_err(|error| Problem::internal(&error))?;
    let scope = SiteScope::enter(site, &account.scope).filter(|_| there.contains(&site));
    scope.ok_or_else(catalogue::not_found)
}

/// How a site's records are written for a reader.
pub(in crate::console) fn words(view: &View, board: &Board) -> Words {
    let zone = board.zone().unwrap_or(Zone::UTC);
    let person = |(id, (name, _)): (&String, &(String, String))| Some((id.parse().ok()?, name.clone()));
    Words::new(view.locale, zone, board.people.iter().filter_map(person).collect())
}

impl OpenSite {
    /// The site's address.
    pub(in crate::console) fn address(&self) -> String {
        address(self.scope.site())
    }

    /// The frame of a page, titled by a message, that hears of news.
    pub(in crate::console) fn page(&self, title: &str) -> Page {
        self.view.page(title).live(format!("{}/events?since={}", self.address(), self.seen))
    }

    /// The frame of a tab's own page.
    pub(in crate::console) fn frame(&self, tab: Tab) -> SiteFrame {
        let name = site_name(&self.words.text(&self.board.site_name()), self.scope.site());
        let zone = self.board.time_zone.clone();
        let zone = if zone.is_empty() { "UTC".into() } else { zone };
        SiteFrame { forks: self.forks, ..SiteFrame::new(self.scope.site(), name, zone, tab) }
    }

    /// The frame of a page below a tab.
    pub(in crate::console) fn below(&self, tab: Tab) -> SiteFrame {
        SiteFrame { below: true, ..self.frame(tab) }
    }

    /// A shift by its day and name.
    pub(in crate::console) fn shift(&self, date: impl Display, key: &str) -> String {
        let name = self.board.shift(key).map_or_else(|| key.to_owned(), |name| self.words.text(&name));
        format!("{date} {name}")
    }

    /// Whether the reader acts for headquarters and their posts allow this: only then is it offered.
    pub(in crate::console) fn may(&self, capability: Capability) -> bool {
        self.account.role != Role::Auditor && self.capabilities.has(capability)
    }

    /// A message with one argument.
    pub(in crate::console) fn t1(&self, key: &str, name: &str, value: &str) -> String {
        self.view.page(key).t1(key, name, value.to_owned())
    }

    /// A message.
    pub(in crate::console) fn t(&self, key: &str) -> String {
        self.view.text(key)
    }
}

/// A site is called by its identifier until HQ has named it.
pub(in crate::console) fn site_name(name: &str, site: SiteId) -> String {
    if name.is_empty() { crate::console::words::short(&site.to_string()) } else { name.to_owned() }
}
