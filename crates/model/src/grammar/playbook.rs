//! The table of the keys of playbooks.

use super::{Document, Key, Keys, MOST_POINTS, Rest, Section, Takes, form, key, required};

/// A playbook file.
pub static PLAYBOOKS: Document = Document {
    name: "playbook",
    schema_title: "Kelvin playbook",
    about: "What happens when scores change: hand-offs to sales, alerts; and what became of leads. Version 1 of the language.",
    root: &PLAYBOOK,
    sections: &[
        &PLAYBOOK,
        &OWNER,
        &SLACK,
        &MAIL,
        &WEBHOOK,
        &LOG,
        &HAND_OFF,
        &ASSIGN_TO,
        &ROUND_ROBIN,
        &TASK,
        &SLA,
        &RISE,
        &SEEN,
        &COOLING,
        &DIGEST,
        &REACHED,
        &EXPERIMENT,
        &OUTCOME,
    ],
};

/// The whole file.
pub static PLAYBOOK: Section = Section {
    title: "a playbook",
    name: "playbook",
    example: "{playbook: 1, time_zone: Europe/Berlin, owners: …, targets: …, hand_offs: …}",
    keys: &[
        required("playbook", Takes::Version, "The version of this language.", "1"),
        required(
            "time_zone",
            Takes::Form(&form::ZONE),
            "Whose clocks `hours`, `holidays`, `at` and weeks go by.",
            "Europe/Berlin",
        ),
        key(
            "hours",
            Takes::Map(&HOURS),
            "Business hours, by days; due times count only these.",
            "{mon-thu: \"09:00-17:30\", fri: [\"09:00-12:00\", \"13:00-15:00\"]}",
        ),
        key(
            "holidays",
            Takes::List(&Takes::Form(&form::DATE)),
            "Days without business hours.",
            "[2026-12-25, 2027-01-01]",
        ),
        key(
            "owners",
            Takes::Map(&OWNERS),
            "Who takes over leads, by a short name.",
            "{ada: {name: Ada Lovelace, email: ada@acme.example}}",
        ),
        key(
            "targets",
            Takes::Map(&TARGETS),
            "Where messages go, by a short name.",
            "{sales-channel: {slack: \"${SLACK_WEBHOOK_URL}\"}}",
        ),
        key(
            "hand_offs",
            Takes::List(&Takes::Section(&HAND_OFF)),
            "When a lead goes to sales, to whom, and what is due then.",
            "[{id: sales, tier: sql, assign: ada, task: {title: 'Call {lead.name}', due: 4h}}]",
        ),
        key(
            "alerts",
            Takes::List(&Takes::Either(ALERTS)),
            "What else somebody is told of.",
            "[{id: heating, score_up: 20, within: 1d, notify: sales-channel}]",
        ),
        key(
            "experiments",
            Takes::List(&Takes::Section(&EXPERIMENT)),
            "Which models try to do better than the one that the rest speaks of.",
            "[{id: demos, champion: acquisition, challengers: {acquisition-b: 20}}]",
        ),
        key(
            "outcomes",
            Takes::List(&Takes::Section(&OUTCOME)),
            "What events tell of what became of leads.",
            "[{id: closed, kind: won, event: Deal Won, value: event.amount, currency: EUR}]",
        ),
    ],
    rest: None,
};

static HOURS: Rest = Rest { keys: Keys::Days, takes: &Takes::OneOrMore(&Takes::Form(&form::HOURS)) };

static SHARES: Rest = Rest { keys: Keys::Id("a model's id"), takes: &Takes::Whole(1) };

static OWNERS: Rest = Rest { keys: Keys::Id("an owner's name"), takes: &Takes::Section(&OWNER) };

static TARGETS: Rest = Rest { keys: Keys::Id("a target's name"), takes: &Takes::Either(TARGET_FORMS) };

static OWNER: Section = Section {
    title: "an owner",
    name: "owner",
    example: "{name: Ada Lovelace, email: ada@acme.example}",
    keys: &[
        key("name", Takes::Name, "The name in full; the short name if absent.", "Ada Lovelace"),
        required("email", Takes::Form(&form::EMAIL), "Where `notify: owner` goes.", "ada@acme.example"),
        key("weight", Takes::Whole(1), "The share in a round robin; 1 if absent.", "2"),
        key("capacity", Takes::Whole(1), "The most hand-offs in a week, from Monday on.", "20"),
        key(
            "if",
            Takes::Condition,
            "The territory: a condition on the leads that the owner takes.",
            "'lead.country in [\"DE\", \"AT\"]'",
        ),
    ],
    rest: None,
};

/// The forms of a target.
static TARGET_FORMS: &[Takes] =
    &[Takes::Section(&SLACK), Takes::Section(&MAIL), Takes::Section(&WEBHOOK), Takes::Section(&LOG)];

static SLACK: Section = Section {
    title: "a target",
    name: "target-slack",
    example: "{slack: \"${SLACK_WEBHOOK_URL}\"}",
    keys: &[required(
        "slack",
        Takes::Form(&form::URL),
        "The address of a Slack incoming webhook: a secret, so from the environment.",
        "\"${SLACK_WEBHOOK_URL}\"",
    )],
    rest: None,
};

