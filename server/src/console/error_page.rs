//! A refusal, as a page.

use askama::Template;

use super::{Furniture, Page};
use crate::http::layers::problems::{Asker, DrawProblem};
use crate::http::problem::{Problem, Wording};

#[derive(Template)]
#[template(path = "console/error.html")]
struct ErrorPage<'a> {
    page: Page,
    wording: &'a Wording,
    code: &'a str,
    support_id: &'a str,
}

impl DrawProblem for Furniture {
    fn draw(&self, problem: &Problem, asker: &Asker) -> String {
        let wording = problem.wording(asker.locale);
        let page = Page::bare(asker.locale, self, &asker.path_and_query, wording.sentence.to_string());
        let page = ErrorPage { page, wording, code: problem.code, support_id: &asker.support_id };
        page.render().unwrap_or_else(|error| {
            tracing::error!(%error, "the error page failed");
            problem.code.to_owned()
        })
    }
}
