-- What is to be sent, in order per lane and target. Only the first pending message of each has a time at which it is due.
CREATE TABLE outbox (
    seq bigint PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    lane text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    at bigint NOT NULL,
    state text COLLATE "C" NOT NULL DEFAULT 'pending',
    due bigint,
    attempts bigint NOT NULL DEFAULT 0,
    error text,
    settled bigint
);
CREATE INDEX outbox_lanes ON outbox (target, lane, seq) WHERE state = 'pending';
CREATE INDEX outbox_due ON outbox (target, due, seq) WHERE due IS NOT NULL;
CREATE INDEX outbox_states ON outbox (state, seq);
