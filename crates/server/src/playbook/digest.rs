//! Summaries at a time of day: who went to sales since the last one, and what is still to be done.

use kelvin_connect::{Kind, Message};
use kelvin_kernel::{Duration, Instant};
use kelvin_model::playbook::{
    hours::Calendar,
    plan::{Alert, AlertKind, OwnerId, Recipient},
};
use kelvin_store::{Change, HandOff, Task, TaskFilter, TaskState, Timer, View};

use super::{
    Playbook,
    message::{contact, enqueue, owner_target},
};
use crate::Error;

/// The kind of timers of digests. The name of one is when it was last told, in milliseconds.
pub(super) const KIND: &str = "digest";

/// Lines in a digest at most.
const LINES: usize = 50;

/// Hand-offs and tasks that are looked up at once.
const PAGE: usize = 1000;

/// What there is to tell.
#[derive(Debug, Default)]
struct News {
    /// Hand-offs since the last digest, with their tasks; the latest first.
    new: Vec<(HandOff, Task)>,
    /// Tasks from before that are not closed; the latest first.
    open: Vec<Task>,
}

impl Playbook {
    /// Sets the timers of all digests. One that was missed while the service was down comes now.
    pub(crate) fn set_digests(&self, change: &mut dyn Change, now: Instant) -> Result<(), Error> {
        let set = change.timers_of(KIND)?;
        for alert in &self.plan.alerts {
            let known = set.iter().find(|timer| timer.subject == alert.id);
            if known.is_some_and(|timer| timer.at <= now) {
                continue;
            }
            let Some(next) = next(&self.plan.calendar, &alert.kind, now) else { continue };
            let since = known.map_or_else(|| now.as_millis().to_string(), |timer| timer.name.clone());
            if let Some(known) = known {
                change.stop_timer(KIND, &known.subject, &known.name)?;
            }
            change.set_timer(&timer(&alert.id, since, next))?;
        }
        Ok(())
    }

    /// Sends a digest, and sets the timer of the next one.
    pub(super) fn digest(&self, change: &mut dyn Change, due: &Timer, now: Instant) -> Result<(), Error> {
        let Some(alert) = self.plan.alerts.iter().find(|alert| alert.id == due.subject) else {
            return Ok(());
        };
        let Some(next) = next(&self.plan.calendar, &alert.kind, now) else { return Ok(()) };
        let since = due.name.parse().map_or(due.at.before(Duration::DAY), Instant::from_millis);
        let is_of = |rule: &str, model: &str| self.is_about(alert, rule, model);
        let news = News::read(change, is_of, (since, now))?;
        for recipient in &alert.notify {
            match recipient {
                Recipient::Target(target) => {
                    let target = &self.plan.targets[target.0].id;
                    self.send(change, (alert, due), (target, None), &news, now)?;
                }
                Recipient::Owner => {
                    for place in 0..self.plan.owners.len() {
                        let target = owner_target(&self.plan.owners[place].id);
                        self.send(change, (alert, due), (&target, Some(place)), &news, now)?;
                    }
                }
            }
        }
        Ok(change.set_timer(&timer(&alert.id, now.as_millis().to_string(), next))?)
    }

    /// Whether a digest is about what a hand-off did by a model's scores: one about a champion is about its challengers, also
    /// once the experiment has ended.
    fn is_about(&self, digest: &Alert, rule: &str, model: &str) -> bool {
        let Some(asked) = digest.model.as_deref() else { return true };
        let spoken_of = self.hand_off(rule).and_then(|hand_off| hand_off.model.as_deref());
        asked == model || asked == self.trials.champion_of(model) || spoken_of == Some(asked)
    }

    /// Puts a digest into the outbox, unless there is nothing to tell.
    fn send(
        &self,
        change: &mut dyn Change,
        (alert, due): (&Alert, &Timer),
        (target, owner): (&str, Option<usize>),
        news: &News,
        now: Instant,
    ) -> Result<(), Error> {
        let owner = owner.map(|place| (place, self.plan.owners[place].id.as_str()));
        let (title, lines) = news.told(owner.map(|(_, id)| id), now);
        if lines.is_empty() {
            return Ok(());
        }
        let message = Message {
            id: format!("digest:{}:{}:{target}", alert.id, due.at),
            kind: Kind::Digest,
            at: now.to_string(),
            title,
            text: String::new(),
            lead_id: None,
            model: alert.model.clone(),
            score: None,
            tier: None,
            grade: None,
            reasons: Vec::new(),
            link: None,
            owner: owner.and_then(|(place, _)| contact(self, OwnerId(place))),
            playbook_id: alert.id.clone(),
            cause: None,
            task: None,
            lines,
        };
        enqueue(change, &format!("digest:{}", alert.id), target, &message, now)
    }
}

