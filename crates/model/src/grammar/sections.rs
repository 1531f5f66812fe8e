//! The table of the keys of models.

use super::{Document, Key, Keys, MOST_POINTS, Rest, Section, Takes, key, required};

/// A model file.
pub static MODELS: Document = Document {
    name: "model",
    schema_title: "Kelvin model",
    about: "A lead scoring model, version 1 of the language.",
    root: &MODEL,
    sections: SECTIONS,
};

static SECTIONS: &[&Section] = &[
    &MODEL,
    &DIMENSION,
    &RULE,
    &ACCOUNT_RULE,
    &STEP,
    &LIMIT,
    &HALF_LIFE,
    &LINEAR,
    &EXPIRE,
    &STEPS,
    &LOSE,
    &GRADES,
    &TIER,
    &ACCOUNTS,
    &COMBINE,
    &ACCOUNT_TIER,
];

/// The whole file.
pub static MODEL: Section = Section {
    title: "a model",
    name: "model",
    example: "{kelvin: 1, model: saas-new-business, dimensions: …}",
    keys: &[
        required("kelvin", Takes::Version, "The version of this language.", "1"),
        required(
            "model",
            Takes::Id("a model's id"),
            "The model's id: lower case, digits and `-`.",
            "saas-new-business",
        ),
        key("title", Takes::Name, "A title for people.", "New business, SaaS"),
        key("kind", Takes::Choice(MODEL_KINDS), "What the model is for.", "acquisition"),
        key(
            "applies",
            Takes::Condition,
            "Leads that do not meet this condition get no score from the model.",
            "'lead.region != \"test\"'",
        ),
        key("range", Takes::Range, "Clamps the whole score.", "[0, 100]"),
        key("lists", Takes::Map(&LISTS), "Named lists, `lists.name` in conditions.", "{served: [US, NO]}"),
        required(
            "dimensions",
            Takes::Map(&DIMENSIONS),
            "The parts of the score, each with its rules.",
            "{fit: {rules: [{id: in-europe, if: 'lead.region == \"EU\"', points: 10}]}}",
        ),
        key(
            "grades",
            Takes::Section(&GRADES),
            "Letters for one dimension: the highest bound reached; below all, `F`.",
            "{of: fit, A: 40, B: 25, C: 10}",
        ),
        key(
            "tiers",
            Takes::List(&Takes::Section(&TIER)),
            "Named ranges of the score, lowest first.",
            "[{name: mql, from: 50}, {name: sql, from: 75, needs: {fit: 20}}]",
        ),
        key(
            "accounts",
            Takes::Section(&ACCOUNTS),
            "How the scores of an account's leads become one.",
            "{combine: {top: 3}}",
        ),
    ],
    rest: None,
};

const MODEL_KINDS: &[&str] = &["acquisition", "upsell", "cross-sell", "re-engagement", "advocacy"];

static LISTS: Rest = Rest { keys: Keys::Identifier("a list's name"), takes: &Takes::Literals };

static DIMENSIONS: Rest = Rest { keys: Keys::Name("a dimension's name"), takes: &Takes::Section(&DIMENSION) };

/// A dimension: of rules, or of what a trained model foretells.
pub(crate) static DIMENSION: Section = Section {
    title: "a dimension",
    name: "dimension",
    example: "{range: [0, 100], rules: […]}",
    keys: &[
        key(
            "predict",
            Takes::Name,
            "A trained model in place of rules: a file that `kelvin train --out` wrote.",
            "model.kelvin.json",
        ),
        key("points", Takes::Range, "The points of a probability of 0, and of 1.", "[0, 100]"),
        key("range", Takes::Range, "Clamps the sum of the dimension's rules.", "[-100, 50]"),
        key("weight", POINTS, "What the clamped sum counts for in the score; 1 if absent.", "0.5"),
        key(
            "rules",
            Takes::List(&Takes::Section(&RULE)),
            "What gives or takes points.",
            "[{id: demo, event: Demo Requested, points: 30}]",
        ),
    ],
    rest: None,
};

/// A rule of a dimension.
pub static RULE: Section = Section {
    title: "a rule",
    name: "rule",
    example: "{id: pricing-page, event: page, points: 15}",
    keys: &[
        ID, INACTIVE, VALUE, EVENT, SEQUENCE, IF, UNLESS, DISTINCT, TIMES, WITHIN, LIMIT_KEY, BANDS, TABLE,
        ELSE, POINTS_KEY, DISQUALIFY, EVERY, DECAY, CAP,
    ],
    rest: None,
};

