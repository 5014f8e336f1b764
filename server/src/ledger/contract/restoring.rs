//! Epochs and backups.

use dutylog_core::base::{Digest, SiteId};
use dutylog_core::log::SiteRoot;

use super::world::World;
use crate::ledger::{RestoreNotice, SiteScope, resume};

pub(super) async fn a_new_epoch_names_the_log_it_found(world: &World) {
    let mut phone = world.phone(1);
    for _ in 0..3 {
        world.place(&phone.clone(), &phone.seal(2, 1)).await;
    }
    let log = world.ledger.state(world.here).await.expect("a state").log();
    assert_eq!(world.ledger.advance_epoch(0, 8_000).await.expect("an epoch"), 2);
    assert_eq!(world.ledger.epoch().await.expect("an epoch"), 2);
    let notices = async |scope| world.ledger.restore_notices(scope).await.expect("an answer");
    assert_eq!(notices(world.here).await, [RestoreNotice { epoch: 2, at: 8_000, log }]);
    let empty = SiteRoot { size: 0, root: Digest::of(&[]) };
    assert_eq!(notices(world.there).await, [RestoreNotice { epoch: 2, at: 8_000, log: empty }]);
    let state = world.ledger.state(world.here).await.expect("a state");
    assert_eq!((state.epoch, state.log()), (2, log));
}

pub(super) async fn an_epoch_is_above_all_that_were_known(world: &World) {
    assert_eq!(world.ledger.advance_epoch(6, 1).await.expect("an epoch"), 7);
    assert_eq!(world.ledger.advance_epoch(3, 2).await.expect("an epoch"), 8);
    assert_eq!(world.ledger.restore_notices(world.here).await.expect("an answer").len(), 2);
    assert!(world.ledger.advance_epoch(u32::MAX, 3).await.is_err());
    assert_eq!(world.ledger.epoch().await.expect("an epoch"), 8);
}

pub(super) async fn receipts_taken_before_a_restore_stay_as_they_were(world: &World) {
    let mut phone = world.phone(1);
    let (one, two) = (phone.seal(2, 1), phone.seal(2, 1));
    let before = world.place(&phone, &one).await;
    world.ledger.advance_epoch(0, 8_000).await.expect("an epoch");
    assert_eq!(world.place(&phone, &one).await.receipt, before.receipt);
    let after = world.place(&phone, &two).await;
    assert_eq!((before.receipt.epoch, after.receipt.epoch), (1, 2));
    assert_eq!(after.receipt.log.size, 2);
}

pub(super) async fn a_site_made_later_is_in_the_present_epoch(world: &World) {
    world.ledger.advance_epoch(0, 1).await.expect("an epoch");
    let scope = SiteScope::enter(SiteId([0xcc; 16]), &*world.keys).expect("the server enters");
    world.ledger.create_site(scope, world.keys.org(), 2).await.expect("a new site");
    assert_eq!(world.ledger.state(scope).await.expect("a state").epoch, 2);
    assert!(world.ledger.restore_notices(scope).await.expect("an answer").is_empty());
}

pub(super) async fn the_backup_mark_never_goes_back(world: &World) {
    let mut phone = world.phone(1);
    for _ in 0..3 {
        world.place(&phone.clone(), &phone.seal(2, 1)).await;
    }
    for (told, held) in [(2, 2), (1, 2), (3, 3), (99, 3)] {
        world.ledger.backed_up(world.here, told).await.expect("recorded");
        assert_eq!(world.ledger.state(world.here).await.expect("a state").backed_up, held);
    }
}

pub(super) async fn a_database_that_went_back_begins_a_new_epoch(world: &World) {
    let resume = async |known, restored| resume(&*world.ledger, known, restored, 1).await.expect("an epoch");
    assert_eq!(resume(0, false).await, 1);
    assert_eq!(resume(1, false).await, 1);
    assert_eq!(resume(1, true).await, 2);
    assert_eq!(resume(5, false).await, 6);
    assert_eq!(resume(6, false).await, 6);
}
