//! What keys take, in words.

use super::Takes;
use crate::diagnostics::one_of;

/// What a message says that a key takes: `a number`.
pub fn expected(takes: &Takes) -> String {
    match takes {
        Takes::Version | Takes::Whole(_) => "a whole number".into(),
        Takes::Id(_) | Takes::Name => "a name".into(),
        Takes::Choice(choices) => one_of(choices.iter().copied()),
        Takes::Condition => "a condition".into(),
        Takes::Expression => "an expression".into(),
        Takes::Points => "a number or an expression".into(),
        Takes::Number(..) => "a number".into(),
        Takes::True => "`true`".into(),
        Takes::Duration => "a duration".into(),
        Takes::Range => "two numbers, least and greatest".into(),
        Takes::Events => "an event's name or a list of names".into(),
        Takes::Literals | Takes::List(_) => "a list".into(),
        Takes::Score => "a score or a tier's name".into(),
        Takes::Owner => "an owner's name".into(),
        Takes::Form(form) => form.title.into(),
        Takes::OneOrMore(takes) => format!("{} or a list", expected(takes)),
        Takes::Map(_) => "a map".into(),
        Takes::Section(section) => format!("`{}`", section.example),
        Takes::Either(choices) => either(choices),
    }
}

/// What a message says that a key of several forms takes.
pub(super) fn either(choices: &[Takes]) -> String {
    let first_keys: Vec<&str> = choices
        .iter()
        .filter_map(|takes| match takes {
            Takes::Section(section) => section.keys.first().map(|key| key.name),
            _ => None,
        })
        .collect();
    if first_keys.len() == choices.len() {
        return format!("a map with {}", one_of(first_keys));
    }
    choices.iter().map(expected).collect::<Vec<_>>().join(" or ")
}
