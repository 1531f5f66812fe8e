//! Changing who may come in.

use std::sync::Arc;

use kelvin_kernel::Instant;
use kelvin_store::Change;

use super::Known;
use crate::{
    api::{Answer, App, Problem},
    writer::Upset,
};

impl App {
    /// Changes who may come in; when this returns, that holds. It is done to its end even if the client goes.
    pub(crate) async fn reform<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&mut dyn Change, Instant) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let reformed = tokio::spawn(async move {
            let work = move |change: &mut dyn Change, now, _: &mut Upset| -> Answer<(T, Known)> {
                Ok((work(change, now)?, Known::of(change)?))
            };
            let (done, known) = self.inbox.ask(work).await?;
            self.access.learn(known);
            Ok(done)
        });
        reformed.await.unwrap_or_else(|_| Err(Problem::failed()))
    }
}
