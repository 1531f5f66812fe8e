//! Which ids have surely never come: most have not, and to find that out in the table costs more than all else about an id.
//!
//! A Bloom filter over the hashes of all ids. It is made from the table at each start, and again when it has become too small,
//! by a thread of its own; until it is there, the table is asked.

use std::{
    cell::RefCell,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, OpenFlags, params};

use super::{PATIENCE, count, recent::Ids};
use crate::Result;

/// Bits for each id: of a hundred new ids, about one is looked up in the table.
const BITS: usize = 12;

/// The smallest filter and the largest, in words. A store of more ids than 44 million looks up more of them.
const LEAST: usize = 1 << 20;
const MOST: usize = 1 << 23;

/// Ids that are read in one look: as long as somebody looks, what is written comes together beside the file.
const AT_ONCE: usize = 10_000;

/// Words that are looked at together: a line of the processor's cache.
const BLOCK: usize = 8;

/// The ids of a store.
#[derive(Debug, Default)]
pub(super) struct Sieve(RefCell<State>);

#[derive(Debug, Default)]
struct State {
    filter: Option<Filter>,
    making: Option<Making>,
}

/// A filter on its way.
#[derive(Debug)]
struct Making {
    thread: Option<JoinHandle<Result<Filter>>>,
    is_over: Arc<AtomicBool>,
    /// What came since it was begun.
    since: Vec<i64>,
}

#[derive(Debug)]
struct Filter {
    words: Vec<u64>,
    count: usize,
}

impl Sieve {
    /// Begins to make a filter for a store: what is in its table, and what is not there yet.
    pub(super) fn begin(&self, path: &Path, recent: [Ids; 2], ids: usize) {
        let is_over = Arc::<AtomicBool>::default();
        let (path, over) = (path.to_owned(), Arc::clone(&is_over));
        let make = move || make(&path, &recent, ids, &over);
        // Without a thread, or where it fails, the table is asked as before.
        let thread = thread::Builder::new().name("ids".to_owned()).spawn(make).ok();
        self.0.borrow_mut().making = Some(Making { thread, is_over, since: Vec::new() });
    }

    /// Takes the filter that was being made, if it is there; whether another is to be begun, as it is too small.
    pub(super) fn renew(&self) -> Option<usize> {
        let mut state = self.0.borrow_mut();
        if state.making.as_ref().is_some_and(Making::is_done)
            && let Some(making) = state.making.take()
        {
            state.filter = making.end();
        }
        let filter = state.filter.as_ref().filter(|_| state.making.is_none())?;
        let is_full = filter.count * BITS > filter.words.len() * 64 && filter.words.len() < MOST;
        is_full.then_some(filter.count)
    }

    /// Whether an id with a hash may have come.
    pub(super) fn may_hold(&self, hash: i64) -> bool {
        self.0.borrow().filter.as_ref().is_none_or(|filter| filter.may_hold(hash))
    }

    /// Notes an id that came. That it did not after all does no harm.
    pub(super) fn put(&self, hash: i64) {
        let mut state = self.0.borrow_mut();
        state.making.iter_mut().for_each(|making| making.since.push(hash));
        state.filter.iter_mut().for_each(|filter| filter.put(hash));
    }
}

impl Making {
    fn is_done(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// The filter with what came since.
    fn end(mut self) -> Option<Filter> {
        let mut filter = self.thread.take()?.join().ok()?.ok()?;
        self.since.iter().for_each(|hash| filter.put(*hash));
        Some(filter)
    }
}

impl Drop for Making {
    /// Nobody looks at a store that was closed.
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _end = self.thread.take().map(JoinHandle::join);
    }
}

fn make(path: &Path, recent: &[Ids; 2], ids: usize, is_over: &AtomicBool) -> Result<Filter> {
    let mut filter = Filter::for_ids(2 * ids);
    for ids in recent {
        ids.rows().for_each(|((hash, _), ())| filter.put(*hash));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "query_only", true)?;
    let mut statement =
        connection.prepare("SELECT hash FROM event_ids WHERE hash >= ? ORDER BY hash LIMIT ?")?;
    let mut next = Some(i64::MIN);
    while let Some(first) = next.filter(|_| !is_over.load(Ordering::Relaxed)) {
        let hashes = statement.query_map(params![first, count(AT_ONCE)], |row| row.get(0))?;
        let hashes = hashes.collect::<rusqlite::Result<Vec<i64>>>()?;
        hashes.iter().for_each(|hash| filter.put(*hash));
        next = hashes.last().filter(|_| hashes.len() == AT_ONCE).and_then(|last| last.checked_add(1));
    }
    Ok(filter)
}

impl Filter {
    fn for_ids(ids: usize) -> Self {
        let words = (ids * BITS / 64).next_power_of_two().clamp(LEAST, MOST);
        Self { words: vec![0; words], count: 0 }
    }

    fn put(&mut self, hash: i64) {
        let (block, bits) = self.places(hash);
        bits.for_each(|(word, bit)| self.words[block + word] |= bit);
        self.count += 1;
    }

    fn may_hold(&self, hash: i64) -> bool {
        let (block, mut bits) = self.places(hash);
        bits.all(|(word, bit)| self.words[block + word] & bit != 0)
    }

    /// Where the bits of a hash are: the block, and in it the words, each with its bit.
    fn places(&self, hash: i64) -> (usize, impl Iterator<Item = (usize, u64)> + use<>) {
        /// Bits of each id.
        const EACH: u32 = 6;
        let hash = hash.cast_unsigned();
        let block = hash as usize % (self.words.len() / BLOCK) * BLOCK;
        let mixed = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        // Six times nine bits: three for the word, six for the bit in it.
        let bits = (0..EACH).map(move |place| {
            let nine = mixed >> (place * 9 + 10);
            ((nine & 7) as usize, 1 << (nine >> 3 & 63))
        });
        (block, bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_always_held_and_little_else_is() {
        let hash = |id: usize| super::super::log::hash(&format!("id-{id}"));
        let mut filter = Filter::for_ids(0);
        let fit = filter.words.len() * 64 / BITS / 20;
        filter.words.truncate(LEAST / 16);
        (0..fit).for_each(|id| filter.put(hash(id)));
        assert!((0..fit).all(|id| filter.may_hold(hash(id))));
        let wrong = (fit..2 * fit).filter(|id| filter.may_hold(hash(*id))).count();
        assert!(wrong * 40 < fit, "{wrong} of {fit}");
    }
}
