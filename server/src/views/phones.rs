//! A site's phones: what each has delivered, how good its clock is, since when it is silent, whether it was copied.

use dutylog_core::base::{ChainId, DeviceId, Millis, Seq};
use dutylog_core::log::Quality;
use dutylog_core::records::round::{Phone, Standing};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::board::{Board, PhoneCard};
use super::timeline::quality;
use super::{ViewError, Views, columns};
use crate::ledger::SiteScope;

/// One chain of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainView {
    /// The chain.
    pub chain: ChainId,
    /// The highest number held.
    pub last: Seq,
    /// The highest number that others say they hold, if they spoke of it.
    pub told: Seq,
    /// When something last came of it.
    pub received: Millis,
    /// What the clock claimed at its newest entry.
    pub claimed: Millis,
    /// The best that can be said of its newest entry's time.
    pub best: Millis,
    /// How good the clock was then.
    pub quality: Quality,
    /// The first number at which it differs from itself: the phone was copied.
    pub fork: Option<Seq>,
}

/// When a phone was in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contact {
    /// Last.
    pub at: Option<Millis>,
    /// Last with nothing left to tell.
    pub all_told: Option<Millis>,
}

/// One phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneView {
    /// Who can sign in on it, and how it stands.
    pub card: PhoneCard,
    /// Its chains, one for each time it was set up.
    pub chains: Vec<ChainView>,
    /// When it was in touch.
    pub contact: Contact,
}

impl PhoneView {
    /// The time up to which it is known to have told everything: that of its newest record, or of its last contact that left nothing untold.
    /// A time that only the phone's own clock vouches for shows nothing: the clock may be ahead, and what it did meanwhile still to come.
    #[must_use]
    pub fn heard_until(&self) -> Option<Millis> {
        let proven = self.chains.iter().filter(|c| c.quality == Quality::Sampled).map(|c| c.best);
        proven.chain(self.contact.all_told).max()
    }

    /// When something of it last arrived, a record or a sign of life.
    #[must_use]
    pub fn last_contact(&self) -> Option<Millis> {
        self.chains.iter().map(|c| c.received).chain(self.contact.at).max()
    }

    /// Whether records of it are known to exist that have not arrived.
    #[must_use]
    pub fn awaited(&self) -> bool {
        self.chains.iter().any(|c| c.told > c.last)
    }

    /// What the rules need to know of it.
    #[must_use]
    pub fn standing(&self) -> Phone {
        let standing = match (self.card.written_off, self.card.gone) {
            (true, _) => Standing::WrittenOff,
            (false, true) => Standing::Gone,
            (false, false) => Standing::InUse,
        };
        Phone { device: self.card.id(), heard_until: self.heard_until(), awaited: self.awaited(), standing }
    }
}

impl Views {
    /// The site's phones in the order of their certificates, and its board.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn phones(&self, scope: SiteScope) -> Result<Vec<PhoneView>, ViewError> {
        let board = self.board(scope).await?;
        self.phones_of(scope, &board).await
    }

    /// The site's phones, given its board.
    pub(super) async fn phones_of(
        &self,
        scope: SiteScope,
        board: &Board,
    ) -> Result<Vec<PhoneView>, ViewError> {
        let site = scope.site().0.to_vec();
        let rows = sqlx::query(
            "SELECT c.*, coalesce(t.seq, 0) AS told FROM view_chains c
             LEFT JOIN view_told t ON t.site = c.site AND t.chain = c.chain WHERE c.site = $1 ORDER BY c.chain",
        )
        .bind(&site)
        .fetch_all(self.readers())
        .await?;
        let chains = rows.iter().map(chain).collect::<Result<Vec<_>, _>>()?;
        let rows = sqlx::query("SELECT device, at_ms, all_told_ms FROM view_contacts WHERE site = $1")
            .bind(&site)
            .fetch_all(self.readers())
            .await?;
        let contacts = rows.iter().map(contact).collect::<Result<Vec<_>, _>>()?;
        Ok(board.phones.iter().map(|card| phone(card, &chains, &contacts)).collect())
    }

    /// Notes that a phone was in touch, and whether it had nothing left to tell. Not a fact of the log: it only says how fresh the log is.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn contacted(
        &self,
        scope: SiteScope,
        device: DeviceId,
        at: Millis,
        all_told: bool,
    ) -> Result<(), ViewError> {
        let mut note = self.database.note().await?;
        sqlx::query(
            "INSERT INTO view_contacts (site, device, at_ms, all_told_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (site, device) DO UPDATE SET at_ms = excluded.at_ms,
               all_told_ms = coalesce(excluded.all_told_ms, view_contacts.all_told_ms)",
        )
        .bind(scope.site().0.to_vec())
        .bind(device.0.to_vec())
        .bind(at)
        .bind(all_told.then_some(at))
        .execute(note.connection())
        .await?;
        Ok(())
    }
}

pub(super) fn phone(
    card: &PhoneCard,
    chains: &[([u8; 16], ChainView)],
    contacts: &[([u8; 16], Contact)],
) -> PhoneView {
    let contact = contacts.iter().find(|(device, _)| *device == card.device).map(|(_, c)| *c);
    PhoneView {
        card: card.clone(),
        chains: chains.iter().filter(|(device, _)| *device == card.device).map(|(_, c)| *c).collect(),
        contact: contact.unwrap_or_default(),
    }
}

pub(super) fn chain(row: &SqliteRow) -> Result<([u8; 16], ChainView), ViewError> {
    let view = ChainView {
        chain: ChainId(columns::fixed(row, "chain")?),
        last: columns::count(row, "last")?,
        told: columns::count(row, "told")?,
        received: row.try_get("received_ms")?,
        claimed: row.try_get("claimed_ms")?,
        best: row.try_get("best_ms")?,
        quality: quality(row.try_get("quality")?)?,
        fork: columns::maybe_count(row, "fork")?,
    };
    Ok((columns::fixed(row, "device")?, view))
}

pub(super) fn contact(row: &SqliteRow) -> Result<([u8; 16], Contact), ViewError> {
    let contact = Contact { at: row.try_get("at_ms")?, all_told: row.try_get("all_told_ms")? };
    Ok((columns::fixed(row, "device")?, contact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_only_the_phone_vouches_for_shows_nothing() {
        let chain = |quality, best| ChainView {
            chain: ChainId([1; 16]),
            last: 9,
            told: 9,
            received: 5_000,
            claimed: 90_000,
            best,
            quality,
            fork: None,
        };
        let card = PhoneCard {
            device: [1; 16],
            label: String::new(),
            issued: 0,
            gone: false,
            written_off: false,
            people: vec![],
            posts: vec![],
        };
        let heard = |chains: &[ChainView], all_told| {
            let contact = Contact { at: Some(5_000), all_told };
            PhoneView { card: card.clone(), chains: chains.to_vec(), contact }.heard_until()
        };
        let [ahead, sampled] = [chain(Quality::Unchecked, 5_000), chain(Quality::Sampled, 3_000)];
        assert_eq!(heard(&[ahead], None), None, "nobody can know");
        assert_eq!(heard(&[ahead, sampled], None), Some(3_000));
        assert_eq!(heard(&[ahead], Some(4_000)), Some(4_000), "it said so itself");
    }
}
