//! The reader's language and the site's clock: how domain words, people and instants are written on a page.

use std::collections::BTreeMap;

use chrono::DateTime;
use dutylog_core::base::{Millis, PersonId};
use dutylog_core::locales::Locale as DomainLocale;
use dutylog_core::records::Bilingual;
use dutylog_core::records::calendar::{Date, Zone};
use dutylog_core::records::round::{RoundStatus, Window};

use super::parts::Moment;
use crate::i18n::Locale;
use crate::views::{PhoneCard, PhoneView};

impl Locale {
    /// The same language, as the core names it.
    #[must_use]
    pub const fn domain(self) -> DomainLocale {
        match self {
            Self::Chinese => DomainLocale::ZhCn,
            Self::English => DomainLocale::En,
        }
    }
}

/// How one site's records are written for one reader.
#[derive(Debug, Clone)]
pub(super) struct Words {
    locale: DomainLocale,
    zone: Zone,
    people: BTreeMap<PersonId, String>,
}

impl Words {
    pub(super) const fn new(locale: Locale, zone: Zone, people: BTreeMap<PersonId, String>) -> Self {
        Self { locale: locale.domain(), zone, people }
    }

    pub(super) const fn locale(&self) -> DomainLocale {
        self.locale
    }

    pub(super) const fn zone(&self) -> Zone {
        self.zone
    }

    /// The text of the reader's language.
    pub(super) const fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.locale.pick(zh, en)
    }

    /// When something is due: the day once, if both ends lie in it.
    pub(super) fn window(&self, window: Window) -> String {
        let (start, end) = (self.moment(window.start).text, self.moment(window.end).text);
        match (start.split_once(' '), end.split_once(' ')) {
            (Some((day, _)), Some((same, until))) if day == same => format!("{start}–{until}"),
            _ => format!("{start} – {end}"),
        }
    }

    /// The time of day at which something is due.
    pub(super) fn hours(&self, window: Window) -> String {
        let hour = |at| self.zone.local(at).map_or_else(|| at.to_string(), |t| t.format("%H:%M").to_string());
        format!("{}–{}", hour(window.start), hour(window.end))
    }

    /// A phone: the first digits of its identifier, and who signs in on it.
    pub(super) fn phone(&self, card: &PhoneCard) -> String {
        let people: Vec<String> = card.people.iter().map(|id| self.person(PersonId(*id))).collect();
        let name = format!("{} {}", self.pick("手机", "phone"), short(&card.id().to_string()));
        match people.is_empty() {
            true => name,
            false => format!(
                "{name}{}{}{}",
                self.pick("（", " ("),
                people.join(self.pick("、", ", ")),
                self.pick("）", ")")
            ),
        }
    }

    /// Which phones keep a round from being judged; none if none does.
    pub(super) fn phones_behind(&self, status: &RoundStatus, phones: &[PhoneView]) -> Option<String> {
        let (devices, owing) = match status {
            RoundStatus::Unknown(devices) => (devices, false),
            RoundStatus::NotHereYet(devices) => (devices, true),
            _ => return None,
        };
        let named = phones.iter().filter(|p| devices.contains(&p.card.id())).map(|p| match p.heard_until() {
            Some(at) if !owing => {
                format!(
                    "{} {} {}",
                    self.phone(&p.card),
                    self.pick("最近记录", "newest record"),
                    self.moment(at).text
                )
            }
            _ => self.phone(&p.card),
        });
        let named: Vec<String> = named.collect();
        let lead = if owing {
            self.pick("记录尚在途中：", "records on their way: ")
        } else {
            self.pick("手机无消息：", "phones silent: ")
        };
        Some(format!("{lead}{}", named.join(self.pick("；", "; "))))
    }

    /// The name of something in the domain.
    pub(super) fn of(&self, what: &impl dutylog_core::locales::Words) -> String {
        what.words(self.locale).to_owned()
    }

    /// One of two texts.
    pub(super) fn text(&self, both: &Bilingual) -> String {
        both.get(self.locale).to_owned()
    }

    /// A person's name. Whoever is not described is shown by the first digits of the identifier, never as somebody else.
    pub(super) fn person(&self, person: PersonId) -> String {
        self.people.get(&person).cloned().unwrap_or_else(|| short(&person.to_string()))
    }

    /// An instant on the site's clock.
    pub(super) fn moment(&self, at: Millis) -> Moment {
        Moment { machine: machine(at), text: self.zone.minute_text(at) }
    }

    /// An instant beside another that has named the day: the time alone if it is the same day.
    pub(super) fn moment_on(&self, day: Option<Date>, at: Millis) -> Moment {
        let local = self.zone.local(at).filter(|_| day.is_some() && self.zone.date(at) == day);
        let full = self.moment(at);
        Moment { text: local.map_or(full.text, |t| t.format("%H:%M").to_string()), ..full }
    }

    /// An instant to the second, for evidence.
    pub(super) fn second(&self, at: Millis) -> Moment {
        let text =
            self.zone.local(at).map_or_else(|| at.to_string(), |t| t.format("%Y-%m-%d %H:%M:%S").to_string());
        Moment { machine: machine(at), text }
    }

    /// A span of minutes, `2 h 05 min`.
    pub(super) fn span(&self, millis: Millis) -> String {
        let minutes = millis.unsigned_abs() / 60_000;
        let (hours, rest) = (minutes / 60, minutes % 60);
        match hours {
            0 if rest == 0 => self.pick("不到 1 分钟", "less than a minute").to_owned(),
            0 => format!("{rest} {}", self.pick("分钟", "min")),
            1..48 => format!("{hours} {} {rest} {}", self.pick("小时", "h"), self.pick("分钟", "min")),
            _ => format!("{} {} {} {}", hours / 24, self.pick("天", "d"), hours % 24, self.pick("小时", "h")),
        }
    }
}

