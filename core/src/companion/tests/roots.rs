//! Two phones hold against each other what one server has told them.

use super::world::{Phone, Site};
use crate::log::merkle::{Peaks, site_leaf};
use crate::log::{Arrival, Checkpoint, Holdings, Pulled, SealError, Segment, SiteRoot};
use crate::sync::Alarm;

/// Lets a phone have a history of the site, as the server signs it.
fn told(site: &Site, phone: &mut Phone, history: &[Segment]) -> SiteRoot {
    let mut peaks = Peaks::default();
    for segment in history {
        peaks.push(site_leaf(peaks.size(), &segment.header.id()));
    }
    let log = SiteRoot { size: peaks.size(), root: peaks.root() };
    let arrivals = (0..).zip(history).map(|(n, s)| Arrival { position: Some(n), segment: s.clone() });
    let pulled = Pulled { epoch: 1, peaks };
    phone.app().store_mut().absorb(arrivals.collect(), Some(pulled)).expect("taken in");
    let (certificate, key) = site.world.server_log();
    phone.app().learn(std::slice::from_ref(&certificate.bytes)).expect("proven");
    let checkpoint = Checkpoint { site: site.world.site, epoch: 1, log, at: 0 };
    let signed = checkpoint.sign(site.world.org, certificate.id(), |m| Ok::<_, SealError>(key.sign(m)));
    phone.app().keep_checkpoint(Some(&signed.expect("signed"))).expect("kept");
    log
}

/// A site with two phones, and three segments of HQ.
fn two() -> (Site, Phone, Phone, Vec<Segment>) {
    let mut site = Site::new();
    let (a, b) = (site.phone(), site.phone());
    let history = site.log.clone();
    assert!(history.len() >= 2);
    (site, a, b, history)
}

/// What one phone makes of another's bundle.
fn meet(from: &mut Phone, to: &mut Phone) -> (Option<Alarm>, bool) {
    let bundle = from.app().export(None).expect("exported");
    let imported = to.app().import(&bundle).expect("imported");
    (imported.alarm, imported.evidence.is_some())
}

#[test]
fn a_server_that_tells_two_phones_two_histories_is_found_when_they_meet() {
    let (site, mut a, mut b, history) = two();
    let other: Vec<_> = history.iter().rev().cloned().collect();
    told(&site, &mut a, &history);
    told(&site, &mut b, &other);
    assert_eq!(meet(&mut a, &mut b), (Some(Alarm::Contradicts), true));
    assert_eq!(meet(&mut b, &mut a), (Some(Alarm::Contradicts), true));
}

#[test]
fn one_that_has_heard_more_contradicts_nobody_and_sets_what_must_be_reached() {
    let (site, mut a, mut b, history) = two();
    let further = told(&site, &mut a, &history);
    told(&site, &mut b, &history[..1]);
    assert_eq!(meet(&mut b, &mut a), (None, false));
    assert_eq!(meet(&mut a, &mut b), (None, false));
    assert_eq!(b.app().store().promised().expect("read"), Some((1, further)));
    b.open();
    assert!(b.app().store().promised().expect("read").is_some(), "whatever happens to the app");
    told(&site, &mut b, &history);
    assert_eq!(b.app().store().promised().expect("read"), None, "reached");
}
