//! Phones exchange: with the server over the network, with each other by bundles that arrive late, twice or in another order.

use dutylog_core::base::Millis;
use dutylog_core::sync::{End, Step};

use super::met::{Hazard, Met};
use super::net::Carried;
use super::{Device, Dice, Net, Server};

/// Steps after which a conversation must have ended.
const MOST_STEPS: usize = 400;

/// A bundle on its way.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    pub(super) to: usize,
    /// How many were sent before it.
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
}

/// One conversation with the server, to its end or until the app is closed. Returns how it ended, if it did, and moves the time on.
pub(super) fn converse(
    phone: &mut Device,
    server: &Server,
    net: Net,
    now: &mut Millis,
    dice: &mut Dice,
    met: &mut Met,
) -> Option<End> {
    let mut session = phone.app().begin_sync().expect("a conversation begins");
    for _ in 0..MOST_STEPS {
        let reading = phone.read(*now);
        match phone.app().sync_step(&mut session, reading).expect("a step") {
            Step::Done(report) => return Some(report.end),
            Step::Wait { ms } => *now += i64::try_from(ms).expect("short").max(1),
            Step::Http(request) => {
                server.set_time(*now);
                let carried = net.carry(&request, server, dice, met);
                *now += dice.between(20, 2_000);
                match carried {
                    Carried::Failed(failure) => session.on_failure(request.id, failure),
                    Carried::Answered(answer) => {
                        let at = phone.read(*now);
                        session.on_response(request.id, answer.status, answer.headers, answer.body, at);
                    }
                }
            }
        }
        if net != Net::Good && dice.percent(4) {
            met.note(Hazard::ConversationCut);
            return None;
        }
    }
    panic!("a conversation does not end: {:?}", session.report());
}

/// What `from` gives to `to`: what it lacks as far as it says, or everything that is unconfirmed.
pub(super) fn bundle(from: &mut Device, to: &mut Device, number: usize, dice: &mut Dice) -> Mail {
    let theirs = dice.percent(60).then(|| to.app().heads().expect("heads"));
    let bytes = from.app().export(theirs.as_ref()).expect("a bundle");
    Mail { to: to.number, number, bytes }
}
