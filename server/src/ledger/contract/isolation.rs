//! Sites know nothing of each other.

use dutylog_core::base::{Digest, SiteId};
use dutylog_core::log::SecretKey;

use super::world::World;
use crate::ledger::{Enrols, LedgerError, RevocationKind, SiteScope};

pub(super) async fn a_segment_is_not_found_from_another_site(world: &World) {
    let mut phone = world.phone(1);
    let segment = phone.seal(2, 1);
    world.place(&phone, &segment).await;
    let id = segment.header.id();
    assert!(world.ledger.segment(world.here, id).await.expect("an answer").is_some());
    assert!(world.ledger.segment(world.there, id).await.expect("an answer").is_none());
    let mut writer = world.ledger.begin(world.there).await.expect("the lock");
    assert!(writer.find(id).await.expect("an answer").is_none());
    assert_eq!(writer.last_of(phone.chain, id).await.expect("an answer"), None);
    assert_eq!(writer.highest(phone.chain).await.expect("an answer"), 0);
}

pub(super) async fn one_site_s_log_says_nothing_of_another_s(world: &World) {
    let (mut here, mut there) = (world.phone(1), world.phone_at(world.there, 2));
    let (one, two) = (here.seal(2, 1), there.seal(3, 1));
    world.place(&here, &one).await;
    let placed = world.place(&there, &two).await;
    assert_eq!(placed.receipt.log.size, 1);
    let ledger = &world.ledger;
    for (scope, segment) in [(world.here, &one), (world.there, &two)] {
        let page = ledger.page(scope, 0, 1 << 20).await.expect("a page");
        assert_eq!(page.iter().map(|stored| &stored.segment).collect::<Vec<_>>(), [segment]);
        assert_eq!(ledger.site_log(scope, 0, 9).await.expect("an answer"), [segment.header.id()]);
        let heads = ledger.heads(scope, None).await.expect("an answer");
        assert_eq!(heads.into_keys().collect::<Vec<_>>(), [segment.header.chain]);
    }
    assert!(ledger.chain(world.there, here.chain, 1).await.expect("an answer").is_empty());
    assert!(ledger.heads(world.there, Some(&[here.chain])).await.expect("an answer").is_empty());
}

pub(super) async fn registries_are_apart(world: &World) {
    let phone = world.phone(1);
    let (ledger, key) = (&world.ledger, phone.certificate.id());
    ledger.add_certificate(world.here, &phone.certificate.bytes).await.expect("added");
    ledger.revoke(world.here, key, RevocationKind::Lost, 1).await.expect("revoked");
    ledger.exchange_nonce(world.here, key, None, [7; 8]).await.expect("a nonce");
    assert!(ledger.certificates(world.there).await.expect("an answer").is_empty());
    assert!(ledger.revocations(world.there).await.expect("an answer").is_empty());
    assert!(!ledger.exchange_nonce(world.there, key, Some([7; 8]), [8; 8]).await.expect("an answer"));
}

pub(super) async fn a_site_that_does_not_exist_is_an_error(world: &World) {
    let nowhere = SiteScope::enter(SiteId([0xee; 16]), &*world.keys).expect("the server enters");
    assert!(matches!(world.ledger.state(nowhere).await, Err(LedgerError::NoSuchSite)));
    assert!(matches!(world.ledger.begin(nowhere).await, Err(LedgerError::NoSuchSite)));
    let added = world.ledger.add_certificate(nowhere, b"anything").await;
    assert!(matches!(added, Err(LedgerError::NoSuchSite)));
    // A code is asked for by strangers: nothing tells them which sites there are.
    let key = SecretKey::from_seed([1; 32]).public();
    let redeemed = world.ledger.redeem(nowhere.site(), Digest::of(b"code"), Enrols::Phone, &key, 1).await;
    assert_eq!(redeemed.expect("an answer"), None);
}
