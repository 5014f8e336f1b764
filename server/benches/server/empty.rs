//! The limit of an exchange: a POST without a body that asks one row by its key.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::ratios::Outcome;

/// Serves it on a free port, for as long as the folder is held.
pub(super) async fn serve() -> Outcome<(SocketAddr, TempDir)> {
    let folder = tempfile::tempdir()?;
    let options =
        SqliteConnectOptions::new().filename(folder.path().join("rows.sqlite")).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await?;
    sqlx::query("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT NOT NULL)").execute(&pool).await?;
    sqlx::query(
        "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 10000)
         INSERT INTO row SELECT id, hex(randomblob(16)) FROM n",
    )
    .execute(&pool)
    .await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let addr = listener.local_addr()?;
    let router = Router::new().route("/", post(ask)).with_state(pool);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((addr, folder))
}

async fn ask(State(pool): State<SqlitePool>) -> String {
    let row = sqlx::query_scalar("SELECT text FROM row WHERE id = 5000").fetch_one(&pool).await;
    row.unwrap_or_default()
}
