//! Names around rounds, and the text under which a round is signed.

use std::collections::BTreeMap;

use super::text::{Sheet, joined, one_line};
use super::{Locale, Words, words};
use crate::base::Millis;
use crate::records::Bilingual;
use crate::records::calendar::Zone;
use crate::records::checklist::{Checklist, Item, ItemKind, NO_CHECKPOINT, Verdict, reading_text};
use crate::records::round::{Answer, ItemStatus, Outcome, PresenceGrade, RoundFindings, RoundStatus, Window};

words!(Verdict {
    Self::Normal => "正常", "normal";
    Self::Warning => "预警", "warning";
    Self::Alarm => "告警", "alarm";
});

words!(ItemStatus {
    Self::Normal => "正常", "normal";
    Self::Abnormal => "异常", "abnormal";
    Self::NotApplicable => "不适用", "not applicable";
});

words!(PresenceGrade {
    Self::Nfc => "NFC 标签", "NFC tag";
    Self::Qr => "二维码", "QR code";
    Self::Position => "定位", "position";
    Self::Typed => "手工填写", "typed";
});

words!(RoundStatus {
    Self::Upcoming => "未到时间", "upcoming";
    Self::Due => "待巡检", "due";
    Self::Running => "巡检中", "running";
    Self::OnTime => "按时", "on time";
    Self::Late => "超时完成", "late";
    Self::Skipped => "跳检", "skipped";
    Self::Missed => "漏检", "missed";
    Self::NotHereYet(_) => "待同步", "not here yet";
    Self::Unknown(_) => "无法判定", "unknown";
});

/// Everything the text of a finished round says.
#[derive(Debug)]
pub struct RoundSheet<'a> {
    /// The site's name.
    pub site: &'a Bilingual,
    /// The site's zone.
    pub zone: Zone,
    /// The plan's name; none for a round that nobody planned.
    pub plan: Option<&'a Bilingual>,
    /// When it was due.
    pub window: Option<Window>,
    /// When it began.
    pub started_at: Millis,
    /// When it is signed.
    pub signed_at: Millis,
    /// Who signs.
    pub signer: &'a str,
    /// What was asked.
    pub checklist: &'a Checklist,
    /// The names of the checkpoints, by number.
    pub checkpoints: &'a BTreeMap<u32, Bilingual>,
    /// What was found.
    pub findings: &'a RoundFindings,
    /// How presence was proven, by checkpoint.
    pub grades: &'a BTreeMap<u32, PresenceGrade>,
}

/// The exact text that is shown to the person who signs a round.
#[must_use]
pub fn round_text(sheet: &RoundSheet<'_>, locale: Locale) -> String {
    let mut text = Sheet::new(locale, "巡检记录", "Round record");
    let time = |at| sheet.zone.minute_text(at);
    text.fact("站点", "Site", sheet.site.get(locale));
    let plan = sheet.plan.map_or(locale.pick("计划外巡检", "unplanned round"), |p| p.get(locale));
    text.fact("巡检计划", "Round plan", plan);
    if let Some(window) = sheet.window {
        text.fact("应检时段", "Due", &format!("{} – {}", time(window.start), time(window.end)));
    }
    text.fact("开始", "Started", &time(sheet.started_at));
    text.fact("签名时间", "Signed", &time(sheet.signed_at));
    text.fact("签名人", "Signed by", sheet.signer);
    let version = sheet.checklist.version.to_string();
    let version = joined(&[sheet.checklist.name.get(locale), &version]);
    text.fact("检查表及版本", "Checklist and version", &version);
    for number in sheet.checklist.checkpoints() {
        text.heading(&sheet.checkpoint_heading(number, locale));
        let items = sheet.checklist.items.iter().filter(|i| i.checkpoint == number);
        text.numbered(items.map(|i| sheet.item_line(i, locale)));
    }
    text.finish()
}

impl RoundSheet<'_> {
    fn checkpoint_heading(&self, number: u32, locale: Locale) -> String {
        if number == NO_CHECKPOINT {
            return locale.pick("其他检查项", "Other items").to_owned();
        }
        let name = self.checkpoints.get(&number).map_or("", |n| n.get(locale));
        let grade = self
            .grades
            .get(&number)
            .map_or(locale.pick("无到位证据", "no proof of presence"), |g| g.words(locale));
        let label = format!("{} {number}", locale.pick("巡检点", "Checkpoint"));
        joined(&[&label, name, grade])
    }

    fn item_line(&self, item: &Item, locale: Locale) -> String {
        let colon = locale.pick("：", ": ");
        let outcome = outcome_text(item, &self.findings.outcome(item), locale);
        format!("{}{colon}{outcome}", one_line(item.text.get(locale)))
    }
}

