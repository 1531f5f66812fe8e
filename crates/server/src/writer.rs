//! The one thread that changes the store: many requests wait, one transaction holds what they brought.

mod ahead;
mod apply;
mod backlog;
mod books;
mod errand;
mod fold;
mod foresee;
mod inherit;
mod learn;
mod let_go;
mod members;
mod publish;
mod rebuild;
mod refresh;
mod scrub;
#[cfg(test)]
mod simulation;
mod timers;

pub(crate) use apply::{each_attribute, grade, holding, known_state, remembered, take_in, tier};
pub(crate) use errand::{Office, Upset};

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use kelvin_kernel::Instant;
use kelvin_store::{Rejection, Writer};
use tokio::sync::{oneshot, watch};

use self::{
    backlog::Backlog,
    books::{Books, Commit},
    errand::Errand,
    let_go::Sweep,
    members::Stale,
    publish::Publishing,
};
use crate::{
    Clock, Error, Model, Playbook, Retention, edge::Metrics, models::Shelf, outbox::Note, segment::Call,
};

/// Requests that may wait.
const MOST_WAITING: usize = 4096;

/// Events in one transaction: more make those who wait wait longer, and gain no more.
const MOST_EVENTS: usize = 10_000;

/// How often the writer looks for scores that are due while nothing comes.
const TICK: Duration = Duration::from_millis(500);

/// How long the writer does not look again for scores that are due while events come, in milliseconds.
const REST_MS: u64 = 100;

/// What a request brings.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    pub(crate) calls: Vec<Call>,
    pub(crate) refused: Vec<Kept>,
    pub(crate) notes: Vec<Note>,
}

/// An event that cannot be used, to be kept with the reason.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) code: &'static str,
    pub(crate) reason: String,
    pub(crate) body: String,
}

/// What became of a delivery, once it is durable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// Events that were new.
    pub(crate) accepted: usize,
    /// Events whose ids were known.
    pub(crate) duplicates: usize,
}

/// Why a delivery was not taken: all of it may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The writer is behind.
    Busy,
    /// The store failed, or the writer has stopped.
    Failed,
}

/// The way to the writer.
#[derive(Debug)]
pub(crate) struct Inbox {
    sender: SyncSender<Work>,
    waiting: Arc<Backlog>,
    /// Whether the writer is ready; closed when it has ended.
    ready: watch::Receiver<bool>,
    newest: watch::Receiver<u64>,
    happened: watch::Receiver<u64>,
}

/// What waits at the writer.
enum Work {
    Take(Job),
    Run(Errand),
}

#[derive(Debug)]
struct Job {
    delivery: Delivery,
    received: Instant,
    bytes: usize,
    reply: oneshot::Sender<Result<Receipt, Refusal>>,
}

/// All that the thread has.
struct Desk {
    /// Ends before the store is closed: it looks at it.
    publishing: Publishing,
    store: Books,
    sweep: Sweep,
    stale: Stale,
    /// Those that events go to: they serve, or are made ready to.
    models: Arc<Vec<Model>>,
    shelf: Arc<Shelf>,
    playbook: Option<Playbook>,
    clock: Clock,
    say: Say,
    waiting: Arc<Backlog>,
    metrics: Arc<Metrics>,
}

/// Tells the operator.
pub(crate) type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// Starts the writer. It ends when all ways to it are gone and all that came is done.
pub(crate) fn start(
    store: Writer,
    (models, shelf): (Vec<Model>, Arc<Shelf>),
    playbook: Option<Playbook>,
    (clock, say): (Clock, Say),
    metrics: Arc<Metrics>,
    retention: Retention,
) -> Result<(Inbox, JoinHandle<Result<(), Error>>), Error> {
    let (sender, receiver) = sync_channel(MOST_WAITING);
    let (is_ready, ready) = watch::channel(false);
    let waiting = Arc::<Backlog>::default();
    let store = Books::new(store, Arc::clone(&say))?;
    let (newest, happened) = (store.newest(), store.happened());
    let inbox = Inbox { sender, waiting: Arc::clone(&waiting), ready, newest, happened };
    let (models, publishing) = (Arc::new(models), Publishing::default());
    let (sweep, stale) = (Sweep::new(retention), Stale::default());
    let desk =
        Desk { publishing, store, sweep, stale, models, shelf, playbook, clock, say, waiting, metrics };
    let work = move || desk.work(&receiver, &is_ready);
    let thread = thread::Builder::new().name("writer".to_owned()).spawn(work).map_err(Error::Serve)?;
    Ok((inbox, thread))
}

