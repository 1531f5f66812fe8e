//! Which features the model language can ask for, and in which words.

use std::borrow::Cow;

use super::Bins;
use crate::{Feature, Values};

/// How a rule asks for a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Words {
    /// By the value of an expression; the path of the attribute that it needs.
    Value { expression: String, path: String },
    /// By counting events, in so many days or ever.
    Count { event: String, days: Option<u32> },
    /// By whether there was an event in so many days.
    Since { event: String },
}

/// The words for a feature; nothing where no rule means the same.
pub(super) fn words(feature: &Feature) -> Option<Words> {
    let value = |expression: String, path: &str| Some(Words::Value { expression, path: path.to_owned() });
    match feature {
        Feature::Attribute(path) => value(field(path), path),
        Feature::Field { function, path } => value(format!("{}({})", function.name(), field(path)), path),
        Feature::Length(path) => value(format!("size({})", field(path)), path),
        Feature::Age(path) => value(format!("daysSince({})", field(path)), path),
        Feature::Count { event, days } => Some(Words::Count { event: event.clone(), days: *days }),
        Feature::DaysSince(Some(event)) => Some(Words::Since { event: event.clone() }),
        _ => None,
    }
}

/// Whether a rule may ask for the value of a feature.
pub(super) fn is_value(feature: &Feature) -> bool {
    matches!(words(feature), Some(Words::Value { .. }))
}

/// An attribute as the language reads it: `lead.address.country`, `lead["first name"]`.
fn field(path: &str) -> String {
    Feature::Attribute(path.to_owned()).to_string()
}

/// That an attribute is not there; or says that nobody knows, where it is a text.
pub(super) fn is_missing(path: &str, bins: &Bins) -> String {
    let mut asked = absent(path);
    // To ask a number so would make the language read it as a text everywhere.
    if matches!(bins, Bins::Groups(_)) {
        asked.push(format!("lower({}) in lists.missing", field(path)));
    }
    asked.join(" || ")
}

/// That an attribute, or what holds it, is not there.
fn absent(path: &str) -> Vec<String> {
    if let Some((parent, key)) = path.strip_suffix(']').and_then(|path| path.rsplit_once('[')) {
        let parent = if parent.is_empty() { "lead".to_owned() } else { field(parent) };
        return vec![format!("!({key} in {parent})")];
    }
    let ends = path.char_indices().filter(|(_, c)| *c == '.').map(|(end, _)| end).chain([path.len()]);
    ends.map(|end| format!("!has({})", field(&path[..end]))).collect()
}

/// A text in quotes, as both YAML and CEL read it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The values of a feature as rules see them: ages in whole days begun or over.
///
/// An event lies within `n` days when it is at most `n` days old, so its age is rounded up, and it is a day old at least.
/// `daysSince` rounds down.
pub(super) fn seen<'v>(feature: &Feature, values: &'v Values) -> Cow<'v, Values> {
    let whole: fn(f64) -> f64 = match feature {
        Feature::Age(_) => libm::floor,
        Feature::DaysSince(_) => |days| if days.is_nan() { days } else { libm::ceil(days).max(1.0) },
        _ => return Cow::Borrowed(values),
    };
    match values {
        Values::Numbers(numbers) => {
            Cow::Owned(Values::Numbers(numbers.iter().map(|number| whole(*number)).collect()))
        }
        Values::Categories { .. } => Cow::Borrowed(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_the_language_reads_it() {
        assert_eq!(field("address.country"), "lead.address.country");
        assert_eq!(is_missing("[\"first name\"]", &Bins::Cuts(Vec::new())), "!(\"first name\" in lead)");
    }

    #[test]
    fn what_is_missing_may_be_absent_at_each_step_or_said_to_be_unknown() {
        assert_eq!(
            is_missing("address.country", &Bins::Groups(Vec::new())),
            "!has(lead.address) || !has(lead.address.country) || lower(lead.address.country) in lists.missing"
        );
    }
}
