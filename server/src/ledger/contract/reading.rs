//! What is in the log, and how it is read.

use dutylog_core::base::{Digest, OrgId};
use dutylog_core::log::{BranchMap, SiteRoot, merkle};

use super::world::World;
use crate::ledger::{LedgerError, branches};

pub(super) async fn a_new_site_is_empty(world: &World) {
    let state = world.ledger.state(world.here).await.expect("a state");
    assert_eq!((state.org, state.epoch, state.backed_up), (world.keys.org(), 1, 0));
    assert_eq!(state.log(), SiteRoot { size: 0, root: Digest::of(&[]) });
    assert_eq!(world.ledger.root_at(world.here, 0).await.expect("an answer"), Some(state.log()));
    assert!(world.ledger.page(world.here, 0, 1 << 20).await.expect("a page").is_empty());
    assert!(world.ledger.heads(world.here, None).await.expect("an answer").is_empty());
}

pub(super) async fn a_site_is_made_once(world: &World) {
    let mut phone = world.phone(1);
    world.place(&phone.clone(), &phone.seal(1, 1)).await;
    world.ledger.create_site(world.here, world.keys.org(), 9).await.expect("harmless");
    let other = world.ledger.create_site(world.here, OrgId([9; 16]), 9).await;
    assert!(matches!(other, Err(LedgerError::SiteExists)));
    assert_eq!(world.size().await, 1);
    let sites = world.ledger.sites().await.expect("an answer");
    assert_eq!(sites, [world.here.site(), world.there.site()]);
}

pub(super) async fn pages_fit_their_bytes_and_are_never_empty_before_the_end(world: &World) {
    let mut phone = world.phone(1);
    for _ in 0..6 {
        world.place(&phone.clone(), &phone.seal(40, 1)).await;
    }
    let positions = async |from, bytes| {
        let page = world.ledger.page(world.here, from, bytes).await.expect("a page");
        page.iter().map(|stored| stored.place.position).collect::<Vec<_>>()
    };
    assert_eq!(positions(0, usize::MAX).await, [0, 1, 2, 3, 4, 5]);
    assert_eq!(positions(4, usize::MAX).await, [4, 5]);
    assert_eq!(positions(2, 0).await, [2]);
    assert!(positions(6, 100).await.is_empty());
    assert!(positions(u64::MAX >> 1, 100).await.is_empty());
    let some = positions(0, 2_000).await.len();
    assert!((1..6).contains(&some), "{some} segments in 2,000 bytes");
}

pub(super) async fn following_by_pages_misses_nothing(world: &World) {
    let mut phone = world.phone(1);
    let mut sealed = Vec::new();
    for count in 1..20 {
        let segment = phone.seal(count, 1);
        world.place(&phone, &segment).await;
        sealed.push(segment);
    }
    let mut followed = Vec::new();
    loop {
        let from = followed.len() as u64;
        let page = world.ledger.page(world.here, from, 900).await.expect("a page");
        if page.is_empty() {
            break;
        }
        followed.extend(page.into_iter().map(|stored| stored.segment));
    }
    assert_eq!(followed, sealed);
}

pub(super) async fn the_site_log_can_be_read_in_parts(world: &World) {
    let mut phone = world.phone(1);
    let mut ids = Vec::new();
    for _ in 0..5 {
        let segment = phone.seal(1, 1);
        world.place(&phone, &segment).await;
        ids.push(segment.header.id());
    }
    let log = async |from, to| world.ledger.site_log(world.here, from, to).await.expect("an answer");
    assert_eq!(log(0, 5).await, ids);
    assert_eq!(log(1, 3).await, ids[1..3]);
    assert_eq!(log(4, 900).await, ids[4..]);
    assert!(log(3, 3).await.is_empty() && log(4, 2).await.is_empty());
}

pub(super) async fn roots_equal_a_tree_built_independently(world: &World) {
    let mut phone = world.phone(1);
    let mut leaves = Vec::new();
    for position in 0..17 {
        let segment = phone.seal(1, 1);
        let placed = world.place(&phone, &segment).await;
        leaves.push(merkle::site_leaf(position, &segment.header.id()));
        assert_eq!(placed.receipt.log.root, tree(&leaves));
    }
    for (size, until) in (0..=17).zip(0..=17) {
        let root = world.ledger.root_at(world.here, size).await.expect("an answer");
        assert_eq!(root, Some(SiteRoot { size, root: tree(&leaves[..until]) }));
    }
    assert_eq!(world.ledger.root_at(world.here, 18).await.expect("an answer"), None);
    assert_eq!(world.ledger.state(world.here).await.expect("a state").log().root, tree(&leaves));
}

/// RFC 9162 2.1.1 word for word, by halves: another road than the growing edge that the engines keep.
pub(super) fn tree(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Digest::of(&[&[1], &tree(left).0[..], &tree(right).0[..]].concat())
        }
    }
}

pub(super) async fn heads_are_the_ends_of_every_branch(world: &World) {
    let (mut a, mut b) = (world.phone(1), world.phone(2));
    world.place(&a.clone(), &a.seal(2, 1)).await;
    let mut copy = a.clone();
    let (left, right, other) = (a.seal(2, 1), copy.seal(3, 2), b.seal(1, 1));
    for (phone, segment) in [(&a, &left), (&copy, &right), (&b, &other)] {
        world.place(phone, segment).await;
    }
    let all = world.ledger.heads(world.here, None).await.expect("an answer");
    assert_eq!(all[&a.chain], [left.header.head(), right.header.head()]);
    assert_eq!(all[&b.chain], [other.header.head()]);
    let some = world.ledger.heads(world.here, Some(&[b.chain, world.phone(9).chain])).await;
    assert_eq!(some.expect("an answer").into_keys().collect::<Vec<_>>(), [b.chain]);
    let mut writer = world.ledger.begin(world.here).await.expect("the lock");
    assert_eq!(writer.heads(a.chain).await.expect("an answer"), all[&a.chain]);
}

pub(super) async fn a_chain_is_read_from_a_number_on(world: &World) {
    let mut phone = world.phone(1);
    for _ in 0..4 {
        world.place(&phone.clone(), &phone.seal(5, 1)).await;
    }
    let firsts = async |from| {
        let chain = world.ledger.chain(world.here, phone.chain, from).await.expect("an answer");
        chain.iter().map(|stored| stored.segment.header.first).collect::<Vec<_>>()
    };
    assert_eq!(firsts(1).await, [1, 6, 11, 16]);
    assert_eq!(firsts(10).await, [6, 11, 16]);
    assert!(firsts(21).await.is_empty());
}

pub(super) async fn an_unforked_chain_has_no_branches(world: &World) {
    let mut phone = world.phone(1);
    world.place(&phone.clone(), &phone.seal(5, 1)).await;
    let map = branches(&*world.ledger, world.here, phone.chain).await.expect("an answer");
    assert_eq!(map, BranchMap::default());
}
