//! What the API refuses, in words.

use axum::http::StatusCode;
use dutylog_core::capture::Rejection;
use dutylog_core::locales::{Locale as CoreLocale, RejectionText, rejection_text};
use dutylog_core::sync::serve::Unreadable;

use crate::desk::DeskError;
use crate::entropy::EntropyError;
use crate::http::Problem;
use crate::http::problem::{Wording, catalogue};
use crate::ingest::{IngestError, Refusal, Words};
use crate::keys::KeysError;
use crate::ledger::LedgerError;
use crate::views::ViewError;

const TELL_HQ: (&str, &str) = ("请把此代码告诉本部。", "Tell HQ this code.");

/// No such site, or not for this device; the two are not told apart.
pub(super) fn no_such_site() -> Problem {
    Refusal::NotFound.into()
}

/// There is no snapshot to begin with.
pub(super) fn no_snapshot() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no_snapshot",
        ("这个站点现在没有快照。", "手机会自动改为接收完整日志。"),
        ("This site has no snapshot now.", "The phone asks for the log itself instead."),
    )
}

/// The request is not signed.
pub(super) fn signature_needed() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "signature_needed",
        ("请求没有签名。", "请用已登记的设备发送。"),
        ("The request is not signed.", "Send it from an enrolled device."),
    )
}

/// The signature does not cover this request.
pub(super) fn wrong_signature() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "wrong_signature",
        (
            "请求的签名不符：内容在途中被改动，或服务器地址与登记时不同。",
            "请检查网络和服务器地址；手机上的记录仍安全保存。",
        ),
        (
            "The request's signature does not fit: it was changed on its way, or the server's address is not the enrolled one.",
            "Check the network and the server's address; the records are safe on the phone.",
        ),
    )
}

/// The signature covers a value that was used before.
pub(super) fn stale_nonce() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "stale_nonce",
        ("请求所用的一次性数值已过期。", "手机会自动用新的数值重试。"),
        ("The request's one-time value is used up.", "The phone tries again by itself with the new one."),
    )
}

/// More than can be taken at once, once unpacked.
fn too_large_unpacked() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large_decompressed",
        ("上传的内容解压后超过 4 MiB。", "请分成较小的部分发送。"),
        ("This upload unpacks to more than 4 MiB.", "Send it in smaller parts."),
    )
}

/// A version that is not spoken here.
fn other_version(code: &'static str) -> Problem {
    Problem::new(
        StatusCode::UPGRADE_REQUIRED,
        code,
        ("服务器不支持这个版本的应用。", "请更新应用；您的记录仍安全保存。"),
        ("The server does not speak this version of the app.", "Update the app; your records are safe."),
    )
}

/// Nothing in the request could be taken.
pub(super) fn unreadable(error: Unreadable) -> Problem {
    let (code, status) = error.code();
    match status {
        413 => too_large_unpacked(),
        426 => other_version(code),
        _ if code == "too_deep" => Refusal::TooDeep.into(),
        _ if code == "too_many_heads" => Refusal::TooManyHeads.into(),
        _ => Problem::new(
            StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
            code,
            ("请求的内容不是约定的形式，没有保存任何内容。", TELL_HQ.0),
            ("The request is not in the agreed form; nothing of it was taken.", TELL_HQ.1),
        ),
    }
}

/// A bundle that cannot be taken.
pub(super) fn bad_bundle(code: &'static str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        code,
        ("这个文件不能接收，没有保存任何内容。", "请在手机上重新导出；手机上的记录仍安全保存。"),
        (
            "This file cannot be taken; nothing of it was kept.",
            "Export it again on the phone; the records are safe there.",
        ),
    )
}

/// A key that the sender does not show to hold.
pub(super) fn bad_proof() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "bad_proof",
        ("没有证明设备持有这个密钥。", "请重新登记。"),
        ("It is not shown that the device holds this key.", "Enrol again."),
    )
}

/// A body that is not the message this address takes.
pub(super) fn bad_message() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "bad_message",
        ("请求的内容不是约定的形式，没有任何更改。", TELL_HQ.0),
        ("The request is not in the agreed form; nothing was changed.", TELL_HQ.1),
    )
}

/// A device that has a certificate already.
pub(super) fn device_known() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "device_known",
        ("这个设备编号已经登记过。", "请在手机上重新开始登记，并索取新的登记码。"),
        (
            "This device's identifier is enrolled already.",
            "Begin the enrolment again on the phone, with a new code.",
        ),
    )
}

/// A code that opens nothing: unknown, used or expired look alike.
pub(super) fn code_not_valid() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "code_not_valid",
        ("登记码无效、已被使用或已过期。", "请向本部索取新的登记码。"),
        ("The code is not valid, was used, or has expired.", "Ask HQ for a new one."),
    )
}

/// Too many codes that open nothing.
pub(super) fn too_many_tries(retry_after_s: u32) -> Problem {
    let wording = |sentence: &str, what_to_do: String| Wording {
        sentence: sentence.to_owned().into(),
        what_to_do: what_to_do.into(),
    };
    Problem::worded(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_tries",
        wording("无效的登记码次数过多。", format!("请在 {retry_after_s} 秒后重试。")),
        wording("Too many codes that were not valid.", format!("Try again in {retry_after_s} seconds.")),
    )
    .retry_after(retry_after_s)
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let wording =
            |words: Words| Wording { sentence: words.sentence.into(), what_to_do: words.what_to_do.into() };
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        let problem =
            Self::worded(status, refusal.code(), wording(refusal.chinese()), wording(refusal.english()));
        match refusal {
            Refusal::TooMany { retry_after_s } => problem.retry_after(retry_after_s),
            Refusal::Gap { have } => problem.with("have", have),
            _ => problem,
        }
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::NoSuchSite => no_such_site(),
            LedgerError::Database(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<IngestError> for Problem {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Ledger(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Ledger(error) => error.into(),
            ViewError::Database(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Rejected(rejection) => rejected(&rejection),
            DeskError::Ledger(error) => error.into(),
            DeskError::Ingest(error) => error.into(),
            DeskError::Views(error) => error.into(),
            DeskError::Overtaken => catalogue::busy(),
            DeskError::NoLonger => catalogue::not_allowed(),
            other => Self::internal(&other),
        }
    }
}

/// What a rule of the core says against an action, in the core's words.
fn rejected(rejection: &Rejection) -> Problem {
    let words = |locale| {
        let RejectionText { sentence, what_to_do } = rejection_text(rejection, None, locale);
        Wording { sentence: sentence.into(), what_to_do: what_to_do.into() }
    };
    let (zh, en) = (words(CoreLocale::ZhCn), words(CoreLocale::En));
    Problem::worded(StatusCode::UNPROCESSABLE_ENTITY, rejection.code(), zh, en)
}

impl From<KeysError> for Problem {
    fn from(error: KeysError) -> Self {
        Self::internal(&error)
    }
}

impl From<EntropyError> for Problem {
    fn from(error: EntropyError) -> Self {
        Self::internal(&error)
    }
}

/// The content is not in the form that this address reads.
pub(super) fn wrong_media_type() -> Problem {
    catalogue::wrong_media_type()
}