/// A rule of an account.
pub static ACCOUNT_RULE: Section = Section {
    title: "a rule of `accounts`",
    name: "account-rule",
    example: "{id: committee, event: page, people: 3, points: 40}",
    keys: &[
        ID, INACTIVE, VALUE, EVENT, SEQUENCE, IF, UNLESS, DISTINCT, TIMES, PEOPLE, WITHIN, LIMIT_KEY, BANDS,
        TABLE, ELSE, POINTS_KEY, DISQUALIFY, EVERY, DECAY, CAP,
    ],
    rest: None,
};

const ID: Key =
    required("id", Takes::Name, "Names the rule in reasons; no two rules share one.", "pricing-page");
const IF: Key = key(
    "if",
    Takes::Condition,
    "A condition in CEL: on the event where the rule has `event`, on the lead otherwise.",
    "event.path.startsWith(\"/pricing\")",
);
const VALUE: Key = key(
    "value",
    Takes::Expression,
    "A value of the lead that `bands` or `table` turn into points.",
    "lead.employees",
);
const BANDS: Key = key(
    "bands",
    Takes::Map(&Rest { keys: Keys::Number, takes: &POINTS }),
    "Points of the highest band that starts at or below the value, or the number of events.",
    "{1: 0, 50: 5, 500: 15}",
);
const TABLE: Key = key(
    "table",
    Takes::Map(&Rest { keys: Keys::Literal, takes: &POINTS }),
    "Points by exact value.",
    "{Software: 10, Finance: 15}",
);
const ELSE: Key = key("else", POINTS, "Points of a value that the `table` does not list.", "-5");
const EVENT: Key = key(
    "event",
    Takes::Events,
    "The events that the rule looks at: a name or a list of names, exact match.",
    "[Asset Downloaded, Webinar Attended]",
);
const DISTINCT: Key = key(
    "distinct",
    Takes::Expression,
    "Of the events that have the same value here, only the first counts.",
    "event.asset",
);
const TIMES: Key = key("times", Takes::Whole(1), "So many events make one award.", "3");
const PEOPLE: Key = key("people", Takes::Whole(1), "Events of so many leads make one award.", "3");
const SEQUENCE: Key = key(
    "sequence",
    Takes::List(&A_STEP),
    "Events that come one after another, others between them or not.",
    "[{event: Webinar Attended}, {event: Demo Requested}]",
);
const UNLESS: Key = key(
    "unless",
    Takes::Section(&STEP),
    "What must not follow the event `within` the window.",
    "{event: Project Created}",
);
const INACTIVE: Key = key("inactive", Takes::Duration, "How long no event came for the rule to hold.", "90d");
const WITHIN: Key = key(
    "within",
    Takes::Duration,
    "The window of `times`, `people`, `sequence`, `unless`, or of `bands` that count events.",
    "14d",
);
const LIMIT_KEY: Key = key(
    "limit",
    Takes::Either(LIMITS),
    "How many awards the rule makes: over a lead's whole life, or per duration.",
    "{times: 3, per: 30d}",
);
const POINTS_KEY: Key =
    key("points", Takes::Points, "What the rule is worth: a number, or a CEL expression.", "15");
const DISQUALIFY: Key =
    key("disqualify", Takes::True, "Disqualifies the lead, in place of `points`.", "true");
const DECAY: Key =
    key("decay", Takes::Either(DECAYS), "How an award loses its worth as it ages.", "{half_life: 14d}");
const EVERY: Key =
    key("every", Takes::Duration, "Grants the points of `inactive` once more each time this passes.", "30d");
const CAP: Key =
    key("cap", Takes::Number(0.0, MOST_POINTS), "The most that the rule is worth, up or down.", "45");

/// The forms of `limit`.
static LIMITS: &[Takes] = &[Takes::Whole(0), Takes::Section(&LIMIT)];

/// The forms of `decay`.
static DECAYS: &[Takes] = &[
    Takes::Section(&HALF_LIFE),
    Takes::Section(&LINEAR),
    Takes::Section(&EXPIRE),
    Takes::Section(&STEPS),
    Takes::Section(&LOSE),
];

/// The forms of `combine`.
static COMBINATIONS: &[Takes] = &[Takes::Choice(&["max", "mean", "sum"]), Takes::Section(&COMBINE)];

static A_STEP: Takes = Takes::Section(&STEP);

static STEP: Section = Section {
    title: "a step",
    name: "step",
    example: "{event: page}",
    keys: &[
        required("event", Takes::Events, "The events: a name or a list of names, exact match.", "page"),
        key("if", Takes::Condition, "A condition on the event.", "event.path.startsWith(\"/pricing\")"),
    ],
    rest: None,
};

