//! What a phone brings to a handover: everything that is open, the cut, and the phones it could not hear.

use std::collections::{BTreeMap, BTreeSet};

use super::{Companion, CompanionError};
use crate::base::{DeviceId, Millis, PersonId, Reading, RecordId};
use crate::capture::handover::{Freeze, Gathered, HeardPhone};
use crate::capture::{Context, Rejection, ShiftName};
use crate::log::{Certificate, ClockEvidence, Header, Holdings as _, Quality, Role};
use crate::merge::{Lookup as _, RecordState};
use crate::records::calendar::ShiftPeriod;
use crate::records::incident::{CLOSED, Closed, SEVERITY, Severity};
use crate::records::round::Standing;
use crate::records::{FieldValue, RecordKind};
use crate::store::{Listed, StoreError};

/// Rounds before the shift that are looked through for findings nobody has taken up.
const EARLIER: Millis = 24 * 60 * 60_000;

impl Companion {
    /// Prepares the handover of a shift: what is open in the regulation's blocks, the frozen cut, the phones that were not heard. The lead
    /// names next owners, answers the checklist's lines and adds what only people know; then [`Freeze::freeze`] makes the document.
    ///
    /// # Errors
    /// [`CompanionError`]
    pub fn prepare_handover(
        &mut self,
        record: RecordId,
        shift: &ShiftName,
        to: Option<PersonId>,
        now: Reading,
    ) -> Result<Freeze, CompanionError> {
        // What was recorded until now belongs into the cut.
        if self.store().open_entries() > 0 {
            self.seal()?;
        }
        self.handover_so_far(record, shift, to, now)
    }

    /// The same without sealing, to show what the handover would be about while the shift goes on.
    ///
    /// # Errors
    /// [`CompanionError`]
    pub fn handover_so_far(
        &self,
        record: RecordId,
        shift: &ShiftName,
        to: Option<PersonId>,
        now: Reading,
    ) -> Result<Freeze, CompanionError> {
        let gathered = self.gather(shift, now)?;
        // What is due, missed or silent is told from the best that is known of the time, not from a clock that anybody can set.
        let at = self.corrected(now);
        let items = gathered.items(&Context { now: at, ..self.context(now)? })?;
        let silent = gathered.silent(self.device(), at);
        let heads = self.heads()?.into_iter();
        Ok(Freeze {
            record,
            shift: shift.clone(),
            to,
            heads: heads.flat_map(|(chain, ends)| ends.into_iter().map(move |head| (chain, head))).collect(),
            items,
            answers: BTreeMap::new(),
            silent,
            checkpoint: self.store().site_root()?,
        })
    }

    fn gather(&self, shift: &ShiftName, now: Reading) -> Result<Gathered, CompanionError> {
        self.gather_since(self.began(shift)?, now)
    }

    /// What is held of incidents and rounds since then, and of the site's phones.
    pub(super) fn gather_since(&self, since: Millis, now: Reading) -> Result<Gathered, CompanionError> {
        let recent = |listed: &Listed| listed.summary.last_at >= since.saturating_sub(EARLIER);
        // Of closed ones it is of interest which findings they took up.
        let open = |listed: &Listed| !is_closed(listed) || recent(listed);
        Ok(Gathered {
            incidents: self.records(RecordKind::Incident, open)?,
            rounds: self.records(RecordKind::Round, recent)?,
            phones: self.phones(now)?,
            since,
        })
    }

    fn began(&self, shift: &ShiftName) -> Result<Millis, CompanionError> {
        let config = self.store().knowledge().now();
        let period = config
            .site()
            .zip(config.zone())
            .and_then(|(site, zone)| ShiftPeriod::on(shift.date, site.shift(&shift.key)?, zone));
        let unknown = || CompanionError::Rejected(Rejection::NotHere { kind: RecordKind::Shift });
        Ok(period.ok_or_else(unknown)?.start)
    }

