//! What a sender is told when a segment was not simply taken: a stable code, a plain sentence and what to do, in Chinese and English.

use dutylog_core::base::Seq;

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

const SEND_AGAIN: (&str, &str) =
    ("手机会自动重发；您不需要做任何事。", "The phone sends it again by itself; nothing to do.");
const TELL_HQ: (&str, &str) = ("请把此代码告诉本部。", "Tell HQ this code.");
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
            Self::NotCanonical { first, last } => text(
                (&format!("第 {first}–{last} 条记录不是签名时的原样。"), TELL_HQ.0),
                (&format!("Records {first}–{last} are not in the exact form that was signed."), TELL_HQ.1),
            ),
            Self::TooDeep => text(
                ("记录的嵌套超过 16 层。", TELL_HQ.0),
                ("The record is nested more than 16 levels.", TELL_HQ.1),
            ),
            Self::BadSegment { first, last, .. } => text(
                (&format!("第 {first}–{last} 条记录与签名不符。{first} 之前的都已安全保存。"), SEND_AGAIN.0),
                (
                    &format!(
                        "Records {first}–{last} do not match their signature. Everything before {first} is safe."
                    ),
                    SEND_AGAIN.1,
                ),
            ),
            Self::Gap { have } => text(
                (&format!("服务器目前有到第 {have} 条，中间缺少记录。"), SEND_AGAIN.0),
                (
                    &format!("The server holds up to record {have}; some in between are missing."),
                    SEND_AGAIN.1,
                ),
            ),
            Self::ForkDetected { at } => text(
                (&format!("这部手机写了两条不同的第 {at} 号记录，两条都已保存。"), "请联系本部。"),
                (
                    &format!("This phone has written two different entries number {at}. Both are kept."),
                    "Ask HQ.",
                ),
            ),
            Self::HeldForReview { entries } => text(
                ("已收到并保存。", &format!("须由值班长确认这 {entries} 条记录。")),
                ("Received and kept.", &format!("A lead must confirm these {entries} entries.")),
            ),
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
            _ => self.fixed_text(),
        }
    }

    fn fixed_text(&self) -> Text {
        match self {
            Self::WrongSuite => text(
                ("签名方法与这台设备登记的不同。", TELL_HQ.0),
                ("Signed with a method this device is not registered for.", TELL_HQ.1),
            ),
            Self::WeakKey => text(
                ("这个密钥不能证明任何事情。", "请重新登记这台设备。"),
                ("This key proves nothing.", "Enrol the device again."),
            ),
            Self::UnknownForm => text(
                ("已保存；这种格式需要更新版本的服务器。", UPDATE_SERVER.0),
                ("Stored; this form needs a newer server.", UPDATE_SERVER.1),
            ),
            Self::TooManyHeads => text(
                ("一条记录引用的来源超过 32 个。", TELL_HQ.0),
                ("A record names more than 32 others.", TELL_HQ.1),
            ),
            Self::BrokenLink => text(
                ("记录与它所指的前一段不衔接；已另行保存。", TELL_HQ.0),
                (
                    "The records do not follow what they name as coming before; they are kept aside.",
                    TELL_HQ.1,
                ),
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
            _ => text(
                ("没有这个站点或记录。", "请检查站点。"),
                ("There is no such site or record.", "Check the site."),
            ),
        }
    }
}
