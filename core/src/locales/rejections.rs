//! What stands against an action, in sentences: what is wrong, and what to do. What was typed is kept in every case.

mod handover;
mod incident;
mod round;
#[cfg(test)]
mod tests;

use super::{Locale, Words, words};
use crate::capture::{Asked, Rejection};
use crate::records::Bilingual;
use crate::records::calendar::Zone;

words!(Asked {
    Self::Reason => "原因", "reason";
    Self::Remarks => "说明", "remarks";
    Self::Text => "内容", "text";
    Self::Recipient => "接听人", "name of the person told";
    Self::Evidence => "到位证据", "proof of presence";
});

/// A rejection as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectionText {
    /// What stands against the action.
    pub sentence: String,
    /// What to do now.
    pub what_to_do: String,
}

/// What is said in one language: the sentence, and what to do.
type Said = (String, String);

fn said(sentence: impl Into<String>, what_to_do: impl Into<String>) -> Said {
    (sentence.into(), what_to_do.into())
}

/// What stands against an action and what to do about it. Times are shown in the site's zone.
#[must_use]
pub fn rejection_text(rejection: &Rejection, zone: Option<Zone>, locale: Locale) -> RejectionText {
    let told = people(rejection, zone, locale)
        .or_else(|| round::told(rejection, locale))
        .or_else(|| incident::told(rejection, locale))
        .or_else(|| handover::told(rejection, locale));
    let (sentence, what_to_do) = told.unwrap_or_else(|| form(rejection, locale));
    RejectionText { sentence, what_to_do }
}

/// Names in a row: `“a”、“b”`, in English `"a", "b"`.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>, locale: Locale) -> String {
    let quoted = |name: &str| match locale {
        Locale::ZhCn => format!("“{name}”"),
        Locale::En => format!("\"{name}\""),
    };
    let names: Vec<_> = names.into_iter().map(quoted).collect();
    names.join(locale.pick("、", ", "))
}

fn one(name: &Bilingual, locale: Locale) -> String {
    listed([name.get(locale)], locale)
}

/// Who may do what, and when and where.
fn people(rejection: &Rejection, zone: Option<Zone>, locale: Locale) -> Option<Said> {
    use Rejection as R;
    let zh = locale == Locale::ZhCn;
    Some(match rejection {
        R::NobodySignedIn if zh => said("这一步需要先登录。", "请登录后再保存，已填内容不会丢失。"),
        R::NobodySignedIn => said(
            "Nobody is signed in, and this needs a person.",
            "Sign in, then save again. What you typed is kept.",
        ),
        R::NotAllowed { capability } if zh => said(
            format!("您的岗位没有这项权限：{}。", capability.words(locale)),
            "请由有权限的人员操作，或请管理员授权。已填内容不会丢失。紧急情况可锁屏后按事件键上报。",
        ),
        R::NotAllowed { capability } => said(
            format!("None of your posts allows this: {}.", capability.words(locale)),
            "Ask someone whose post allows it, or ask an administrator for the post. What you typed is kept. \
             In an emergency, lock the phone and use the incident button.",
        ),
        R::HqOnly { kind } if zh => {
            said(format!("只有本部可以进行“{}”。", kind.words(locale)), "请联系本部处理。")
        }
        R::HqOnly { kind } => said(
            format!("Only headquarters can do this: {}.", kind.words(locale)),
            "Ask headquarters to do it.",
        ),
        R::SiteOnly { kind } if zh => said(
            format!("“{}”只能由现场人员在站点手机上进行。", kind.words(locale)),
            "请联系现场人员处理，也可以在记录上写批注。",
        ),
        R::SiteOnly { kind } => said(
            format!("Only people at the site can do this, on a phone there: {}.", kind.words(locale)),
            "Ask the people at the site, or write a comment on the record.",
        ),
        R::PostNotYours { post } if zh => said(
            format!("您既没有岗位{}的授权，也不在该班次的值班表上。", one(post, locale)),
            "请选择自己的岗位，或请管理员授权、调整值班表。",
        ),
        R::PostNotYours { post } => said(
            format!("You neither hold the post {} nor stand on its roster.", one(post, locale)),
            "Choose your own post, or ask an administrator for the post or a place on the roster.",
        ),
        R::AlreadyCheckedIn { post, since } => {
            let since = zone.map_or_else(|| since.to_string(), |z| z.minute_text(*since));
            let post = one(post, locale);
            match locale {
                Locale::ZhCn => said(
                    format!("您已于 {since} 在岗位{post}签到。"),
                    "无需重复签到。如时间有误，请值班长更正考勤。",
                ),
                Locale::En => said(
                    format!("You have been checked in at {post} since {since}."),
                    "There is no need to check in again. If the time is wrong, ask the duty lead to correct it.",
                ),
            }
        }
        R::NoSuchShift { date, key } if zh => {
            said(format!("本站点没有 {date} 的班次“{key}”。"), "请重新选择班次。")
        }
        R::NoSuchShift { date, key } => {
            said(format!("The site has no shift \"{key}\" on {date}."), "Choose the shift again.")
        }
        R::SiteNotDescribed if zh => said(
            "这部手机还没有收到站点设置。",
            "请联网同步一次，或从同事手机导入。紧急情况可锁屏后按事件键上报。",
        ),
        R::SiteNotDescribed => said(
            "This phone has not received the site's settings yet.",
            "Sync once, or import them from a colleague's phone. In an emergency, lock the phone and use the \
             incident button.",
        ),
        R::EntryElsewhere if zh => said("这条记录不是在这部手机上产生的。", "请在产生该记录的手机上认领。"),
        R::EntryElsewhere => {
            said("This was not recorded on this phone.", "Claim it on the phone that recorded it.")
        }
        R::AlreadyClaimed if zh => said("这条记录已经有人认领。", "如认领有误，请在记录上写批注说明。"),
        R::AlreadyClaimed => {
            said("Somebody has claimed this already.", "If that is wrong, say so in a comment on the record.")
        }
        _ => return None,
    })
}

