//! A log that was given up has to come again to the root that was proven.

use std::collections::BTreeMap;

use super::world::{Org, Phone, Reply, Server};
use crate::base::{ChainId, Digest, Seq};
use crate::log::{
    Absorbed, Arrival, Head, Holdings, MemoryError, MemoryLog, Pulled, Receipt, Segment, SiteRoot, Unsent,
};
use crate::sync::{Alarm, End, Step};

/// A holder that has given its log up and remembers how far it had come.
struct Remembering<'l>(&'l mut MemoryLog, SiteRoot);

impl Holdings for Remembering<'_> {
    type Error = MemoryError;

    fn pulled(&self) -> Result<Pulled, MemoryError> {
        self.0.pulled()
    }
    fn promised(&self) -> Result<Option<(u32, SiteRoot)>, MemoryError> {
        Ok(Some((1, self.1)))
    }
    fn heads(&self) -> Result<BTreeMap<ChainId, Vec<Head>>, MemoryError> {
        self.0.heads()
    }
    fn unsent(&self) -> Result<Vec<Unsent>, MemoryError> {
        self.0.unsent()
    }
    fn segments_after(
        &self,
        chain: ChainId,
        after: Option<Digest>,
        max_bytes: usize,
    ) -> Result<Vec<Segment>, MemoryError> {
        self.0.segments_after(chain, after, max_bytes)
    }
    fn segment(&self, id: &Digest) -> Result<Option<Segment>, MemoryError> {
        self.0.segment(id)
    }
    fn segment_at(&self, chain: ChainId, first: Seq) -> Result<Option<Segment>, MemoryError> {
        self.0.segment_at(chain, first)
    }
    fn site_log(&self, from: u64, to: u64) -> Result<Vec<Digest>, MemoryError> {
        self.0.site_log(from, to)
    }
    fn absorb(
        &mut self,
        arrivals: Vec<Arrival>,
        pulled: Option<Pulled>,
    ) -> Result<Vec<Absorbed>, MemoryError> {
        self.0.absorb(arrivals, pulled)
    }
    fn confirm(&mut self, receipts: &[(Receipt, Vec<u8>)]) -> Result<(), MemoryError> {
        self.0.confirm(receipts)
    }
    fn restored(
        &mut self,
        epoch: u32,
        kept: u64,
        heads: &BTreeMap<ChainId, Vec<Head>>,
    ) -> Result<(), MemoryError> {
        self.0.restored(epoch, kept, heads)
    }
}

/// How a sync ends for a phone that had come to a root and holds nothing any more.
fn again(phone: &mut Phone, server: &mut Server, root: &SiteRoot) -> End {
    let mut log = MemoryLog::new();
    let (mut session, now) = (phone.session(), phone.now());
    loop {
        let mut holder = Remembering(&mut log, *root);
        match session.next(&mut holder, &phone.keys, &mut phone.entropy, now).unwrap() {
            Step::Done(report) => return report.end,
            Step::Wait { .. } => panic!("nothing to wait for"),
            Step::Http(request) => {
                let Reply { status, headers, body } = server.handle(&request);
                session.on_response(request.id, status, headers, body, now);
            }
        }
    }
}

#[test]
fn a_log_that_was_given_up_must_come_to_the_same_root_again() {
    let org = Org::new();
    let mut server = Server::new(&org);
    let [mut phone, mut other] = [11, 12].map(|n| org.phone(n, &mut server));
    (0..3).for_each(|n| drop(phone.record(2, &n.to_string())));
    other.record(2, "other");
    other.sync(&mut server);
    let report = phone.sync(&mut server);
    assert!(report.checkpoint.is_some() || report.receipts > 0);
    let peaks = phone.log.pulled().unwrap().peaks;
    let root = SiteRoot { size: peaks.size(), root: peaks.root() };
    let taken = server.taken.clone();
    assert_eq!(again(&mut phone, &mut server, &root), End::CaughtUp);
    server.rewrite(taken[..2].to_vec());
    assert_eq!(again(&mut phone, &mut server, &root), End::Alarm(Alarm::WentBack));
    server.rewrite([&taken[1..], &taken[..1]].concat());
    assert_eq!(again(&mut phone, &mut server, &root), End::Alarm(Alarm::Contradicts));
}
