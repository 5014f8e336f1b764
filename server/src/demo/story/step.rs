//! What happens, step by step, as plain data.

use dutylog_core::base::Millis;
use dutylog_core::capture::ShiftName;
use dutylog_core::records::calendar::Date;
use dutylog_core::records::incident::{IncidentKind, Severity};
use dutylog_core::records::round::{ItemStatus, PresenceGrade};

/// A record of the story before it has an identifier; counted for each site.
pub(in crate::demo) type Slot = u32;

/// One step.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Step {
    /// When, by the true time.
    pub(in crate::demo) at: Millis,
    /// At which site.
    pub(in crate::demo) site: usize,
    /// What.
    pub(in crate::demo) what: What,
}

/// What happens.
#[derive(Debug, Clone)]
pub(in crate::demo) enum What {
    /// Somebody does something on a phone.
    Phone(usize, Deed),
    /// One phone hands another what that one lacks, without any network.
    Pass {
        /// Who gives.
        from: usize,
        /// Who takes.
        to: usize,
    },
    /// The reviewer at headquarters takes notice of an incident.
    HqAcknowledges(Slot),
    /// The reviewer at headquarters comments on a record.
    HqComments(Slot, String),
}

/// Which window of which plan.
#[derive(Debug, Clone, Copy)]
pub(in crate::demo) struct Window {
    /// The plan's short name.
    pub(in crate::demo) plan: &'static str,
    /// The day on which it opens.
    pub(in crate::demo) date: Date,
    /// Which of the plan's windows of that day, in order of time.
    pub(in crate::demo) number: usize,
}

/// What is told of an incident after it was raised.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Told {
    /// When it happened.
    pub(in crate::demo) occurred: Option<Millis>,
    /// Who told.
    pub(in crate::demo) reporter: Option<String>,
    /// Where it is.
    pub(in crate::demo) place: Option<String>,
    /// What was found first.
    pub(in crate::demo) first_state: Option<String>,
}

/// What is found in the end.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Conclusion {
    /// How it ended.
    pub(in crate::demo) result: String,
    /// Why it happened.
    pub(in crate::demo) cause: String,
    /// Who answers for it.
    pub(in crate::demo) responsibility: String,
    /// What keeps it from happening again.
    pub(in crate::demo) countermeasure: String,
}

/// What somebody does on a phone, or what happens to the phone.
#[derive(Debug, Clone)]
pub(in crate::demo) enum Deed {
    /// A person signs in by PIN; whoever was signed in is signed out.
    SignIn(usize),
    /// Signs out.
    SignOut,
    /// Comes on duty.
    CheckIn(ShiftName, &'static str),
    /// Goes off duty.
    CheckOut(ShiftName, &'static str),
    /// Starts a planned round.
    Start(Slot, Window),
    /// Starts a round that nobody planned.
    Wander(Slot),
    /// Leaves a planned round out.
    SkipRound(Window, String),
    /// Reaches a checkpoint.
    Reach(Slot, u32, PresenceGrade),
    /// Answers an item.
    Answer(Slot, u32, ItemStatus, Option<i64>, Option<String>),
    /// Says that the rest at a checkpoint is normal.
    RestNormal(Slot, u32),
    /// Leaves a checkpoint out.
    SkipCheckpoint(Slot, u32, String),
    /// Signs the round.
    SignRound(Slot),
    /// Raises an incident, from an item of a round if it was found there.
    Raise(Slot, IncidentKind, Severity, Option<(Slot, u32)>, String),
    /// Tells more about an incident.
    Detail(Slot, Told),
    /// Adds a line to its timeline.
    Line(Slot, String),
    /// Reports it by telephone.
    ByPhone(Slot, String),
    /// Settles what was written about its place by two people who had not seen each other.
    SettlePlace(Slot),
    /// Closes it.
    Close(Slot, Box<Conclusion>),
    /// Offers the handover of a shift to a person.
    Offer(Slot, ShiftName, usize),
    /// Accepts it.
    Accept(Slot, String),
    /// Talks with the server; perhaps the first answer is lost on its way.
    Sync {
        /// Whether it is.
        lost_answer: bool,
    },
    /// The app is closed and opened again.
    Restart,
    /// The phone is switched off and on.
    Reboot,
    /// Somebody moves the wall clock.
    MoveClock(Millis),
}
