//! What people ask for that changes the store: done by the one writer, between deliveries.

use kelvin_kernel::Instant;
use kelvin_store::Change;
use tokio::sync::oneshot;

use super::{Desk, Inbox, Refusal, Work, fold::fold_again};
use crate::people::{self, Moved, Stirred};

/// What an errand leaves to be put in order.
#[derive(Debug, Default)]
pub(crate) struct Upset {
    /// Ids around which leads are to be worked out again.
    pub(crate) ids: Stirred,
    /// Leads that are to be folded again.
    pub(crate) leads: Moved,
}

/// Something to be done by the writer.
pub(super) type Errand = Box<dyn FnOnce(&mut Desk) + Send>;

impl Inbox {
    /// Has some work done in a transaction of its own, after which the leads that have moved are brought up to date;
    /// waits until all of it is durable.
    pub(crate) async fn ask<T, E>(
        &self,
        work: impl FnOnce(&mut dyn Change, Instant, &mut Upset) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Refusal> + From<kelvin_store::Error> + From<crate::Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let errand: Errand = Box::new(move |desk| {
            // A client that has gone will look before it asks again.
            let _gone = reply.send(desk.run(work));
        });
        self.send(Work::Run(errand))?;
        answer.await.unwrap_or(Err(Refusal::Failed.into()))
    }
}

impl Desk {
    fn run<T, E>(
        &mut self,
        work: impl FnOnce(&mut dyn Change, Instant, &mut Upset) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<kelvin_store::Error> + From<crate::Error>,
    {
        let (now, models) = ((self.clock)(), &self.models);
        self.store.change(|change| {
            let mut upset = Upset::default();
            let done = work(change, now, &mut upset)?;
            let moved = people::settle(change, upset.ids)?;
            moved.union(&upset.leads).try_for_each(|lead| fold_again(change, models, lead, now))?;
            Ok(done)
        })
    }
}
