//! What stands against an action on an incident.

use super::{Said, listed, said};
use crate::capture::Rejection;
use crate::locales::{Locale, field_name};
use crate::records::FieldId;

pub(super) fn told(rejection: &Rejection, locale: Locale) -> Option<Said> {
    use Rejection as R;
    let zh = locale == Locale::ZhCn;
    Some(match rejection {
        R::IncidentClosed if zh => {
            said("事件已关闭。", "如有补充请写批注；情况再次发生请上报新事件。已填内容不会丢失。")
        }
        R::IncidentClosed => said(
            "The incident is closed.",
            "Add what you know in a comment. If it happens again, raise a new incident. What you typed is kept.",
        ),
        R::IncidentIncomplete { missing, disputed } => incomplete(missing, disputed, locale),
        R::AlreadyAcknowledged if zh => said("您已确认过。", "无需再次确认。"),
        R::AlreadyAcknowledged => {
            said("You have acknowledged this already.", "There is no need to acknowledge it again.")
        }
        _ => return None,
    })
}

fn incomplete(missing: &[FieldId], disputed: &[FieldId], locale: Locale) -> Said {
    let names = |fields: &[FieldId]| {
        let names: Vec<_> = fields.iter().map(|f| field_name(*f, locale)).collect();
        listed(names.iter().map(String::as_str), locale)
    };
    let mut parts = Vec::new();
    if !missing.is_empty() {
        let label = locale.pick("尚缺：", "Still missing: ");
        parts.push(format!("{label}{}{}", names(missing), locale.pick("。", ".")));
    }
    if !disputed.is_empty() {
        let label = locale.pick("有不同内容待处理：", "Still in conflict: ");
        parts.push(format!("{label}{}{}", names(disputed), locale.pick("。", ".")));
    }
    let what_to_do = match locale {
        Locale::ZhCn => "请补齐并处理冲突后再关闭。处置可以照常进行，已填内容不会丢失。",
        Locale::En => {
            "Fill these in and settle the conflicts, then close it. Handling goes on meanwhile; what you typed is kept."
        }
    };
    said(parts.join(locale.pick("", " ")), what_to_do)
}
