//! A checked model, ready to run: names resolved, conditions compiled, durations in milliseconds.
//!
//! The model crate lowers a model file to a [`Plan`]; everything else only reads it.

use crate::{
    expr::{Condition, Expr, Root},
    instant::Duration,
    points::Micropoints,
    predict::{Observation, Prediction},
    value::Value,
};

/// A checked model.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The model's id.
    pub model: Box<str>,
    /// Clamp of the whole score.
    pub range: Range,
    /// A lead that does not meet this gets no score.
    pub applies: Option<Condition>,
    /// The fields that the plan's expressions read, by root.
    pub schema: Schema,
    /// The event names that the rules mention, `identify` first.
    pub names: EventNames,
    /// The dimensions, in the file's order.
    pub dimensions: Vec<Dimension>,
    /// The rules of all dimensions; [`Rule::dimension`] tells where each belongs.
    pub rules: RuleSet,
    /// Letters for one dimension.
    pub grades: Option<Grades>,
    /// Tiers, lowest first.
    pub tiers: Vec<Tier>,
    /// How accounts are scored, where the model does.
    pub accounts: Option<AccountPlan>,
}

impl Plan {
    /// The fields as inputs are read: the schema, with `created_at` a time where silence may be counted from it.
    pub fn input_schema(&self) -> Schema {
        let mut schema = self.schema.clone();
        let heeds_silence =
            |rules: &RuleSet| rules.rules.iter().any(|rule| matches!(rule.kind, RuleKind::Inactivity { .. }));
        if heeds_silence(&self.rules) {
            schema.lead.fields[Schema::CREATED_AT].usage = Usage::Time;
        }
        if self.accounts.as_ref().is_some_and(|accounts| heeds_silence(&accounts.rules)) {
            schema.account.fields[Schema::CREATED_AT].usage = Usage::Time;
        }
        schema
    }
}

/// An inclusive clamp; the ends are `i64::MIN` / `i64::MAX` micropoints where the model gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Least value.
    pub min: Micropoints,
    /// Greatest value.
    pub max: Micropoints,
}

/// A named part of the score.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// The dimension's name.
    pub id: Box<str>,
    /// Clamp of the sum of its rules.
    pub range: Range,
    /// What the clamped sum counts for in the score.
    pub weight: Weight,
}

/// A dimension's weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weight {
    /// A whole number: the product is exact.
    Whole(i64),
    /// Any other number: the product is rounded to six decimals, half away from zero.
    Real(f64),
}

/// The fields that a plan's expressions read, one table per root.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Attributes of the lead.
    pub lead: Fields,
    /// Attributes of the account.
    pub account: Fields,
    /// Properties of the event.
    pub event: Fields,
    /// Context of the event.
    pub context: Fields,
}

/// The top-level keys of one root that a plan reads; a key's place in the list is its *slot*.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// The fields, by slot.
    pub fields: Vec<Field>,
}

/// One top-level key that a plan reads.
#[derive(Debug, Clone)]
pub struct Field {
    /// The key; [`Field::WHOLE`] stands for the whole map.
    pub name: Box<str>,
    /// How the plan uses it, which decides how untyped text (a CSV cell) is read.
    pub usage: Usage,
}

impl Field {
    /// The name of the slot that holds the root's whole map (for `size(event)`, `"x" in lead`, `event[k]`).
    pub const WHOLE: &'static str = "*";
}

/// How a plan uses a field. Untyped text is read as a number or a boolean only where the plan uses it as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Usage {
    /// Nothing tells: text stays text.
    #[default]
    Unknown,
    /// As text, or in ways that do not go together: text stays text.
    Text,
    /// Compared with numbers, banded, or computed with.
    Number,
    /// Used as a condition or compared with `true` / `false`.
    Bool,
    /// Taken for an instant: text stays text, of a time that has an offset.
    Time,
}

/// Interned event names.
#[derive(Debug, Clone)]
pub struct EventNames {
    names: Vec<Box<str>>,
}

/// An event name that some rule mentions; [`NameId::OTHER`] for all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u16);

/// Index of a [`Matcher`] in its [`RuleSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatcherId(pub u16);

/// Index of a [`Capture`] in its [`RuleSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaptureId(pub u16);

/// Rules with what they look for in events.
///
/// Matching is apart from folding: an event is first turned into a [`Sighting`](crate::sighting::Sighting)
/// (which matchers it meets, what the captures read from it), and rules only ever see sightings.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// What the rules look for in events; equal matchers are shared.
    pub matchers: Vec<Matcher>,
    /// What the rules read from the events they matched.
    pub captures: Vec<Capture>,
    /// The rules, in the file's order.
    pub rules: Vec<Rule>,
    /// What predictions want noted of events.
    pub observations: Vec<Observation>,
}

/// What an event must be: one of some names, and a condition.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// The names; empty stands for no event at all. [`NameId::OTHER`] among them stands for all that are not interned.
    pub names: Vec<NameId>,
    /// The condition on the event, where there is one.
    pub condition: Option<Condition>,
}

