//! The site as its people know it: shifts, posts, people, checklists.

use dutylog_core::base::PersonId;
use dutylog_core::records::config::ConfigView;

/// The site.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SiteRow {
    /// The site, by its identifier: 32 hexadecimal digits.
    pub id: String,
    /// What people call it; empty before the first sync.
    pub name: String,
    /// Its time zone by IANA name, such as `Asia/Shanghai`: shift dates and shown times follow it, not the phone's.
    pub time_zone: String,
    /// This phone, by its identifier: 32 hexadecimal digits.
    pub device: String,
    /// The server's address, such as `https://duty.example`.
    pub origin: String,
    /// False before the first sync has brought what the site is.
    pub described: bool,
}

/// A shift of a day, to choose from.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ShiftRow {
    /// The day on which it starts, `2026-03-01`.
    pub date: String,
    /// Its short name.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// When it begins: Unix time in milliseconds.
    pub starts_ms: i64,
    /// When it ends, likewise.
    pub ends_ms: i64,
    /// Whether it is running.
    pub running: bool,
}

/// A post, to choose from.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PostRow {
    /// The post, by its identifier: 32 hexadecimal digits.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether every shift needs somebody there.
    pub mandatory: bool,
    /// Whether whoever is signed in holds it now.
    pub yours: bool,
}

/// A person of the site.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PersonRow {
    /// The person, by its identifier: 32 hexadecimal digits.
    pub id: String,
    /// What people call them; the identifier of one the site's list does not have.
    pub name: String,
    /// Their staff number; empty if it is not known.
    pub staff_number: String,
    /// Whether they can sign in on this phone.
    pub on_this_phone: bool,
    /// Whether they are signed in on it.
    pub signed_in: bool,
    /// How long until their next PIN is taken, in milliseconds; 0 if it is taken at once.
    pub wait_ms: i64,
    /// No further PIN is taken: they have to be enrolled on this phone again.
    pub locked: bool,
}

/// A checklist, to choose from.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ChecklistRow {
    /// The checklist, by its identifier: 32 hexadecimal digits.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its version; a round keeps the one it began with.
    pub version: u32,
    /// How many items it has.
    pub items: u32,
}

/// Somebody came on duty, or went.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AttendanceRow {
    /// Who.
    pub person: String,
    /// What people call them.
    pub name: String,
    /// At which post.
    pub post: String,
    /// What people call it.
    pub post_name: String,
    /// True for coming, false for going.
    pub came: bool,
    /// When, by the phone's clock: Unix time in milliseconds.
    pub at_ms: i64,
    /// How presence was proven, in words; empty if it was not.
    pub presence: String,
}

/// What people call a person.
pub(crate) fn name_of(config: &ConfigView<'_>, person: PersonId) -> String {
    config.person(person).map_or_else(|| person.to_string(), |known| known.name.clone())
}