/// What became of an item, as people read it: `12.34 MPa · 预警 · note`.
#[must_use]
pub fn outcome_text(item: &Item, outcome: &Outcome<'_>, locale: Locale) -> String {
    match outcome {
        Outcome::Answered(answer, verdict) => answer_text(item, answer, *verdict, locale),
        Outcome::RestNormal => locale.pick("正常（其余正常）", "normal (the rest is normal)").to_owned(),
        Outcome::Skipped(reason) => joined(&[locale.pick("跳检", "skipped"), reason]),
        Outcome::Open => locale.pick("未填", "not answered").to_owned(),
    }
}

fn answer_text(item: &Item, answer: &Answer, verdict: Verdict, locale: Locale) -> String {
    let note = answer.note.as_deref().unwrap_or_default();
    let status = answer.status.words(locale);
    match (&item.kind, answer.reading) {
        (ItemKind::Reading(spec), Some(reading)) => {
            let reading = format!("{} {}", reading_text(reading, spec.decimals), spec.unit);
            let ticked = if answer.status == ItemStatus::Normal { "" } else { status };
            joined(&[&reading, verdict.words(locale), ticked, note])
        }
        _ => joined(&[status, note]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::records::checklist::{Limits, ReadingSpec};

    fn checklist() -> Checklist {
        let limits = Limits { high_warn: Some(60), ..Limits::default() };
        let spec = ReadingSpec { unit: "MPa".into(), decimals: 2, limits };
        let item = |number, checkpoint, zh: &str, en: &str, kind| Item {
            number,
            checkpoint,
            text: Bilingual::new(zh, en),
            kind,
            required: true,
        };
        let items = vec![
            item(1, 1, "指示灯", "indicator lights", ItemKind::Status),
            item(2, 1, "出口压力", "outlet pressure", ItemKind::Reading(spec)),
            item(3, 2, "门锁", "door lock", ItemKind::Status),
        ];
        Checklist {
            name: Bilingual::new("日常巡检表", "daily checklist"), version: 3, items, active: true
        }
    }

    #[test]
    fn the_signer_sees_every_item_and_how_presence_was_proven() {
        let answer =
            Answer { status: ItemStatus::Normal, reading: Some(61), note: Some("振动\n偏大".into()) };
        let findings = RoundFindings {
            answers: BTreeMap::from([(2, answer)]),
            rest_normal: BTreeSet::from([1]),
            skipped: BTreeMap::from([(2, "积雪封门".into())]),
        };
        let sheet = RoundSheet {
            site: &Bilingual::new("青石岭泵站", "Qingshiling pump station"),
            zone: Zone::named("Asia/Shanghai").expect("a zone"),
            plan: Some(&Bilingual::new("夜间巡检", "night round")),
            window: Some(Window { start: 0, end: 3_600_000 }),
            started_at: 60_000,
            signed_at: 1_800_000,
            signer: "张伟",
            checklist: &checklist(),
            checkpoints: &BTreeMap::from([(1, Bilingual::new("1 号泵", "pump 1"))]),
            findings: &findings,
            grades: &BTreeMap::from([(1, PresenceGrade::Nfc)]),
        };
        let zh = "巡检记录\n站点：青石岭泵站\n巡检计划：夜间巡检\n应检时段：1970-01-01 08:00 – 1970-01-01 09:00\n\
            开始：1970-01-01 08:01\n签名时间：1970-01-01 08:30\n签名人：张伟\n检查表及版本：日常巡检表 · 3\n\
            \n巡检点 1 · 1 号泵 · NFC 标签\n1. 指示灯：正常（其余正常）\n2. 出口压力：0.61 MPa · 预警 · 振动 偏大\n\
            \n巡检点 2 · 无到位证据\n1. 门锁：跳检 · 积雪封门\n";
        assert_eq!(round_text(&sheet, Locale::ZhCn), zh);
        let en = round_text(&sheet, Locale::En);
        assert!(en.contains("2. outlet pressure: 0.61 MPa · warning · 振动 偏大\n"), "{en}");
        assert!(en.contains("1. door lock: skipped · 积雪封门\n"), "{en}");
    }
}