/// A value that a rule reads from each event that meets a matcher.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The matcher whose events are read.
    pub on: MatcherId,
    /// What is read.
    pub expr: Expr,
    /// What for.
    pub purpose: Purpose,
}

/// What a captured value is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To tell events apart (`distinct`).
    Distinct,
    /// As points.
    Points,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The rule's id.
    pub id: Box<str>,
    /// The place in [`Plan::dimensions`]; 0 in an account's rules.
    pub dimension: usize,
    /// What it does.
    pub kind: RuleKind,
    /// Clamp of the rule's worth to `[-cap, cap]`.
    pub cap: Option<f64>,
}

/// What a rule does.
#[derive(Debug, Clone)]
pub enum RuleKind {
    /// Holds while a condition on the attributes is met.
    Trait {
        /// The condition.
        condition: Condition,
        /// What it is worth while it holds.
        effect: Effect,
    },
    /// Worth what a scale makes of a value of the attributes.
    Value {
        /// The value.
        value: Expr,
        /// What it is worth.
        scale: Scale,
    },
    /// Worth what bands make of the number of counted events.
    Count {
        /// The events.
        event: MatcherId,
        /// Only the first event of each value counts.
        distinct: Option<CaptureId>,
        /// How far back events are counted; ever if absent.
        within: Option<Duration>,
        /// Points by count.
        bands: Bands,
    },
    /// Holds when no event came for a while.
    Inactivity {
        /// How long without an event.
        after: Duration,
        /// Which events; any but `identify` if absent. The matcher has no condition.
        event: Option<MatcherId>,
        /// Points are granted once more each time this has passed.
        every: Option<Duration>,
        /// What it is worth.
        effect: Effect,
    },
    /// Worth what a trained model foretells.
    Predict(Box<Prediction>),
    /// Makes awards from events.
    Event(EventRule),
}

/// A rule that makes awards from events.
#[derive(Debug, Clone)]
pub struct EventRule {
    /// What makes a hit.
    pub hit: Hit,
    /// Only the first event of each value counts.
    pub distinct: Option<CaptureId>,
    /// How many hits become awards.
    pub limit: Option<Limit>,
    /// What an award is worth as it ages.
    pub decay: Decay,
    /// What an award is worth.
    pub effect: EventEffect,
}

/// What makes a hit.
#[derive(Debug, Clone)]
pub enum Hit {
    /// Each counted event.
    Each {
        /// The events.
        event: MatcherId,
    },
    /// `times` counted events within a window; a hit uses them up.
    Times {
        /// The events.
        event: MatcherId,
        /// How many.
        times: u32,
        /// The window; all since the last hit if absent.
        within: Option<Duration>,
    },
    /// Counted events of `people` distinct leads within a window; a hit uses them up. Only in accounts.
    People {
        /// The events.
        event: MatcherId,
        /// How many leads.
        people: u32,
        /// The window; all since the last hit if absent.
        within: Option<Duration>,
    },
    /// A counted event that no other event follows in time; the hit is at the end of the window.
    Unless {
        /// The events.
        event: MatcherId,
        /// What must not follow.
        unless: MatcherId,
        /// The window.
        within: Duration,
    },
    /// Events that match the steps in order.
    Sequence {
        /// The steps, two or more.
        steps: Vec<MatcherId>,
        /// The longest time from first to last; unbounded if absent.
        within: Option<Duration>,
    },
}

/// How many hits become awards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many awards.
    pub times: u32,
    /// Less than this ago; over the lead's whole life if absent.
    pub per: Option<Duration>,
}

/// What an award is worth as it ages.
#[derive(Debug, Clone, PartialEq)]
pub enum Decay {
    /// The same for ever.
    None,
    /// `2^(-age/H)`
    HalfLife(Duration),
    /// `max(0, 1 - age/L)`
    Linear(Duration),
    /// 1 while `age < E`, then 0.
    Expire(Duration),
    /// The factor of the greatest step not above the age, 1 before the first. Ascending.
    Steps(Vec<(Duration, f64)>),
    /// `(1 - lose)^floor(age/every)`
    Lose {
        /// The share lost each time, in `[0, 1]`.
        lose: f64,
        /// How often.
        every: Duration,
    },
}

/// What a standing rule is worth while it holds.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Points.
    Points(f64),
    /// Points computed on the attributes as of `t`.
    Formula(Expr),
    /// The lead is disqualified.
    Disqualify,
}

/// What an award is worth.
#[derive(Debug, Clone)]
pub enum EventEffect {
    /// Points.
    Points(f64),
    /// Points computed on the event.
    Formula(CaptureId),
    /// The lead is disqualified from the first award on, or until `expire` after the last.
    Disqualify,
}

