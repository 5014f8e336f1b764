//! The calls in Rust: what there is without any boundary.

use std::sync::Arc;
use std::time::Instant;

use dutylog::{Answer, ItemStatus, Logbook, Step};

use crate::caller::{Call, Caller, Duty, ROWS, TURN, draft};
use crate::phone::now;

pub(crate) struct Inside {
    duty: Duty,
}

impl Inside {
    pub(crate) fn new(duty: Duty) -> Self {
        Self { duty }
    }

    fn once(&self, call: Call) -> f64 {
        let Duty { phone, round, item, incident, .. } = &self.duty;
        let app = &phone.app;
        match call {
            Call::Commit => {
                let answer = Answer {
                    round: round.clone(),
                    item: *item,
                    status: ItemStatus::Normal,
                    reading: None,
                    note: None,
                };
                timed(draft(app), |draft| app.answer_item(draft, answer, now(10)).map(drop))
            }
            Call::Page => timed((), |()| app.incidents(None, ROWS).map(drop)),
            Call::Detail => timed(incident.clone(), |incident| app.incident(incident, now(10)).map(drop)),
            Call::Step => timed(Arc::clone(app), step),
        }
    }
}

fn step(app: Arc<Logbook>) -> Result<(), dutylog::DutylogError> {
    let step = app.begin_sync()?.next(now(10))?;
    assert!(matches!(step, Step::Http { .. }), "there is something to send");
    Ok(())
}

/// Microseconds that a call takes, with what it is given made before.
fn timed<T>(given: T, call: impl FnOnce(T) -> Result<(), dutylog::DutylogError>) -> f64 {
    let started = Instant::now();
    call(given).expect("it is lawful");
    started.elapsed().as_secs_f64() * 1e6
}

impl Caller for Inside {
    fn call(&mut self, call: Call) -> Vec<f64> {
        (0..TURN).map(|_| self.once(call)).collect()
    }
}
