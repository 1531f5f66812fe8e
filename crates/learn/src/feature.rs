//! What a column of a data set says of a lead.

use std::fmt;

/// What is known of a lead at the moment of decision, as one value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// An attribute, by its path as conditions write it after `lead`: `employees`, `address.country`, `["No. of Employees"]`.
    Attribute(String),
    /// What a field function makes of an attribute.
    Field {
        /// The function.
        function: FieldFunction,
        /// The attribute's path.
        path: String,
    },
    /// How many characters an attribute's text has; 0 where there is none.
    Length(String),
    /// How many days ago the time lies that an attribute tells.
    Age(String),
    /// How many events of a name there were.
    Count {
        /// The event's name.
        event: String,
        /// In how many days before the decision; ever, where it is left out.
        days: Option<u32>,
    },
    /// How many days ago the last event was; of a name, or any.
    DaysSince(Option<String>),
    /// On how many days there was an event; in how many days before the decision, or ever.
    ActiveDays(Option<u32>),
    /// How many more events there were in so many days than in as many before.
    Trend(u32),
    /// How many pages were seen, each once.
    Pages,
    /// Where the lead came from at first.
    FirstSource,
    /// Where the lead came from last.
    LastSource,
    /// What a rule of a model is worth, in points.
    Rule {
        /// The model.
        model: String,
        /// The rule's id.
        rule: String,
    },
}

/// The functions of the model language that make something of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldFunction {
    /// `emailKind`: work, free, disposable, role, invalid.
    EmailKind,
    /// `seniority` of a job title.
    Seniority,
    /// `department` of a job title.
    Department,
}

impl FieldFunction {
    /// Its name in the language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EmailKind => "emailKind",
            Self::Seniority => "seniority",
            Self::Department => "department",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(path) => f.write_str(&of_lead(path)),
            Self::Field { function, path } => write!(f, "{}({})", function.name(), of_lead(path)),
            Self::Length(path) => write!(f, "size({})", of_lead(path)),
            Self::Age(path) => write!(f, "daysSince({})", of_lead(path)),
            Self::Count { event, days: None } => write!(f, "count({event})"),
            Self::Count { event, days: Some(days) } => write!(f, "count({event}, {days}d)"),
            Self::DaysSince(None) => f.write_str("days since the last event"),
            Self::DaysSince(Some(event)) => write!(f, "days since {event}"),
            Self::ActiveDays(None) => f.write_str("active days"),
            Self::ActiveDays(Some(days)) => write!(f, "active days in {days}d"),
            Self::Trend(days) => write!(f, "trend of {days}d"),
            Self::Pages => f.write_str("distinct pages"),
            Self::FirstSource => f.write_str("first source"),
            Self::LastSource => f.write_str("last source"),
            Self::Rule { model, rule } => write!(f, "{model}/{rule}"),
        }
    }
}

/// An attribute as conditions write it.
fn of_lead(path: &str) -> String {
    let dot = if path.starts_with('[') { "" } else { "." };
    format!("lead{dot}{path}")
}
