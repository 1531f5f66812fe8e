//! Models that come into service, in small steps between what else the writer does.
//!
//! One version at a time is made ready: its leads are scored on other threads ([`Rescoring`]) and put into the store in
//! slices. Leads that change meanwhile are left out there and folded at the end. Then one transaction has the version
//! serve, and what the one before held of leads goes in slices. All of it may end at any moment: what is asked for
//! stands in the store, and is begun anew.

use std::{slice, sync::Arc, time::Duration};

use kelvin_kernel::Instant;
use kelvin_store::{Change, LeadScore, Reader, Switch, View};
use tokio::sync::oneshot;

use super::{
    Desk, Inbox, Refusal, TICK, Work,
    apply::{put, remembered},
    errand::Errand,
    fold::fold_again,
};
use crate::{
    Error, Model, accounts,
    models::{Incoming, MAKER, News, Rescoring, Slice, key, loaded},
    playbook::{Cause, Why},
};

/// Late leads that are folded in one transaction, and leads that are forgotten in one.
const SOME: usize = 256;

/// How soon the threads that score are looked after again.
const SOON: Duration = Duration::from_millis(10);

/// How long a version rests that could not be made ready because the store failed.
const REST: kelvin_kernel::Duration = kelvin_kernel::Duration::from_millis(30_000);

/// What the writer has under way of models.
#[derive(Default)]
pub(super) struct Publishing {
    /// Whether something may have been asked for.
    is_asked: bool,
    coming: Option<Coming>,
    /// Names under which holdings are dropped.
    gone: Vec<String>,
    /// Of those that served: up to which lead it was looked at what follows from the switch.
    looked_at: String,
    /// When to try again after a failure.
    again: Option<Instant>,
}

/// A version that is being made ready.
struct Coming {
    switch: Switch,
    model: Model,
    incoming: Arc<Incoming>,
    rescoring: Rescoring,
}

/// What is to be done next.
enum Step {
    Fill(Slice),
    CatchUp(Vec<String>),
    Fail(String),
}

impl Inbox {
    /// Has something asked of models in service, within a transaction; waits until it is durable.
    pub(crate) async fn ask_of_models<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Change, Instant) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        let errand: Errand = Box::new(move |desk| {
            // Who asked may have gone: what was asked for is there to be looked at.
            let _gone = reply.send(desk.ask_of_models(ask));
        });
        self.send(Work::Run(errand))?;
        answer.await.unwrap_or(Err(Refusal::Failed))
    }
}

impl Inbox {
    /// Connections that look at the store, for as long as the service runs.
    pub(crate) async fn readers(&self, count: usize) -> Result<Vec<Reader>, Refusal> {
        let (reply, answer) = oneshot::channel();
        let errand: Errand = Box::new(move |desk| {
            let readers = (0..count).map(|_| desk.store.reader()).collect::<Result<_, _>>();
            let _gone = reply.send(readers.map_err(|_| Refusal::Failed));
        });
        self.send(Work::Run(errand))?;
        answer.await.unwrap_or(Err(Refusal::Failed))
    }
}

impl Desk {
    fn ask_of_models<T>(
        &mut self,
        ask: impl FnOnce(&mut dyn Change, Instant) -> Result<T, Error>,
    ) -> Result<T, Refusal> {
        let now = (self.clock)();
        let done = self.store.change(|change| ask(change, now)).and_then(|done| {
            self.load()?;
            // A challenger may have been withdrawn.
            self.deal_out()?;
            Ok(done)
        });
        done.map_err(|cause| {
            (self.say)(&format!("error: the models in service could not be changed: {cause}"));
            Refusal::Failed
        })
    }

    /// Has the models at hand that the store has in service; what others hold of leads is dropped.
    pub(super) fn load(&mut self) -> Result<(), Error> {
        let known = self.shelf.all();
        let (models, kept, pending) = self.store.change(|change| -> Result<_, Error> {
            let at_hand = |switch: &Switch| known.iter().find(|model| model.key() == key(switch)).cloned();
            let kept = change.models()?;
            let load = |switch: &Switch| -> Result<Model, Error> {
                let model = at_hand(switch).map_or_else(|| loaded(change, switch), Ok)?;
                Ok(model.come(before(change, switch, &kept)?))
            };
            let models = change.in_service()?.iter().map(load).collect::<Result<Vec<_>, _>>()?;
            Ok((models, kept, change.pending_switches()?))
        })?;
        let is_wanted = |name: &str| {
            models.iter().any(|model| model.key() == name) || pending.iter().any(|switch| key(switch) == name)
        };
        let gone = kept.into_iter().map(|(name, _)| name).filter(|name| !is_wanted(name));
        self.publishing.gone = gone.collect();
        self.publishing.is_asked = !pending.is_empty();
        self.publishing.looked_at.clear();
        let is_gone = |model: &&Model| self.publishing.gone.iter().any(|name| name == model.key());
        let gone = known.iter().filter(is_gone).cloned();
        let coming = self.publishing.coming.iter().map(|coming| coming.model.clone());
        let serving: Vec<Model> = models.into_iter().chain(coming).collect();
        self.shelf.put(serving.iter().cloned().chain(gone).collect());
        self.models = Arc::new(serving);
        Ok(())
    }

