//! From an entry in the views to the page of its evidence.

use axum::extract::{Path, State};
use axum::response::Response;
use dutylog_core::base::{ChainId, Seq};
use dutylog_core::log::{Op, Statement, Trust};
use dutylog_core::records::{Kind, Member};

use super::entry::{DeviceProof, EntryPage, OperationLine, SegmentProof, StatementProof};
use super::{OpenSite, Tab};
use crate::app::AppState;
use crate::console::parts::{Badge, Link, Tone};
use crate::console::saying::Sayer;
use crate::console::words::{hex, short};
use crate::console::{download as file, render};
use crate::evidence::Prover;
use crate::http::problem::{Problem, catalogue};
use crate::views::{EntryDetail, PhoneView};

/// One entry by chain, number and the first 8 bytes of its leaf.
pub(in crate::console) async fn show(
    State(state): State<AppState>,
    Path((_, chain, seq, mark)): Path<(String, String, String, String)>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let (chain, seq, mark) = named(&chain, &seq, &mark).ok_or_else(catalogue::not_found)?;
    let found = state.views.find_entry(site.scope, chain, seq, mark).await?;
    let (position, n) = found.ok_or_else(catalogue::not_found)?;
    let entry = state.views.entry(site.scope, position, n).await?.ok_or_else(catalogue::not_found)?;
    let trust = state.views.trust(site.scope).await?;
    let phones = state.views.phones(site.scope).await?;
    let checklists = site.checklists(&state, entry.entry.records.iter().copied().collect()).await?;
    let sayer = Sayer { words: &site.words, board: &site.board, checklists: &checklists };
    let draw = Draw { site: &site, entry: &entry, trust: &trust, phones: &phones, sayer: &sayer };
    render(&draw.page())
}

/// The proof of one entry, to take away.
pub(in crate::console) async fn download(
    State(state): State<AppState>,
    Path((_, chain, seq, mark)): Path<(String, String, String, String)>,
    site: OpenSite,
) -> Result<Response, Problem> {
    let (chain, seq, mark) = named(&chain, &seq, &mark).ok_or_else(catalogue::not_found)?;
    let (api, trust) = (&state.api, state.views.trust(site.scope).await?);
    let prover = Prover { ledger: api.ledger(), keys: &api.keys, trust: &trust, scope: site.scope };
    let proof = prover.entry(chain, seq, Some(mark)).await?.ok_or_else(catalogue::not_found)?;
    Ok(file::proof(&format!("entry-{}-{seq}", short(&chain.to_string())), &proof))
}

fn named(chain: &str, seq: &str, mark: &str) -> Option<(ChainId, Seq, [u8; 8])> {
    // Marks are written like the identifiers of keys.
    let mark: dutylog_core::base::KeyId = mark.parse().ok()?;
    Some((chain.parse().ok()?, seq.parse().ok()?, mark.0))
}

/// What drawing an entry needs.
struct Draw<'a> {
    site: &'a OpenSite,
    entry: &'a EntryDetail,
    trust: &'a Trust,
    phones: &'a [PhoneView],
    sayer: &'a Sayer<'a>,
}

