//! What a sender is told when a segment was not simply taken: a stable code, a plain sentence and what to do, in Chinese and English.

use dutylog_core::base::{ChainId, Seq};
use dutylog_core::locales::{Locale, problem_text};
use dutylog_core::sync::Problem;

use crate::ledger::Reason;

/// A sentence and what to do, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub sentence: String,
    /// What the reader can do.
    pub what_to_do: String,
}

/// Something to tell the sender. Several of these are no refusal at all: the records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not in the exact form that is signed.
    NotCanonical {
        /// The first record it concerns.
        first: Seq,
        /// The last.
        last: Seq,
    },
    /// Nested more than 16 levels.
    TooDeep,
    /// Signed with a method the key is not registered for.
    WrongSuite,
    /// The entries or the seal do not match.
    BadSegment {
        /// The first record it concerns.
        first: Seq,
        /// The last.
        last: Seq,
        /// Whether the header was good, so that only the entries are asked for again.
        kept: bool,
    },
    /// A key under which signatures prove nothing.
    WeakKey,
    /// Something before it is missing.
    Gap {
        /// The highest number held.
        have: Seq,
    },
    /// Two different entries with one number; both are kept.
    ForkDetected {
        /// The first number that differs.
        at: Seq,
    },
    /// Kept, to be confirmed by people.
    HeldForReview {
        /// How many entries.
        entries: u32,
    },
    /// Taken, but some entries need a newer server to be shown.
    StoredOpaque {
        /// How many entries.
        entries: u32,
    },
    /// Kept outside the log: only a newer server can read its form.
    UnknownForm,
    /// Too many heads named.
    TooManyHeads,
    /// What it names as its predecessor ends elsewhere.
    BrokenLink,
    /// A revoked device asked to read.
    DeviceRevoked,
    /// No certificate for the key that signed.
    UnknownDevice,
    /// Of another site, or of none.
    NotFound,
    /// More than the device's budget allows.
    TooMany {
        /// Seconds until there is room again.
        retry_after_s: u32,
    },
}

/// Chinese sentence and advice, English sentence and advice.
type Text = [String; 4];

fn text(zh: (&str, &str), en: (&str, &str)) -> Text {
    [zh.0.into(), zh.1.into(), en.0.into(), en.1.into()]
}

const UPDATE_SERVER: (&str, &str) = (
    "请管理员升级服务器；升级后会自动处理。",
    "Ask the administrator to update the server; it is read then by itself.",
);

impl Refusal {
    /// What is said of a segment that was set aside for this reason.
    #[must_use]
    pub const fn of(reason: Reason, first: Seq, last: Seq, entries: u32) -> Self {
        match reason {
            Reason::AwaitsBody => Self::BadSegment { first, last, kept: true },
            Reason::Review => Self::HeldForReview { entries },
            Reason::NotCanonical => Self::NotCanonical { first, last },
            Reason::TooDeep => Self::TooDeep,
            Reason::TooManyHeads => Self::TooManyHeads,
            Reason::UnknownForm => Self::UnknownForm,
            Reason::BrokenLink => Self::BrokenLink,
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotCanonical { .. } => "not_canonical",
            Self::TooDeep => "too_deep",
            Self::WrongSuite => "wrong_suite",
            Self::BadSegment { .. } => "bad_segment",
            Self::WeakKey => "weak_key",
            Self::Gap { .. } => "gap",
            Self::ForkDetected { .. } => "fork_detected",
            Self::HeldForReview { .. } => "held_for_review",
            Self::StoredOpaque { .. } => "stored_opaque",
            Self::UnknownForm => "unknown_form",
            Self::TooManyHeads => "too_many_heads",
            Self::BrokenLink => "broken_link",
            Self::DeviceRevoked => "device_revoked",
            Self::UnknownDevice => "unknown_device",
            Self::NotFound => "not_found",
            Self::TooMany { .. } => "too_many_requests",
        }
    }

    /// The HTTP status it has when it is the whole answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::StoredOpaque { .. } => 200,
            Self::ForkDetected { .. } | Self::HeldForReview { .. } | Self::UnknownForm => 202,
            Self::TooDeep => 400,
            Self::DeviceRevoked | Self::UnknownDevice => 401,
            Self::NotFound => 404,
            Self::Gap { .. } => 409,
            Self::TooMany { .. } => 429,
            Self::NotCanonical { .. }
            | Self::WrongSuite
            | Self::BadSegment { .. }
            | Self::WeakKey
            | Self::TooManyHeads
            | Self::BrokenLink => 422,
        }
    }

    /// The words in Chinese.
    #[must_use]
    pub fn chinese(&self) -> Words {
        let [sentence, what_to_do, ..] = self.text();
        Words { sentence, what_to_do }
    }

    /// The words in English.
    #[must_use]
    pub fn english(&self) -> Words {
        let [.., sentence, what_to_do] = self.text();
        Words { sentence, what_to_do }
    }

    fn text(&self) -> Text {
        match *self {
            Self::StoredOpaque { entries } => text(
                (&format!("已保存；其中 {entries} 条需要更新版本的服务器才能显示。"), UPDATE_SERVER.0),
                (
                    &format!("Stored; {entries} of the entries need a newer server to display."),
                    UPDATE_SERVER.1,
                ),
            ),
            Self::TooMany { retry_after_s } => text(
                ("这台设备的请求过多。", &format!("请在 {retry_after_s} 秒后重试；记录仍安全保存在手机上。")),
                (
                    "This device has made too many requests.",
                    &format!("Try again in {retry_after_s} seconds; the records are safe on the phone."),
                ),
            ),
            Self::WeakKey => text(
                ("这个密钥不能证明任何事情。", "请重新登记这台设备。"),
                ("This key proves nothing.", "Enrol the device again."),
            ),
            Self::UnknownForm => text(
                ("已保存；这种格式需要更新版本的服务器。", UPDATE_SERVER.0),
                ("Stored; this form needs a newer server.", UPDATE_SERVER.1),
            ),
            Self::DeviceRevoked => text(
                ("这台设备已被停用，不能再读取。", "未发送的记录仍可上传；请联系值班长。"),
                (
                    "This device was revoked and may not read any more.",
                    "Unsent records can still be delivered; ask your lead.",
                ),
            ),
            Self::UnknownDevice => text(
                ("这台设备没有在本站点登记。", "请重新登记；手机上的记录不会丢失。"),
                (
                    "This device is not enrolled at this site.",
                    "Enrol it again; the records on the phone are kept.",
                ),
            ),
            Self::NotFound => text(
                ("没有这个站点或记录。", "请检查站点。"),
                ("There is no such site or record.", "Check the site."),
            ),
            Self::NotCanonical { first, last } | Self::BadSegment { first, last, .. } => {
                self.as_phones_say(first, last)
            }
            Self::Gap { have } => self.as_phones_say(have, have),
            Self::ForkDetected { at } => self.as_phones_say(at, at),
            Self::HeldForReview { entries } => self.as_phones_say(1, entries.into()),
            Self::TooDeep | Self::WrongSuite | Self::TooManyHeads | Self::BrokenLink => {
                self.as_phones_say(0, 0)
            }
        }
    }

    /// The words in which a phone tells of the same code.
    fn as_phones_say(&self, first: Seq, last: Seq) -> Text {
        let problem = Problem { code: self.code().into(), chain: ChainId::default(), first, last };
        let [zh, en] = [Locale::ZhCn, Locale::En].map(|locale| problem_text(&problem, locale));
        [zh.sentence, zh.what_to_do, en.sentence, en.what_to_do]
    }
}
