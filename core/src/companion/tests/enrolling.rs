//! Enrolment across a restart of the app.

use super::world::Site;
use crate::companion::{Companion, CompanionError, Enrolment};
use crate::log::Role;
use crate::sync::enrol::{EnrolDevice, Invitation};

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
