//! CEL maps: entries in the order of their keys, so that nothing depends on hash or arrival order.

use std::{cmp::Ordering, sync::Arc};

use super::Value;

/// A map. Its entries are sorted by key; keys are unique by value, so `1` and `1u` are one key.
#[derive(Debug, Clone)]
pub struct Map {
    entries: Arc<[(Key, Value)]>,
}

/// A key of a map. Keys compare by value: numbers of both types lie on one line.
#[derive(Debug, Clone)]
pub enum Key {
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `uint`
    Uint(u64),
    /// `string`
    String(Arc<str>),
}

impl Map {
    /// A map of the entries; of two equal keys the later counts.
    pub fn new(entries: impl IntoIterator<Item = (Key, Value)>) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        // Keep the last of each run of equal keys: the sort is stable.
        entries.reverse();
        entries.dedup_by(|a, b| a.0 == b.0);
        entries.reverse();
        Self { entries: entries.into() }
    }

    /// A map of the entries, or `None` if a key occurs twice.
    pub fn unique(entries: Vec<(Key, Value)>) -> Option<Self> {
        let count = entries.len();
        let map = Self::new(entries);
        (map.entries.len() == count).then_some(map)
    }

    /// The entries in the order of their keys.
    pub fn entries(&self) -> &[(Key, Value)] {
        &self.entries
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a text key.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.find(|key| match key {
            Key::String(text) => (**text).cmp(name),
            _ => Ordering::Less,
        })
    }

    /// The value of the key that equals `key`; a double finds the whole number that it equals.
    pub fn get_value(&self, key: &Value) -> Option<&Value> {
        match key {
            Value::String(text) => self.get(text),
            other => {
                let key = Key::from_value(other)?;
                self.find(|known| known.cmp(&key))
            }
        }
    }

    fn find(&self, by: impl Fn(&Key) -> Ordering) -> Option<&Value> {
        let place = self.entries.binary_search_by(|(key, _)| by(key)).ok()?;
        Some(&self.entries[place].1)
    }
}

impl Key {
    /// The key as a value.
    pub fn value(&self) -> Value {
        match self {
            Self::Bool(key) => Value::Bool(*key),
            Self::Int(key) => Value::Int(*key),
            Self::Uint(key) => Value::Uint(*key),
            Self::String(key) => Value::String(key.clone()),
        }
    }

    /// The key that a value looks for, if there can be one: a double that is a whole number looks for that number.
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(key) => Some(Self::Bool(*key)),
            Value::Int(key) => Some(Self::Int(*key)),
            Value::Uint(key) => Some(Self::Uint(*key)),
            Value::Double(key) => super::compare::whole(*key).and_then(|whole| {
                let signed = i64::try_from(whole).ok().map(Self::Int);
                signed.or_else(|| u64::try_from(whole).ok().map(Self::Uint))
            }),
            Value::String(key) => Some(Self::String(key.clone())),
            _ => None,
        }
    }

    fn number(&self) -> Option<i128> {
        match self {
            Self::Int(key) => Some(i128::from(*key)),
            Self::Uint(key) => Some(i128::from(*key)),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Int(_) | Self::Uint(_) => 1,
            Self::String(_) => 2,
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => self.rank().cmp(&other.rank()),
            },
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_equal_keys_the_later_counts() {
        let map = Map::new([
            (Key::Int(1), Value::from("first")),
            (Key::String("1".into()), Value::from("text")),
            (Key::Uint(1), Value::from("second")),
        ]);
        assert_eq!(map.len(), 2);
        assert_eq!(map.get_value(&Value::Double(1.0)), Some(&Value::from("second")));
        assert_eq!(map.get("1"), Some(&Value::from("text")));
        assert_eq!(map.get_value(&Value::Double(1.5)), None);
        assert_eq!(map.get_value(&Value::Null), None);
    }

    #[test]
    fn a_repeated_key_is_told() {
        assert!(Map::unique(vec![(Key::Bool(true), Value::Null), (Key::Bool(true), Value::Null)]).is_none());
        assert!(Map::unique(vec![(Key::Bool(true), Value::Null), (Key::Int(1), Value::Null)]).is_some());
    }
}
