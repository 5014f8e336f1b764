//! The network between phones and server: it loses requests and replies, repeats, and pretends to be headquarters.

use dutylog_core::sync::{Failure, HttpRequest};

use super::met::{Hazard, Met};
use super::{Answer, Dice, Server};

/// How bad it is just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Net {
    /// Every request gets its answer.
    Good,
    /// So many of a hundred requests go wrong.
    Bad(u64),
    /// Somebody else answers everything: a hotel's sign-in page.
    Portal,
    /// Nothing gets through.
    Gone,
}

/// What became of one request.
#[derive(Debug)]
pub(super) enum Carried {
    Answered(Answer),
    Failed(Failure),
}

impl Net {
    /// Carries one request.
    pub(super) fn carry(
        self,
        request: &HttpRequest,
        server: &Server,
        dice: &mut Dice,
        met: &mut Met,
    ) -> Carried {
        let deliver = || server.carry(request);
        let wrong = match self {
            Self::Good => 0,
            Self::Bad(share) => share,
            Self::Portal => return Carried::Answered(portal(dice, met)),
            Self::Gone => return Carried::Failed(Failure::NoConnection),
        };
        if !dice.percent(wrong) {
            return Carried::Answered(deliver());
        }
        match dice.below(7) {
            0 => Carried::Failed(Failure::Interrupted),
            1 | 2 => {
                met.note(Hazard::ReplyLost);
                let _lost = deliver();
                Carried::Failed(Failure::Interrupted)
            }
            3 => {
                met.note(Hazard::RequestRepeated);
                let first = deliver();
                let _second = deliver();
                Carried::Answered(first)
            }
            4 => Carried::Answered(portal(dice, met)),
            5 => Carried::Answered(damaged(deliver(), dice)),
            _ => Carried::Failed(Failure::NoConnection),
        }
    }
}

fn portal(dice: &mut Dice, met: &mut Met) -> Answer {
    met.note(Hazard::AnsweredByStranger);
    let status = *dice.pick(&[200, 200, 302, 403, 511]).expect("some status");
    let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
    Answer { status, headers, body: b"<html>Welcome to our hotel</html>".to_vec() }
}

fn damaged(mut answer: Answer, dice: &mut Dice) -> Answer {
    if !answer.body.is_empty() {
        let at = dice.below(answer.body.len());
        answer.body[at] ^= 1 << dice.below(8);
    }
    answer
}
