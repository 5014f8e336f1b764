//! Goal 10: what an exchange costs, in requests, bytes and time.

use std::time::Instant;

use tokio::runtime::Runtime;

use super::phone::answer;
use super::place::Place;
use super::wire::Wire;
use super::{empty, phone};
use crate::ratios::{Outcome, Pair, Report, by_turns, timed};
use crate::site_year::{Kind, site_year};

/// Exchanges in a round.
const TIMES: usize = 200;
/// One finished round: its beginning and 25 results.
const ROUND: usize = 26;
/// Bytes of an exchange without news, and of one with a finished round: the most of both ways, with heads.
const BOUNDS: [u32; 2] = [500, 800];

/// Measures it over one kept connection on loopback, without TLS.
pub(crate) fn exchange(runtime: &Runtime, report: &mut Report) -> Outcome<()> {
    let place = runtime.block_on(Place::new())?;
    let mut phone = runtime.block_on(place.phone())?;
    let mut wire = Wire::to(place.addr())?;
    phone.sync(&mut wire)?;
    let year = site_year().first;
    phone.sign_in();
    phone.record(&year[..ROUND])?;
    phone.sync(&mut wire)?;
    place.clock.advance(60_000);
    let idle = phone.sync(&mut wire)?;
    size(report, "nothing new", "500 B", idle, BOUNDS[0]);
    let mut begins = (ROUND..).zip(&year[ROUND..]).filter(|(_, action)| action.kind == Kind::Round);
    let (begins, _) = begins.next().ok_or("another round")?;
    phone.record(&year[begins..begins + ROUND])?;
    let round = phone.sync(&mut wire)?;
    size(report, "one finished round", "800 B", round, BOUNDS[1]);

    let (addr, _rows) = runtime.block_on(empty::serve())?;
    let mut bare = Wire::to(addr)?;
    let ours = || {
        // So that no budget is used up.
        place.clock.advance(60_000);
        let mut session = phone.session();
        let request = phone.next(&mut session)?.ok_or("a session asks at least once")?;
        let started = Instant::now();
        let got = wire.send(&request)?;
        let took = started.elapsed();
        answer(&mut session, &request, got);
        match phone.next(&mut session)? {
            None => Ok(took),
            Some(_) => Err("nothing was new, and one exchange was not enough".into()),
        }
    };
    let limit = || timed(|| wire_empty(&mut bare));
    let paired = by_turns(TIMES, ours, limit)?;
    let pair = Pair { subject: "Dutylog", against: "empty POST" };
    report.entry(10, "nothing new", pair).p50(&paired, Some(1.5)).spreads(&paired);
    runtime.block_on(place.stop())?;
    Ok(())
}

fn wire_empty(bare: &mut Wire) -> Outcome<()> {
    let got = bare.post("/", &[], b"")?;
    if got.status == 200 && !got.body.is_empty() { Ok(()) } else { Err("the empty POST failed".into()) }
}

fn size(report: &mut Report, name: &str, against: &'static str, cost: phone::Cost, most: u32) {
    let pair = Pair { subject: "Dutylog", against };
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    report.entry(10, format!("{name}, requests"), pair).figures("", [count(cost.requests), 1.0], Some(1.0));
    let bytes = [("with heads", cost.bytes), ("bodies alone", cost.bodies)];
    for (which, bytes) in bytes {
        let figures = [count(bytes), f64::from(most)];
        report.entry(10, format!("{name}, {which}"), pair).figures("B", figures, Some(1.0));
    }
}
