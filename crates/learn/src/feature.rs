//! What a column of a data set says of a lead.

use std::fmt;

/// What is known of a lead, as one value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// An attribute, by its path: `employees`, `address.country`.
    Attribute(String),
    /// How many events of a name there were.
    Count {
        /// The event's name.
        event: String,
        /// In how many days before the decision; ever, where it is left out.
        days: Option<u32>,
    },
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(path) => write!(f, "lead.{path}"),
            Self::Count { event, days: None } => write!(f, "count({event})"),
            Self::Count { event, days: Some(days) } => write!(f, "count({event}, {days}d)"),
        }
    }
}
