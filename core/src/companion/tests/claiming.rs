//! What a locked phone recorded finds its author.

use super::world::Site;
use crate::capture::{Intake, RaiseIncident, Rejection};
use crate::companion::CompanionError;
use crate::records::Kind;
use crate::records::incident::IncidentKind;

fn raise() -> RaiseIncident {
    RaiseIncident { kind: IncidentKind::Fire, severity: None, origin: None, intake: Intake::default() }
}

#[test]
fn an_incident_of_a_locked_phone_is_claimed_once() {
    let mut site = Site::new();
    let mut phone = site.phone();
    let saved = phone.act(raise()).expect("the button works while locked");
    let incident = saved.records[0];
    let waits = phone.app().unclaimed(incident).expect("read");
    assert_eq!(waits.iter().map(|u| (u.by, u.kind)).collect::<Vec<_>>(), [(saved.by, Kind::IncidentRaised)]);

    let (now, draft) = (phone.now, phone.app().new_draft());
    let nobody = phone.app().claim(draft, saved.by, now);
    assert!(matches!(nobody, Err(CompanionError::Rejected(Rejection::NobodySignedIn))), "{nobody:?}");

    phone.sign_in(site.lead).expect("signed in");
    let (now, draft) = (phone.now, phone.app().new_draft());
    phone.app().claim(draft, saved.by, now).expect("claimed");
    assert_eq!(phone.app().unclaimed(incident).expect("read"), []);

    // Neither twice, nor what somebody signed for.
    let own = phone.act(raise()).expect("saved");
    for by in [saved.by, own.by] {
        let (now, draft) = (phone.now, phone.app().new_draft());
        let refused = phone.app().claim(draft, by, now);
        assert!(matches!(refused, Err(CompanionError::Rejected(Rejection::AlreadyClaimed))), "{refused:?}");
    }
}
