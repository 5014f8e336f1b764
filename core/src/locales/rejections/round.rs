//! What stands against an action on a round.

use super::{Said, listed, one, said};
use crate::capture::Rejection;
use crate::locales::Locale;

pub(super) fn told(rejection: &Rejection, locale: Locale) -> Option<Said> {
    walking(rejection, locale).or_else(|| signing(rejection, locale))
}

fn walking(rejection: &Rejection, locale: Locale) -> Option<Said> {
    use Rejection as R;
    let zh = locale == Locale::ZhCn;
    Some(match rejection {
        R::NoSuchWindow { plan } if zh => said(
            format!("巡检计划{}没有这个时段。", one(plan, locale)),
            "请重新选择时段，或按检查表开始计划外巡检。",
        ),
        R::NoSuchWindow { plan } => said(
            format!("The round plan {} has no such window.", one(plan, locale)),
            "Choose the window again, or start an unplanned round from the checklist.",
        ),
        R::NoSuchItem { item } if zh => {
            said(format!("本次巡检的检查表没有第 {item} 项。"), "请重新打开本次巡检。")
        }
        R::NoSuchItem { item } => {
            said(format!("This round's checklist has no item {item}."), "Open the round again.")
        }
        R::NoSuchCheckpoint { checkpoint } if zh => {
            said(format!("本次巡检不经过 {checkpoint} 号巡检点。"), "请核对所在位置和所选巡检。")
        }
        R::NoSuchCheckpoint { checkpoint } => said(
            format!("This round does not stop at checkpoint {checkpoint}."),
            "Check where you are and which round you opened.",
        ),
        R::ReadingMissing { item } if zh => said(
            format!("{}需要填写读数。", one(item, locale)),
            "请填写读数；无法读取时请选“异常”或“不适用”，并说明情况。",
        ),
        R::ReadingMissing { item } => said(
            format!("{} asks for a reading.", one(item, locale)),
            "Type the reading. If it cannot be read, answer \"abnormal\" or \"not applicable\" and say why.",
        ),
        R::ReadingNotAsked { item } if zh => {
            said(format!("{}不需要读数。", one(item, locale)), "请清除读数；需要留下数值时请写在备注里。")
        }
        R::ReadingNotAsked { item } => said(
            format!("{} takes no reading.", one(item, locale)),
            "Clear the reading. If the number matters, write it in the note.",
        ),
        R::WrongTag { checkpoint } if zh => said(
            format!("扫到的标签不是巡检点{}的。", one(checkpoint, locale)),
            "请确认所在位置后重新扫描；标签损坏时请手工填写到位情况。",
        ),
        R::WrongTag { checkpoint } => said(
            format!("The tag that was read is not that of checkpoint {}.", one(checkpoint, locale)),
            "Check where you are and scan again. If the tag is damaged, record your presence by typing.",
        ),
        R::NoTagOnRecord { checkpoint } if zh => said(
            format!("巡检点{}没有登记标签。", one(checkpoint, locale)),
            "请手工填写到位情况，并请管理员登记标签。",
        ),
        R::NoTagOnRecord { checkpoint } => said(
            format!("No tag is on record for checkpoint {}.", one(checkpoint, locale)),
            "Record your presence by typing, and ask an administrator to register the tag.",
        ),
        R::NothingLeftNormal { checkpoint } if zh => said(
            format!("巡检点{}没有可用“其余正常”代替的检查项。", one(checkpoint, locale)),
            "读数必须逐项填写，其余各项已有结果。",
        ),
        R::NothingLeftNormal { checkpoint } => said(
            format!("At checkpoint {} nothing is left that this could stand for.", one(checkpoint, locale)),
            "Readings are typed one by one; everything else there has its answer.",
        ),
        _ => return None,
    })
}

fn signing(rejection: &Rejection, locale: Locale) -> Option<Said> {
    use Rejection as R;
    let zh = locale == Locale::ZhCn;
    let names = |items: &[crate::records::Bilingual]| listed(items.iter().map(|i| i.get(locale)), locale);
    Some(match rejection {
        R::RoundSigned if zh => said(
            "本次巡检已签名，结果不能再改。",
            "如有补充请写批注；发现异常请上报事件，或重新开始一次巡检。",
        ),
        R::RoundSigned => said(
            "This round is signed; its results stand.",
            "Add what you know in a comment. If something is wrong there, raise an incident or start another round.",
        ),
        R::RoundSkipped if zh => said("本次巡检已整次跳检。", "如要巡检，请重新开始一次。"),
        R::RoundSkipped => {
            said("This round was skipped as a whole.", "To walk it after all, start another round.")
        }
        R::AlreadySigned if zh => said("您已在本次巡检上签名。", "无需再次签名。"),
        R::AlreadySigned => said("You have signed this round already.", "There is no need to sign again."),
        R::ItemsOpen { items } if zh => said(
            format!("还有 {} 项没有结果：{}。", items.len(), names(items)),
            "请逐项填写，或对整个巡检点跳检并说明原因，然后签名。",
        ),
        R::ItemsOpen { items } => said(
            format!("Items without a result ({}): {}.", items.len(), names(items)),
            "Answer them, or skip their checkpoint with a reason, then sign.",
        ),
        R::ItemsDisputed { items } if zh => said(
            format!("以下检查项有不同的结果：{}。", names(items)),
            "两部手机填写了不同内容，请核实后重新填写，然后签名。",
        ),
        R::ItemsDisputed { items } => said(
            format!("These items have different answers: {}.", names(items)),
            "Two phones answered differently. Check, answer them again, then sign.",
        ),
        R::ShownTextChanged if zh => said("显示之后内容有变化，或已超过一小时。", "请重新查看全文，再签名。"),
        R::ShownTextChanged => said(
            "What was shown has changed since, or was shown more than an hour ago.",
            "Read it again, then sign.",
        ),
        _ => return None,
    })
}
