-- What became of leads, as somebody told it. The lead is the id that was named: whose it is follows from what is known of ids.
CREATE TABLE outcomes (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    lead text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    time bigint NOT NULL,
    value_millionths bigint,
    currency text COLLATE "C",
    reason text COLLATE "C",
    deal text COLLATE "C",
    source text COLLATE "C"
);
CREATE INDEX outcomes_by_lead ON outcomes (lead);
