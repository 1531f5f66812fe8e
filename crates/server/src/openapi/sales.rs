//! What a playbook made happen: hand-offs, tasks, alerts, messages.

use kelvin_store::{MessageState, TaskState};
use serde_json::{Value as Json, json};

use super::{
    operation::{Operation, after, get, header, limit, part, post, query},
    schema::{count, named, object, one_of, page, strict, text, with},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![changes(), hand_offs(), alerts(), tasks(), one_task(), move_on(), outbox(), replay()]
}

fn changes() -> Operation {
    let about = "The `id` that was seen last: all after it is told. Comes before `after`.";
    get("/api/v1/changes", "changes")
        .about("sales", "Changes of tier, hand-offs, tasks and alerts, told as they happen")
        .takes([
            query("model", text(), "By one model."),
            query("tier", text(), "What has to do with one tier; `none` is no tier."),
            query("after", count(), "From after this place on; from now on if absent."),
            header("Last-Event-ID", count(), about),
        ])
        .answers_as(
            "text/event-stream",
            "Events named `tier`, `hand-off`, `task` and `alert`, without end.",
            text(),
        )
        .or(&["bad-query", "bad-cursor", "too-many-streams", "store-failed"])
}

fn hand_offs() -> Operation {
    get("/api/v1/hand-offs", "handOffs")
        .about("sales", "Leads that were handed off, the latest first")
        .takes([query("lead", text(), "Of one lead."), limit(1000), after(count())])
        .answers("A page.", page("hand_offs", named("HandOff"), count()))
        .or(&["bad-query", "bad-limit", "store-failed"])
}

fn alerts() -> Operation {
    get("/api/v1/alerts", "alerts")
        .about("sales", "Alerts, the latest first")
        .takes([limit(1000), after(count())])
        .answers("A page.", page("alerts", named("Alert"), count()))
        .or(&["bad-query", "bad-limit", "store-failed"])
}

fn tasks() -> Operation {
    let states = one_of(&TaskState::ALL.map(TaskState::name));
    get("/api/v1/tasks", "tasks")
        .about("sales", "What is to be done about leads, the latest first")
        .takes([
            query("owner", text(), "Of one owner."),
            query("state", states, "In one state."),
            query("lead", text(), "Of one lead."),
            limit(1000),
            after(count()),
        ])
        .answers("A page.", page("tasks", named("Task"), count()))
        .or(&["bad-query", "bad-limit", "unknown-state", "store-failed"])
}

fn one_task() -> Operation {
    get("/api/v1/tasks/{id}", "task")
        .about("sales", "One task")
        .takes([task()])
        .answers("The task.", named("Task"))
        .or(&["bad-path", "unknown-task", "store-failed"])
}

fn move_on() -> Operation {
    let states = one_of(&TaskState::ALL.map(TaskState::name));
    let body = with(object(json!({"state": states})), json!({"reason": {"type": ["string", "null"]}}));
    post("/api/v1/tasks/{id}", "moveTask")
        .about("sales", "Move a task on; doing it again changes nothing")
        .takes([task()])
        .if_seen()
        .reads(strict(body))
        .answers("The task as it is now.", named("Task"))
        .or(&["bad-path", "json-required", "bad-json", "unknown-state", "reason-required"])
        .or(&["unknown-task", "illegal-move", "busy", "not-ready", "store-failed"])
}

fn outbox() -> Operation {
    let states = one_of(&MessageState::ALL.map(MessageState::name));
    get("/api/v1/outbox", "messages")
        .about("sales", "Messages to be sent, sent, or given up")
        .takes([query("state", states, "`pending` if absent."), limit(1000), after(count())])
        .answers("A page.", page("messages", named("Message"), count()))
        .or(&["bad-query", "bad-state", "bad-limit", "store-failed"])
}

fn replay() -> Operation {
    post("/api/v1/outbox/{id}/replay", "replayMessage")
        .about("sales", "Send again a message that was given up")
        .takes([part("id", text(), "The message.")])
        .answers("The message as it is now.", named("Message"))
        .or(&["bad-path", "unknown-message", "not-dead", "busy", "store-failed"])
}

fn task() -> Json {
    part("id", count(), "The task.")
}
