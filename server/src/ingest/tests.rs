//! Pushes from end to end, on both engines.

use std::sync::Arc;

use dutylog_core::base::KeyId;
use dutylog_core::log::{Receipt, Segment};
use proptest::prelude::*;

use super::{Ingest, Outcome, Refusal};
use crate::database::Database;
use crate::ledger::contract::{Phone, World, entry};
use crate::ledger::{Ledger, MemoryLedger, Reason, RevocationKind, SqliteLedger};

struct Door {
    world: World,
    ingest: Ingest,
    _folder: Option<tempfile::TempDir>,
}

impl Door {
    async fn over(ledger: Arc<dyn Ledger>, folder: Option<tempfile::TempDir>) -> Self {
        let world = World::new(ledger).await;
        let ingest = Ingest::new(Arc::clone(&world.ledger), Arc::clone(&world.keys));
        Self { world, ingest, _folder: folder }
    }

    async fn both() -> [Self; 2] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let database = Database::open(&folder.path().join("dutylog.db")).await.expect("a database");
        [
            Self::over(Arc::new(MemoryLedger::default()), None).await,
            Self::over(Arc::new(SqliteLedger::new(database)), Some(folder)).await,
        ]
    }

    async fn enrolled(&self, seed: u64) -> Phone {
        let phone = self.world.phone(seed);
        self.world.ledger.add_certificate(self.world.here, &phone.certificate.bytes).await.expect("added");
        phone
    }

    async fn push(&self, phone: &Phone, segments: &[&Segment]) -> Vec<Outcome> {
        self.push_at(phone.certificate.id(), segments, 5_000).await
    }

    async fn push_at(&self, carrier: KeyId, segments: &[&Segment], now: i64) -> Vec<Outcome> {
        let segments = segments.iter().map(|segment| (*segment).clone()).collect();
        self.ingest.push(self.world.here, carrier, segments, now).await.expect("an answer")
    }

    fn receipt(&self, outcome: &Outcome) -> Receipt {
        let bytes = outcome.receipt().expect("a receipt");
        Receipt::verify(bytes, &self.world.keys.trust().expect("trust")).expect("the log key signed it")
    }
}

fn codes(outcomes: &[Outcome]) -> Vec<&'static str> {
    outcomes.iter().map(|outcome| outcome.remark().map_or("taken", |refusal| refusal.code())).collect()
}

#[tokio::test]
async fn what_is_taken_is_receipted_and_a_repeat_gets_the_same_bytes() {
    for door in Door::both().await {
        let mut phone = door.enrolled(1).await;
        let news = door.ingest.news();
        let (one, two) = (phone.seal(3, 1), phone.seal(2, 1));
        let first = door.push(&phone, &[&one, &two]).await;
        assert_eq!(codes(&first), ["taken", "taken"]);
        assert_eq!(door.receipt(&first[1]).head, two.header.head());
        assert!(news.has_changed().expect("the door is there"));
        let again = door.push_at(phone.certificate.id(), &[&one, &two], 99_000).await;
        assert_eq!(again[0].receipt(), first[0].receipt());
        assert_eq!(again[1].receipt(), first[1].receipt());
    }
}

#[tokio::test]
async fn every_bad_segment_has_its_answer_and_holds_up_nothing() {
    for door in Door::both().await {
        let mut phone = door.enrolled(1).await;
        let mut other = door.enrolled(2).await;
        let stranger = door.world.phone(3).seal(1, 1);
        let mut phones: Vec<Phone> = Vec::new();
        for seed in 10..16 {
            phones.push(door.enrolled(seed).await);
        }
        let mut damaged = phone.seal(2, 1);
        damaged.entries[1][5] ^= 1;
        let behind = phone.seal(2, 1);
        let mut unsigned = phones[0].seal(2, 1);
        unsigned.signature = None;
        let mut elsewhere = phones[1].header();
        elsewhere.site = door.world.there.site();
        let elsewhere = phones[1].sign(elsewhere, vec![entry(1, 1)]);
        let long_number = phones[2].seal_entries(vec![[entry(1, 1), vec![0]].concat()]);
        let mut greedy = phones[3].header();
        greedy.first = u64::MAX;
        let greedy = phones[3].sign(greedy, vec![entry(1, 1)]);
        phones[4].seal(1, 1);
        let gap = phones[4].seal(1, 1);
        let good = other.seal(4, 1);
        let all = [&stranger, &damaged, &behind, &unsigned, &elsewhere, &long_number, &greedy, &gap, &good];
        let outcomes = door.push(&other, &all).await;
        let expected = [
            "unknown_device",
            "bad_segment",
            "taken",
            "bad_segment",
            "not_found",
            "not_canonical",
            "not_canonical",
            "gap",
            "taken",
        ];
        assert_eq!(codes(&outcomes), expected);
        // Behind a body that is awaited nothing is promised yet.
        assert!(outcomes[2].receipt().is_none() && outcomes[8].receipt().is_some());
        let aside = door.world.ledger.set_aside(door.world.here).await.expect("an answer");
        let mut reasons: Vec<Reason> = aside.iter().map(|aside| aside.reason).collect();
        reasons.sort();
        assert_eq!(reasons, [Reason::AwaitsBody, Reason::NotCanonical]);
    }
}

