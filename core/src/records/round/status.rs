//! Whether a planned round was done, and what may be said while nobody can know.
//!
//! A round is called missed only when every phone that could have recorded it has been heard from after the window and
//! its grace. Until then, what is missing is the phone's news, and no person is accused.

use super::Window;
use crate::base::{DeviceId, Millis};

/// What is known of the round itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// When it began.
    pub started: Option<Millis>,
    /// When it was signed: the best time that can be shown for it.
    pub done: Option<Millis>,
    /// Whether it was left out with a reason.
    pub skipped: bool,
}

/// How a phone stands with the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In use.
    InUse,
    /// Lost or revoked: what it holds may still come.
    Gone,
    /// HQ has put on record that nothing more will come from it.
    WrittenOff,
}

/// A phone that holds a grant for the round's post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phone {
    /// Which.
    pub device: DeviceId,
    /// The time of the newest record that it delivered; none if it never did.
    pub heard_until: Option<Millis>,
    /// Whether records of it are known to exist that have not arrived, as when another phone cites them.
    pub awaited: bool,
    /// How it stands.
    pub standing: Standing,
}

impl Phone {
    fn silent(&self, after: Millis) -> bool {
        match self.standing {
            Standing::InUse => self.heard_until.is_none_or(|heard| heard <= after),
            Standing::Gone => true,
            Standing::WrittenOff => false,
        }
    }

    /// Whether what it holds and has not delivered may be of a time up to an instant.
    #[must_use]
    pub fn may_still_tell(&self, until: Millis) -> bool {
        self.silent(until) || self.owes()
    }

    fn owes(&self) -> bool {
        self.awaited && self.standing != Standing::WrittenOff
    }
}

/// Whether a planned round was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundStatus {
    /// Its window has not opened.
    Upcoming,
    /// Its window is open and nobody has begun.
    Due,
    /// Somebody is walking it.
    Running,
    /// Done before its window closed.
    OnTime,
    /// Done after its window had closed.
    Late,
    /// Left out with a reason.
    Skipped,
    /// Not done: every phone that could have recorded it has been heard.
    Missed,
    /// Not known to be done, and records of these phones are known to be on their way.
    NotHereYet(Vec<DeviceId>),
    /// Not known to be done, and these phones are silent.
    Unknown(Vec<DeviceId>),
}

/// Whether a round was done, seen from `now`.
///
/// `phones` are those that hold a grant for the round's post. With none at all nobody could have recorded the round.
#[must_use]
pub fn round_status(
    window: Window,
    grace_minutes: u32,
    progress: Progress,
    phones: &[Phone],
    now: Millis,
) -> RoundStatus {
    let closing = window.end_with_grace(grace_minutes);
    match progress {
        Progress { done: Some(done), .. } if done <= window.end => RoundStatus::OnTime,
        Progress { done: Some(_), .. } => RoundStatus::Late,
        Progress { skipped: true, .. } => RoundStatus::Skipped,
        _ if now > closing => not_done(closing, phones),
        Progress { started: Some(_), .. } => RoundStatus::Running,
        _ if now < window.start => RoundStatus::Upcoming,
        _ => RoundStatus::Due,
    }
}

fn not_done(closing: Millis, phones: &[Phone]) -> RoundStatus {
    let named = |which: &dyn Fn(&Phone) -> bool| -> Vec<DeviceId> {
        phones.iter().filter(|p| which(p)).map(|p| p.device).collect()
    };
    let owing = named(&Phone::owes);
    if !owing.is_empty() {
        return RoundStatus::NotHereYet(owing);
    }
    let silent = named(&|p| p.silent(closing));
    if silent.is_empty() { RoundStatus::Missed } else { RoundStatus::Unknown(silent) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { start: 0, end: 3_600_000 };
    const CLOSING: Millis = 3_600_000 + 15 * 60_000;

    fn phone(n: u8, heard_until: Millis) -> Phone {
        Phone {
            device: DeviceId([n; 16]),
            heard_until: Some(heard_until),
            awaited: false,
            standing: Standing::InUse,
        }
    }

    fn status(progress: Progress, phones: &[Phone], now: Millis) -> RoundStatus {
        round_status(WINDOW, 15, progress, phones, now)
    }

    #[test]
    fn what_is_done_needs_no_phone() {
        let done = |at| Progress { started: Some(0), done: Some(at), skipped: false };
        assert_eq!(status(done(WINDOW.end), &[], CLOSING + 1), RoundStatus::OnTime);
        assert_eq!(status(done(WINDOW.end + 1), &[], CLOSING + 1), RoundStatus::Late);
        let skipped = Progress { skipped: true, ..Progress::default() };
        assert_eq!(status(skipped, &[], CLOSING + 1), RoundStatus::Skipped);
    }

    #[test]
    fn before_the_grace_is_over_nothing_is_judged() {
        let nothing = Progress::default();
        let running = Progress { started: Some(5), ..nothing };
        assert_eq!(status(nothing, &[], -1), RoundStatus::Upcoming);
        assert_eq!(status(nothing, &[], 0), RoundStatus::Due);
        assert_eq!(status(nothing, &[], CLOSING), RoundStatus::Due);
        assert_eq!(status(running, &[], CLOSING), RoundStatus::Running);
    }

    #[test]
    fn missed_only_when_every_phone_was_heard_after_the_grace() {
        let id = |n| DeviceId([n; 16]);
        let heard = phone(1, CLOSING + 1);
        let silent = phone(2, CLOSING);
        let never = Phone { heard_until: None, ..phone(3, 0) };
        let lost = Phone { standing: Standing::Gone, ..phone(4, CLOSING + 1) };
        let written_off = Phone { standing: Standing::WrittenOff, awaited: true, ..phone(5, 0) };
        let awaited = Phone { awaited: true, ..phone(6, CLOSING + 1) };
        let table: [(&[Phone], RoundStatus); 8] = [
            (&[], RoundStatus::Missed),
            (&[heard], RoundStatus::Missed),
            (&[heard, silent], RoundStatus::Unknown(vec![id(2)])),
            (&[never, silent], RoundStatus::Unknown(vec![id(3), id(2)])),
            (&[heard, lost], RoundStatus::Unknown(vec![id(4)])),
            (&[heard, written_off], RoundStatus::Missed),
            (&[heard, awaited], RoundStatus::NotHereYet(vec![id(6)])),
            (&[silent, awaited], RoundStatus::NotHereYet(vec![id(6)])),
        ];
        for (phones, expected) in table {
            assert_eq!(status(Progress::default(), phones, CLOSING + 1), expected, "{phones:?}");
        }
        let begun = Progress { started: Some(5), ..Progress::default() };
        assert_eq!(status(begun, &[silent], CLOSING + 1), RoundStatus::Unknown(vec![id(2)]));
    }
}
