//! A signature counts only for the content that was signed: a hostile phone that puts other words beside it gains nothing.

use std::collections::BTreeMap;

use dutylog_core::base::{Digest, PersonId, RecordId, Value};
use dutylog_core::capture::Intent;
use dutylog_core::locales::{Locale, breach_text};
use dutylog_core::log::{
    Certificate, EntryRef, HandoverDocument, Purpose, SecretKey, Segment, Trust, text_digest,
};
use dutylog_core::merge::{Breach, Forks, Knowledge, Verdict};
use dutylog_core::records::handover::{DOCUMENT, Decision, Document, HandoverSignature, Role, SIGNATURES};
use dutylog_core::records::incident::{CLOSED, Closed};
use dutylog_core::records::people::PostTemplate;
use dutylog_core::records::round::{RoundSigned, SIGNED};
use dutylog_core::records::{Bytes, Kind, LongText};
use dutylog_core::testing::{Author, START, World};

const RECORD: RecordId = RecordId([9; 16]);
const TEXT: &str = "The shift was quiet. 本班平静。";

struct Site {
    world: World,
    phone: Author,
    leads: [PersonId; 2],
}

fn site() -> Site {
    let mut world = World::new(3);
    let leads = ["Zhang", "Wang"].map(|name| world.person(name, PostTemplate::DutyLead));
    let mut phone = world.phone(&leads);
    phone.sign_in(leads[0]);
    Site { world, phone, leads }
}

impl Site {
    fn document(&self) -> HandoverDocument {
        HandoverDocument {
            org: self.world.org,
            site: self.world.site,
            record: RECORD,
            date: "2026-03-02".parse().expect("a day"),
            shift: "day".into(),
            from: self.leads[0],
            to: Some(self.leads[1]),
            heads: vec![],
            items: vec![],
            open: vec![],
            template: (RecordId::default(), 0),
            lang: "zh".into(),
            text: text_digest(TEXT),
            gaps: vec![],
            checkpoint: None,
            frozen_at: START,
        }
    }

    fn signature(&self, role: Role, decision: Decision, document: Digest) -> HandoverSignature {
        let person = self.leads[usize::from(role.code())];
        let to = (role == Role::Outgoing).then_some(self.leads[1]);
        HandoverSignature { person, role, decision, remarks: String::new(), at: START, document, to }
    }

    /// What becomes of the phone's newest entry.
    fn verdict(self) -> Verdict {
        let trust = self.world.trust();
        self.verdict_by(trust)
    }

    /// The same for one who has been given more certificates than headquarters issued.
    fn verdict_by(mut self, trust: Trust) -> Verdict {
        let hq = self.world.publish();
        let own = self.phone.seal();
        let mut knowledge = Knowledge::new(trust);
        let mut last = Verdict::Waits;
        for (segment, certificate) in [(hq, &self.world.hq.certificate), (own, &self.phone.certificate)] {
            last = judge_all(&mut knowledge, &segment, certificate);
        }
        last
    }
}

fn judge_all(knowledge: &mut Knowledge, segment: &Segment, certificate: &Certificate) -> Verdict {
    knowledge.learn_device(segment.header.chain, certificate);
    let mut last = Verdict::Waits;
    for (entry, leaf) in segment.decode().expect("ours").iter().zip(segment.leaves()) {
        let by = EntryRef { chain: segment.header.chain, seq: entry.seq, leaf };
        last = knowledge.judge(&segment.header, by, entry);
        let added = match &last {
            Verdict::Counts(plan) => Some(plan.apply(by, &BTreeMap::new(), &Forks::new()).additions),
            _ => None,
        };
        knowledge.learn(by, entry.at, added.as_deref());
    }
    last
}

fn details(role: Role, decision: Decision) -> Value {
    let code = |n: u16| Value::Int(n.into());
    Value::List(vec![code(role.code()), code(decision.code()), "".into(), Value::Null])
}

fn counts(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Counts(_))
}

/// What becomes of an offer whose parts may have been changed after it was signed.
fn offered(
    contents: impl FnOnce(&mut HandoverDocument),
    text: &str,
    signature: impl FnOnce(&mut HandoverSignature),
) -> Verdict {
    let mut site = site();
    let digest = HandoverDocument::digest(&site.document().to_bytes());
    let mut document = site.document();
    contents(&mut document);
    let mut signed = site.signature(Role::Outgoing, Decision::Accept, digest);
    signature(&mut signed);
    let carried = Document { bytes: Bytes(document.to_bytes()), text: LongText(text.into()) };
    let about = Intent::about(Kind::HandoverOffered, RECORD).set(DOCUMENT, &carried).add(SIGNATURES, &signed);
    let details = details(Role::Outgoing, Decision::Accept);
    site.phone.record(about.signed(Purpose::Handover, digest, details).done());
    site.verdict()
}

