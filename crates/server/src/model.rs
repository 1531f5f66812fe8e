//! A model in service: what it makes of calls, and what it gives a lead.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use kelvin_kernel::{
    Duration, Instant, Value,
    account::account_of,
    history::{Event, EventId, History},
    ledger::Ledger,
    plan::{Field, Schema},
    program::Program,
    replay::Replay,
    score::{Detail, Score},
    state::{Gathered, State},
    trace::{RuleTrace, trace},
    worth::Subject,
};
use kelvin_store::{Owner, Switch, View};

use crate::{
    Error,
    models::{Incoming, key},
    segment::{Call, LONGEST_KEY, value},
};

/// How long a score that fades stands in the list of leads before it is computed again.
const REFRESH: Duration = Duration::from_millis(10 * 60 * 1000);

/// What is computed again falls due in rounds so far apart, in milliseconds: in the index by time the leads of a round lie side by
/// side in the order of leads, which is also that in which they are written.
const ROUND_MS: i64 = 10_000;

/// A model, ready to serve. Copies share what they hold.
#[derive(Debug, Clone)]
pub struct Model {
    program: Arc<Program>,
    /// The plan's, with the fields that are read as times.
    schema: Arc<Schema>,
    text: Arc<str>,
    /// The name of the file that it comes from.
    file: Option<Arc<str>>,
    /// Under which name the store has what it holds of leads.
    key: Arc<str>,
    /// Under which name the store has what the version before holds of leads that were not looked at since the switch.
    before: Option<Arc<str>>,
    /// Its scores are being made: it does not serve yet.
    incoming: Option<Arc<Incoming>>,
}

impl Model {
    /// A model and its text: another text is another version, by which all leads are scored anew.
    pub fn new(program: Program, text: &str) -> Self {
        let schema = Arc::new(program.plan().input_schema());
        let key = program.plan().model.to_string().into();
        Self {
            program: Arc::new(program),
            schema,
            text: text.into(),
            file: None,
            key,
            before: None,
            incoming: None,
        }
    }

    /// The model with the name of the file that it comes from.
    #[must_use]
    pub fn from_file(self, file: &str) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    /// The model as it serves, or is to serve, by a switch.
    pub(crate) fn by(self, switch: &Switch) -> Self {
        Self { key: key(switch).into(), ..self }
    }

    /// The model while its scores are being made.
    pub(crate) fn coming(self, incoming: Arc<Incoming>) -> Self {
        Self { incoming: Some(incoming), ..self }
    }

