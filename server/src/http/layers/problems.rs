//! Writes problems out: a page for people, a document for programs, each in the reader's language.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use dutylog_core::sync::auth::CODE_HEADER;

use super::RequestId;
use crate::http::accept::wants_page;
use crate::http::problem::{MEDIA_TYPE, Problem};
use crate::i18n::Locale;

/// Who asked, as far as an error needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) locale: Locale,
    pub(crate) support_id: String,
    pub(crate) path_and_query: String,
}

/// Draws the page of a problem. Handed in, so that this layer knows nothing about pages.
pub(crate) trait DrawProblem: Clone + Send + Sync + 'static {
    fn draw(&self, problem: &Problem, asker: &Asker) -> String;
}

/// Replaces the body of every refusal; other headers of the answer stay.
pub(crate) async fn write_out<D: DrawProblem>(
    State(pages): State<D>,
    request: Request,
    next: Next,
) -> Response {
    let asker = Asker::of(&request);
    let (page, head) = (wants_page(request.headers()), request.method() == Method::HEAD);
    let mut response = next.run(request).await;
    let Some(problem) = Problem::of(&response) else { return response };
    let (kind, text) = if page {
        ("text/html; charset=utf-8", pages.draw(&problem, &asker))
    } else {
        (MEDIA_TYPE, problem.document(asker.locale, &asker.support_id).to_string())
    };
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CODE_HEADER, HeaderValue::from_static(problem.code));
    *response.body_mut() = if head { Body::empty() } else { Body::from(text) };
    response
}

impl Asker {
    fn of(request: &Request) -> Self {
        let extensions = request.extensions();
        Self {
            locale: extensions.get().copied().unwrap_or_default(),
            support_id: extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
            path_and_query: request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned(),
        }
    }
}
