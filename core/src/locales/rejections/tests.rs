use std::collections::BTreeSet;

use super::*;
use crate::records::handover::HandoverState;
use crate::records::incident::{CAUSE, SEVERITY};
use crate::records::{Capability, Kind, RecordKind};

fn every() -> Vec<Rejection> {
    use Rejection as R;
    let name = || Bilingual::new("1 号泵", "pump 1");
    let names = || vec![name(), Bilingual::new("门锁", "door lock")];
    let field = SEVERITY.id();
    vec![
        R::NobodySignedIn,
        R::NotAllowed { capability: Capability::CloseIncident },
        R::HqOnly { kind: Kind::HeldReviewed },
        R::SiteOnly { kind: Kind::RoundStarted },
        R::NotHere { kind: RecordKind::Incident },
        R::SiteNotDescribed,
        R::NoSuchShift { date: "2026-03-01".parse().expect("a day"), key: "night".into() },
        R::PostNotYours { post: name() },
        R::AlreadyCheckedIn { post: name(), since: 0 },
        R::NoSuchWindow { plan: name() },
        R::RoundSigned,
        R::RoundSkipped,
        R::AlreadySigned,
        R::NoSuchItem { item: 3 },
        R::NoSuchCheckpoint { checkpoint: 4 },
        R::ReadingMissing { item: name() },
        R::ReadingNotAsked { item: name() },
        R::WrongTag { checkpoint: name() },
        R::NoTagOnRecord { checkpoint: name() },
        R::NothingLeftNormal { checkpoint: name() },
        R::ItemsOpen { items: names() },
        R::ItemsDisputed { items: names() },
        R::ShownTextChanged,
        R::IncidentClosed,
        R::IncidentIncomplete { missing: vec![field], disputed: vec![CAUSE.id()] },
        R::AlreadyAcknowledged,
        R::NothingEntered,
        R::TextMissing { asked: Asked::Reason },
        R::TextTooLong { bytes: 17_000, limit: 16_384 },
        R::ControlCharacter,
        R::TooLarge,
        R::OwnersMissing { items: vec!["漏水".into()] },
        R::LinesUnanswered { lines: names() },
        R::HandoverStands { state: HandoverState::Withdrawn },
        R::DocumentUnsound,
        R::StatementUnsound,
        R::NotAddressee { to: "李娜".into() },
        R::OwnHandover,
        R::NotOutgoing { from: "张伟".into() },
        R::NotSigner,
        R::NothingToSettle { field },
        R::NotALiveValue { field },
        R::ValueUnfit { field },
        R::EntryElsewhere,
        R::AlreadyClaimed,
    ]
}

#[test]
fn every_rejection_has_its_own_sentence_in_both_languages_and_says_what_to_do() {
    let codes: Vec<_> = every().iter().map(Rejection::code).collect();
    assert_eq!(codes, Rejection::CODES, "one of each");
    for locale in Locale::ALL {
        let mut seen = BTreeSet::new();
        for rejection in every() {
            let text = rejection_text(&rejection, Zone::named("Asia/Shanghai"), *locale);
            let end = locale.pick("。", ".");
            assert!(text.sentence.ends_with(end) && text.what_to_do.ends_with(end), "{text:?}");
            let chinese = text.what_to_do.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert_eq!(chinese, *locale == Locale::ZhCn, "{text:?}");
            assert!(seen.insert(text.sentence.clone()), "{text:?} says what another says");
        }
    }
}

#[test]
fn what_is_missing_is_named() {
    let rejection =
        Rejection::IncidentIncomplete { missing: vec![SEVERITY.id()], disputed: vec![CAUSE.id()] };
    let zh = rejection_text(&rejection, None, Locale::ZhCn);
    assert_eq!(zh.sentence, "尚缺：“优先级”。有不同内容待处理：“原因”。");
    let en = rejection_text(&rejection, None, Locale::En);
    assert_eq!(en.sentence, "Still missing: \"severity\". Still in conflict: \"cause\".");
}
