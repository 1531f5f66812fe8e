//! Single values of attributes as a trained model sees them: amounts, categories, nothing.

use crate::{
    instant::{Instant, InstantError},
    value::Value,
};

/// Texts that stand for nothing, in lower case.
pub const MISSING_TEXTS: [&str; 6] = ["unknown", "n/a", "na", "nan", "null", "?"];

/// Whether a value says nothing.
pub(crate) fn is_missing(value: &Value) -> bool {
    let says_nothing = |text: &str| text.is_empty() || MISSING_TEXTS.contains(&text.to_lowercase().as_str());
    matches!(value, Value::Null | Value::List(_) | Value::Map(_))
        || value.as_str().is_some_and(|text| says_nothing(text.trim()))
}

/// The number that a value is. A text is one if it is written as one writes numbers that are to be reckoned with: `007` and `+49…`
/// are none, as they would not come back as they were.
#[must_use]
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let mut bytes = digits.bytes();
            let (first, second) = (bytes.next()?, bytes.next());
            let is_plain =
                first.is_ascii_digit() && !(first == b'0' && second.is_some_and(|b| b.is_ascii_digit()));
            let parsed = || text.parse().ok().filter(|number: &f64| number.is_finite());
            (is_plain || first == b'.').then(parsed).flatten()
        }
        value => value.as_f64().filter(|number| number.is_finite()),
    }
}

/// The number that a text stands for where numbers are expected; not a number where it stands for none.
#[must_use]
pub fn amount(text: &str) -> f64 {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite()).unwrap_or(f64::NAN)
}

/// A value as the name of a category.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::Double(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        value => value.as_name().unwrap_or_default(),
    }
}

/// The instant that a text tells. One without an offset is taken as UTC.
#[must_use]
pub fn time(text: &str) -> Option<Instant> {
    match Instant::parse(text) {
        _ if text.len() < 8 || !text.contains('-') => None,
        Err(InstantError::NoOffset) => Instant::parse_at_offset(text, 0).ok(),
        found => found.ok(),
    }
}
