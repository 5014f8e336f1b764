//! The contract on SQLite, and what only SQLite can show.

use std::path::Path;
use std::sync::Arc;

use super::SqliteLedger;
use crate::database::Database;
use crate::ledger::contract::{Bench, World};
use crate::ledger::{Ledger, LedgerError};

async fn at(folder: &Path) -> (Database, Arc<dyn Ledger>) {
    let database = Database::open(&folder.join("dutylog.db")).await.expect("a database");
    (database.clone(), Arc::new(SqliteLedger::new(database)))
}

async fn open() -> Bench {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (_, ledger) = at(folder.path()).await;
    Bench { ledger, keep: Box::new(folder) }
}

crate::ledger_contract!(open);

#[tokio::test]
async fn evidence_can_be_neither_changed_nor_deleted() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (database, ledger) = at(folder.path()).await;
    let world = World::new(ledger).await;
    let mut phone = world.phone(1);
    let mut second = world.phone(2);
    world.place(&phone.clone(), &phone.seal(2, 1)).await;
    world.push_header(&second.clone(), &second.seal(2, 1)).await;
    let key = phone.certificate.id();
    world.ledger.add_certificate(world.here, &phone.certificate.bytes).await.expect("added");
    world.ledger.revoke(world.here, key, crate::ledger::RevocationKind::Lost, 1).await.expect("revoked");
    world.ledger.advance_epoch(0, 1).await.expect("an epoch");
    for refused in [
        "UPDATE segments SET received_ms = 0",
        "UPDATE segments SET root = zeroblob(32)",
        "DELETE FROM segments",
        "REPLACE INTO segments SELECT * FROM segments",
        "UPDATE set_aside SET received_ms = 0",
        "DELETE FROM set_aside",
        "UPDATE certificates SET bytes = x''",
        "DELETE FROM certificates",
        "UPDATE revocations SET decided_ms = 0",
        "DELETE FROM revocations",
        "UPDATE cuts SET last = 99",
        "DELETE FROM cuts",
        "UPDATE restore_notices SET size = 0",
        "DELETE FROM restore_notices",
        "UPDATE sites SET size = size - 1 WHERE size > 0",
        "UPDATE sites SET epoch = 1",
        "UPDATE sites SET org = zeroblob(16)",
        "DELETE FROM sites",
    ] {
        let mut tx = database.write().await.expect("the writer");
        assert!(sqlx::query(refused).execute(&mut *tx).await.is_err(), "{refused}");
    }
    assert_eq!(world.size().await, 1);
}

#[tokio::test]
async fn readers_cannot_write() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (database, _) = at(folder.path()).await;
    assert!(sqlx::query("DELETE FROM nonces").execute(database.readers()).await.is_err());
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (database, ledger) = at(folder.path()).await;
    let world = World::new(ledger).await;
    let mut phone = world.phone(1);
    let (one, two) = (phone.seal(5, 1), phone.seal(5, 1));
    let receipt = world.place(&phone, &one).await.receipt;
    database.close().await;
    let (_, ledger) = at(folder.path()).await;
    let world = World { ledger, ..world };
    let again = world.place(&phone, &one).await;
    assert!(!again.fresh && again.receipt == receipt);
    assert_eq!(world.place(&phone, &two).await.receipt.log.size, 2);
}

#[tokio::test]
async fn a_flipped_bit_is_found_when_it_is_read() {
    for column in ["body", "header", "id"] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (database, ledger) = at(folder.path()).await;
        let world = World::new(ledger).await;
        let mut phone = world.phone(1);
        world.place(&phone.clone(), &phone.seal(8, 1)).await;
        let mut tx = database.write().await.expect("the writer");
        sqlx::query("DROP TRIGGER segments_fixed").execute(&mut *tx).await.expect("dropped");
        let flip = match column {
            "body" => {
                "UPDATE segments SET body = CAST(substr(body, 1, 40) || x'ff' || substr(body, 42) AS BLOB)"
            }
            "header" => {
                "UPDATE segments SET header = CAST(substr(header, 1, 60) || x'ff' || substr(header, 62) AS BLOB)"
            }
            _ => "UPDATE segments SET id = zeroblob(32)",
        };
        sqlx::query(flip).execute(&mut *tx).await.expect("flipped");
        tx.commit().await.expect("a commit");
        let page = world.ledger.page(world.here, 0, 1 << 20).await;
        assert!(matches!(page, Err(LedgerError::Damaged { .. })), "{column}: {page:?}");
    }
}
