//! `kelvin diff`: what changed between two models in meaning, not in text, the most important first.

mod facet;
mod things;

use std::fmt;

use serde_json::{Value, json};

use crate::tree::Model;
use facet::Facet;
use things::Thing;

/// A change of meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// What of it: `points`; empty if it is new, gone, moved or renamed as a whole.
    pub aspect: String,
    /// How much it matters.
    pub importance: Importance,
    /// What it was; `None` if there was nothing.
    pub before: Option<String>,
    /// What it is; `None` if there is nothing.
    pub after: Option<String>,
    /// The change in a sentence: `` `pricing-page`: points 15 → 20``.
    pub sentence: String,
    /// By how many points, where that can be told.
    magnitude: f64,
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The model as a whole.
    Model,
    /// A dimension, by name.
    Dimension(String),
    /// A rule, by id.
    Rule(String),
    /// A list, by name.
    List(String),
    /// The grades.
    Grades,
    /// A tier, by name.
    Tier(String),
    /// The accounts as a whole.
    Accounts,
    /// A rule of the accounts, by id.
    AccountRule(String),
    /// A tier of the accounts, by name.
    AccountTier(String),
}

/// How much a change matters, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// Who has a score, and how the parts make it up.
    Score,
    /// Who is disqualified.
    Disqualification,
    /// From which score on a lead is in a tier.
    Tiers,
    /// Rules that are new, gone, moved or of another kind.
    Rules,
    /// What rules are worth.
    Points,
    /// What rules look at.
    Conditions,
    /// Decay, cap, limit, window.
    Course,
    /// Members of lists.
    Lists,
    /// Grades.
    Grades,
    /// Accounts.
    Accounts,
    /// Names and titles.
    Words,
}

/// What changed from `a` to `b`, the most important first. The order of keys and lists, comments, quotes and the
/// notation of durations and conditions make no difference.
pub fn diff(a: &Model, b: &Model) -> Vec<Change> {
    let (before, after) = (things::things(a), things::things(b));
    let renamed = renamed(&before, &after);
    let mut changes = Vec::new();
    for new in &after {
        match before.iter().find(|old| old.subject == new.subject) {
            Some(old) => compare(old, new, &mut changes),
            None => match renamed.iter().find(|(_, subject)| **subject == new.subject) {
                Some((old, _)) => changes.push(rename(old, new)),
                None => changes.push(appear(new)),
            },
        }
    }
    for old in &before {
        let stays = after.iter().any(|new| new.subject == old.subject);
        if !stays && !renamed.iter().any(|(known, _)| known.subject == old.subject) {
            changes.push(disappear(old));
        }
    }
    // A stable sort: what matters as much stays in the file's order.
    changes.sort_by(|a, b| a.importance.cmp(&b.importance).then(b.magnitude.total_cmp(&a.magnitude)));
    changes
}

/// Changes as JSON: an array of objects.
pub fn to_json(changes: &[Change]) -> Value {
    let change = |change: &Change| {
        let (subject, name) = change.subject.parts();
        json!({
            "subject": subject,
            "name": name,
            "aspect": Some(&change.aspect).filter(|aspect| !aspect.is_empty()),
            "importance": change.importance.name(),
            "before": change.before,
            "after": change.after,
            "text": change.sentence,
        })
    };
    changes.iter().map(change).collect()
}

/// Rules that are gone with the new ones that are the same in all but their id.
fn renamed<'t>(before: &'t [Thing], after: &'t [Thing]) -> Vec<(&'t Thing, &'t Subject)> {
    let gone =
        before.iter().filter(|old| old.is_rule() && !after.iter().any(|new| new.subject == old.subject));
    let mut pairs: Vec<(&Thing, &Subject)> = Vec::new();
    for old in gone {
        let mut fresh =
            after.iter().filter(|new| new.is_rule() && !before.iter().any(|old| old.subject == new.subject));
        let twin =
            fresh.find(|new| !pairs.iter().any(|(_, taken)| **taken == new.subject) && old.is_twin_of(new));
        pairs.extend(twin.map(|new| (old, &new.subject)));
    }
    pairs
}

fn compare(old: &Thing, new: &Thing, changes: &mut Vec<Change>) {
    let subject = &new.subject;
    if let (Some(from), Some(to)) = (&old.home, &new.home)
        && from != to
    {
        let sentence = format!("{subject}: moved from dimension `{from}` to `{to}`");
        changes.push(whole(new, Some(from.clone()), Some(to.clone()), sentence));
    }
    if old.kind != new.kind {
        let sentence = format!("{subject}: {} → {}", old.summary, new.summary);
        changes.push(whole(new, Some(old.summary.clone()), Some(new.summary.clone()), sentence));
        return;
    }
    if matches!(subject, Subject::List(_)) {
        changes.extend(members(old, new));
        return;
    }
    for facet in &new.facets {
        let was = old.facets.iter().find(|was| was.name == facet.name);
        if was.is_none_or(|was| was.value != facet.value) {
            changes.push(turn(subject, was, Some(facet)));
        }
    }
    for was in old.facets.iter().filter(|was| !new.facets.iter().any(|facet| facet.name == was.name)) {
        changes.push(turn(subject, Some(was), None));
    }
}

