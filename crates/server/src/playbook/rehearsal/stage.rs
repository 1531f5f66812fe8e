//! Where a playbook is rehearsed: what it puts into the store goes into memory instead, above what the store knows.

use std::collections::BTreeMap;

use kelvin_kernel::Instant;
use kelvin_store::{
    Alert, Consequences, HandOff, HandOffsChange, HandOffsView, NewAlert, NewHandOff, NewMessage,
    NewTierChange, OutboxEntry, PlaybookChange, PlaybookView, Result, Task, TaskFilter, TierChange, Timer,
    View,
};

use super::{Effect, Effects};

/// What goes on from lead to lead.
#[derive(Debug, Default)]
pub(super) struct Books {
    pub(super) hand_offs: Effects,
    pub(super) alerts: Effects,
    /// Hand-offs that came, by owner.
    pub(super) got: BTreeMap<String, u64>,
    /// The owner of an account's latest hand-off.
    account_owners: BTreeMap<String, String>,
    /// Turns that were taken, by hand-off, step and owner.
    turns: BTreeMap<(String, String), BTreeMap<String, u64>>,
}

/// The store as it would be for one lead.
pub(super) struct Stage<'a> {
    pub(super) view: &'a dyn View,
    books: &'a mut Books,
    /// The tier that the lead was in.
    pub(super) from: Option<String>,
    /// Who got the lead last, if anybody did here.
    latest: Option<HandOff>,
    /// Notes on the lead, by what they are for.
    notes: BTreeMap<String, String>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(view: &'a dyn View, books: &'a mut Books) -> Self {
        Self { view, books, from: None, latest: None, notes: BTreeMap::new() }
    }
}

impl Consequences for Stage<'_> {
    fn view(&self) -> &dyn View {
        self.view
    }
}

impl OutboxEntry for Stage<'_> {
    /// Nobody is told.
    fn enqueue(&mut self, _: &NewMessage<'_>) -> Result<bool> {
        Ok(true)
    }
}

impl HandOffsView for Stage<'_> {
    fn hand_offs(&self, lead: Option<&str>, before: Option<u64>, limit: usize) -> Result<Vec<HandOff>> {
        let own = self.latest.iter().filter(|own| lead == Some(&own.lead) && before.is_none());
        let known = self.view.hand_offs(lead, before, limit)?;
        Ok(own.cloned().chain(known).take(limit).collect())
    }

    fn account_owner(&self, account: &str) -> Result<Option<String>> {
        match self.books.account_owners.get(account) {
            Some(owner) => Ok(Some(owner.clone())),
            None => self.view.account_owner(account),
        }
    }

    fn load(&self, owner: &str, since: Instant) -> Result<u32> {
        let got = self.books.got.get(owner).copied().unwrap_or_default();
        Ok(self.view.load(owner, since)?.saturating_add(u32::try_from(got).unwrap_or(u32::MAX)))
    }

    fn turns(&self, hand_off: &str, step: &str) -> Result<Vec<(String, u64)>> {
        let mut turns: BTreeMap<_, _> = self.view.turns(hand_off, step)?.into_iter().collect();
        let taken = self.books.turns.get(&(hand_off.to_owned(), step.to_owned()));
        for (owner, count) in taken.into_iter().flatten() {
            *turns.entry(owner.clone()).or_default() += count;
        }
        Ok(turns.into_iter().collect())
    }

    fn task(&self, id: u64) -> Result<Option<Task>> {
        self.view.task(id)
    }

    fn tasks(&self, filter: &TaskFilter, before: Option<u64>, limit: usize) -> Result<Vec<Task>> {
        self.view.tasks(filter, before, limit)
    }

    fn alerts(&self, before: Option<u64>, limit: usize) -> Result<Vec<Alert>> {
        self.view.alerts(before, limit)
    }
}

