//! The task that empties the outbox. It sleeps until a commit brings a message or one is due.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kelvin_connect::{Courier, Message as Letter, Outcome, Sink};
use kelvin_kernel::Instant;
use kelvin_store::Message;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    Note, Outbox,
    schedule::{Round, Schedule},
};
use crate::{api::App, writer::Say};

/// How long the store is left alone when it failed.
const TROUBLE: Duration = Duration::from_secs(1);

/// How long attempts under way may take when the service stops. What is not noted by then is delivered again.
const FAREWELL: Duration = Duration::from_secs(5);

/// Empties the outbox.
pub(crate) struct Deliverer {
    app: Arc<App>,
    say: Say,
    courier: Courier,
    sinks: BTreeMap<String, Sink>,
    longest_sleep: Duration,
    /// Shared with the thread that looks at the store.
    schedule: Arc<Mutex<Schedule>>,
    attempts: JoinSet<(Message, Outcome)>,
    /// What is not written yet.
    notes: Vec<Note>,
}

impl Deliverer {
    pub(crate) fn new(app: Arc<App>, outbox: Outbox, say: Say) -> Self {
        let Outbox { courier, sinks, backoff, longest_sleep, seed } = outbox;
        let schedule = Arc::new(Mutex::new(Schedule::new(backoff, seed)));
        Self {
            app,
            say,
            courier,
            sinks,
            longest_sleep,
            schedule,
            attempts: JoinSet::new(),
            notes: Vec::new(),
        }
    }

    /// Delivers until the service stops; then ends the attempts that are under way.
    pub(crate) async fn run(mut self, mut stopping: watch::Receiver<bool>) {
        let mut newest = self.app.inbox.newest();
        while !*stopping.borrow() {
            newest.mark_unchanged();
            let wait = self.step().await;
            tokio::select! {
                Some(Ok(attempt)) = self.attempts.join_next() => self.take(attempt),
                Ok(()) = newest.changed() => {}
                () = sleep(wait) => {}
                _ = stopping.wait_for(|stopping| *stopping) => break,
            }
        }
        let _patience_ended = timeout(FAREWELL, self.end()).await;
    }

    /// Writes down what came of attempts and begins those that are due; how long there is nothing else to do.
    async fn step(&mut self) -> Duration {
        if !self.write().await {
            return TROUBLE;
        }
        let now = self.app.now();
        match self.look(now).await {
            Some(round) if !round.start.is_empty() && !self.are_kept().await => {
                let mut schedule = lock(&self.schedule);
                round.start.iter().for_each(|message| schedule.release(&message.id));
                TROUBLE
            }
            Some(round) => {
                round.start.into_iter().for_each(|message| self.begin(message));
                round.next.map_or(self.longest_sleep, |next| until(next, now).min(self.longest_sleep))
            }
            None => TROUBLE,
        }
    }

    /// The messages whose turn it is.
    async fn look(&self, now: Instant) -> Option<Round> {
        let (schedule, say) = (Arc::clone(&self.schedule), Arc::clone(&self.say));
        let looked = Arc::clone(&self.app).look(move |_, view| {
            lock(&schedule).round(view, now).map_err(|cause| {
                say(&format!("error: the outbox could not be read: {cause}"));
                cause.into()
            })
        });
        looked.await.ok()
    }

    /// Waits until the messages that are to be attempted are durable, which they may not be yet when they are seen; whether they are.
    async fn are_kept(&self) -> bool {
        self.app.inbox.note(Vec::new(), self.app.now()).await.is_ok()
    }

    /// Begins an attempt.
    fn begin(&mut self, message: Message) {
        let (courier, now) = (self.courier.clone(), self.app.now());
        let sink = self.sinks.get(&message.target).cloned();
        self.attempts.spawn(async move {
            let outcome = attempt(&courier, sink.as_ref(), &message, now).await;
            (message, outcome)
        });
    }

    /// Notes what came of an attempt, and of all others that have ended.
    fn take(&mut self, (message, outcome): (Message, Outcome)) {
        let now = self.app.now();
        let mut schedule = lock(&self.schedule);
        self.notes.push(schedule.note(&message, outcome, now));
        while let Some(Ok((message, outcome))) = self.attempts.try_join_next() {
            self.notes.push(schedule.note(&message, outcome, now));
        }
    }

    /// Writes down what came of attempts; whether that is done. Until it is, none of them is made again.
    async fn write(&mut self) -> bool {
        if self.notes.is_empty() {
            return true;
        }
        let written = self.app.inbox.note(self.notes.clone(), self.app.now()).await.is_ok();
        if written {
            let mut schedule = lock(&self.schedule);
            self.notes.drain(..).for_each(|note| schedule.release(note.id()));
        }
        written
    }

    /// Waits for the attempts under way.
    async fn end(&mut self) {
        while let Some(Ok(attempt)) = self.attempts.join_next().await {
            self.take(attempt);
        }
        self.write().await;
    }
}

/// One attempt.
async fn attempt(courier: &Courier, sink: Option<&Sink>, message: &Message, now: Instant) -> Outcome {
    let Some(sink) = sink else {
        let reason = format!("the playbook has no target `{}`", message.target);
        return Outcome::TryAgain { after: None, reason };
    };
    match serde_json::from_str::<Letter>(&message.body) {
        Ok(letter) => courier.deliver(sink, &Letter { id: message.id.clone(), ..letter }, now).await,
        Err(cause) => Outcome::Never { reason: format!("the message cannot be read: {cause}") },
    }
}

fn lock(schedule: &Mutex<Schedule>) -> MutexGuard<'_, Schedule> {
    schedule.lock().unwrap_or_else(PoisonError::into_inner)
}

fn until(next: Instant, now: Instant) -> Duration {
    Duration::from_millis(u64::try_from(next.millis_since(now)).unwrap_or(0))
}
