//! A lead goes to sales: to whom, what is due then, who is told.

use kelvin_connect::Kind;
use kelvin_kernel::Instant;
use kelvin_model::playbook::plan::{Assignee, HandOff, OwnerId};
use kelvin_store::{Consequences, HandOffsView, Milestone, NewHandOff, Task, TaskState, Timer};

use super::{
    Playbook,
    assign::{Staff, assigned, step_name},
    facts::Facts,
    message::{About, Letter, send},
    task::{self, Call, Step},
};
use crate::Error;

/// Hands a lead off.
pub(super) fn give(
    change: &mut dyn Consequences,
    (playbook, hand_off): (&Playbook, &HandOff),
    (mut about, cause): (About<'_>, &str),
    account: Option<&str>,
) -> Result<(), Error> {
    about.owner = assign(change, (playbook, hand_off), &about, account)?;
    let seq = change.put_hand_off(&NewHandOff {
        hand_off: &hand_off.id,
        model: about.model.id(),
        lead: about.lead,
        account,
        owner: owner_name(playbook, about.owner),
        at: about.at,
        score: about.score.as_ref().map(|score| score.score).unwrap_or_default(),
        tier: about.tier(),
        asked: &hand_off.tier,
        cause,
    })?;
    let task = open(playbook, hand_off, &about, seq);
    change.put_task(&task)?;
    for (step, call, at) in task::calls(&task, hand_off.sla.as_ref()) {
        change.set_timer(&timer(seq, step, call, at))?;
    }
    let letter = Letter {
        kind: Kind::HandOff,
        source: format!("hand_off:{seq}"),
        cause: Some(cause),
        rule: &hand_off.id,
        title: title(playbook, &about),
        text: hand_off.text.as_ref(),
        task: Some(told(&task)),
    };
    send(change, playbook, &about, &letter, &hand_off.notify)
}

/// A task as messages tell of it.
pub(super) fn told(task: &Task) -> kelvin_connect::Task {
    let due = task.close.due.map(|due| due.to_string());
    kelvin_connect::Task { id: task.id.to_string(), title: task.title.clone(), due }
}

/// The timer of what happens to a task.
pub(super) fn timer(task: u64, step: Step, call: Call, at: Instant) -> Timer {
    let (kind, subject, name) = (call.name().to_owned(), task.to_string(), step.name().to_owned());
    Timer { kind, subject, name, at }
}

/// Who gets a lead; the turn is counted.
fn assign(
    change: &mut dyn Consequences,
    (playbook, hand_off): (&Playbook, &HandOff),
    about: &About<'_>,
    account: Option<&str>,
) -> Result<Option<OwnerId>, Error> {
    let owners = &playbook.plan.owners;
    let slots = about.facts.slots(&playbook.plan.schema, Some(about.at));
    let staff = staff(change, (playbook, hand_off), (account, &about.facts), about.at)?;
    let Some((place, owner)) = assigned(owners, &hand_off.assign, &staff, &slots.env()) else {
        return Ok(None);
    };
    if let Assignee::RoundRobin(ids) = &hand_off.assign[place].to {
        change.take_turn(&hand_off.id, &step_name(owners, ids), &owners[owner.0].id)?;
    }
    Ok(Some(owner))
}

/// What is known of the owners.
fn staff(
    view: &dyn HandOffsView,
    (playbook, hand_off): (&Playbook, &HandOff),
    (account, facts): (Option<&str>, &Facts),
    at: Instant,
) -> Result<Staff, Error> {
    let owners = &playbook.plan.owners;
    let week = playbook.plan.calendar.week_start(at).unwrap_or(at);
    let loads = owners.iter().map(|owner| view.load(&owner.id, week));
    let loads = loads.collect::<Result<_, _>>()?;
    let mut turns = Vec::new();
    for step in &hand_off.assign {
        let Assignee::RoundRobin(ids) = &step.to else {
            turns.push(Vec::new());
            continue;
        };
        let counted = view.turns(&hand_off.id, &step_name(owners, ids))?;
        let of = |id: &OwnerId| counted.iter().find(|(name, _)| *name == owners[id.0].id);
        turns.push(ids.iter().map(|id| of(id).map_or(0, |(_, count)| *count)).collect());
    }
    let named = facts.account_owner().and_then(|name| playbook.owner(name));
    let last = || account.map(|account| view.account_owner(account)).transpose();
    let account_owner = match named {
        Some(owner) => Some(owner),
        None => last()?.flatten().and_then(|name| playbook.owner(&name)),
    };
    Ok(Staff { account_owner, loads, turns })
}

fn open(playbook: &Playbook, hand_off: &HandOff, about: &About<'_>, id: u64) -> Task {
    let title = hand_off.task.as_ref().map(|task| about.filled(playbook, &task.title));
    let mut task = Task {
        id,
        hand_off: hand_off.id.clone(),
        model: about.model.id().to_owned(),
        lead: about.lead.to_owned(),
        owner: owner_name(playbook, about.owner).map(str::to_owned),
        title: title.unwrap_or_else(|| format!("Take over {}", about.name())),
        opened: about.at,
        state: TaskState::Open,
        reason: None,
        accept: Milestone::default(),
        contact: Milestone::default(),
        close: Milestone::default(),
    };
    task::set_due_times(&mut task, hand_off, &playbook.plan.calendar);
    task
}

fn title(playbook: &Playbook, about: &About<'_>) -> String {
    let owner = about.owner.and_then(|owner| playbook.plan.owners.get(owner.0));
    match owner {
        Some(owner) => format!("{} goes to {}", about.name(), owner.name),
        None => format!("{} is ready for sales and unassigned: nobody was found", about.name()),
    }
}

fn owner_name(playbook: &Playbook, owner: Option<OwnerId>) -> Option<&str> {
    Some(playbook.plan.owners.get(owner?.0)?.id.as_str())
}
