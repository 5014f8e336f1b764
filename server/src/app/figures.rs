//! The listener for figures: its own address, nothing else behind it, and off unless it is asked for.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use super::{AppState, StartError};
use crate::http::client_ip::TrustedProxies;
use crate::http::problem::Problem;
use crate::http::{Limits, Listener, accept_until};
use crate::ledger::{LedgerError, SiteScope};
use crate::metrics::SiteFigures;
use crate::shutdown::Shutdown;
use crate::views::ViewError;

/// The form of the answer.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What an answer is made from.
#[derive(Debug, Clone)]
struct Figures {
    state: AppState,
    database: PathBuf,
}

/// Serves the figures until stopping is asked for, and returns where.
pub(super) async fn serve(
    at: SocketAddr,
    state: AppState,
    database: PathBuf,
    shutdown: Shutdown,
) -> Result<SocketAddr, StartError> {
    let socket = TcpListener::bind(at).await.map_err(|e| StartError::Listen(at, e))?;
    let address = socket.local_addr().map_err(|e| StartError::Listen(at, e))?;
    let listener = Listener { socket, limits: Limits::default(), proxies: TrustedProxies::new(&[]) };
    let router = Router::new().route("/metrics", get(show)).with_state(Figures { state, database });
    tokio::spawn(accept_until(listener, router, shutdown));
    Ok(address)
}

async fn show(State(figures): State<Figures>) -> Result<Response, Problem> {
    let Figures { state, database } = figures;
    look(&state).await?;
    match tokio::fs::metadata(&database).await {
        Ok(file) => state.metrics.database(file.len()),
        Err(error) => tracing::warn!(%error, "the size of the database is not known"),
    }
    let headers = [(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, state.metrics.render()).into_response())
}

/// How every site stands now.
async fn look(state: &AppState) -> Result<(), ViewError> {
    let now = state.clock.now_ms();
    for scope in sites(state).await? {
        let segments = state.api.ledger().state(scope).await?.peaks.size();
        let folded = *state.projector.subscribe(scope).borrow();
        let phones = state.views.phones(scope).await?;
        let contact = phones.iter().filter_map(crate::views::PhoneView::last_contact).max();
        let silent = contact.map(|at| u64::try_from(now.saturating_sub(at)).unwrap_or(0));
        state.metrics.site(&SiteFigures {
            site: scope.site().to_string(),
            segments,
            lag: segments.saturating_sub(folded),
            silent: silent.map(Duration::from_millis),
        });
    }
    Ok(())
}

async fn sites(state: &AppState) -> Result<Vec<SiteScope>, LedgerError> {
    let all = state.api.ledger().sites().await?;
    Ok(all.into_iter().filter_map(|site| SiteScope::enter(site, &*state.api.keys)).collect())
}
