//! A checked playbook as data: what to do on which change, every name resolved.

use kelvin_kernel::{
    Duration, Micropoints,
    expr::{Condition, Expr},
    plan::Schema,
};

use super::{
    experiment::Experiment,
    hours::{BusinessTime, Calendar},
    setting::Setting,
    template::Template,
};

/// A checked playbook.
#[derive(Debug, Clone)]
pub struct Playbook {
    /// Business hours and the time zone.
    pub calendar: Calendar,
    /// The fields that its conditions read, each with its slot.
    pub schema: Schema,
    /// Who takes over leads, in the file's order.
    pub owners: Vec<Owner>,
    /// Where messages go, in the file's order.
    pub targets: Vec<Target>,
    /// When leads go to sales.
    pub hand_offs: Vec<HandOff>,
    /// What else somebody is told of.
    pub alerts: Vec<Alert>,
    /// Which models try to do better than others.
    pub experiments: Vec<Experiment>,
    /// What events tell of what became of leads.
    pub outcomes: Vec<Outcome>,
}

/// The place of an owner in [`Playbook::owners`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnerId(pub usize);

/// The place of a target in [`Playbook::targets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetId(pub usize);

/// Who takes over leads.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The short name.
    pub id: String,
    /// The name in full.
    pub name: String,
    /// The e-mail address.
    pub email: Setting,
    /// The share in a round robin, at least 1.
    pub weight: u32,
    /// The most hand-offs in a week.
    pub capacity: Option<u32>,
    /// The territory: which leads the owner takes.
    pub condition: Option<Condition>,
}

/// Where messages go.
#[derive(Debug, Clone)]
pub struct Target {
    /// The short name.
    pub id: String,
    /// What it is.
    pub kind: TargetKind,
}

/// The kinds of targets.
#[derive(Debug, Clone)]
pub enum TargetKind {
    /// A Slack incoming webhook.
    Slack(Setting),
    /// An e-mail address.
    Mail(Setting),
    /// A webhook, signed where there is a secret.
    Webhook {
        /// Its address.
        url: Setting,
        /// What requests are signed with.
        secret: Option<Setting>,
    },
    /// The server's log.
    Log,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// The lead's owner.
    Owner,
    /// A target.
    Target(TargetId),
}

/// When a lead goes to sales, to whom, and what is due then.
#[derive(Debug, Clone)]
pub struct HandOff {
    /// Its id.
    pub id: String,
    /// The model whose scores are looked at; the only one if absent.
    pub model: Option<String>,
    /// The tier entered: this or one above it.
    pub tier: String,
    /// Which leads.
    pub condition: Option<Condition>,
    /// What a lead must fall below before it is handed off again; out of the tier if absent.
    pub leave: Option<Leave>,
    /// How long after a hand-off there is no other of the lead.
    pub again_after: Option<Duration>,
    /// How long after sales gave a lead back it can be handed off again, wherever its score is.
    pub recycle_after: Option<Duration>,
    /// To whom: the first step that finds somebody. At least one.
    pub assign: Vec<Assign>,
    /// What the owner has to do.
    pub task: Option<Task>,
    /// How fast the owner has to act.
    pub sla: Option<Sla>,
    /// Who is told.
    pub notify: Vec<Recipient>,
    /// What the message says first.
    pub text: Option<Template>,
}

/// What a lead must fall below.
#[derive(Debug, Clone, PartialEq)]
pub enum Leave {
    /// A score.
    Score(Micropoints),
    /// A tier.
    Tier(String),
}

/// A step of an assignment.
#[derive(Debug, Clone)]
pub struct Assign {
    /// Which leads; all if absent.
    pub condition: Option<Condition>,
    /// To whom.
    pub to: Assignee,
}

/// Whom a step looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// Who owns the lead's account already.
    AccountOwner,
    /// An owner.
    Owner(OwnerId),
    /// One after the other, by weights. At least one.
    RoundRobin(Vec<OwnerId>),
}

/// What an owner has to do.
#[derive(Debug, Clone)]
pub struct Task {
    /// In words.
    pub title: Template,
    /// By when.
    pub due: Option<BusinessTime>,
}

/// How fast an owner has to act. With at least one time, that of the task included.
#[derive(Debug, Clone)]
pub struct Sla {
    /// Until the lead is accepted.
    pub accept: Option<BusinessTime>,
    /// Until the lead is contacted.
    pub contact: Option<BusinessTime>,
    /// How long before each due time the owner is reminded.
    pub remind: Option<Duration>,
    /// Who is told once a due time has passed.
    pub escalate: Vec<Recipient>,
}

/// Something that somebody is told of.
#[derive(Debug, Clone)]
pub struct Alert {
    /// Its id.
    pub id: String,
    /// The model whose scores are looked at; the only one if absent.
    pub model: Option<String>,
    /// What it is about.
    pub kind: AlertKind,
    /// Who is told. At least one.
    pub notify: Vec<Recipient>,
    /// What the message says first.
    pub text: Option<Template>,
}

/// What an alert is about.
#[derive(Debug, Clone)]
pub enum AlertKind {
    /// The score rose.
    Rise {
        /// By how much at least.
        points: Micropoints,
        /// In how long.
        within: Duration,
        /// Only leads in this tier or above.
        tier: Option<String>,
    },
    /// An event came.
    Event {
        /// Its name is one of these.
        names: Vec<String>,
        /// The condition that it meets.
        condition: Option<Condition>,
        /// Only leads in this tier or above.
        tier: Option<String>,
    },
    /// A lead is about to fall out of a tier.
    Cooling {
        /// How long before.
        within: Duration,
        /// The tier.
        tier: String,
    },
    /// A lead entered a tier, or one above it.
    Tier {
        /// The tier.
        tier: String,
    },
    /// A summary at a time.
    Digest {
        /// The day of the week, from Monday as 0; every day if absent.
        weekday: Option<u8>,
        /// Minutes after midnight.
        minute: u16,
    },
}

/// That an event tells what became of a lead.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its id.
    pub id: String,
    /// What became of the lead: `opportunity`, `won`, `lost`, or a kind of the author's.
    pub kind: String,
    /// The event's name is one of these.
    pub names: Vec<String>,
    /// The condition that the event meets.
    pub condition: Option<Condition>,
    /// What the outcome is worth.
    pub value: Option<Expr>,
    /// In which currency.
    pub currency: Option<Expr>,
    /// Why it came to this.
    pub reason: Option<Expr>,
    /// The deal that it is about, as others call it.
    pub deal: Option<Expr>,
}
