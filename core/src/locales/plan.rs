//! What is wrong with a site's plan, in sentences.

use super::{Locale, Words};
use crate::records::limits::Unfit;
use crate::records::site_plan::{PlanFault, PlanProblem};

/// One problem of a plan in one sentence, with its place.
#[must_use]
pub fn plan_problem_text(problem: &PlanProblem, locale: Locale) -> String {
    let whole = locale.pick("整个文件", "the file");
    let place = if problem.path.is_empty() { whole } else { &problem.path };
    let (zh, en) = fault_text(&problem.fault);
    format!("{place}{}{}", locale.pick("：", ": "), locale.pick(&zh, &en))
}

fn fault_text(fault: &PlanFault) -> (String, String) {
    match fault {
        PlanFault::Malformed(detail) => {
            (format!("内容不合格式（{detail}）。"), format!("This is not in the expected form ({detail})."))
        }
        PlanFault::UnknownField(name) => (
            format!("没有“{name}”这一项。请检查拼写。"),
            format!("There is no field \"{name}\". Check its spelling."),
        ),
        PlanFault::MissingField(name) => (format!("缺少“{name}”。"), format!("\"{name}\" is missing.")),
        PlanFault::Duplicate(name) => {
            (format!("“{name}”重复出现。"), format!("\"{name}\" is there more than once."))
        }
        PlanFault::UnknownWord(word) => {
            (format!("“{word}”不是可选的值。"), format!("\"{word}\" is not one of the possible values."))
        }
        PlanFault::Empty => ("不能为空。".into(), "This must not be empty.".into()),
        PlanFault::NoSuch(kind, name) => (
            format!("文件中没有名为“{name}”的{}。", kind.words(Locale::ZhCn)),
            format!("The file has no {} called \"{name}\".", kind.words(Locale::En)),
        ),
        PlanFault::NotATimeZone(name) => (
            format!("“{name}”不是时区名称，例如 Asia/Shanghai。"),
            format!("\"{name}\" is not the name of a time zone such as Asia/Shanghai."),
        ),
        PlanFault::NotATime(text) => (
            format!("“{text}”不是时刻，例如 08:00。"),
            format!("\"{text}\" is not a time of day such as 08:00."),
        ),
        PlanFault::NotADay(text) => (
            format!("“{text}”不是日期，例如 2026-03-01。"),
            format!("\"{text}\" is not a day such as 2026-03-01."),
        ),
        PlanFault::NotAReading(text) => (
            format!("“{text}”不是数值，或小数位数超过该检查项的设定。"),
            format!("\"{text}\" is not a number, or has more decimals than the item."),
        ),
        PlanFault::OutOfRange(least, most) => {
            (format!("应在 {least} 与 {most} 之间。"), format!("This must be between {least} and {most}."))
        }
        PlanFault::LimitsOutOfOrder => (
            "限值应依次为低告警、低预警、高预警、高告警，由小到大。".into(),
            "The limits must rise from low alarm over low warning and high warning to high alarm.".into(),
        ),
        PlanFault::UnreasonedGrant => (
            "有期限的授权必须写明原因和批准人。".into(),
            "A grant that ends needs a reason and an approver.".into(),
        ),
        PlanFault::Unfit(Unfit::ControlCharacter) => {
            ("文字中含有不可见的控制字符。".into(), "A text here has an invisible control character.".into())
        }
        PlanFault::Unfit(Unfit::TooLong) => ("内容过长。".into(), "This is too long.".into()),
        PlanFault::PostAllowsNothing => (
            "岗位必须选择模板，或列出权限。".into(),
            "A post needs a template or a list of capabilities.".into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::RecordKind;

    #[test]
    fn a_problem_is_said_with_its_place_in_both_languages() {
        let fault = PlanFault::NoSuch(RecordKind::Post, "boss".into());
        let problem = PlanProblem { path: "people[3].posts[0]".into(), fault };
        assert_eq!(
            plan_problem_text(&problem, Locale::ZhCn),
            "people[3].posts[0]：文件中没有名为“boss”的岗位。"
        );
        assert_eq!(
            plan_problem_text(&problem, Locale::En),
            "people[3].posts[0]: The file has no post called \"boss\"."
        );
    }
}
