-- What is to be sent, in order per lane and target. Only the first pending message of each has a time at which it is due.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    target TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    due INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    settled INTEGER
) STRICT;
CREATE INDEX outbox_lanes ON outbox (target, lane, seq) WHERE state = 'pending';
CREATE INDEX outbox_due ON outbox (target, due, seq) WHERE due IS NOT NULL;
CREATE INDEX outbox_states ON outbox (state, seq);
