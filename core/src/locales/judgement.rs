//! What is said of an entry: how far its time can be trusted, and why it does not count.

use super::{Locale, Words, field_name, words};
use crate::base::Millis;
use crate::log::{Purpose, Quality};
use crate::merge::Breach;

words!(Quality {
    Self::Sampled => "时钟已校对", "clock checked";
    Self::Rebooted => "校对后重启过", "restarted since the check";
    Self::Moved => "时钟被改动", "clock was moved";
    Self::Unchecked => "时钟未校对", "clock never checked";
});

words!(Purpose {
    Self::Session => "登录签名", "signature under a sign-in";
    Self::Round => "巡检签名", "signature under a round";
    Self::Handover => "交接班签名", "signature under a handover";
    Self::Incident => "事件关闭签名", "signature under a closed incident";
});

/// By how much a phone's clock was wrong, in the largest unit that fits; none below two minutes, which clocks may differ by.
#[must_use]
pub fn clock_wrong_text(difference: Millis, locale: Locale) -> Option<String> {
    const UNITS: [(u64, &str, &str); 4] =
        [(365 * 24 * 60, "年", "year"), (24 * 60, "天", "day"), (60, "小时", "hour"), (1, "分钟", "minute")];
    let minutes = difference.unsigned_abs() / 60_000;
    let (unit, zh, en) = UNITS.into_iter().find(|(unit, ..)| minutes >= (*unit).max(2))?;
    let count = minutes / unit;
    Some(match (locale, count) {
        (Locale::ZhCn, _) => format!("手机时钟相差 {count} {zh}"),
        (Locale::En, 1) => format!("phone clock wrong by 1 {en}"),
        (Locale::En, _) => format!("phone clock wrong by {count} {en}s"),
    })
}

/// That a session was opened on a phone that had not heard of headquarters for longer than the rules allow.
#[must_use]
pub fn stale_text(days: u32, locale: Locale) -> String {
    match locale {
        Locale::ZhCn => format!("手机已有 {days} 天未与本部联系"),
        Locale::En => format!("the phone had not heard of headquarters for {days} days"),
    }
}

/// Why an entry does not count, in a clause.
#[must_use]
pub fn breach_text(breach: Breach, locale: Locale) -> String {
    let (zh, en) = match breach {
        Breach::NotAllowed(capability) => {
            let (zh, en) = capability.both();
            (format!("当时的岗位没有“{zh}”权限"), format!("no post held then may {en}"))
        }
        Breach::NoPerson => ("当时无人登录".into(), "nobody was signed in".into()),
        Breach::WrongSession => ("不在本人的登录时段内".into(), "not in a session of its author".into()),
        Breach::HqOnly => ("只有本部可以这样做".into(), "only headquarters may do this".into()),
        Breach::SiteOnly => ("只有现场人员可以这样做".into(), "only people at the site may do this".into()),
        Breach::ForeignField(field) => (
            format!("这种操作不能改动“{}”", field_name(field, Locale::ZhCn)),
            format!("this action does not change \"{}\"", field_name(field, Locale::En)),
        ),
        Breach::OtherName => ("以他人名义记录".into(), "in another person's name".into()),
        Breach::BadStatement => {
            ("本人签名缺失或无效".into(), "the person's signature is missing or not theirs".into())
        }
        Breach::OtherContent => (
            "内容与签名时不一致，不予采信".into(),
            "the content does not match what was signed; not accepted".into(),
        ),
        Breach::Excluded => ("核查后不采信".into(), "excluded after review".into()),
    };
    locale.pick(&zh, &en).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Capability;
    use crate::records::incident::SEVERITY;

    #[test]
    fn a_wrong_clock_is_told_in_the_largest_unit_that_fits() {
        const MINUTE: Millis = 60_000;
        let told = |minutes: Millis| {
            [Locale::ZhCn, Locale::En].map(|l| clock_wrong_text(minutes * MINUTE, l).unwrap_or_default())
        };
        assert_eq!(told(73 * 366 * 24 * 60), ["手机时钟相差 73 年", "phone clock wrong by 73 years"]);
        assert_eq!(told(-(24 * 60)), ["手机时钟相差 1 天", "phone clock wrong by 1 day"]);
        assert_eq!(told(61), ["手机时钟相差 1 小时", "phone clock wrong by 1 hour"]);
        assert_eq!(told(-2)[1], "phone clock wrong by 2 minutes");
        assert_eq!(told(1), ["", ""]);
        assert!(clock_wrong_text(Millis::MIN, Locale::En).is_some());
    }

    #[test]
    fn what_speaks_against_an_entry_is_said_in_both_languages() {
        let breach = Breach::ForeignField(SEVERITY.id());
        assert_eq!(breach_text(breach, Locale::ZhCn), "这种操作不能改动“优先级”");
        assert_eq!(breach_text(breach, Locale::En), "this action does not change \"severity\"");
        let breach = Breach::NotAllowed(Capability::Patrol);
        assert_eq!(breach_text(breach, Locale::En), "no post held then may walk rounds");
    }
}
