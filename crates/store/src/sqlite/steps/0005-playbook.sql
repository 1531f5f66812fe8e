-- Each time that a lead's tier changed, and why. A tier that is empty is none. It outlives scores, which are forgotten and
-- made again when a model changes: a lead that was in a tier before does not enter it then.
CREATE TABLE tier_changes (
    seq INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    lead TEXT NOT NULL,
    at INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    cause TEXT NOT NULL
) STRICT;
CREATE INDEX tier_changes_by_lead ON tier_changes (lead, model, seq);

-- What is remembered of a lead for a hand-off or an alert.
CREATE TABLE notes (
    lead TEXT NOT NULL,
    rule TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (lead, rule)
) STRICT, WITHOUT ROWID;

-- The hand-offs and alerts that have been in force, since when.
CREATE TABLE known_rules (
    rule TEXT NOT NULL,
    model TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (rule, model)
) STRICT, WITHOUT ROWID;

-- What is to be done at a time.
CREATE TABLE timers (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, subject, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_by_time ON timers (at);

-- Leads that went to sales. Messages are known by their places, so that none is ever given twice.
CREATE TABLE hand_offs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    hand_off TEXT NOT NULL,
    model TEXT NOT NULL,
    lead TEXT NOT NULL,
    account TEXT,
    owner TEXT,
    at INTEGER NOT NULL,
    score INTEGER NOT NULL,
    tier TEXT
) STRICT;
CREATE INDEX hand_offs_by_lead ON hand_offs (lead, seq);
CREATE INDEX hand_offs_by_owner ON hand_offs (owner, at) WHERE owner IS NOT NULL;
CREATE INDEX hand_offs_by_account ON hand_offs (account, seq) WHERE account IS NOT NULL AND owner IS NOT NULL;

-- How many hand-offs each owner got by a step of an assignment.
CREATE TABLE turns (
    hand_off TEXT NOT NULL,
    step TEXT NOT NULL,
    owner TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (hand_off, step, owner)
) STRICT, WITHOUT ROWID;

-- What is to be done about them, one task for each hand-off. An owner that is empty is nobody.
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    hand_off TEXT NOT NULL,
    model TEXT NOT NULL,
    lead TEXT NOT NULL,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    opened INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    accept_due INTEGER,
    accept_reached INTEGER,
    accept_breached INTEGER,
    contact_due INTEGER,
    contact_reached INTEGER,
    contact_breached INTEGER,
    close_due INTEGER,
    close_reached INTEGER,
    close_breached INTEGER
) STRICT;
CREATE INDEX tasks_by_owner ON tasks (owner, state, id);
CREATE INDEX tasks_by_state ON tasks (state, id);
CREATE INDEX tasks_by_lead ON tasks (lead, id);

-- Alerts that came.
CREATE TABLE alerts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    alert TEXT NOT NULL,
    model TEXT NOT NULL,
    lead TEXT NOT NULL,
    at INTEGER NOT NULL,
    score INTEGER NOT NULL,
    tier TEXT,
    event TEXT
) STRICT;
