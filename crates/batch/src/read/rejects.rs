//! Rejected rows: each is told once, in the order of the input, however many threads read.

use std::{
    collections::BTreeMap,
    fmt,
    ops::ControlFlow,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The file, as the user named it.
    pub file: Arc<str>,
    /// The line in the file where the row begins (in Parquet: the row), counted from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// Where rejected rows are told. One may serve several readers.
pub struct Rejects<'a> {
    tell: Box<Listener<'a>>,
    count: AtomicU64,
    stopped: AtomicBool,
}

type Listener<'a> = dyn Fn(&Reject) -> ControlFlow<()> + Send + Sync + 'a;

impl<'a> Rejects<'a> {
    /// Calls `tell` for each rejected row; once it breaks, readers stop with [`Error::Stopped`](crate::Error::Stopped).
    pub fn new(tell: impl Fn(&Reject) -> ControlFlow<()> + Send + Sync + 'a) -> Self {
        Self { tell: Box::new(tell), count: AtomicU64::new(0), stopped: AtomicBool::new(false) }
    }

    /// How many rows have been told.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Whether the listener wants no more.
    pub(super) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn tell(&self, reject: &Reject) {
        if self.stopped() {
            return;
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        if (self.tell)(reject).is_break() {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Rejects<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejects").field("count", &self.count()).finish_non_exhaustive()
    }
}

/// Holds back the rejects of a unit (a run of rows that one thread decodes) until those of all units before it are told.
#[derive(Debug, Default)]
pub(super) struct InOrder(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    done: BTreeMap<u64, Vec<Reject>>,
}

impl InOrder {
    /// Takes the rejects of a unit that is decoded, in any order. Every unit from 0 on must come here exactly once.
    pub(super) fn settle(&self, unit: u64, mut found: Vec<Reject>, rejects: &Rejects<'_>) {
        found.sort_by_key(|reject| reject.line);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.done.insert(unit, found);
        while let Some(found) = {
            let next = waiting.next;
            waiting.done.remove(&next)
        } {
            found.iter().for_each(|reject| rejects.tell(reject));
            waiting.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{ops::ControlFlow, sync::Mutex};

    use super::{InOrder, Reject, Rejects};

    fn reject(line: u64) -> Reject {
        Reject { file: "e.csv".into(), line, reason: "`time` is missing".to_owned() }
    }

    #[test]
    fn rejects_are_told_in_the_order_of_the_input() {
        let told = Mutex::new(Vec::new());
        let rejects = Rejects::new(|reject: &Reject| {
            told.lock().unwrap().push(reject.to_string());
            ControlFlow::Continue(())
        });
        let order = InOrder::default();
        order.settle(2, vec![reject(9)], &rejects);
        order.settle(0, vec![reject(2), reject(3)], &rejects);
        assert_eq!(told.lock().unwrap().len(), 2);
        order.settle(1, vec![], &rejects);
        assert_eq!(
            *told.lock().unwrap(),
            ["e.csv:2: `time` is missing", "e.csv:3: `time` is missing", "e.csv:9: `time` is missing"]
        );
        assert_eq!(rejects.count(), 3);
    }

    #[test]
    fn nothing_is_told_after_a_listener_has_stopped() {
        let rejects = Rejects::new(|_: &Reject| ControlFlow::Break(()));
        InOrder::default().settle(0, vec![reject(2), reject(3)], &rejects);
        assert!(rejects.stopped());
        assert_eq!(rejects.count(), 1);
    }
}