/// When a digest comes next; `None` for other alerts.
fn next(calendar: &Calendar, kind: &AlertKind, after: Instant) -> Option<Instant> {
    match kind {
        AlertKind::Digest { weekday, minute } => calendar.next(after, *weekday, *minute),
        _ => None,
    }
}

fn timer(alert: &str, since: String, at: Instant) -> Timer {
    Timer { kind: KIND.to_owned(), subject: alert.to_owned(), name: since, at }
}

/// Hand-offs from an instant on, the latest first.
fn hand_offs_since(view: &dyn View, since: Instant) -> Result<Vec<HandOff>, Error> {
    let mut all: Vec<HandOff> = Vec::new();
    loop {
        let page = view.hand_offs(None, all.last().map(|last| last.seq), PAGE)?;
        let is_last = page.len() < PAGE || page.last().is_some_and(|last| last.at < since);
        all.extend(page);
        if is_last {
            all.retain(|hand_off| hand_off.at >= since);
            return Ok(all);
        }
    }
}

/// All tasks in a state, the latest first.
fn tasks_in(view: &dyn View, state: TaskState) -> Result<Vec<Task>, Error> {
    let filter = TaskFilter { state: Some(state), ..TaskFilter::default() };
    let mut all: Vec<Task> = Vec::new();
    loop {
        let page = view.tasks(&filter, all.last().map(|last| last.id), PAGE)?;
        let is_last = page.len() < PAGE;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

impl News {
    /// From an instant on, before another: what comes at that very instant is told next time.
    fn read(
        view: &dyn View,
        is_of: impl Fn(&str, &str) -> bool,
        (since, now): (Instant, Instant),
    ) -> Result<Self, Error> {
        let mut news = Self::default();
        for hand_off in hand_offs_since(view, since)? {
            if hand_off.at < now
                && is_of(&hand_off.hand_off, &hand_off.model)
                && let Some(task) = view.task(hand_off.seq)?
            {
                news.new.push((hand_off, task));
            }
        }
        for state in [TaskState::Open, TaskState::Accepted, TaskState::Contacted] {
            let tasks = tasks_in(view, state)?.into_iter();
            news.open.extend(tasks.filter(|task| task.opened < since && is_of(&task.hand_off, &task.model)));
        }
        news.open.sort_by_key(|task| std::cmp::Reverse(task.id));
        Ok(news)
    }

    /// A digest's title and lines: of the leads of one owner, or of all.
    fn told(&self, owner: Option<&str>, now: Instant) -> (String, Vec<String>) {
        let is_of = |task: &Task| owner.is_none() || task.owner.as_deref() == owner;
        let new: Vec<_> = self.new.iter().filter(|(_, task)| is_of(task)).collect();
        let open: Vec<_> = self.open.iter().filter(|task| is_of(task)).collect();
        let with = |task: &Task| match (owner, &task.owner) {
            (Some(_), _) => String::new(),
            (None, Some(owner)) => format!(", with {owner}"),
            (None, None) => ", unassigned".to_owned(),
        };
        let of_new = new.iter().map(|(hand_off, task)| {
            let tier = hand_off.tier.as_deref().unwrap_or("no tier");
            format!("new: {} ({tier}, {} points){}", task.title, hand_off.score, with(task))
        });
        let of_open = open.iter().map(|task| {
            let is_late = task.close.due.is_some_and(|due| due <= now);
            format!("{}: {}{}", if is_late { "overdue" } else { task.state.name() }, task.title, with(task))
        });
        let mut lines: Vec<String> = of_new.chain(of_open).collect();
        if let Some(more) = lines.len().checked_sub(LINES).filter(|more| *more > 0) {
            lines.truncate(LINES);
            lines.push(format!("and {more} more"));
        }
        (format!("{} new, {} still to do", new.len(), open.len()), lines)
    }
}
