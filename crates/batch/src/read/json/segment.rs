//! Segment calls: what each of the six is as an event.

/// A Segment call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Track,
    Page,
    Screen,
    Identify,
    Group,
    Alias,
}

impl Call {
    /// The call that a line's `type` names.
    pub(super) fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "track" => Self::Track,
            "page" => Self::Page,
            "screen" => Self::Screen,
            "identify" => Self::Identify,
            "group" => Self::Group,
            "alias" => Self::Alias,
            _ => return None,
        })
    }

    /// The name of the event; that of a `track` call is its own.
    pub(super) fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Track => return None,
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Identify => "identify",
            Self::Group => "group",
            Self::Alias => "alias",
        })
    }
}
