//! Pausing keeps who is signed in and gives the files up; and how far what was recorded has come.

use super::world::{Phone, Site};
use crate::base::RecordId;
use crate::capture::{Intake, RaiseIncident};
use crate::companion::{Companion, CompanionError};
use crate::records::incident::IncidentKind;
use crate::store::Delivery;
use crate::sync::Step;

fn raise(phone: &mut Phone) -> RecordId {
    let kind = IncidentKind::Other;
    let raised = RaiseIncident { kind, severity: None, origin: None, intake: Intake::default() };
    phone.act(raised).expect("saved").records[0]
}

#[test]
fn a_paused_logbook_gives_its_files_up_and_resumed_knows_who_is_signed_in() {
    let mut site = Site::new();
    let mut phone = site.phone();
    phone.sign_in(site.lead).expect("signed in");
    let (path, host) = (phone.path(), phone.host());
    let paused = phone.stop().pause();
    drop(Companion::open(&path, host).expect("the files are free"));
    let resumed = paused.resume().map_err(|(error, _)| error).expect("resumed");
    phone.start(resumed);
    assert_eq!(phone.app().signed_in(), Some(site.lead));
    raise(&mut phone);
}

#[test]
fn what_cannot_be_resumed_now_can_be_tried_again() {
    let mut site = Site::new();
    let mut phone = site.phone();
    phone.sign_in(site.lead).expect("signed in");
    let (path, host) = (phone.path(), phone.host());
    let paused = phone.stop().pause();
    let other = Companion::open(&path, host).expect("another opens it");
    let (error, paused) = paused.resume().expect_err("somebody else has it");
    assert!(matches!(error, CompanionError::Store(_)), "{error}");
    drop(other);
    let resumed = paused.resume().map_err(|(error, _)| error).expect("resumed");
    assert_eq!(resumed.signed_in(), Some(site.lead));
}

#[test]
fn a_record_is_here_until_it_was_sent_and_sent_until_a_receipt_comes() {
    let mut site = Site::new();
    let mut phone = site.phone();
    let record = raise(&mut phone);
    let far = |phone: &mut Phone| phone.app().store().waiting().expect("an answer").get(&record).copied();
    assert_eq!(far(&mut phone), Some(Delivery::Here));
    let now = phone.now;
    let mut session = phone.app().begin_sync().expect("begun");
    assert_eq!(far(&mut phone), Some(Delivery::Here));
    let step = phone.app().sync_step(&mut session, now).expect("a step");
    assert!(matches!(step, Step::Http(_)));
    assert_eq!(far(&mut phone), Some(Delivery::Sent));
    phone.open();
    assert_eq!(far(&mut phone), Some(Delivery::Sent));
    let later = raise(&mut phone);
    let waiting = phone.app().store().waiting().expect("an answer");
    assert_eq!((waiting[&record], waiting[&later]), (Delivery::Sent, Delivery::Here));
}
