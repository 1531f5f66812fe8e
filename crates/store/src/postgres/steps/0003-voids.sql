-- Events that do not count. They stay in the log.

-- Why some events do not count: somebody said so, or a rule found them.
CREATE TABLE voids (
    void bigint PRIMARY KEY,
    at bigint NOT NULL,
    cause text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    asked text NOT NULL
);
CREATE INDEX voids_by_cause ON voids (cause, void);

-- The events of each void. One that is lifted counts, as far as this void goes.
CREATE TABLE voided (
    seq bigint NOT NULL,
    void bigint NOT NULL,
    lifted boolean NOT NULL DEFAULT false,
    PRIMARY KEY (seq, void)
);
CREATE INDEX voided_by_void ON voided (void, lifted, seq);

-- What happened to mails that were sent: machines are known by what they click, and how soon.
CREATE TABLE mails (
    profile text COLLATE "C" NOT NULL,
    mail text COLLATE "C" NOT NULL,
    time bigint NOT NULL,
    seq bigint NOT NULL,
    link text,
    links bigint,
    PRIMARY KEY (profile, mail, time, seq)
);
