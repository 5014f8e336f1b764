//! Taking in a page of the site's log: nothing is merged before all of it is proven.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{PATIENCE, root_at};
use super::offer::Sent;
use super::{Alarm, End, Flight, SyncSession};
use crate::base::{ChainId, Digest, Seq};
use crate::log::merkle::{Peaks, site_leaf};
use crate::log::{Absorbed, Arrival, Holdings, Pulled, Receipt, Segment, SiteRoot};
use crate::sync::frame::Frame;
use crate::sync::message::{Response, Wishes};
use crate::sync::receipts::Known;
use crate::sync::verify::{Cause, Checked, Fault, verify};

/// What a page comes to.
enum Page {
    /// All proven, in order.
    Whole(Vec<Segment>),
    /// Some cannot be proven however often they are asked for.
    Holed(Vec<Segment>, Vec<Fault>),
    /// To be asked for again, in another way.
    Again,
}

impl SyncSession {
    /// Takes in what the answer brings; false if it makes no sense, or must be asked for in another way.
    pub(super) fn merge<H: Holdings>(
        &mut self,
        flight: &Flight,
        response: &Response,
        pulled: Pulled,
        holdings: &mut H,
    ) -> Result<bool, H::Error> {
        let start = self.beyond.unwrap_or(pulled.peaks.size());
        let Some(items) = self.open(response, start) else { return Ok(false) };
        let count = items.len() as u64;
        match self.sort(items, holdings)? {
            Page::Again => Ok(false),
            Page::Whole(segments) if self.beyond.is_none() => {
                self.append(flight, response, pulled, segments, holdings)
            }
            Page::Whole(segments) => self.skip(start + count, response, segments, Vec::new(), holdings),
            Page::Holed(segments, faults) => self.skip(start + count, response, segments, faults, holdings),
        }
    }

    /// The items of the answer's frame, checked one by one.
    fn open(&mut self, response: &Response, start: u64) -> Option<Vec<Checked>> {
        if response.frame.is_empty() {
            return Some(Vec::new());
        }
        let frame = Frame::decode(self.config.org, self.config.site, &response.frame).ok();
        let Some(frame) = frame.filter(|f| f.start == Some(start) && !f.items.is_empty()) else {
            self.wishes.signatures = true;
            return None;
        };
        for certificate in &frame.certificates {
            self.learn(certificate);
        }
        Some(verify(frame.items, &self.config.trust))
    }

    fn learn(&mut self, certificate: &[u8]) {
        let known = |c: &crate::log::Certificate| c.bytes == certificate;
        if !self.config.trust.certificates().any(known) && self.config.trust.add(certificate).is_ok() {
            self.report.certificates.push(certificate.to_vec());
        }
    }

