//! Where messages go: what a message says, and the sinks that take it to people and programs.
//!
//! A [`Courier`] makes one attempt at a time and tells the [`Outcome`]; when the next attempt is due, and whether there
//! is one, others decide. It is told the time.

mod courier;
mod escape;
mod guard;
mod http;
mod mail;
mod message;
mod outcome;
mod signature;
mod sink;
mod slack;
mod webhook;

pub use courier::{Courier, Say};
pub use guard::Guard;
pub use mail::{MailServer, Smtp};
pub use message::{Kind, Message, Owner, Reason, Task};
pub use outcome::Outcome;
pub use signature::Secret;
pub use sink::{Sink, SinkError};
