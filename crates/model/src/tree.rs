//! A model as it is written: every part of it with its place, nothing compiled yet.

use std::sync::Arc;

use kelvin_kernel::{Duration, plan::Usage};

use crate::{
    predictor::Trained,
    span::{Span, Spanned},
    syntax::Places,
};

/// A model as it is written. Parts that could not be read are absent.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The model's id.
    pub id: Option<Spanned<String>>,
    /// A title for people.
    pub title: Option<Spanned<String>>,
    /// What the model is for.
    pub kind: Option<Spanned<String>>,
    /// Which leads it scores.
    pub applies: Option<ExpressionId>,
    /// Clamp of the score.
    pub range: Option<Spanned<(f64, f64)>>,
    /// Named lists.
    pub lists: Vec<List>,
    /// The parts of the score.
    pub dimensions: Vec<Dimension>,
    /// Letters for one dimension.
    pub grades: Option<Grades>,
    /// Tiers, lowest first.
    pub tiers: Vec<Tier>,
    /// How accounts are scored.
    pub accounts: Option<Accounts>,
    /// All expressions, also those of rules that could not be read.
    pub expressions: Vec<Expression>,
    /// Where rules stand that could not be read.
    pub unread_rules: Vec<Span>,
}

/// The place of an expression in [`Model::expressions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpressionId(pub usize);

/// An expression in CEL, as text.
#[derive(Debug, Clone)]
pub struct Expression {
    /// The text, as the expression language sees it.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    /// Where each of its characters is written.
    pub places: Places,
    /// Whether it must yield a boolean.
    pub is_condition: bool,
    /// What its value is used as.
    pub used_as: Usage,
    /// What it can look at.
    pub sees: Sees,
    /// What YAML left out of it: the rest of its line, where that looks like a part of it.
    pub cut_off: Option<CutOff>,
}

/// Why a value ends before its line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutOff {
    /// ` #` begins a comment.
    Comment,
    /// A sign such as `,` ends a value between brackets.
    Bracket,
}

/// What an expression can look at. All see `lists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sees {
    /// `lead`, `account`, `now`: standing rules and `applies`.
    Lead,
    /// `event`, `context`, `lead`, `account`: rules that look at events.
    Event,
    /// `account`, `now`: standing rules of accounts.
    Account,
    /// `event`, `context`, `lead`, `account`: rules of accounts that look at events.
    MemberEvent,
    /// `lead` alone: the key of an account.
    Key,
}

/// A named list.
#[derive(Debug, Clone)]
pub struct List {
    /// Its name.
    pub name: Spanned<String>,
    /// What is on it.
    pub values: Vec<Spanned<Constant>>,
}

/// A value written in the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
}

/// A part of the score.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// Its name.
    pub name: Spanned<String>,
    /// Clamp of the sum of its rules.
    pub range: Option<Spanned<(f64, f64)>>,
    /// What it counts for in the score.
    pub weight: Option<Spanned<f64>>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// Whether all of its rules could be read.
    pub is_whole: bool,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id.
    pub id: Spanned<String>,
    /// All of it.
    pub span: Span,
    /// What it does.
    pub kind: RuleKind,
    /// The most that it is worth, up or down.
    pub cap: Option<Spanned<f64>>,
}

/// What a rule does.
#[derive(Debug, Clone)]
pub enum RuleKind {
    /// Holds while a condition is met.
    Trait {
        /// The condition.
        condition: ExpressionId,
        /// What it is worth.
        worth: Worth,
    },
    /// Turns a value into points.
    Value {
        /// The value.
        value: ExpressionId,
        /// Into how many.
        scale: Scale,
    },
    /// Turns a number of events into points.
    Count {
        /// The events.
        event: Matcher,
        /// Only the first of each value counts.
        distinct: Option<ExpressionId>,
        /// How far back.
        within: Option<Spanned<Duration>>,
        /// Into how many.
        bands: Vec<Row<f64>>,
    },
    /// Holds when no event came for a while.
    Inactivity {
        /// How long.
        after: Spanned<Duration>,
        /// Which events; any but `identify` if absent.
        event: Option<Matcher>,
        /// Grants the points again each time this passes.
        every: Option<Spanned<Duration>>,
        /// What it is worth.
        worth: Worth,
    },
    /// Worth what a trained model foretells.
    Predict(Prediction),
    /// Makes awards.
    Event(EventRule),
}

/// A trained model that grants points.
#[derive(Debug, Clone)]
pub struct Prediction {
    /// The file, as it is named.
    pub file: Spanned<String>,
    /// The points of a probability of 0, and of 1.
    pub points: Spanned<(f64, f64)>,
    /// What the file holds, where it could be read.
    pub trained: Option<Arc<Trained>>,
}

/// A rule that makes awards.
#[derive(Debug, Clone)]
pub struct EventRule {
    /// What makes a hit.
    pub hit: Hit,
    /// Only the first event of each value counts.
    pub distinct: Option<ExpressionId>,
    /// How many hits become awards.
    pub limit: Option<Spanned<Limit>>,
    /// What an award is worth as it ages.
    pub decay: Option<Spanned<Decay>>,
    /// What it is worth when it is made.
    pub worth: Worth,
}

