//! Names around handovers, and the exact text that both leads sign.

use std::collections::BTreeMap;

use super::text::{Sheet, joined, one_line};
use super::{Locale, Words, field_name, words};
use crate::base::{Millis, PersonId};
use crate::records::Bilingual;
use crate::records::calendar::{Date, Zone};
use crate::records::handover::{
    Block, CheckLine, Decision, HandoverItem, HandoverState, ResourceState, Role, SilentPhone, Subject,
};
use crate::records::incident::Severity;

words!(Block {
    Self::OpenItems => "未完成事项", "open items";
    Self::Risks => "潜在风险", "potential risks";
    Self::Resources => "资源状态", "resource state";
});

words!(ResourceState {
    Self::Sound => "完好", "sound";
    Self::Faulty => "有故障", "faulty";
    Self::Missing => "缺失", "missing";
});

words!(Role {
    Self::Outgoing => "交班人", "outgoing";
    Self::Incoming => "接班人", "incoming";
});

words!(Decision {
    Self::Accept => "确认接班", "accept";
    Self::AcceptWithRemarks => "确认接班，附说明", "accept with remarks";
    Self::Refuse => "暂不接班", "refuse";
});

words!(HandoverState {
    Self::Draft => "草稿", "draft";
    Self::Offered => "待接班人确认", "offered";
    Self::Accepted => "已交接", "accepted";
    Self::Refused => "暂不接班", "refused";
    Self::Withdrawn => "已撤回", "withdrawn";
    Self::OneSided => "单方交班", "one-sided";
});

/// Everything the text of a handover says.
#[derive(Debug)]
pub struct HandoverSheet<'a> {
    /// The site's name.
    pub site: &'a Bilingual,
    /// The site's zone.
    pub zone: Zone,
    /// The day on which the outgoing shift started.
    pub date: Date,
    /// The outgoing shift's name.
    pub shift: &'a Bilingual,
    /// The outgoing lead.
    pub from: &'a str,
    /// The incoming lead; none if nobody is there.
    pub to: Option<&'a str>,
    /// What is handed over, block by block.
    pub items: &'a [HandoverItem],
    /// The handover's checklist.
    pub lines: &'a [CheckLine],
    /// The phones whose records it may lack.
    pub silent: &'a [SilentPhone],
    /// The names of people.
    pub names: &'a BTreeMap<PersonId, String>,
    /// When it was frozen.
    pub frozen_at: Millis,
}

/// The exact text that both leads are shown and sign: the same for the same contents, for ever.
///
/// A later layout is another function; what was signed keeps its text.
#[must_use]
pub fn handover_text(sheet: &HandoverSheet<'_>, locale: Locale) -> String {
    let mut text = Sheet::new(locale, "交接班记录", "Shift handover");
    text.fact("站点", "Site", sheet.site.get(locale));
    text.fact("班次", "Shift", &format!("{} {}", sheet.date, sheet.shift.get(locale)));
    text.fact("交班人", "Outgoing", sheet.from);
    text.fact("接班人", "Incoming", sheet.to.unwrap_or(locale.pick("未到场", "not present")));
    text.fact("冻结时间", "Frozen at", &sheet.zone.minute_text(sheet.frozen_at));
    for block in Block::ALL {
        text.heading(locale.pick(block.both().0, heading(*block)));
        let items = sheet.items.iter().filter(|i| i.block == *block);
        text.numbered(items.map(|i| sheet.item_line(i, locale)));
    }
    text.heading(locale.pick("交接检查", "Handover checklist"));
    text.numbered(sheet.lines.iter().map(|l| check_line(l, locale)));
    text.heading(locale.pick("尚未收到其记录的手机", "Phones not heard from"));
    text.numbered(sheet.silent.iter().map(|p| silent_line(p, sheet.zone, locale)));
    text.finish()
}

const fn heading(block: Block) -> &'static str {
    match block {
        Block::OpenItems => "Open items",
        Block::Risks => "Potential risks",
        Block::Resources => "Resource state",
    }
}

impl HandoverSheet<'_> {
    fn item_line(&self, item: &HandoverItem, locale: Locale) -> String {
        let subject = subject_text(&item.subject, self.zone, locale);
        let Some(owner) = item.next_owner else { return subject };
        let unnamed = owner.to_string();
        let name = self.names.get(&owner).unwrap_or(&unnamed);
        let label = locale.pick("下一责任人：", "next owner: ");
        joined(&[&subject, &format!("{label}{}", one_line(name))])
    }
}

/// What one item of a handover is about, on one line.
#[must_use]
pub fn subject_text(subject: &Subject, zone: Zone, locale: Locale) -> String {
    match subject {
        Subject::Incident { kind, severity, state, about } => joined(&[
            locale.pick("事件", "Incident"),
            kind.map_or("", |k| k.words(locale)),
            severity.map_or("", |s| severity_words(s, locale)),
            state.words(locale),
            about,
        ]),
        Subject::Finding { checkpoint, item, verdict, reading, note } => joined(&[
            locale.pick("检查发现", "Finding"),
            checkpoint.get(locale),
            item.get(locale),
            verdict.words(locale),
            reading.as_deref().unwrap_or_default(),
            note.as_deref().unwrap_or_default(),
        ]),
        Subject::Round { plan, window, status } => {
            let due = format!("{} – {}", zone.minute_text(window.start), zone.minute_text(window.end));
            joined(&[locale.pick("巡检任务", "Round"), plan.get(locale), &due, status.words(locale)])
        }
        Subject::Conflict { kind, fields } => {
            let names: Vec<_> = fields.iter().map(|f| field_name(*f, locale)).collect();
            let names = names.join(locale.pick("、", ", "));
            joined(&[
                locale.pick("冲突待处理", "Conflict to settle"),
                kind.map_or("", |k| k.words(locale)),
                &names,
            ])
        }
        Subject::Watch { text } => joined(&[locale.pick("重点跟踪事项", "Watch item"), text]),
        Subject::Resource { name, state, note } => {
            joined(&[name.get(locale), state.words(locale), note.as_deref().unwrap_or_default()])
        }
        Subject::PostGap { post } => joined(&[post.get(locale), locale.pick("岗位空缺", "post not filled")]),
    }
}

