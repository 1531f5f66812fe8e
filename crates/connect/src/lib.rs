//! Where messages go: what a message says, and the sinks that take it to people and programs.

mod message;

pub use message::{Kind, Message, Owner, Reason, Task};