impl Inbox {
    /// Whether the writer takes deliveries.
    pub(crate) fn is_ready(&self) -> bool {
        *self.ready.borrow() && self.ready.has_changed().is_ok()
    }

    /// How many requests wait, and how many bytes they are.
    pub(crate) fn backlog(&self) -> (usize, usize) {
        self.waiting.size()
    }

    /// Waits until the writer has ended, which it does by itself only when it fails.
    pub(crate) fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut ready = self.ready.clone();
        async move { while ready.changed().await.is_ok() {} }
    }

    /// Changes when a commit brought messages to the outbox.
    pub(crate) fn newest(&self) -> watch::Receiver<u64> {
        self.newest.clone()
    }

    /// Changes when something happened to leads, once that is durable.
    pub(crate) fn happened(&self) -> watch::Receiver<u64> {
        self.happened.clone()
    }

    /// Has notes on messages written, and waits until they are durable.
    pub(crate) async fn note(&self, notes: Vec<Note>, at: Instant) -> Result<(), Refusal> {
        self.deliver(Delivery { notes, ..Delivery::default() }, at).await.map(drop)
    }

    /// Hands a delivery over, and waits until it is durable.
    pub(crate) async fn deliver(&self, delivery: Delivery, received: Instant) -> Result<Receipt, Refusal> {
        let bytes = delivery.bytes();
        if !self.waiting.enter(bytes) {
            return Err(Refusal::Busy);
        }
        let (reply, answer) = oneshot::channel();
        let sent = self.send(Work::Take(Job { delivery, received, bytes, reply }));
        if let Err(refusal) = sent {
            self.waiting.leave(bytes);
            return Err(refusal);
        }
        answer.await.unwrap_or(Err(Refusal::Failed))
    }

    fn send(&self, work: Work) -> Result<(), Refusal> {
        self.sender.try_send(work).map_err(|refused| match refused {
            TrySendError::Full(_) => Refusal::Busy,
            TrySendError::Disconnected(_) => Refusal::Failed,
        })
    }
}

impl Delivery {
    fn bytes(&self) -> usize {
        let calls: usize = self.calls.iter().map(|call| call.body.text().len()).sum();
        calls + self.refused.iter().map(|kept| kept.body.len()).sum::<usize>()
    }
}

