//! Tasks: their due times, who hears of them, where they may go.

use super::*;
use crate::playbook::testing::{at, playbook};

const SLA: &str = "\
hand_offs:
  - id: sales
    tier: hot
    assign: eve
    task: {title: Call, due: 4h}
    sla: {accept: 1h, contact: 1d, remind: 30m, escalate: log}
";

/// A task that was opened on a Friday at half past four in the afternoon, half an hour before closing.
fn opened() -> (Task, HandOff) {
    let playbook = playbook(SLA);
    let hand_off = playbook.hand_offs[0].clone();
    let mut task = Task {
        id: 1,
        hand_off: "sales".to_owned(),
        model: "small".to_owned(),
        lead: "ada".to_owned(),
        owner: None,
        title: "Call".to_owned(),
        opened: at("2026-03-06T16:30:00+01:00"),
        state: TaskState::Open,
        reason: None,
        accept: Milestone::default(),
        contact: Milestone::default(),
        close: Milestone::default(),
    };
    set_due_times(&mut task, &hand_off, &playbook.calendar);
    (task, hand_off)
}

#[test]
fn due_times_count_business_hours() {
    let (task, _) = opened();
    assert_eq!(task.accept.due, Some(at("2026-03-09T09:30:00+01:00")));
    assert_eq!(task.contact.due, Some(at("2026-03-09T16:30:00+01:00")));
    assert_eq!(task.close.due, Some(at("2026-03-09T12:30:00+01:00")));
}

#[test]
fn a_reminder_comes_before_each_due_time_and_at_once_where_there_is_less() {
    let (mut task, hand_off) = opened();
    let reminders = |task: &Task| -> Vec<Instant> {
        let calls = calls(task, hand_off.sla.as_ref());
        calls.into_iter().filter(|(_, call, _)| *call == Call::Remind).map(|(_, _, at)| at).collect()
    };
    let monday = |time: &str| at(&format!("2026-03-09T{time}:00+01:00"));
    assert_eq!(reminders(&task), [monday("09:00"), monday("16:00"), monday("12:00")]);
    task.accept.due = Some(at("2026-03-06T16:40:00+01:00"));
    assert_eq!(reminders(&task)[0], task.opened);
    assert_eq!(calls(&task, None).len(), 3);
}

#[test]
fn a_reminder_goes_out_only_while_there_is_time_and_need() {
    let (mut task, _) = opened();
    let (early, late) = (at("2026-03-09T09:00:00+01:00"), at("2026-03-09T09:30:00+01:00"));
    assert!(call(&mut task, Step::Accept, Call::Remind, early));
    assert!(!call(&mut task, Step::Accept, Call::Remind, late));
    move_on(&mut task, TaskState::Accepted, None, early).expect("a move");
    assert!(!call(&mut task, Step::Accept, Call::Remind, early));
    assert!(call(&mut task, Step::Contact, Call::Remind, early));
}

#[test]
fn a_breach_is_noted_with_its_due_time_and_told_once() {
    let (mut task, _) = opened();
    let (due, late) = (at("2026-03-09T09:30:00+01:00"), at("2026-03-10T00:00:00Z"));
    assert!(call(&mut task, Step::Accept, Call::Breach, late));
    assert!(!call(&mut task, Step::Accept, Call::Breach, late));
    assert_eq!(task.accept.breached, Some(due));
    move_on(&mut task, TaskState::Accepted, None, late).expect("a move");
    assert_eq!((task.accept.breached, task.accept.reached), (Some(due), Some(late)));
}

#[test]
fn what_was_done_in_time_is_no_breach() {
    for (state, missed) in [
        (TaskState::Accepted, vec!["contact", "close"]),
        (TaskState::Contacted, vec!["close"]),
        (TaskState::Done, vec![]),
        (TaskState::Rejected, vec![]),
        (TaskState::Recycled, vec![]),
    ] {
        let (mut task, _) = opened();
        let opened = task.opened;
        move_on(&mut task, state, Some("why"), opened).expect("a move");
        let breaches = Step::ALL.map(|step| (step, call(&mut task, step, Call::Breach, Instant::MAX)));
        let breaches: Vec<_> =
            breaches.into_iter().filter(|(_, told)| *told).map(|(step, _)| step.name()).collect();
        assert_eq!(breaches, missed, "{state:?}");
    }
}

#[test]
fn a_task_goes_forward_over_states_and_never_back() {
    let (mut task, _) = opened();
    let now = task.opened;
    assert_eq!(move_on(&mut task, TaskState::Contacted, None, now), Ok(true));
    assert_eq!((task.accept.reached, task.contact.reached, task.close.reached), (Some(now), Some(now), None));
    assert_eq!(move_on(&mut task, TaskState::Contacted, None, now), Ok(false));
    let back = Err(Illegal::Back { from: TaskState::Contacted });
    assert_eq!(move_on(&mut task, TaskState::Accepted, None, now), back);
    assert_eq!(move_on(&mut task, TaskState::Rejected, Some(" "), now), Err(Illegal::NoReason));
    assert_eq!(move_on(&mut task, TaskState::Rejected, Some("no budget"), now), Ok(true));
    assert_eq!(task.reason.as_deref(), Some("no budget"));
    let closed = Err(Illegal::Back { from: TaskState::Rejected });
    assert_eq!(move_on(&mut task, TaskState::Recycled, None, now), closed);
}
