//! What the live service knows, kept durably: a log of events, and all that follows from it.
//!
//! The log is only ever appended to, and it is the truth: states and scores follow from it and can be made again.
//! One transaction holds events and everything that follows from them, so that a crash leaves both or neither.
//!
//! What the service needs stands in [`View`] and [`Change`], in its words and not in SQL. A [`Writer`] and its [`Reader`]s
//! have it in a file of SQLite's or a database of PostgreSQL's: a [`Location`].

mod contract;
mod error;
mod location;
mod mention;
mod postgres;
mod record;
mod sqlite;
mod store;

pub use contract::{
    AccessChange, AccessView, AccountsChange, AccountsView, AnswersChange, AnswersView, AuditChange,
    AuditView, Change, Consequences, ErasureChange, ErasureView, ExperimentsChange, ExperimentsView,
    ForesightChange, HandOffsChange, HandOffsView, HappeningsView, LogChange, LogView, MeasuresView,
    ModelsChange, ModelsView, OutboxChange, OutboxEntry, OutboxView, OutcomesChange, OutcomesView,
    PeopleChange, PeopleView, PlaybookChange, PlaybookView, RetentionChange, ScoresChange, ScoresView, View,
    VoidsChange, VoidsView,
};
pub use error::{Error, Result};
pub use location::Location;
pub use postgres::Address;
pub use record::{
    Alert, Audited, Coming, Deed, Digest, Event, Experiment, Field, GivenAnswer, HandOff, Happened,
    Happening, Holding, Id, IdKind, Kept, Key, KnownAnswer, KnownId, LeadScore, Link, LinkKind, MailEvent,
    Message, MessageState, Milestone, NewAlert, NewEvent, NewHandOff, NewMessage, NewSwitch, NewTierChange,
    NewVersion, NewVoid, Outcome, OutcomeFilter, Owner, Pass, Person, Place, PlacedOutcome, Rejected,
    Rejection, Removed, Role, Scope, Stock, Switch, Task, TaskFilter, TaskState, TierChange, Timer, User,
    Version, Void, Write,
};
pub use sqlite::{Copied, aside, backup, restore};
pub use store::{Disk, Reader, Writer, look_into};