/// The first digits of an identifier: enough for two people to compare by telephone.
pub(super) fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

/// A label or title begins with a capital; Chinese has none.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Bytes as people compare them.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn machine(at: Millis) -> String {
    DateTime::from_timestamp_millis(at)
        .map_or_else(String::new, |t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(locale: Locale) -> Words {
        Words::new(locale, Zone::named("Asia/Shanghai").expect("a zone"), BTreeMap::new())
    }

    #[test]
    fn instants_are_on_the_sites_clock_and_machines_read_utc() {
        let moment = words(Locale::Chinese).moment(0);
        assert_eq!(
            (moment.machine.as_str(), moment.text.as_str()),
            ("1970-01-01T00:00:00Z", "1970-01-01 08:00")
        );
        assert_eq!(words(Locale::Chinese).moment(i64::MAX).machine, "");
    }

    #[test]
    fn a_day_that_is_named_already_is_not_said_again() {
        let (chinese, at) = (words(Locale::Chinese), 60_000);
        let day = chinese.zone().date(at);
        assert_eq!(chinese.moment_on(day, at).text, "08:01");
        assert_eq!(chinese.moment_on(None, at).text, "1970-01-01 08:01");
        assert_eq!(chinese.moment_on(day, at + 24 * 3_600_000).text, "1970-01-02 08:01");
    }

    #[test]
    fn spans_are_said_in_the_largest_units_that_matter() {
        let minute = 60_000;
        let english = words(Locale::English);
        assert_eq!(english.span(59 * minute), "59 min");
        assert_eq!(english.span(0), "less than a minute");
        assert_eq!(english.span(125 * minute), "2 h 5 min");
        assert_eq!(words(Locale::Chinese).span(51 * 60 * minute), "2 天 3 小时");
    }

    #[test]
    fn nobody_is_shown_as_somebody_else() {
        assert_eq!(words(Locale::English).person(PersonId([0xab; 16])), "abababab");
    }
}
