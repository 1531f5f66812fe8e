//! Checks a value that has one of some forms: which is meant, and what does not belong to it.

use super::{Value, duplicates, validate};
use crate::{
    diagnostics::{self, Diagnostic},
    grammar::{Key, Section, Takes, takes::either},
    span::Spanned,
};

impl<'a> Value<'a> {
    pub(super) fn either(self, choices: &'a [Takes], out: &mut Vec<Diagnostic>) {
        let sections = || {
            choices.iter().filter_map(|takes| match takes {
                Takes::Section(section) => Some(*section),
                _ => None,
            })
        };
        let Some(entries) = self.node.entries() else {
            let plain = choices.iter().find(|takes| !matches!(takes, Takes::Section(_)));
            match plain.filter(|_| self.node.scalar().is_some() && !self.node.is_null()) {
                Some(takes) => validate(self.node, takes, self.name, self.example, out),
                None => {
                    out.push(self.wrong(&either(choices)));
                }
            }
            return;
        };
        let has = |key: &Key| entries.iter().any(|entry| entry.key.text() == Some(key.name));
        let known = |section: &&'static Section| section.keys.iter().filter(|key| has(key)).count();
        let all: Vec<&'static Key> = sections().flat_map(|section| section.keys).collect();
        let Some(section) = sections().max_by_key(|section| (known(section), section.keys.len() == 1)) else {
            return;
        };
        if known(&section) == 0 && !entries.is_empty() {
            duplicates(entries, out);
            for entry in entries {
                let key = Spanned::new(entry.key.text().unwrap_or_default(), entry.key.span);
                out.push(diagnostics::unknown_key(key, section, &all));
            }
            return;
        }
        // What tells this form from the others is a key that only it has.
        let is_mark = |key: &str| {
            section.key(key).is_some() && all.iter().filter(|known| known.name == key).count() == 1
        };
        let mark = entries.iter().find(|entry| entry.key.text().is_some_and(is_mark));
        let mut own = Vec::new();
        for entry in entries {
            let other = entry.key.text().filter(|key| section.key(key).is_none());
            let other = other.filter(|key| all.iter().any(|known| known.name == *key));
            match (other, mark) {
                (Some(other), Some(mark)) => {
                    let mark = Spanned::new(mark.key.text().unwrap_or_default(), mark.key.span);
                    let key = Spanned::new(other, entry.key.span);
                    let help = one_way(self.name);
                    out.push(diagnostics::contradictory_keys(key, section.title, Some(mark), Some(help)));
                }
                _ => own.push(entry.clone()),
            }
        }
        self.entries(&own, section, &all, out);
    }
}

/// Why a value has one form and not two.
fn one_way(key: &str) -> &'static str {
    match key {
        "decay" => "an award ages in one way: keep one of the two",
        "alerts" => "an alert is about one thing: make two alerts to do both",
        "assign" => "make two steps: the second is tried where the first finds nobody",
        _ => "a target is one place: make two targets to have both",
    }
}
