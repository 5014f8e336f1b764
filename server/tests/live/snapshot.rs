//! A phone that is enrolled late begins with a snapshot and goes on with the log.

use dutylog_core::log::Holdings as _;
use dutylog_core::merge::Lookup as _;
use dutylog_core::sync::{Begun, End};

use super::kill::{scope_of, site};
use super::phone::Phone;
use super::program::open;

#[tokio::test]
async fn a_late_phone_begins_with_what_the_server_tells() {
    let folder = tempfile::tempdir().expect("a folder");
    let (program, mut phones) = site(folder.path(), 2).await;
    // Long enough a log to be told; every conversation seals a segment, and a device may push twenty times in a row.
    let parts = open(folder.path()).await;
    let scope = scope_of(&parts);
    for _ in 0..150 {
        for phone in &mut phones {
            phone.raise();
            phone.app.seal().expect("sealed");
        }
    }
    for phone in &mut phones {
        assert_eq!(phone.settle().await.end, End::CaughtUp);
    }
    let invited = parts.desk.invite_phone(scope, None, format!("http://{}", program.address));
    let mut late = Phone::enrol(&invited.await.expect("a code").to_text(), 9).await;
    let report = late.settle().await;
    assert_eq!((report.end, report.begun), (End::CaughtUp, Begun::Snapshot));
    assert!(late.app.store().stands_on().expect("read").size() > 256);
    phones[0].raise();
    late.raise();
    phones[0].settle().await;
    late.settle().await;
    phones[0].settle().await;
    let records = phones[0].app.store().records().expect("read");
    assert_eq!(late.app.store().records().expect("read"), records);
    for record in records {
        let of = |phone: &Phone| phone.app.store().reader().record(record).expect("read");
        assert_eq!(of(&late), of(&phones[0]));
    }
    parts.database.close().await;
}
