//! Taking in a page of the site's log: nothing is merged before all of it is proven.

use std::collections::{BTreeMap, BTreeSet};

use super::accepted::root_at;
use super::answer::PATIENCE;
use super::offer::Sent;
use super::{Alarm, End, Flight, SyncSession};
use crate::base::{ChainId, Digest, Seq};
use crate::log::merkle::{Peaks, site_leaf};
use crate::log::{Absorbed, Arrival, Holdings, Pulled, Receipt, Segment, SiteRoot};
use crate::sync::frame::Frame;
use crate::sync::message::{Response, Wishes};
use crate::sync::receipts::Known;
use crate::sync::verify::{Cause, Checked, Fault, verify};

/// Whether some segments of a page were only mentioned.
type Mentioned = bool;

/// What a page comes to.
enum Page {
    /// All proven, in order; some perhaps only mentioned.
    Whole(Vec<Segment>, Mentioned),
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
        let before = self.report.certificates.len();
        let items = self.open(response, start);
        if let Some(new @ [_, ..]) = self.report.certificates.get(before..) {
            holdings.learn(new)?;
        }
        let Some(items) = items else { return Ok(false) };
        let count = items.len() as u64;
        match self.sort(items, holdings)? {
            Page::Again => Ok(false),
            Page::Whole(segments, mentioned) if self.beyond.is_none() => {
                self.append(flight, response, pulled, (segments, mentioned), holdings)
            }
            Page::Whole(segments, _) => self.skip(start + count, response, segments, Vec::new(), holdings),
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
        let mentioned = items.iter().any(|item| matches!(item, Checked::Held { .. }));
        for item in items {
            match item {
                Checked::Good(segment) => segments.push(*segment),
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
        Ok(if faults.is_empty() { Page::Whole(segments, mentioned) } else { Page::Holed(segments, faults) })
    }

    /// Holds the page and all that the answer signs against each other, then takes it in and moves the mark.
    fn append<H: Holdings>(
        &mut self,
        flight: &Flight,
        response: &Response,
        pulled: Pulled,
        (segments, mentioned): (Vec<Segment>, Mentioned),
        holdings: &mut H,
    ) -> Result<bool, H::Error> {
        let start = pulled.peaks.size();
        let checkpoint = response.checkpoint.as_deref().map(|bytes| self.checkpoint(bytes, response.epoch));
        let checkpoint = match checkpoint {
            Some(None) => return Ok(false),
            Some(Some(checkpoint)) => Some(checkpoint.log),
            None => None,
        };
        let spoken = response.receipts.iter().map(|r| r.size).chain(checkpoint.map(|root| root.size));
        let sizes: BTreeSet<u64> = spoken.chain(self.promised.keys().copied()).collect();
        let (peaks, roots) = grow(pulled.peaks, &segments, &sizes);
        let end = SiteRoot { size: peaks.size(), root: peaks.root() };
        let receipts = self.receipts(flight, response, end);
        let signed: Vec<SiteRoot> = receipts.iter().map(|(r, _)| r.log).chain(checkpoint).collect();
        let contradicts = self.contradicts(&signed, &roots, start, holdings)?;
        let covered = segments.is_empty() || signed.contains(&end);
        if (contradicts || !covered) && mentioned {
            // A copy of this phone may have written another segment of that number: have it sent.
            self.wishes.whole = true;
            return Ok(false);
        }
        if contradicts {
            self.alarm(Alarm::Contradicts, response);
        }
        if contradicts || !covered {
            return Ok(false);
        }
        self.report.checkpoint = response.checkpoint.clone().or(self.report.checkpoint.take());
        self.promised.extend(signed.iter().map(|root| (root.size, root.root)));
        self.promised.retain(|size, _| *size > end.size);
        self.store(start, segments, Some(Pulled { epoch: response.epoch, peaks }), holdings)?;
        holdings.confirm(&receipts)?;
        self.report.receipts += receipts.len() as u64;
        // A holder that had to give a snapshot up begins again at the start.
        let given_up = holdings.pulled()?.peaks.size() < end.size;
        self.settle(end.size > start, response.size > end.size || given_up);
        Ok(true)
    }

    /// Whether something that the server signed, now or earlier in the session, is not what the phone computes.
    fn contradicts<H: Holdings>(
        &self,
        signed: &[SiteRoot],
        roots: &BTreeMap<u64, Digest>,
        start: u64,
        holdings: &H,
    ) -> Result<bool, H::Error> {
        let promised = self.promised.iter().map(|(size, root)| SiteRoot { size: *size, root: *root });
        for root in promised.chain(signed.iter().copied()) {
            let ours = match roots.get(&root.size) {
                Some(ours) => Some(*ours),
                None if root.size < start => root_at(root.size, holdings)?,
                None => None,
            };
            if ours.is_some_and(|ours| ours != root.root) {
                return Ok(true);
            }
        }
        Ok(false)
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
fn grow(mut peaks: Peaks, segments: &[Segment], sizes: &BTreeSet<u64>) -> (Peaks, BTreeMap<u64, Digest>) {
    let mut roots = BTreeMap::new();
    for segment in segments {
        if sizes.contains(&peaks.size()) {
            roots.insert(peaks.size(), peaks.root());
        }
        peaks.push(site_leaf(peaks.size(), &segment.header.id()));
    }
    if sizes.contains(&peaks.size()) {
        roots.insert(peaks.size(), peaks.root());
    }
    (peaks, roots)
}
