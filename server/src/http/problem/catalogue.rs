//! The problems that any route can have.

use axum::http::StatusCode;

use super::Problem;

const REPORT: (&str, &str) = (
    "请再试一次；如果仍然如此，请把编号告诉管理员。",
    "Try again; if it stays so, tell the administrator the support id.",
);

/// There is no such thing, or not for this reader; the two are not told apart.
#[must_use]
pub fn not_found() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        ("没有这个页面或记录。", "请检查地址，或从首页开始。"),
        ("There is no such page or record.", "Check the address, or begin at the start page."),
    )
}

/// The address exists, the method does not.
#[must_use]
pub fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        ("这个地址不接受这种请求方法。", "可用的方法见 Allow 头。"),
        ("This address does not take that method.", "The Allow header lists those it takes."),
    )
}

/// Nobody is signed in.
#[must_use]
pub fn sign_in_needed() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign_in_needed",
        ("您尚未登录，或登录已过期。", "请登录后再试。"),
        ("You are not signed in, or your session has ended.", "Sign in and try again."),
    )
}

/// Signed in, but the role does not allow it.
#[must_use]
pub fn not_allowed() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "not_allowed",
        ("您的角色不能这样做。", "如果需要这项权限，请联系管理员。"),
        ("Your role does not allow this.", "If you need it, ask an administrator."),
    )
}

/// A form that is not ours, or is too old.
#[must_use]
pub fn form_expired() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "form_expired",
        ("这个表单已失效，没有任何更改。", "请返回并重新加载页面，再提交一次。"),
        (
            "This form is no longer valid; nothing was changed.",
            "Go back, reload the page and submit it again.",
        ),
    )
}

/// A request from a page that is not ours.
#[must_use]
pub fn foreign_origin() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign_origin",
        ("请求来自别的网站，已拒绝。", "请直接在本系统的页面上操作。"),
        ("The request came from another site and was refused.", "Use this system's own pages."),
    )
}

/// A form or a query that does not say what it should.
#[must_use]
pub fn bad_request() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "bad_request",
        ("请求的内容无法理解，没有任何更改。", "请返回并检查填写的内容。"),
        ("The request is not understood; nothing was changed.", "Go back and check what was entered."),
    )
}

/// More bytes than the address takes.
#[must_use]
pub fn body_too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large",
        ("内容太大，没有任何更改。", "请分成较小的部分发送。"),
        ("This is too large; nothing was changed.", "Send it in smaller parts."),
    )
}

/// The body is in a form this address does not read.
#[must_use]
pub fn wrong_media_type() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "wrong_media_type",
        ("内容的格式（Content-Type）不被接受。", "请使用该地址所要求的格式。"),
        (
            "The format of the content (Content-Type) is not accepted.",
            "Use the format this address asks for.",
        ),
    )
}

/// The request took too long.
#[must_use]
pub fn too_slow() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "too_slow",
        ("请求用时过长，已中止。", "请在网络好时再试。"),
        ("The request took too long and was ended.", "Try again when the connection is better."),
    )
}

/// More requests than can be served now.
#[must_use]
pub fn busy() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        ("服务器现在很忙。", "请过几秒再试。"),
        ("The server is busy right now.", "Try again in a few seconds."),
    )
    .retry_after(5)
}

/// The process runs but cannot work yet.
#[must_use]
pub fn not_ready() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not_ready",
        ("服务器尚未就绪。", "请稍后再试。"),
        ("The server is not ready.", "Try again shortly."),
    )
    .retry_after(5)
}

/// Something failed inside.
#[must_use]
pub fn internal() -> Problem {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Problem::new(
        status,
        "internal",
        ("服务器出错了。", REPORT.0),
        ("Something went wrong on the server.", REPORT.1),
    )
}

/// General words for a status that came without any.
#[must_use]
pub fn for_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => not_found(),
        StatusCode::METHOD_NOT_ALLOWED => method_not_allowed(),
        StatusCode::UNAUTHORIZED => sign_in_needed(),
        StatusCode::FORBIDDEN => not_allowed(),
        StatusCode::PAYLOAD_TOO_LARGE => body_too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => wrong_media_type(),
        StatusCode::REQUEST_TIMEOUT => too_slow(),
        StatusCode::SERVICE_UNAVAILABLE => busy(),
        status if status.is_client_error() => bad_request().with_status(status),
        status => internal().with_status(status),
    }
}
