//! Accounts, live: who belongs to one at an instant, and the score that the model makes of them. The kernel alone computes it.

use kelvin_kernel::{
    Instant,
    account::{MemberScore, account_events, account_score},
    score::{AccountScore, Detail, Score},
    state::State,
};
use kelvin_store::{Change, Holding, View};

use crate::{Error, Model, writer::known_state};

/// An account at an instant.
pub(crate) struct Account {
    pub(crate) members: Vec<Member>,
    pub(crate) score: AccountScore,
}

/// A lead that belongs to an account.
pub(crate) struct Member {
    pub(crate) lead: String,
    /// Nothing, where the model does not apply to it.
    pub(crate) score: Option<Score>,
    state: State,
}

/// Notes the accounts that a lead belongs to at any instant, by all that is known of it: whichever event came first. Where the model
/// neither looks at accounts nor scores them, nothing.
pub(crate) fn note(
    change: &mut dyn Change,
    model: &Model,
    (lead, state): (&str, &State),
    now: Instant,
) -> Result<(), Error> {
    if !has_members(model) {
        return Ok(());
    }
    let accounts = model.accounts(state.history(), now);
    accounts.iter().try_for_each(|account| Ok(change.put_member(model.key(), account, lead)?))
}

/// Notes the accounts of many leads, by what was just made of them.
pub(crate) fn note_all(
    change: &mut dyn Change,
    model: &Model,
    leads: &[(String, Holding)],
    now: Instant,
) -> Result<(), Error> {
    for (lead, holding) in leads.iter().filter(|_| has_members(model)) {
        if let Ok(state) = State::decode(model.program(), &holding.state) {
            note(change, model, (lead, &state), now)?;
        }
    }
    Ok(())
}

fn has_members(model: &Model) -> bool {
    model.scores_accounts() || model.looks_at_accounts()
}

/// An account as of an instant; nothing, if nobody belongs to it then or the model does not score accounts.
pub(crate) fn account(
    view: &dyn View,
    model: &Model,
    id: &str,
    at: Instant,
) -> Result<Option<Account>, Error> {
    let members = members(view, model, id, at)?;
    if members.is_empty() {
        return Ok(None);
    }
    let scores: Vec<_> = members.iter().map(|member| member.score.as_ref().map(MemberScore::from)).collect();
    let mut events = Vec::new();
    for (who, member) in (0..).zip(&members) {
        events.extend(account_events(model.program(), member.state.history(), who, at));
    }
    let attributes = model.account_attributes(view, id, at)?;
    let score = account_score(model.program(), &scores, &mut events, &attributes, at);
    Ok(score.map(|score| Account { members, score }))
}

fn members(view: &dyn View, model: &Model, id: &str, at: Instant) -> Result<Vec<Member>, Error> {
    let mut members = Vec::new();
    for lead in view.members(model.key(), id)? {
        let Some(mut state) = known_state(view, model, &lead)? else { continue };
        if model.account(state.history(), at).is_some_and(|account| account == id) {
            let score = model.score(&mut state, view, at, Detail::default())?;
            members.push(Member { lead, score, state });
        }
    }
    Ok(members)
}
