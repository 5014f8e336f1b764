//! All sites on one page: how fresh each is, what is open, what was due today.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{DeviceId, Millis, SiteId};
use dutylog_core::records::round::RoundStatus;
use dutylog_core::records::{Bilingual, RecordKind};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::bulk::Bulk;
use super::phones::{ChainView, Contact, PhoneView, chain, contact, phone};
use super::rounds::{RoundLine, RoundRow, lines};
use super::{Board, ViewError, Views, columns, parse_board};
use crate::ledger::SiteScope;

/// Today's rounds of a site by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundCounts {
    /// Done in time.
    pub on_time: u32,
    /// Done late.
    pub late: u32,
    /// Being walked.
    pub running: u32,
    /// The window is open, nobody has begun.
    pub due: u32,
    /// Still to come.
    pub upcoming: u32,
    /// Left out with a reason.
    pub skipped: u32,
    /// Not done: every phone was heard.
    pub missed: u32,
    /// On their way.
    pub not_here_yet: u32,
    /// Nobody can know: phones are silent.
    pub unknown: u32,
    /// Those phones.
    pub silent: BTreeSet<DeviceId>,
}

impl RoundCounts {
    fn count(&mut self, status: &RoundStatus) {
        let slot = match status {
            RoundStatus::OnTime => &mut self.on_time,
            RoundStatus::Late => &mut self.late,
            RoundStatus::Running => &mut self.running,
            RoundStatus::Due => &mut self.due,
            RoundStatus::Upcoming => &mut self.upcoming,
            RoundStatus::Skipped => &mut self.skipped,
            RoundStatus::Missed => &mut self.missed,
            RoundStatus::NotHereYet(_) => &mut self.not_here_yet,
            RoundStatus::Unknown(phones) => {
                self.silent.extend(phones);
                &mut self.unknown
            }
        };
        *slot += 1;
    }

    fn of(lines: &[RoundLine]) -> Self {
        let mut counts = Self::default();
        lines.iter().filter_map(|line| line.status.as_ref()).for_each(|status| counts.count(status));
        counts
    }
}

/// One site of the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteLine {
    /// Which.
    pub site: SiteId,
    /// Its name; empty before HQ has described it.
    pub name: Bilingual,
    /// Its phones: how fresh each is, and whether it was copied.
    pub phones: Vec<PhoneView>,
    /// Incidents that are not closed.
    pub open_incidents: u32,
    /// Those of them that are major.
    pub open_major: u32,
    /// Today's rounds by what became of them.
    pub rounds: RoundCounts,
    /// Each of them, newest first.
    pub today: Vec<RoundLine>,
    /// Its zone and the names of people, posts and plans.
    pub board: Board,
    /// Handovers that are offered or signed by one side.
    pub unsigned_handovers: u32,
    /// Records with values that nobody has settled.
    pub conflicts: u32,
    /// Entries that a newer version is needed for.
    pub opaque: u32,
    /// Entries that do not count.
    pub refused: u32,
    /// Entries that wait to be reviewed.
    pub held: u32,
    /// Entries that wait for what they are judged by.
    pub waiting: u32,
}

impl SiteLine {
    /// When something of any phone last arrived.
    #[must_use]
    pub fn fresh(&self) -> Option<Millis> {
        self.phones.iter().filter_map(PhoneView::last_contact).max()
    }
}

const KEYS: &str = "WITH k (site) AS (VALUES";
const SITES: Bulk = Bulk::lookup(KEYS, ") SELECT v.* FROM k CROSS JOIN view_sites v WHERE v.site = k.site");
const CHAINS: Bulk = Bulk::lookup(
    KEYS,
    ") SELECT c.*, coalesce(t.seq, 0) AS told FROM k CROSS JOIN view_chains c
     LEFT JOIN view_told t ON t.site = c.site AND t.chain = c.chain WHERE c.site = k.site",
);
const CONTACTS: Bulk =
    Bulk::lookup(KEYS, ") SELECT c.* FROM k CROSS JOIN view_contacts c WHERE c.site = k.site");
const ROUNDS: Bulk = Bulk::lookup(
    "WITH k (site, since, until, kind) AS (VALUES",
    ") SELECT r.site, r.record, r.state, r.plan, r.at_ms, r.first_ms, r.done_ms, r.summary
     FROM k CROSS JOIN view_records r
     WHERE r.site = k.site AND r.kind = k.kind AND r.at_ms >= k.since AND r.at_ms < k.until",
);

type BySite<T> = BTreeMap<SiteId, Vec<T>>;

