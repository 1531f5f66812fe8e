//! Leads at the moment of decision, and what became of them.

use std::hash::Hash;

use kelvin_kernel::Instant;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Table;

/// What is known of leads at their moments of decision, and what became of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// What was known, one row an example.
    pub table: Table,
    /// Whose rows they are, and what became of them; in the table's order.
    pub examples: Vec<Example>,
}

/// A lead at one moment of decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The lead's id.
    pub lead: String,
    /// The moment of decision; nothing later is in the table. Nothing, where the table tells no times.
    pub at: Option<Instant>,
    /// Whether the outcome came, within the horizon where there is one.
    pub outcome: bool,
    /// When it came.
    pub outcome_at: Option<Instant>,
    /// What it brought, where that is known.
    pub value: Option<f64>,
}

impl Dataset {
    /// How many examples have the outcome.
    #[must_use]
    pub fn positives(&self) -> usize {
        self.examples.iter().filter(|example| example.outcome).count()
    }

    /// Whether each example has the outcome, in their order.
    #[must_use]
    pub fn outcomes(&self) -> Vec<bool> {
        self.examples.iter().map(|example| example.outcome).collect()
    }

    /// Whose row each example is; leads have the numbers from 0 in the order in which they come.
    #[must_use]
    pub fn leads(&self) -> Vec<u32> {
        numbered(self.examples.iter().map(|example| example.lead.as_str()))
    }

    /// How many leads have an example that is so.
    #[must_use]
    pub fn leads_with(&self, is: impl Fn(&Example) -> bool) -> usize {
        let such = self.examples.iter().filter(|example| is(example));
        such.map(|example| example.lead.as_str()).collect::<FxHashSet<_>>().len()
    }

    /// How many rows of different leads tell as much as these, at least: rows of one lead may all be alike (Kish's effective sample
    /// size, of clusters that are).
    #[must_use]
    pub fn cases(&self) -> f64 {
        let mut rows: Vec<f64> = Vec::new();
        for lead in self.leads() {
            let lead = lead as usize;
            rows.resize(rows.len().max(lead + 1), 0.0);
            rows[lead] += 1.0;
        }
        let (sum, squares) =
            rows.iter().fold((0.0, 0.0), |(sum, squares), rows| (sum + rows, squares + rows * rows));
        if squares > 0.0 { sum * sum / squares } else { 0.0 }
    }

    /// The data set of some rows, in the order in which they are named; a row may be named twice.
    ///
    /// # Panics
    /// When a row is not there.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        let examples = rows.iter().map(|row| self.examples[*row].clone()).collect();
        Self { table: self.table.take(rows), examples }
    }
}

/// Things by number, from 0 in the order in which they come; equal ones have the same.
pub(crate) fn numbered<T: Eq + Hash>(things: impl Iterator<Item = T>) -> Vec<u32> {
    let mut known = FxHashMap::default();
    let mut number = |thing| {
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        *known.entry(thing).or_insert(next)
    };
    things.map(&mut number).collect()
}