impl Draw<'_> {
    fn page(&self) -> EntryPage {
        let (site, line, entry) = (self.site, &self.entry.line, &self.entry.entry);
        let times = line.times;
        let mut page = site.page("entry-title");
        page.title = format!("{}{}{}", page.title, site.words.pick("：", ": "), self.kind());
        EntryPage {
            page,
            site: site.below(Tab::Log),
            standing: site
                .problem(&line.outcome)
                .unwrap_or_else(|| Badge::new(Tone::Good, site.t("standing-counts"))),
            who: site.who(line.author),
            claimed: site.words.second(times.claimed),
            bracket: (times.not_before.map(|at| site.words.second(at)), site.words.second(times.not_after)),
            quality: site.clock(&times),
            records: self.records(),
            session: entry.session,
            operations: self.operations(),
            device: self.device(),
            statement: self.statement(),
            segment: self.segment(),
            chain: line.by.chain.to_string(),
            seq: line.by.seq,
            leaf: hex(&line.by.leaf.0),
            bytes: hex(&self.entry.bytes),
            proof: format!("{}/proof", site.entry_href(line.by)),
        }
    }

    fn kind(&self) -> String {
        self.entry.line.kind.map_or_else(|| self.site.t("kind-unknown"), |kind| self.site.words.of(&kind))
    }

    fn records(&self) -> Vec<Link> {
        let kind = self.entry.line.kind.and_then(Kind::record_kind);
        let records = self.entry.entry.records.iter();
        let link = |record: &dutylog_core::base::RecordId| {
            let href = self.site.record_href(*record, kind);
            let href = href.unwrap_or_else(|| format!("{}?record={record}", self.site.address()));
            Link::new(href, short(&record.to_string()))
        };
        records.map(link).collect()
    }

    fn operations(&self) -> Option<Vec<OperationLine>> {
        let ops = self.entry.entry.operations().ok()?;
        Some(ops.iter().map(|op| self.operation(op)).collect())
    }

    fn operation(&self, op: &Op) -> OperationLine {
        let (record, field, member, value, cites) = match op {
            Op::Write { record, field, member, value, cites } => {
                (record, *field, *member, value, cites.as_slice())
            }
            Op::Add { record, field, value } => (record, *field, Member::Whole, value, [].as_slice()),
        };
        let record = self.entry.entry.records.get(usize::from(*record)).copied();
        let (field, value) = self.sayer.evidence(record, field, member, value);
        let cites = cites.iter().map(|c| format!("{}/{}", short(&c.chain.to_string()), c.seq)).collect();
        OperationLine { field, value, cites }
    }

    fn device(&self) -> DeviceProof {
        let certificate = self.trust.get(self.entry.key);
        let device = certificate.map(|c| c.claims.subject);
        let phone = self.phones.iter().find(|phone| Some(phone.card.device) == device);
        let check = match certificate {
            Some(_) => Badge::new(Tone::Good, self.site.t("certificate-good")),
            None => Badge::new(Tone::Unknown, self.site.t("certificate-unknown")),
        };
        let name = match (phone, certificate) {
            (Some(phone), _) => self.site.words.phone(&phone.card),
            (None, Some(_)) => self.site.t("headquarters"),
            (None, None) => "—".into(),
        };
        DeviceProof { name, key: self.entry.key.to_string(), check }
    }

    fn statement(&self) -> Option<StatementProof> {
        self.entry.entry.statement.as_ref()?;
        let device = self.trust.get(self.entry.key);
        let checked = device.and_then(|d| {
            Statement::verify_carried(&self.entry.entry, self.entry.header.chain, d, self.trust).ok()
        });
        Some(match checked {
            Some((statement, _)) => StatementProof {
                purpose: self.site.words.of(&statement.purpose),
                digest: hex(&statement.digest.0),
                check: Badge::new(Tone::Good, self.site.t("signature-good")),
            },
            None => StatementProof {
                purpose: self.site.t("statement"),
                digest: "—".into(),
                check: Badge::new(Tone::Bad, self.site.t("signature-bad")),
            },
        })
    }

    fn segment(&self) -> SegmentProof {
        let (entry, header) = (self.entry, &self.entry.header);
        let check = |good: bool, yes: &str, no: &str| match good {
            true => Badge::new(Tone::Good, self.site.t(yes)),
            false => Badge::new(Tone::Bad, self.site.t(no)),
        };
        SegmentProof {
            id: hex(&entry.segment.0),
            first: header.first,
            last: header.last(),
            seal: check(entry.sealed, "seal-good", "seal-bad"),
            position: entry.line.mark.position,
            received: self.site.words.second(entry.line.times.not_after),
            epoch: entry.epoch,
            log: (entry.receipt_log.size, hex(&entry.receipt_log.root.0)),
            entries_root: hex(&header.root.0),
            path: entry.inclusion.path.iter().map(|step| hex(&step.0)).collect(),
            path_check: check(entry.inclusion.proven, "path-good", "path-bad"),
        }
    }
}
