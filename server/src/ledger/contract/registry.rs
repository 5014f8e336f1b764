//! Certificates, revocations, codes, nonces, budgets.

use std::collections::BTreeMap;
use std::sync::Arc;

use dutylog_core::base::{Digest, PersonId};
use dutylog_core::log::{PublicKey, SecretKey};
use tokio::task::JoinSet;

use super::world::World;
use crate::ledger::{Code, Enrols, Level, RevocationKind};

pub(super) async fn certificates_come_back_in_order_once(world: &World) {
    let phones: Vec<_> = (1..6).map(|seed| world.phone(seed).certificate.bytes).collect();
    for bytes in phones.iter().chain(&phones) {
        world.ledger.add_certificate(world.here, bytes).await.expect("added");
    }
    assert_eq!(world.ledger.certificates(world.here).await.expect("an answer"), phones);
}

pub(super) async fn revoking_cuts_where_the_server_stands(world: &World) {
    let (mut phone, mut other) = (world.phone(1), world.phone(2));
    let (held, late) = (phone.seal(4, 1), phone.seal(4, 1));
    world.place(&phone, &held).await;
    world.place(&other.clone(), &other.seal(9, 1)).await;
    let key = phone.certificate.id();
    world.ledger.revoke(world.here, key, RevocationKind::Left, 6_000).await.expect("revoked");
    let revocations = world.ledger.revocations(world.here).await.expect("an answer");
    assert_eq!(revocations.len(), 1);
    let revocation = &revocations[&key];
    assert_eq!(revocation.cut, BTreeMap::from([(phone.chain, 4)]));
    assert_eq!((revocation.kind, revocation.decided), (RevocationKind::Left, 6_000));
    assert!(revocation.covers(&held.header) && !revocation.covers(&late.header));
}

pub(super) async fn the_first_revocation_stays(world: &World) {
    let mut phone = world.phone(1);
    let key = phone.certificate.id();
    world.ledger.revoke(world.here, key, RevocationKind::Lost, 1).await.expect("revoked");
    world.place(&phone.clone(), &phone.seal(4, 1)).await;
    world.ledger.revoke(world.here, key, RevocationKind::Compromised, 2).await.expect("harmless");
    let revocation = &world.ledger.revocations(world.here).await.expect("an answer")[&key];
    assert_eq!((revocation.kind, revocation.decided, revocation.cut.len()), (RevocationKind::Lost, 1, 0));
}

fn code(name: &str, enrols: Enrols) -> Code {
    Code { digest: Digest::of(name.as_bytes()), enrols, expires: 600_000 }
}

fn key(n: u8) -> PublicKey {
    SecretKey::from_seed([n; 32]).public()
}

pub(super) async fn a_code_opens_once(world: &World) {
    let person = Enrols::Person(PersonId([5; 16]));
    let (phone, person) = (code("phone", Enrols::Phone), code("person", person));
    for code in [phone, person] {
        world.ledger.add_code(world.here, code).await.expect("added");
    }
    let (first, second) = (key(1), key(2));
    let redeem_by = async |key: &PublicKey, site: crate::ledger::SiteScope, code: Code, now| {
        world.ledger.redeem(site.site(), code.digest, code.enrols, key, now).await.expect("an answer")
    };
    let redeem = async |site, code| redeem_by(&first, site, code, 1_000).await;
    assert_eq!(redeem(world.there, phone).await, None);
    assert_eq!(redeem(world.here, phone).await, Some(world.here));
    assert_eq!(redeem_by(&second, world.here, phone, 1_000).await, None);
    assert_eq!(redeem_by(&first, world.here, phone, 700_000).await, Some(world.here), "the answer was lost");
    let posing = Code { enrols: Enrols::Phone, ..person };
    assert_eq!(redeem(world.here, posing).await, None, "a person's code enrols no phone");
    assert_eq!(redeem(world.here, person).await, Some(world.here));
    let site_of = async |code: Code| world.ledger.site_of_code(code.digest).await.expect("an answer");
    assert_eq!(site_of(person).await, Some(world.here.site()));
    assert_eq!(site_of(code("unknown", Enrols::Phone)).await, None);
    assert_eq!(redeem(world.here, code("unknown", Enrols::Phone)).await, None);
}

pub(super) async fn an_expired_code_opens_nothing(world: &World) {
    let code = code("phone", Enrols::Phone);
    world.ledger.add_code(world.here, code).await.expect("added");
    let redeem = async |now| {
        world
            .ledger
            .redeem(world.here.site(), code.digest, code.enrols, &key(1), now)
            .await
            .expect("an answer")
            .is_some()
    };
    assert!(!redeem(code.expires).await);
    assert!(redeem(code.expires - 1).await);
}

pub(super) async fn a_code_has_one_winner(world: &World) {
    let code = code("phone", Enrols::Phone);
    world.ledger.add_code(world.here, code).await.expect("added");
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let (ledger, site) = (Arc::clone(&world.ledger), world.here.site());
        tasks.spawn(async move {
            ledger.redeem(site, code.digest, code.enrols, &key(n), 1).await.expect("an answer").is_some()
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

pub(super) async fn a_nonce_is_good_once(world: &World) {
    let key = world.phone(1).certificate.id();
    let exchange = async |presented, next: u8| {
        world.ledger.exchange_nonce(world.here, key, presented, [next; 8]).await.expect("an answer")
    };
    assert!(!exchange(None, 1).await);
    assert!(exchange(Some([1; 8]), 2).await);
    assert!(!exchange(Some([1; 8]), 3).await);
    assert!(exchange(Some([3; 8]), 4).await);
    assert!(!exchange(None, 5).await);
}

pub(super) async fn budgets_are_remembered(world: &World) {
    let key = world.phone(1).certificate.id();
    let level = Level { thousandths: -5, at: 77 };
    assert_eq!(world.ledger.budget(world.here, key, "pushes").await.expect("an answer"), None);
    for at in [1, 77] {
        let mut writer = world.ledger.begin(world.here).await.expect("the lock");
        writer.set_budget(key, "pushes", Level { at, ..level }).await.expect("written");
        assert_eq!(writer.budget(key, "pushes").await.expect("an answer"), Some(Level { at, ..level }));
        writer.commit().await.expect("a commit");
    }
    assert_eq!(world.ledger.budget(world.here, key, "pushes").await.expect("an answer"), Some(level));
    assert_eq!(world.ledger.budget(world.here, key, "drops").await.expect("an answer"), None);
}
