//! Style, script and pictures: compiled in, named by their content, kept by browsers for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use dutylog_core::base::Digest;

use crate::http::Routes;
use crate::http::problem::{Problem, catalogue};

/// A file that never changes under its name.
#[derive(Debug)]
pub struct Asset {
    file: String,
    href: String,
    media_type: &'static str,
    content: &'static str,
}

/// The style sheet.
pub static CSS: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("console", "css", "text/css; charset=utf-8", include_str!("../../assets/console.css"))
});
/// The script.
pub static JS: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("console", "js", "text/javascript; charset=utf-8", include_str!("../../assets/console.js"))
});
/// The emblem.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_str!("../../assets/icon.svg")));

const FOR_EVER: &str = "public, max-age=31536000, immutable";

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: &'static str) -> Self {
        let mark: String =
            Digest::of(content.as_bytes()).mark().iter().map(|byte| format!("{byte:02x}")).collect();
        let file = format!("{stem}-{mark}.{extension}");
        Self { href: format!("/assets/{file}"), file, media_type, content }
    }

    /// Its address.
    #[must_use]
    pub fn href(&self) -> &str {
        &self.href
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>) -> Result<Response, Problem> {
    let all: [&Asset; 3] = [&CSS, &JS, &ICON];
    let asset = all.into_iter().find(|asset| asset.file == file).ok_or_else(catalogue::not_found)?;
    let headers = [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, FOR_EVER)];
    Ok((headers, asset.content).into_response())
}
