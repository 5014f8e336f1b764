//! From what the story says to what the person does on the phone.

use std::collections::BTreeMap;

use dutylog_core::base::{Millis, OrgId, PersonId, RecordId};
use dutylog_core::capture::{
    Action, AddTimelineLine, AnswerItem, CheckIn, CheckOut, CloseIncident, DetailIncident, Entered, Intake,
    Place as Proof, RaiseIncident, ReachCheckpoint, ReportByPhone, RestNormal, SettleConflict, ShiftName,
    SignRound, SkipCheckpoint, SkipRound, SkipWhat, StartRound, StartWhat,
};
use dutylog_core::log::text_digest;
use dutylog_core::merge::Lookup as _;
use dutylog_core::records::config::object_record;
use dutylog_core::records::incident::{Origin, PLACE};
use dutylog_core::records::round::{PresenceGrade, Window as Opening};
use dutylog_core::records::{Cell, Member, RecordKind};

use super::{Phone, PhoneError};
use crate::demo::story::{Conclusion, DUTY_PHONE, Deed, SUGGESTION, Slot, Told, Window, said};
use crate::demo::world::Place;

/// The site as its phones see it: what it is called, and which records there are by now.
#[derive(Debug)]
pub(in crate::demo) struct Scene {
    pub(in crate::demo) org: OrgId,
    pub(in crate::demo) place: &'static Place,
    pub(in crate::demo) records: BTreeMap<Slot, RecordId>,
}

impl Scene {
    /// The record of a slot.
    ///
    /// # Errors
    /// [`PhoneError::Unknown`]
    pub(in crate::demo) fn record(&self, slot: Slot) -> Result<RecordId, PhoneError> {
        self.records.get(&slot).copied().ok_or(PhoneError::Unknown(slot))
    }

    pub(super) fn person(&self, number: usize) -> PersonId {
        self.place.person(self.org, number)
    }

    fn named(&self, kind: RecordKind, key: &str) -> RecordId {
        object_record(self.place.site(self.org), kind, key.as_bytes())
    }
}

fn entered(text: &str) -> Option<Entered> {
    Some(text.into())
}

impl Phone {
    /// Does what the story says at a time.
    ///
    /// # Errors
    /// [`PhoneError`]
    pub(in crate::demo) fn play(
        &mut self,
        deed: &Deed,
        scene: &mut Scene,
        at: Millis,
    ) -> Result<(), PhoneError> {
        match deed {
            Deed::SignIn(person) => self.sign_in(scene.person(*person), at),
            Deed::SignOut => self.sign_out(at),
            Deed::Sync { lost_answer } => self.sync(at, *lost_answer),
            Deed::Restart => self.restart(at),
            Deed::Reboot => self.reboot(at),
            Deed::MoveClock(ms) => {
                self.move_clock(*ms);
                Ok(())
            }
            Deed::Start(slot, _) | Deed::Wander(slot) | Deed::Raise(slot, ..) => {
                let action = self.action(deed, scene, at)?;
                let created = self.act(action, at)?;
                scene.records.insert(*slot, created);
                Ok(())
            }
            Deed::Offer(slot, shift, to) => {
                let offered = self.offer(shift, scene.person(*to), at)?;
                scene.records.insert(*slot, offered);
                Ok(())
            }
            _ => {
                let action = self.action(deed, scene, at)?;
                self.act(action, at).map(drop)
            }
        }
    }

    fn action(&mut self, deed: &Deed, scene: &Scene, at: Millis) -> Result<Action, PhoneError> {
        Ok(match deed {
            Deed::CheckIn(shift, post) => self.check_in(scene, shift, post),
            Deed::CheckOut(shift, post) => {
                let post = scene.named(RecordKind::Post, post);
                CheckOut { shift: shift.clone(), post, place: None }.into()
            }
            Deed::Start(_, window) => {
                let (plan, window) = self.opening(scene, window, at)?;
                StartRound { what: StartWhat::Plan(plan, window) }.into()
            }
            Deed::Wander(_) => {
                let checklist = scene.named(RecordKind::Checklist, "daily");
                StartRound { what: StartWhat::Checklist(checklist) }.into()
            }
            Deed::SkipRound(window, reason) => {
                let (plan, window) = self.opening(scene, window, at)?;
                let reason = reason.as_str().into();
                SkipRound { what: SkipWhat::Planned(plan, window), reason }.into()
            }
            Deed::Reach(slot, checkpoint, grade) => {
                let round = scene.record(*slot)?;
                let evidence = self.proof(scene, *checkpoint, *grade);
                ReachCheckpoint { round, checkpoint: *checkpoint, grade: *grade, evidence }.into()
            }
            Deed::Answer(slot, item, status, reading, note) => AnswerItem {
                round: scene.record(*slot)?,
                item: *item,
                status: *status,
                reading: *reading,
                note: note.as_deref().map(Entered::from),
            }
            .into(),
            Deed::RestNormal(slot, checkpoint) => {
                RestNormal { round: scene.record(*slot)?, checkpoint: *checkpoint }.into()
            }
            Deed::SkipCheckpoint(slot, checkpoint, reason) => SkipCheckpoint {
                round: scene.record(*slot)?,
                checkpoint: *checkpoint,
                reason: reason.as_str().into(),
            }
            .into(),
            Deed::SignRound(slot) => self.shown_round(scene.record(*slot)?, at)?,
            Deed::Raise(_, kind, severity, origin, nature) => {
                let origin =
                    origin.map(|(round, item)| scene.record(round).map(|round| Origin { round, item }));
                let intake = Intake { nature: entered(nature), ..Intake::default() };
                let severity = Some(*severity);
                RaiseIncident { kind: *kind, severity, origin: origin.transpose()?, intake }.into()
            }
            Deed::Detail(slot, told) => {
                DetailIncident { incident: scene.record(*slot)?, intake: intake(told) }.into()
            }
            Deed::Line(slot, text) => {
                AddTimelineLine { incident: scene.record(*slot)?, text: text.as_str().into(), at: None }
                    .into()
            }
            Deed::ByPhone(slot, to) => {
                ReportByPhone { incident: scene.record(*slot)?, to: to.as_str().into() }.into()
            }
            Deed::SettlePlace(slot) => self.settle_place(scene.record(*slot)?)?,
            Deed::Close(slot, conclusion) => self.shown_close(scene.record(*slot)?, conclusion, at)?,
            Deed::Accept(slot, remarks) => self.acceptance(scene.record(*slot)?, remarks)?,
            Deed::SignIn(_)
            | Deed::SignOut
            | Deed::Sync { .. }
            | Deed::Restart
            | Deed::Reboot
            | Deed::MoveClock(_)
            | Deed::Offer(..) => return Err(PhoneError::Missing("an action in this deed")),
        })
    }

