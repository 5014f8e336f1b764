//! Names of fields.

use super::Locale;
use crate::records::{
    FieldId, chain, checklist, comment, handover, incident, people, round, rules, security,
};
use crate::records::{shift, site};

/// The Chinese and the English name of a field; none for one that a newer version brought.
#[must_use]
pub fn field_words(field: FieldId) -> Option<(&'static str, &'static str)> {
    NAMES.iter().find(|(id, ..)| *id == field).map(|(_, zh, en)| (*zh, *en))
}

/// The name of a field in one language; its number if a newer version brought it.
#[must_use]
pub fn field_name(field: FieldId, locale: Locale) -> String {
    field_words(field).map_or_else(|| field.to_string(), |(zh, en)| locale.pick(zh, en).to_owned())
}

const NAMES: &[(FieldId, &str, &str)] = &[
    (site::SITE.id(), "站点", "site"),
    (people::PERSON.id(), "人员", "person"),
    (people::POST.id(), "岗位", "post"),
    (people::GRANT.id(), "授权", "grant"),
    (checklist::CHECKPOINT.id(), "巡检点", "checkpoint"),
    (checklist::CHECKLIST.id(), "检查表", "checklist"),
    (round::ROUND_PLAN.id(), "巡检计划", "round plan"),
    (shift::ROSTER.id(), "值班表", "roster"),
    (rules::RULES.id(), "规则", "rules"),
    (security::CERTIFICATE.id(), "证书", "certificate"),
    (security::REVOCATION.id(), "吊销", "revocation"),
    (round::STARTED.id(), "开始", "start"),
    (round::RESULT.id(), "检查结果", "check result"),
    (round::REACHED.id(), "到位证据", "proof of presence"),
    (round::SKIPPED.id(), "跳检原因", "reason for skipping"),
    (round::SIGNED.id(), "签名", "signature"),
    (round::REST_NORMAL.id(), "其余正常", "the rest is normal"),
    (round::ROUND_SKIPPED.id(), "整次跳检原因", "reason for skipping the round"),
    (incident::KIND.id(), "事件类型", "kind"),
    (incident::SEVERITY.id(), "优先级", "severity"),
    (incident::OCCURRED.id(), "发生时间", "time of occurrence"),
    (incident::RECEIVED.id(), "接报时间", "time received"),
    (incident::REPORTER.id(), "报告人姓名", "reporter's name"),
    (incident::CONTACT.id(), "报告人联系方式", "reporter's contact"),
    (incident::PLACE.id(), "地点", "place"),
    (incident::NATURE.id(), "事件简况", "brief nature"),
    (incident::FIRST_STATE.id(), "现场初步情况", "first state on site"),
    (incident::SUGGESTION.id(), "报告人建议", "reporter's suggestion"),
    (incident::TIMELINE.id(), "处置记录", "timeline"),
    (incident::ACKNOWLEDGED.id(), "确认收到", "acknowledgements"),
    (incident::RESULT.id(), "处理结果", "result"),
    (incident::CAUSE.id(), "原因", "cause"),
    (incident::RESPONSIBILITY.id(), "责任", "responsibility"),
    (incident::COUNTERMEASURE.id(), "整改与防范措施", "countermeasure"),
    (incident::CLOSED.id(), "关闭", "closing"),
    (incident::ORIGIN.id(), "来源检查项", "originating check"),
    (incident::ASSIGNED.id(), "负责人员", "assigned people"),
    (incident::PHONE_REPORT.id(), "电话上报", "reports by phone"),
    (shift::CHECK_IN.id(), "签到", "check-ins"),
    (shift::CHECK_OUT.id(), "签退", "check-outs"),
    (shift::CORRECTED.id(), "考勤更正", "attendance corrections"),
    (handover::DOCUMENT.id(), "交接班内容", "handover document"),
    (handover::SIGNATURES.id(), "交接班签名", "handover signatures"),
    (handover::WITHDRAWN.id(), "撤回", "withdrawal"),
    (handover::ADDENDUM_ACK.id(), "补录确认", "addendum acknowledgements"),
    (handover::ONE_SIDED.id(), "单方交班原因", "reason for signing alone"),
    (comment::COMMENTS.id(), "批注", "comments"),
    (chain::SESSION_OPENED.id(), "登录", "sign-ins"),
    (chain::SESSION_CLOSED.id(), "退出登录", "sign-outs"),
    (chain::CLOCK_CHANGED.id(), "时钟变动", "clock moves"),
    (chain::FORK_REVIEWED.id(), "分叉核查", "fork reviews"),
    (chain::AUTHOR_CLAIMED.id(), "认领记录", "claimed records"),
    (chain::EPOCH_OPENED.id(), "服务器纪元", "server epochs"),
    (chain::EPOCH_ADOPTED.id(), "接收的旧纪元记录", "adopted entries"),
    (chain::HELD_REVIEWED.id(), "暂存记录核查", "reviews of held records"),
    (chain::SNAPSHOT_TAKEN.id(), "快照", "snapshots"),
    (chain::CODE_ISSUED.id(), "登记码", "enrolment codes"),
    (chain::PHONE_NAMED.id(), "手机名称", "names of phones"),
];
