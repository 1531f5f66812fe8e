//! Changes that wait to be sent together: each by itself would be a way to the database and back.

use kelvin_kernel::Instant;

use super::{accounts, connection::Connection, happenings, log, people, playbook, rows::Rows, scores};
use crate::{Holding, Id, KnownId, LinkKind, Result};

/// What a transaction has not sent, and what it knows of rows that it has read or sent. It is known until a statement of another
/// kind changes the table.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) events: log::Ahead,
    pub(super) writes: Rows<log::WriteKey, Option<String>>,
    pub(super) ids: Rows<Id, KnownId>,
    pub(super) links: Rows<LinkKey, (Instant, String)>,
    /// By model and lead.
    pub(super) holdings: Rows<(String, String), Holding>,
    pub(super) members: Rows<accounts::Member, ()>,
    pub(super) tiers: playbook::Ahead,
    pub(super) happenings: happenings::Ahead,
}

/// What makes a link the same as another: where it begins, its kind, where it ends.
pub(super) type LinkKey = (Id, LinkKind, Id);

/// The tables of which changes wait.
#[derive(Debug, Clone, Copy)]
enum Table {
    Attributes,
    Events,
    Happenings,
    Holdings,
    Ids,
    Links,
    Members,
    TierChanges,
}

impl Table {
    const ALL: [Self; 8] = [
        Self::Attributes,
        Self::Events,
        Self::Happenings,
        Self::Holdings,
        Self::Ids,
        Self::Links,
        Self::Members,
        Self::TierChanges,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Attributes => "attributes",
            Self::Events => "events",
            Self::Happenings => "happenings",
            Self::Holdings => "holdings",
            Self::Ids => "ids",
            Self::Links => "links",
            Self::Members => "members",
            Self::TierChanges => "tier_changes",
        }
    }
}

impl Waiting {
    /// Sends what waits for the tables that a statement names: it must see that. One that is no look may change them.
    pub(super) fn send_for(&mut self, sql: &str, to: &mut Connection) -> Result<()> {
        let is_look = sql.trim_start().starts_with("SELECT");
        for table in Table::ALL.into_iter().filter(|table| sql.contains(table.name())) {
            self.send(table, to)?;
            if !is_look {
                self.forget(table);
            }
        }
        Ok(())
    }

    /// Sends all that waits.
    pub(super) fn send_all(&mut self, to: &mut Connection) -> Result<()> {
        Table::ALL.into_iter().try_for_each(|table| self.send(table, to))
    }

    fn send(&mut self, table: Table, to: &mut Connection) -> Result<()> {
        match table {
            Table::Attributes => log::send_writes(&self.writes.take_waiting(), to),
            Table::Events => log::send_events(&self.events.rows.take_waiting(), to),
            Table::Happenings => happenings::send(&self.happenings.rows.take_waiting(), to),
            Table::Holdings => scores::send(&self.holdings.take_waiting(), to),
            Table::Ids => people::send_ids(&self.ids.take_waiting(), to),
            Table::Links => people::send_links(&self.links.take_waiting(), to),
            Table::Members => accounts::send(&self.members.take_waiting(), to),
            Table::TierChanges => playbook::send_tier_changes(&self.tiers.rows.take_waiting(), to),
        }
    }

    fn forget(&mut self, table: Table) {
        match table {
            Table::Attributes => self.writes = Rows::default(),
            Table::Events => self.events = log::Ahead::default(),
            Table::Happenings => self.happenings = happenings::Ahead::default(),
            Table::Holdings => self.holdings = Rows::default(),
            Table::Ids => self.ids = Rows::default(),
            Table::Links => self.links = Rows::default(),
            Table::Members => self.members = Rows::default(),
            Table::TierChanges => self.tiers = playbook::Ahead::default(),
        }
    }
}

/// The places of a table that are given by us.
#[derive(Debug, Default)]
pub(super) struct Places {
    last: Option<u64>,
}

impl Places {
    /// The next place; `last` reads which is the last that is taken.
    pub(super) fn next(&mut self, last: impl FnOnce() -> Result<u64>) -> Result<u64> {
        let next = self.last.map_or_else(last, Ok)? + 1;
        self.last = Some(next);
        Ok(next)
    }
}
