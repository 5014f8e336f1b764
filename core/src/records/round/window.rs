//! When a planned round is due.

use super::RoundPlan;
use crate::base::Millis;
use crate::records::calendar::{Date, Zone};
use crate::records::value::list_value;

/// From when until when a round is due. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// It may begin.
    pub start: Millis,
    /// It should be done.
    pub end: Millis,
}
list_value!(Window { start, end });

/// Milliseconds of some minutes.
#[must_use]
pub(crate) fn minutes(n: u32) -> Millis {
    Millis::from(n) * 60_000
}

impl Window {
    /// The moment after which a round that is not done may be called missed.
    #[must_use]
    pub fn end_with_grace(&self, grace_minutes: u32) -> Millis {
        self.end.saturating_add(minutes(grace_minutes))
    }
}

impl RoundPlan {
    /// The windows that open on a day, in order.
    #[must_use]
    pub fn windows_on(&self, date: Date, zone: Zone) -> Vec<Window> {
        let mut starts: Vec<_> = self.times.iter().filter_map(|m| zone.instant(date, *m)).collect();
        starts.sort_unstable();
        starts.dedup();
        let length = minutes(self.window_minutes);
        starts.into_iter().map(|start| Window { start, end: start.saturating_add(length) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RecordId;
    use crate::records::Bilingual;

    #[test]
    fn a_day_with_23_hours_has_every_round_once() {
        let plan = RoundPlan {
            name: Bilingual::default(),
            checklist: RecordId::default(),
            post: RecordId::default(),
            times: vec![21 * 60, 2 * 60, 2 * 60 + 30],
            window_minutes: 60,
            grace_minutes: None,
            active: true,
        };
        let zone = Zone::named("Europe/Berlin").expect("a zone");
        let usual = plan.windows_on("2026-03-28".parse().expect("a day"), zone);
        assert_eq!(usual.len(), 3);
        assert_eq!(usual[0].end - usual[0].start, 3_600_000);
        assert!(usual.is_sorted());
        let short = plan.windows_on("2026-03-29".parse().expect("a day"), zone);
        assert_eq!(short.len(), 2, "02:00 and 02:30 are the same moment on that day");
    }
}
