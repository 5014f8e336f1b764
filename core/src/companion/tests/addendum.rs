//! What was recorded before the cut and came after it is shown to both who signed, and they take notice of exactly that.

use super::world::Site;
use crate::base::RecordId;
use crate::capture::{AcknowledgeAddendum, Intake, OneSidedHandover, RaiseIncident, ShiftName};
use crate::records::calendar::Zone;
use crate::records::incident::IncidentKind;
use crate::testing::{HOUR, START};

fn raised() -> RaiseIncident {
    RaiseIncident { kind: IncidentKind::Water, severity: None, origin: None, intake: Intake::default() }
}

#[test]
fn what_comes_after_the_cut_is_told_once_and_taken_notice_of() {
    let mut site = Site::new();
    let (mut lead, mut other) = (site.phone(), site.phone());
    site.tell(&mut lead);
    lead.sign_in(site.lead).expect("signed in");
    lead.wait(2 * HOUR);
    other.sign_in(site.staff).expect("signed in");
    other.act(raised()).expect("recorded before the cut");

    let date = Zone::named("Asia/Shanghai").and_then(|zone| zone.date(START)).expect("a day");
    let (record, now) = (RecordId([5; 16]), lead.now);
    let shift = ShiftName { date, key: "day".into() };
    let mut freeze = lead.app().prepare_handover(record, &shift, None, now).expect("gathered");
    freeze.items.iter_mut().for_each(|item| item.next_owner = Some(site.staff));
    let frozen = freeze.freeze(&lead.app().context(now).expect("a context")).expect("frozen");
    assert_eq!(lead.app().addendum(record).expect("an answer"), None);
    let (document, reason) = (Some(frozen.document), "nobody came".into());
    lead.act(OneSidedHandover { record, document, reason }).expect("handed over");
    lead.act(raised()).expect("recorded after the cut");
    assert_eq!(lead.app().addendum(record).expect("an answer"), None);

    let bundle = other.app().export(None).expect("exported");
    lead.app().import(&bundle).expect("imported");
    let addendum = lead.app().addendum(record).expect("an answer").expect("one came");
    assert_eq!((addendum.entries, addendum.acknowledged.len()), (1, 0));
    assert!(addendum.text.contains("王值班"), "{}", addendum.text);
    lead.act(AcknowledgeAddendum { record, addendum: addendum.digest }).expect("taken notice of");
    let known = lead.app().addendum(record).expect("an answer").expect("it stays");
    assert_eq!(known.acknowledged, [site.lead]);
}
