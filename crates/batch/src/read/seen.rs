//! Which of the wanted fields some row has: what no row has is told, since a model that reads it may be meant otherwise.

use std::sync::atomic::{AtomicBool, Ordering};

use kelvin_kernel::plan::Field;

use super::{
    columns::Column,
    mapping::Kind,
    rows::Rows,
    schema::{Columns, Source},
    want::{NO_ATTRIBUTES, NO_PROPERTIES, Root, Want},
};

/// Which of the wanted fields were seen, by slot of each root.
#[derive(Debug)]
pub(super) struct Seen {
    any_row: AtomicBool,
    own: Vec<AtomicBool>,
    side: Vec<AtomicBool>,
    /// What events write on leads and on accounts.
    lead: Vec<AtomicBool>,
    account: Vec<AtomicBool>,
}

impl Seen {
    /// Nothing yet.
    pub(super) fn new(want: &Want) -> Self {
        let none = |root: &Root| root.fields.iter().map(|_| AtomicBool::new(false)).collect();
        Self {
            any_row: AtomicBool::new(false),
            own: none(&want.own),
            side: none(&want.side),
            lead: none(&want.lead),
            account: none(&want.account),
        }
    }

    /// Takes in the columns of a file. One without any value is there all the same.
    pub(super) fn take_columns(&self, columns: &Columns) {
        let there = |(flag, source): (&AtomicBool, &Source)| set(flag, *source != Source::Nowhere);
        self.own.iter().zip(&columns.own).for_each(there);
        self.side.iter().zip(&columns.side).for_each(there);
    }

    /// Takes in rows.
    pub(super) fn take_rows(&self, rows: &Rows) {
        set(&self.any_row, true);
        let there = |(flag, column): (&AtomicBool, &Column)| set(flag, !matches!(column, Column::Absent));
        self.own.iter().zip(&rows.own).for_each(there);
        self.side.iter().zip(&rows.side).for_each(there);
        rows.writes.iter().for_each(|write| set(&self.lead[write.slot], true));
        rows.account_writes.iter().for_each(|write| set(&self.account[write.slot], true));
    }

    /// The fields that no row has, those of the account or context with its name before them, unless `written` has
    /// seen events write them. Nothing where there are no rows.
    pub(super) fn missing(&self, want: &Want, written: Option<&Self>) -> Vec<String> {
        if !self.any_row.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let (own_built_in, outer): (&[&str], _) = match want.kind {
            Kind::Leads => (&[NO_ATTRIBUTES[0], "account_id", "created_at"], "account."),
            Kind::Events => (&NO_PROPERTIES, "context."),
        };
        let side_built_in: &[&str] = if want.kind == Kind::Leads { &["created_at"] } else { &[] };
        let own = unseen(&want.own, &self.own, written.map(|written| &written.lead), own_built_in);
        let side = unseen(&want.side, &self.side, written.map(|written| &written.account), side_built_in);
        let side = side.into_iter().map(|name| format!("{outer}{name}"));
        own.into_iter().map(str::to_owned).chain(side).collect()
    }
}

/// The names of which no slot was seen.
fn unseen<'w>(
    root: &'w Root,
    seen: &[AtomicBool],
    written: Option<&Vec<AtomicBool>>,
    built_in: &[&str],
) -> Vec<&'w str> {
    let is_seen = |name: &str| {
        let mut slots = root.fields.iter().enumerate().filter(|(_, field)| *field.name == *name);
        slots.any(|(slot, _)| {
            let written = written.is_some_and(|written| written[slot].load(Ordering::Relaxed));
            written || seen[slot].load(Ordering::Relaxed)
        })
    };
    let mut names: Vec<&str> = Vec::new();
    for field in &root.fields {
        let name = &*field.name;
        if name != Field::WHOLE && !built_in.contains(&name) && !names.contains(&name) && !is_seen(name) {
            names.push(name);
        }
    }
    names
}

fn set(flag: &AtomicBool, there: bool) {
    if there && !flag.load(Ordering::Relaxed) {
        flag.store(true, Ordering::Relaxed);
    }
}