    /// Tells what is proven from what is not, and asks again where that may help.
    fn sort<H: Holdings>(&mut self, items: Vec<Checked>, holdings: &H) -> Result<Page, H::Error> {
        let (mut segments, mut faults) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                Checked::Good { segment, .. } => segments.push(*segment),
                Checked::Hollow { fault, .. } | Checked::Bad(fault) => faults.push(fault),
                Checked::Held { chain, first, count } => match holdings.segment_at(chain, first)? {
                    Some(segment) if segment.header.count == count => segments.push(segment),
                    _ if self.wishes.whole => return Ok(Page::Again),
                    _ => {
                        self.wishes.whole = true;
                        return Ok(Page::Again);
                    }
                },
            }
        }
        let stranger = faults.iter().any(|f| f.cause == Cause::UnknownSigner);
        if stranger && !self.wishes.certificates {
            self.wishes.certificates = true;
            return Ok(Page::Again);
        }
        if !faults.is_empty() && !self.wishes.signatures {
            self.wishes.signatures = true;
            return Ok(Page::Again);
        }
        Ok(if faults.is_empty() { Page::Whole(segments) } else { Page::Holed(segments, faults) })
    }

    /// Holds the page and all that the answer signs against each other, then takes it in and moves the mark.
    fn append<H: Holdings>(
        &mut self,
        flight: &Flight,
        response: &Response,
        pulled: Pulled,
        segments: Vec<Segment>,
        holdings: &mut H,
    ) -> Result<bool, H::Error> {
        let start = pulled.peaks.size();
        let mut promised = self.promised.clone();
        let checkpoint = match response.checkpoint.as_deref() {
            None => None,
            Some(bytes) => match self.checkpoint(bytes, response.epoch) {
                None => return Ok(false),
                Some(checkpoint) => Some(checkpoint.log),
            },
        };
        let sizes: BTreeSet<u64> =
            response.receipts.iter().map(|r| r.size).chain(promised.keys().copied()).collect();
        let (peaks, roots) = grow(pulled.peaks, &segments, &sizes, checkpoint.map(|c| c.size));
        let end = SiteRoot { size: peaks.size(), root: peaks.root() };
        let receipts = self.receipts(flight, response, end);
        let signed: Vec<SiteRoot> = receipts.iter().map(|(r, _)| r.log).chain(checkpoint).collect();
        for root in promised
            .iter()
            .map(|(size, root)| SiteRoot { size: *size, root: *root })
            .chain(signed.iter().copied())
        {
            let ours = match roots.get(&root.size) {
                Some(ours) => *ours,
                None if root.size < start => root_at(root.size, holdings)?,
                None => continue,
            };
            if ours != root.root {
                self.alarm(Alarm::Contradicts);
                return Ok(false);
            }
        }
        if !segments.is_empty() && !signed.contains(&end) {
            return Ok(false);
        }
        promised.extend(signed.iter().map(|root| (root.size, root.root)));
        promised.retain(|size, _| *size > end.size);
        self.promised = promised;
        self.store(start, segments, Some(Pulled { epoch: response.epoch, peaks }), holdings)?;
        holdings.confirm(&receipts)?;
        self.report.receipts += receipts.len() as u64;
        self.settle(end.size > start, response.size > end.size);
        Ok(true)
    }

    /// Takes in what is proven of a page without moving the mark: the stretch is asked for again next time.
    fn skip<H: Holdings>(
        &mut self,
        end: u64,
        response: &Response,
        segments: Vec<Segment>,
        faults: Vec<Fault>,
        holdings: &mut H,
    ) -> Result<bool, H::Error> {
        for fault in faults {
            self.problem(fault.cause.code(), fault.chain, fault.first, fault.last);
        }
        self.beyond = Some(end);
        self.store(end, segments, None, holdings)?;
        self.settle(!response.frame.is_empty(), response.size > end);
        Ok(true)
    }

    /// A page was taken in. A server that says there is more, again and again, and sends none of it, makes no sense.
    fn settle(&mut self, moved: bool, more: bool) {
        self.again = more;
        self.flaws = if more && !moved { self.flaws + 1 } else { 0 };
        self.wishes = Wishes::default();
        if self.flaws > PATIENCE {
            self.over(End::Refused { code: "bad_answer".into() });
        }
    }

    fn store<H: Holdings>(
        &mut self,
        start: u64,
        segments: Vec<Segment>,
        pulled: Option<Pulled>,
        holdings: &mut H,
    ) -> Result<(), H::Error> {
        if segments.is_empty() {
            return Ok(());
        }
        let numbered = pulled.is_some();
        let arrival =
            |(position, segment)| Arrival { position: Some(position).filter(|_| numbered), segment };
        let arrivals = (start..).zip(segments).map(arrival).collect();
        let absorbed = holdings.absorb(arrivals, pulled)?;
        self.report.received += absorbed.iter().filter(|a| !matches!(a, Absorbed::Held)).count() as u64;
        Ok(())
    }

    /// The receipts that verify.
    pub(super) fn receipts(
        &self,
        flight: &Flight,
        response: &Response,
        end: SiteRoot,
    ) -> Vec<(Receipt, Vec<u8>)> {
        let offered: BTreeMap<(ChainId, Seq), Digest> =
            flight.sent.iter().map(|s: &Sent| ((s.chain, s.last), s.id)).collect();
        let (org, site, epoch) = (self.config.org, self.config.site, response.epoch);
        let known = Known { org, site, epoch, offered, end };
        response.receipts.iter().filter_map(|r| r.expand(&known, &self.config.trust).ok()).collect()
    }
}

/// Appends segments to a log; gives the roots at the sizes asked for, from the size it had on.
fn grow(
    mut peaks: Peaks,
    segments: &[Segment],
    sizes: &BTreeSet<u64>,
    checkpoint: Option<u64>,
) -> (Peaks, BTreeMap<u64, Digest>) {
    let wanted = |size: u64| sizes.contains(&size) || checkpoint == Some(size);
    let mut roots = BTreeMap::new();
    for segment in segments {
        if wanted(peaks.size()) {
            roots.insert(peaks.size(), peaks.root());
        }
        peaks.push(site_leaf(peaks.size(), &segment.header.id()));
    }
    if wanted(peaks.size()) {
        roots.insert(peaks.size(), peaks.root());
    }
    (peaks, roots)
}
