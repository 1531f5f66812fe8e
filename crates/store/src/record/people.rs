//! Ids, and what says that some of them are one lead, as they are kept.

use kelvin_kernel::Instant;

/// What kind of id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdKind {
    /// What a call names as its lead: a user id, or an anonymous id.
    Profile,
    /// An e-mail address.
    Email,
    /// An id of another system, with its type: `crm:17`.
    External,
}

/// Something by which a lead is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// What kind it is.
    pub kind: IdKind,
    /// The id itself.
    pub text: String,
}

/// An id with the lead that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownId {
    /// The id.
    pub id: Id,
    /// The lead.
    pub lead: String,
    /// Whether some call named it as `userId`.
    pub is_user: bool,
}

/// Why two ids may be one lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// Somebody said so by hand.
    ByHand,
    /// An `alias` call.
    Alias,
    /// A call of the profile named the e-mail address.
    Email,
    /// A call of the profile named the external id.
    External,
    /// A call named the anonymous id beside the user id.
    Together,
}

/// What says that two ids may be one lead. Between two ids there is one of each kind: the first, by time and event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Why.
    pub kind: LinkKind,
    /// The profile; of two, the one that is said to be the other.
    pub from: Id,
    /// The other id.
    pub to: Id,
    /// When it was said.
    pub time: Instant,
    /// The event that said so, as the text by which ids are ordered; by hand, the note.
    pub source: String,
}

impl IdKind {
    /// The name under which it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Email => "email",
            Self::External => "external",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Profile, Self::Email, Self::External].into_iter().find(|kind| kind.name() == name)
    }
}

impl LinkKind {
    /// The name under which it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::ByHand => "by-hand",
            Self::Alias => "alias",
            Self::Email => "email",
            Self::External => "external-id",
            Self::Together => "named-together",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::ByHand, Self::Alias, Self::Email, Self::External, Self::Together];
        all.into_iter().find(|kind| kind.name() == name)
    }
}

impl Id {
    /// The id of a profile.
    pub fn profile(text: impl Into<String>) -> Self {
        Self { kind: IdKind::Profile, text: text.into() }
    }
}
