//! Names of posts, capabilities and attendance.

use super::words;
use crate::records::Capability;
use crate::records::people::PostTemplate;
use crate::records::security::RevocationKind;
use crate::records::shift::AttendanceKind;

words!(PostTemplate {
    Self::DutyLead => "值班长", "duty lead";
    Self::TechnicalOperation => "技术运维岗", "technical operation";
    Self::SecurityMonitoring => "安全监控岗", "security monitoring";
    Self::BusinessOperation => "业务操作岗", "business operation";
    Self::DutyStaff => "值班员", "duty staff";
    Self::PatrolStaff => "巡检员", "patrol staff";
    Self::HqReviewer => "本部审核人", "HQ reviewer";
    Self::Administrator => "管理员", "administrator";
    Self::Auditor => "审计员", "auditor";
});

words!(Capability {
    Self::SeeSite => "查看站点记录", "see the site's records";
    Self::CheckIn => "签到签退", "check in and out";
    Self::Patrol => "巡检", "walk rounds";
    Self::RaiseIncident => "上报事件", "raise incidents";
    Self::RunIncident => "指挥处置事件", "run incidents";
    Self::CloseIncident => "关闭事件", "close incidents";
    Self::SignHandover => "签署交接班", "sign handovers";
    Self::Acknowledge => "确认收到事件", "acknowledge incidents";
    Self::Comment => "批注记录", "comment on records";
    Self::Settle => "处理冲突", "settle conflicts";
    Self::CorrectAttendance => "更正考勤", "correct attendance";
    Self::Roster => "发布值班表", "publish the roster";
    Self::Configure => "设置站点", "configure the site";
    Self::Enrol => "登记与吊销", "enrol and revoke";
    Self::Review => "核查分叉", "review forks";
    Self::Export => "导出证据", "export evidence";
    Self::ConfirmHeld => "核实待核记录", "decide about held records";
});

words!(AttendanceKind {
    Self::CheckIn => "签到", "check-in";
    Self::CheckOut => "签退", "check-out";
});

words!(RevocationKind {
    Self::Left => "离岗或退还", "left or returned";
    Self::Lost => "遗失", "lost";
    Self::Compromised => "可能泄露", "possibly compromised";
});
