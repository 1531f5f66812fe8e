-- What happened, in the order of arrival. The truth: all else follows from it. Each event knows the one of its lead
-- before it: an index by lead would be written all over the place.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    before INTEGER,
    id TEXT,
    lead TEXT NOT NULL,
    time INTEGER NOT NULL,
    received INTEGER NOT NULL,
    call TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- The last event of each lead.
CREATE TABLE leads (
    lead TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The ids of all events ever: of two events with one id, the first counts.
CREATE TABLE event_ids (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every write of an attribute; a value that is NULL takes the attribute away.
CREATE TABLE attributes (
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    time INTEGER NOT NULL,
    id TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY (kind, owner, key, time, id)
) STRICT, WITHOUT ROWID;

-- The models whose states and scores are complete.
CREATE TABLE models (
    model TEXT PRIMARY KEY,
    seal TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a model remembers of a lead, and when its score is to be computed again.
CREATE TABLE states (
    model TEXT NOT NULL,
    lead TEXT NOT NULL,
    due INTEGER,
    state BLOB NOT NULL,
    PRIMARY KEY (model, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX states_due ON states (due) WHERE due IS NOT NULL;

-- What a model last gave a lead. A tier that is empty is none.
CREATE TABLE scores (
    model TEXT NOT NULL,
    lead TEXT NOT NULL,
    score INTEGER NOT NULL,
    tier TEXT NOT NULL,
    grade TEXT,
    until INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (model, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX scores_by_score ON scores (model, score DESC, lead);
CREATE INDEX scores_by_tier ON scores (model, tier, score DESC, lead);

-- What came and could not be used.
CREATE TABLE rejected (
    seq INTEGER PRIMARY KEY,
    received INTEGER NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
