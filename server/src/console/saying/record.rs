//! What is said of attendance, rounds, incidents, handovers and chains.

use dutylog_core::base::{PersonId, RecordId, Value};
use dutylog_core::locales::stale_text;
use dutylog_core::records::checklist::{Item, ItemKind, reading_text};
use dutylog_core::records::round::{Answer, Reached, RoundStarted};
use dutylog_core::records::shift::{Attendance, Correction};
use dutylog_core::records::{FieldId, LongText, Member, chain, comment, handover, incident, round, shift};

use super::Sayer;

impl Sayer<'_> {
    pub(super) fn of_record(
        &self,
        record: Option<RecordId>,
        field: FieldId,
        member: Member,
        value: &Value,
    ) -> Option<String> {
        self.of_round(record, field, member, value)
            .or_else(|| self.of_incident(field, member, value))
            .or_else(|| self.of_handover(field, value))
            .or_else(|| self.of_attendance(field, value))
            .or_else(|| self.of_chain(field, value))
    }

    fn of_round(
        &self,
        record: Option<RecordId>,
        field: FieldId,
        member: Member,
        value: &Value,
    ) -> Option<String> {
        let number = if let Member::Number(number) = member { number } else { 0 };
        Some(if field == round::STARTED.id() {
            self.started(&Self::reads(value)?)
        } else if field == round::RESULT.id() {
            let item = record.and_then(|r| self.checklists.get(&r)?.item(number));
            self.answer(number, item, &Self::reads(value)?)
        } else if field == round::REACHED.id() {
            let reached: Reached = Self::reads(value)?;
            self.joined(&[
                self.checkpoint(reached.checkpoint),
                self.words.of(&reached.grade),
                reached.evidence,
            ])
        } else if field == round::SKIPPED.id() {
            self.joined(&[self.checkpoint(number), Self::reads(value)?])
        } else if field == round::REST_NORMAL.id() {
            self.checkpoint(number)
        } else if field == round::ROUND_SKIPPED.id() {
            Self::reads(value)?
        } else if field == round::SIGNED.id() {
            Self::reads::<round::RoundSigned>(value).map(|_| String::new())?
        } else {
            return None;
        })
    }

    fn started(&self, started: &RoundStarted) -> String {
        let plan = started.plan.and_then(|plan| self.board.plans.iter().rfind(|p| p.plan == plan.0));
        let name = plan.map(|p| self.words.pick(&p.name.0, &p.name.1).to_owned()).unwrap_or_default();
        self.joined(&[name, started.window.map(|w| self.words.window(w)).unwrap_or_default()])
    }

    /// One answer with what was asked, as far as the checklist is known.
    pub(in crate::console) fn answer(&self, number: u32, item: Option<&Item>, answer: &Answer) -> String {
        let asked = item.map_or_else(
            || self.words.pick(&format!("第 {number} 项"), &format!("item {number}")).to_owned(),
            |item| self.words.text(&item.text),
        );
        let found = match (item, self.reading(item, answer)) {
            (Some(item), Some(reading)) => format!("{reading} · {}", self.words.of(&answer.verdict(item))),
            (None, Some(reading)) => reading,
            (_, None) => self.words.of(&answer.status),
        };
        let note = answer.note.clone().unwrap_or_default();
        format!("{asked}{}{}", self.words.pick("：", ": "), self.joined(&[found, note]))
    }

    /// A reading with its unit; none if the answer is no reading.
    pub(in crate::console) fn reading(&self, item: Option<&Item>, answer: &Answer) -> Option<String> {
        let reading = answer.reading?;
        Some(match item.map(|i| &i.kind) {
            Some(ItemKind::Reading(spec)) => {
                format!("{} {}", reading_text(reading, spec.decimals), spec.unit).trim_end().to_owned()
            }
            _ => reading.to_string(),
        })
    }

    /// A checkpoint by its number, with its name if it is described.
    pub(in crate::console) fn checkpoint(&self, number: u32) -> String {
        let point = format!("{} {number}", self.words.pick("巡检点", "checkpoint"));
        match self.board.checkpoint(number) {
            Some(name) => format!("{point} · {}", self.words.text(&name)),
            None => point,
        }
    }

    fn of_incident(&self, field: FieldId, member: Member, value: &Value) -> Option<String> {
        let instants = [incident::OCCURRED.id(), incident::RECEIVED.id()];
        Some(if field == incident::KIND.id() {
            self.words.of(&Self::reads::<incident::IncidentKind>(value)?)
        } else if field == incident::SEVERITY.id() {
            self.words.of(&Self::reads::<incident::Severity>(value)?)
        } else if instants.contains(&field) {
            self.named(field, &self.words.moment(Self::reads(value)?).text)
        } else if field == incident::TIMELINE.id() {
            Self::reads::<incident::TimelineLine>(value)?.text
        } else if field == incident::PHONE_REPORT.id() {
            let report: incident::PhoneReport = Self::reads(value)?;
            self.joined(&[report.to, report.code])
        } else if field == incident::ASSIGNED.id() {
            self.assigned(member, Self::reads(value)?)
        } else if field == incident::ORIGIN.id() {
            let origin: incident::Origin = Self::reads(value)?;
            self.named(field, &origin.item.to_string())
        } else if field == incident::ACKNOWLEDGED.id() || field == incident::CLOSED.id() {
            String::new()
        } else if incident::INTAKE.contains(&field) || incident::CONCLUSION.contains(&field) {
            self.named(field, &Self::reads::<String>(value)?)
        } else {
            return None;
        })
    }

    fn assigned(&self, member: Member, assigned: bool) -> String {
        let Member::Id(id) = member else { return String::new() };
        let name = self.words.person(PersonId(id));
        match assigned {
            true => name,
            false => format!("{name} {}", self.words.pick("（撤下）", "(taken off)")),
        }
    }

    fn of_handover(&self, field: FieldId, value: &Value) -> Option<String> {
        Some(if field == handover::SIGNATURES.id() {
            let signed: handover::HandoverSignature = Self::reads(value)?;
            self.joined(&[self.words.of(&signed.role), self.words.of(&signed.decision), signed.remarks])
        } else if field == handover::WITHDRAWN.id() {
            Self::reads::<handover::Withdrawal>(value)?.reason
        } else if field == handover::ONE_SIDED.id() {
            Self::reads::<handover::OneSided>(value)?.reason
        } else if field == handover::DOCUMENT.id() {
            Self::reads::<handover::Document>(value).map(|d| first_lines(&d.text))?
        } else if field == handover::ADDENDUM_ACK.id() {
            String::new()
        } else if field == comment::COMMENTS.id() {
            Self::reads::<comment::Comment>(value)?.text
        } else {
            return None;
        })
    }

    fn of_attendance(&self, field: FieldId, value: &Value) -> Option<String> {
        if field == shift::CHECK_IN.id() || field == shift::CHECK_OUT.id() {
            let there: Attendance = Self::reads(value)?;
            let place = there.place.map(|p| self.words.of(&p.grade)).unwrap_or_default();
            return Some(self.joined(&[self.post(there.post), place]));
        }
        let correction: Correction =
            Some(field).filter(|f| *f == shift::CORRECTED.id()).and(Self::reads(value))?;
        Some(self.correction(&correction))
    }

    /// A correction of attendance.
    pub(in crate::console) fn correction(&self, correction: &Correction) -> String {
        let at = correction.at.map_or_else(
            || self.words.pick("未发生", "did not happen").to_owned(),
            |at| self.words.moment(at).text,
        );
        let kind = self.words.of(&correction.kind);
        self.joined(&[
            self.words.person(correction.person),
            format!("{kind} {at}"),
            correction.reason.clone(),
        ])
    }

    /// A post's name.
    pub(in crate::console) fn post(&self, post: RecordId) -> String {
        self.board
            .post(post)
            .map_or_else(|| super::super::words::short(&post.to_string()), |p| self.words.text(&p))
    }

    fn of_chain(&self, field: FieldId, value: &Value) -> Option<String> {
        Some(if field == chain::SESSION_OPENED.id() {
            let opened: chain::SessionOpened = Self::reads(value)?;
            let stale = opened.stale_days.map(|days| stale_text(days, self.words.locale()));
            self.joined(&[self.words.of(&opened.method), stale.unwrap_or_default()])
        } else if field == chain::SESSION_CLOSED.id() {
            self.words.of(&Self::reads::<chain::SessionClosed>(value)?.reason)
        } else if field == chain::CLOCK_CHANGED.id() {
            let change: chain::ClockChange = Self::reads(value)?;
            let [before, after] = [change.before, change.after].map(|at| self.words.second(at).text);
            format!("{before} → {after}")
        } else if field == chain::FORK_REVIEWED.id() {
            let review: chain::ForkReview = Self::reads(value)?;
            let cause = review.cause.map(|cause| self.words.of(&cause));
            self.joined(&[cause.unwrap_or_default(), review.note])
        } else if field == chain::HELD_REVIEWED.id() {
            let review: chain::HeldReview = Self::reads(value)?;
            self.joined(&[
                format!("{}–{}", review.first, review.last.seq),
                self.words.of(&review.decision),
                review.note,
            ])
        } else if field == chain::SNAPSHOT_TAKEN.id() {
            let taken: chain::SnapshotTaken = Self::reads(value)?;
            self.joined(&[taken.size.to_string(), super::super::words::hex(&taken.digest.0)])
        } else if field == chain::PHONE_NAMED.id() {
            let named: chain::PhoneNamed = Self::reads(value)?;
            self.joined(&[super::super::words::short(&named.device.to_string()), named.label])
        } else if field == chain::CODE_ISSUED.id() {
            let issued: chain::CodeIssued = Self::reads(value)?;
            let whom = issued.person.map(|person| self.words.person(person));
            let whom = whom.unwrap_or_else(|| self.words.pick("手机", "a phone").to_owned());
            self.joined(&[whom, super::super::words::hex(&issued.mark)])
        } else if field == chain::EPOCH_OPENED.id() {
            Self::reads::<chain::EpochOpened>(value)?.epoch.to_string()
        } else {
            return None;
        })
    }

    fn named(&self, field: FieldId, told: &str) -> String {
        let name = dutylog_core::locales::field_name(field, self.words.locale());
        format!("{name}{}{told}", self.words.pick("：", ": "))
    }
}

fn first_lines(text: &LongText) -> String {
    text.0.lines().skip(2).take(1).collect()
}
