//! The desk: headquarters as one more device.
//!
//! Whatever HQ does (acknowledge, comment, configure, certify, cut off) becomes an entry of HQ's own chain, which there is one of for each site and
//! server epoch, and takes the same way as a phone's: captured by the core's rules, sealed, appended, folded.
//!
//! An action is captured against what is folded and then appended under the site's lock, if HQ's chain still ends where it did; otherwise it is
//! captured again. So two consoles, or a console and the command line, never write one number twice.

mod apply;
mod circumstances;
mod compose;
mod epoch;
mod error;
mod guard;
mod invite;
mod lookup;
mod security;
mod standing;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use dutylog_core::base::{BootId, Millis, PersonId, SiteId};
use dutylog_core::capture::Action;
use dutylog_core::log::EntryRef;

pub use error::DeskError;
pub use standing::Standing;

use self::circumstances::Circumstances;
use self::guard::Guard;
use self::standing::Operator;
use crate::clock::Clock;
use crate::entropy::{EntropyError, random};
use crate::ingest::Ingest;
use crate::keys::ServerKeys;
use crate::ledger::{Appended, Proven, SiteScope, append};
use crate::views::{Projector, ViewError, Views};

/// How often an action is captured again because HQ's chain went on meanwhile.
const TRIES: u32 = 8;

/// HQ's desk; cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    ingest: Ingest,
    keys: Arc<ServerKeys>,
    projector: Arc<Projector>,
    views: Views,
    clock: Arc<dyn Clock>,
    guard: Guard,
    boot: BootId,
    began: Millis,
    /// Whoever writes at a site waits here first: it saves capturing again.
    turns: Mutex<BTreeMap<SiteId, Arc<tokio::sync::Mutex<()>>>>,
}

/// What a desk works with.
#[derive(Debug)]
pub struct DeskParts {
    /// The door to the ledger.
    pub ingest: Ingest,
    /// The server's keys.
    pub keys: Arc<ServerKeys>,
    /// What folds the log.
    pub projector: Arc<Projector>,
    /// What was folded.
    pub views: Views,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The folder in which the desk notes how far it has written, outside the database.
    pub guard: PathBuf,
}

impl Parts {
    /// Folds what there is. Another process that folds the same site at the same time only costs another look.
    async fn fold(&self, scope: SiteScope) -> Result<u64, ViewError> {
        loop {
            match self.projector.catch_up(scope).await {
                Err(ViewError::Overtaken) => (),
                answer => return answer,
            }
        }
    }
}

impl Desk {
    /// A desk.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new(parts: DeskParts) -> Result<Self, EntropyError> {
        let DeskParts { ingest, keys, projector, views, clock, guard } = parts;
        let (boot, began) = (BootId(random()?), clock.now_ms());
        let guard = Guard::in_folder(guard);
        let turns = Mutex::default();
        Ok(Self(Arc::new(Parts { ingest, keys, projector, views, clock, guard, boot, began, turns })))
    }

    /// Does something in HQ's name: by a person of HQ, whose rights at the site are checked, or by the server's administrator from the command
    /// line. When this returns it is durable, and every view shows it.
    ///
    /// # Errors
    /// [`DeskError`]
    pub async fn act(
        &self,
        scope: SiteScope,
        person: Option<PersonId>,
        action: impl Into<Action>,
    ) -> Result<EntryRef, DeskError> {
        let done = self.act_all(scope, person, vec![action.into()]).await?;
        done.into_iter().next().ok_or(DeskError::Overtaken)
    }

    /// As [`Desk::act`], as long as somebody's standing holds when the entry is appended.
    ///
    /// # Errors
    /// [`DeskError`]; [`DeskError::NoLonger`] if it does not hold any more.
    pub async fn act_while(
        &self,
        standing: Arc<dyn Standing>,
        scope: SiteScope,
        person: PersonId,
        action: impl Into<Action>,
    ) -> Result<EntryRef, DeskError> {
        let done = self.do_all(standing, scope, Some(person), vec![action.into()]).await?;
        done.into_iter().next().ok_or(DeskError::Overtaken)
    }

    /// Does several things at once, in as few segments as they fit. The actions are judged by what held before the first of them.
    ///
    /// # Errors
    /// [`DeskError`]; then none of those in the segment at hand was done, and those before it were.
    pub async fn act_all(
        &self,
        scope: SiteScope,
        person: Option<PersonId>,
        actions: Vec<Action>,
    ) -> Result<Vec<EntryRef>, DeskError> {
        self.do_all(Arc::new(Operator), scope, person, actions).await
    }

    async fn do_all(
        &self,
        standing: Arc<dyn Standing>,
        scope: SiteScope,
        person: Option<PersonId>,
        actions: Vec<Action>,
    ) -> Result<Vec<EntryRef>, DeskError> {
        let turn = self.turn(scope);
        // The work goes on if the caller goes away: what is begun is finished.
        let this = self.clone();
        let work = async move {
            let _turn = turn.lock_owned().await;
            this.open(scope).await?;
            let mut done = Vec::with_capacity(actions.len());
            for batch in actions.chunks(compose::BATCH) {
                done.extend(this.write(&*standing, scope, person, batch).await?);
            }
            Ok(done)
        };
        tokio::spawn(work).await?
    }

    fn turn(&self, scope: SiteScope) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.0.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(scope.site()).or_default())
    }

    /// Captures and appends one segment.
    async fn write(
        &self,
        standing: &dyn Standing,
        scope: SiteScope,
        person: Option<PersonId>,
        actions: &[Action],
    ) -> Result<Vec<EntryRef>, DeskError> {
        for _ in 0..TRIES {
            let now = Circumstances::of(&self.0, scope).await?;
            let written = compose::compose(&self.0, &now, person, actions.to_vec()).await?;
            if let Some(position) = self.append(standing, &now, &written.proven).await? {
                while self.0.fold(scope).await? <= position {}
                return Ok(written.entries);
            }
        }
        Err(DeskError::Overtaken)
    }

    /// Appends under the site's lock; none if HQ's chain does not end where it did when the segment was made.
    async fn append(
        &self,
        standing: &dyn Standing,
        now: &Circumstances,
        proven: &Proven,
    ) -> Result<Option<u64>, DeskError> {
        let mut writer = self.0.ingest.ledger().begin(now.scope).await?;
        if !standing.holds().await? {
            return Err(DeskError::NoLonger);
        }
        let unchanged = writer.highest(now.chain).await? == now.head && writer.state().epoch == now.epoch;
        if !unchanged {
            return Ok(None);
        }
        let Appended::Placed(placed) = append(&mut *writer, proven, now.at).await? else {
            return Ok(None);
        };
        writer.commit().await?;
        self.0.guard.note(now, proven.header().last());
        self.0.ingest.announce();
        Ok(Some(placed.receipt.log.size - 1))
    }
}
