//! Names around incidents, and the text under which one is closed.

use super::text::{Sheet, one_line};
use super::{Locale, Words, field_words, words};
use crate::records::calendar::Zone;
use crate::records::incident::{IncidentKind, IncidentState, ReportClock, Severity, TimelineLine};
use crate::records::{Bilingual, FieldId};

words!(IncidentKind {
    Self::Equipment => "设备故障", "equipment fault";
    Self::Power => "供电异常", "power failure";
    Self::Network => "网络或通信中断", "network or communications failure";
    Self::System => "系统故障", "system failure";
    Self::Virus => "病毒感染", "virus";
    Self::Intrusion => "网络入侵", "system intrusion";
    Self::DataLeak => "数据泄露", "data leak";
    Self::Fire => "火情", "fire or smoke";
    Self::Water => "漏水或水浸", "leak or flooding";
    Self::Injury => "人员伤病", "injury or illness";
    Self::Trespass => "人员闯入", "trespass";
    Self::Weather => "恶劣天气或自然灾害", "severe weather";
    Self::Service => "服务咨询或投诉", "service question or complaint";
    Self::Other => "其他", "other";
});

words!(Severity {
    Self::Low => "低优先级", "low";
    Self::Medium => "中优先级", "medium";
    Self::High => "高优先级", "high";
});

words!(IncidentState {
    Self::Open => "待确认", "open";
    Self::Acknowledged => "已确认收到", "acknowledged";
    Self::Closed => "已关闭", "closed";
});

/// Where the one-hour clock of a major incident stands, as people read it.
#[must_use]
pub fn report_clock_text(clock: ReportClock, zone: Zone, locale: Locale) -> String {
    let say = |zh: &str, en: &str, at| format!("{} {}", locale.pick(zh, en), zone.minute_text(at));
    match clock {
        ReportClock::NotNeeded => locale.pick("无上报时限", "no time limit for reporting").to_owned(),
        ReportClock::Running(due) => say("重大事件，上报截止", "Major incident, to be reported by", due),
        ReportClock::Overdue(due) => {
            say("重大事件，尚未上报，已超过", "Major incident, not reported, was due", due)
        }
        ReportClock::InTime(at) => say("重大事件，已按时上报于", "Major incident, reported in time at", at),
        ReportClock::NoneEarlierYet(at) => say(
            "重大事件，此处尚无更早的上报记录，首次到达于",
            "Major incident, no earlier report here yet than",
            at,
        ),
        ReportClock::TooLate(at) => say("重大事件，已超时上报于", "Major incident, reported too late at", at),
    }
}

/// Everything the text of an incident says.
#[derive(Debug)]
pub struct IncidentSheet<'a> {
    /// The site's name.
    pub site: &'a Bilingual,
    /// The site's zone.
    pub zone: Zone,
    /// The kind; none if a newer version brought it.
    pub kind: Option<IncidentKind>,
    /// The severity, if said.
    pub severity: Option<Severity>,
    /// The other fields as people read them, in the order they are shown.
    pub fields: &'a [(FieldId, String)],
    /// The timeline, oldest first.
    pub timeline: &'a [TimelineLine],
}

/// The exact text that is shown to the person who closes an incident.
#[must_use]
pub fn incident_text(sheet: &IncidentSheet<'_>, locale: Locale) -> String {
    let mut text = Sheet::new(locale, "事件记录", "Incident record");
    text.fact("站点", "Site", sheet.site.get(locale));
    text.fact("事件类型", "Kind", sheet.kind.map_or("", |k| k.words(locale)));
    text.fact("优先级", "Severity", sheet.severity.map_or("", |s| s.words(locale)));
    for (field, value) in sheet.fields {
        let (zh, en) = field_words(*field).unwrap_or(("其他", "other"));
        text.fact(zh, &capitalised(en), value);
    }
    text.heading(locale.pick("处置记录", "Timeline"));
    let line = |l: &TimelineLine| format!("{} {}", sheet.zone.minute_text(l.at), one_line(&l.text));
    text.numbered(sheet.timeline.iter().map(line));
    text.finish()
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::incident::{CAUSE, RESULT};

    #[test]
    fn who_closes_it_sees_what_is_on_record() {
        let sheet = IncidentSheet {
            site: &Bilingual::new("青石岭泵站", "Qingshiling pump station"),
            zone: Zone::named("Asia/Shanghai").expect("a zone"),
            kind: Some(IncidentKind::Equipment),
            severity: Some(Severity::High),
            fields: &[(RESULT.id(), "更换轴承".into()), (CAUSE.id(), String::new())],
            timeline: &[TimelineLine { text: "停机\n检查".into(), at: 0 }],
        };
        let zh = "事件记录\n站点：青石岭泵站\n事件类型：设备故障\n优先级：高优先级\n处理结果：更换轴承\n原因：—\n\
            \n处置记录\n1. 1970-01-01 08:00 停机 检查\n";
        assert_eq!(incident_text(&sheet, Locale::ZhCn), zh);
        assert!(incident_text(&sheet, Locale::En).contains("Result: 更换轴承\nCause: —\n"));
    }

    #[test]
    fn the_clock_speaks_both_languages() {
        let zone = Zone::named("Asia/Shanghai").expect("a zone");
        let clock = ReportClock::Overdue(0);
        assert_eq!(
            report_clock_text(clock, zone, Locale::ZhCn),
            "重大事件，尚未上报，已超过 1970-01-01 08:00"
        );
        assert_eq!(
            report_clock_text(clock, zone, Locale::En),
            "Major incident, not reported, was due 1970-01-01 08:00"
        );
    }
}
