//! Segment calls: from what a client sends to an event of a lead.

mod apart;
mod fields;
mod parse;
mod read;
mod reject;
mod written;

use kelvin_kernel::{Instant, history::EventId};
use kelvin_store::{Event, NewEvent};
use serde_json::{Map, Value as Json};

pub(crate) use fields::value;
pub(crate) use parse::parse;
pub(crate) use read::{LONGEST_KEY, Sending, UNREADABLE, instant};
pub(crate) use reject::{Code, Refused};
pub(crate) use written::{Part, Written};

/// Which of Segment's calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Track,
    Page,
    Screen,
    Identify,
    Group,
    Alias,
}

/// A call, understood: an event of a lead.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) kind: Kind,
    /// The id that it names as its lead: of the user, else the anonymous one.
    pub(crate) profile: String,
    /// The id that the client gave.
    pub(crate) id: Option<String>,
    /// When it happened, by our clock.
    pub(crate) time: Instant,
    /// The event's name.
    pub(crate) name: String,
    /// Whether it names a user.
    pub(crate) is_user: bool,
    /// Whether a bot made it, as it says itself.
    pub(crate) is_bot: bool,
    /// All that was sent, less the write key.
    pub(crate) body: Written,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Track, Self::Page, Self::Screen, Self::Identify, Self::Group, Self::Alias];

    /// The name of the call. That of the event is the same, but for `track` calls, which bring their own.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Identify => "identify",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// The call of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Call {
    /// The call as the log takes it.
    pub(crate) fn for_log(&self, received: Instant) -> NewEvent<'_> {
        NewEvent {
            id: self.id.as_deref(),
            profile: &self.profile,
            time: self.time,
            received,
            call: self.kind.name(),
            body: self.body.text(),
        }
    }

    /// The call that the log kept; `None` if it is damaged.
    pub(crate) fn from_log(event: &Event) -> Option<Self> {
        Self::of_log(event.clone())
    }

    /// The call that the log kept, of an event that is needed no more; `None` if it is damaged.
    pub(crate) fn of_log(event: Event) -> Option<Self> {
        let kind = Kind::named(&event.call)?;
        let body = Written::read(event.body).filter(|body| body.root().is_object())?;
        Some(Self {
            kind,
            profile: event.profile,
            id: event.id,
            time: event.time,
            name: read::name(kind, body.root()).ok()?,
            is_user: read::is_user(body.root()),
            is_bot: false,
            body,
        })
    }

    /// What tells the event apart, given its place in the log.
    pub(crate) fn event_id(&self, seq: u64) -> EventId {
        match &self.id {
            Some(id) => EventId::Text(id.as_str().into()),
            None => EventId::Position(seq),
        }
    }

    /// An id that the call names under a key.
    pub(crate) fn named(&self, key: &str) -> Option<String> {
        read::optional(key, self.part(key)).ok().flatten()
    }

    /// What the call has under a key.
    pub(crate) fn part(&self, key: &str) -> Option<Part<'_>> {
        self.body.root().get(key)
    }

    /// An object of the call.
    pub(crate) fn object(&self, key: &str) -> Option<Map<String, Json>> {
        self.part(key).filter(|part| part.is_object()).map(Part::entries)
    }

    /// The account that a `group` call puts the lead in.
    pub(crate) fn group(&self) -> Option<String> {
        if self.kind != Kind::Group {
            return None;
        }
        self.named("groupId")
    }
}

/// What an attribute is called that stands for all traits of a call at once.
pub(crate) const ALL_TRAITS: &str = kelvin_kernel::plan::Field::WHOLE;
