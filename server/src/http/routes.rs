//! Routes that can be counted: what a router answers, with the list of its paths beside it.
//!
//! The tests of rights walk that list, so that a route without a row in their table fails them.

use axum::Router;
use axum::routing::MethodRouter;

use crate::app::AppState;

/// Routes, and the paths they stand for.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    router: Router<AppState>,
    paths: Vec<&'static str>,
}

impl Routes {
    /// None.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One path more. What only concerns one path (such as the size of its bodies) is a layer of its methods.
    pub(crate) fn route(mut self, path: &'static str, methods: MethodRouter<AppState>) -> Self {
        self.paths.push(path);
        Self { router: self.router.route(path, methods), ..self }
    }

    /// All of another's.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.paths.extend(other.paths);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// The paths, as they were written.
    pub(crate) fn paths(self) -> Vec<&'static str> {
        self.paths
    }

    /// The router.
    pub(crate) fn router(self) -> Router<AppState> {
        self.router
    }
}
