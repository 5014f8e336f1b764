//! Names of rules and the clauses they come from.

use super::{Locale, Words, words};
use crate::records::rules::{RuleId, RuleUnit};

words!(RuleId {
    Self::RoundGrace => "巡检宽限时间", "grace after a round's window";
    Self::HandoverLead => "交接班提前时间", "handover before the next shift";
    Self::MajorReport => "重大事件上报时限", "time to report a major incident";
    Self::OfflineSignIn => "手机离线登录期限", "days a phone may sign people in offline";
    Self::DailyRounds => "每日巡检次数", "rounds a day";
    Self::DutyLength => "单次值班时长", "length of one duty";
    Self::ChangeWatch => "变更跟踪期限", "time a change is watched";
    Self::SpotChecks => "每年抽查次数", "spot checks a year";
    Self::Drills => "每年演练次数", "drills a year";
    Self::PlannedWorkNotice => "计划作业提前申请时间", "notice of planned work";
    Self::PhoneHistory => "手机保留记录天数", "days of history on a phone";
});

words!(RuleUnit {
    Self::Minutes => "分钟", "min";
    Self::Hours => "小时", "h";
    Self::Days => "天", "days";
    Self::WorkingDays => "个工作日", "working days";
    Self::Times => "次", "times";
});

/// The Chinese and the English text of the clause behind a rule's default figure.
#[must_use]
pub fn rule_clause(rule: RuleId) -> (&'static str, &'static str) {
    match rule {
        RuleId::RoundGrace => ("本系统默认值，法规未规定。", "Our default; the regulations give no figure."),
        RuleId::HandoverLead => (
            "值班管理做法计划 二（三）2（3）：次日前30分钟完成交接并签字。",
            "Duty management plan II(3)2(3): handover done and signed 30 minutes before.",
        ),
        RuleId::MajorReport => (
            "值班管理做法计划 二（三）2（2）：重大事件在1小时内上报直接领导。",
            "Duty management plan II(3)2(2): major events are reported to the direct leader within 1 hour.",
        ),
        RuleId::OfflineSignIn => {
            ("本系统默认值，手机离线期间的安全期限。", "Our default, for safety while a phone is offline.")
        }
        RuleId::DailyRounds => (
            "运维服务标准化 第2篇 第六章 日常规范1：每天巡视两次。",
            "Operation service standard, part 2, chapter 6, daily rule 1: twice a day.",
        ),
        RuleId::DutyLength => (
            "值班管理做法计划 二（二）3（2）：一次值班以8小时为宜。",
            "Duty management plan II(2)3(2): one duty should last 8 hours.",
        ),
        RuleId::ChangeWatch => (
            "运维服务标准化 第2篇 第二章3：变更后密切跟踪15个工作日。",
            "Operation service standard, part 2, chapter 2.3: changes are tracked for 15 working days.",
        ),
        RuleId::SpotChecks => (
            "值班管理做法计划 二（四）1（1）：每季度抽查一次值班记录。",
            "Duty management plan II(4)1(1): duty records are spot-checked once a quarter.",
        ),
        RuleId::Drills => (
            "值班管理做法计划 三、5：每年至少演练一次。",
            "Duty management plan III.5: a drill at least once a year.",
        ),
        RuleId::PlannedWorkNotice => (
            "运维服务标准化 第2篇 第三章1：影响业务的升级提前两周书面申请。",
            "Operation service standard, part 2, chapter 3.1: written request two weeks ahead.",
        ),
        RuleId::PhoneHistory => {
            ("本系统默认值，未完成事项始终保留。", "Our default; what is open is always kept.")
        }
    }
}

/// A rule with its figure: `交接班提前时间：30 分钟`.
#[must_use]
pub fn rule_text(rule: RuleId, value: u32, locale: Locale) -> String {
    let colon = locale.pick("：", ": ");
    format!("{}{colon}{value} {}", rule.words(locale), rule.unit().words(locale))
}
