//! The views: what the log comes to, as rows that pages read. Caches of the one fold in `core`; they can be dropped and built
//! again to the same content. `project` writes them; the other modules read, one a family of pages.
//!
//! Lists read indexes and summary rows, never a whole log: what a page costs does not grow with the site's history.

mod board;
mod bulk;
mod cell;
mod columns;
mod disputed;
mod entry;
mod error;
mod family;
mod forks;
mod handovers;
mod incidents;
mod overview;
mod people;
mod phones;
mod planned;
mod project;
mod record;
mod rounds;
mod said;
mod snapshot;
mod states;
mod timeline;
mod verdict;

use std::sync::Arc;

use dutylog_core::log::Trust;
use sqlx::{Row as _, SqlitePool};

pub use board::{Board, PhoneCard, PlanVersion};
pub use disputed::DisputedLine;
pub use entry::{EntryDetail, Inclusion};
pub use error::ViewError;
pub use family::Family;
pub use forks::{Branch, ForkDetail};
pub use handovers::{Addendum, HandoverDetail, HandoverLine, SignedBlock};
pub use incidents::{IncidentDetail, IncidentLine, Intake};
pub use overview::{RoundCounts, SiteLine};
pub use people::{AttendanceLine, PersonLine};
pub use phones::{ChainView, Contact, PhoneView};
pub use planned::{Planned, planned};
pub use project::Projector;
pub use rounds::{ItemLine, PointLine, RoundDetail, RoundLine};
pub use said::{Behind, Said, SignatureCheck};
pub use snapshot::{Described, EnteredSnapshot};
pub use states::{IncidentAt, RoundAt};
pub use timeline::{Filter, Line, Lines, Mark, Times};
pub use verdict::{Outcome, Standing, breach_of};

use crate::database::Database;
use crate::ledger::{Ledger, SiteScope};

/// What pages read.
#[derive(Clone)]
pub struct Views {
    database: Database,
    ledger: Arc<dyn Ledger>,
    root: Trust,
}

impl std::fmt::Debug for Views {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Views").finish_non_exhaustive()
    }
}

impl Views {
    /// Reads the views of a database, and the evidence behind them from the ledger, trusting the organisation's root key.
    #[must_use]
    pub fn new(database: Database, ledger: Arc<dyn Ledger>, root: Trust) -> Self {
        Self { database, ledger, root }
    }

    const fn readers(&self) -> &SqlitePool {
        self.database.readers()
    }

    /// The site's names, plans and phones; empty before HQ has described it.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn board(&self, scope: SiteScope) -> Result<Board, ViewError> {
        let row = sqlx::query("SELECT board FROM view_sites WHERE site = $1")
            .bind(scope.site().0.to_vec())
            .fetch_optional(self.readers())
            .await?;
        row.map_or(Ok(Board::default()), |row| parse_board(row.try_get("board")?))
    }

    /// The keys that the site's log is verified with.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn trust(&self, scope: SiteScope) -> Result<Trust, ViewError> {
        let mut trust = self.root.clone();
        for bytes in self.ledger.certificates(scope).await? {
            // One that does not verify certifies nothing.
            let _ = trust.add(&bytes);
        }
        Ok(trust)
    }
}

fn parse_board(text: &str) -> Result<Board, ViewError> {
    if text.is_empty() {
        return Ok(Board::default());
    }
    serde_json::from_str(text).map_err(|e| ViewError::damaged(format!("a board: {e}")))
}