    /// The model when its scores are there, and what the version before holds of leads, if anything is left of it.
    pub(crate) fn come(self, before: Option<String>) -> Self {
        Self { incoming: None, before: before.map(Into::into), ..self }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The model's id.
    pub fn id(&self) -> &str {
        &self.program.plan().model
    }

    /// The model file.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The name of the file that it comes from.
    pub(crate) fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Under which name the store has what the model holds of leads.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Under which name the store has what the version before holds of leads, until what follows from the switch is done.
    pub(crate) fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// How far its scores are, while they are being made.
    pub(crate) fn incoming(&self) -> Option<&Incoming> {
        self.incoming.as_deref()
    }

    /// What the model remembers of a lead of which nothing is known.
    pub(crate) fn blank() -> State {
        State::new(Vec::new(), Vec::new())
    }

    /// Takes a call into what the model remembers.
    pub(crate) fn apply(&self, state: &mut State, call: &Call, id: EventId) {
        state.apply(&self.program, call.event(&self.program, &self.schema, id));
    }

    /// Adds a call to those of a lead that are not folded yet.
    pub(crate) fn gather(&self, gathered: &mut Gathered, call: &Call, id: EventId) {
        gathered.push(&self.program, call.event(&self.program, &self.schema, id));
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
        let history = self.history(state, view, at)?;
        Ok(Replay::new(&self.program, &history, at).score(&self.program, detail))
    }

    /// What each rule is worth at an instant, and why.
    pub(crate) fn trace(&self, state: &State, view: &dyn View, at: Instant) -> Result<Vec<RuleTrace>, Error> {
        let history = self.history(state, view, at)?;
        Ok(trace(&self.program, &Replay::new(&self.program, &history, at).subject()))
    }

    /// A lead's history with what is known of its account, which is no part of the state: other leads' calls write it.
    fn history<'s>(&self, state: &'s State, view: &dyn View, at: Instant) -> Result<Cow<'s, History>, Error> {
        let mut history = Cow::Borrowed(state.history());
        if self.looks_at_accounts()
            && let Some(account) = self.account(&history, at)
        {
            history.to_mut().account = self.account_attributes(view, &account, at)?;
        }
        Ok(history)
    }

    /// The score as the store keeps it, where nothing but the state is needed for it.
    pub(crate) fn score_of_state(&self, state: &mut State, now: Instant) -> Option<Option<Score>> {
        (!self.looks_at_accounts()).then(|| {
            state.score_ahead(&self.program, now, Duration::from_millis(refresh(now).millis_since(now)))
        })
    }

    /// The score as the store keeps it, or `None` where the model does not apply. When its tier changes is looked for no further
    /// ahead than until it is computed again: more takes several times as long, and nobody may ever ask.
    pub(crate) fn score_to_keep(
        &self,
        state: &mut State,
        view: &dyn View,
        now: Instant,
    ) -> Result<Option<Score>, Error> {
        match self.score_of_state(state, now) {
            Some(score) => Ok(score),
            None => self.score(state, view, now, Detail { until: true, reasons: false }),
        }
    }

    /// When a score that was computed at `at` is to be computed again, if nothing happens.
    pub(crate) fn due(&self, state: &State, score: Option<&Score>, at: Instant) -> Option<Instant> {
        let until = score.and_then(|score| score.until);
        let refresh = self.moves(state, at).then(|| refresh(at));
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

    /// Whether it gives scores to accounts, too.
    pub(crate) fn scores_accounts(&self) -> bool {
        self.program.plan().accounts.is_some()
    }

    /// Whether the account's attributes can matter: `created_at` is in every plan.
    pub(crate) fn looks_at_accounts(&self) -> bool {
        self.schema.account.fields.len() > 1
    }

    /// The account of a lead as of an instant, unless it is too long to be found by. Where the model says nothing on accounts, its
    /// `account_id`.
    pub(crate) fn account(&self, history: &History, at: Instant) -> Option<String> {
        self.account_by(&self.attributes(history, |event| event.time <= at), at)
    }

    /// The accounts of a lead as of every instant at which something is written of it, before the first, and now.
    pub(crate) fn accounts(&self, history: &History, now: Instant) -> BTreeSet<String> {
        let mut attributes = self.attributes(history, |_| false);
        let mut accounts: BTreeSet<String> = self.account_by(&attributes, now).into_iter().collect();
        // What is written at an instant is written as a whole.
        for simultaneous in writes(history).chunk_by(|one, other| one.time == other.time) {
            simultaneous.iter().for_each(|event| event.write_traits(&mut attributes));
            let at = simultaneous.first().map_or(now, |event| event.time);
            accounts.extend(self.account_by(&attributes, at));
        }
        // A key may look at the clock.
        accounts.extend(self.account(history, now));
        accounts
    }

    /// A lead's attributes by those of its events that are asked for.
    fn attributes(&self, history: &History, is_asked: impl Fn(&Event) -> bool) -> Vec<Option<Value>> {
        let mut attributes = history.attributes.clone();
        attributes.resize(self.schema.lead.fields.len(), None);
        let written = writes(history).into_iter().filter(|event| is_asked(event));
        written.for_each(|event| event.write_traits(&mut attributes));
        attributes
    }

    /// The account of a lead with these attributes.
    fn account_by(&self, lead: &[Option<Value>], at: Instant) -> Option<String> {
        let account = if self.program.plan().accounts.is_some() {
            let nothing = Ledger::default();
            account_of(&self.program, &Subject { ledger: &nothing, lead, account: &[], at })
        } else {
            lead.get(Schema::ACCOUNT_ID)?.as_ref()?.as_name()
        };
        account.filter(|account| account.len() <= LONGEST_KEY)
    }

    /// What is known of an account, as far as the model reads it.
    pub(crate) fn account_attributes(
        &self,
        view: &dyn View,
        account: &str,
        at: Instant,
    ) -> Result<Vec<Option<Value>>, Error> {
        let texts = self.account_texts(view, account, at)?;
        let value =
            |(field, text): (&Field, Option<String>)| value(&serde_json::from_str(&text?).ok()?, field.usage);
        Ok(self.schema.account.fields.iter().zip(texts).map(value).collect())
    }

    /// The same as JSON.
    pub(crate) fn account_texts(
        &self,
        view: &dyn View,
        account: &str,
        at: Instant,
    ) -> Result<Vec<Option<String>>, Error> {
        let known = view.attributes(Owner::Account(account), at)?;
        let text = |field: &Field| {
            let place = known.binary_search_by(|(key, _)| key.as_str().cmp(&field.name)).ok()?;
            Some(known[place].1.clone())
        };
        Ok(self.schema.account.fields.iter().map(text).collect())
    }
}

/// The events that write attributes, in event order.
fn writes(history: &History) -> Vec<&Event> {
    let mut writes: Vec<&Event> = history.events.iter().filter(|event| !event.traits.is_empty()).collect();
    writes.sort_by(|one, other| one.key().cmp(&other.key()));
    writes
}

/// When a score that fades is computed again.
fn refresh(computed: Instant) -> Instant {
    let due = computed.after(REFRESH).as_millis();
    Instant::from_millis(due + (-due).rem_euclid(ROUND_MS))
}
