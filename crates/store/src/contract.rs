//! What the service needs of a store, whichever it is: one file for each thing that is kept.

mod access;
mod accounts;
mod answers;
mod audit;
mod consequences;
mod erasure;
mod experiments;
mod foresight;
mod hand_offs;
mod happenings;
mod log;
mod measures;
mod models;
mod outbox;
mod outcomes;
mod people;
mod playbook;
mod retention;
mod scores;
mod voids;

pub use access::{AccessChange, AccessView};
pub use accounts::{AccountsChange, AccountsView};
pub use answers::{AnswersChange, AnswersView};
pub use audit::{AuditChange, AuditView};
pub use consequences::Consequences;
pub use erasure::{ErasureChange, ErasureView};
pub use experiments::{ExperimentsChange, ExperimentsView};
pub use foresight::ForesightChange;
pub use hand_offs::{HandOffsChange, HandOffsView};
pub use happenings::HappeningsView;
pub use log::{LogChange, LogView};
pub use measures::MeasuresView;
pub use models::{ModelsChange, ModelsView};
pub use outbox::{OutboxChange, OutboxEntry, OutboxView};
pub use outcomes::{OutcomesChange, OutcomesView};
pub use people::{PeopleChange, PeopleView};
pub use playbook::{PlaybookChange, PlaybookView};
pub use retention::RetentionChange;
pub use scores::{ScoresChange, ScoresView};
pub use voids::{VoidsChange, VoidsView};

/// Looks at one state of the store.
pub trait View:
    AccessView
    + AccountsView
    + AnswersView
    + AuditView
    + ErasureView
    + ExperimentsView
    + HandOffsView
    + HappeningsView
    + LogView
    + MeasuresView
    + ModelsView
    + OutboxView
    + OutcomesView
    + PeopleView
    + PlaybookView
    + ScoresView
    + VoidsView
{
}

/// Changes the store, within one transaction.
pub trait Change:
    View
    + AccessChange
    + AccountsChange
    + AnswersChange
    + AuditChange
    + Consequences
    + ErasureChange
    + ExperimentsChange
    + ForesightChange
    + HandOffsChange
    + LogChange
    + ModelsChange
    + OutboxChange
    + OutcomesChange
    + PeopleChange
    + PlaybookChange
    + RetentionChange
    + ScoresChange
    + VoidsChange
{
}
