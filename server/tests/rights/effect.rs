//! Whether what was asked for came about: not the status alone, but what is there afterwards.

use std::collections::BTreeSet;

use dutylog_core::base::ChainId;
use dutylog_core::sync::Response;
use dutylog_core::sync::enrol::Enrolled;

use crate::caller::{Caller, Told};
use crate::stage::Stage;

/// What was there before somebody asked.
pub(crate) struct Before(BTreeSet<ChainId>);

impl Before {
    pub(crate) async fn of(stage: &Stage, row: &str) -> Self {
        Self(if row.contains("dropbox") { stage.chains().await } else { BTreeSet::new() })
    }

    /// Whether the answer to a `POST` stands for something that came about.
    pub(crate) async fn took_effect(
        &self,
        stage: &Stage,
        caller: &Caller,
        row: &str,
        path: &str,
        told: &Told,
    ) -> bool {
        match row {
            "/login" | "/setup" | "/account" => told.status == 303 && told.cookie,
            "/accounts" => told.status == 200 && told.text.contains("newcomer"),
            "/logout" => told.status == 303 && told.cookie,
            "/v1/enrol" | "/v1/sites/{site}/people" => Enrolled::from_bytes(&told.body).is_ok(),
            "/v1/sites/{site}/sync" => Response::from_bytes(&told.body).is_ok(),
            "/v1/dropbox/{site}" => stage.chains().await.len() > self.0.len(),
            _ => commented(caller, path, told).await,
        }
    }
}

/// Whether the comment stands on the record's page.
async fn commented(caller: &Caller, path: &str, told: &Told) -> bool {
    let Caller::Reader(reader) = caller else { return false };
    told.status == 303 && reader.get(path).await.body.contains("seen")
}
