//! Routes, each of which the API's document must know.

use std::sync::Arc;

use axum::{Router, routing::MethodRouter};

use super::App;

/// Routes, with the paths at which they stand.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<Arc<App>>,
    paths: Vec<String>,
}

impl Routes {
    pub(super) fn route(mut self, path: &str, methods: MethodRouter<Arc<App>>) -> Self {
        self.paths.push(path.to_owned());
        Self { router: self.router.route(path, methods), ..self }
    }

    pub(super) fn merge(mut self, other: Self) -> Self {
        self.paths.extend(other.paths);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// The same routes with something around each.
    pub(super) fn within(self, around: impl FnOnce(Router<Arc<App>>) -> Router<Arc<App>>) -> Self {
        Self { router: around(self.router), ..self }
    }

    pub(super) fn router(self) -> Router<Arc<App>> {
        self.router
    }

    /// The paths, as the router writes them.
    #[cfg(test)]
    pub(crate) fn paths(self) -> Vec<String> {
        self.paths
    }
}
