//! Folding a log again from the start, held against what was told of it on the way.

use crate::ledger::{Ledger, RestoreNotice, SiteScope};
use crate::views::{EnteredSnapshot, Projector, ViewError, Views};

/// Folds a site's log again from the start, and works out at each position of which headquarters has entered a snapshot what it would say.
/// Returns those that say something else; the views are whole again in any case.
///
/// # Errors
/// [`ViewError`]
pub async fn replay(
    projector: &Projector,
    views: &Views,
    ledger: &dyn Ledger,
    scope: SiteScope,
) -> Result<Vec<EnteredSnapshot>, ViewError> {
    projector.catch_up(scope).await?;
    let entered = comparable(views, ledger, scope).await?;
    projector.restart(scope).await?;
    let mut differ = Vec::new();
    for snapshot in entered {
        projector.fold_to(scope, snapshot.told.size).await?;
        let retold = views.retold(scope, snapshot.told.certificates).await?;
        if retold.map(|described| described.told()) != Some(snapshot.told) {
            differ.push(snapshot);
        }
    }
    projector.catch_up(scope).await?;
    Ok(differ)
}

/// The snapshots that speak of this log. One that came back after a restore may speak of a log, or of an order of certificates, that this
/// server never had.
async fn comparable(
    views: &Views,
    ledger: &dyn Ledger,
    scope: SiteScope,
) -> Result<Vec<EnteredSnapshot>, ViewError> {
    let restored = ledger.restore_notices(scope).await?;
    let mut entered = views.entered_snapshots(scope).await?;
    entered.retain(|snapshot| !came_back(snapshot, &restored));
    Ok(entered)
}

fn came_back(snapshot: &EnteredSnapshot, restored: &[RestoreNotice]) -> bool {
    restored.iter().any(|notice| notice.epoch > snapshot.epoch && snapshot.position >= notice.log.size)
}
