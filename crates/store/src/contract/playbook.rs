//! What carrying out a playbook needs to remember: tiers that changed, notes on leads, what is to be done when.

use kelvin_kernel::Instant;

use crate::{NewTierChange, Result, TierChange, Timer};

/// Looks at what a playbook remembers.
pub trait PlaybookView {
    /// The tier that a lead's last change of tier led to, also while scores are made again.
    fn last_tier(&self, model: &str, lead: &str) -> Result<Option<String>>;

    /// A lead's changes of tier, the latest first, from before a place on.
    fn tier_changes(&self, lead: &str, before: Option<u64>, limit: usize) -> Result<Vec<TierChange>>;

    /// The note on a lead for a hand-off or an alert.
    fn note(&self, lead: &str, rule: &str) -> Result<Option<String>>;

    /// All notes on a lead, each with what it is for.
    fn notes_of(&self, lead: &str) -> Result<Vec<(String, String)>>;

    /// The hand-offs and alerts that were in force before, each with its model.
    fn known_rules(&self) -> Result<Vec<(String, String)>>;

    /// The place of the last change of tier before a rule that is known went out of force; `None` while it is in force.
    fn absent_since(&self, rule: &str, model: &str) -> Result<Option<u64>>;

    /// Changes of tier by a model, the earliest first, from after a place on.
    fn tier_changes_after(&self, model: &str, after: u64, limit: usize) -> Result<Vec<TierChange>>;

    /// What is to be done by `now`, the longest overdue first.
    fn timers(&self, now: Instant, limit: usize) -> Result<Vec<Timer>>;

    /// When something of a kind is to be done, for each subject.
    fn timers_of(&self, kind: &str) -> Result<Vec<Timer>>;
}

/// Changes what a playbook remembers.
pub trait PlaybookChange: PlaybookView {
    /// Notes that a lead's tier has changed; returns the place of the change.
    fn put_tier_change(&mut self, change: &NewTierChange<'_>) -> Result<u64>;

    /// Puts a note on a lead in the place of the one before.
    fn put_note(&mut self, lead: &str, rule: &str, note: &str) -> Result<()>;

    /// Takes all notes on a lead away.
    fn forget_notes(&mut self, lead: &str) -> Result<()>;

    /// Notes that a hand-off or an alert is in force for a model.
    fn put_known_rule(&mut self, rule: &str, model: &str, at: Instant) -> Result<()>;

    /// Notes that a rule that is known is not in force from here on, if that is news.
    fn put_absent_rule(&mut self, rule: &str, model: &str) -> Result<()>;

    /// Forgets a rule with a model: should it be in force again, it is new.
    fn forget_rule(&mut self, rule: &str, model: &str) -> Result<()>;

    /// Sets a timer, which takes the place of one of the same kind, subject and name.
    fn set_timer(&mut self, timer: &Timer) -> Result<()>;

    /// Takes a timer away.
    fn stop_timer(&mut self, kind: &str, subject: &str, name: &str) -> Result<()>;
}