    /// The records of a kind whose summary is wanted.
    pub(super) fn records(
        &self,
        kind: RecordKind,
        wanted: impl Fn(&Listed) -> bool,
    ) -> Result<Vec<RecordState>, StoreError> {
        let reader = self.store().reader();
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = reader.list(kind, after, usize::MAX)?;
            let Some(last) = page.last() else { return Ok(all) };
            after = Some(last.cursor);
            for listed in page.iter().filter(|listed| wanted(listed)) {
                all.push(reader.record(listed.id)?);
            }
        }
    }

    /// All phones of the site, as far as they have been heard.
    fn phones(&self, now: Reading) -> Result<Vec<HeardPhone>, CompanionError> {
        let (knowledge, heads) = (self.store().knowledge(), self.heads()?);
        let mut phones: BTreeMap<DeviceId, HeardPhone> = BTreeMap::new();
        for certificate in knowledge.trust().certificates().filter(|c| c.claims.role == Role::Phone) {
            let device = DeviceId(certificate.claims.subject);
            let mut heard_until = None;
            for head in knowledge.chains_of(device.0).filter_map(|chain| heads.get(&chain)).flatten() {
                let segment = self.store().segment(&head.segment)?;
                heard_until =
                    heard_until.max(segment.map(|s| self.begun_at(&s.header)).transpose()?.flatten());
            }
            if device == self.device() && self.clock.evidence(now).quality == Quality::Sampled {
                // All that was recorded here is at hand.
                heard_until = Some(self.corrected(now));
            }
            let heard_until = heard_until.map(|heard| heard.min(self.corrected(now)));
            let revocation =
                knowledge.now().revocation(RecordId(device.0)).map(|r| r.written_off == Some(true));
            let standing = match revocation {
                None => Standing::InUse,
                Some(false) => Standing::Gone,
                Some(true) => Standing::WrittenOff,
            };
            let (name, people) = (self.name_of(device), self.people_of(device));
            phones.insert(device, HeardPhone { device, name, people, heard_until, standing });
        }
        Ok(phones.into_values().collect())
    }

    /// When a segment was begun, as far as anything shows it: by the server's sample, or when HQ wrote what it cites. What its wall clock
    /// claimed shows nothing: a round would be called missed because a clock was fast.
    fn begun_at(&self, header: &Header) -> Result<Option<Millis>, StoreError> {
        let cited = header.config.map(|cite| self.store().written_by_hq(cite)).transpose()?.flatten();
        Ok(sampled_at(&header.clock).max(cited))
    }

    fn people_of(&self, device: DeviceId) -> BTreeSet<PersonId> {
        let here = |c: &&Certificate| c.claims.role == Role::Person && c.claims.holder == Some(device.0);
        let certificates = self.store().knowledge().trust().certificates().filter(here);
        certificates.map(|c| PersonId(c.claims.subject)).collect()
    }

    /// What people call a phone: by whoever signs in on it, and the beginning of its identifier.
    fn name_of(&self, device: DeviceId) -> String {
        let config = self.store().knowledge().now();
        let people = self.people_of(device);
        let names: Vec<_> = people.iter().filter_map(|p| Some(config.person(*p)?.name.clone())).collect();
        let id = device.to_string();
        let short = id.get(..6).unwrap_or(&id);
        if names.is_empty() { short.to_owned() } else { format!("{} ({short})", names.join("、")) }
    }
}

fn sampled_at(clock: &ClockEvidence) -> Option<Millis> {
    let sample = clock.sample.filter(|s| clock.quality == Quality::Sampled && s.boot == clock.boot)?;
    Some(sample.server.saturating_add(clock.mono.saturating_sub(sample.mono)))
}

fn is_closed(listed: &Listed) -> bool {
    let live = |field| listed.summary.headline.get(&field).into_iter().flatten();
    let severity = live(SEVERITY.id()).filter_map(Severity::from_value).max();
    live(CLOSED.id()).filter_map(Closed::from_value).any(|closed| closed.holds(severity))
}
