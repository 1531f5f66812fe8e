-- What happened, in the order of arrival. The truth: all else follows from it. Texts are in the order of their bytes.
CREATE TABLE events (
    seq bigint PRIMARY KEY,
    id text COLLATE "C",
    id_hash bigint,
    profile text COLLATE "C" NOT NULL,
    time bigint NOT NULL,
    received bigint NOT NULL,
    call text NOT NULL,
    body text NOT NULL
);
CREATE INDEX events_by_id ON events (id_hash) WHERE id_hash IS NOT NULL;
CREATE INDEX events_by_profile ON events (profile, seq);

-- Every write of an attribute; a value that is NULL takes the attribute away.
CREATE TABLE attributes (
    kind text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    time bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    value text,
    PRIMARY KEY (kind, owner, key, time, id)
);

-- The names under which models hold something of leads, each with the seal under which that is made.
CREATE TABLE models (
    model text COLLATE "C" PRIMARY KEY,
    seal text NOT NULL
);

-- What a model holds of a lead: what it remembers, when its score is to be computed again, what it last gave. Without a
-- score, the model does not apply. A tier that is empty is none.
CREATE TABLE holdings (
    model text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    due bigint,
    score bigint,
    tier text COLLATE "C" NOT NULL,
    grade text,
    until bigint,
    at bigint NOT NULL,
    PRIMARY KEY (model, lead)
);
CREATE INDEX holdings_due ON holdings (due, model, lead) WHERE due IS NOT NULL;
CREATE INDEX holdings_ranked ON holdings (model, score DESC, lead) WHERE score IS NOT NULL;
CREATE INDEX holdings_ranked_in_tier ON holdings (model, tier, score DESC, lead) WHERE score IS NOT NULL;

-- What came and could not be used.
CREATE TABLE rejected (
    seq bigint PRIMARY KEY,
    received bigint NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    body text NOT NULL
);
