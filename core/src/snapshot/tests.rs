//! Snapshots: rows in, the same rows out, and nothing before all of it was checked.

use crate::base::{ChainId, Digest, KeyId, RecordId, SiteId};
use crate::log::{Head, Peaks, SiteRoot, Trust};
use crate::records::{Cell, FieldId, Member};
use crate::testing::World;

use super::{Row, Snapshot, SnapshotError, SnapshotWriter, Told};

fn peaks() -> Peaks {
    (0..11_u8).fold(Peaks::default(), |peaks, n| peaks.with(Digest::of(&[n])))
}

fn rows() -> Vec<Row> {
    let record = RecordId([3; 16]);
    let cell = |member, bytes: &[u8]| Row::Cell(Cell { record, field: FieldId(300), member }, bytes.to_vec());
    let mut rows = vec![
        Row::Certificate(vec![1; 200]),
        Row::Head(Told {
            chain: ChainId([2; 16]),
            key: KeyId([9; 8]),
            head: Head { seq: 900, segment: Digest([4; 32]) },
            whole: true,
        }),
        cell(Member::Whole, b"values"),
        cell(Member::Number(70_000), b""),
        cell(Member::Id([5; 16]), &[7; 3_000]),
        Row::Addition(record, FieldId(9), vec![6; 70]),
        Row::Summary(record, b"summary".to_vec()),
    ];
    rows.extend(peaks().hashes().iter().map(|peak| Row::Peak(*peak)));
    rows
}

/// An organisation, and what a phone trusts of it.
struct Org {
    world: World,
    site: SiteId,
    trust: Trust,
}

fn org() -> Org {
    let world = World::new(1);
    let mut trust = world.trust();
    trust.add(&world.server_log().0.bytes).unwrap();
    Org { site: world.site, trust, world }
}

fn sealed(org: &Org, rows: impl IntoIterator<Item = Row>) -> Vec<u8> {
    let mut writer = SnapshotWriter::default();
    rows.into_iter().for_each(|row| writer.row(&row));
    let log = SiteRoot { size: 11, root: peaks().root() };
    let (certificate, key) = org.world.server_log();
    let unsigned = writer.finish(org.site, 2, log);
    unsigned.seal(org.world.org, certificate.id(), |m| Ok::<_, ()>(key.sign(m))).unwrap()
}

#[test]
fn rows_come_back_as_they_were() {
    let org = org();
    let bytes = sealed(&org, rows());
    let snapshot = Snapshot::open(&bytes, org.site, &org.trust).unwrap();
    assert_eq!((snapshot.claims.epoch, snapshot.claims.log.size), (2, 11));
    assert_eq!(snapshot.rows().collect::<Result<Vec<_>, _>>(), Ok(rows()));
    assert_eq!(Snapshot::open(&bytes, SiteId([8; 16]), &org.trust).unwrap_err(), SnapshotError::OtherSite);
    assert_eq!(Snapshot::open(b"<html>", org.site, &org.trust).unwrap_err(), SnapshotError::Foreign);
}

#[test]
fn a_hundred_thousand_cells_stay_small() {
    let org = org();
    let cell = |n: u32| {
        let mut record = [0; 16];
        record[..4].copy_from_slice(&(n / 25).to_be_bytes());
        let cell = Cell { record: RecordId(record), field: FieldId(33), member: Member::Number(n % 25) };
        Row::Cell(cell, n.to_be_bytes().to_vec())
    };
    let all = || peaks().hashes().to_vec().into_iter().map(Row::Peak).chain((0..100_000).map(cell));
    let bytes = sealed(&org, all());
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    let snapshot = Snapshot::open(&bytes, org.site, &org.trust).unwrap();
    assert!(snapshot.rows().map(Result::unwrap).eq(all()));
}

#[test]
fn any_flipped_bit_or_missing_byte_is_noticed() {
    let org = org();
    let bytes = sealed(&org, rows());
    for at in 0..bytes.len() {
        let mut hurt = bytes.clone();
        hurt[at] ^= 1 << (at % 8);
        // A bit that the decompressor does not look at may change; the rows may not.
        if let Ok(snapshot) = Snapshot::open(&hurt, org.site, &org.trust) {
            assert_eq!(snapshot.rows().collect::<Result<Vec<_>, _>>(), Ok(rows()), "byte {at}");
        }
        assert!(Snapshot::open(&bytes[..at], org.site, &org.trust).is_err(), "cut at {at}");
    }
    assert!(Snapshot::open(&[&bytes[..], b"x"].concat(), org.site, &org.trust).is_err());
}

#[test]
fn peaks_that_do_not_lead_to_the_root_are_noticed() {
    let org = org();
    let few = rows().into_iter().filter(|row| !matches!(row, Row::Peak(_)));
    assert_eq!(Snapshot::open(&sealed(&org, few), org.site, &org.trust).unwrap_err(), SnapshotError::Damaged);
}
