-- Each time that a lead's tier changed, and why. A tier that is empty is none. It outlives scores, which are forgotten and
-- made again when a model changes: a lead that was in a tier before does not enter it then.
CREATE TABLE tier_changes (
    seq bigint PRIMARY KEY,
    model text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    before text COLLATE "C" NOT NULL,
    after text COLLATE "C" NOT NULL,
    cause text COLLATE "C" NOT NULL
);
CREATE INDEX tier_changes_by_lead ON tier_changes (lead, model, seq);

-- What is remembered of a lead for a hand-off or an alert.
CREATE TABLE notes (
    lead text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    PRIMARY KEY (lead, rule)
);

-- The hand-offs and alerts that have been in force, since when.
CREATE TABLE known_rules (
    rule text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (rule, model)
);

-- What is to be done at a time.
CREATE TABLE timers (
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (kind, subject, name)
);
CREATE INDEX timers_by_time ON timers (at);

-- Leads that went to sales. Messages are known by their places, so that none is ever given twice.
CREATE TABLE hand_offs (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hand_off text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    account text COLLATE "C",
    owner text COLLATE "C",
    at bigint NOT NULL,
    score bigint NOT NULL,
    tier text COLLATE "C"
);
CREATE INDEX hand_offs_by_lead ON hand_offs (lead, seq);
CREATE INDEX hand_offs_by_owner ON hand_offs (owner, at) WHERE owner IS NOT NULL;
CREATE INDEX hand_offs_by_account ON hand_offs (account, seq) WHERE account IS NOT NULL AND owner IS NOT NULL;

-- How many hand-offs each owner got by a step of an assignment.
CREATE TABLE turns (
    hand_off text COLLATE "C" NOT NULL,
    step text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (hand_off, step, owner)
);

-- What is to be done about them, one task for each hand-off. An owner that is empty is nobody.
CREATE TABLE tasks (
    id bigint PRIMARY KEY,
    hand_off text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    opened bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    reason text COLLATE "C",
    accept_due bigint,
    accept_reached bigint,
    accept_breached bigint,
    contact_due bigint,
    contact_reached bigint,
    contact_breached bigint,
    close_due bigint,
    close_reached bigint,
    close_breached bigint
);
CREATE INDEX tasks_by_owner ON tasks (owner, state, id);
CREATE INDEX tasks_by_state ON tasks (state, id);
CREATE INDEX tasks_by_lead ON tasks (lead, id);

-- Alerts that came.
CREATE TABLE alerts (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    score bigint NOT NULL,
    tier text COLLATE "C",
    event text COLLATE "C"
);
