//! A map that is cloned at no cost and written at little: rows lie in runs, each in order, which never change. What a commit
//! brings is a run of its own, and runs of like length become one, so that there are never many.

use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};

/// A run is at least so many times as long as the next.
const RATIO: usize = 2;

/// What rows are found by.
pub(super) trait Key: Ord + Clone {
    /// The same for all keys that are looked for together.
    fn hash(&self) -> u64;
}

/// Rows by their keys; of rows with one key, the last counts.
#[derive(Debug, Clone)]
pub(super) struct Runs<K, V> {
    /// The longest and earliest first.
    runs: Vec<Arc<Run<K, V>>>,
    /// What no commit has closed yet.
    open: BTreeMap<K, V>,
}

/// Rows in order, each key once.
#[derive(Debug)]
struct Run<K, V> {
    rows: Vec<(K, V)>,
    /// The places of the rows plus one, each near where its key's hash points; 0 is nothing. A power of two, and at least half empty.
    places: Vec<u32>,
}

impl<K: Key, V: Clone> Runs<K, V> {
    /// Puts a row in the place of one that has its key.
    pub(super) fn put(&mut self, key: K, row: V) {
        self.open.insert(key, row);
    }

    /// The row of a key.
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let closed = || self.closed(key.hash(), |other| other == key).next();
        self.open.get(key).or_else(|| closed().map(|(_, row)| row))
    }

    /// The closed rows of a hash with such keys, of each key the last first.
    fn closed(&self, hash: u64, is: impl Fn(&K) -> bool + Copy) -> impl Iterator<Item = (&K, &V)> {
        self.runs.iter().rev().flat_map(move |run| run.of(hash, is))
    }

    /// Makes a run of what was put.
    pub(super) fn close(&mut self) {
        if self.open.is_empty() {
            return;
        }
        self.runs.push(Arc::new(Run::new(std::mem::take(&mut self.open).into_iter().collect())));
        while let [.., before, last] = &self.runs[..]
            && before.rows.len() < RATIO * last.rows.len()
        {
            self.join_last();
        }
    }

    /// Makes one run of all.
    pub(super) fn close_all(&mut self) {
        self.close();
        while self.runs.len() > 1 {
            self.join_last();
        }
    }

    fn join_last(&mut self) {
        if let (Some(last), Some(before)) = (self.runs.pop(), self.runs.pop()) {
            self.runs.push(Arc::new(before.joined(&last)));
        }
    }

    /// Some rows after a key, in order.
    pub(super) fn after(&self, key: Option<&K>, most: usize) -> Vec<(&K, &V)> {
        let is_before = |row: &K| key.is_some_and(|key| row <= key);
        let mut found: Vec<_> = self.open.iter().filter(|(row, _)| !is_before(row)).take(most).collect();
        // A sort keeps those in front that came in front: of each key, the last.
        for run in self.runs.iter().rev() {
            let first = run.rows.partition_point(|(row, _)| is_before(row));
            found.extend(run.rows[first..].iter().take(most).map(|(key, row)| (key, row)));
        }
        found.sort_by(|one, other| one.0.cmp(other.0));
        found.dedup_by(|later, earlier| later.0 == earlier.0);
        found.truncate(most);
        found
    }

    /// All rows, in no order, also those that do not count any more: to find that out of each would take long.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&K, &V)> {
        let closed = self.runs.iter().flat_map(|run| &run.rows);
        self.open.iter().chain(closed.map(|(key, row)| (key, row)))
    }

    /// Whether one of these rows counts.
    pub(super) fn counts(&self, key: &K, row: &V) -> bool {
        self.get(key).is_some_and(|last| std::ptr::eq(last, row))
    }

    /// Forgets some keys.
    pub(super) fn remove(&mut self, is_gone: impl Fn(&K) -> bool) {
        self.close_all();
        let rows = self.runs.pop().into_iter().flat_map(|run| run.rows.clone());
        self.open = rows.filter(|(key, _)| !is_gone(key)).collect();
        self.close();
    }
}

impl<V: Clone> Runs<(i64, i64), V> {
    /// The second parts of the keys that begin with this.
    pub(super) fn beginning_with(&self, first: i64) -> Vec<i64> {
        let open = self.open.range((first, i64::MIN)..=(first, i64::MAX)).map(|(key, _)| key.1);
        let closed = self.closed(first.cast_unsigned(), |key| key.0 == first).map(|(key, _)| key.1);
        open.chain(closed).collect()
    }
}

impl<K, V> Default for Runs<K, V> {
    fn default() -> Self {
        Self { runs: Vec::new(), open: BTreeMap::new() }
    }
}

