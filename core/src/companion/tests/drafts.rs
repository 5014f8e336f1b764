//! Drafts: what was typed survives the process, and only its author reads it.

use super::world::{Phone, Site};
use crate::base::DraftId;
use crate::capture::{Intake, RaiseIncident};
use crate::companion::{CompanionError, Draft};
use crate::records::Kind;
use crate::records::incident::IncidentKind;

const TYPED: &[u8] = "配电室有焦味".as_bytes();

fn typed(phone: &mut Phone, content: &[u8]) -> DraftId {
    let (id, now) = (phone.app().new_draft(), phone.now);
    phone.app().save_draft(id, Kind::IncidentRaised, content, now).expect("kept");
    id
}

fn raise() -> RaiseIncident {
    let kind = IncidentKind::Equipment;
    RaiseIncident { kind, severity: None, origin: None, intake: Intake::default() }
}

fn seen(phone: &mut Phone) -> Vec<Draft> {
    phone.app().drafts().expect("read")
}

#[test]
fn what_was_typed_is_there_after_the_process_is_gone_for_its_author_alone() {
    let mut site = Site::new();
    let mut phone = site.phone();
    phone.sign_in(site.staff).expect("signed in");
    let id = typed(&mut phone, TYPED);
    phone.open();
    let locked = seen(&mut phone);
    assert_eq!((locked[0].id, locked[0].author, &locked[0].content), (id, Some(site.staff), &None));
    phone.sign_in(site.lead).expect("signed in");
    assert_eq!(seen(&mut phone)[0].content, None, "another person cannot read it");
    let now = phone.now;
    let written = phone.app().save_draft(id, Kind::IncidentRaised, b"mine", now);
    assert!(matches!(written, Err(CompanionError::OthersDraft)));
    assert!(matches!(phone.app().discard_draft(id), Err(CompanionError::OthersDraft)));
    let taken = phone.app().act(id, raise(), now);
    assert!(matches!(taken, Err(CompanionError::OthersDraft)), "nor turn it into something else");
    phone.sign_in(site.staff).expect("signed in");
    assert_eq!(seen(&mut phone)[0].content.as_deref(), Some(TYPED));
    phone.app().discard_draft(id).expect("discarded");
    assert_eq!(seen(&mut phone), []);
}

#[test]
fn nothing_typed_lies_readable_in_the_files() {
    let mut site = Site::new();
    let mut phone = site.phone();
    typed(&mut phone, TYPED);
    phone.kill();
    for file in std::fs::read_dir(phone.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("read");
        assert!(!bytes.windows(TYPED.len()).any(|w| w == TYPED));
    }
}

#[test]
fn what_nobody_signed_anybody_on_this_phone_goes_on_with() {
    let mut site = Site::new();
    let mut phone = site.phone();
    let id = typed(&mut phone, TYPED);
    phone.open();
    assert_eq!(seen(&mut phone)[0].content.as_deref(), Some(TYPED));
    phone.sign_in(site.lead).expect("signed in");
    assert_eq!(seen(&mut phone)[0].content.as_deref(), Some(TYPED));
    let now = phone.now;
    phone.app().act(id, raise(), now).expect("saved");
    assert_eq!(seen(&mut phone), [], "it has become an entry");
}
