//! How each part of a model is laid out: its notation, the order of its keys, the blank lines between its entries.

use crate::grammar;

/// A part of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The file.
    Model,
    /// The named lists.
    Lists,
    /// The dimensions.
    Dimensions,
    /// One dimension.
    Dimension,
    /// A list of rules.
    Rules,
    /// One rule.
    Rule,
    /// The steps of a sequence.
    Steps,
    /// One step, or what `unless` looks for.
    Step,
    /// A decay.
    Decay,
    /// A limit.
    Limit,
    /// Letters by bound.
    Grades,
    /// The tiers.
    Tiers,
    /// One tier.
    Tier,
    /// The accounts.
    Accounts,
    /// Something small: a range, the names of events, the steps of a decay, the needs of a tier.
    Small,
    /// Anything else: bands, tables, members of a list.
    Other,
}

/// How a part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// One line for each entry.
    Lines,
    /// Between brackets while it fits on the line.
    Brackets,
    /// As its author wrote it; between brackets only while it fits on the line.
    Kept,
}

/// Blank lines between the entries of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// None.
    Tight,
    /// One where the author left one or more.
    Kept,
    /// One.
    Always,
    /// One around each section of a model.
    Sections,
}

impl Shape {
    /// The shape of the value of `key`; in a sequence, of its entries, whose key is empty.
    pub(super) fn child(self, key: &str) -> Self {
        match (self, key) {
            (Self::Model, "lists") => Self::Lists,
            (Self::Model, "dimensions") => Self::Dimensions,
            (Self::Model, "grades") => Self::Grades,
            (Self::Model | Self::Accounts, "tiers") => Self::Tiers,
            (Self::Model, "accounts") => Self::Accounts,
            (Self::Dimensions, _) => Self::Dimension,
            (Self::Dimension | Self::Accounts, "rules") => Self::Rules,
            (Self::Rules, _) => Self::Rule,
            (Self::Rule, "sequence") => Self::Steps,
            (Self::Rule, "unless") | (Self::Steps, _) => Self::Step,
            (Self::Rule, "decay") => Self::Decay,
            (Self::Rule, "limit") => Self::Limit,
            (Self::Tiers, _) => Self::Tier,
            (Self::Rule | Self::Step, "event") | (Self::Accounts, "combine") => Self::Small,
            (Self::Decay, _) | (Self::Tier, _) | (_, "range") => Self::Small,
            _ => Self::Other,
        }
    }

    /// How it is written.
    pub(super) fn notation(self) -> Notation {
        match self {
            Self::Model | Self::Lists | Self::Dimensions | Self::Dimension | Self::Rules | Self::Steps => {
                Notation::Lines
            }
            Self::Tiers | Self::Accounts => Notation::Lines,
            Self::Step | Self::Decay | Self::Limit | Self::Grades | Self::Tier | Self::Small => {
                Notation::Brackets
            }
            Self::Rule | Self::Other => Notation::Kept,
        }
    }

    /// The place of a key among the others, in the grammar's order; keys that it does not know come last.
    pub(super) fn rank(self, key: &str) -> usize {
        let section = grammar::sections().find(|section| Some(section.name) == self.section());
        let place = section.and_then(|section| section.keys.iter().position(|known| known.name == key));
        place.unwrap_or(usize::MAX)
    }

    /// The section of the grammar that has its keys; of a decay, the only form that has more than one.
    fn section(self) -> Option<&'static str> {
        match self {
            Self::Model => Some("model"),
            Self::Dimension => Some("dimension"),
            Self::Rule => Some("account-rule"),
            Self::Step => Some("step"),
            Self::Decay => Some("decay-lose"),
            Self::Limit => Some("limit"),
            Self::Grades => Some("grades"),
            Self::Tier => Some("tier"),
            Self::Accounts => Some("accounts"),
            _ => None,
        }
    }

    /// The blank lines between its entries.
    pub(super) fn spacing(self) -> Spacing {
        match self {
            Self::Model => Spacing::Sections,
            Self::Dimensions => Spacing::Always,
            Self::Lists | Self::Rules | Self::Tiers | Self::Other => Spacing::Kept,
            _ => Spacing::Tight,
        }
    }
}

/// Whether a blank line lies between two keys of a model.
pub(super) fn is_section_break(before: &str, after: &str) -> bool {
    const SECTIONS: [&str; 5] = ["lists", "dimensions", "grades", "tiers", "accounts"];
    let is_section = |key| SECTIONS.contains(&key);
    (is_section(before) || is_section(after)) && (before, after) != ("grades", "tiers")
}
