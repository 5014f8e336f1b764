//! The accept loop.
//!
//! Our own, because `axum::serve` waits for ever for a client that connects and says nothing, or half a header. Here a
//! client must send its first byte, then its first header, in time; afterwards hyper's own timer bounds the wait for
//! each further request. The deadline for the first header also covers the moment in which hyper listens whether the
//! client speaks HTTP/2, which its timer does not.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use super::client_ip::TrustedProxies;
use super::limits::Limits;
use super::slots::{Slot, Slots};
use crate::shutdown::Shutdown;

/// How long to wait before accepting again when the system has no more handles.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A bound socket and how to treat who comes.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    pub(crate) limits: Limits,
    pub(crate) proxies: TrustedProxies,
}

/// Serves the routes until stopping is asked for, then lets requests in hand end.
pub(crate) async fn accept_until(listener: Listener, router: Router, shutdown: Shutdown) {
    let graceful = GracefulShutdown::new();
    let limits = Arc::new(listener.limits);
    let slots = Slots::new(limits.connections, limits.connections_per_ip);
    let mut asked = pin!(shutdown.asked());
    loop {
        let permit = tokio::select! { permit = slots.free() => permit, () = &mut asked => break };
        let accepted =
            tokio::select! { accepted = listener.socket.accept() => accepted, () = &mut asked => break };
        let Some((stream, peer)) = usable(accepted).await else { continue };
        let counted = (!listener.proxies.contains(peer.ip())).then(|| peer.ip());
        let Some(slot) = slots.take(permit, counted) else { continue };
        let connection = Connection { slot, peer, router: router.clone(), limits: Arc::clone(&limits) };
        tokio::spawn(connection.serve(stream, graceful.watcher()));
    }
    if timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut");
    }
}

async fn usable(accepted: std::io::Result<(TcpStream, SocketAddr)>) -> Option<(TcpStream, SocketAddr)> {
    match accepted {
        Ok(pair) => Some(pair),
        Err(error) => {
            // Most likely out of file handles: trying again at once would only spin.
            tracing::error!(%error, "cannot accept a connection");
            sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

struct Connection {
    slot: Slot,
    peer: SocketAddr,
    router: Router,
    limits: Arc<Limits>,
}

impl Connection {
    async fn serve(self, stream: TcpStream, watcher: Watcher) {
        let _slot = self.slot;
        let spoke = timeout(self.limits.first_byte, stream.peek(&mut [0])).await;
        if !matches!(spoke, Ok(Ok(1))) {
            return;
        }
        // Small answers should leave at once; without the option they only leave a little later.
        let _ = stream.set_nodelay(true);
        let started = Arc::new(AtomicBool::new(false));
        let service = Requests { router: self.router, peer: self.peer, started: Arc::clone(&started) };
        let builder = builder(&self.limits);
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let mut connection = pin!(watcher.watch(connection));
        let late = async {
            sleep(self.limits.first_header).await;
            if started.load(Ordering::Relaxed) {
                std::future::pending().await
            }
        };
        // A connection that breaks is the client's affair and says nothing about the server.
        tokio::select! { _ = &mut connection => (), () = late => () }
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.keep_alive)
        .max_buf_size(limits.header_bytes)
        .max_headers(limits.header_fields);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(limits.keep_alive)
        .keep_alive_timeout(limits.first_header);
    builder
}

/// Hands requests to the routes, with the peer's address.
#[derive(Clone)]
struct Requests {
    router: Router,
    peer: SocketAddr,
    started: Arc<AtomicBool>,
}

impl Service<Request<Incoming>> for Requests {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = tower::util::Oneshot<Router, Request<Body>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.started.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().oneshot(request)
    }
}
