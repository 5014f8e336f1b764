//! Phones, one of them copied, and a server over a network that loses, repeats and delays: in the end all hold the same.

use proptest::prelude::*;

use super::world::{Fate, Org, Phone, Reply, Server, same};
use crate::log::Holdings as _;
use crate::sync::{End, Failure};

#[derive(Debug, Clone)]
enum Act {
    Record {
        phone: usize,
        entries: u64,
    },
    Sync {
        phone: usize,
        fates: Vec<u8>,
    },
    Restore {
        keep: u64,
    },
    Carry {
        from: usize,
        to: usize,
    },
    /// The last phone goes on as a copy of the first.
    Copy,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..4_usize, 1..6_u64).prop_map(|(phone, entries)| Act::Record { phone, entries }),
        4 => (0..4_usize, prop::collection::vec(0..6_u8, 0..6)).prop_map(|(phone, fates)| Act::Sync { phone, fates }),
        1 => (0..20_u64).prop_map(|keep| Act::Restore { keep }),
        1 => (0..4_usize, 0..4_usize).prop_map(|(from, to)| Act::Carry { from, to }),
        1 => Just(Act::Copy),
    ]
}

fn sync(phone: &mut Phone, server: &mut Server, fates: &[u8]) -> End {
    let mut fates = fates.iter();
    let mut old: Option<Reply> = None;
    phone
        .sync_over(|request| match fates.next() {
            Some(0) => Fate::Fails(Failure::Interrupted),
            Some(1) => {
                server.handle(request);
                Fate::Fails(Failure::Interrupted)
            }
            Some(2) => {
                server.handle(request);
                Fate::Answers(server.handle(request))
            }
            Some(3) => match old.take() {
                Some(old) => Fate::Answers(old),
                None => Fate::Fails(Failure::NoConnection),
            },
            Some(4) => Fate::Answers(Reply::new(200, b"<html></html>")),
            _ => {
                let reply = server.handle(request);
                old = Some(reply.clone());
                Fate::Answers(reply)
            }
        })
        .end
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_reaches_everybody(acts in prop::collection::vec(act(), 1..25)) {
        let org = Org::new();
        let mut server = Server::new(&org);
        let mut phones = [11, 12, 13, 11].map(|n| org.phone(n, &mut server));
        phones[3].at += 1;
        let mut recorded = Vec::new();
        for act in acts {
            match act {
                Act::Record { phone, entries } => recorded.push(phones[phone].record(entries, "x").header.id()),
                Act::Sync { phone, fates } => {
                    let end = sync(&mut phones[phone], &mut server, &fates);
                    prop_assert!(!matches!(end, End::Alarm(_)), "{end:?}");
                }
                Act::Restore { keep } if (keep as usize) < server.taken.len() => server.restore(keep),
                Act::Restore { .. } => {}
                Act::Copy => {
                    let segments: Vec<_> = phones[0].log.segments().cloned().collect();
                    for segment in segments {
                        phones[3].log.append(segment);
                    }
                    (phones[3].seq, phones[3].prev) = (phones[0].seq, phones[0].prev);
                }
                Act::Carry { from, to } => {
                    let segments: Vec<_> = phones[from].log.segments().cloned().collect();
                    for segment in segments {
                        phones[to].log.append(segment);
                    }
                }
            }
        }
        for _ in 0..3 {
            for phone in &mut phones {
                let end = sync(phone, &mut server, &[]);
                prop_assert_eq!(end, End::CaughtUp);
            }
        }
        let logs = phones.iter().map(|p| &p.log).chain([&server.log]);
        prop_assert!(same(logs));
        for id in recorded {
            prop_assert!(server.log.segment(&id).unwrap().is_some());
        }
        for phone in &phones {
            prop_assert!(phone.log.unsent().unwrap().is_empty());
            prop_assert_eq!(phone.log.pulled().unwrap(), phones[0].log.pulled().unwrap());
        }
    }
}
