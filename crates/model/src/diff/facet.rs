//! One property of a part of a model, so that two models can be compared property by property.

use super::Importance;
use crate::cel;

/// A property.
#[derive(Debug, Clone)]
pub(super) struct Facet {
    /// What it is called: `points`, `points for `Finance``.
    pub(super) name: String,
    /// What is compared.
    pub(super) value: Meaning,
    /// How it is shown.
    pub(super) shown: String,
    /// How much a change of it matters.
    pub(super) importance: Importance,
}

/// What is compared of a property.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// A number.
    Number(f64),
    /// A text in one notation.
    Text(String),
    /// An expression in CEL.
    Expression(String),
    /// Several in order.
    Parts(Vec<Self>),
}

impl Facet {
    /// A property that is a number.
    pub(super) fn of_number(name: impl Into<String>, number: f64, importance: Importance) -> Self {
        Self { name: name.into(), value: Meaning::Number(number), shown: number.to_string(), importance }
    }

    /// A property that is a text in one notation.
    pub(super) fn of_text(name: impl Into<String>, text: impl Into<String>, importance: Importance) -> Self {
        let text = text.into();
        Self { name: name.into(), value: Meaning::Text(text.clone()), shown: text, importance }
    }

    /// The number, if it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self.value {
            Meaning::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl PartialEq for Meaning {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Expression(a), Self::Expression(b)) => cel::is_same(a, b),
            (Self::Parts(a), Self::Parts(b)) => a == b,
            _ => false,
        }
    }
}