impl<K: Key, V: Clone> Run<K, V> {
    fn new(rows: Vec<(K, V)>) -> Self {
        let mut places = vec![0; (2 * rows.len()).next_power_of_two()];
        for ((key, _), place) in rows.iter().zip(1..) {
            let mut slot = start(key.hash(), &places);
            while places[slot] != 0 {
                slot = (slot + 1) & (places.len() - 1);
            }
            places[slot] = place;
        }
        Self { rows, places }
    }

    /// The rows of a hash with such keys.
    fn of(&self, hash: u64, is: impl Fn(&K) -> bool) -> impl Iterator<Item = (&K, &V)> {
        let mut slot = start(hash, &self.places);
        std::iter::from_fn(move || {
            loop {
                let (key, row) = self.rows.get((self.places[slot] as usize).checked_sub(1)?)?;
                slot = (slot + 1) & (self.places.len() - 1);
                if is(key) {
                    return Some((key, row));
                }
            }
        })
    }

    /// The rows of both; where both have one, that of the later counts.
    fn joined(&self, later: &Self) -> Self {
        let mut rows = Vec::with_capacity(self.rows.len() + later.rows.len());
        let (mut ours, mut theirs) = (self.rows.iter().peekable(), later.rows.iter().peekable());
        loop {
            let next = match (ours.peek(), theirs.peek()) {
                (Some(our), Some(their)) => match our.0.cmp(&their.0) {
                    Ordering::Less => ours.next(),
                    Ordering::Greater => theirs.next(),
                    Ordering::Equal => {
                        ours.next();
                        theirs.next()
                    }
                },
                (Some(_), None) => ours.next(),
                (None, _) => theirs.next(),
            };
            match next {
                Some(row) => rows.push(row.clone()),
                None => return Self::new(rows),
            }
        }
    }
}

/// Where a hash is looked for first.
fn start(hash: u64, places: &[u32]) -> usize {
    // What is a good hash in its lowest bits only, or in its highest, is one in all of them.
    let mixed = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 32)) as usize) & (places.len() - 1)
}

impl Key for (i64, i64) {
    fn hash(&self) -> u64 {
        self.0.cast_unsigned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a map, in order.
    fn all(runs: &Runs<(i64, i64), u32>) -> Vec<((i64, i64), u32)> {
        runs.after(None, usize::MAX).into_iter().map(|(key, row)| (*key, *row)).collect()
    }

    #[test]
    fn it_holds_what_a_tree_holds_after_any_commits() {
        let (mut runs, mut tree, mut random) = (Runs::default(), BTreeMap::new(), 1_u64);
        let mut before = (runs.clone(), tree.clone());
        for round in 0..3000_u32 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = ((random >> 40) as i64 % 40, (random >> 50) as i64 % 9);
            runs.put(key, round);
            tree.insert(key, round);
            match random >> 33 & 63 {
                0..20 => runs.close(),
                20 => runs.close_all(),
                21 => {
                    runs.remove(|other| other.0 == key.0);
                    tree.retain(|other, _| other.0 != key.0);
                }
                22 => {
                    assert_eq!(all(&before.0), Vec::from_iter(before.1), "a clone stays what it was");
                    before = (runs.clone(), tree.clone());
                }
                _ => {}
            }
            assert_eq!(runs.get(&key), tree.get(&key));
            let mut beginning = runs.beginning_with(key.0);
            beginning.sort_unstable();
            beginning.dedup();
            let expect: Vec<_> = tree.keys().filter(|other| other.0 == key.0).map(|key| key.1).collect();
            assert_eq!(beginning, expect);
            let mut even: Vec<_> = runs
                .rows()
                .filter(|(key, row)| *row % 2 == 0 && runs.counts(key, row))
                .map(|(key, _)| *key)
                .collect();
            even.sort_unstable();
            let expect: Vec<_> = tree.iter().filter(|(_, row)| **row % 2 == 0).map(|(key, _)| *key).collect();
            assert_eq!(even, expect);
        }
        assert_eq!(all(&runs), Vec::from_iter(tree));
        assert!(runs.runs.len() < 12);
    }

    #[test]
    fn some_rows_after_a_key_are_the_next_ones() {
        let mut runs = Runs::default();
        for key in 0..100 {
            runs.put((key, 0), ());
            runs.close();
        }
        let keys: Vec<i64> = runs.after(Some(&(41, 0)), 3).into_iter().map(|(key, ())| key.0).collect();
        assert_eq!(keys, [42, 43, 44]);
    }
}