static MAIL: Section = Section {
    title: "a target",
    name: "target-mail",
    example: "{mail: sales@acme.example}",
    keys: &[required("mail", Takes::Form(&form::EMAIL), "An e-mail address.", "sales@acme.example")],
    rest: None,
};

static WEBHOOK: Section = Section {
    title: "a target",
    name: "target-webhook",
    example: "{webhook: https://crm.acme.example/hooks/kelvin, secret: \"${CRM_HOOK_SECRET}\"}",
    keys: &[
        required(
            "webhook",
            Takes::Form(&form::URL),
            "Where requests go.",
            "https://crm.acme.example/hooks/kelvin",
        ),
        key(
            "secret",
            Takes::Form(&form::SECRET),
            "What requests are signed with, from the environment.",
            "\"${CRM_HOOK_SECRET}\"",
        ),
    ],
    rest: None,
};

static LOG: Section = Section {
    title: "a target",
    name: "target-log",
    example: "{log: true}",
    keys: &[required("log", Takes::True, "Into the server's log.", "true")],
    rest: None,
};

static HAND_OFF: Section = Section {
    title: "a hand-off",
    name: "hand-off",
    example: "{id: sales, tier: sql, assign: ada}",
    keys: &[
        ID,
        MODEL,
        required("tier", Takes::Name, "The tier that a lead enters: this or one above it.", "sql"),
        key("if", Takes::Condition, "A condition on the lead.", "'lead.country == \"DE\"'"),
        key(
            "leave",
            Takes::Score,
            "The score, or the tier, below which a lead must fall before it is handed off again.",
            "60",
        ),
        key(
            "again_after",
            Takes::Duration,
            "How long after a hand-off there is no other of the lead.",
            "90d",
        ),
        key(
            "recycle_after",
            Takes::Duration,
            "How long after sales gave a lead back it can be handed off again.",
            "30d",
        ),
        required(
            "assign",
            Takes::OneOrMore(&Takes::Either(ASSIGNMENTS)),
            "To whom: the first of these that finds somebody.",
            "[account_owner, {if: 'lead.employees > 1000', to: ada}, {round_robin: [ada, bob]}]",
        ),
        key(
            "task",
            Takes::Section(&TASK),
            "What the owner has to do.",
            "{title: 'Call {lead.name}', due: 4h}",
        ),
        key(
            "sla",
            Takes::Section(&SLA),
            "How fast the owner has to act, and who is told otherwise.",
            "{accept: 1h, contact: 1d, remind: 30m, escalate: sales-channel}",
        ),
        NOTIFY_ALSO,
        TEXT,
    ],
    rest: None,
};

/// The forms of one step of an assignment.
static ASSIGNMENTS: &[Takes] = &[Takes::Owner, Takes::Section(&ASSIGN_TO), Takes::Section(&ROUND_ROBIN)];

static ASSIGN_TO: Section = Section {
    title: "`assign`",
    name: "assign-to",
    example: "{if: 'lead.employees > 1000', to: ada}",
    keys: &[ASSIGN_IF, required("to", Takes::Owner, "An owner, or `account_owner`.", "ada")],
    rest: None,
};

static ROUND_ROBIN: Section = Section {
    title: "`assign`",
    name: "assign-round-robin",
    example: "{round_robin: [ada, bob]}",
    keys: &[
        ASSIGN_IF,
        required(
            "round_robin",
            Takes::List(&Takes::Name),
            "One owner after the other, by their weights.",
            "[ada, bob]",
        ),
    ],
    rest: None,
};

static TASK: Section = Section {
    title: "`task`",
    name: "task",
    example: "{title: 'Call {lead.name}', due: 4h}",
    keys: &[
        required("title", Takes::Form(&form::TEXT), "What to do.", "'Call {lead.name} about {lead.plan}'"),
        key("due", Takes::Duration, "By when: so much business time after the hand-off.", "4h"),
    ],
    rest: None,
};

static SLA: Section = Section {
    title: "`sla`",
    name: "sla",
    example: "{accept: 1h, contact: 1d, remind: 30m, escalate: sales-channel}",
    keys: &[
        key("accept", Takes::Duration, "The business time in which the owner accepts the lead.", "1h"),
        key("contact", Takes::Duration, "The business time in which the owner contacts the lead.", "1d"),
        key("remind", Takes::Duration, "How long before each of these the owner is reminded.", "30m"),
        key("escalate", Takes::OneOrMore(&Takes::Name), "Who is told once one has passed.", "sales-channel"),
    ],
    rest: None,
};

/// The forms of an alert.
static ALERTS: &[Takes] = &[
    Takes::Section(&RISE),
    Takes::Section(&SEEN),
    Takes::Section(&COOLING),
    Takes::Section(&DIGEST),
    Takes::Section(&REACHED),
];

static RISE: Section = Section {
    title: "an alert",
    name: "alert-rise",
    example: "{id: heating, score_up: 20, within: 1d, notify: sales-channel}",
    keys: &[
        ID,
        MODEL,
        required("score_up", Takes::Number(0.0, MOST_POINTS), "By how much the score rose.", "20"),
        required("within", Takes::Duration, "In how long.", "1d"),
        ALERT_TIER,
        NOTIFY,
        TEXT,
    ],
    rest: None,
};

