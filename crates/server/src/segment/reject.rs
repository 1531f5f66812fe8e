//! Why an event cannot be used.

/// Why an event cannot be used, in a word that stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    BadJson,
    NoObject,
    NoBatch,
    UnknownType,
    MissingUser,
    MissingEvent,
    BadId,
    BadTime,
    TooDeep,
    TooLarge,
    TooMany,
}

/// An event that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    pub(crate) reason: String,
}

impl Code {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BadJson => "bad-json",
            Self::NoObject => "no-object",
            Self::NoBatch => "no-batch",
            Self::UnknownType => "unknown-type",
            Self::MissingUser => "missing-user",
            Self::MissingEvent => "missing-event",
            Self::BadId => "bad-id",
            Self::BadTime => "bad-time",
            Self::TooDeep => "too-deep",
            Self::TooLarge => "event-too-large",
            Self::TooMany => "too-many-events",
        }
    }

    pub(crate) fn because(self, reason: impl Into<String>) -> Refused {
        Refused { code: self, reason: reason.into() }
    }
}
