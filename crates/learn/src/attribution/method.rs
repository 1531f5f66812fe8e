//! The methods by their names.

use std::{fmt, str::FromStr};

use super::Rule;

/// A way to give credit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Along each journey by itself.
    Rule(Rule),
    /// By what would be lost without a channel, in a chain of this order.
    Markov {
        /// How many of the last channels a state remembers.
        order: u32,
    },
    /// In equal parts to the distinct channels of a journey: the Shapley value of conversions.
    Shapley,
    /// By the Shapley value of the conversion rate.
    ShapleyRate,
}

/// A name that no method has.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("no method is called `{0}`: there are {names}", names = Method::names())]
pub struct UnknownMethod(String);

impl Method {
    /// All methods, where those that take a half-life have this one: in touchpoints, and in milliseconds.
    #[must_use]
    pub fn all(half_life: f64, half_life_ms: f64) -> Vec<Self> {
        let rules = [
            Rule::First,
            Rule::Last,
            Rule::LastNonDirect,
            Rule::Linear,
            Rule::UShaped,
            Rule::WShaped,
            Rule::DecayByPlace { half_life },
            Rule::DecayByTime { half_life_ms },
        ];
        let mut all: Vec<_> = rules.into_iter().map(Self::Rule).collect();
        all.extend((1..=4).map(|order| Self::Markov { order }));
        all.extend([Self::Shapley, Self::ShapleyRate]);
        all
    }

    /// The same method with these half-lives: in touchpoints, and in milliseconds.
    #[must_use]
    pub fn with_half_lives(self, half_life: f64, half_life_ms: f64) -> Self {
        match self {
            Self::Rule(Rule::DecayByPlace { .. }) => Self::Rule(Rule::DecayByPlace { half_life }),
            Self::Rule(Rule::DecayByTime { .. }) => Self::Rule(Rule::DecayByTime { half_life_ms }),
            method => method,
        }
    }

    fn names() -> String {
        let names: Vec<_> = Self::all(1.0, 1.0).iter().map(|method| format!("`{method}`")).collect();
        names.join(", ")
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rule(Rule::First) => "first",
            Self::Rule(Rule::Last) => "last",
            Self::Rule(Rule::LastNonDirect) => "last-non-direct",
            Self::Rule(Rule::Linear) => "linear",
            Self::Rule(Rule::UShaped) => "u-shaped",
            Self::Rule(Rule::WShaped) => "w-shaped",
            Self::Rule(Rule::DecayByPlace { .. }) => "decay-place",
            Self::Rule(Rule::DecayByTime { .. }) => "decay-time",
            Self::Markov { order: 1 } => "markov",
            Self::Markov { order } => return write!(f, "markov-{order}"),
            Self::Shapley => "shapley",
            Self::ShapleyRate => "shapley-rate",
        })
    }
}

/// The half-lives are 1 touchpoint and 7 days.
impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(name: &str) -> Result<Self, UnknownMethod> {
        const WEEK_MS: f64 = 7.0 * 86_400_000.0;
        let named = |method: &Self| method.to_string() == name || name == "markov-1" && *method == MARKOV;
        let found = Self::all(1.0, WEEK_MS).into_iter().find(named);
        found.ok_or_else(|| UnknownMethod(name.to_owned()))
    }
}

const MARKOV: Method = Method::Markov { order: 1 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_found_by_the_name_that_it_shows() {
        for method in Method::all(1.0, 7.0 * 86_400_000.0) {
            assert_eq!(method.to_string().parse(), Ok(method));
        }
        assert_eq!("markov-1".parse(), Ok(MARKOV));
    }

    #[test]
    fn an_unknown_method_is_told_with_those_that_there_are() {
        let told = "lst".parse::<Method>().expect_err("no such method").to_string();
        assert!(told.starts_with("no method is called `lst`: there are `first`, `last`, "), "{told}");
    }
}