    /// Gets on with what is under way of models; how long until there is more to do.
    pub(super) fn publish_on(&mut self) -> Duration {
        let now = (self.clock)();
        if self.publishing.again.is_some_and(|again| now < again) {
            return TICK;
        }
        self.publishing.again = None;
        self.publish_step().unwrap_or_else(|cause| {
            (self.say)(&format!("error: a model could not be made ready: {cause}"));
            self.publishing.coming = None;
            self.publishing.again = Some(now.after(REST));
            if let Err(cause) = self.load() {
                (self.say)(&format!("error: {cause}"));
            }
            TICK
        })
    }

    fn publish_step(&mut self) -> Result<Duration, Error> {
        if self.publishing.coming.is_some() {
            return self.come_on();
        }
        // A version begins only when all that follows from the switch before was done: it looks back no farther.
        if let Some(name) = self.publishing.gone.last().cloned() {
            self.drop_some(&name)?;
        } else if self.publishing.is_asked {
            self.begin()?;
        } else {
            return Ok(TICK);
        }
        Ok(Duration::ZERO)
    }

    /// Begins with the first version that is asked for, if there is one.
    fn begin(&mut self) -> Result<(), Error> {
        let begun = self.store.change(|change| -> Result<_, Error> {
            let Some(mut switch) = change.pending_switches()?.into_iter().next() else { return Ok(None) };
            // What was begun before knows nothing of events that came since: it is begun anew, under another name.
            if change.models()?.iter().any(|(known, _)| *known == key(&switch)) {
                switch.number = change.ask_again(switch.number)?;
            }
            change.seal(&key(&switch), MAKER)?;
            let model = loaded(change, &switch)?;
            Ok(Some((switch, model, change.log_end()?)))
        })?;
        self.publishing.is_asked = begun.is_some();
        let Some((switch, model, end)) = begun else { return Ok(()) };
        let incoming = Arc::<Incoming>::default();
        let model = model.coming(Arc::clone(&incoming));
        let readers = (0..Rescoring::READERS).map(|_| self.store.reader()).collect::<Result<_, _>>()?;
        let rescoring = Rescoring::start(readers, model.clone(), &incoming, end, &self.clock)?;
        self.publishing.coming = Some(Coming { switch, model, incoming, rescoring });
        self.load()
    }

    /// Takes what has come of the threads, folds leads that were late, and at last switches.
    fn come_on(&mut self) -> Result<Duration, Error> {
        let Some(coming) = &self.publishing.coming else { return Ok(TICK) };
        let Some(step) = coming.next()? else { return Ok(SOON) };
        match step {
            Step::Fill(slice) => self.fill(slice)?,
            Step::CatchUp(late) if late.is_empty() => self.switch()?,
            Step::CatchUp(late) => self.catch_up(&late)?,
            Step::Fail(why) => self.give_up(&why)?,
        }
        Ok(Duration::ZERO)
    }

    /// Puts leads into the store that have not changed since they were read.
    fn fill(&mut self, mut slice: Slice) -> Result<(), Error> {
        let Some(coming) = &self.publishing.coming else { return Ok(()) };
        slice.retain(|(lead, _)| !coming.incoming.is_late(lead));
        let (model, now) = (&coming.model, (self.clock)());
        self.store.change(|change| {
            accounts::note_all(change, model, &slice, now)?;
            Ok(change.fill(model.key(), &slice)?)
        })
    }

    /// Folds leads that changed before their scores were there.
    fn catch_up(&mut self, late: &[String]) -> Result<(), Error> {
        let Some(coming) = &self.publishing.coming else { return Ok(()) };
        let (model, now) = (&coming.model, (self.clock)());
        let why = Why { playbook: None, cause: Cause::Model };
        let done = self.store.change(|change| {
            late.iter().try_for_each(|lead| match change.holding(model.key(), lead)? {
                Some(_) => Ok(()),
                None => fold_again(change, slice::from_ref(model), lead, &why, now),
            })
        });
        if done.is_err() {
            coming.incoming.be_late(late.iter().cloned());
        }
        done
    }

