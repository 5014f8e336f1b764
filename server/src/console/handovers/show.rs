//! From a handover in the views to its page.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use dutylog_core::base::{ChainId, RecordId};
use dutylog_core::capture::handover::HandoverDocument;
use dutylog_core::log::{Head, text_digest};
use dutylog_core::records::handover::{Decision, HandoverSignature};

use super::detail::{CutHead, HandoverPage, Signed, SignedSheet};
use super::tone;
use crate::app::AppState;
use crate::console::act::Done;
use crate::console::parts::{Badge, Link, Tone};
use crate::console::remarks::Remarks;
use crate::console::render;
use crate::console::site::{OpenSite, Tab};
use crate::console::words::{capitalised, hex, short};
use crate::http::problem::{Problem, catalogue};
use crate::views::{HandoverDetail, PhoneView, Said, SignatureCheck, SignedBlock};

/// One handover.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Path((_, id)): Path<(String, String)>,
    Query(done): Query<Done>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let record: RecordId = id.parse().map_err(|_| catalogue::not_found())?;
    let handover = state.views.handover(site.scope, record).await?.ok_or_else(catalogue::not_found)?;
    let phones = state.views.phones(site.scope).await?;
    let addenda: Vec<_> = handover.addenda.iter().map(|addendum| &addendum.line).collect();
    let addenda = site.lines(&state, &addenda).await?;
    let lines = handover.behind.lines().into_iter().rev().collect::<Vec<_>>();
    let days = site.lines(&state, &lines).await?;
    let draw = Draw { site: &site, handover: &handover, phones: &phones };
    let mut page = site.page("to-handover");
    page.title = draw.title(&page.title);
    let here = format!("{}/handovers/{record}", site.address());
    let page = HandoverPage {
        page,
        site: site.below(Tab::Handovers),
        notice: done.notice(&site),
        state: Badge::new(tone(handover.state), site.words.of(&handover.state)),
        reasons: draw.reasons(),
        sheets: handover.documents.iter().map(|said| draw.sheet(&said.value)).collect(),
        signatures: handover.signatures.iter().map(|(said, check)| draw.signature(said, *check)).collect(),
        addenda_acknowledged: draw.acknowledged(),
        addenda,
        remarks: Remarks::new(&site, &handover.comments, &here),
        days,
    };
    render(&page)
}

/// What drawing a handover needs.
struct Draw<'a> {
    site: &'a OpenSite,
    handover: &'a HandoverDetail,
    phones: &'a [PhoneView],
}

impl Draw<'_> {
    fn title(&self, otherwise: &str) -> String {
        let document = self.handover.documents.iter().find_map(|said| said.value.document.as_ref());
        document.map_or_else(
            || otherwise.to_owned(),
            |d| format!("{otherwise} {}", self.site.shift(d.date, &d.shift)),
        )
    }

    fn reasons(&self) -> Vec<(&'static str, String)> {
        let alone = self.handover.one_sided.iter().map(|said| ("handover-alone", said.value.reason.clone()));
        let withdrawn =
            self.handover.withdrawn.iter().map(|said| ("handover-withdrawn", said.value.reason.clone()));
        alone.chain(withdrawn).collect()
    }

    fn sheet(&self, block: &SignedBlock) -> SignedSheet {
        let document = block.document.as_ref();
        let check = match (block.text_matches, document) {
            (true, _) => Badge::new(Tone::Good, self.site.t("text-matches")),
            (false, Some(_)) => Badge::new(Tone::Bad, self.site.t("text-differs")),
            (false, None) => Badge::new(Tone::Unknown, self.site.t("operations-opaque")),
        };
        SignedSheet {
            lang: document.map_or_else(|| "zh-CN".into(), |d| d.lang.clone()),
            digest: hex(&block.digest.0),
            text_digest: hex(&text_digest(&block.text).0),
            check,
            frozen: document.map(|d| self.site.words.moment(d.frozen_at)),
            open: document.map(|d| self.open(d)).unwrap_or_default(),
            gaps: document.map(|d| d.gaps.clone()).unwrap_or_default(),
            heads: document.map(|d| d.heads.iter().map(|head| self.head(head)).collect()).unwrap_or_default(),
            text: block.text.clone(),
        }
    }

    /// What is handed on, each leading to its record.
    fn open(&self, document: &HandoverDocument) -> Vec<(Link, String)> {
        let item = |open: &dutylog_core::capture::handover::OpenItem| {
            let kind = document.items.iter().find(|item| item.record == open.record).map(|item| item.kind);
            let href = self
                .site
                .record_href(open.record, kind.and_then(dutylog_core::records::RecordKind::from_code));
            let href = href.unwrap_or_else(|| format!("{}?record={}", self.site.address(), open.record));
            (Link::new(href, open.summary.clone()), self.site.words.person(open.next_owner))
        };
        document.open.iter().map(item).collect()
    }

    fn head(&self, (chain, head): &(ChainId, Head)) -> CutHead {
        let phone = self.phones.iter().find(|phone| phone.chains.iter().any(|c| c.chain == *chain));
        CutHead {
            phone: phone.map_or_else(|| self.site.t("headquarters"), |p| self.site.words.phone(&p.card)),
            chain: short(&chain.to_string()),
            seq: head.seq,
            segment: hex(&head.segment.0),
        }
    }

    fn signature(&self, said: &Said<HandoverSignature>, check: SignatureCheck) -> Signed {
        let words = &self.site.words;
        let decision = said.value.decision;
        let tone = match decision {
            Decision::Accept => Tone::Good,
            Decision::AcceptWithRemarks => Tone::Late,
            Decision::Refuse => Tone::Bad,
        };
        let word = match (said.value.role, decision) {
            (dutylog_core::records::handover::Role::Outgoing, Decision::Accept) => {
                self.site.t("handover-given")
            }
            _ => words.of(&decision),
        };
        Signed {
            role: capitalised(&words.of(&said.value.role)),
            decision: Badge::new(tone, word),
            remarks: said.value.remarks.clone(),
            source: self.site.source(said),
            check: self.site.check(check),
            digest: check.digest.map_or_else(|| "—".into(), |digest| hex(&digest.0)),
        }
    }

    fn acknowledged(&self) -> Vec<(crate::console::parts::Source, String)> {
        let seen = self.handover.acknowledged.iter();
        seen.map(|said| (self.site.source(said), hex(&said.value.addendum.0))).collect()
    }
}
