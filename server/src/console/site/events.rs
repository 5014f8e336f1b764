//! News of a site: one event, "changed", whenever its log has grown. Pages offer to reload; nothing else is told.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use serde::Deserialize;
use tokio_stream::wrappers::{ReceiverStream, WatchStream};
use tokio_stream::{Stream, StreamExt as _};

use super::OpenSite;
use crate::app::AppState;

/// A stream ends after a while and the browser asks again: whoever may no longer look is told so then.
const LIFETIME: Duration = Duration::from_secs(300);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Seen {
    since: u64,
}

/// The stream.
pub(in crate::console) async fn listen(
    State(state): State<AppState>,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
    site: OpenSite,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let seen = last.unwrap_or(seen.since);
    let positions = WatchStream::new(state.projector.subscribe(site.scope));
    // What is not known to be older than the page is no news.
    let news = positions.filter(move |position| seen > 0 && *position > seen);
    let events = news.map(|position| Ok(Event::default().event("changed").id(position.to_string()).data("")));
    let (sender, ended) = tokio::sync::mpsc::channel(1);
    let shutdown = state.shutdown;
    tokio::spawn(async move {
        tokio::pin!(events);
        let end = async {
            tokio::select! { () = shutdown.asked() => (), () = tokio::time::sleep(LIFETIME) => (), () = sender.closed() => () }
        };
        tokio::pin!(end);
        loop {
            tokio::select! {
                () = &mut end => break,
                Some(event) = events.next() => if sender.send(event).await.is_err() { break },
            }
        }
    });
    Sse::new(ReceiverStream::new(ended)).keep_alive(KeepAlive::default())
}
