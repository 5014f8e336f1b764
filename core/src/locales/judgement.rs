//! What is said of an entry: how far its time can be trusted, and why it does not count.

use super::{Locale, Words, field_name, words};
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
    fn what_speaks_against_an_entry_is_said_in_both_languages() {
        let breach = Breach::ForeignField(SEVERITY.id());
        assert_eq!(breach_text(breach, Locale::ZhCn), "这种操作不能改动“优先级”");
        assert_eq!(breach_text(breach, Locale::En), "this action does not change \"severity\"");
        let breach = Breach::NotAllowed(Capability::Patrol);
        assert_eq!(breach_text(breach, Locale::En), "no post held then may walk rounds");
    }
}
