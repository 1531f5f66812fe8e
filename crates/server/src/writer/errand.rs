//! What people ask for that changes the store: done by the one writer, between deliveries.

use kelvin_kernel::Instant;
use kelvin_store::Change;
use tokio::sync::oneshot;

use super::{Desk, Inbox, Refusal, Work, fold::fold_again, inherit::hand_on};
use crate::{
    Error, Model, Playbook,
    people::{self, Moved, Settled, Stirred},
    playbook::{Cause, Why},
};

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

/// What the work of an errand may look at.
pub(crate) struct Office<'a> {
    pub(crate) playbook: Option<&'a Playbook>,
    pub(crate) models: &'a [Model],
    pub(crate) now: Instant,
}

impl Inbox {
    /// Has some work done in a transaction of its own, after which the leads that have moved are brought up to date;
    /// waits until all of it is durable.
    pub(crate) async fn ask<T, E>(
        &self,
        work: impl FnOnce(&mut dyn Change, Instant, &mut Upset) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Refusal> + From<kelvin_store::Error> + From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let errand: Errand = Box::new(move |desk| {
            // A client that has gone will look before it asks again.
            let _gone = reply.send(desk.run(work));
        });
        self.send(Work::Run(errand))?;
        answer.await.unwrap_or(Err(Refusal::Failed.into()))
    }

    /// Has some work done that moves no lead, and waits until it is durable.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Change, &Office<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        let errand: Errand = Box::new(move |desk| {
            let (now, models) = ((desk.clock)(), &desk.models);
            let office = Office { playbook: desk.playbook.as_ref(), models, now };
            let done = desk.store.change(|change| work(change, &office));
            // Who asked may have gone; asking again changes nothing.
            let _gone = reply.send(done.map_err(|cause| {
                (desk.say)(&format!("error: a change could not be kept: {cause}"));
                Refusal::Failed
            }));
        });
        self.send(Work::Run(errand))?;
        answer.await.unwrap_or(Err(Refusal::Failed))
    }
}

impl Desk {
    /// Does some work in a transaction, after which the leads that have moved are brought up to date.
    pub(super) fn run<T, E>(
        &mut self,
        work: impl FnOnce(&mut dyn Change, Instant, &mut Upset) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<kelvin_store::Error> + From<Error>,
    {
        let (now, models) = ((self.clock)(), &self.models);
        let why = Why { playbook: self.playbook.as_ref(), cause: Cause::History };
        self.store.change(|change| {
            let mut upset = Upset::default();
            let done = work(change, now, &mut upset)?;
            let Settled { moved, heirs } = people::settle(change, upset.ids)?;
            hand_on(change, models, &heirs, (why.playbook, now))?;
            moved.union(&upset.leads).try_for_each(|lead| fold_again(change, models, lead, &why, now))?;
            Ok(done)
        })
    }
}
