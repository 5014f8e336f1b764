//! News: one event, "changed", whenever a log that the page shows has grown. Pages fetch themselves again; nothing else is told.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive, KeepAliveStream};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::sync::watch::Receiver;
use tokio_stream::wrappers::{ReceiverStream, WatchStream};
use tokio_stream::{Stream, StreamExt as _, StreamMap};

use super::OpenSite;
use crate::app::AppState;
use crate::http::extract::SignedIn;
use crate::http::problem::Problem;
use crate::ledger::SiteScope;

/// A stream ends after a while and the browser asks again: whoever may no longer look is told so then.
const LIFETIME: Duration = Duration::from_secs(300);

type News = Sse<KeepAliveStream<ReceiverStream<Result<Event, Infallible>>>>;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Seen {
    since: u64,
}

impl Seen {
    /// How far the page had seen, or the last event that reached it.
    fn position(&self, headers: &HeaderMap) -> u64 {
        let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
        last.unwrap_or(self.since)
    }
}

/// News of one site.
pub(in crate::console) async fn listen(
    State(state): State<AppState>,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
    site: OpenSite,
) -> News {
    stream(vec![state.projector.subscribe(site.scope)], seen.position(&headers), &state)
}

/// News of every site within the account's scope.
pub(in crate::console) async fn listen_to_all(
    State(state): State<AppState>,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
    signed_in: SignedIn,
) -> Result<News, Problem> {
    let sites = state.api.ledger().sites().await.map_err(|error| Problem::internal(&error))?;
    let scopes = sites.into_iter().filter_map(|site| SiteScope::enter(site, &signed_in.account().scope));
    let cursors = scopes.map(|scope| state.projector.subscribe(scope)).collect();
    Ok(stream(cursors, seen.position(&headers), &state))
}

/// How far some logs are folded, all together: grows whenever one of them does.
pub(super) fn total(cursors: &[Receiver<u64>]) -> u64 {
    cursors.iter().map(|cursor| *cursor.borrow()).sum()
}

fn stream(cursors: Vec<Receiver<u64>>, seen: u64, state: &AppState) -> News {
    let (sender, receiver) = mpsc::channel(1);
    let (shutdown, open) = (state.shutdown.clone(), state.metrics.stream());
    tokio::spawn(async move {
        let _open = open;
        let end = async {
            tokio::select! { () = shutdown.asked() => (), () = tokio::time::sleep(LIFETIME) => (), () = sender.closed() => () }
        };
        tokio::select! { () = end => (), () = tell(changes(cursors), seen, &sender) => () }
    });
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::default())
}

/// Each change of a log, as how far all are folded then.
fn changes(cursors: Vec<Receiver<u64>>) -> impl Stream<Item = u64> + Send {
    let each: StreamMap<_, _> = cursors.iter().cloned().map(WatchStream::new).enumerate().collect();
    each.map(move |_| total(&cursors))
}

async fn tell(
    changes: impl Stream<Item = u64> + Send,
    seen: u64,
    sender: &mpsc::Sender<Result<Event, Infallible>>,
) {
    tokio::pin!(changes);
    let mut told = seen;
    while let Some(position) = changes.next().await {
        // What is not known to be newer than the page is no news.
        if seen == 0 || position <= told {
            continue;
        }
        told = position;
        // Browsers hand on no event without data.
        let position = position.to_string();
        let event = Event::default().event("changed").id(&position).data(&position);
        if sender.send(Ok(event)).await.is_err() {
            return;
        }
    }
}
