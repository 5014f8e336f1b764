//! Lists, on the reading connection.

use super::world::Phone;
use crate::merge::Lookup;
use crate::records::Kind;
use crate::records::RecordKind;
use crate::store::{NotCounted, PAGE, Reader};

#[test]
fn pages_follow_one_another_newest_first_without_gap_or_repetition() {
    let mut phone = Phone::new(1);
    let mut raised: Vec<_> = (0..450)
        .map(|n| {
            if n % 200 == 199 {
                phone.seal();
            }
            phone.raise(None, &n.to_string())
        })
        .collect();
    raised.reverse();
    let reader = Reader::open(&phone.path()).expect("opens");
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = reader.list(RecordKind::Incident, after, usize::MAX).expect("read");
        assert!(page.len() <= PAGE);
        let Some(last) = page.last() else { break };
        after = Some(last.cursor);
        listed.extend(page.into_iter().map(|listed| listed.id));
    }
    assert_eq!(listed, raised);
    assert_eq!(reader.list(RecordKind::Round, None, 10).expect("read"), []);
}

#[test]
fn a_summary_follows_every_commit() {
    let mut phone = Phone::new(1);
    let record = phone.raise(None, "gate");
    phone.add_line(record, "one");
    phone.add_line(record, "two");
    let summary = phone.store.reader().summary(record).expect("read").expect("there");
    assert_eq!(summary.kind, Some(RecordKind::Incident));
    assert_eq!(summary.count(crate::records::incident::TIMELINE.id()), 2);
    assert_eq!(phone.store.reader().list(RecordKind::Incident, None, 1).expect("read")[0].summary, summary);
}

#[test]
fn what_does_not_count_is_kept_and_says_why() {
    let mut phone = Phone::new(1);
    let record = phone.raise(None, "gate");
    let mut newer = phone.line(record, "from the future");
    newer.kind = 9_999;
    phone.commit(&newer, None).expect("kept");
    let mut unlawful = phone.line(record, "closing without anybody");
    unlawful.kind = Kind::IncidentClosed.code();
    phone.commit(&unlawful, None).expect("kept");
    let uncounted = phone.store.reader().uncounted(record).expect("read");
    let verdicts: Vec<_> = uncounted.iter().map(|u| (u.by.seq, u.verdict)).collect();
    assert_eq!(verdicts, [(2, NotCounted::Opaque), (3, NotCounted::Refused)]);
    assert_eq!(phone.store.reader().entries(record).expect("read").len(), 3);
    let before = phone.derived();
    phone.seal();
    phone.store.rebuild().expect("rebuilt");
    let mut after = phone.derived();
    after.insert("record_segments", before["record_segments"].clone());
    assert_eq!(after, before);
}