/// What came into a list, and what went from it.
fn members(old: &Thing, new: &Thing) -> Option<Change> {
    let missing_in = |from: &Thing, of: &Thing| {
        let is_missing = |facet: &&Facet| !from.facets.iter().any(|other| other.name == facet.name);
        let mut members: Vec<String> =
            of.facets.iter().filter(is_missing).map(|facet| facet.name.clone()).collect();
        members.dedup();
        Some(members.join(", ")).filter(|members| !members.is_empty())
    };
    let (gone, fresh) = (missing_in(new, old), missing_in(old, new));
    let parts = [("added", &fresh), ("removed", &gone)].into_iter();
    let parts: Vec<String> = parts
        .filter_map(|(word, members)| members.as_ref().map(|members| format!("{word} {members}")))
        .collect();
    let sentence = format!("{}: {}", new.subject, parts.join("; "));
    let change = whole(new, gone, fresh, sentence);
    (!parts.is_empty()).then(|| Change { aspect: "members".to_owned(), ..change })
}

fn turn(subject: &Subject, before: Option<&Facet>, after: Option<&Facet>) -> Change {
    let any = after.or(before);
    let shown = |facet: Option<&Facet>| facet.map_or_else(|| "none".to_owned(), |facet| facet.shown.clone());
    let aspect = any.map(|facet| facet.name.clone()).unwrap_or_default();
    let importance = [before, after].into_iter().flatten().map(|facet| facet.importance).min();
    let number = |facet: Option<&Facet>| facet.map_or(Some(0.0), Facet::number);
    let magnitude = number(before).zip(number(after)).map_or(f64::INFINITY, |(a, b)| (b - a).abs());
    let colon = if aspect.contains(' ') { ":" } else { "" };
    Change {
        subject: subject.clone(),
        sentence: format!("{subject}: {aspect}{colon} {} → {}", shown(before), shown(after)),
        aspect,
        importance: importance.unwrap_or(Importance::Words),
        before: before.map(|facet| facet.shown.clone()),
        after: after.map(|facet| facet.shown.clone()),
        magnitude,
    }
}

fn appear(new: &Thing) -> Change {
    let sentence = format!("new {}{}{}", new.subject.with_noun(), new.place("in"), new.said());
    whole(new, None, Some(new.summary.clone()), sentence)
}

fn disappear(old: &Thing) -> Change {
    let sentence = format!("{} is gone{}{}", old.subject.with_noun(), old.place("from"), old.said());
    whole(old, Some(old.summary.clone()), None, sentence)
}

fn rename(old: &Thing, new: &Thing) -> Change {
    let (_, from) = old.subject.parts();
    let (_, to) = new.subject.parts();
    let sentence = format!("{} is now called `{}`", old.subject.with_noun(), to.unwrap_or_default());
    let change = whole(new, from.map(str::to_owned), to.map(str::to_owned), sentence);
    Change { importance: Importance::Words, ..change }
}

fn whole(thing: &Thing, before: Option<String>, after: Option<String>, sentence: String) -> Change {
    let (aspect, subject, importance) = (String::new(), thing.subject.clone(), thing.importance);
    Change { subject, aspect, importance, before, after, sentence, magnitude: 0.0 }
}

impl Subject {
    /// What it is, and its name if it has one.
    pub fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Model => ("model", None),
            Self::Dimension(name) => ("dimension", Some(name)),
            Self::Rule(id) => ("rule", Some(id)),
            Self::List(name) => ("list", Some(name)),
            Self::Grades => ("grades", None),
            Self::Tier(name) => ("tier", Some(name)),
            Self::Accounts => ("accounts", None),
            Self::AccountRule(id) => ("account rule", Some(id)),
            Self::AccountTier(name) => ("account tier", Some(name)),
        }
    }

    fn with_noun(&self) -> String {
        let (noun, name) = self.parts();
        name.map_or_else(|| noun.to_owned(), |name| format!("{noun} `{name}`"))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(id) => write!(f, "`{id}`"),
            other => f.write_str(&other.with_noun()),
        }
    }
}

impl Importance {
    /// A word for it, for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Disqualification => "disqualification",
            Self::Tiers => "tiers",
            Self::Rules => "rules",
            Self::Points => "points",
            Self::Conditions => "conditions",
            Self::Course => "course",
            Self::Lists => "lists",
            Self::Grades => "grades",
            Self::Accounts => "accounts",
            Self::Words => "words",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

#[cfg(test)]
mod tests;