#[tokio::test]
async fn a_fork_is_told_and_both_branches_have_receipts() {
    for door in Door::both().await {
        let mut phone = door.enrolled(1).await;
        let mut copy = phone.clone();
        let (left, right) = (phone.seal(2, 1), copy.seal(2, 2));
        let outcomes = door.push(&phone, &[&left, &right]).await;
        assert_eq!(outcomes[0].remark(), None);
        assert_eq!(outcomes[1].remark(), Some(Refusal::ForkDetected { at: 1 }));
        assert_eq!(door.receipt(&outcomes[1]).head, right.header.head());
    }
}

#[tokio::test]
async fn a_revoked_device_may_deliver_but_not_read() {
    for door in Door::both().await {
        let mut phone = door.enrolled(1).await;
        let carrier = door.enrolled(2).await;
        let (held, late, mut bad) = (phone.seal(2, 1), phone.seal(14, 1), phone.seal(1, 1));
        bad.entries = dutylog_core::log::Entries::default();
        door.push(&phone, &[&held]).await;
        let (here, key) = (door.world.here, phone.certificate.id());
        assert_eq!(door.ingest.may_read(here, key).await.expect("an answer"), None);
        door.world.ledger.revoke(here, key, RevocationKind::Lost, 6_000).await.expect("revoked");
        let read = door.ingest.may_read(here, key).await.expect("an answer");
        assert_eq!(read, Some(Refusal::DeviceRevoked));
        // By itself or by a colleague's phone: what was held stays taken, the rest waits for people.
        for carrier in [&phone, &carrier] {
            let outcomes = door.push(carrier, &[&held, &late, &bad]).await;
            assert_eq!(codes(&outcomes), ["taken", "held_for_review", "held_for_review"]);
            assert_eq!(outcomes[1].remark(), Some(Refusal::HeldForReview { entries: 14 }));
        }
        assert_eq!(door.world.size().await, 1);
        assert_eq!(door.world.ledger.set_aside(here).await.expect("an answer").len(), 2);
        let confirm = async |segment: &Segment| {
            let outcome = door.ingest.confirm(here, segment.header.id(), 9_000).await.expect("an answer");
            outcome.map(|outcome| codes(&[outcome])[0])
        };
        // Review lets in what is good, in the chain's order, and once.
        assert_eq!(confirm(&bad).await, Some("gap"));
        assert_eq!(confirm(&late).await, Some("taken"));
        assert_eq!(confirm(&late).await, None);
        assert_eq!(confirm(&bad).await, Some("bad_segment"));
        assert_eq!(door.world.size().await, 2);
    }
}

