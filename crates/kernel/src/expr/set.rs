//! Constant lists, laid out for `in`.

use std::sync::Arc;

use crate::value::Value;

/// The items of a constant list. Looking one up takes a logarithmic number of steps and allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct ConstSet {
    /// Sorted by length, then bytes: most comparisons are between two integers.
    texts: Box<[Arc<str>]>,
    /// Whole numbers of all three types, sorted.
    wholes: Box<[i128]>,
    /// The rest.
    others: Box<[Value]>,
}

impl ConstSet {
    /// A set of the items.
    pub fn new(items: &[Value]) -> Self {
        let (mut texts, mut wholes, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            match (item, item.whole()) {
                (Value::String(text), _) => texts.push(text.clone()),
                (_, Some(number)) => wholes.push(number),
                _ => others.push(item.clone()),
            }
        }
        texts.sort_by(|a, b| order(a, b));
        wholes.sort_unstable();
        Self { texts: texts.into(), wholes: wholes.into(), others: others.into() }
    }

    /// Whether an item equals the value.
    pub fn contains(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.contains_text(text),
            other => match other.whole() {
                Some(number) => self.wholes.binary_search(&number).is_ok(),
                None => self.others.contains(other),
            },
        }
    }

    fn contains_text(&self, text: &str) -> bool {
        if self.texts.len() <= 8 {
            return self.texts.iter().any(|known| **known == *text);
        }
        self.texts.binary_search_by(|known| order(known, text)).is_ok()
    }
}

fn order(a: &str, b: &str) -> std::cmp::Ordering {
    a.len().cmp(&b.len()).then_with(|| a.as_bytes().cmp(b.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_its_list_holds() {
        let mut items: Vec<Value> = (0..40).map(|i| Value::from(format!("text {}", i * i))).collect();
        items.extend([Value::Int(1), Value::Double(2.0), Value::Double(2.5), Value::Null, Value::Bool(true)]);
        items.extend([Value::list([Value::Int(1)]), Value::Double(f64::NAN)]);
        let mut probes = items.clone();
        probes.extend((0..40).map(|i| Value::from(format!("text {i}"))));
        probes.extend([Value::Uint(1), Value::Int(2), Value::Int(3), Value::Double(1.0), Value::Bool(false)]);
        probes.extend([Value::list([Value::Double(1.0)]), Value::from("")]);
        for list in [&items[..], &items[38..], &items[40..42]] {
            let set = ConstSet::new(list);
            for probe in &probes {
                assert_eq!(set.contains(probe), list.contains(probe), "{probe:?}");
            }
        }
    }
}