fn severity_words(severity: Severity, locale: Locale) -> &'static str {
    use Severity as S;
    match (locale, severity) {
        (Locale::En, S::High) => "high severity, major",
        (Locale::En, S::Medium) => "medium severity",
        (Locale::En, S::Low) => "low severity",
        (Locale::ZhCn, S::High) => "高优先级，重大事件",
        (Locale::ZhCn, other) => other.words(locale),
    }
}

fn check_line(line: &CheckLine, locale: Locale) -> String {
    let answer = line.status.map_or(locale.pick("未填", "not answered"), |s| s.words(locale));
    let told = joined(&[answer, line.note.as_deref().unwrap_or_default()]);
    format!("{}{}{told}", one_line(line.text.get(locale)), locale.pick("：", ": "))
}

fn silent_line(phone: &SilentPhone, zone: Zone, locale: Locale) -> String {
    let heard = match phone.heard_until {
        Some(at) => format!("{} {}", locale.pick("最近记录", "newest record"), zone.minute_text(at)),
        None => locale.pick("从未收到记录", "no record ever received").to_owned(),
    };
    joined(&[&phone.name, &heard])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RecordId;
    use crate::records::checklist::Verdict;
    use crate::records::handover::collect;
    use crate::records::incident::{IncidentKind, IncidentState};
    use crate::records::round::ItemStatus;

    const NEXT: PersonId = PersonId([2; 16]);

    fn items() -> Vec<HandoverItem> {
        let incident = Subject::Incident {
            kind: Some(IncidentKind::Equipment),
            severity: Some(Severity::High),
            state: IncidentState::Acknowledged,
            about: "2 号泵房，轴承\n异响".into(),
        };
        let finding = Subject::Finding {
            checkpoint: Bilingual::new("配电室", "switch room"),
            item: Bilingual::new("母线温度", "busbar temperature"),
            verdict: Verdict::Warning,
            reading: Some("61.5 ℃".into()),
            note: None,
        };
        let mut items = collect([(RecordId([1; 16]), incident), (RecordId([2; 16]), finding)]);
        items[0].next_owner = Some(NEXT);
        items
    }

    fn shown(locale: Locale) -> String {
        let line = CheckLine {
            text: Bilingual::new("泵房钥匙 3 把", "3 pump-house keys"),
            status: Some(ItemStatus::Normal),
            note: None,
        };
        let silent = SilentPhone { name: "巡检手机 2".into(), heard_until: None };
        let sheet = HandoverSheet {
            site: &Bilingual::new("青石岭泵站", "Qingshiling pump station"),
            zone: Zone::named("Asia/Shanghai").expect("a zone"),
            date: "2026-03-01".parse().expect("a day"),
            shift: &Bilingual::new("夜班", "night shift"),
            from: "张伟",
            to: Some("李娜"),
            items: &items(),
            lines: &[line],
            silent: &[silent],
            names: &BTreeMap::from([(NEXT, "李娜".into())]),
            frozen_at: 0,
        };
        handover_text(&sheet, locale)
    }

    #[test]
    fn both_leads_see_the_three_blocks_in_chinese() {
        let zh = "交接班记录\n站点：青石岭泵站\n班次：2026-03-01 夜班\n交班人：张伟\n接班人：李娜\n冻结时间：1970-01-01 08:00\n\
            \n未完成事项\n1. 事件 · 设备故障 · 高优先级，重大事件 · 已确认收到 · 2 号泵房，轴承 异响 · 下一责任人：李娜\n\
            \n潜在风险\n1. 检查发现 · 配电室 · 母线温度 · 预警 · 61.5 ℃\n\
            \n资源状态\n无\n\
            \n交接检查\n1. 泵房钥匙 3 把：正常\n\
            \n尚未收到其记录的手机\n1. 巡检手机 2 · 从未收到记录\n";
        assert_eq!(shown(Locale::ZhCn), zh);
    }

    #[test]
    fn a_conflict_names_its_fields() {
        use crate::records::{RecordKind, incident};
        let fields = vec![incident::SEVERITY.id(), incident::CAUSE.id()];
        let subject = Subject::Conflict { kind: Some(RecordKind::Incident), fields };
        let zone = Zone::named("Asia/Shanghai").expect("a zone");
        assert_eq!(subject_text(&subject, zone, Locale::ZhCn), "冲突待处理 · 事件 · 优先级、原因");
        assert_eq!(
            subject_text(&subject, zone, Locale::En),
            "Conflict to settle · incident · severity, cause"
        );
    }

    #[test]
    fn both_leads_see_the_three_blocks_in_english() {
        let en = "Shift handover\nSite: Qingshiling pump station\nShift: 2026-03-01 night shift\nOutgoing: 张伟\n\
            Incoming: 李娜\nFrozen at: 1970-01-01 08:00\n\
            \nOpen items\n1. Incident · equipment fault · high severity, major · acknowledged · 2 号泵房，轴承 异响 · next owner: 李娜\n\
            \nPotential risks\n1. Finding · switch room · busbar temperature · warning · 61.5 ℃\n\
            \nResource state\nnone\n\
            \nHandover checklist\n1. 3 pump-house keys: normal\n\
            \nPhones not heard from\n1. 巡检手机 2 · no record ever received\n";
        assert_eq!(shown(Locale::En), en);
    }
}
