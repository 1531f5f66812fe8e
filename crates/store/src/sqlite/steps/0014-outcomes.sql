-- What became of leads, as somebody told it. The lead is the id that was named: whose it is follows from what is known of ids.
CREATE TABLE outcomes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    lead TEXT NOT NULL,
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,
    value_millionths INTEGER,
    currency TEXT,
    reason TEXT,
    deal TEXT,
    source TEXT
) STRICT;
CREATE INDEX outcomes_by_lead ON outcomes (lead);
