//! Texts by number, and texts that are kept once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kelvin_kernel::Value;
use rustc_hash::FxHashSet;

/// Texts by number, with how often each came.
#[derive(Debug, Default)]
pub(super) struct Interned {
    places: BTreeMap<String, u32>,
    texts: Vec<String>,
    counts: Vec<usize>,
}

/// Texts that many values have in common, each once.
#[derive(Debug, Default)]
pub(super) struct Shared(FxHashSet<Arc<str>>);

/// Longer texts than this are hardly met again.
const LONGEST: usize = 100;

impl Interned {
    pub(super) fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            self.counts[*place as usize] += 1;
            return *place;
        }
        let place = self.texts.len() as u32;
        self.places.insert(text.to_owned(), place);
        self.texts.push(text.to_owned());
        self.counts.push(1);
        place
    }

    /// The texts, by number.
    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The places of the most frequent texts.
    pub(super) fn frequent(&self, most: usize) -> BTreeSet<u32> {
        let mut places: Vec<u32> = (0..self.texts.len() as u32).collect();
        places.sort_by_key(|place| std::cmp::Reverse(self.counts[*place as usize]));
        places.into_iter().take(most).collect()
    }
}

impl Shared {
    /// The value, its text the one that equal values have.
    pub(super) fn value(&mut self, value: Value) -> Value {
        let Value::String(text) = value else { return value };
        if text.len() > LONGEST {
            return Value::String(text);
        }
        if let Some(known) = self.0.get(&text) {
            return Value::String(known.clone());
        }
        self.0.insert(text.clone());
        Value::String(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_texts_come_first() {
        let mut names = Interned::default();
        for name in ["page", "Demo", "page", "Mail", "Mail", "page"] {
            names.place(name);
        }
        assert_eq!(names.frequent(2), BTreeSet::from([0, 2]));
    }

    #[test]
    fn equal_texts_are_kept_once() {
        let mut shared = Shared::default();
        let texts = [0, 1].map(|_| shared.value(Value::String("/pricing".into())));
        assert!(matches!(&texts, [Value::String(a), Value::String(b)] if Arc::ptr_eq(a, b)));
    }
}