/// What is entered, and whether it can be kept as it is.
fn form(rejection: &Rejection, locale: Locale) -> Said {
    use Rejection as R;
    let zh = locale == Locale::ZhCn;
    match rejection {
        R::NotHere { kind } if zh => said(
            format!("这部手机上没有这个{}，可能尚未同步。", kind.words(locale)),
            "请联网同步，或从同事手机导入后再试。已填内容不会丢失。",
        ),
        R::NotHere { kind } => said(
            format!("This {} is not on this phone; it may not have arrived yet.", kind.words(locale)),
            "Sync, or import it from a colleague's phone, then try again. What you typed is kept.",
        ),
        R::TextMissing { asked } if zh => said(format!("请填写{}。", asked.words(locale)), "填写后再保存。"),
        R::TextMissing { asked } => {
            said(format!("The {} is missing.", asked.words(locale)), "Fill it in, then save again.")
        }
        R::TextTooLong { bytes, limit } if zh => said(
            format!("文字过长：{} KB，最多 {} KB。", kib(*bytes), limit / 1024),
            "请拆成几条保存。已填内容不会丢失。",
        ),
        R::TextTooLong { bytes, limit } => said(
            format!("The text is too long: {} KB, at most {} KB fit.", kib(*bytes), limit / 1024),
            "Split it over several records. What you typed is kept.",
        ),
        R::ControlCharacter if zh => {
            said("内容中有无法保存的不可见字符。", "请删除后重新输入。已填内容不会丢失。")
        }
        R::ControlCharacter => said(
            "There is an invisible character in it that cannot be saved.",
            "Delete it and type the text again. What you typed is kept.",
        ),
        R::NothingEntered if zh => said("没有可保存的内容。", "请至少填写一项。"),
        R::NothingEntered => said("There is nothing to save.", "Fill in at least one thing."),
        R::NothingToSettle { field } if zh => said(
            format!("{}没有待处理的冲突。", super::field_name(*field, locale)),
            "可能已有人处理，请查看当前内容。",
        ),
        R::NothingToSettle { field } => said(
            format!("Nothing is in conflict here: {}.", super::field_name(*field, locale)),
            "Somebody may have settled it already; look at what it says now.",
        ),
        R::NotALiveValue { field } if zh => said(
            format!("所选内容已不在{}的候选之中。", super::field_name(*field, locale)),
            "请查看当前内容后重新选择。",
        ),
        R::NotALiveValue { field } => said(
            format!("What you chose is no longer among the values: {}.", super::field_name(*field, locale)),
            "Look at what it says now and choose again.",
        ),
        R::ValueUnfit { field } if zh => said(
            format!("{}不能填写这样的内容。", super::field_name(*field, locale)),
            "请从现有内容中选择，或按该项要求填写。",
        ),
        R::ValueUnfit { field } => said(
            format!("This cannot be written here: {}.", super::field_name(*field, locale)),
            "Choose one of the values there are, or write one of the kind it takes.",
        ),
        _ if zh => said("内容过多，一条记录放不下。", "请拆成几条保存。已填内容不会丢失。"),
        _ => said(
            "This is more than one record can hold.",
            "Split it over several records. What you typed is kept.",
        ),
    }
}

fn kib(bytes: usize) -> usize {
    bytes.div_ceil(1024)
}
