//! A model in service: what it makes of calls, and what it gives a lead.

use std::borrow::Cow;

use kelvin_kernel::{
    Duration, Instant, Value,
    account::account_of,
    history::{EventId, History},
    ledger::Ledger,
    plan::Schema,
    program::Program,
    replay::Replay,
    score::{Detail, Score},
    state::State,
    worth::Subject,
};
use kelvin_store::{Owner, View};

use crate::{
    Error,
    segment::{Call, value},
};

/// How long a score that fades stands in the list of leads before it is computed again.
const REFRESH: Duration = Duration::from_millis(10 * 60 * 1000);

/// A model, ready to serve.
#[derive(Debug)]
pub struct Model {
    program: Program,
    /// The plan's, with the fields that are read as times.
    schema: Schema,
    /// What its states and scores follow from, beside the log.
    seal: String,
}

impl Model {
    /// A model and its text: when the text changes, all is computed again from the log.
    pub fn new(program: Program, text: &str) -> Self {
        let schema = program.plan().input_schema();
        Self { program, schema, seal: format!("{}\n{text}", env!("CARGO_PKG_VERSION")) }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The model's id.
    pub fn id(&self) -> &str {
        &self.program.plan().model
    }

    /// What the model's states and scores follow from, beside the log.
    pub(crate) fn seal(&self) -> &str {
        &self.seal
    }

    /// Whether states and scores under this id and seal are this model's.
    pub(crate) fn is_sealed(&self, id: &str, seal: &str) -> bool {
        self.id() == id && self.seal == seal
    }

    /// What the model remembers of a lead of which nothing is known.
    pub(crate) fn blank() -> State {
        State::new(Vec::new(), Vec::new())
    }

    /// Takes a call into what the model remembers.
    pub(crate) fn apply(&self, state: &mut State, call: &Call, id: EventId) {
        state.apply(&self.program, call.event(&self.program, &self.schema, id));
    }

    /// The score at any instant, or `None` where the model does not apply.
    pub(crate) fn score(
        &self,
        state: &mut State,
        view: &dyn View,
        at: Instant,
        detail: Detail,
    ) -> Result<Option<Score>, Error> {
        if !self.looks_at_accounts() {
            return Ok(state.score(&self.program, at, detail));
        }
        // What is known of the account is no part of the state: other leads' calls write it.
        let mut history = Cow::Borrowed(state.history());
        if let Some(account) = self.account(&history, at) {
            history.to_mut().account = self.account_attributes(view, &account, at)?;
        }
        Ok(Replay::new(&self.program, &history, at).score(&self.program, detail))
    }

    /// When a score that was computed at `at` is to be computed again, if nothing happens.
    pub(crate) fn due(&self, state: &State, score: Option<&Score>, at: Instant) -> Option<Instant> {
        let until = score.and_then(|score| score.until);
        let refresh = self.moves(state, at).then(|| at.after(REFRESH));
        let ahead = state.history().events.iter().map(|event| event.time).filter(|time| *time > at).min();
        until.into_iter().chain(refresh).chain(ahead).min()
    }

    /// Whether the score can change though nothing happens.
    fn moves(&self, state: &State, at: Instant) -> bool {
        let is_gated = || self.program.plan().applies.as_ref().is_some_and(|applies| applies.reads().now);
        !self.program.lead_rules().can_move().is_empty()
            || is_gated()
            || self.looks_at_accounts()
            || state.history().events.iter().any(|event| event.time > at)
    }

    /// Whether the account's attributes can matter: `created_at` is in every plan.
    fn looks_at_accounts(&self) -> bool {
        self.schema.account.fields.len() > 1
    }

    /// The account of a lead as of an instant. Where the model says nothing on accounts, its `account_id`.
    pub(crate) fn account(&self, history: &History, at: Instant) -> Option<String> {
        let replay = Replay::new(&self.program, history, at);
        let lead = replay.subject().lead;
        if self.program.plan().accounts.is_some() {
            let nothing = Ledger::default();
            return account_of(&self.program, &Subject { ledger: &nothing, lead, account: &[], at });
        }
        lead.get(Schema::ACCOUNT_ID)?.as_ref()?.as_name()
    }

    fn account_attributes(
        &self,
        view: &dyn View,
        account: &str,
        at: Instant,
    ) -> Result<Vec<Option<Value>>, Error> {
        let known = view.attributes(Owner::Account(account), at)?;
        let fields = self.schema.account.fields.iter();
        Ok(fields
            .map(|field| {
                let place = known.binary_search_by(|(key, _)| key.as_str().cmp(&field.name)).ok()?;
                value(&serde_json::from_str(&known[place].1).ok()?, field.usage)
            })
            .collect())
    }
}
