//! What has reached the server, as receipts and positions tell.

use std::collections::BTreeMap;

use super::world::{Phone, SITE};
use crate::base::{ChainId, Digest, Millis};
use crate::log::{Arrival, Head, Holdings, Peaks, Pulled, Receipt, Segment, SiteRoot, merkle::site_leaf};
use crate::store::{Outbox, rescue};

const CHAIN: ChainId = ChainId([1; 16]);

fn receipt(segment: &Segment, epoch: u32) -> (Receipt, Vec<u8>) {
    let log = SiteRoot { size: 1, root: Digest::default() };
    let head = segment.header.head();
    (Receipt { site: SITE, epoch, chain: segment.header.chain, head, log, received: 7 }, vec![1, 2, 3])
}

/// A phone with two sealed segments and an open entry.
fn phone() -> (Phone, Segment, Segment) {
    let mut phone = Phone::new(1);
    phone.raise(None, "gate");
    let first = phone.seal().expect("sealed");
    phone.raise(None, "roof");
    let second = phone.seal().expect("sealed");
    phone.raise(None, "yard");
    (phone, first, second)
}

fn outbox(phone: &Phone) -> (u64, Option<Millis>) {
    let Outbox { entries, oldest } = phone.store.outbox().expect("read");
    (entries, oldest)
}

#[test]
fn everything_is_unsent_until_a_receipt_covers_it() {
    let (mut phone, first, second) = phone();
    let at = |n: i64| Some(1_000_000 + n * 5_000);
    assert_eq!(outbox(&phone), (3, at(1)));
    let unsent = phone.store.unsent().expect("read");
    assert_eq!((unsent.len(), unsent[0].confirmed), (1, None));
    phone.store.confirm(&[receipt(&first, 1)]).expect("kept");
    assert_eq!(phone.store.unsent().expect("read")[0].confirmed, Some(first.header.head()));
    assert_eq!(outbox(&phone), (2, at(2)));
    assert_eq!(rescue(&phone.path()).expect("read"), std::slice::from_ref(&second));
    phone.store.confirm(&[receipt(&second, 1), receipt(&first, 1)]).expect("kept");
    assert_eq!(phone.store.unsent().expect("read"), []);
    assert_eq!(outbox(&phone), (1, at(3)), "the open entry cannot have been sent");
}

#[test]
fn a_receipt_for_something_else_confirms_nothing() {
    let (mut phone, first, _) = phone();
    let (mut foreign, bytes) = receipt(&first, 1);
    foreign.head = Head { seq: 2, segment: Digest([9; 32]) };
    phone.store.confirm(&[(foreign, bytes)]).expect("kept");
    assert_eq!(phone.store.unsent().expect("read")[0].confirmed, None);
    assert_eq!(outbox(&phone).0, 3);
}

fn pulled(ids: &[Digest]) -> Pulled {
    let leaves = (0..).zip(ids).map(|(position, id)| site_leaf(position, id));
    Pulled { epoch: 1, peaks: leaves.fold(Peaks::default(), Peaks::with) }
}

#[test]
fn positions_are_remembered_and_a_restored_server_is_offered_what_it_lost() {
    let (mut phone, first, second) = phone();
    phone.seal();
    let arrivals = [&first, &second].into_iter().zip(0..);
    let arrivals = arrivals.map(|(s, position)| Arrival { position: Some(position), segment: s.clone() });
    let ids = [first.header.id(), second.header.id()];
    phone.store.absorb(arrivals.collect(), Some(pulled(&ids))).expect("taken in");
    assert_eq!(
        phone.store.standing(),
        crate::store::Standing::Writable,
        "own segments that come back are held"
    );
    assert_eq!(phone.store.pulled().expect("read"), pulled(&ids));
    assert_eq!(phone.store.site_log(0, 9).expect("read"), ids);
    assert_eq!(phone.store.site_log(1, 2).expect("read"), ids[1..]);
    assert_eq!(outbox(&phone).0, 1);
    phone.store.confirm(&[receipt(&second, 1)]).expect("kept");

    let kept = BTreeMap::from([(CHAIN, vec![first.header.head()])]);
    phone.store.restored(2, 1, &kept).expect("accepted");
    assert_eq!(phone.store.pulled().expect("read"), Pulled { epoch: 2, ..pulled(&ids[..1]) });
    assert_eq!(phone.store.site_log(0, 9).expect("read"), ids[..1]);
    assert_eq!(phone.store.unsent().expect("read").len(), 1);
    assert_eq!(outbox(&phone).0, 2);
    let phone = phone.reopen();
    assert_eq!(outbox(&phone).0, 2);
}

#[test]
fn what_follows_is_given_in_order_and_in_portions() {
    let (mut phone, first, second) = phone();
    let third = phone.seal().expect("sealed");
    let all = phone.store.segments_after(CHAIN, None, usize::MAX).expect("read");
    assert_eq!(all, [first.clone(), second.clone(), third.clone()]);
    assert_eq!(phone.store.segments_after(CHAIN, None, 1).expect("read"), std::slice::from_ref(&first));
    let after = Some(first.header.id());
    assert_eq!(
        phone.store.segments_after(CHAIN, after, usize::MAX).expect("read"),
        [second.clone(), third.clone()]
    );
    assert_eq!(phone.store.segments_after(CHAIN, Some(third.header.id()), 9).expect("read"), []);
    assert_eq!(phone.store.segments_after(ChainId([9; 16]), None, 9).expect("read"), []);
    assert_eq!(phone.store.segment_at(CHAIN, 2).expect("read"), Some(second));
    assert_eq!(phone.store.segment_at(CHAIN, 9).expect("read"), None);
    assert_eq!(phone.store.heads().expect("read"), BTreeMap::from([(CHAIN, vec![third.header.head()])]));
}
