//! The contract in memory.

use std::sync::Arc;

use super::MemoryLedger;
use crate::ledger::contract::Bench;

async fn open() -> Bench {
    Bench { ledger: Arc::new(MemoryLedger::default()), keep: Box::new(()) }
}

crate::ledger_contract!(open);
