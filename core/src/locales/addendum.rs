//! The text of what came after a handover's cut although it was made before: what both who signed take notice of.

use super::text::{Sheet, joined, one_line};
use super::{Locale, Words as _};
use crate::base::Millis;
use crate::records::Kind;
use crate::records::calendar::{Date, Zone};

/// Something that came after the cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddendumLine {
    /// When it was made, as its phone claimed.
    pub at: Millis,
    /// What was done; none if a newer version knows.
    pub kind: Option<Kind>,
    /// Who did it; empty for a phone alone.
    pub by: String,
    /// What the record is called: its own short identifier.
    pub record: String,
}

/// The exact text of an addendum: the same for the same records, for ever.
#[must_use]
pub fn addendum_text(
    date: Date,
    shift: &str,
    frozen_at: Millis,
    lines: &[AddendumLine],
    zone: Zone,
    locale: Locale,
) -> String {
    let mut text = Sheet::new(locale, "交接班补充记录", "Addendum to the shift handover");
    text.fact("班次", "Shift", &format!("{date} {shift}"));
    text.fact("冻结时间", "Frozen at", &zone.minute_text(frozen_at));
    text.heading(locale.pick("冻结前已记录、冻结后才收到", "Recorded before the cut, received after it"));
    let line = |line: &AddendumLine| {
        let (at, by) = (zone.minute_text(line.at), one_line(&line.by));
        joined(&[&at, line.kind.map_or("", |kind| kind.words(locale)), &by, &line.record])
    };
    text.numbered(lines.iter().map(line));
    text.finish()
}
