//! Accounts: whose a lead is, and what its members' scores and events make of an account.

use std::cmp::Reverse;

use crate::{
    fields,
    history::{EventId, History},
    instant::Instant,
    ledger::Ledger,
    plan::{Combine, Schema},
    points::Micropoints,
    program::Program,
    replay::{each_sighting, in_event_order},
    score::{AccountScore, Score, Standing, reasons, worths},
    sighting::Sighting,
    value::Value,
    worth::Subject,
};

/// An event of some member, as the account's rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEvent {
    /// When.
    pub time: Instant,
    /// Orders events of one instant.
    pub id: EventId,
    /// Which member, by any number that is the member's own.
    pub who: u32,
    /// What the account's rules see of it.
    pub sighting: Sighting,
}

/// What an account takes from the score of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberScore {
    /// The member's score.
    pub score: Micropoints,
    /// A disqualified member's score does not count.
    pub disqualified: bool,
}

impl From<&Score> for MemberScore {
    fn from(score: &Score) -> Self {
        Self { score: score.score, disqualified: score.standing == Standing::Disqualified }
    }
}

/// The account of a lead with these attributes: its `account_id`, else the plan's key. A key that is a free-mail
/// or disposable domain gives none.
pub fn account_of(program: &Program, lead: &Subject<'_>) -> Option<String> {
    let accounts = program.plan().accounts.as_ref()?;
    let named = |value: &Value| value.as_name().filter(|text| !text.is_empty());
    if let Some(id) = lead.lead.get(Schema::ACCOUNT_ID).and_then(Option::as_ref).and_then(named) {
        return Some(id);
    }
    let key = accounts.key.as_ref()?.value(&lead.env()).ok()?;
    named(&key).filter(|domain| !fields::is_free_mail_domain(domain))
}

/// A member's events up to `at` that can matter to its account's rules, in event order.
pub fn account_events(program: &Program, history: &History, who: u32, at: Instant) -> Vec<AccountEvent> {
    let Some(rules) = program.account_rules() else {
        return Vec::new();
    };
    let events = in_event_order(&history.events, at);
    let mut seen = Vec::new();
    each_sighting(program, rules, history, &events, |event, sighting| {
        if rules.needs_every_event() || !sighting.matched().is_empty() {
            seen.push(AccountEvent { time: event.time, id: event.id.clone(), who, sighting });
        }
    });
    seen
}

/// The score of an account at `at`, where the plan scores accounts.
///
/// `members` are the leads that belong to it at `at`, each with its score where the plan applies to it; `events`
/// are theirs up to `at`, in any order; `attributes` are the account's own, by slot.
pub fn account_score(
    program: &Program,
    members: &[Option<MemberScore>],
    events: &mut [AccountEvent],
    attributes: &[Option<Value>],
    at: Instant,
) -> Option<AccountScore> {
    let accounts = program.plan().accounts.as_ref()?;
    let rules = program.account_rules()?;
    events.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
    let mut ledger = Ledger::new(rules);
    for event in events.iter() {
        ledger.apply(rules, event.time, event.who, &event.sighting);
    }
    ledger.settle(rules, at);
    let subject = Subject { ledger: &ledger, lead: &[], account: attributes, at };
    let worths = worths(rules, &subject);
    let own: Micropoints = worths.iter().map(|worth| worth.points).sum();
    let score = (combined(accounts.combine, members) + own).clamp_to(accounts.range);
    Some(AccountScore {
        score,
        tier: accounts.tiers.iter().rposition(|tier| tier.from <= score),
        members: members.len(),
        reasons: reasons(rules, &subject, &worths),
    })
}

/// The members' scores as one; members without a score and disqualified ones are left out.
pub(crate) fn combined(combine: Combine, members: &[Option<MemberScore>]) -> Micropoints {
    let counted = members.iter().flatten().filter(|member| !member.disqualified);
    let mut scores: Vec<Micropoints> = counted.map(|member| member.score).collect();
    match combine {
        Combine::Sum => scores.into_iter().sum(),
        Combine::Max => scores.into_iter().max().unwrap_or_default(),
        Combine::Mean => {
            let count = scores.len();
            scores.into_iter().sum::<Micropoints>().divided(count)
        }
        Combine::Top(best) => {
            scores.sort_unstable_by_key(|score| Reverse(*score));
            scores.into_iter().take(best as usize).sum()
        }
    }
}
