//! How a sync ended, in words: what happened, and what to do.

use super::{Locale, RejectionText};
use crate::sync::{Alarm, End, Report};

/// What to tell whoever holds the phone about the end of a sync; none if there is nothing to tell. Whatever it says, everything
/// recorded stays on the phone.
#[must_use]
pub fn end_text(report: &Report, locale: Locale) -> Option<RejectionText> {
    let said = |zh: [&str; 2], en: [&str; 2]| {
        let [sentence, what_to_do] = if locale == Locale::ZhCn { zh } else { en };
        Some(RejectionText { sentence: sentence.into(), what_to_do: what_to_do.into() })
    };
    match &report.end {
        End::Running | End::CaughtUp => None,
        End::NotHq => said(
            ["未发送：当前网络连接的不是本部。", "请换一个网络，或在浏览器中登录此网络；记录仍在手机上。"],
            [
                "Not sent: this network is not HQ.",
                "Use another network, or sign in to this one; the records stay on the phone.",
            ],
        ),
        End::Unreachable => said(
            ["未发送：联系不上本部。", "手机会自动重试；也可导出文件带走。"],
            [
                "Not sent: HQ cannot be reached.",
                "The phone tries again by itself; you can also export a file.",
            ],
        ),
        End::UpgradeNeeded => said(
            ["本部已不支持这个版本的应用。", "请更新应用；您的记录仍安全保存，也可以导出。"],
            [
                "HQ no longer speaks this version of the app.",
                "Update the app; your records are safe and can be exported.",
            ],
        ),
        End::Refused { code } => said(
            ["本部拒绝了这台设备。", &format!("记录仍在手机上。请联系本部，代码：{code}。")],
            ["HQ turned this device away.", &format!("The records stay on the phone. Tell HQ: code {code}.")],
        ),
        End::Alarm(alarm) => {
            let (zh, en) = match alarm {
                Alarm::WentBack => ("本部的日志倒退了。", "HQ's log went backwards."),
                Alarm::Contradicts => ("本部的日志前后矛盾。", "HQ's log contradicts itself."),
            };
            let code = report.support_code();
            said(
                [zh, &format!("请勿删除任何内容；请告知本部代码：{code}。")],
                [en, &format!("Do not delete anything; tell HQ: code {code}.")],
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(end: End, evidence: Option<&[u8]>) -> [String; 2] {
        let report = Report { end, evidence: evidence.map(<[u8]>::to_vec), ..Report::default() };
        [Locale::ZhCn, Locale::En].map(|locale| {
            let said = end_text(&report, locale).expect("something to tell");
            format!("{} {}", said.sentence, said.what_to_do)
        })
    }

    #[test]
    fn a_hotels_network_is_named_as_what_it_is() {
        let [zh, en] = told(End::NotHq, None);
        assert!(zh.starts_with("未发送：当前网络连接的不是本部。"), "{zh}");
        assert!(en.starts_with("Not sent: this network is not HQ."), "{en}");
    }

    #[test]
    fn a_log_that_went_backwards_asks_to_keep_everything_and_gives_a_code() {
        let [zh, en] = told(End::Alarm(Alarm::WentBack), Some(b"a checkpoint"));
        let code = &Report { evidence: Some(b"a checkpoint".to_vec()), ..Report::default() }.support_code();
        assert_eq!(code.len(), 4);
        assert_eq!(en, format!("HQ's log went backwards. Do not delete anything; tell HQ: code {code}."));
        assert_eq!(zh, format!("本部的日志倒退了。 请勿删除任何内容；请告知本部代码：{code}。"));
        let [_, other] = told(End::Alarm(Alarm::Contradicts), None);
        assert_eq!(other, "HQ's log contradicts itself. Do not delete anything; tell HQ: code 0000.");
    }

    #[test]
    fn nothing_is_told_of_what_went_well() {
        assert_eq!(end_text(&Report { end: End::CaughtUp, ..Report::default() }, Locale::En), None);
    }
}
