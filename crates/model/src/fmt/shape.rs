//! How each part of a model or a playbook is laid out: its notation, the order of its keys, the blank lines between its entries.

use super::tree::Node;
use crate::grammar;

/// A part of a model or a playbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A model file.
    Model,
    /// A playbook file.
    Playbook,
    /// The owners, or the targets.
    Names,
    /// One owner, or one target.
    Named,
    /// The hand-offs.
    HandOffs,
    /// One hand-off.
    HandOff,
    /// The steps of an assignment.
    Assign,
    /// A task, or the times of a hand-off.
    Task,
    /// The alerts.
    Alerts,
    /// One alert.
    Alert,
    /// The outcomes.
    Outcomes,
    /// One outcome.
    Outcome,
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
    /// The shape of a file.
    pub(super) fn of_file(root: &Node) -> Self {
        let entries = root.items().map(|items| items.entries.as_slice()).unwrap_or_default();
        let has = |key: &str| entries.iter().any(|entry| entry.key_text() == key);
        if has("playbook") && !has("kelvin") { Self::Playbook } else { Self::Model }
    }

    /// The shape of the value of `key`; in a sequence, of its entries, whose key is empty.
    pub(super) fn child(self, key: &str) -> Self {
        match (self, key) {
            (Self::Model, "lists") => Self::Lists,
            (Self::Model, "dimensions") => Self::Dimensions,
            (Self::Model, "grades") => Self::Grades,
            (Self::Model | Self::Accounts, "tiers") => Self::Tiers,
            (Self::Model, "accounts") => Self::Accounts,
            (Self::Playbook, "owners" | "targets") => Self::Names,
            (Self::Playbook, "hand_offs") => Self::HandOffs,
            (Self::Playbook, "alerts") => Self::Alerts,
            (Self::Playbook, "outcomes") => Self::Outcomes,
            (Self::Playbook, "hours") | (Self::Alert | Self::Outcome, "event") => Self::Small,
            (Self::Names, _) => Self::Named,
            (Self::HandOffs, _) => Self::HandOff,
            (Self::HandOff, "assign") => Self::Assign,
            (Self::HandOff, "task" | "sla") => Self::Task,
            (Self::HandOff | Self::Alert | Self::Task, "notify" | "escalate") => Self::Small,
            (Self::Assign, _) => Self::Step,
            (Self::Alerts, _) => Self::Alert,
            (Self::Outcomes, _) => Self::Outcome,
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
            Self::Playbook | Self::Names | Self::HandOffs | Self::HandOff => Notation::Lines,
            Self::Alerts | Self::Outcomes => Notation::Lines,
            Self::Task => Notation::Brackets,
            Self::Step | Self::Decay | Self::Limit | Self::Grades | Self::Tier | Self::Small => {
                Notation::Brackets
            }
            Self::Rule | Self::Named | Self::Assign | Self::Alert | Self::Outcome | Self::Other => {
                Notation::Kept
            }
        }
    }

    /// The place of a key among the others, in the grammar's order; keys that it does not know come last. Of forms that
    /// share keys, the longest way to a key counts.
    pub(super) fn rank(self, key: &str) -> usize {
        let sections = grammar::sections().filter(|section| self.sections().contains(&section.name));
        let places = sections.filter_map(|section| section.keys.iter().position(|known| known.name == key));
        places.max().unwrap_or(usize::MAX)
    }

    /// The sections of the grammar that have its keys; of a decay, the only form that has more than one.
    fn sections(self) -> &'static [&'static str] {
        match self {
            Self::Model => &["model"],
            Self::Playbook => &["playbook"],
            Self::Named => &["owner", "target-webhook"],
            Self::HandOff => &["hand-off"],
            Self::Task => &["task", "sla"],
            Self::Alert => &["alert-rise", "alert-event", "alert-cooling", "alert-digest", "alert-tier"],
            Self::Outcome => &["outcome"],
            Self::Dimension => &["dimension"],
            Self::Rule => &["account-rule"],
            Self::Step => &["step"],
            Self::Decay => &["decay-lose"],
            Self::Limit => &["limit"],
            Self::Grades => &["grades"],
            Self::Tier => &["tier"],
            Self::Accounts => &["accounts"],
            _ => &[],
        }
    }

    /// The blank lines between its entries.
    pub(super) fn spacing(self) -> Spacing {
        match self {
            Self::Model | Self::Playbook => Spacing::Sections,
            Self::HandOffs => Spacing::Always,
            Self::Names | Self::Alerts | Self::Outcomes => Spacing::Kept,
            Self::Dimensions => Spacing::Always,
            Self::Lists | Self::Rules | Self::Tiers | Self::Other => Spacing::Kept,
            _ => Spacing::Tight,
        }
    }
}

/// Whether a blank line lies between two keys of a file.
pub(super) fn is_section_break(before: &str, after: &str) -> bool {
    const SECTIONS: [&str; 10] = [
        "lists",
        "dimensions",
        "grades",
        "tiers",
        "accounts",
        "owners",
        "targets",
        "hand_offs",
        "alerts",
        "outcomes",
    ];
    let is_section = |key| SECTIONS.contains(&key);
    (is_section(before) || is_section(after)) && (before, after) != ("grades", "tiers")
}
