//! Lists that mix text with numbers or booleans, of which a cell of a CSV file, having no type, meets only the text.

use kelvin_kernel::{Value, value::Type};

/// That values of several types stand beside each other.
pub(crate) struct Mixed {
    /// The place of a value that no cell meets.
    pub(crate) odd: usize,
    /// The place of a value of another type.
    pub(crate) other: usize,
    /// What `odd` is, with the article.
    pub(crate) odd_is: &'static str,
    /// What `other` is, with the article.
    pub(crate) other_is: &'static str,
    /// What is mixed: ``numbers and text: `1` is a number, `A` is text``.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: String,
}

/// Whether values are mixed. Where each stands there as text too, that is taken to be meant.
pub(crate) fn mixed(values: &[Value]) -> Option<Mixed> {
    let has_text = |text: &str| values.iter().any(|value| value.as_str() == Some(text));
    let odd = values.iter().position(|value| kind(value).is_some() && !has_text(&shown(value)))?;
    let (kinds, odd_is) = kind(&values[odd])?;
    let differs = |value: &Value| kind(value).is_some_and(|(other, _)| other != kinds);
    let other = values.iter().position(differs)?;
    let (other_kinds, other_is) = kind(&values[other])?;
    let (text, other_text) = (shown(&values[odd]), shown(&values[other]));
    Some(Mixed {
        odd,
        other,
        odd_is,
        other_is,
        message: format!("{kinds} and {other_kinds}: `{text}` is {odd_is}, `{other_text}` is {other_is}"),
        help: format!(
            "a CSV cell is read as text then, and no text equals {odd_is}: put all into quotes: `\"{text}\"`"
        ),
    })
}

/// What a value is: several of them, and one.
fn kind(value: &Value) -> Option<(&'static str, &'static str)> {
    match value.type_of() {
        Type::String => Some(("text", "text")),
        Type::Int | Type::Uint | Type::Double => Some(("numbers", "a number")),
        Type::Bool => Some(("booleans", "a boolean")),
        _ => None,
    }
}

/// A value as text.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}
