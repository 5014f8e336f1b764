//! What a sync could not simply deliver, in words: what happened, and what to do.

use super::{Locale, RejectionText};
use crate::sync::Problem;

const SEND_AGAIN: [&str; 2] =
    ["手机会自动重发；您不需要做任何事。", "The phone sends it again by itself; nothing to do."];
const TELL_HQ: [&str; 2] = ["请把此代码告诉本部。", "Tell HQ this code."];

/// What to tell whoever holds the phone about a stretch of a chain that was not simply taken; beside it, its code. The rest went on,
/// and nothing is lost: what HQ did not keep is still on the phone.
#[must_use]
pub fn problem_text(problem: &Problem, locale: Locale) -> RejectionText {
    let Problem { code, first, last, .. } = problem;
    let said = |zh: &str, en: &str, [zh_advice, en_advice]: [&str; 2]| RejectionText {
        sentence: locale.pick(zh, en).into(),
        what_to_do: locale.pick(zh_advice, en_advice).into(),
    };
    match code.as_str() {
        "not_canonical" => said(
            &format!("第 {first}–{last} 条记录不是签名时的原样。"),
            &format!("Records {first}–{last} are not in the exact form that was signed."),
            TELL_HQ,
        ),
        "too_deep" => said("记录的嵌套超过 16 层。", "The record is nested more than 16 levels.", TELL_HQ),
        "wrong_suite" => said(
            "签名方法与这台设备登记的不同。",
            "Signed with a method this device is not registered for.",
            TELL_HQ,
        ),
        "bad_segment" => said(
            &format!("第 {first}–{last} 条记录与签名不符。{first} 之前的都已安全保存。"),
            &format!(
                "Records {first}–{last} do not match their signature. Everything before {first} is safe."
            ),
            SEND_AGAIN,
        ),
        "gap" => said(
            &format!("服务器目前有到第 {last} 条，中间缺少记录。"),
            &format!("The server holds up to record {last}; some in between are missing."),
            SEND_AGAIN,
        ),
        "fork_detected" => said(
            &format!("这部手机写了两条不同的第 {first} 号记录，两条都已保存。"),
            &format!("This phone has written two different entries number {first}. Both are kept."),
            ["请联系本部。", "Ask HQ."],
        ),
        "held_for_review" => {
            let entries = last.saturating_sub(*first) + 1;
            let zh = format!("须由值班长确认这 {entries} 条记录。");
            let en = format!("A lead must confirm these {entries} entries.");
            said("已收到并保存。", "Received and kept.", [&zh, &en])
        }
        "stored_opaque" => said(
            &format!("第 {first}–{last} 条记录已保存；其中有的需要更新版本的服务器才能显示。"),
            &format!("Records {first}–{last} are stored; some of them need a newer server to display."),
            [
                "请管理员升级服务器；升级后会自动处理。",
                "Ask the administrator to update the server; it is read then by itself.",
            ],
        ),
        "too_many_heads" => {
            said("一条记录引用的来源超过 32 个。", "A record names more than 32 others.", TELL_HQ)
        }
        "broken_link" => said(
            "记录与它所指的前一段不衔接；已另行保存。",
            "The records do not follow what they name as coming before; they are kept aside.",
            TELL_HQ,
        ),
        _ => said(
            &format!("第 {first}–{last} 条记录还没有送达本部；它们仍在手机上。"),
            &format!("Records {first}–{last} have not reached HQ; they stay on the phone."),
            TELL_HQ,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ChainId;

    fn told(code: &str, first: u64, last: u64) -> [String; 2] {
        let problem = Problem { code: code.into(), chain: ChainId([1; 16]), first, last };
        [Locale::ZhCn, Locale::En].map(|locale| {
            let said = problem_text(&problem, locale);
            format!("{} {}", said.sentence, said.what_to_do)
        })
    }

    #[test]
    fn a_fork_and_what_waits_for_a_lead_are_told_with_their_numbers() {
        let [zh, en] = told("fork_detected", 40, 40);
        assert_eq!(en, "This phone has written two different entries number 40. Both are kept. Ask HQ.");
        assert_eq!(zh, "这部手机写了两条不同的第 40 号记录，两条都已保存。 请联系本部。");
        let [zh, en] = told("held_for_review", 3, 16);
        assert_eq!(en, "Received and kept. A lead must confirm these 14 entries.");
        assert_eq!(zh, "已收到并保存。 须由值班长确认这 14 条记录。");
    }

    #[test]
    fn a_code_of_a_newer_server_is_told_as_what_it_is() {
        let [zh, en] = told("newer_outcome", 3, 4);
        assert_eq!(en, "Records 3–4 have not reached HQ; they stay on the phone. Tell HQ this code.");
        assert_eq!(zh, "第 3–4 条记录还没有送达本部；它们仍在手机上。 请把此代码告诉本部。");
    }
}