impl HandOffsChange for Stage<'_> {
    fn put_hand_off(&mut self, new: &NewHandOff<'_>) -> Result<u64> {
        let seq = self.books.hand_offs.total() + 1;
        self.books.hand_offs.add(Effect {
            rule: new.hand_off.to_owned(),
            lead: new.lead.to_owned(),
            owner: new.owner.map(str::to_owned),
            from: self.from.clone(),
            to: new.tier.map(str::to_owned),
            score: new.score,
        });
        if let Some(owner) = new.owner {
            *self.books.got.entry(owner.to_owned()).or_default() += 1;
            if let Some(account) = new.account {
                self.books.account_owners.insert(account.to_owned(), owner.to_owned());
            }
        }
        self.latest = Some(kept(new, seq));
        Ok(seq)
    }

    fn take_turn(&mut self, hand_off: &str, step: &str, owner: &str) -> Result<()> {
        let turns = self.books.turns.entry((hand_off.to_owned(), step.to_owned())).or_default();
        *turns.entry(owner.to_owned()).or_default() += 1;
        Ok(())
    }

    /// Tasks are those of hand-offs.
    fn put_task(&mut self, _: &Task) -> Result<()> {
        Ok(())
    }

    /// No lead goes on as another.
    fn list_under(&mut self, _: &str, _: &str) -> Result<()> {
        Ok(())
    }

    fn put_alert(&mut self, new: &NewAlert<'_>) -> Result<u64> {
        let latest = self.hand_offs(Some(new.lead), None, 1)?.pop();
        self.books.alerts.add(Effect {
            rule: new.alert.to_owned(),
            lead: new.lead.to_owned(),
            owner: latest.and_then(|latest| latest.owner),
            from: self.from.clone(),
            to: new.tier.map(str::to_owned),
            score: new.score,
        });
        Ok(self.books.alerts.total())
    }
}

impl PlaybookView for Stage<'_> {
    fn last_tier(&self, model: &str, lead: &str) -> Result<Option<String>> {
        self.view.last_tier(model, lead)
    }

    fn tier_changes(&self, lead: &str, before: Option<u64>, limit: usize) -> Result<Vec<TierChange>> {
        self.view.tier_changes(lead, before, limit)
    }

    fn note(&self, lead: &str, rule: &str) -> Result<Option<String>> {
        self.notes.get(rule).map_or_else(|| self.view.note(lead, rule), |note| Ok(Some(note.clone())))
    }

    fn notes_of(&self, lead: &str) -> Result<Vec<(String, String)>> {
        let mut notes: BTreeMap<_, _> = self.view.notes_of(lead)?.into_iter().collect();
        notes.extend(self.notes.clone());
        Ok(notes.into_iter().collect())
    }

    fn known_rules(&self) -> Result<Vec<(String, String)>> {
        self.view.known_rules()
    }

    fn absent_since(&self, rule: &str, model: &str) -> Result<Option<u64>> {
        self.view.absent_since(rule, model)
    }

    fn tier_changes_after(&self, model: &str, after: u64, limit: usize) -> Result<Vec<TierChange>> {
        self.view.tier_changes_after(model, after, limit)
    }

    fn timers(&self, now: Instant, limit: usize) -> Result<Vec<Timer>> {
        self.view.timers(now, limit)
    }

    fn timers_of(&self, kind: &str) -> Result<Vec<Timer>> {
        self.view.timers_of(kind)
    }
}

impl PlaybookChange for Stage<'_> {
    fn put_tier_change(&mut self, change: &NewTierChange<'_>) -> Result<u64> {
        self.from = change.from.map(str::to_owned);
        Ok(0)
    }

    fn put_note(&mut self, _: &str, rule: &str, note: &str) -> Result<()> {
        self.notes.insert(rule.to_owned(), note.to_owned());
        Ok(())
    }

    fn forget_notes(&mut self, _: &str) -> Result<()> {
        self.notes.clear();
        Ok(())
    }

    /// Which rules are in force is settled before.
    fn put_known_rule(&mut self, _: &str, _: &str, _: Instant) -> Result<()> {
        Ok(())
    }

    fn put_absent_rule(&mut self, _: &str, _: &str) -> Result<()> {
        Ok(())
    }

    fn forget_rule(&mut self, _: &str, _: &str) -> Result<()> {
        Ok(())
    }

    /// What comes later is not rehearsed.
    fn set_timer(&mut self, _: &Timer) -> Result<()> {
        Ok(())
    }

    fn stop_timer(&mut self, _: &str, _: &str, _: &str) -> Result<()> {
        Ok(())
    }
}

/// A hand-off as it is kept.
fn kept(new: &NewHandOff<'_>, seq: u64) -> HandOff {
    HandOff {
        seq,
        hand_off: new.hand_off.to_owned(),
        model: new.model.to_owned(),
        lead: new.lead.to_owned(),
        account: new.account.map(str::to_owned),
        owner: new.owner.map(str::to_owned),
        at: new.at,
        score: new.score,
        tier: new.tier.map(str::to_owned),
        asked: Some(new.asked.to_owned()),
        cause: Some(new.cause.to_owned()),
    }
}
