//! Entries that can never be sealed lock nothing up, and are recorded again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::world::{Counting, Phone, Site};
use crate::base::{Digest, RecordId};
use crate::capture::{AddTimelineLine, ChangeSeverity, Intake, RaiseIncident};
use crate::companion::{CompanionError, WayBack, device_key};
use crate::log::{Holdings, KeyStore, SoftKeys};
use crate::merge::Lookup;
use crate::records::incident::{IncidentKind, KIND, SEVERITY, Severity};
use crate::store::Standing;

fn raise() -> RaiseIncident {
    RaiseIncident { kind: IncidentKind::Equipment, severity: None, origin: None, intake: Intake::default() }
}

/// A phone on which the lead has something open: an incident, and its severity.
fn open(site: &mut Site) -> (Phone, RecordId) {
    let mut phone = site.phone();
    phone.sign_in(site.lead).expect("signed in");
    for n in 0_u32..120 {
        let incident = phone.act(raise()).expect("saved").records[0];
        let text = Digest::tagged("noise", &n.to_be_bytes()).to_string().as_str().into();
        phone.act(AddTimelineLine { incident, text, at: None }).expect("saved");
    }
    phone.app().seal().expect("sealed");
    let incident = phone.act(raise()).expect("saved").records[0];
    phone.act(ChangeSeverity { incident, severity: Severity::High }).expect("saved");
    (phone, incident)
}

/// Whether a phone shows the incident, and its severity.
fn shows(phone: &mut Phone, incident: RecordId) -> (bool, bool) {
    let state = phone.app().store().reader().record(incident).expect("read");
    (state.get(KIND).is_some(), state.get(SEVERITY).is_some())
}

/// That all a phone has recorded goes to another, and counts there.
fn delivered(site: &mut Site, phone: &mut Phone, incident: RecordId) {
    let mut other = site.phone();
    let heads = other.app().heads().expect("heads");
    let bundle = phone.app().export(Some(&heads)).expect("exported");
    site.tell(&mut other);
    other.app().import(&bundle).expect("imported");
    assert_eq!(shows(&mut other, incident), (true, true));
}

#[test]
fn a_lost_segment_before_the_open_tail_locks_nothing_up() {
    let mut site = Site::new();
    let (mut phone, incident) = open(&mut site);
    let chain = phone.app().chain().expect("a chain");
    let lost = phone.app().store().heads().expect("heads")[&chain][0].segment;
    phone.app().store_mut().lose(&lost);
    phone.open();
    assert_eq!(phone.app().store().standing(), Standing::Salvaged);
    assert!(phone.app().store().open_entries() > 0);
    phone.app().begin_sync().expect("sync goes on");
    phone.app().export(None).expect("export goes on");
    site.tell(&mut phone);
    assert_eq!(shows(&mut phone, incident), (true, true));
    phone.app().start_chain().expect("a new chain");
    assert!(shows(&mut phone, incident).0, "what needs nobody is there at once");
    let waiting = phone.app().stranded().expect("read");
    assert_eq!(waiting.iter().map(|left| left.way).collect::<Vec<_>>(), [WayBack::SignIn]);
    let struck = phone.app().done_again(waiting[0].by);
    assert!(matches!(struck, Err(CompanionError::NotToRedo)), "{struck:?}");
    assert_eq!(phone.app().stranded().expect("read"), waiting);
    phone.sign_in(site.lead).expect("signed in");
    assert_eq!(shows(&mut phone, incident), (true, true));
    assert_eq!(phone.app().stranded().expect("read"), []);
    delivered(&mut site, &mut phone, incident);
}

#[test]
fn a_phone_enrolled_anew_seals_the_old_chain_with_the_old_key() {
    let mut site = Site::new();
    let (mut phone, incident) = open(&mut site);
    phone.enrol_again(&mut site);
    assert_eq!(phone.app().stranded().expect("read"), []);
    assert_eq!(shows(&mut phone, incident), (true, true));
    delivered(&mut site, &mut phone, incident);
}

#[test]
fn what_a_lost_key_cannot_seal_is_recorded_again() {
    for another in [false, true] {
        let mut site = Site::new();
        let (mut phone, incident) = open(&mut site);
        let old = device_key(phone.app().device());
        phone.kill();
        phone.keys = Arc::new(SoftKeys::new([2; 32], Box::new(Counting(77)), BTreeMap::new()));
        if another {
            phone.keys.create(&old, None).expect("another key of that name");
        }
        phone.enrol_again(&mut site);
        assert!(shows(&mut phone, incident).0);
        phone.sign_in(site.lead).expect("signed in");
        assert_eq!(shows(&mut phone, incident), (true, true));
        delivered(&mut site, &mut phone, incident);
    }
}