/// What makes a hit.
#[derive(Debug, Clone)]
pub enum Hit {
    /// Each event.
    Each {
        /// The events.
        event: Matcher,
    },
    /// So many events.
    Times {
        /// The events.
        event: Matcher,
        /// How many.
        times: Spanned<u32>,
        /// The window.
        within: Option<Spanned<Duration>>,
    },
    /// Events of so many leads.
    People {
        /// The events.
        event: Matcher,
        /// How many leads.
        people: Spanned<u32>,
        /// The window.
        within: Option<Spanned<Duration>>,
    },
    /// An event that nothing follows.
    Unless {
        /// The events.
        event: Matcher,
        /// What must not follow.
        unless: Matcher,
        /// In which time.
        within: Spanned<Duration>,
    },
    /// Events one after another.
    Sequence {
        /// The steps.
        steps: Vec<Matcher>,
        /// The longest time from first to last.
        within: Option<Spanned<Duration>>,
    },
}

/// Which events are meant.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// The names.
    pub names: Vec<Spanned<String>>,
    /// The condition.
    pub condition: Option<ExpressionId>,
}

/// How many hits become awards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// How many.
    pub times: u32,
    /// In how long; over a lead's whole life if absent.
    pub per: Option<Duration>,
}

/// What an award is worth as it ages.
#[derive(Debug, Clone, PartialEq)]
pub enum Decay {
    /// Halves each time this passes.
    HalfLife(Duration),
    /// Shrinks evenly to nothing.
    Linear(Duration),
    /// Counts for this long.
    Expire(Duration),
    /// Shares by age, ascending.
    Steps(Vec<Row<Duration>>),
    /// Loses a share each time.
    Lose {
        /// The share.
        lose: f64,
        /// How often.
        every: Duration,
    },
}

/// What a rule is worth.
#[derive(Debug, Clone)]
pub enum Worth {
    /// Points.
    Points(Spanned<f64>),
    /// Points that an expression computes.
    Formula(ExpressionId),
    /// The lead is disqualified.
    Disqualify(Span),
}

/// What a value is worth.
#[derive(Debug, Clone)]
pub enum Scale {
    /// By where it lies. Ascending.
    Bands(Vec<Row<f64>>),
    /// By what it is.
    Table {
        /// The values.
        rows: Vec<Row<Constant>>,
        /// Points of any other value.
        otherwise: Option<Spanned<f64>>,
    },
}

/// A bound or a value with the number that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<T> {
    /// The bound or value.
    pub key: Spanned<T>,
    /// The number.
    pub number: Spanned<f64>,
}

/// Letters for one dimension.
#[derive(Debug, Clone)]
pub struct Grades {
    /// The dimension.
    pub of: Spanned<String>,
    /// Letters with their bounds, highest first.
    pub bounds: Vec<(Spanned<String>, Spanned<f64>)>,
}

/// A named range of scores.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Its name.
    pub name: Spanned<String>,
    /// The least score.
    pub from: Spanned<f64>,
    /// Dimensions with their least values.
    pub needs: Vec<(Spanned<String>, Spanned<f64>)>,
}

/// How accounts are scored.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// The account of a lead that has no `account_id`.
    pub key: Option<ExpressionId>,
    /// How the members' scores become one.
    pub combine: Option<Spanned<Combine>>,
    /// Clamp of the account's score.
    pub range: Option<Spanned<(f64, f64)>>,
    /// Rules over the members' events.
    pub rules: Vec<Rule>,
    /// Whether all of these rules could be read.
    pub is_whole: bool,
    /// Tiers, lowest first.
    pub tiers: Vec<Tier>,
}

/// How the members' scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// The sum of the best so many.
    Top(u32),
    /// The best.
    Max,
    /// The mean.
    Mean,
    /// The sum.
    Sum,
}

impl Model {
    /// An expression of the model.
    pub fn expression(&self, id: ExpressionId) -> Option<&Expression> {
        self.expressions.get(id.0)
    }

    /// The text of an expression of the model.
    pub fn text(&self, id: ExpressionId) -> &str {
        self.expression(id).map_or("", |expression| expression.text.as_str())
    }

    /// The rules of all dimensions, in the file's order.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.dimensions.iter().flat_map(|dimension| &dimension.rules)
    }

    /// All rules, those of the accounts last.
    pub fn all_rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules().chain(self.accounts.iter().flat_map(|accounts| &accounts.rules))
    }
}

impl Constant {
    /// The number that it is.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Text(_) | Self::Bool(_) => None,
        }
    }
}

impl Rule {
    /// What the rule is worth, where it says so by `points` or `disqualify`.
    pub fn worth(&self) -> Option<&Worth> {
        match &self.kind {
            RuleKind::Trait { worth, .. } | RuleKind::Inactivity { worth, .. } => Some(worth),
            RuleKind::Event(rule) => Some(&rule.worth),
            RuleKind::Value { .. } | RuleKind::Count { .. } | RuleKind::Predict(_) => None,
        }
    }

    /// The events that the rule looks at, one for each step of a sequence; what `unless` names last.
    pub fn matchers(&self) -> Vec<&Matcher> {
        match &self.kind {
            RuleKind::Trait { .. } | RuleKind::Value { .. } | RuleKind::Predict(_) => Vec::new(),
            RuleKind::Count { event, .. } => vec![event],
            RuleKind::Inactivity { event, .. } => event.iter().collect(),
            RuleKind::Event(rule) => match &rule.hit {
                Hit::Each { event } | Hit::Times { event, .. } | Hit::People { event, .. } => vec![event],
                Hit::Unless { event, unless, .. } => vec![event, unless],
                Hit::Sequence { steps, .. } => steps.iter().collect(),
            },
        }
    }
}
