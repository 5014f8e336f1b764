//! Puts the parts together; the only place that knows every part.

mod figures;
mod follow;
mod parts;

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinHandle};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::accounts::{Accounts, AccountsError, Token};
use crate::api::Snapshots;
use crate::api::{self, Api};
use crate::clock::Clock;
use crate::config::Config;
use crate::console::{self, Furniture};
use crate::database::{Database, DatabaseError};
use crate::desk::Desk;
use crate::entropy::EntropyError;
use crate::http::client_ip::TrustedProxies;
use crate::http::cookies::Cookies;
use crate::http::layers::{
    language, panics, pressure, problems, request_id, same_origin, security_headers, slim, trace,
};
use crate::http::origin::Origins;
use crate::http::problem::{Problem, catalogue};
use crate::http::{self, Limits, Listener, Routes, accept_until};
use crate::keys::KeysError;
use crate::ledger::LedgerError;
use crate::metrics::Metrics;
use crate::shutdown::Shutdown;
use crate::views::{Projector, Views};

pub use parts::Parts;

/// What handlers share; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What phones talk to.
    pub api: Api,
    /// What HQ acts with.
    pub desk: Desk,
    /// What folds the log into views; pages wait for it and listen to it.
    pub projector: Arc<Projector>,
    /// What pages read.
    pub views: Views,
    /// What new phones begin with.
    pub snapshots: Arc<Snapshots>,
    /// Accounts and sessions.
    pub accounts: Accounts,
    /// Where browsers find us.
    pub origins: Origins,
    /// How cookies are made and read.
    pub cookies: Cookies,
    /// Whose word about client addresses is taken.
    pub proxies: TrustedProxies,
    /// What every page shows.
    pub furniture: Furniture,
    /// What is counted for whoever keeps the server running.
    pub metrics: Metrics,
    /// Sizes and times at the edge.
    pub limits: Arc<Limits>,
    /// Stopping; long answers listen to it.
    pub shutdown: Shutdown,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder, or a file in it, cannot be made.
    #[error("无法写入数据文件夹 {0} / cannot write to the data folder {0}: {1}")]
    DataDir(PathBuf, #[source] std::io::Error),
    /// The address cannot be listened on.
    #[error("无法监听 {0}，请换一个地址或端口 / cannot listen on {0}, choose another address or port: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The database cannot be used.
    #[error("无法使用数据库 / cannot use the database: {0}")]
    Database(#[from] DatabaseError),
    /// The ledger cannot be used.
    #[error("无法使用日志 / cannot use the ledger: {0}")]
    Ledger(#[from] LedgerError),
    /// The operating system gives no random bytes.
    #[error("系统不提供随机数 / {0}")]
    Entropy(#[from] EntropyError),
    /// There are no keys to work with.
    #[error("无法使用密钥 / cannot use the keys: {0}")]
    Keys(#[from] KeysError),
    /// The keys are another organisation's than the sites.
    #[error(
        "{0} 中的密钥不属于这个数据库。请放回原来的密钥文件夹 / the keys in {0} are not those of this database; \
         put its own key folder back"
    )]
    OtherKeys(PathBuf),
    /// Accounts cannot be read or prepared.
    #[error("无法准备账户 / cannot prepare accounts: {0}")]
    Accounts(#[from] AccountsError),
}

/// A server at work.
#[derive(Debug)]
pub struct Running {
    /// The address it listens on, with the real port.
    pub addr: SocketAddr,
    /// The address to open in a browser.
    pub origin: String,
    /// Where the figures are, if they are asked for.
    pub metrics: Option<SocketAddr>,
    /// The file with the token that makes the first account, when there is no account yet.
    pub setup_token_file: Option<PathBuf>,
    /// What its handlers share, for tests and tools in the same process.
    pub state: AppState,
    task: JoinHandle<()>,
}

impl Running {
    /// Waits until it has stopped: every request in hand answered or cut, the database closed.
    ///
    /// # Errors
    /// When the accept loop itself failed.
    pub async fn stopped(self) -> Result<(), JoinError> {
        self.task.await
    }
}

/// Starts the server and returns once it listens.
///
/// # Errors
/// When the data folder, the database or the address cannot be used.
pub async fn serve(config: Config, clock: Arc<dyn Clock>, shutdown: Shutdown) -> Result<Running, StartError> {
    let parts = Parts::open(&config, Arc::clone(&clock)).await?;
    let database = parts.database.clone();
    let accounts = Accounts::new(database.clone(), Arc::clone(&clock));
    let setup_token_file = publish_setup_token(&accounts, config.setup_token_file()).await?;
    let socket = TcpListener::bind(config.listen).await.map_err(|e| StartError::Listen(config.listen, e))?;
    let addr = socket.local_addr().map_err(|e| StartError::Listen(config.listen, e))?;
    let origins = Origins::new(config.public_origin.as_deref(), addr);
    let proxies = TrustedProxies::new(&config.trusted_proxies);
    let state = AppState {
        cookies: Cookies { https: origins.is_https() },
        furniture: Furniture::new(&config),
        snapshots: Arc::default(),
        metrics: Metrics::default(),
        limits: Arc::new(config.limits.clone()),
        proxies: proxies.clone(),
        shutdown: shutdown.clone(),
        api: Api::new(parts.ingest.clone(), Arc::clone(&parts.keys)),
        desk: parts.desk.clone(),
        projector: Arc::clone(&parts.projector),
        views: parts.views.clone(),
        database: database.clone(),
        accounts,
        clock,
        origins,
    };
    let origin = state.origins.main().to_owned();
    let listener = Listener { socket, limits: config.limits.clone(), proxies };
    let router = router(state.clone());
    let metrics = match config.metrics.listen {
        Some(at) => Some(figures::serve(at, state.clone(), config.database_file(), shutdown.clone()).await?),
        None => None,
    };
    let follower = tokio::spawn(follow::follow(parts, shutdown.clone()));
    let task = tokio::spawn(async move {
        accept_until(listener, router, shutdown).await;
        if let Err(error) = follower.await {
            tracing::error!(%error, "following the logs broke off");
        }
        database.close().await;
    });
    Ok(Running { addr, origin, metrics, setup_token_file, state, task })
}

/// Opens the database in the data folder, making both when they are not there.
///
/// # Errors
/// When the folder cannot be made or the database cannot be used.
pub async fn open_database(config: &Config) -> Result<Database, StartError> {
    // What is in it is nobody else's business on this machine.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&config.data_dir);
    made.map_err(|e| StartError::DataDir(config.data_dir.clone(), e))?;
    Ok(Database::open(&config.database_file()).await?)
}

async fn publish_setup_token(accounts: &Accounts, file: PathBuf) -> Result<Option<PathBuf>, StartError> {
    let token = accounts.open_setup().await?;
    let written = match &token {
        Some(token) => write_secret(&file, token),
        None => remove_if_there(&file),
    };
    written.map_err(|e| StartError::DataDir(file.clone(), e))?;
    Ok(token.map(|_| file))
}

fn write_secret(file: &Path, token: &Token) -> std::io::Result<()> {
    // Made anew each time: an older file might be readable by others.
    remove_if_there(file)?;
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    writeln!(out, "{}", token.text())
}

fn remove_if_there(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Every route, with the layers around them.
pub fn router(state: AppState) -> Router {
    let routes = routes().router().fallback(async || -> Problem { catalogue::not_found() });
    layered(routes, &state).with_state(state)
}

/// Every path the server answers.
#[must_use]
pub fn paths() -> Vec<&'static str> {
    routes().paths()
}

fn routes() -> Routes {
    http::health::routes().merge(console::routes()).merge(api::routes())
}

/// The layers, outermost first: what is refused by an inner one still passes the outer ones on its way out.
fn layered(routes: Router<AppState>, state: &AppState) -> Router<AppState> {
    let limits = &state.limits;
    let places = Arc::new(Semaphore::new(limits.requests));
    routes.layer(
        ServiceBuilder::new()
            .layer(from_fn(slim::cut))
            .layer(from_fn(request_id::assign))
            .layer(from_fn_with_state(state.metrics.clone(), trace::log))
            .layer(from_fn_with_state(state.origins.is_https(), security_headers::add))
            .layer(from_fn_with_state(state.cookies, language::choose))
            .layer(from_fn_with_state(state.furniture.clone(), problems::write_out::<Furniture>))
            .layer(CatchPanicLayer::custom(panics::answer))
            .layer(from_fn_with_state(places, pressure::shed))
            .layer(from_fn_with_state(limits.request, pressure::hurry))
            .layer(from_fn_with_state(state.origins.clone(), same_origin::check))
            .layer(DefaultBodyLimit::max(limits.body_bytes))
            .layer(RequestBodyTimeoutLayer::new(limits.body_stall)),
    )
}

#[cfg(test)]
mod tests;
