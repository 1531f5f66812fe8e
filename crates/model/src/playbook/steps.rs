//! Hand-offs and alerts.

use kelvin_kernel::Micropoints;

use super::{
    forms,
    plan::{Alert, AlertKind, HandOff, Leave, Sla, Task},
    read::{Mention, RULE, Reader, duration},
};
use crate::{
    diagnostics::{self, Diagnostic},
    grammar::{WEEKDAYS, head},
    read::{field, scalars},
    span::Spanned,
    syntax::Node,
    tree::Sees,
};

impl Reader<'_> {
    pub(super) fn hand_off(&mut self, node: &Node) -> Option<HandOff> {
        let id = self.id(RULE, node);
        let condition = self.condition(node, Sees::Lead);
        let assign = self.assignment(node);
        let task = self.task(node);
        let sla = self.sla(node);
        let notify = self.recipients(node, "notify");
        let text = self.template(node, "text", false);
        let (model, tier) = (name(node, "model"), name(node, "tier"));
        let id = id?;
        let leave = node.get("leave").and_then(self::leave);
        self.mentions.push(Mention {
            what: "hand-off",
            id: id.clone(),
            model: model.clone(),
            tier: tier.clone(),
            leave: leave.clone(),
        });
        Some(HandOff {
            id: id.value,
            model: model.map(|model| model.value),
            tier: tier?.value,
            condition: condition?,
            leave: leave.map(|leave| leave.value),
            again_after: duration(node, "again_after"),
            recycle_after: duration(node, "recycle_after"),
            assign: assign?,
            task: task?,
            sla: sla?,
            notify: notify?,
            text: text?,
        })
    }

    fn task(&mut self, node: &Node) -> Option<Option<Task>> {
        let Some(node) = node.get("task") else { return Some(None) };
        let due = self.business_time(node, "due");
        Some(Some(Task { title: self.template(node, "title", false)??, due }))
    }

    fn sla(&mut self, hand_off: &Node) -> Option<Option<Sla>> {
        let Some(node) = hand_off.get("sla") else { return Some(None) };
        let (accept, contact) = (self.business_time(node, "accept"), self.business_time(node, "contact"));
        let has_due = hand_off.get("task").is_some_and(|task| task.get("due").is_some());
        if node.entries().is_some()
            && node.get("accept").is_none()
            && node.get("contact").is_none()
            && !has_due
        {
            let problem = Diagnostic::error("missing-key", "the `sla` sets no time", head(node));
            self.diagnostics.push(problem.help("give it `accept` or `contact`, or the task `due`"));
        }
        let escalate = self.recipients(node, "escalate")?;
        Some(Some(Sla { accept, contact, remind: duration(node, "remind"), escalate }))
    }

    pub(super) fn alert(&mut self, node: &Node) -> Option<Alert> {
        let id = self.id(RULE, node);
        let has_event = node.get("event").is_some();
        let kind = self.alert_kind(node);
        let notify = self.recipients(node, "notify");
        let text = self.template(node, "text", has_event);
        let (id, model) = (id?, name(node, "model"));
        self.mentions.push(Mention {
            what: "alert",
            id: id.clone(),
            model: model.clone(),
            tier: name(node, "tier"),
            leave: None,
        });
        let model = model.map(|model| model.value);
        Some(Alert { id: id.value, model, kind: kind?, notify: notify?, text: text? })
    }

    fn alert_kind(&mut self, node: &Node) -> Option<AlertKind> {
        let tier = name(node, "tier").map(|tier| tier.value);
        if let Some(points) = node.get("score_up") {
            let points = Micropoints::round(field::number(points)?.value);
            return Some(AlertKind::Rise { points, within: duration(node, "within")?, tier });
        }
        if let Some(event) = node.get("event") {
            let names = field::names(event)?.into_iter().map(|name| name.value).collect();
            return Some(AlertKind::Event { names, condition: self.condition(node, Sees::Event)?, tier });
        }
        if node.get("cools_within").is_some() {
            return Some(AlertKind::Cooling { within: duration(node, "cools_within")?, tier: tier? });
        }
        if let Some(digest) = node.get("digest") {
            return self.digest(node, digest);
        }
        Some(AlertKind::Tier { tier: tier? })
    }

    /// A weekly digest has a day, a daily one has none.
    fn digest(&mut self, node: &Node, digest: &Node) -> Option<AlertKind> {
        let on = node.get("on");
        let is_weekly = digest.text() == Some("weekly");
        match on {
            None if is_weekly => {
                let problem = Diagnostic::error("missing-key", "a weekly digest has a day", digest.span);
                self.diagnostics.push(problem.help("for example `on: mon`"));
            }
            Some(on) if digest.text() == Some("daily") => {
                let entries = node.entries().unwrap_or_default().iter();
                let written = entries.map(|entry| &entry.key).find(|key| key.text() == Some("on"));
                let key = Spanned::new("on", written.unwrap_or(on).span);
                let help = Some("a daily digest comes every day: remove it, or make the digest `weekly`");
                self.diagnostics.push(diagnostics::contradictory_keys(key, "a daily digest", None, help));
            }
            _ => {}
        }
        let day = on.and_then(Node::text).and_then(|day| WEEKDAYS.iter().position(|known| *known == day));
        let minute = node.get("at").and_then(Node::text).and_then(forms::minutes)?;
        if is_weekly && day.is_none() {
            return None;
        }
        Some(AlertKind::Digest { weekday: day.and_then(|day| u8::try_from(day).ok()), minute })
    }
}

fn name(map: &Node, key: &str) -> Option<Spanned<String>> {
    map.get(key).and_then(field::name)
}

/// A score, or a tier's name.
fn leave(node: &Node) -> Option<Spanned<Leave>> {
    let leave = match scalars::number(&node.scalar()?.literal()) {
        Some(score) => Leave::Score(Micropoints::round(score)),
        None => Leave::Tier(field::name(node)?.value),
    };
    Some(Spanned::new(leave, node.span))
}
