//! What was kept long enough goes, in small steps between what else the writer does.

use kelvin_kernel::{Duration, Instant};
use kelvin_store::Stock;

use super::Desk;
use crate::{Error, Retention, retention::expire_some};

/// How often everything is gone through.
const EVERY: Duration = Duration::DAY;

/// Rows that are looked at in one transaction.
const ROWS: usize = 1000;

/// How far it has been gone through what is kept.
pub(super) struct Sweep {
    kept: Retention,
    begun: Option<Instant>,
    left: Vec<Task>,
}

/// Something of which the old goes, from behind a place on.
#[derive(Debug, Clone, Copy)]
struct Task {
    what: What,
    before: Instant,
    after: u64,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Events,
    Stock(Stock),
}

impl Sweep {
    pub(super) fn new(kept: Retention) -> Self {
        Self { kept, begun: None, left: Vec::new() }
    }

    /// How much of what could not be used is kept.
    pub(super) fn most_rejected(&self) -> u64 {
        self.kept.most_rejected
    }

    /// What is to be done next, if it is time.
    fn next(&mut self, now: Instant) -> Option<Task> {
        let is_due = self.begun.is_none_or(|begun| begun.after(EVERY) <= now);
        if self.left.is_empty() && is_due {
            self.begun = Some(now);
            let task = |what, kept| Task { what, before: now.before(kept), after: 0 };
            let stocks = self.kept.stocks().map(|(stock, kept)| task(What::Stock(stock), kept));
            self.left =
                self.kept.events.map(|kept| task(What::Events, kept)).into_iter().chain(stocks).collect();
        }
        self.left.pop()
    }
}

impl Desk {
    /// Lets go of some of what was kept long enough; whether there may be more.
    pub(super) fn let_go(&mut self) -> bool {
        // What threads read of the log for a version that is being made ready must not change under them.
        if self.publishing.is_busy() {
            return false;
        }
        let Some(task) = self.sweep.next((self.clock)()) else { return false };
        match self.let_go_of(task) {
            Ok(next) => self.sweep.left.extend(next.map(|after| Task { after, ..task })),
            Err(cause) => {
                (self.say)(&format!("error: what was kept long enough could not be let go of: {cause}"));
                // Tried again with the next sweep: a store that fails has other worries.
                self.sweep.left.clear();
            }
        }
        !self.sweep.left.is_empty()
    }

    fn let_go_of(&mut self, task: Task) -> Result<Option<u64>, Error> {
        let Task { what, before, after } = task;
        match what {
            What::Events => self.run(|change, _, upset| expire_some(change, before, after, upset)),
            What::Stock(stock) => {
                self.store.change(|change| Ok::<_, Error>(change.let_go(stock, before, after, ROWS)?))
            }
        }
    }
}
