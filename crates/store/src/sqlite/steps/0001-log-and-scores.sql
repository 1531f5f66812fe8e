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

-- The ids of all events ever, by their hashes: of two events with one id, the first counts.
CREATE TABLE event_ids (
    hash INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (hash, seq)
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

-- The names under which models hold something of leads, each with the seal under which that is made.
CREATE TABLE models (
    model TEXT PRIMARY KEY,
    seal TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a model holds of a lead: what it remembers, when its score is to be computed again, what it last gave. Without a
-- score, the model does not apply. A tier that is empty is none.
CREATE TABLE holdings (
    model TEXT NOT NULL,
    lead TEXT NOT NULL,
    state BLOB NOT NULL,
    due INTEGER,
    score INTEGER,
    tier TEXT NOT NULL,
    grade TEXT,
    until INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (model, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX holdings_due ON holdings (due) WHERE due IS NOT NULL;
CREATE INDEX holdings_ranked ON holdings (model, tier, score DESC, lead) WHERE score IS NOT NULL;

-- The holdings that changed of late, as they changed: appending costs little, and the table above gets each once, in its
-- order. Without a state, the model holds nothing of the lead any more.
CREATE TABLE recent_holdings (
    seq INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    lead TEXT NOT NULL,
    state BLOB,
    due INTEGER,
    score INTEGER,
    tier TEXT,
    grade TEXT,
    until INTEGER,
    at INTEGER
) STRICT;

-- How far the log has got into tables that follow it from behind: `leads` and `event_ids`.
CREATE TABLE settled (
    name TEXT PRIMARY KEY,
    upto INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What came and could not be used.
CREATE TABLE rejected (
    seq INTEGER PRIMARY KEY,
    received INTEGER NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