static SEEN: Section = Section {
    title: "an alert",
    name: "alert-event",
    example: "{id: pricing, event: page, tier: mql, notify: owner}",
    keys: &[
        ID,
        MODEL,
        required("event", Takes::Events, "The events: a name or a list of names, exact match.", "page"),
        key("if", Takes::Condition, "A condition on the event.", "event.path.startsWith(\"/pricing\")"),
        ALERT_TIER,
        NOTIFY,
        TEXT,
    ],
    rest: None,
};

static COOLING: Section = Section {
    title: "an alert",
    name: "alert-cooling",
    example: "{id: cooling, cools_within: 3d, tier: sql, notify: owner}",
    keys: &[
        ID,
        MODEL,
        required(
            "cools_within",
            Takes::Duration,
            "How long before a lead falls out of the tier, if nothing happens.",
            "3d",
        ),
        required("tier", Takes::Name, "The tier that it falls out of.", "sql"),
        NOTIFY,
        TEXT,
    ],
    rest: None,
};

static DIGEST: Section = Section {
    title: "an alert",
    name: "alert-digest",
    example: "{id: monday, digest: weekly, on: mon, at: \"08:00\", notify: owner}",
    keys: &[
        ID,
        MODEL,
        required("digest", Takes::Choice(&["daily", "weekly"]), "A summary, and how often.", "weekly"),
        key("on", Takes::Choice(super::WEEKDAYS), "The day of a weekly digest.", "mon"),
        required("at", Takes::Form(&form::TIME), "The time of day.", "\"08:00\""),
        NOTIFY,
    ],
    rest: None,
};

static REACHED: Section = Section {
    title: "an alert",
    name: "alert-tier",
    example: "{id: qualified, tier: mql, notify: inbox}",
    keys: &[
        ID,
        MODEL,
        required("tier", Takes::Name, "The tier that a lead enters: this or one above it.", "mql"),
        NOTIFY,
        TEXT,
    ],
    rest: None,
};

static EXPERIMENT: Section = Section {
    title: "an experiment",
    name: "experiment",
    example: "{id: demos, champion: acquisition, challengers: {acquisition-b: 20}}",
    keys: &[
        required("id", Takes::Id("an id"), "Names it, and deals out leads: a new id deals anew.", "demos"),
        required("champion", Takes::Name, "The model that hand-offs and alerts speak of.", "acquisition"),
        key(
            "challengers",
            Takes::Map(&SHARES),
            "Models that stand in for it, each for so many of a hundred leads.",
            "{acquisition-b: 20}",
        ),
        key(
            "shadow",
            Takes::OneOrMore(&Takes::Name),
            "Models that are compared with it, and that nothing follows from.",
            "acquisition-c",
        ),
    ],
    rest: None,
};

static OUTCOME: Section = Section {
    title: "an outcome",
    name: "outcome",
    example: "{id: closed, kind: won, event: Deal Won, value: event.amount, currency: EUR}",
    keys: &[
        required(
            "id",
            Takes::Id("an id"),
            "Names it beside what it finds; no two outcomes share one.",
            "closed",
        ),
        required(
            "kind",
            Takes::Id("a kind"),
            "What became of the lead: `opportunity`, `won`, `lost`, or a kind of your own.",
            "won",
        ),
        required("event", Takes::Events, "The events: a name or a list of names, exact match.", "Deal Won"),
        key("if", Takes::Condition, "A condition on the event.", "event.stage == \"Closed Won\""),
        key(
            "value",
            Takes::Points,
            "What it is worth: a number, or an expression that yields one, be it as text.",
            "event.amount",
        ),
        key(
            "currency",
            Takes::Expression,
            "In which currency: a code, or an expression that yields one.",
            "EUR",
        ),
        key("reason", Takes::Expression, "Why it came to this, as of a loss.", "event.loss_reason"),
        key("deal", Takes::Expression, "The deal that it is about, as the CRM calls it.", "event.deal_id"),
    ],
    rest: None,
};

const ID: Key =
    required("id", Takes::Id("an id"), "Names it in tasks and messages; no two share one.", "sales");
const MODEL: Key = key(
    "model",
    Takes::Name,
    "The id of the model whose scores are looked at; needless where there is one.",
    "acquisition",
);
const ALERT_TIER: Key = key("tier", Takes::Name, "Only leads in this tier or one above it.", "mql");
const NOTIFY: Key = required(
    "notify",
    Takes::OneOrMore(&Takes::Name),
    "Who is told: targets, and `owner` for the lead's owner.",
    "[sales-channel, owner]",
);
const NOTIFY_ALSO: Key = Key { required: false, ..NOTIFY };
const TEXT: Key = key(
    "text",
    Takes::Form(&form::TEXT),
    "What the message says first.",
    "'{lead.name} is at {score}: {reasons}'",
);
const ASSIGN_IF: Key =
    key("if", Takes::Condition, "Only leads that meet this condition.", "lead.employees > 1000");