impl Desk {
    fn work(mut self, receiver: &Receiver<Work>, ready: &watch::Sender<bool>) -> Result<(), Error> {
        self.bring_up_to_date()?;
        ready.send_replace(true);
        let (mut wait, mut is_behind, mut looked) = (Duration::ZERO, false, Instant::MIN);
        loop {
            let mut is_hurried = false;
            match receiver.recv_timeout(wait) {
                Ok(Work::Run(errand)) => errand(&mut self),
                Ok(Work::Take(first)) => {
                    self.take_all(first, receiver);
                    is_hurried =
                        !is_behind && (self.clock)().as_millis().abs_diff(looked.as_millis()) < REST_MS;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            // What this one knows of models and leads may not hold any more.
            self.store.check_place()?;
            if !is_hurried {
                looked = (self.clock)();
                // While scores are overdue, they are computed between what comes.
                is_behind = self.refresh() | self.on_time() | self.refresh_members() | self.let_go();
            }
            wait = if is_behind { Duration::ZERO } else { TICK };
            wait = wait.min(self.publish_on());
        }
    }

    /// Takes a request and those that wait behind it, then does what came among them.
    fn take_all(&mut self, first: Job, receiver: &Receiver<Work>) {
        let (jobs, errand) = gather(first, receiver);
        self.commit(jobs);
        if let Some(errand) = errand {
            errand(self);
        }
    }

    /// Commits all that some requests brought, with everything that follows from it; they are answered once it is durable.
    fn commit(&mut self, jobs: Vec<Job>) {
        let began = self.metrics.elapsed();
        match self.take_down(&jobs) {
            Ok((receipts, commit)) => {
                self.note_accounts(&jobs);
                let (metrics, waiting) = (Arc::clone(&self.metrics), Arc::clone(&self.waiting));
                self.store.keep(commit, move |is_kept| {
                    if is_kept {
                        let refused = jobs.iter().flat_map(|job| &job.delivery.refused);
                        metrics.committed(&receipts, refused.map(|kept| kept.code), began);
                    }
                    for (job, receipt) in jobs.into_iter().zip(receipts) {
                        job.answer(&waiting, if is_kept { Ok(receipt) } else { Err(Refusal::Failed) });
                    }
                });
            }
            // One request that cannot be kept must not hold up those that happened to wait beside it. Where the connection to the
            // store broke, some may be kept already: their clients send again, and know ids by which that is seen.
            Err(cause) if jobs.len() > 1 && !cause.is_outage() => {
                jobs.into_iter().for_each(|job| self.commit(vec![job]))
            }
            Err(cause) => {
                (self.say)(&format!("error: events could not be kept: {cause}"));
                jobs.into_iter().for_each(|job| job.answer(&self.waiting, Err(Refusal::Failed)));
            }
        }
    }

    /// Commits what some requests brought, or nothing of it.
    fn take_down(&mut self, jobs: &[Job]) -> Result<(Vec<Receipt>, Commit), Error> {
        let (now, models, playbook) = ((self.clock)(), &self.models, self.playbook.as_ref());
        let (most_rejected, mut dropped) = (self.sweep.most_rejected(), 0);
        let done = self.store.change_ahead(|change| {
            for job in jobs {
                for Kept { code, reason, body } in &job.delivery.refused {
                    change.reject(&Rejection { received: job.received, code, reason, body })?;
                }
                job.delivery.notes.iter().try_for_each(|note| note.write(change))?;
            }
            if jobs.iter().any(|job| !job.delivery.refused.is_empty()) {
                dropped = change.drop_rejected(most_rejected)?;
            }
            let deliveries = jobs.iter().map(|job| (job.delivery.calls.as_slice(), job.received));
            apply::take_in(change, (models, playbook), deliveries, now)
        })?;
        self.metrics.dropped(dropped);
        Ok(done)
    }
}

impl Job {
    fn answer(self, waiting: &Backlog, answer: Result<Receipt, Refusal>) {
        waiting.leave(self.bytes);
        // A client that has gone will send again, and find its events known.
        let _gone = self.reply.send(answer);
    }
}

/// The first request and those that wait behind it, as far as they fit into one transaction, up to another errand.
fn gather(first: Job, receiver: &Receiver<Work>) -> (Vec<Job>, Option<Errand>) {
    let mut events = first.delivery.calls.len();
    let mut jobs = vec![first];
    while events < MOST_EVENTS {
        let next = match receiver.try_recv() {
            Ok(Work::Take(next)) => next,
            Ok(Work::Run(errand)) => return (jobs, Some(errand)),
            Err(_) => break,
        };
        events += next.delivery.calls.len();
        jobs.push(next);
    }
    (jobs, None)
}

#[cfg(test)]
mod tests {
    use super::{backlog::MOST_BYTES, *};

    const SIZE: usize = 1 << 20;

    fn inbox(room: usize) -> (Inbox, Receiver<Work>) {
        let (sender, receiver) = sync_channel(room);
        let (_, ready) = watch::channel(true);
        let (_, newest) = watch::channel(0);
        let happened = newest.clone();
        (Inbox { sender, waiting: Arc::default(), ready, newest, happened }, receiver)
    }

    fn delivery() -> Delivery {
        let kept = Kept { code: "bad-json", reason: String::new(), body: "x".repeat(SIZE) };
        Delivery { refused: vec![kept], ..Delivery::default() }
    }

    /// Delivers to a writer that does nothing; the refusals, and how many still wait.
    fn flood(room: usize, count: usize) -> (Vec<Refusal>, usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (inbox, receiver) = inbox(room);
        let inbox = Arc::new(inbox);
        let mut refusals = Vec::new();
        runtime.block_on(async {
            for _ in 0..count {
                let inbox = Arc::clone(&inbox);
                let sent =
                    tokio::spawn(async move { inbox.deliver(delivery(), Instant::from_millis(0)).await });
                tokio::task::yield_now().await;
                if sent.is_finished() {
                    refusals.extend(sent.await.expect("an answer").err());
                }
            }
        });
        (refusals, receiver.try_iter().count())
    }

    #[test]
    fn a_writer_that_is_behind_takes_no_more_requests() {
        assert_eq!(flood(3, 5), (vec![Refusal::Busy; 2], 3));
    }

    #[test]
    fn a_writer_that_is_behind_takes_no_more_bytes() {
        let fit = MOST_BYTES / SIZE + 1;
        assert_eq!(flood(1000, fit + 2), (vec![Refusal::Busy; 2], fit));
    }

    #[test]
    fn a_writer_that_has_ended_takes_nothing() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let (inbox, receiver) = inbox(3);
        drop(receiver);
        let refused = runtime.block_on(inbox.deliver(delivery(), Instant::from_millis(0)));
        assert_eq!((refused, inbox.is_ready()), (Err(Refusal::Failed), false));
    }
}