static LIMIT: Section = Section {
    title: "`limit`",
    name: "limit",
    example: "{times: 3, per: 30d}",
    keys: &[
        required("times", Takes::Whole(0), "How many awards.", "3"),
        required("per", Takes::Duration, "Counted over so long before each hit.", "30d"),
    ],
    rest: None,
};

static HALF_LIFE: Section = Section {
    title: "`decay`",
    name: "decay-half-life",
    example: "{half_life: 14d}",
    keys: &[required("half_life", Takes::Duration, "An award halves each time this passes.", "14d")],
    rest: None,
};

static LINEAR: Section = Section {
    title: "`decay`",
    name: "decay-linear",
    example: "{linear: 60d}",
    keys: &[required("linear", Takes::Duration, "An award shrinks evenly to nothing over this.", "60d")],
    rest: None,
};

static EXPIRE: Section = Section {
    title: "`decay`",
    name: "decay-expire",
    example: "{expire: 90d}",
    keys: &[required("expire", Takes::Duration, "An award counts in full for this long, then not.", "90d")],
    rest: None,
};

static STEPS: Section = Section {
    title: "`decay`",
    name: "decay-steps",
    example: "{steps: {7d: 0.75, 30d: 0.5, 90d: 0}}",
    keys: &[required(
        "steps",
        Takes::Map(&Rest { keys: Keys::Duration, takes: &Takes::Number(0.0, 1.0) }),
        "The share that an award is worth from each age on; 1 before the first.",
        "{7d: 0.75, 30d: 0.5, 90d: 0}",
    )],
    rest: None,
};

static LOSE: Section = Section {
    title: "`decay`",
    name: "decay-lose",
    example: "{lose: 0.25, every: 30d}",
    keys: &[
        required("lose", Takes::Number(0.0, 1.0), "The share that an award loses each time.", "0.25"),
        required("every", Takes::Duration, "How often it loses that.", "30d"),
    ],
    rest: None,
};

static GRADES: Section = Section {
    title: "`grades`",
    name: "grades",
    example: "{of: fit, A: 40, B: 25, C: 10}",
    keys: &[required("of", Takes::Name, "The dimension that is graded.", "fit")],
    rest: Some(Rest { keys: Keys::Name("a grade"), takes: &POINTS }),
};

static TIER: Section = Section {
    title: "a tier",
    name: "tier",
    example: "{name: mql, from: 50}",
    keys: &[
        required("name", Takes::Name, "The tier's name.", "mql"),
        required("from", POINTS, "The least score.", "50"),
        key("needs", Takes::Map(&NEEDS), "The least values of some dimensions.", "{fit: 20}"),
    ],
    rest: None,
};

static NEEDS: Rest = Rest { keys: Keys::Name("a dimension's name"), takes: &POINTS };

static ACCOUNTS: Section = Section {
    title: "`accounts`",
    name: "accounts",
    example: "{combine: {top: 3}}",
    keys: &[
        key(
            "key",
            Takes::Expression,
            "The account of a lead that has no `account_id`; free-mail domains give none.",
            "emailDomain(lead.email)",
        ),
        required("combine", Takes::Either(COMBINATIONS), "How the members' scores become one.", "{top: 3}"),
        key("range", Takes::Range, "Clamps the account's score.", "[0, 300]"),
        key(
            "rules",
            Takes::List(&Takes::Section(&ACCOUNT_RULE)),
            "Rules over the events of all members.",
            "[{id: committee, event: Report Downloaded, people: 3, within: 30d, points: 40}]",
        ),
        key(
            "tiers",
            Takes::List(&Takes::Section(&ACCOUNT_TIER)),
            "Named ranges of the account's score, lowest first.",
            "[{name: target, from: 120}]",
        ),
    ],
    rest: None,
};

static COMBINE: Section = Section {
    title: "`combine`",
    name: "combine",
    example: "{top: 3}",
    keys: &[required("top", Takes::Whole(1), "The sum of the best so many member scores.", "3")],
    rest: None,
};

static ACCOUNT_TIER: Section = Section {
    title: "a tier of `accounts`",
    name: "account-tier",
    example: "{name: target, from: 120}",
    keys: &[
        required("name", Takes::Name, "The tier's name.", "target"),
        required("from", POINTS, "The least score.", "120"),
    ],
    rest: None,
};

/// Any number that a model can speak of.
const POINTS: Takes = Takes::Number(-MOST_POINTS, MOST_POINTS);
