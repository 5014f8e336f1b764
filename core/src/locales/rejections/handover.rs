//! What stands against an action on a handover.

use super::{Said, listed, said};
use crate::capture::Rejection;
use crate::locales::{Locale, Words};

pub(super) fn told(rejection: &Rejection, locale: Locale) -> Option<Said> {
    contents(rejection, locale).or_else(|| sides(rejection, locale))
}

fn contents(rejection: &Rejection, locale: Locale) -> Option<Said> {
    use Rejection as R;
    let zh = locale == Locale::ZhCn;
    Some(match rejection {
        R::OwnersMissing { items } if zh => said(
            format!("以下未完成事项没有下一责任人：{}。", listed(items.iter().map(String::as_str), locale)),
            "请为每一项指定下一责任人，然后签名。",
        ),
        R::OwnersMissing { items } => said(
            format!("Open items without a next owner: {}.", listed(items.iter().map(String::as_str), locale)),
            "Name a next owner for each, then sign.",
        ),
        R::LinesUnanswered { lines } if zh => said(
            format!("交接检查还有未填项：{}。", listed(lines.iter().map(|l| l.get(locale)), locale)),
            "请逐项填写，然后签名。",
        ),
        R::LinesUnanswered { lines } => said(
            format!(
                "Checklist lines without an answer: {}.",
                listed(lines.iter().map(|l| l.get(locale)), locale)
            ),
            "Answer each line, then sign.",
        ),
        R::DocumentUnsound if zh => {
            said("内容与交班人签名的不一致，不能接班。", "请勿签名。请交班人撤回后重新生成，并告知本部。")
        }
        R::DocumentUnsound => said(
            "The content does not match what the outgoing lead signed. Not accepted.",
            "Do not sign. Ask the outgoing lead to withdraw it and prepare it again, and tell headquarters.",
        ),
        R::StatementUnsound if zh => {
            said("交班人的签名不是针对这份内容的，不能接班。", "请勿签名。请交班人重新提交，并告知本部。")
        }
        R::StatementUnsound => said(
            "The outgoing lead's signature is not for this content. Not accepted.",
            "Do not sign. Ask the outgoing lead to offer it again, and tell headquarters.",
        ),
        _ => return None,
    })
}

fn sides(rejection: &Rejection, locale: Locale) -> Option<Said> {
    use Rejection as R;
    let zh = locale == Locale::ZhCn;
    Some(match rejection {
        R::HandoverStands { state } if zh => said(
            format!("交接班目前的状态是“{}”，不能这样操作。", state.words(locale)),
            "请查看最新状态；需要时另行准备一次交接班。",
        ),
        R::HandoverStands { state } => said(
            format!("This cannot be done while the handover stands at: {}.", state.words(locale)),
            "Look at how it stands now; if need be, prepare another handover.",
        ),
        R::NotAddressee { to } if zh => said(
            format!("这次交接班是提交给“{to}”的。"),
            "请由本人确认，或请交班人撤回后改交给您。值班工作可以照常进行。",
        ),
        R::NotAddressee { to } => said(
            format!("This handover is addressed to \"{to}\"."),
            "Let them answer it, or ask the outgoing lead to withdraw it and offer it to you. Duty goes on meanwhile.",
        ),
        R::OwnHandover if zh => {
            said("不能自己向自己交接班。", "请由接班人确认；无人接班时，请写明原因单方交班。")
        }
        R::OwnHandover => said(
            "Nobody can take over from themselves.",
            "Let the incoming lead sign. If nobody comes, hand over alone and give the reason.",
        ),
        R::NotOutgoing { from } if zh => {
            said(format!("只有交班人“{from}”可以这样操作。"), "请由交班人本人操作。")
        }
        R::NotOutgoing { from } => {
            said(format!("Only the outgoing lead \"{from}\" can do this."), "Ask them to do it.")
        }
        R::NotSigner if zh => said("只有在这次交接班上签名的人才能确认补录。", "请由交班人或接班人确认。"),
        R::NotSigner => said(
            "Only those who signed this handover acknowledge what came later.",
            "Ask the outgoing or the incoming lead.",
        ),
        _ => return None,
    })
}
