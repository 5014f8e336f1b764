//! Plays the story: every step at its time, on the phone it belongs to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dutylog_core::base::Millis;

use super::DemoError;
use super::clock::LentClock;
use super::headquarters::Headquarters;
use super::phone::{Line, Phone, PhoneError, Scene, Shelf, Traffic};
use super::progress::Progress;
use super::story::{Deed, Step, What};
use super::world::{PhoneCast, Place, places};
use crate::clock::SECOND;
use crate::ledger::SiteScope;

/// One site on the stage.
#[derive(Debug)]
struct Site {
    scope: SiteScope,
    scene: Scene,
    phones: Vec<Phone>,
    /// The phones that last heard from another phone and not from the server.
    apart: BTreeSet<usize>,
}

/// What the director needs to set the stage.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) headquarters: Headquarters,
    pub(super) clock: Arc<LentClock>,
    pub(super) line: Line,
    pub(super) shelf: Shelf<'a>,
    pub(super) origin: &'a str,
    pub(super) seed: u64,
    /// When phones are enrolled.
    pub(super) at: Millis,
    /// Whether somebody asked to stop.
    pub(super) stop: Arc<AtomicBool>,
}

/// Plays the story.
#[derive(Debug)]
pub(super) struct Director {
    sites: Vec<Site>,
    headquarters: Headquarters,
    clock: Arc<LentClock>,
    stop: Arc<AtomicBool>,
    handovers_offline: u64,
}

impl Director {
    /// Describes the sites and enrols the phones and the people on them.
    ///
    /// # Errors
    /// [`DemoError`]
    pub(super) fn set_up(stage: Stage<'_>) -> Result<Self, DemoError> {
        let mut sites = Vec::new();
        for place in places() {
            sites.push(site(&stage, place)?);
        }
        let Stage { headquarters, clock, stop, .. } = stage;
        Ok(Self { sites, headquarters, clock, stop, handovers_offline: 0 })
    }

    /// Plays steps in order.
    ///
    /// # Errors
    /// [`DemoError`]
    pub(super) fn play(&mut self, steps: &[Step], progress: &Progress) -> Result<(), DemoError> {
        for step in steps {
            if self.stop.load(Ordering::Relaxed) {
                return Err(DemoError::Stopped);
            }
            self.clock.set(step.at);
            self.step(step.site, &step.what, step.at)?;
            progress.played(step.at);
        }
        Ok(())
    }

    /// Every phone finds signal and says what it still has to say.
    ///
    /// # Errors
    /// [`DemoError::Unconfirmed`] if something stays unsent all the same.
    pub(super) fn everybody_reports(&mut self, at: Millis) -> Result<(), DemoError> {
        self.clock.set(at);
        for (number, site) in self.sites.iter_mut().enumerate() {
            for nth in 0..site.phones.len() {
                site.phone(nth, &Deed::Sync { lost_answer: false }, at)?;
                let unsent = site.phones[nth].unconfirmed()?;
                if unsent > 0 {
                    return Err(DemoError::Unconfirmed(places()[number].phones[nth].key, unsent));
                }
            }
        }
        Ok(())
    }

    /// One step at a time.
    ///
    /// # Errors
    /// [`DemoError`]
    pub(super) fn step(&mut self, site: usize, what: &What, at: Millis) -> Result<(), DemoError> {
        let site = &mut self.sites[site];
        match what {
            What::Phone(phone, deed) => {
                self.handovers_offline += u64::from(site.hands_over_apart(*phone, deed));
                site.phone(*phone, deed, at)
            }
            What::Pass { from, to } => site.pass(*from, *to, at),
            What::HqAcknowledges(slot) => {
                self.headquarters.acknowledge(site.scope, site.scene.record(*slot)?)
            }
            What::HqComments(slot, text) => {
                self.headquarters.comment(site.scope, site.scene.record(*slot)?, text)
            }
        }
    }

    /// How many handovers were accepted by phones that had no network.
    pub(super) const fn handovers_offline(&self) -> u64 {
        self.handovers_offline
    }

    /// The sites as the server enters them.
    pub(super) fn scopes(&self) -> Vec<SiteScope> {
        self.sites.iter().map(|site| site.scope).collect()
    }

    /// How many phones there are, and how much they had to say.
    pub(super) fn traffic(&self) -> (usize, Traffic) {
        let phones = self.sites.iter().flat_map(|site| &site.phones);
        let sum = |sum: Traffic, phone: &Phone| Traffic {
            round_trips: sum.round_trips + phone.traffic.round_trips,
            bytes_up: sum.bytes_up + phone.traffic.bytes_up,
            bytes_down: sum.bytes_down + phone.traffic.bytes_down,
        };
        (phones.clone().count(), phones.fold(Traffic::default(), sum))
    }
}

impl Site {
    fn phone(&mut self, nth: usize, deed: &Deed, at: Millis) -> Result<(), DemoError> {
        let phone = &mut self.phones[nth];
        if matches!(deed, Deed::Sync { .. }) {
            self.apart.remove(&nth);
        }
        let failed = |source, key| DemoError::Phone { phone: key, at, deed: format!("{deed:?}"), source };
        phone.play(deed, &mut self.scene, at).map_err(|source| failed(source, phone.cast.key))
    }

    /// Whether a deed accepts a handover that came from another phone and not through the server.
    fn hands_over_apart(&self, phone: usize, deed: &Deed) -> bool {
        matches!(deed, Deed::Accept(..)) && self.apart.contains(&phone)
    }

    fn pass(&mut self, from: usize, to: usize, at: Millis) -> Result<(), DemoError> {
        let deed = || format!("pass from {from} to {to}");
        let missing = PhoneError::Missing("two different phones");
        let failed = |source| DemoError::Phone { phone: "bundle", at, deed: deed(), source };
        let [giver, taker] = self.phones.get_disjoint_mut([from, to]).map_err(|_| failed(missing))?;
        giver.pass(taker).map_err(failed)?;
        self.apart.insert(to);
        Ok(())
    }
}

fn site(stage: &Stage<'_>, place: &'static Place) -> Result<Site, DemoError> {
    let headquarters = &stage.headquarters;
    let scope = headquarters.establish(place)?;
    let scene = Scene { org: headquarters.org(), place, records: BTreeMap::new() };
    let mut phones = Vec::new();
    let mut at = stage.at;
    for cast in place.phones {
        phones.push(phone(stage, scope, place, *cast, at)?);
        at += 30 * SECOND;
        stage.clock.set(at);
    }
    for phone in &mut phones {
        phone.sync(at, false)?;
    }
    Ok(Site { scope, scene, phones, apart: BTreeSet::new() })
}

/// Enrols a phone, and whoever signs in on it.
fn phone(
    stage: &Stage<'_>,
    scope: SiteScope,
    place: &Place,
    cast: PhoneCast,
    at: Millis,
) -> Result<Phone, DemoError> {
    let headquarters = &stage.headquarters;
    let invitation = headquarters.invite(scope, stage.origin)?;
    let mut phone = Phone::enrol(cast, stage.shelf, &invitation, stage.line.clone(), stage.seed, at)?;
    phone.sync(at, false)?;
    for number in cast.people {
        let person = place.person(headquarters.org(), *number);
        phone.enrol_person(person, &headquarters.code(scope, person)?, at)?;
    }
    Ok(phone)
}
