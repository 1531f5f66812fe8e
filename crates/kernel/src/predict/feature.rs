//! What an input of a trained model says of a lead: what columns of data sets hold, by the name that is written.

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
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EmailKind, Self::Seniority, Self::Department];

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

impl Feature {
    /// The feature of a name, as it is displayed; `None` where no feature has it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let between = |before: &str, after: &str| name.strip_prefix(before)?.strip_suffix(after);
        let path = |text: &str| {
            Some(text.strip_prefix("lead")?).filter(|path| path.starts_with(['.', '['])).map(path_of)
        };
        let days = |text: &str| text.strip_suffix('d')?.parse().ok();
        let field = |function: FieldFunction| {
            let path = path(between(&format!("{}(", function.name()), ")")?)?;
            Some(Self::Field { function, path })
        };
        match name {
            "days since the last event" => return Some(Self::DaysSince(None)),
            "active days" => return Some(Self::ActiveDays(None)),
            "distinct pages" => return Some(Self::Pages),
            "first source" => return Some(Self::FirstSource),
            "last source" => return Some(Self::LastSource),
            _ => {}
        }
        if let Some(counted) = between("count(", ")") {
            let window = counted.rsplit_once(", ").and_then(|(event, window)| Some((event, days(window)?)));
            let (event, days) = window.map_or((counted, None), |(event, days)| (event, Some(days)));
            return Some(Self::Count { event: event.to_owned(), days });
        }
        path(name)
            .map(Self::Attribute)
            .or_else(|| FieldFunction::ALL.into_iter().find_map(field))
            .or_else(|| path(between("size(", ")")?).map(Self::Length))
            .or_else(|| path(between("daysSince(", ")")?).map(Self::Age))
            .or_else(|| Some(Self::DaysSince(Some(name.strip_prefix("days since ")?.to_owned()))))
            .or_else(|| Some(Self::ActiveDays(Some(days(name.strip_prefix("active days in ")?)?))))
            .or_else(|| Some(Self::Trend(days(name.strip_prefix("trend of ")?)?)))
            .or_else(|| {
                let (model, rule) = name.split_once('/')?;
                Some(Self::Rule { model: model.to_owned(), rule: rule.to_owned() })
            })
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

/// The path of an attribute as a feature keeps it, from what follows `lead`.
fn path_of(written: &str) -> String {
    written.strip_prefix('.').unwrap_or(written).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_known_by_its_name() {
        let path = || "address.city".to_owned();
        let event = || "Demo, big".to_owned();
        let all = [
            Feature::Attribute(path()),
            Feature::Attribute(r#"["No. of Employees"]"#.into()),
            Feature::Field { function: FieldFunction::Seniority, path: path() },
            Feature::Length(path()),
            Feature::Age(path()),
            Feature::Count { event: event(), days: None },
            Feature::Count { event: event(), days: Some(30) },
            Feature::DaysSince(None),
            Feature::DaysSince(Some(event())),
            Feature::ActiveDays(None),
            Feature::ActiveDays(Some(30)),
            Feature::Trend(30),
            Feature::Pages,
            Feature::FirstSource,
            Feature::LastSource,
            Feature::Rule { model: "m".into(), rule: "r".into() },
        ];
        for feature in all {
            assert_eq!(Feature::parse(&feature.to_string()).as_ref(), Some(&feature), "{feature}");
        }
        assert_eq!(Feature::parse("leader"), None);
    }
}