    fn check_in(&self, scene: &Scene, shift: &ShiftName, post: &str) -> Action {
        let tag = scene.place.plan.checkpoints[0].tag.as_deref().unwrap_or_default();
        let place = Some(Proof { grade: PresenceGrade::Nfc, evidence: tag.into() });
        CheckIn { shift: shift.clone(), post: scene.named(RecordKind::Post, post), place }.into()
    }

    /// The plan and the window as the phone's own configuration has them.
    fn opening(
        &mut self,
        scene: &Scene,
        window: &Window,
        at: Millis,
    ) -> Result<(RecordId, Opening), PhoneError> {
        let now = self.watch.read(at);
        let plan = scene.named(RecordKind::RoundPlan, window.plan);
        let context = self.companion()?.context(now)?;
        let zone = context.config.zone().ok_or(PhoneError::Missing("a time zone"))?;
        let known = context.config.plan(plan).ok_or(PhoneError::Missing("a round plan"))?;
        let opening = known.windows_on(window.date, zone).get(window.number).copied();
        Ok((plan, opening.ok_or(PhoneError::Missing("a window"))?))
    }

    fn proof(&self, scene: &Scene, checkpoint: u32, grade: PresenceGrade) -> Entered {
        let known = scene.place.plan.checkpoints.iter().find(|known| known.number == checkpoint);
        match grade {
            PresenceGrade::Nfc | PresenceGrade::Qr => {
                known.and_then(|known| known.tag.as_deref()).unwrap_or_default().into()
            }
            _ => "标签脱落 / the tag has come off".into(),
        }
    }

    /// The text is shown, and signed as shown.
    fn shown_round(&mut self, round: RecordId, at: Millis) -> Result<Action, PhoneError> {
        let now = self.watch.read(at);
        let text = SignRound::text(&self.companion()?.context(now)?, round, now.wall)?;
        Ok(SignRound { round, shown_at: now.wall, shown: text_digest(&text) }.into())
    }

    fn shown_close(
        &mut self,
        incident: RecordId,
        conclusion: &Conclusion,
        at: Millis,
    ) -> Result<Action, PhoneError> {
        let now = self.watch.read(at);
        let mut close = CloseIncident {
            incident,
            result: entered(&conclusion.result),
            cause: entered(&conclusion.cause),
            responsibility: entered(&conclusion.responsibility),
            countermeasure: entered(&conclusion.countermeasure),
            shown: None,
        };
        close.shown = Some(text_digest(&close.text(&self.companion()?.context(now)?)?));
        Ok(close.into())
    }

    /// Chooses the first of the places that were told.
    fn settle_place(&self, incident: RecordId) -> Result<Action, PhoneError> {
        let cell = Cell { record: incident, field: PLACE.id(), member: Member::Whole };
        let register = self.companion()?.store().reader().register(&cell)?;
        let value = register.values().next().cloned().ok_or(PhoneError::Missing("a place"))?;
        Ok(SettleConflict { cell, value, is_new: false }.into())
    }
}

fn intake(told: &Told) -> Intake {
    let whole = told.reporter.is_some();
    Intake {
        occurred: told.occurred,
        received: None,
        reporter: told.reporter.as_deref().map(Entered::from),
        contact: whole.then(|| DUTY_PHONE.into()),
        place: told.place.as_deref().map(Entered::from),
        nature: None,
        first_state: told.first_state.as_deref().map(Entered::from),
        suggestion: whole.then(|| said(SUGGESTION).into()),
    }
}