#[test]
fn a_handover_counts_with_the_document_and_text_that_were_signed_and_no_other() {
    assert!(counts(&offered(|_| (), TEXT, |_| ())));
    let other = [
        offered(|d| d.gaps.push("phone 7".into()), TEXT, |_| ()),
        offered(|_| (), "The shift was not quiet.", |_| ()),
        offered(|_| (), TEXT, |s| s.document = Digest::of(b"another")),
        offered(|_| (), TEXT, |s| s.remarks = "never said".into()),
        offered(|_| (), TEXT, |s| s.decision = Decision::AcceptWithRemarks),
        offered(|_| (), TEXT, |s| s.role = Role::Incoming),
        offered(|_| (), TEXT, |s| s.to = None),
        offered(|_| (), TEXT, |s| s.to = Some(s.person)),
    ];
    for verdict in other {
        assert_eq!(verdict, Verdict::Refused(Breach::OtherContent));
    }
    assert_eq!(
        [Locale::ZhCn, Locale::En].map(|l| breach_text(Breach::OtherContent, l)),
        ["内容与签名时不一致，不予采信", "the content does not match what was signed; not accepted"]
    );
}

#[test]
fn another_persons_document_or_record_cannot_be_offered() {
    let with = |change: fn(&mut HandoverDocument)| {
        let mut site = site();
        let mut document = site.document();
        change(&mut document);
        let bytes = document.to_bytes();
        let digest = HandoverDocument::digest(&bytes);
        let signed = site.signature(Role::Outgoing, Decision::Accept, digest);
        let carried = Document { bytes: Bytes(bytes), text: LongText(TEXT.into()) };
        let about = Intent::about(Kind::HandoverOffered, RECORD).set(DOCUMENT, &carried);
        let details = details(Role::Outgoing, Decision::Accept);
        site.phone.record(about.add(SIGNATURES, &signed).signed(Purpose::Handover, digest, details).done());
        site.verdict()
    };
    assert!(counts(&with(|_| ())));
    for change in [
        |d: &mut HandoverDocument| d.from = PersonId([7; 16]),
        |d: &mut HandoverDocument| d.record = RecordId([7; 16]),
    ] {
        assert_eq!(with(change), Verdict::Refused(Breach::OtherContent));
    }
}

#[test]
fn an_answer_says_what_its_statement_says_and_is_the_incoming_sides() {
    let answered = |kind, role, decision, said: Decision| {
        let mut site = site();
        let digest = Digest::of(b"what was offered");
        let signed = HandoverSignature { person: site.leads[0], ..site.signature(role, decision, digest) };
        let about = Intent::about(kind, RECORD).add(SIGNATURES, &signed);
        site.phone.record(about.signed(Purpose::Handover, digest, details(role, said)).done());
        site.verdict()
    };
    use Decision::{Accept, Refuse};
    assert!(counts(&answered(Kind::HandoverAccepted, Role::Incoming, Accept, Accept)));
    assert!(counts(&answered(Kind::HandoverRefused, Role::Incoming, Refuse, Refuse)));
    let table = [
        (Kind::HandoverAccepted, Role::Incoming, Accept, Refuse),
        (Kind::HandoverAccepted, Role::Incoming, Refuse, Refuse),
        (Kind::HandoverRefused, Role::Incoming, Accept, Accept),
        (Kind::HandoverAccepted, Role::Outgoing, Accept, Accept),
    ];
    for (kind, role, decision, said) in table {
        let verdict = answered(kind, role, decision, said);
        assert_eq!(
            verdict,
            Verdict::Refused(Breach::OtherContent),
            "{kind:?} {role:?} {decision:?} {said:?}"
        );
    }
}

#[test]
fn a_round_counts_as_signed_with_the_text_that_was_signed() {
    let signed = |text| {
        let mut site = site();
        let round = RoundSigned { person: site.leads[0], text, at: START };
        let about = Intent::about(Kind::RoundSigned, RECORD).add(SIGNED, &round);
        site.phone.record(about.signed(Purpose::Round, text_digest(TEXT), Value::List(vec![])).done());
        site.verdict()
    };
    assert!(counts(&signed(text_digest(TEXT))));
    assert_eq!(signed(text_digest("all is well")), Verdict::Refused(Breach::OtherContent));
}

#[test]
fn a_closing_that_claims_a_signature_carries_it() {
    let closed = |text, statement: Option<Digest>| {
        let mut site = site();
        let closed = Closed { person: site.leads[0], at: START, text };
        let about = Intent::about(Kind::IncidentClosed, RECORD).set(CLOSED, &closed);
        site.phone.record(match statement {
            Some(digest) => about.signed(Purpose::Incident, digest, Value::List(vec![])).done(),
            None => about.done(),
        });
        site.verdict()
    };
    let text = text_digest(TEXT);
    assert!(counts(&closed(None, None)), "enough unless the incident is major");
    assert!(counts(&closed(Some(text), Some(text))));
    assert_eq!(closed(Some(text), None), Verdict::Refused(Breach::BadStatement));
    assert_eq!(closed(Some(text_digest("x")), Some(text)), Verdict::Refused(Breach::OtherContent));
}

#[test]
fn nobody_becomes_the_lead_by_a_certificate_that_a_colleague_issued() {
    let vouched = |issuer: PostTemplate| {
        let mut site = site();
        let guard = site.world.person("Li", issuer);
        let mut phone = site.world.phone(&[guard]);
        let certificate = phone.vouch(guard, site.leads[0], SecretKey::from_seed([5; 32]));
        let mut trust = site.world.trust();
        trust.add(&certificate.bytes).expect("the issuer's key proves its form");
        phone.sign_in(site.leads[0]);
        Site { phone, ..site }.verdict_by(trust)
    };
    for issuer in [PostTemplate::DutyStaff, PostTemplate::DutyLead] {
        assert_eq!(vouched(issuer), Verdict::Refused(Breach::BadStatement), "{issuer:?}");
    }
}