#[tokio::test]
async fn a_device_has_a_budget_of_its_own() {
    for door in Door::both().await {
        let (mut phone, mut other) = (door.enrolled(1).await, door.enrolled(2).await);
        let (segment, another) = (phone.seal(1, 1), other.seal(1, 1));
        for _ in 0..20 {
            assert_eq!(codes(&door.push(&phone, &[&segment]).await), ["taken"]);
        }
        let refused = door.push(&phone, &[&segment]).await;
        assert_eq!(refused[0].remark(), Some(Refusal::TooMany { retry_after_s: 1 }));
        assert_eq!(codes(&door.push(&other, &[&another]).await), ["taken"]);
        let later = door.push_at(phone.certificate.id(), &[&segment], 6_000).await;
        assert_eq!(codes(&later), ["taken"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_push_goes_on_when_its_request_is_gone() {
    for door in Door::both().await {
        let mut phone = door.enrolled(1).await;
        let segment = phone.seal(4, 1);
        let mut news = door.ingest.news();
        let (ingest, here, carrier) = (door.ingest.clone(), door.world.here, phone.certificate.id());
        let pushed = segment.clone();
        let request = tokio::spawn(async move { ingest.push(here, carrier, vec![pushed], 1).await });
        while door.world.size().await == 0 && !request.is_finished() {
            request.abort();
            if tokio::time::timeout(std::time::Duration::from_secs(5), news.changed()).await.is_err() {
                break;
            }
        }
        // Cut off before it began or after: what it began, it finished, and the lock is free.
        assert_eq!(codes(&door.push(&phone, &[&segment]).await), ["taken"]);
        assert_eq!(door.world.size().await, 1);
    }
}

#[test]
fn every_refusal_speaks_both_languages() {
    let all = [
        Refusal::NotCanonical { first: 33, last: 58 },
        Refusal::TooDeep,
        Refusal::WrongSuite,
        Refusal::BadSegment { first: 33, last: 58, kept: true },
        Refusal::WeakKey,
        Refusal::Gap { have: 45 },
        Refusal::ForkDetected { at: 40 },
        Refusal::HeldForReview { entries: 14 },
        Refusal::StoredOpaque { entries: 1 },
        Refusal::UnknownForm,
        Refusal::TooManyHeads,
        Refusal::BrokenLink,
        Refusal::DeviceRevoked,
        Refusal::UnknownDevice,
        Refusal::NotFound,
        Refusal::TooMany { retry_after_s: 7 },
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    for refusal in &all {
        let (zh, en) = (refusal.chinese(), refusal.english());
        for text in [&zh.sentence, &zh.what_to_do] {
            assert!(text.ends_with('。') && !text.is_ascii(), "{text}");
        }
        for text in [&en.sentence, &en.what_to_do] {
            assert!(text.ends_with('.') && !text.chars().any(|c| c > '\u{2fff}'), "{text}");
        }
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}

/// RFC 9162 2.1.1 word for word.
fn tree(leaves: &[dutylog_core::base::Digest]) -> dutylog_core::base::Digest {
    use dutylog_core::base::Digest;
    match leaves {
        [] => Digest::of(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Digest::of(&[&[1], &tree(left).0[..], &tree(right).0[..]].concat())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is pushed by whom, in whatever batches, with repeats and forks: every receipt names the root of the tree over
    /// exactly the segments that the log shows, and the two engines agree byte for byte.
    #[test]
    fn receipts_name_the_tree_over_the_log(
        steps in prop::collection::vec((0_usize..4, 1_u64..6, 1_u8..3, any::<bool>()), 1..16),
        cut in 1_usize..6,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let mut answers = Vec::new();
            for door in Door::both().await {
                let mut phones = Vec::new();
                for seed in [1, 1, 2, 3] {
                    phones.push(door.enrolled(seed).await);
                }
                let mut segments = Vec::new();
                for (phone, count, tag, twice) in &steps {
                    let segment = phones[*phone].seal(*count, *tag);
                    segments.extend(std::iter::repeat_n(segment, 1 + usize::from(*twice)));
                }
                let mut outcomes = Vec::new();
                for (batch, second) in segments.chunks(cut).zip(0..) {
                    let batch: Vec<&Segment> = batch.iter().collect();
                    let carrier = phones[3].certificate.id();
                    outcomes.extend(door.push_at(carrier, &batch, second * 1_000).await);
                }
                let log = door.world.ledger.site_log(door.world.here, 0, 1_000).await.expect("an answer");
                let leaves: Vec<_> =
                    (0..).zip(&log).map(|(at, id)| dutylog_core::log::merkle::site_leaf(at, id)).collect();
                for (outcome, segment) in outcomes.iter().zip(&segments) {
                    let receipt = door.receipt(outcome);
                    let size = usize::try_from(receipt.log.size).expect("small");
                    assert_eq!(log[size - 1], segment.header.id());
                    assert_eq!(receipt.log.root, tree(&leaves[..size]));
                }
                answers.push((log, outcomes));
            }
            assert_eq!(answers[0], answers[1]);
        });
    }
}
