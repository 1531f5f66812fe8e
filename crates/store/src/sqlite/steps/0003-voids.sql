-- Events that do not count. They stay in the log.

-- Why some events do not count: somebody said so, or a rule found them.
CREATE TABLE voids (
    void INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    cause TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked TEXT NOT NULL
) STRICT;

-- The events of each void. One that is lifted counts, as far as this void goes.
CREATE TABLE voided (
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL,
    lifted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (seq, void)
) STRICT, WITHOUT ROWID;
CREATE INDEX voided_by_void ON voided (void, lifted, seq);

-- What happened to mails that were sent: machines are known by what they click, and how soon.
CREATE TABLE mails (
    profile TEXT NOT NULL,
    mail TEXT NOT NULL,
    time INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    link TEXT,
    links INTEGER,
    PRIMARY KEY (profile, mail, time, seq)
) STRICT, WITHOUT ROWID;
