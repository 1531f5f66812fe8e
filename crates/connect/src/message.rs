//! What a message says, to whomever it goes. Its JSON is what the outbox keeps and what webhooks carry.

use serde::{Deserialize, Serialize};

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id: two messages with one id are one that was delivered twice.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// When what it tells of happened, as instants are written everywhere.
    pub at: String,
    /// What happened, in a line.
    pub title: String,
    /// What the playbook says about it; may be empty.
    #[serde(default)]
    pub text: String,
    /// The lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_id: Option<String>,
    /// The model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The lead's score then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The lead's tier then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The lead's grade then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// What the score came from, the most important first.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// The address of the lead's page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Who has the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// What in the playbook it comes from: the id of a hand-off or an alert.
    pub playbook_id: String,
    /// What made it happen: `event:` and the event's id, `time`, `model` or `history`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// What a digest tells, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A lead goes to sales.
    HandOff,
    /// A due time is near.
    Reminder,
    /// A due time has passed.
    Escalation,
    /// Something that somebody wanted to be told of.
    Alert,
    /// A summary.
    Digest,
}

/// A rule and what it is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// Its points.
    pub points: f64,
}

/// Who has a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The short name.
    pub id: String,
    /// The name in full.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The task's id.
    pub id: String,
    /// In words.
    pub title: String,
    /// By when, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

impl Message {
    /// What is known of the lead, as names and values in the order in which people want them.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let owner = self.owner.as_ref().map(|owner| owner.name.clone());
        let task = self.task.as_ref();
        let facts = [
            ("Score", self.score.map(|score| score.to_string())),
            ("Tier", self.tier.clone()),
            ("Grade", self.grade.clone()),
            ("Lead", self.lead_id.clone()),
            ("Owner", owner),
            ("Task", task.map(|task| task.title.clone())),
            ("Due", task.and_then(|task| task.due.clone())),
        ];
        facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The address of the lead's page, if it is one of the web.
    pub(crate) fn web_link(&self) -> Option<&str> {
        let link = self.link.as_deref()?;
        let is_web = link.starts_with("https://") || link.starts_with("http://");
        (is_web && !link.contains(|c: char| c.is_control() || c.is_whitespace())).then_some(link)
    }
}

impl Reason {
    /// The rule with its points: `demo +60`.
    pub(crate) fn told(&self) -> String {
        format!("{} {:+}", self.rule, self.points)
    }
}

impl Kind {
    /// The name by which it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::HandOff => "hand_off",
            Self::Reminder => "reminder",
            Self::Escalation => "escalation",
            Self::Alert => "alert",
            Self::Digest => "digest",
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A message that says all that one may say, some of it hostile.
    pub(crate) fn full() -> Message {
        serde_json::from_value(json!({
            "id": "m1", "kind": "hand_off", "at": "2026-03-01T00:00:00Z", "title": "Ada <ada> is ready",
            "text": "Call <!channel> today", "lead_id": "ada", "model": "small", "score": 61.5, "tier": "sql",
            "reasons": [{"rule": "demo", "points": 60}, {"rule": "free-mail", "points": -8.5}],
            "link": "https://kelvin.example/leads/ada", "playbook_id": "sales",
            "owner": {"id": "bob", "name": "Bob", "email": "bob@acme.example"},
            "task": {"id": "t1", "title": "Call Ada", "due": "2026-03-02T10:00:00Z"},
        }))
        .expect("a message")
    }

    #[test]
    fn a_message_needs_no_more_than_it_says() {
        let least = json!({
            "id": "m1", "kind": "hand_off", "at": "2026-03-01T00:00:00Z", "title": "Ada is ready", "playbook_id": "sales",
        });
        let message: Message = serde_json::from_value(least).expect("a message");
        assert_eq!((message.kind, message.reasons.len(), message.score), (Kind::HandOff, 0, None));
        let written = serde_json::to_value(&message).expect("JSON");
        assert_eq!(serde_json::from_value::<Message>(written.clone()).expect("a message"), message);
        assert_eq!(written["kind"], message.kind.name());
        assert_eq!(written.get("lead_id"), None);
    }
}
