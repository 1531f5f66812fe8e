//! Who asks.

use axum::{extract::FromRequestParts, http::request::Parts};
use kelvin_store::{Digest, Key, User, View};

use super::{
    refusal,
    rights::{self, Right},
    session,
};
use crate::api::{App, Problem};

/// Who asks. Handlers take it as an argument: the [gate](super::gate) has let it in.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// Somebody at a machine of one person, where nobody is asked.
    Machine,
    /// Somebody at the command line, with the store in hand.
    CommandLine,
    /// The service itself, as it starts.
    Service,
    /// A program.
    Key(Key),
    /// A user, by a session.
    User(User, Digest),
}

impl Caller {
    /// What the audit log calls them.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Machine => "this machine".to_owned(),
            Self::CommandLine => "command line".to_owned(),
            Self::Service => "the service".to_owned(),
            Self::Key(key) => format!("key {} ({})", key.id, key.name),
            Self::User(user, _) => user.email.clone().unwrap_or_else(|| format!("user {}", user.id)),
        }
    }

    /// Whether they may do something.
    pub(crate) fn may(&self, right: Right) -> bool {
        match self {
            Self::Machine | Self::CommandLine | Self::Service => true,
            Self::Key(key) => rights::of_scope(key.scope).contains(&right),
            Self::User(user, _) => rights::of_role(user.role).contains(&right),
        }
    }

    /// Who they are now, if they are still let in.
    pub(crate) fn again(&self, app: &App, view: &dyn View) -> kelvin_store::Result<Option<Self>> {
        Ok(match self {
            Self::Machine => Some(Self::Machine).filter(|_| app.access.is_open()),
            Self::CommandLine | Self::Service => Some(self.clone()),
            Self::Key(key) => Some(self.clone()).filter(|_| app.access.has(key)),
            Self::User(_, session) => {
                session::user(view, session, app.now())?.map(|user| Self::User(user, *session))
            }
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or_else(refusal::not_logged_in)
    }
}
