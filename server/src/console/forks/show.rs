//! From a fork in the views to its page, and the proof of it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use dutylog_core::base::ChainId;
use dutylog_core::records::Capability;
use dutylog_core::records::chain::{ForkCause, ForkReview};

use super::detail::{BranchLine, ForkPage, Form, ReviewLine};
use crate::app::AppState;
use crate::console::act::Done;
use crate::console::download;
use crate::console::parts::{Badge, Link, Tone};
use crate::console::render;
use crate::console::site::{OpenSite, Tab};
use crate::console::words::{capitalised, hex, short};
use crate::evidence::Prover;
use crate::http::problem::{Problem, catalogue};
use crate::views::{Branch, ForkDetail, Said};

/// The fork of a chain.
pub(super) async fn show(
    State(state): State<AppState>,
    Path((_, chain)): Path<(String, String)>,
    Query(done): Query<Done>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let fork = fork(&state, &site, &chain).await?;
    let phones = state.views.phones(site.scope).await?;
    let phone = phones.iter().find(|phone| phone.chains.iter().any(|c| c.chain == fork.chain));
    let draw = Draw { site: &site, here: format!("{}/forks/{}", site.address(), fork.chain) };
    render(&ForkPage {
        page: site.page("fork-title"),
        site: site.below(Tab::Phones),
        notice: done.notice(&site),
        state: draw.state(&fork),
        phone: phone.map_or_else(|| site.t("headquarters"), |phone| site.words.phone(&phone.card)),
        chain: fork.chain.to_string(),
        at: fork.at,
        branches: fork.branches.iter().map(|branch| draw.branch(branch)).collect(),
        reviews: fork.reviews.iter().map(|review| draw.review(review)).collect(),
        form: site.may(Capability::Review).then(|| draw.form()),
    })
}

/// The proof of a fork, for those who may review it.
pub(super) async fn proof(
    State(state): State<AppState>,
    Path((_, chain)): Path<(String, String)>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let fork = fork(&state, &site, &chain).await?;
    if !site.may(Capability::Review) {
        return Err(catalogue::not_allowed());
    }
    let (api, trust) = (&state.api, state.views.trust(site.scope).await?);
    let prover = Prover { ledger: api.ledger(), keys: &api.keys, trust: &trust, scope: site.scope };
    let proof = prover.fork(fork.chain).await?.ok_or_else(catalogue::not_found)?;
    tracing::info!(target: "security", chain = %fork.chain, "the proof of a fork was handed out");
    Ok(download::proof(&format!("fork-{}-{}", short(&fork.chain.to_string()), fork.at), &proof))
}

pub(super) async fn fork(state: &AppState, site: &OpenSite, chain: &str) -> Result<ForkDetail, Problem> {
    let chain: ChainId = chain.parse().map_err(|_| catalogue::not_found())?;
    state.views.fork(site.scope, chain).await?.ok_or_else(catalogue::not_found)
}

/// What drawing a fork needs.
struct Draw<'a> {
    site: &'a OpenSite,
    here: String,
}

impl Draw<'_> {
    fn state(&self, fork: &ForkDetail) -> Badge {
        match fork.reviews.is_empty() {
            true => Badge::new(Tone::Bad, self.site.t("fork-open")),
            false => Badge::new(Tone::Plain, self.site.t("fork-reviewed")),
        }
    }

    fn branch(&self, branch: &Branch) -> BranchLine {
        let site = self.site;
        let begins = branch.line.as_ref().map(|line| {
            let kind = line.kind.map_or_else(|| site.t("kind-unknown"), |kind| site.words.of(&kind));
            let (href, when) = (site.entry_href(line.by), site.words.second(line.times.claimed));
            let source =
                crate::console::parts::Source { who: site.who(line.author), when, href: href.clone() };
            (Link::new(href, capitalised(&kind)), source)
        });
        BranchLine { name: hex(&branch.label), first: branch.first, last: branch.last, begins }
    }

    fn review(&self, said: &Said<ForkReview>) -> ReviewLine {
        let (site, review) = (self.site, &said.value);
        let own = match review.own {
            Some(label) => site.t1("fork-own-is", "branch", &hex(&label)),
            None => site.t("fork-own-unknown"),
        };
        let cause = review.cause.unwrap_or(ForkCause::Unknown);
        ReviewLine {
            cause: capitalised(&site.words.of(&cause)),
            own,
            note: review.note.clone(),
            source: site.source(said),
        }
    }

    fn form(&self) -> Form {
        let words = &self.site.words;
        Form {
            action: self.here.clone(),
            proof: format!("{}/proof", self.here),
            causes: ForkCause::ALL.iter().map(|c| (c.code(), capitalised(&words.of(c)))).collect(),
        }
    }
}
