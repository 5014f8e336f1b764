//! What is called, and the duty it is called about.

use std::sync::Arc;

use dutylog::{IncidentIntake, IncidentKind, Logbook, NewIncident, RoundTask};

use crate::phone::{PIN, Phone, Site, now};

/// Rows on a page, and incidents on the phone.
pub(crate) const ROWS: u32 = 200;

/// A call that an app makes all day.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Call {
    /// Records the answer to an item of a round.
    Commit,
    /// A page of incidents.
    Page,
    /// Everything about an incident with ten lines.
    Detail,
    /// Begins a conversation and takes its first step: a request with what waits.
    Step,
}

impl Call {
    pub(crate) const ALL: [Self; 4] = [Self::Commit, Self::Page, Self::Detail, Self::Step];

    /// What a driver in another language is told.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Page => "page",
            Self::Detail => "detail",
            Self::Step => "step",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit of a check result",
            Self::Page => "page of 200 rows",
            Self::Detail => "detail of an incident",
            Self::Step => "first step of a conversation",
        }
    }

    /// How often each side has its turn in a round.
    pub(crate) fn turns(self) -> usize {
        match self {
            Self::Commit => 20,
            Self::Page | Self::Step => 5,
            Self::Detail => 50,
        }
    }
}

/// Calls in a turn: enough that a process that was woken for it is warm.
pub(crate) const TURN: usize = 10;

/// Somebody who makes these calls, a turn of them, and says how long each took in microseconds.
pub(crate) trait Caller {
    fn call(&mut self, call: Call) -> Vec<f64>;
}

/// A phone on duty: somebody is signed in, a round is being walked, and there is as much on record as a page shows.
pub(crate) struct Duty {
    pub(crate) phone: Phone,
    pub(crate) person: String,
    pub(crate) round: String,
    pub(crate) item: u32,
    pub(crate) incident: String,
}

impl Duty {
    pub(crate) fn begin(site: &mut Site) -> Self {
        let phone = site.phone();
        let person = phone.enrolled(site);
        let app = Arc::clone(&phone.app);
        app.sign_in(person.clone(), PIN.into(), now(1)).expect("signed in");
        let checklist = app.checklists().expect("an answer").swap_remove(0).id;
        let round =
            app.start_round(draft(&app), RoundTask::Checklist { checklist }, now(2)).expect("begun").record;
        let detail = app.round(round.clone(), now(3)).expect("it is there");
        let mut items = detail.checkpoints.into_iter().flat_map(|checkpoint| checkpoint.items);
        let item = items.find(|item| !item.asks_reading).expect("one that asks for no number").number;
        let raised = (0..ROWS).fold(None, |_, n| Some(raise(&app, n)));
        let incident = raised.expect("there are some");
        for line in 0..10 {
            let text = format!("What was done at minute {line}.");
            app.add_timeline(draft(&app), incident.clone(), text, None, now(5)).expect("added");
        }
        Self { phone, person, round, item, incident }
    }
}

pub(crate) fn draft(app: &Logbook) -> String {
    app.new_draft().expect("a draft")
}

fn raise(app: &Logbook, n: u32) -> String {
    let nature = Some(format!("Water in the cable duct, seen from marker {n}"));
    let place = Some("main building, ground floor".to_owned());
    let intake = IncidentIntake { nature, place, ..IncidentIntake::default() };
    let new =
        NewIncident { kind: IncidentKind::Water, severity: None, from_round: None, from_item: None, intake };
    app.raise_incident(draft(app), new, now(4)).expect("raised").record
}
