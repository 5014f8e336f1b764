//! Phones: their chains, their clocks, and when each was last heard.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use dutylog_core::base::PersonId;

use super::{OpenSite, SiteFrame, Tab};
use crate::app::AppState;
use crate::console::parts::{Badge, Moment, Tone, filters};
use crate::console::words::short;
use crate::console::{Page, render};
use crate::http::problem::Problem;
use crate::ledger::{Aside, Reason};
use crate::views::{ChainView, PhoneView};

/// The page.
#[derive(Debug, Template)]
#[template(path = "sites/phones.html")]
pub(in crate::console) struct PhonesPage {
    pub(in crate::console) page: Page,
    pub(in crate::console) site: SiteFrame,
    pub(in crate::console) phones: Vec<PhoneCard>,
    /// What is kept outside the log.
    pub(in crate::console) aside: Vec<AsideLine>,
}

/// One phone, or HQ's own device.
#[derive(Debug)]
pub(in crate::console) struct PhoneCard {
    pub(in crate::console) name: String,
    /// What it said it is called.
    pub(in crate::console) label: String,
    pub(in crate::console) state: Badge,
    pub(in crate::console) people: Vec<String>,
    /// When it last spoke to the server.
    pub(in crate::console) contact: Option<Moment>,
    /// The time of its newest record.
    pub(in crate::console) heard: Option<Moment>,
    pub(in crate::console) chains: Vec<ChainLine>,
}

/// One chain.
#[derive(Debug)]
pub(in crate::console) struct ChainLine {
    pub(in crate::console) chain: String,
    pub(in crate::console) last: u64,
    /// Known to exist, but not here.
    pub(in crate::console) owed: u64,
    pub(in crate::console) received: Moment,
    pub(in crate::console) quality: Badge,
    /// Where it contradicts itself.
    pub(in crate::console) fork: Option<u64>,
    /// The page of that.
    pub(in crate::console) fork_href: String,
    /// Its entries.
    pub(in crate::console) href: String,
}

/// A segment that is not part of the log.
#[derive(Debug)]
pub(in crate::console) struct AsideLine {
    pub(in crate::console) chain: String,
    pub(in crate::console) first: u64,
    pub(in crate::console) last: u64,
    pub(in crate::console) reason: String,
    pub(in crate::console) received: Moment,
}

/// The phones of a site.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let phones = state.views.phones(site.scope).await?;
    let aside = state.api.ledger().set_aside(site.scope).await.map_err(|error| Problem::internal(&error))?;
    let page = PhonesPage {
        page: site.page("phones-title"),
        site: site.frame(Tab::Phones),
        phones: phones.iter().map(|phone| card(&site, phone)).collect(),
        aside: aside.iter().map(|aside| kept(&site, aside)).collect(),
    };
    render(&page)
}

fn card(site: &OpenSite, phone: &PhoneView) -> PhoneCard {
    let words = &site.words;
    PhoneCard {
        name: format!("{} {}", words.pick("手机", "Phone"), short(&phone.card.id().to_string())),
        label: phone.card.label.clone(),
        state: standing(site, phone),
        people: phone.card.people.iter().map(|id| words.person(PersonId(*id))).collect(),
        contact: phone.last_contact().map(|at| words.moment(at)),
        heard: phone.heard_until().map(|at| words.moment(at)),
        chains: phone.chains.iter().map(|chain| line(site, chain)).collect(),
    }
}

fn standing(site: &OpenSite, phone: &PhoneView) -> Badge {
    match (phone.card.written_off, phone.card.gone) {
        (true, _) => Badge::new(Tone::Plain, site.t("phone-written-off")),
        (false, true) => Badge::new(Tone::Bad, site.t("phone-gone")),
        (false, false) => Badge::new(Tone::Good, site.t("phone-in-use")),
    }
}

fn line(site: &OpenSite, chain: &ChainView) -> ChainLine {
    ChainLine {
        chain: short(&chain.chain.to_string()),
        last: chain.last,
        owed: chain.told.saturating_sub(chain.last),
        received: site.words.moment(chain.received),
        quality: site.quality(chain.quality),
        fork: chain.fork,
        fork_href: format!("{}/forks/{}", site.address(), chain.chain),
        href: format!("{}?chain={}", site.address(), chain.chain),
    }
}

fn kept(site: &OpenSite, aside: &Aside) -> AsideLine {
    let header = &aside.segment.header;
    AsideLine {
        chain: short(&header.chain.to_string()),
        first: header.first,
        last: header.last(),
        reason: site.t(reason(aside.reason)),
        received: site.words.moment(aside.received),
    }
}

const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::AwaitsBody => "aside-awaits-body",
        Reason::Review => "aside-review",
        Reason::NotCanonical => "aside-not-canonical",
        Reason::TooDeep => "aside-too-deep",
        Reason::TooManyHeads => "aside-too-many-heads",
        Reason::UnknownForm => "aside-unknown-form",
        Reason::BrokenLink => "aside-broken-link",
    }
}