    /// Has the version serve that is ready.
    fn switch(&mut self) -> Result<(), Error> {
        let Some(coming) = &self.publishing.coming else { return Ok(()) };
        let (number, now) = (coming.switch.number, (self.clock)());
        self.store.change(|change| -> Result<_, Error> { Ok(change.end_switch(number, now)?) })?;
        self.publishing.coming = None;
        self.load()?;
        self.let_new_rules_rest()?;
        self.put_new_rules_in_force()
    }

    /// Gives a version up that cannot be made ready.
    fn give_up(&mut self, why: &str) -> Result<(), Error> {
        let Some(coming) = self.publishing.coming.take() else { return Ok(()) };
        let Coming { switch, .. } = coming;
        let now = (self.clock)();
        (self.say)(&format!("error: version {} of `{}` cannot serve: {why}", switch.version, switch.model));
        self.store
            .change(|change| -> Result<_, Error> { Ok(change.fail_switch(switch.number, now, why)?) })?;
        self.load()
    }

    /// The models that serve.
    pub(super) fn serving(&self) -> Vec<Model> {
        self.models.iter().filter(|model| model.incoming().is_none()).cloned().collect()
    }

    /// Does what follows from a switch for some leads that are in another tier since; then they are as if the version had
    /// always served. Whether there is more.
    fn follow(&mut self, name: &str) -> Result<bool, Error> {
        let Some(model) = self.models.iter().find(|model| model.before() == Some(name)) else {
            return Ok(false);
        };
        let (after, now) = (self.publishing.looked_at.clone(), (self.clock)());
        let why = Why { playbook: self.playbook.as_ref(), cause: Cause::Model };
        let last = self.store.change(|change| -> Result<_, Error> {
            let leads = change.held_after(name, &after, SOME)?;
            for lead in &leads {
                follow_one(change, model, (name, lead), &why, now)?;
            }
            change.forget_leads(name, &leads)?;
            Ok(leads.into_iter().last())
        })?;
        let is_more = last.is_some();
        self.publishing.looked_at = last.unwrap_or_default();
        Ok(is_more)
    }

    /// Drops some of what is held under a name that serves no more.
    fn drop_some(&mut self, name: &str) -> Result<(), Error> {
        if self.follow(name)? {
            return Ok(());
        }
        let is_more =
            self.store.change(|change| -> Result<_, Error> { Ok(change.forget_some(name, SOME)?) })?;
        if !is_more {
            self.publishing.gone.retain(|gone| gone != name);
            self.load()?;
        }
        Ok(())
    }
}

/// The name under which the version that served before a switch still holds something of leads.
fn before(view: &dyn View, switch: &Switch, kept: &[(String, String)]) -> Result<Option<String>, Error> {
    let served = |earlier: &Switch| {
        earlier.number < switch.number && earlier.ended.is_some() && earlier.failure.is_none()
    };
    let names = view.switches(&switch.model)?.into_iter().filter(served).map(|earlier| key(&earlier));
    Ok(names.into_iter().find(|name| kept.iter().any(|(known, _)| known == name)))
}

/// Does what follows for a lead from a switch, if it is in another tier since; that it has another score is no rise.
pub(super) fn follow_one(
    change: &mut dyn Change,
    model: &Model,
    (before, lead): (&str, &str),
    why: &Why<'_>,
    now: Instant,
) -> Result<(), Error> {
    let (from, to) = (change.score_of(before, lead)?, change.score_of(model.key(), lead)?);
    let tier = |score: &Option<LeadScore>| score.as_ref().and_then(|score| score.tier.clone());
    if tier(&from) == tier(&to) {
        let score = to.map(|to| to.score).filter(|score| from.map(|from| from.score) != Some(*score));
        return match (why.playbook, score) {
            (Some(playbook), Some(score)) => playbook.start_rises_over(change, (model, lead), score),
            _ => Ok(()),
        };
    }
    match change.holding(model.key(), lead)? {
        Some(held) => {
            let mut state = remembered(change, model, lead, &held)?;
            put(change, (model, lead), &mut state, why, now)
        }
        None => Ok(()),
    }
}

impl Publishing {
    /// Whether a model is to serve that does not yet.
    pub(super) fn is_busy(&self) -> bool {
        self.is_asked || self.coming.is_some()
    }
}

impl Coming {
    /// What is to be done next, if it is known already.
    fn next(&self) -> Result<Option<Step>, Error> {
        if !self.incoming.is_read() {
            match self.rescoring.poll() {
                None => return Ok(None),
                Some(News::Slice(slice)) => return Ok(Some(Step::Fill(slice))),
                Some(News::Failed(cause @ Error::Damaged(_))) => {
                    return Ok(Some(Step::Fail(cause.to_string())));
                }
                Some(News::Failed(cause)) => return Err(cause),
                Some(News::Done) => self.incoming.end_reading(),
            }
        }
        Ok(Some(Step::CatchUp(self.incoming.take_late(SOME))))
    }
}