/// What a value is worth.
#[derive(Debug, Clone)]
pub enum Scale {
    /// Points of the highest band that starts at or below the value.
    Bands(Bands),
    /// Points by exact value.
    Table {
        /// Values (text, numbers, booleans) with their points.
        rows: Vec<(Value, f64)>,
        /// Points of a value that is present and not listed; 0 if absent.
        otherwise: Option<f64>,
    },
}

/// Points by where a number lies. Ascending by start; below the first: 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands(pub Vec<(f64, f64)>);

/// Letters for one dimension.
#[derive(Debug, Clone)]
pub struct Grades {
    /// The place in [`Plan::dimensions`].
    pub of: usize,
    /// Letters with their bounds, highest first. Below all: `F`.
    pub bounds: Vec<(Box<str>, Micropoints)>,
}

/// A named range of scores.
#[derive(Debug, Clone)]
pub struct Tier {
    /// The tier's name.
    pub name: Box<str>,
    /// The least score.
    pub from: Micropoints,
    /// Dimensions (places in [`Plan::dimensions`]) with their least values.
    pub needs: Vec<(usize, Micropoints)>,
}

/// How accounts are scored.
#[derive(Debug, Clone)]
pub struct AccountPlan {
    /// The account of a lead that has no `account_id`, computed on its attributes.
    pub key: Option<Expr>,
    /// How the members' scores become one.
    pub combine: Combine,
    /// Clamp of the account's score.
    pub range: Range,
    /// Rules over the union of the members' events.
    pub rules: RuleSet,
    /// Tiers, lowest first; none has needs.
    pub tiers: Vec<Tier>,
}

/// How the members' scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// Sum of the best `n`.
    Top(u32),
    /// The best.
    Max,
    /// The mean, rounded to six decimals.
    Mean,
    /// The sum.
    Sum,
}

impl NameId {
    /// Any event name that no rule mentions.
    pub const OTHER: Self = Self(u16::MAX);
    /// The name `identify`, which every plan knows.
    pub const IDENTIFY: Self = Self(0);
}

impl Schema {
    /// The slot of `created_at` among the attributes of a lead and of an account; every plan has it.
    pub const CREATED_AT: usize = 0;
    /// The slot of `account_id` among the attributes of a lead; every plan has it.
    pub const ACCOUNT_ID: usize = 1;

    /// The fields of a root.
    pub fn root(&self, root: Root) -> &Fields {
        match root {
            Root::Lead => &self.lead,
            Root::Account => &self.account,
            Root::Event => &self.event,
            Root::Context => &self.context,
        }
    }

    /// The fields of a root, to add to.
    pub fn root_mut(&mut self, root: Root) -> &mut Fields {
        match root {
            Root::Lead => &mut self.lead,
            Root::Account => &mut self.account,
            Root::Event => &mut self.event,
            Root::Context => &mut self.context,
        }
    }
}

impl Default for Schema {
    fn default() -> Self {
        let mut lead = Fields::default();
        lead.intern("created_at");
        lead.intern("account_id");
        let mut account = Fields::default();
        account.intern("created_at");
        Self { lead, account, event: Fields::default(), context: Fields::default() }
    }
}

impl Default for EventNames {
    fn default() -> Self {
        Self { names: vec!["identify".into()] }
    }
}

impl Range {
    /// No clamp at all.
    pub const UNBOUNDED: Self = Self { min: Micropoints(i64::MIN), max: Micropoints(i64::MAX) };
}

impl EventNames {
    /// The id of `name`, or [`NameId::OTHER`].
    pub fn id(&self, name: &str) -> NameId {
        let place = self.names.iter().position(|known| &**known == name);
        place.map_or(NameId::OTHER, |i| NameId(i as u16))
    }

    /// The id of `name`, added if it is new. `None` when there is no room (65,534 names).
    pub fn intern(&mut self, name: &str) -> Option<NameId> {
        match self.id(name) {
            NameId::OTHER if self.names.len() < usize::from(u16::MAX) => {
                self.names.push(name.into());
                Some(NameId((self.names.len() - 1) as u16))
            }
            NameId::OTHER => None,
            known => Some(known),
        }
    }

    /// All names, by id.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }
}

impl Fields {
    /// The slot of a field, if the plan reads it.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| &*field.name == name)
    }

    /// Notes evidence of how a field is used; what does not go together makes it text.
    pub fn note(&mut self, slot: usize, usage: Usage) {
        let Some(field) = self.fields.get_mut(slot) else { return };
        field.usage = match (field.usage, usage) {
            (Usage::Unknown, noted) => noted,
            (known, Usage::Unknown) => known,
            (known, noted) if known == noted => known,
            _ => Usage::Text,
        };
    }

    /// The slot of a field, added if it is new.
    pub fn intern(&mut self, name: &str) -> usize {
        self.slot(name).unwrap_or_else(|| {
            self.fields.push(Field { name: name.into(), usage: Usage::Unknown });
            self.fields.len() - 1
        })
    }
}