impl Views {
    /// The sites of a page, open major incidents first, then the number of what is open, then name.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn overview(&self, scopes: &[SiteScope], now: Millis) -> Result<Vec<SiteLine>, ViewError> {
        let Some(first) = scopes.first() else { return Ok(Vec::new()) };
        let rows = self.gather(first.site(), scopes, now).await?;
        let line = |scope: &SiteScope| rows.line(scope.site(), now);
        let mut sites = scopes.iter().map(line).collect::<Result<Vec<_>, _>>()?;
        sites.sort_by(|a, b| rank(a).cmp(&rank(b)));
        Ok(sites)
    }

    async fn gather(&self, first: SiteId, scopes: &[SiteScope], now: Millis) -> Result<Rows, ViewError> {
        let mut db = self.readers().acquire().await?;
        let keys: Vec<_> = scopes.iter().map(|s| vec![s.site().0.into()]).collect();
        let mut rows = Rows {
            chains: by_site(CHAINS.fetch(&mut db, first, &keys).await?, |row| chain(&row))?,
            contacts: by_site(CONTACTS.fetch(&mut db, first, &keys).await?, |row| contact(&row))?,
            ..Rows::default()
        };
        for row in SITES.fetch(&mut db, first, &keys).await? {
            let board = parse_board(row.try_get("board")?)?;
            let day = today(&board, now);
            rows.sites.insert(SiteId(columns::fixed(&row, "site")?), (row, board, day));
        }
        let days = rows.sites.iter().map(|(site, (.., (from, until)))| {
            vec![site.0.into(), (*from).into(), (*until).into(), RecordKind::Round.code().into()]
        });
        let days: Vec<_> = days.collect();
        rows.rounds = by_site(ROUNDS.fetch(&mut db, first, &days).await?, |row| RoundRow::read(&row))?;
        Ok(rows)
    }
}

/// What the overview is made of, site by site.
#[derive(Default)]
struct Rows {
    sites: BTreeMap<SiteId, (SqliteRow, Board, (Millis, Millis))>,
    chains: BySite<([u8; 16], ChainView)>,
    contacts: BySite<([u8; 16], Contact)>,
    rounds: BySite<RoundRow>,
}

impl Rows {
    fn line(&self, site: SiteId, now: Millis) -> Result<SiteLine, ViewError> {
        let Some((row, board, (from, until))) = self.sites.get(&site) else { return Ok(unfolded(site)) };
        let chains = self.chains.get(&site).map(Vec::as_slice).unwrap_or_default();
        let contacts = self.contacts.get(&site).map(Vec::as_slice).unwrap_or_default();
        let phones: Vec<_> = board.phones.iter().map(|card| phone(card, chains, contacts)).collect();
        let walked = self.rounds.get(&site).map(Vec::as_slice).unwrap_or_default();
        let lines = lines(board, &phones, walked, *from, *until, now);
        site_line(row, site, board.clone(), phones, lines)
    }
}

fn rank(line: &SiteLine) -> (std::cmp::Reverse<(u32, u32)>, &str, SiteId) {
    (std::cmp::Reverse((line.open_major, line.open_incidents)), &line.name.en, line.site)
}

fn by_site<T>(
    rows: Vec<SqliteRow>,
    mut read: impl FnMut(SqliteRow) -> Result<T, ViewError>,
) -> Result<BySite<T>, ViewError> {
    let mut sites = BySite::new();
    for row in rows {
        let site = SiteId(columns::fixed(&row, "site")?);
        sites.entry(site).or_default().push(read(row)?);
    }
    Ok(sites)
}

/// The site's day that `now` lies in.
fn today(board: &Board, now: Millis) -> (Millis, Millis) {
    let day = || {
        let zone = board.zone()?;
        let date = zone.date(now)?;
        Some((zone.instant(date, 0)?, zone.instant(date.next()?, 0)?))
    };
    day().unwrap_or((now, now))
}

fn unfolded(site: SiteId) -> SiteLine {
    SiteLine {
        site,
        name: Bilingual::default(),
        phones: Vec::new(),
        open_incidents: 0,
        open_major: 0,
        rounds: RoundCounts::default(),
        today: Vec::new(),
        board: Board::default(),
        unsigned_handovers: 0,
        conflicts: 0,
        opaque: 0,
        refused: 0,
        held: 0,
        waiting: 0,
    }
}

fn site_line(
    row: &SqliteRow,
    site: SiteId,
    board: Board,
    phones: Vec<PhoneView>,
    today: Vec<RoundLine>,
) -> Result<SiteLine, ViewError> {
    Ok(SiteLine {
        site,
        name: board.site_name(),
        phones,
        rounds: RoundCounts::of(&today),
        today,
        board,
        open_incidents: columns::count(row, "open_incidents")?,
        open_major: columns::count(row, "open_major")?,
        unsigned_handovers: columns::count(row, "unsigned")?,
        conflicts: columns::count(row, "conflicts")?,
        opaque: columns::count(row, "opaque")?,
        refused: columns::count(row, "refused")?,
        held: columns::count(row, "held")?,
        waiting: columns::count(row, "waiting")?,
    })
}
