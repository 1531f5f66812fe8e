//! Rows of a table by their keys, as far as they are known here.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet},
    mem,
};

/// Rows by their keys: those that were read, or found missing, and those that are changed and wait to be sent.
#[derive(Debug)]
pub(super) struct Rows<K, V> {
    known: BTreeMap<K, Option<V>>,
    waiting: BTreeSet<K>,
}

impl<K: Ord + Clone, V> Rows<K, V> {
    /// What is known of a row: nothing, that there is none, or what it holds.
    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<Option<&V>>
    where
        K: Borrow<Q>,
    {
        self.known.get(key).map(Option::as_ref)
    }

    /// Notes what was read of a row. What waits is later than that.
    pub(super) fn learn(&mut self, key: K, row: Option<V>) {
        if !self.waiting.contains(&key) {
            self.known.insert(key, row);
        }
    }

    /// Notes that there is no such row, unless it is known.
    pub(super) fn learn_missing(&mut self, key: &K) {
        if !self.known.contains_key(key) {
            self.known.insert(key.clone(), None);
        }
    }

    /// Changes a row; it waits to be sent.
    pub(super) fn put(&mut self, key: K, row: V) {
        self.waiting.insert(key.clone());
        self.known.insert(key, Some(row));
    }

    /// The rows that wait, which wait no longer then.
    pub(super) fn take_waiting(&mut self) -> Vec<(&K, &V)> {
        let waiting = mem::take(&mut self.waiting);
        let rows = waiting.into_iter().filter_map(|key| self.known.get_key_value(&key));
        rows.filter_map(|(key, row)| Some((key, row.as_ref()?))).collect()
    }
}

impl<K, V> Default for Rows<K, V> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), waiting: BTreeSet::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_later_than_what_is_read_and_is_sent_once() {
        let mut rows = Rows::default();
        rows.learn("a", Some(1));
        rows.learn("b", None);
        assert_eq!([rows.get("a"), rows.get("b"), rows.get("c")], [Some(Some(&1)), Some(None), None]);
        rows.put("b", 2);
        rows.learn("b", None);
        assert_eq!(rows.take_waiting(), [(&"b", &2)]);
        assert_eq!(rows.take_waiting(), []);
        assert_eq!(rows.get("b"), Some(Some(&2)));
    }
}
