//! Enrolment: across a restart of the app, and beside a key that is in use.

use super::world::{PIN, Phone, Site};
use crate::capture::{Intake, RaiseIncident};
use crate::companion::{Companion, CompanionError, Enrolment, PersonEnrolment};
use crate::log::Role;
use crate::records::incident::IncidentKind;
use crate::sync::enrol::{EnrolDevice, EnrolPerson, Invitation, code_to_text};

const OTHER_PIN: &str = "840271";

#[test]
fn an_enrolment_goes_on_after_the_app_was_ended() {
    let mut site = Site::new();
    let mut phone = site.phone();
    phone.kill();
    let (org, site_id, root) = (site.world.org, site.world.site, site.world.root());
    let origin = "https://duty.example".to_owned();
    let invitation = Invitation { org, site: site_id, root, origin, code: [4; 16], expires: 0 };
    let begun = Enrolment::begin(&invitation.to_text(), "手机", &mut phone.host()).expect("begun");
    let kept = begun.to_bytes();
    let again = Enrolment::from_bytes(&kept).expect("read");
    assert_eq!(again, begun);
    let asked = EnrolDevice::from_bytes(&again.body).expect("proven");
    let answer = site.answer(Role::Phone, asked.device.0, None, asked.key);
    let admitted = again.finish(&answer).expect("enrolled");
    let folder = tempfile::tempdir().expect("a folder");
    let mut app = Companion::create(folder.path(), &admitted, phone.host()).expect("a new logbook");
    app.seal().expect("its key is there");
    for bad in [&kept[..kept.len() - 1], b"", b"<html>"] {
        assert!(matches!(Enrolment::from_bytes(bad), Err(CompanionError::BadEnrolment)));
    }
}

/// Asks for a person's key on a phone, and gets the server's answer.
fn asked_and_answered(site: &mut Site, phone: &mut Phone) -> (PersonEnrolment, Vec<u8>) {
    let (person, device) = (site.staff, phone.app().device());
    let asked = phone.app().enrol_person(person, &code_to_text(&[3; 16]), OTHER_PIN).expect("a code");
    let read = EnrolPerson::from_bytes(&asked.body, device).expect("proven");
    let answer = site.answer(Role::Person, person.0, Some(device.0), read.key);
    (asked, answer)
}

fn raise(phone: &mut Phone) {
    let kind = IncidentKind::Equipment;
    let raise = RaiseIncident { kind, severity: None, origin: None, intake: Intake::default() };
    phone.act(raise).expect("signed in and able to sign");
}

#[test]
fn a_made_up_code_takes_no_colleagues_key_away() {
    let mut site = Site::new();
    let mut phone = site.phone();
    let staff = site.staff;
    phone.app().enrol_person(staff, &code_to_text(&[3; 16]), OTHER_PIN).expect("it may be asked");
    phone.sign_in(staff).expect("the key is where it was");
    raise(&mut phone);
}

#[test]
fn a_persons_enrolment_takes_the_place_of_the_one_before_when_it_is_answered() {
    let mut site = Site::new();
    let mut phone = site.phone();
    let (asked, answer) = asked_and_answered(&mut site, &mut phone);
    let kept = asked.to_bytes();
    phone.open();
    let again = PersonEnrolment::from_bytes(&kept).expect("read");
    assert_eq!(again, asked);
    phone.app().person_enrolled(&again, &answer).expect("answered");
    assert!(matches!(phone.sign_in(site.staff), Err(CompanionError::WrongPin { .. })), "by {PIN}");
    let now = phone.now;
    phone.app().sign_in(site.staff, OTHER_PIN, now).expect("by the new one");
    raise(&mut phone);
    for bad in [&kept[..kept.len() - 1], b"", b"<html>"] {
        assert!(matches!(PersonEnrolment::from_bytes(bad), Err(CompanionError::BadEnrolment)));
    }
}

#[test]
fn a_certificate_whose_answer_was_lost_is_not_signed_under() {
    let mut site = Site::new();
    let mut phone = site.phone();
    phone.sign_in(site.staff).expect("signed in");
    let before = phone.app().session.as_ref().expect("a session").certificate.clone();
    let (_, lost) = asked_and_answered(&mut site, &mut phone);
    assert!(!lost.is_empty());
    site.tell(&mut phone);
    phone.open();
    phone.sign_in(site.staff).expect("signed in");
    assert_eq!(phone.app().session.as_ref().expect("a session").certificate, before);
    raise(&mut phone);
}
