//! From members to accounts: what each lead brings to its account, regrouped by account and scored.

use kelvin_kernel::{
    Instant, Micropoints,
    account::{AccountEvent, MemberScore, account_score},
    history::EventId,
    score::{AccountScore, Score},
};

use super::AccountAttributes;
use crate::{
    Error,
    lens::{put_sighting, take_sighting},
    models::{Models, project},
    store::{
        Store,
        buckets::Bucket,
        codec::{Damaged, Taker, put_bytes, put_number, put_signed},
    },
};

/// What a lead brings to its account.
#[derive(Debug)]
struct Member<'b> {
    account: &'b str,
    model: usize,
    lead: &'b str,
    score: Option<MemberScore>,
    events: &'b [u8],
}

/// Appends what a lead brings to its account.
pub(crate) fn put_member(
    out: &mut Vec<u8>,
    account: &str,
    (model, lead): (usize, &[u8]),
    score: Option<&Score>,
    events: &[AccountEvent],
) {
    put_bytes(out, account.as_bytes());
    put_number(out, model as u64);
    put_bytes(out, lead);
    match score.map(MemberScore::from) {
        None => out.push(0),
        Some(MemberScore { score, disqualified }) => {
            out.push(1 + u8::from(disqualified));
            put_signed(out, score.0);
        }
    }
    let mut bytes = Vec::new();
    for event in events {
        put_signed(&mut bytes, event.time.as_millis());
        match &event.id {
            EventId::Position(position) => {
                bytes.push(0);
                put_number(&mut bytes, *position);
            }
            EventId::Text(text) => {
                bytes.push(1);
                put_bytes(&mut bytes, text.as_bytes());
            }
        }
        put_sighting(&mut bytes, &event.sighting);
    }
    put_bytes(out, &bytes);
}

/// Scores the accounts whose members are in these parts of a partition.
pub(crate) fn score_accounts(
    models: &Models<'_>,
    attributes: &AccountAttributes,
    at: Instant,
    (parts, store): (Vec<Bucket>, &Store),
    mut take: impl FnMut(&str, usize, &AccountScore) -> Result<(), Error>,
) -> Result<(), Error> {
    let parts = parts.into_iter().map(|part| part.into_blocks(store)).collect::<Result<Vec<_>, _>>()?;
    let mut members = Vec::new();
    for part in &parts {
        part.each(|block| {
            let mut taker = Taker(block.bytes);
            while !taker.is_empty() {
                members.push(take_member(&mut taker)?);
            }
            Ok::<_, Damaged>(())
        })?;
    }
    members.sort_unstable_by_key(|member| (member.account, member.model, member.lead));
    for of_account in members.chunk_by(|a, b| (a.account, a.model) == (b.account, b.model)) {
        let Member { account, model, .. } = of_account[0];
        let mut events = Vec::new();
        for (who, member) in of_account.iter().enumerate() {
            take_events(member.events, who as u32, &mut events)?;
        }
        let scores: Vec<_> = of_account.iter().map(|member| member.score).collect();
        let mut own = Vec::new();
        project(attributes.of(model, account).unwrap_or_default(), &models.places(model).account, &mut own);
        let program = &models.programs()[model];
        if let Some(score) = account_score(program, &scores, &mut events, &own, at) {
            take(account, model, &score)?;
        }
    }
    Ok(())
}

fn take_member<'b>(taker: &mut Taker<'b>) -> Result<Member<'b>, Damaged> {
    Ok(Member {
        account: taker.text()?,
        model: taker.size()?,
        lead: taker.text()?,
        score: match taker.byte()? {
            0 => None,
            kind => Some(MemberScore { score: Micropoints(taker.signed()?), disqualified: kind == 2 }),
        },
        events: taker.sized()?,
    })
}

fn take_events(bytes: &[u8], who: u32, events: &mut Vec<AccountEvent>) -> Result<(), Damaged> {
    let mut taker = Taker(bytes);
    while !taker.is_empty() {
        let time = Instant::from_millis(taker.signed()?);
        let id = match taker.byte()? {
            0 => EventId::Position(taker.number()?),
            _ => EventId::Text(taker.text()?.into()),
        };
        events.push(AccountEvent { time, id, who, sighting: take_sighting(&mut taker)? });
    }
    Ok(())
}
